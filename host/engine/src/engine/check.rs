//! Guards, judge, at most one repair: `judge.md`, step by step.

use super::inspection::Inspection;
use crate::{
    decision::{Finding, Reason, ReasonCode, Repaired, Verdict},
    event::{Body, Event},
    generation::Generation,
    json::{Object, Value},
    judge::{Call, Evaluation, Explanation, Facts, Findings, Flows, Request, Subject},
    text,
    tools::ToolProfile,
};

/// What becomes of an event.
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
    pub(super) findings: Vec<Finding>,
    pub(super) repaired: Option<Repaired>,
    pub(super) explanations: Explanations,
}

/// Whether the judge's evaluations are to be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Explain {
    Yes,
    No,
}

/// Why the judge said what it said, as far as it was asked and is to be explained.
#[derive(Default)]
pub(super) struct Explanations {
    /// Of the original.
    pub(super) original: Option<Explanation>,
    /// Of what was left of it after a repair, whether or not that went on.
    pub(super) repaired: Option<Explanation>,
}

/// Judges an event, and once more what is left of it after a repair.
pub(super) async fn check(generation: &Generation, event: &Event, explain: Explain) -> Outcome {
    let mut explanations = Explanations::default();
    let (inspection, first) = match judged(generation, event, explain).await {
        Ok((inspection, evaluation, explanation)) => {
            explanations.original = explanation;
            (inspection, evaluation)
        }
        Err((reasons, findings)) => {
            return Outcome { verdict: Verdict::Deny, reasons, findings, repaired: None, explanations };
        }
    };
    let Inspection { findings, mut skipped, .. } = inspection;
    match repaired(generation, event, &first, &findings, &mut skipped, explain, &mut explanations).await {
        Ok(repaired) => {
            let reasons = [first.reasons(), skipped].concat();
            Outcome { verdict: first.verdict(), reasons, findings, repaired, explanations }
        }
        Err(reasons) => Outcome { verdict: Verdict::Deny, reasons, findings, repaired: None, explanations },
    }
}

/// What stands in for the original, if a policy asks for a repair; or why the event is denied for the want of one. Guards
/// that were skipped on what is left are added to `skipped`, why the judge says of it what it says to `explanations`.
async fn repaired(
    generation: &Generation,
    event: &Event,
    first: &Evaluation,
    findings: &[Finding],
    skipped: &mut Vec<Reason>,
    explain: Explain,
    explanations: &mut Explanations,
) -> Result<Option<Repaired>, Vec<Reason>> {
    // Empty too where the verdict is deny: a repair never rescues one.
    let categories = first.redact();
    if categories.is_empty() {
        return Ok(None);
    }
    let selected: Vec<&Finding> = findings.iter().filter(|finding| categories.contains(&finding.category)).collect();
    if selected.is_empty() {
        let message = "a policy asks for a repair, and nothing was found that could be repaired";
        return Err(vec![cannot_redact(message.to_owned())]);
    }
    let left = text::repair(event, &selected).map_err(|error| vec![cannot_redact(error.to_string())])?;
    // What is left is inspected whole, not only the parts that changed: it finds no less, and a guard that looks at
    // the item as a whole gets to see the item that goes on.
    let (again, second, explanation) = judged(generation, &left, explain).await.map_err(|(reasons, _)| reasons)?;
    explanations.repaired = explanation;
    for reason in again.skipped {
        if !skipped.contains(&reason) {
            skipped.push(reason);
        }
    }
    first.after_repair(&second)?;
    Ok(Repaired::of(&left))
}

/// The guards' and the judge's part in one evaluation; or why it ends before the judge, and what was found till then.
async fn judged(
    generation: &Generation,
    event: &Event,
    explain: Explain,
) -> Result<(Inspection, Evaluation, Option<Explanation>), (Vec<Reason>, Vec<Finding>)> {
    let parts = text::parts(event).map_err(|error| {
        let message = error.to_string();
        (vec![Reason { code: ReasonCode::TooLarge, policy: None, guard: None, message }], Vec::new())
    })?;
    let inspection = Inspection::of(generation, event, &parts).await;
    if !inspection.failed.is_empty() {
        return Err((inspection.failed, inspection.findings));
    }
    let facts = Facts::new(Findings::tally(&inspection.findings), inspection.coverage, flows(&event.body));
    let profile = event.tool().map_or_else(ToolProfile::unknown, |tool| generation.profile(tool));
    let request = Request {
        agent: &event.agent,
        user: event.user.as_ref(),
        subject: subject(&event.body, profile),
        facts: &facts,
    };
    let evaluation = generation.judge().evaluate(&request);
    let explanation = (explain == Explain::Yes).then(|| generation.judge().explain(&request));
    Ok((inspection, evaluation, explanation))
}

/// What is judged: who does what to what.
fn subject(body: &Body, profile: ToolProfile) -> Subject<'_> {
    match body {
        Body::Input { source, .. } => Subject::Input(*source),
        Body::ToolDefinition { tool, .. } => Subject::Definition(tool, profile, None),
        Body::ToolCall { tool, .. } => Subject::Call(Call { tool, profile, typed: None }),
        Body::ToolResult { tool, .. } => Subject::Result(tool, profile),
        Body::Output { .. } => Subject::Output,
        Body::Note(note) => Subject::Note(note),
    }
}

/// Where a call's arguments come from. Nothing computes that yet, so every leaf counts as ungrounded, in every role.
fn flows(body: &Body) -> Flows {
    match body {
        Body::ToolCall { arguments, .. } if has_leaf(arguments) => Flows::ungrounded(),
        _ => Flows::EMPTY,
    }
}

fn has_leaf(arguments: &Object) -> bool {
    fn is_or_has(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().any(is_or_has),
            Value::Object(members) => has_leaf(members),
            _ => true,
        }
    }
    arguments.values().any(is_or_has)
}

fn cannot_redact(message: String) -> Reason {
    Reason { code: ReasonCode::CannotRedact, policy: None, guard: None, message }
}

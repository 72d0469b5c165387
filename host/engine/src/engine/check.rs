//! Guards, judge, at most one repair: `judge.md`, step by step.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    about,
    basis::{Basis, Spent},
    flows::{self, CallFlows},
    inspection::Inspection,
    panel::Panel,
    tool::MetTool,
};
use crate::{
    decision::{Finding, Reason, ReasonCode, Repaired, Verdict},
    event::{Body, Event},
    generation::Generation,
    guard::{About, Asked},
    json::Object,
    judge::{Call, Evaluation, Explanation, Facts, Findings, Flow, Flows, Request, Subject, TypedCall, TypedTool},
    text::{self, Found},
    tools::{Registry, ToolProfile},
};

/// Why a repair that a policy asks for cannot be made: there is nothing to repair.
pub(super) const NOTHING_TO_REPAIR: &str = "a policy asks for a repair, and nothing was found that could be repaired";

/// What becomes of an event.
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
    pub(super) findings: Vec<Finding>,
    pub(super) repaired: Option<Repaired>,
    /// The tool that it is about, unless that is refused.
    pub(super) tool: Option<MetTool>,
    pub(super) explanations: Explanations,
    /// What it rests on.
    pub(super) basis: Basis,
}

impl Outcome {
    /// Denied for these reasons, before anybody was asked.
    pub(super) fn denied(reasons: Vec<Reason>) -> Self {
        Self {
            verdict: Verdict::Deny,
            reasons,
            findings: Vec::new(),
            repaired: None,
            tool: None,
            explanations: Explanations::default(),
            basis: Basis::default(),
        }
    }

    /// The same, but denied.
    pub(super) fn refused(self) -> Self {
        Self { verdict: Verdict::Deny, repaired: None, ..self }
    }
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
pub(super) async fn check(generation: &Generation, registry: &Registry, event: &Event, explain: Explain) -> Outcome {
    let mut outcome = Outcome::denied(Vec::new());
    match MetTool::of(generation, registry, event) {
        Ok(tool) => outcome.tool = tool,
        Err(reason) => return Outcome::denied(vec![reason]),
    }
    let case = Case { generation, tool: outcome.tool.as_ref(), explain };
    let Judged { inspection, facts, evaluation, spent, explanation } = match case.judged(event, None).await {
        Ok(judged) => judged,
        Err(Unjudged { reasons, findings, spent }) => {
            outcome.basis.took(spent);
            return Outcome { reasons, findings, ..outcome };
        }
    };
    outcome.explanations.original = explanation;
    let Inspection { findings, mut skipped, spent: by_guards, .. } = inspection;
    let basis = &mut outcome.basis;
    basis.took(by_guards);
    basis.judge += spent;
    let left = &mut outcome.explanations.repaired;
    let repaired = case.repaired(event, &evaluation, &findings, &mut skipped, left, basis).await;
    let (verdict, why, repaired) = match repaired {
        Ok(repaired) => (evaluation.verdict(), evaluation.reasons(), repaired),
        Err(reasons) => (Verdict::Deny, reasons, None),
    };
    basis.original = Some((facts, evaluation));
    let (findings, decoded) = findings.into_iter().map(|found| (found.finding, found.decoded)).unzip();
    basis.decoded = decoded;
    Outcome { verdict, reasons: [why, skipped].concat(), findings, repaired, ..outcome }
}

/// What an event is judged by.
struct Case<'c> {
    generation: &'c Generation,
    tool: Option<&'c MetTool>,
    explain: Explain,
}

/// The guards' and the judge's part in one evaluation.
struct Judged {
    inspection: Inspection,
    facts: Facts,
    evaluation: Evaluation,
    /// What the judge took.
    spent: Duration,
    /// Why, if it is to be explained.
    explanation: Option<Explanation>,
}

/// Why an evaluation ends before the judge, and what was found and spent till then.
struct Unjudged {
    reasons: Vec<Reason>,
    findings: Vec<Finding>,
    spent: Spent,
}

impl Case<'_> {
    /// What stands in for the original, if a policy asks for a repair; or why the event is denied for the want of one.
    /// Guards that were skipped on what is left are added to `skipped`, why the judge says of it what it says is put into
    /// `explanation`, what that rests on into `basis`.
    async fn repaired(
        &self,
        event: &Event,
        first: &Evaluation,
        findings: &[Found],
        skipped: &mut Vec<Reason>,
        explanation: &mut Option<Explanation>,
        basis: &mut Basis,
    ) -> Result<Option<Repaired>, Vec<Reason>> {
        // Empty too where the verdict is deny: a repair never rescues one.
        let categories = first.redact();
        if categories.is_empty() {
            return Ok(None);
        }
        let selected: Vec<&Found> =
            findings.iter().filter(|found| categories.contains(&found.finding.category)).collect();
        if selected.is_empty() {
            return Err(vec![cannot_redact(NOTHING_TO_REPAIR)]);
        }
        let left = text::repair_found(event, &selected).map_err(|error| vec![cannot_redact(error.to_string())])?;
        self.still_fits(event, &left).map_err(|reason| vec![reason])?;
        // What is left is inspected whole, not only the parts that changed: it finds no less, and a guard that looks at
        // the item as a whole gets to see the item that goes on.
        let again = self.judged(&left, Some(event)).await;
        let repaired = Repaired::of(&left);
        basis.left = Some(left);
        let again = match again {
            Ok(again) => again,
            Err(Unjudged { reasons, spent, .. }) => {
                basis.took(spent);
                return Err(reasons);
            }
        };
        let Judged { inspection, facts, evaluation, spent, explanation: why } = again;
        *explanation = why;
        basis.took(inspection.spent);
        basis.judge += spent;
        Reason::add_new(skipped, inspection.skipped);
        let may_go_on = first.after_repair(&evaluation);
        basis.repaired = Some((facts, evaluation, inspection.findings));
        may_go_on?;
        Ok(repaired)
    }

    /// One evaluation. `original` is the event before its repair.
    async fn judged(&self, event: &Event, original: Option<&Event>) -> Result<Judged, Unjudged> {
        let parts = text::parts(event).map_err(|error| Unjudged {
            reasons: vec![Reason::of(ReasonCode::TooLarge, error.to_string())],
            findings: Vec::new(),
            spent: Vec::new(),
        })?;
        let panel = Panel::of(self.generation, event);
        let about = match (&event.body, self.tool) {
            (Body::ToolCall { .. }, Some(tool)) if panel.inspects_calls() => about::of_call(event, tool),
            (Body::ToolResult { .. }, Some(tool)) => about::of_result(event, tool),
            _ => About::default(),
        };
        let asked = Asked { event, trusted: self.generation.trusts(&event.body), about: &about };
        let inspection = Inspection::of(panel, &asked, &parts).await;
        if !inspection.failed.is_empty() {
            return Err(Unjudged {
                reasons: [inspection.failed, inspection.skipped].concat(),
                findings: findings_of(inspection.findings),
                spent: inspection.spent,
            });
        }
        let started = Instant::now();
        let CallFlows { by_role, by_argument } = self.flows(event, original);
        let facts = Facts::new(
            Findings::tally(inspection.findings.iter().map(|found| &found.finding)),
            inspection.coverage,
            by_role,
        );
        let request = Request {
            agent: &event.agent,
            user: event.user.as_ref(),
            subject: self.subject(&event.body, &by_argument),
            facts: &facts,
        };
        let evaluation = self.generation.judge().evaluate(&request);
        let spent = started.elapsed();
        let explanation = (self.explain == Explain::Yes).then(|| self.generation.judge().explain(&request));
        Ok(Judged { inspection, facts, evaluation, spent, explanation })
    }

    /// What is judged: who does what to what.
    fn subject<'e>(&'e self, body: &'e Body, from: &'e BTreeMap<&'e str, Flow>) -> Subject<'e> {
        let typed = self.tool.and_then(|tool| tool.view.typed.as_deref());
        let profile = self.tool.map_or_else(ToolProfile::unknown, MetTool::profile);
        match body {
            Body::Input { source, .. } => Subject::Input(*source),
            Body::ToolDefinition { tool, .. } => Subject::Definition(tool, profile, typed),
            Body::ToolCall { tool, arguments, .. } => {
                let typed = typed.map(|tool| TypedCall { tool, arguments, from });
                Subject::Call(Call { tool, profile, typed })
            }
            Body::ToolResult { tool, .. } => Subject::Result(tool, profile),
            Body::Output { .. } => Subject::Output,
            Body::Note(note) => Subject::Note(note),
        }
    }

    /// Where a call's arguments come from.
    fn flows<'e>(&self, event: &'e Event, original: Option<&Event>) -> CallFlows<'e> {
        match (self.tool, arguments(event)) {
            (Some(tool), Some(found)) => {
                let read = tool.view.typed.as_deref().is_some_and(TypedTool::is_read);
                flows::flows(&tool.view.roles, found, tool.is_vouched_for(), original.and_then(arguments), read)
            }
            _ => CallFlows { by_role: Flows::EMPTY, by_argument: BTreeMap::new() },
        }
    }

    /// Whether what a repair wrote into a call's arguments is still what the tool's schema allows there.
    fn still_fits(&self, original: &Event, left: &Event) -> Result<(), Reason> {
        let definition = self.tool.and_then(MetTool::definition);
        let (Some(definition), Some(before), Some(after)) = (definition, arguments(original), arguments(left)) else {
            return Ok(());
        };
        match definition.arguments().unfit(before, after) {
            None => Ok(()),
            Some(path) => {
                Err(cannot_redact(format!("the tool's schema may not allow what a repair writes at `{path}`")))
            }
        }
    }
}

pub(super) fn findings_of(found: Vec<Found>) -> Vec<Finding> {
    found.into_iter().map(|found| found.finding).collect()
}

fn arguments(event: &Event) -> Option<&Object> {
    match &event.body {
        Body::ToolCall { arguments, .. } => Some(arguments),
        _ => None,
    }
}

pub(super) fn cannot_redact(message: impl Into<String>) -> Reason {
    Reason::of(ReasonCode::CannotRedact, message)
}

//! Guards, judge, at most one repair: `judge.md`, step by step.
//!
//! Guards are asked while nobody waits for the session; the judge is asked by [`Check::judge`] alone, at once, by what the
//! session is at that moment. Where it wants a repair that is not made yet, [`Check::repair`] makes it and has guards look
//! at what is left, and the judge is asked again.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use super::{
    about,
    basis::{Basis, Repair, Spent},
    flows::{self, CallFlows, LeafFlow, Reading},
    inspection::Inspection,
    moment::Moment,
    panel::Panel,
    tool::MetTool,
};
use crate::{
    decision::{Category, Finding, Reason, ReasonCode, Repaired, Verdict},
    event::{Body, Event},
    generation::Generation,
    guard::{About, Asked},
    json::Object,
    judge::{Evaluation, Explanation, Facts, Findings, Flow, Request, Subject, TypedTool},
    text::{self, Found},
    tools::ToolProfile,
};

/// Why a repair that a policy asks for cannot be made: there is nothing to repair.
pub(super) const NOTHING_TO_REPAIR: &str = "a policy asks for a repair, and nothing was found that could be repaired";

/// What becomes of an event.
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
    pub(super) findings: Vec<Finding>,
    pub(super) repaired: Option<Repaired>,
    /// What it rests on.
    pub(super) basis: Basis,
}

impl Outcome {
    /// Denied for these reasons, before anybody was asked.
    pub(super) fn denied(reasons: Vec<Reason>) -> Self {
        Self { verdict: Verdict::Deny, reasons, findings: Vec::new(), repaired: None, basis: Basis::default() }
    }

    /// The same, but denied.
    pub(super) fn refused(self) -> Self {
        Self { verdict: Verdict::Deny, repaired: None, ..self }
    }
}

/// Why the judge said what it said, as far as it was asked and is to be explained.
#[derive(Debug, Clone, Default)]
pub(super) struct Explanations {
    /// Where the values of the original come from.
    pub(super) flow: Vec<LeafFlow>,
    /// Of the original.
    pub(super) original: Option<Explanation>,
    /// Of what was left of it after a repair, whether or not that went on.
    pub(super) repaired: Option<Explanation>,
}

/// The check of one event: what guards saw in it, and in what a repair left of it.
pub(super) struct Check<'c> {
    generation: &'c Generation,
    event: &'c Event,
    tool: Option<&'c MetTool>,
    original: Result<Inspection, Unjudged>,
    /// What there is left after the repair of some categories.
    left: Option<(BTreeSet<Category>, Left)>,
    /// What guards took for repairs that were not wanted in the end.
    spent: Spent,
}

/// Why an evaluation ends before the judge, and what was found and spent till then.
struct Unjudged {
    reasons: Vec<Reason>,
    findings: Vec<Finding>,
    spent: Spent,
}

/// What a repair left.
enum Left {
    /// This, in which guards saw that.
    Event(Event, Inspection),
    /// This, on which a guard failed.
    Unjudged(Event, Vec<Reason>),
    /// Nothing that could go on.
    Nothing(Vec<Reason>),
}

/// What the judge says of an event, by what its session is.
pub(super) enum Judged {
    /// That is all.
    Done(Box<Outcome>),
    /// Findings of these categories have to be repaired first.
    Wants(BTreeSet<Category>),
}

/// One evaluation.
struct Evaluated {
    facts: Facts,
    evaluation: Evaluation,
    /// Why, if that is to be explained, and where the values come from.
    explanation: Option<(Explanation, Vec<LeafFlow>)>,
}

impl<'c> Check<'c> {
    /// Asks the guards about an event. `tool`: the one that it is about.
    pub(super) async fn of(generation: &'c Generation, tool: Option<&'c MetTool>, event: &'c Event) -> Self {
        let original = inspected(generation, tool, event).await;
        Self { generation, event, tool, original, left: None, spent: Spent::new() }
    }

    /// The check of an event that is denied before any guard is asked.
    pub(super) fn denied(generation: &'c Generation, event: &'c Event, reason: Reason) -> Self {
        let original = Err(Unjudged { reasons: vec![reason], findings: Vec::new(), spent: Spent::new() });
        Self { generation, event, tool: None, original, left: None, spent: Spent::new() }
    }

    /// Judges the event by what its session is, and once more what is left of it after a repair.
    pub(super) fn judge(&self, moment: &Moment<'_>) -> Judged {
        let started = Instant::now();
        let mut basis = Basis::default();
        basis.took(&self.spent);
        let inspection = match &self.original {
            Ok(inspection) => inspection,
            Err(Unjudged { reasons, findings, spent }) => {
                basis.took(spent);
                let (reasons, findings) = (reasons.clone(), findings.clone());
                return Judged::Done(Box::new(Outcome { findings, basis, ..Outcome::denied(reasons) }));
            }
        };
        basis.took(&inspection.spent);
        let Evaluated { facts, evaluation, explanation } = self.evaluated(self.event, None, inspection, moment);
        if let Some((explanation, flow)) = explanation {
            basis.explanations = Explanations { flow, original: Some(explanation), repaired: None };
        }
        // Empty too where the verdict is deny: a repair never rescues one.
        let categories = evaluation.redact();
        let mut skipped = inspection.skipped.clone();
        let left = if categories.is_empty() {
            Ok(None)
        } else {
            match &self.left {
                Some((made, left)) if *made == categories => {
                    self.go_on(&evaluation, categories, left, moment, &mut skipped, &mut basis)
                }
                _ => return Judged::Wants(categories),
            }
        };
        let (verdict, why, repaired) = match left {
            Ok(repaired) => (evaluation.verdict(), evaluation.reasons(), repaired),
            Err(reasons) => (Verdict::Deny, reasons, None),
        };
        basis.original = Some((facts, evaluation));
        basis.judge = started.elapsed();
        let found = |found: &Found| (found.finding.clone(), found.decoded.clone());
        let (findings, decoded) = inspection.findings.iter().map(found).unzip();
        basis.decoded = decoded;
        Judged::Done(Box::new(Outcome { verdict, reasons: [why, skipped].concat(), findings, repaired, basis }))
    }

    /// What stands in for the original, or why the event is denied for the want of it. Guards that were skipped on what is
    /// left are added to `skipped`, what that rests on is put into `basis`.
    fn go_on(
        &self,
        first: &Evaluation,
        categories: BTreeSet<Category>,
        left: &Left,
        moment: &Moment<'_>,
        skipped: &mut Vec<Reason>,
        basis: &mut Basis,
    ) -> Result<Option<Repaired>, Vec<Reason>> {
        let (left, inspection) = match left {
            Left::Event(left, inspection) => (left, inspection),
            Left::Unjudged(left, reasons) => {
                basis.left = Some(left.clone());
                return Err(reasons.clone());
            }
            Left::Nothing(reasons) => return Err(reasons.clone()),
        };
        basis.left = Some(left.clone());
        basis.took(&inspection.spent);
        Reason::add_new(skipped, inspection.skipped.iter().cloned());
        let Evaluated { facts, evaluation, explanation } = self.evaluated(left, Some(self.event), inspection, moment);
        basis.explanations.repaired = explanation.map(|(explanation, _)| explanation);
        let may_go_on = first.after_repair(&evaluation);
        basis.repaired = Some(Repair { categories, found: inspection.findings.clone(), facts, evaluation });
        may_go_on?;
        Ok(Repaired::of(left))
    }

    /// Repairs what was found of these categories, and has guards look at what is left.
    pub(super) async fn repair(&mut self, categories: BTreeSet<Category>) {
        let left = self.repaired(&categories).await.unwrap_or_else(Left::Nothing);
        let before = self.left.replace((categories, left));
        if let Some((_, Left::Event(_, inspection))) = before {
            self.spent.extend(inspection.spent);
        }
    }

    async fn repaired(&mut self, categories: &BTreeSet<Category>) -> Result<Left, Vec<Reason>> {
        let findings = self.original.as_ref().map_or(&[][..], |inspection| &inspection.findings);
        let selected: Vec<&Found> =
            findings.iter().filter(|found| categories.contains(&found.finding.category)).collect();
        if selected.is_empty() {
            return Err(vec![cannot_redact(NOTHING_TO_REPAIR)]);
        }
        let left = text::repair_found(self.event, &selected).map_err(|error| vec![cannot_redact(error.to_string())])?;
        self.still_fits(&left).map_err(|reason| vec![reason])?;
        // What is left is inspected whole, not only the parts that changed: it finds no less, and a guard that looks at
        // the item as a whole gets to see the item that goes on.
        Ok(match inspected(self.generation, self.tool, &left).await {
            Ok(inspection) => Left::Event(left, inspection),
            Err(Unjudged { reasons, spent, .. }) => {
                self.spent.extend(spent);
                Left::Unjudged(left, reasons)
            }
        })
    }

    /// One evaluation. `original` is the event before its repair.
    fn evaluated(
        &self,
        event: &Event,
        original: Option<&Event>,
        inspection: &Inspection,
        moment: &Moment<'_>,
    ) -> Evaluated {
        let CallFlows { by_role, by_argument, leaves } = self.flows(event, original, moment);
        let facts = Facts::new(
            Findings::tally(inspection.findings.iter().map(|found| &found.finding)),
            inspection.coverage,
            by_role,
        );
        let facts = Facts { session: moment.session.clone(), ..facts };
        let request = self.request(event, &by_argument, &facts);
        let judge = self.generation.judge();
        let evaluation = judge.evaluate(&request);
        let explanation = moment.explain.then(|| (judge.explain(&request), leaves));
        Evaluated { facts, evaluation, explanation }
    }

    /// What the judge is asked.
    fn request<'r>(&'r self, event: &'r Event, from: &'r BTreeMap<&'r str, Flow>, facts: &'r Facts) -> Request<'r> {
        Request { agent: &event.agent, user: event.user.as_ref(), subject: self.subject(&event.body, from), facts }
    }

    /// What is judged: who does what to what.
    fn subject<'e>(&'e self, body: &'e Body, from: &'e BTreeMap<&'e str, Flow>) -> Subject<'e> {
        let typed = self.tool.and_then(|tool| tool.view.typed.as_deref());
        let profile = self.tool.map_or_else(ToolProfile::unknown, MetTool::profile);
        Subject::of(body, profile, typed, from)
    }

    /// Where the values of an event come from.
    fn flows<'e>(&self, event: &'e Event, original: Option<&Event>, moment: &Moment<'_>) -> CallFlows<'e> {
        let (Some(tool), Some(found)) = (self.tool, arguments(event)) else {
            return flows::flows_of_text(event, moment);
        };
        let reading = Reading {
            moment,
            vouched: tool.is_vouched_for(),
            original: original.and_then(arguments),
            by_argument: tool.view.typed.as_deref().is_some_and(TypedTool::is_read),
            is_asked_for: event.tool().is_none_or(|tool| moment.asks_for(tool)),
        };
        flows::flows(&tool.view.roles, found, reading)
    }

    /// Whether what a repair wrote into a call's arguments is still what the tool's schema allows there.
    fn still_fits(&self, left: &Event) -> Result<(), Reason> {
        let definition = self.tool.and_then(MetTool::definition);
        let (Some(definition), Some(before), Some(after)) = (definition, arguments(self.event), arguments(left)) else {
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

/// What guards see in an event.
async fn inspected(generation: &Generation, tool: Option<&MetTool>, event: &Event) -> Result<Inspection, Unjudged> {
    let parts = text::parts(event).map_err(|error| Unjudged {
        reasons: vec![Reason::of(ReasonCode::TooLarge, error.to_string())],
        findings: Vec::new(),
        spent: Vec::new(),
    })?;
    let panel = Panel::of(generation, event);
    let about = match (&event.body, tool) {
        (Body::ToolCall { .. }, Some(tool)) if panel.inspects_calls() => about::of_call(event, tool),
        (Body::ToolResult { .. }, Some(tool)) => about::of_result(event, tool),
        _ => About::default(),
    };
    let asked = Asked { event, trusted: generation.trusts(&event.body), about: &about };
    let inspection = Inspection::of(panel, &asked, &parts).await;
    if inspection.failed.is_empty() {
        return Ok(inspection);
    }
    Err(Unjudged {
        reasons: [inspection.failed, inspection.skipped].concat(),
        findings: findings_of(inspection.findings),
        spent: inspection.spent,
    })
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

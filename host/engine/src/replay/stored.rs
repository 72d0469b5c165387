//! [`Stored`]: decisions made anew from the facts that were stored with them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    NotReplayable, Recorded, Row, Ruling,
    fit::{self, FitTool, Typed},
};
use crate::{
    decision::{Category, Finding, Reason, ReasonCode, Verdict},
    engine::MAX_FINDINGS,
    event::{Body, Event, ToolName},
    generation::Generation,
    journal::Streamed,
    judge::{Facts, Findings, Request, Subject, TypedTool},
    tools::{Record, Shape, ToolProfile},
};

/// Tools that are kept ready. There are no policies on their actions; making one takes a parser.
const KEPT: usize = 4_096;

/// Makes decisions anew, by a bundle's policies, from stored facts.
#[derive(Debug)]
pub(super) struct Stored<'g> {
    generation: &'g Generation,
    /// Tools under a definition on which nothing depends.
    untouched: HashMap<ToolName, Arc<TypedTool>>,
}

impl<'g> Stored<'g> {
    pub(super) fn of(generation: &'g Generation) -> Self {
        Self { generation, untouched: HashMap::new() }
    }

    /// The decision beside what it would be.
    pub(super) fn row(&mut self, recorded: &Recorded) -> Row {
        recorded.row(self.ruling(recorded))
    }

    fn ruling(&mut self, recorded: &Recorded) -> Result<Ruling, NotReplayable> {
        if let Some(code) = recorded.denied_otherwise() {
            return Err(NotReplayable::NotJudged(code));
        }
        let facts = recorded.facts.as_ref().ok_or(NotReplayable::Unreadable)?;
        fit::guards(self.generation, recorded)?;
        let tool = recorded.hollow.tool().map(|tool| fit::tool(self.generation, recorded, tool)).transpose()?;
        let (profile, typed) = match tool {
            Some(FitTool { profile, typed }) => (profile, self.typed(&recorded.hollow, typed)?),
            None => (ToolProfile::unknown(), None),
        };
        let case = Case { generation: self.generation, event: &recorded.hollow, profile, typed: typed.as_deref() };
        case.ruling(recorded, facts)
    }

    fn typed(&mut self, event: &Event, typed: Typed) -> Result<Option<Arc<TypedTool>>, NotReplayable> {
        match (typed, &event.body) {
            (Typed::Yes(typed), _) => Ok(Some(typed)),
            (Typed::Somehow, Body::ToolCall { tool, .. }) => self.untouched(tool).map(Some),
            (Typed::Somehow | Typed::No, _) => Ok(None),
        }
    }

    /// The tool under any definition.
    fn untouched(&mut self, tool: &ToolName) -> Result<Arc<TypedTool>, NotReplayable> {
        if let Some(known) = self.untouched.get(tool) {
            return Ok(Arc::clone(known));
        }
        let any = Arc::new(Shape::Record(Record::default()));
        let made = self.generation.judge().type_tool(tool, &any).map_err(|_| NotReplayable::Definition)?;
        if self.untouched.len() == KEPT {
            self.untouched.clear();
        }
        self.untouched.insert(tool.clone(), Arc::clone(&made));
        Ok(made)
    }
}

/// What a decision is made by.
struct Case<'c> {
    generation: &'c Generation,
    event: &'c Event,
    profile: ToolProfile,
    typed: Option<&'c TypedTool>,
}

impl Case<'_> {
    /// The procedure of the engine, step by step, with facts instead of guards.
    fn ruling(&self, recorded: &Recorded, facts: &Facts) -> Result<Ruling, NotReplayable> {
        match recorded.streamed {
            None => self.of_whole(recorded, facts),
            Some(Streamed::Whole) => Ok(self.of_whole(recorded, facts)?.in_a_stream()),
            Some(Streamed::InPieces) => self.of_pieces(recorded, facts),
        }
    }

    /// A check's.
    fn of_whole(&self, recorded: &Recorded, facts: &Facts) -> Result<Ruling, NotReplayable> {
        let first = self.evaluate(facts);
        let categories = first.redact();
        if categories.is_empty() {
            return Ok(Ruling::new(first.verdict(), &first.reasons()));
        }
        let is_asked = |finding: &Finding| categories.contains(&finding.category);
        if !recorded.findings.iter().any(is_asked) {
            return Ok(Ruling::new(Verdict::Deny, &[cannot_redact()]));
        }
        // The same repair is one of the same findings.
        let is_the_same = |made: &BTreeSet<Category>| {
            recorded.findings.iter().all(|finding| is_asked(finding) == made.contains(&finding.category))
        };
        let left = recorded.repaired.as_ref().filter(|(made, _)| is_the_same(made));
        let (_, left) = left.ok_or(NotReplayable::Repair)?;
        Ok(match first.after_repair(&self.evaluate(left)) {
            Ok(()) => Ruling::new(first.verdict(), &first.reasons()),
            Err(reasons) => Ruling::new(Verdict::Deny, &reasons),
        })
    }

    /// A stream's: each finding is judged with those before it, and what was found last may be what ended it.
    fn of_pieces(&self, recorded: &Recorded, facts: &Facts) -> Result<Ruling, NotReplayable> {
        if recorded.findings.len() > MAX_FINDINGS {
            // No engine wrote that, and each is judged with all before it.
            return Err(NotReplayable::Unreadable);
        }
        let (mut verdict, mut reasons) = (Verdict::Allow, Vec::new());
        for known in 0..=recorded.findings.len() {
            let findings = Findings::tally(recorded.findings.iter().take(known));
            let evaluation = self.evaluate(&Facts { findings, ..facts.clone() });
            if evaluation.verdict() > Verdict::Modify {
                return Ok(Ruling::new(Verdict::Deny, &evaluation.reasons()));
            }
            let categories = evaluation.redact();
            if !categories.is_empty() {
                let is_asked = |finding: &Finding| categories.contains(&finding.category);
                let met = recorded.findings.get(..known).unwrap_or_default();
                return match met.split_last() {
                    Some((last, before)) if is_asked(last) && !before.iter().any(is_asked) => {
                        Err(NotReplayable::Repair)
                    }
                    // What went on already, or is not there.
                    _ => Ok(Ruling::new(Verdict::Deny, &[cannot_redact()])),
                };
            }
            verdict = verdict.max(evaluation.verdict());
            Reason::add_new(&mut reasons, evaluation.reasons());
        }
        if recorded.verdict == Verdict::Deny {
            return Err(NotReplayable::Streamed);
        }
        Ok(Ruling::new(verdict, &reasons))
    }

    fn evaluate(&self, facts: &Facts) -> crate::judge::Evaluation {
        let Event { agent, user, body, .. } = self.event;
        let from = BTreeMap::new();
        let subject = Subject::of(body, self.profile, self.typed, &from);
        self.generation.judge().evaluate(&Request { agent, user: user.as_ref(), subject, facts })
    }
}

fn cannot_redact() -> Reason {
    Reason::of(ReasonCode::CannotRedact, "what a policy asks for cannot be repaired")
}

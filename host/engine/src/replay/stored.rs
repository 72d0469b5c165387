//! [`Stored`]: decisions made anew from the facts that were stored with them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, LazyLock},
};

use super::{
    NotReplayable, Recorded, Row, Ruling,
    fit::{self, FitTool, Typed},
};
use crate::{
    decision::{Category, Reason, ReasonCode, Verdict},
    event::{Body, Event, ToolName},
    generation::Generation,
    json::Object,
    judge::{Call, Facts, Request, Subject, TypedCall, TypedTool},
    tools::{Record, Shape, ToolProfile},
};

/// Tools that are kept ready. There are no policies on their actions; making one takes a parser.
const KEPT: usize = 4_096;

/// The arguments of a call whose arguments no policy reads.
static UNREAD: LazyLock<Object> = LazyLock::new(Object::new);

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
        let new = self.ruling(recorded).and_then(|new| {
            if may_be_streamed(recorded, &new, self.generation) { Err(NotReplayable::Streamed) } else { Ok(new) }
        });
        recorded.row(new)
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
    /// The procedure of the engine's `check`, step by step, with facts instead of guards.
    fn ruling(&self, recorded: &Recorded, facts: &Facts) -> Result<Ruling, NotReplayable> {
        let first = self.evaluate(facts);
        let categories = first.redact();
        if categories.is_empty() {
            return Ok(Ruling::new(first.verdict(), &first.reasons()));
        }
        if !recorded.findings.iter().any(|finding| categories.contains(&finding.category)) {
            let nothing = Reason::of(ReasonCode::CannotRedact, "nothing was found that could be repaired");
            return Ok(Ruling::new(Verdict::Deny, &[nothing]));
        }
        let left = recorded.repaired.as_ref().filter(|_| self.repairs_the_same(recorded, &categories));
        let again = self.evaluate(left.ok_or(NotReplayable::Repair)?);
        Ok(match first.after_repair(&again) {
            Ok(()) => Ruling::new(first.verdict(), &first.reasons()),
            Err(reasons) => Ruling::new(Verdict::Deny, &reasons),
        })
    }

    /// Whether a repair of these categories, some findings of which there are, is certainly the repair that was made. A record
    /// does not say which that was: it is certain of the bundle that asked for it, and where there is only one category.
    fn repairs_the_same(&self, recorded: &Recorded, asked: &BTreeSet<Category>) -> bool {
        recorded.generation == self.generation.digest()
            || recorded.findings.iter().all(|finding| {
                asked.contains(&finding.category)
                    && recorded.findings.iter().all(|other| other.category == finding.category)
            })
    }

    fn evaluate(&self, facts: &Facts) -> crate::judge::Evaluation {
        let Event { agent, user, .. } = self.event;
        let from = BTreeMap::new();
        let (profile, typed) = (self.profile, self.typed);
        let subject = match &self.event.body {
            Body::Input { source, .. } => Subject::Input(*source),
            Body::ToolDefinition { tool, .. } => Subject::Definition(tool, profile, typed),
            Body::ToolCall { tool, .. } => {
                let typed = typed.map(|tool| TypedCall { tool, arguments: &UNREAD, from: &from });
                Subject::Call(Call { tool, profile, typed })
            }
            Body::ToolResult { tool, .. } => Subject::Result(tool, profile),
            Body::Output { .. } => Subject::Output,
            Body::Note(note) => Subject::Note(note),
        };
        self.generation.judge().evaluate(&Request { agent, user: user.as_ref(), subject, facts })
    }
}

/// Whether the difference may come from the event's having been a stream, which a record does not say: that is judged
/// piece by piece, and an escalation denies it, since it cannot wait.
fn may_be_streamed(recorded: &Recorded, new: &Ruling, generation: &Generation) -> bool {
    if recorded.hollow.body.plain_text().is_none() || recorded.verdict == new.verdict {
        return false;
    }
    let escalates = recorded.verdict == Verdict::Deny && new.verdict == Verdict::Escalate;
    recorded.generation == generation.digest() || escalates && recorded.ruling().reasons == new.reasons
}

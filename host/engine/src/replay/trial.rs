//! [`Trial`]: whole events, run through guards and judge.

use std::sync::Arc;

use super::{NotReplayable, Recorded, Row, Ruling};
use crate::{
    decision::{Decision, ReasonCode},
    engine::Engine,
    event::{Body, Event},
    generation::Generation,
};

/// Runs whole events through a bundle's guards and judge, and through another's to compare. Each has an engine of its own
/// without a journal, so that nothing is recorded and what they learn of sessions and tools is dropped with it.
#[derive(Debug)]
pub struct Trial {
    new: Engine,
    old: Option<Engine>,
}

impl Trial {
    /// Runs events through one bundle.
    #[must_use]
    pub fn of(new: Arc<Generation>) -> Self {
        Self { new: Engine::of(new), old: None }
    }

    /// The same, compared with what `old` makes of them.
    #[must_use]
    pub fn against(self, old: Arc<Generation>) -> Self {
        Self { old: Some(Engine::of(old)), ..self }
    }

    /// Runs the event that is the `n`th of a transcript.
    pub async fn check(&self, n: u64, event: &Event) -> Row {
        let new = self.new.check(event).await;
        let old = match &self.old {
            Some(old) => Some(Ruling::from(&old.check(event).await)),
            None => None,
        };
        Row {
            n,
            time: None,
            session: event.session.clone(),
            checkpoint: event.checkpoint(),
            tool: event.tool().cloned(),
            old,
            new: Ok(Ruling::from(&new)),
        }
    }

    /// Runs the event of a record, compared with what was recorded. Events are to come in their order: what a session was told
    /// of a tool holds for what follows in it.
    pub async fn check_recorded(&self, recorded: &Recorded, event: &Event) -> Row {
        if !is_of(recorded, event) {
            return recorded.row(Err(NotReplayable::Unreadable));
        }
        let decision = self.new.check(event).await;
        let new = match recorded.denied_otherwise() {
            // What an operator, the session or the disk said is above every bundle.
            Some(
                code @ (ReasonCode::Stopped
                | ReasonCode::JournalFailed
                | ReasonCode::SessionErased
                | ReasonCode::SessionRefused),
            ) => Err(NotReplayable::NotJudged(code)),
            _ if lacks_definition(recorded, &decision) => Err(NotReplayable::Definition),
            _ => Ok(Ruling::from(&decision)),
        };
        Row { old: Some(Ruling::new(recorded.verdict, &recorded.reasons)), ..recorded.row(new) }
    }
}

/// Whether the tool's definition is another than it was, since the event that brought it was not at hand.
fn lacks_definition(recorded: &Recorded, decision: &Decision) -> bool {
    recorded.definition.is_some()
        && decision.definition != recorded.definition
        && !decision.reasons.iter().any(|reason| reason.code == ReasonCode::DefinitionRefused)
}

/// Whether that is the record's event, as far as the record says what that was.
fn is_of(recorded: &Recorded, event: &Event) -> bool {
    let hollow = &recorded.hollow;
    let of_body = match (&hollow.body, &event.body) {
        (Body::Input { source, .. }, Body::Input { source: other, .. }) => source == other,
        (Body::Note(note), Body::Note(other)) => note.kind() == other.kind(),
        _ => true,
    };
    of_body
        && hollow.checkpoint() == event.checkpoint()
        && (&hollow.agent, &hollow.session, &hollow.user, &hollow.parent)
            == (&event.agent, &event.session, &event.user, &event.parent)
        && hollow.tool() == event.tool()
        && hollow.call() == event.call()
}

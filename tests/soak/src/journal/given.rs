//! [`Given`]: a decision that was delivered, as a line that the child writes before that thread's next event.

use guardhouse::{
    decision::{Decision, ReasonCode},
    event::Event,
};

/// What a line begins with.
const MARK: &str = "given";

/// A decision that was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) id: String,
    pub(super) session: String,
    /// The caller's id of the event; empty if it has none.
    pub(super) event: String,
    pub(super) verdict: String,
    /// It could not be recorded, and was denied for that.
    pub(super) is_unrecorded: bool,
}

impl Given {
    /// What the caller of the engine got.
    pub(super) fn of(event: &Event, decision: &Decision) -> Self {
        Self {
            id: decision.id.to_string(),
            session: decision.session.to_string(),
            event: event.id.as_ref().map(ToString::to_string).unwrap_or_default(),
            verdict: decision.verdict.as_str().to_owned(),
            is_unrecorded: decision.reasons.iter().any(|reason| reason.code == ReasonCode::JournalFailed),
        }
    }

    /// The line, with its end. No name in it has a space.
    pub(super) fn line(&self) -> String {
        let Self { id, session, event, verdict, is_unrecorded } = self;
        format!("{MARK} {id} {session} {verdict} {is_unrecorded} {event}\n")
    }

    /// Reads a line. `None`: it is another, or was not written to its end.
    pub(super) fn read(line: &str) -> Option<Self> {
        let mut words = line.strip_suffix('\n')?.split(' ');
        let mut word = || words.next().map(str::to_owned);
        (word()? == MARK).then_some(())?;
        let (id, session, verdict) = (word()?, word()?, word()?);
        let is_unrecorded = word()?.parse().ok()?;
        Some(Self { id, session, verdict, is_unrecorded, event: word()? })
    }
}

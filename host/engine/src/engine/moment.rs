//! [`Moment`]: what is known of a session when an event is judged.

use crate::{
    event::ToolName,
    judge,
    session::{Choice, Memory, Past, Provenance, Traced},
};

/// What is known of a session when an event is judged.
pub(super) struct Moment<'m> {
    /// What policies are told of it.
    pub(super) session: judge::Session,
    /// What it has read, and then what those above it have.
    read: Vec<&'m Provenance>,
    /// What is judged is to be explained.
    pub(super) explain: bool,
}

impl<'m> Moment<'m> {
    /// Nothing is known.
    pub(super) const fn unknown() -> Self {
        Self { session: judge::Session::NEUTRAL, read: Vec::new(), explain: false }
    }

    /// What a session is, by its memory and by those of the sessions above it: whoever works for another knows what that has read,
    /// for all that can be told.
    pub(super) fn of(own: &'m Memory, above: impl IntoIterator<Item = &'m Memory>, past: Past, explain: bool) -> Self {
        let Past { calls, repeats } = past;
        let read: Vec<_> = [own].into_iter().chain(above).map(|memory| &memory.provenance).collect();
        let session = judge::Session {
            calls,
            repeats,
            untrusted: read.iter().any(|read| read.is_untrusted()),
            labels: read.iter().flat_map(|read| read.labels()).cloned().collect(),
            full: read.iter().any(|read| read.is_full()),
        };
        Self { session, read, explain }
    }

    /// Whether the user has spoken of anything like what a tool does.
    pub(super) fn asks_for(&self, tool: &ToolName) -> bool {
        self.read.iter().any(|read| read.asked().covers(tool.tool.as_str()))
    }

    /// Whether the user has spoken of more than one of something.
    pub(super) fn asks_for_many(&self) -> bool {
        self.read.iter().any(|read| read.asked().is_plural())
    }

    /// How an address was chosen: as well as any of them knows.
    pub(super) fn choice(&self, value: &str, traced: &Traced) -> Option<Choice> {
        self.read.iter().filter_map(|read| read.choice(value, traced)).min()
    }

    /// Where a value comes from: by the best that any of them knows.
    pub(super) fn trace(&self, value: &str) -> Traced {
        let traced = self.read.iter().map(|read| read.trace(value, self.explain));
        traced.reduce(Traced::or).unwrap_or(Traced::NOWHERE)
    }
}

//! [`Memory`]: what is known of one session, which is what its records say.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use super::{
    change::Change,
    provenance::{Heard, Provenance, Rank},
};
use crate::{
    decision::Decision,
    event::{AgentName, Event, EventId, SessionId, ToolName},
    journal::SealingKey,
    json::Keyed,
    tools::{Definition, ToldTools},
};

/// Answers that a session remembers where there is no journal to read them from.
const ANSWERS: usize = 16;

/// What is known of one session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    /// Whose it is: since its first event.
    pub(super) owner: Option<Owner>,
    /// Calls that were let through.
    pub(super) calls: u32,
    /// The last call that was asked for, and how often it was in a row.
    pub(super) last_call: Option<(Keyed, u32)>,
    /// What it was told of tools.
    pub(crate) tools: ToldTools,
    /// What it has read.
    pub(crate) provenance: Provenance,
    /// The records of what it has read that is not in `provenance` yet.
    pub(super) unread: Vec<Place>,
    /// There are more of these in the index.
    pub(super) has_unread: bool,
    /// Something that it has read is in no record.
    pub(super) is_lossy: bool,
    /// Events with an id that were answered since the memory was stored.
    pub(super) answered: HashMap<EventId, Answered>,
    /// The answers themselves, where there is no journal, and in which order they were given.
    kept: VecDeque<(EventId, Decision)>,
    /// The last record that was taken in, if there is a journal.
    pub(super) n: u64,
    /// There are answers in the index.
    pub(super) has_stored: bool,
    /// The slot of the key that its content is sealed under, if there is any.
    pub(crate) slot: Option<u64>,
    /// That slot, or one that was just made, and the key, once it was asked for.
    pub(crate) key: Option<(u64, SealingKey)>,
    /// What has to be stored.
    pub(super) unstored: Unstored,
}

/// Whose a session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) agent: AgentName,
    pub(super) parent: Option<SessionId>,
}

/// What changed in a memory since it was stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Unstored {
    pub(super) is_listed: bool,
    pub(super) tools: Vec<ToolName>,
    /// The records of what it has read.
    pub(super) heard: Vec<Place>,
}

/// An event that was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Its digest.
    pub(crate) digest: Keyed,
    /// Where the answer's record stands, if there is a journal.
    pub(crate) place: Option<Place>,
}

/// Where a record stands in a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The number of its segment.
    pub(crate) segment: u64,
    /// Where in the segment's lines it begins, in bytes.
    pub(crate) at: u64,
}

/// The session so far, without the event that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Past {
    /// Calls that were let through.
    pub(crate) calls: u32,
    /// How often in a row the call was asked for that is judged now.
    pub(crate) repeats: u32,
}

impl Memory {
    /// That of a session which was forgotten.
    pub(super) fn forgotten() -> Self {
        Self { provenance: Provenance::unknown(), ..Self::default() }
    }

    /// The session's parent.
    pub(crate) fn parent(&self) -> Option<&SessionId> {
        self.owner.as_ref()?.parent.as_ref()
    }

    /// Why an event is none of this session's, if that is so.
    pub(crate) fn refuses(&self, event: &Event) -> Option<String> {
        let owner = self.owner.as_ref()?;
        if event.agent != owner.agent {
            return Some(format!("expected the session's agent, `{}`, found `{}`", owner.agent, event.agent));
        }
        match (&event.parent, &owner.parent) {
            (None, _) => None,
            (Some(found), Some(parent)) if found == parent => None,
            (Some(found), Some(parent)) => Some(format!("expected the session's parent, `{parent}`, found `{found}`")),
            (Some(found), None) => {
                Some(format!("expected no parent, since the session began without one, found `{found}`"))
            }
        }
    }

    /// What policies are told of the session when a call with this digest is judged, or another event.
    pub(crate) fn past(&self, call: Option<&Keyed>) -> Past {
        let repeats = match (&self.last_call, call) {
            (Some((last, times)), Some(call)) if last == call => *times,
            _ => 0,
        };
        Past { calls: self.calls, repeats }
    }

    /// The answer that was given to an event, where there is no journal to read it from.
    pub(crate) fn kept(&self, id: &EventId) -> Option<&Decision> {
        self.kept.iter().find(|(known, _)| known == id).map(|(_, decision)| decision)
    }

    /// Keeps an answer, where there is no journal to read it from. So few are kept that an event which comes again much later
    /// counts twice.
    pub(super) fn keep(&mut self, id: EventId, decision: Decision) {
        if self.kept.len() >= ANSWERS
            && let Some((id, _)) = self.kept.pop_front()
        {
            self.answered.remove(&id);
        }
        self.kept.push_back((id, decision));
    }

    /// What is known in memory of the answer to an event.
    pub(super) fn answered(&self, id: &EventId) -> Option<Answered> {
        self.answered.get(id).copied()
    }

    /// The last record that was taken in; 0 for none.
    pub(super) const fn n(&self) -> u64 {
        self.n
    }

    /// Whether there may be answers in the index.
    pub(super) const fn has_stored(&self) -> bool {
        self.has_stored
    }

    /// These answers are in the index now.
    pub(super) fn stored(&mut self, answered: &[EventId]) {
        self.has_stored |= !answered.is_empty();
        for id in answered {
            self.answered.remove(id);
        }
    }

    /// Whether what a session hears as its user's word is what the agent of another session says. That is the word of no user:
    /// where that agent has its values from, the sessions above know. `parent`: what the event names as such.
    pub(crate) fn is_word_of_another_agent(&self, heard: &Heard, parent: Option<&SessionId>) -> bool {
        heard.origin().rank == Rank::User && self.parent().or(parent).is_some()
    }

    /// Whether there are records of what it has read that have to be read again.
    pub(crate) const fn has_unread(&self) -> bool {
        self.has_unread || !self.unread.is_empty()
    }

    /// Takes in what a decision changes. `recorded`: the number and the place of its record. `definition`: that of the tool
    /// that the session was told of, if there is room for it.
    pub(super) fn apply(
        &mut self,
        change: Change,
        recorded: Option<(u64, Place)>,
        definition: Option<Arc<Definition>>,
    ) {
        let Change { agent, parent, event, call, told, heard, returned: _, slot } = change;
        self.n = recorded.map_or(self.n, |(n, _)| n);
        self.owner.get_or_insert(Owner { agent, parent });
        self.slot = slot.or(self.slot);
        if let Some((id, digest)) = event {
            self.answered.insert(id, Answered { digest, place: recorded.map(|(_, place)| place) });
        }
        if let Some((call, let_through)) = call {
            self.calls = self.calls.saturating_add(u32::from(let_through));
            let times = match self.last_call {
                Some((last, times)) if last == call => times.saturating_add(1),
                _ => 1,
            };
            self.last_call = Some((call, times));
        }
        if let Some(heard) = heard.filter(|heard| !self.is_word_of_another_agent(heard, None)) {
            self.provenance.hear(&heard);
            self.is_lossy |= matches!(heard, Heard::Lost(_));
            let is_sealed = matches!(heard, Heard::Sealed(_));
            if let Some((_, place)) = recorded.filter(|_| !matches!(heard, Heard::Lost(_))) {
                self.unstored.heard.push(place);
                self.unread.extend(is_sealed.then_some(place));
            }
        }
        if let Some((tool, digest, accepted)) = told {
            self.tools.tell(&tool, digest, definition, accepted);
            self.unstored.tools.push(tool);
        }
    }
}

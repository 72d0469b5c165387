//! [`Change`]: what one decision changes in its session.
//!
//! It is made twice: from the event and its decision while the engine runs, and from the record when a session is restored.
//! Both have to be the same, so the record is all that a change may rest on.

use std::collections::BTreeSet;

use super::provenance::{Heard, Origin, Rank, returned};
use crate::{
    decision::{Decision, ReasonCode, Verdict},
    event::{AgentName, Body, Checkpoint, Event, EventId, SessionId, Source, ToolName},
    json::{
        Digest, Keyed, Misread, Object,
        members::{Members, list, object, parsed, text, whole, word},
    },
};

/// Whether a decision with such a reason changes nothing in its session: what an operator or the disk said is above it, and what
/// was refused for it is none of it.
const fn is_outside(code: ReasonCode) -> bool {
    matches!(
        code,
        ReasonCode::Stopped | ReasonCode::SessionErased | ReasonCode::SessionRefused | ReasonCode::JournalFailed
    )
}

/// Digests of an event under the key of those who remember it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digests {
    /// Of what the event says, if somebody will ask for it.
    pub(crate) event: Option<Keyed>,
    /// Of a call's tool and arguments, whatever the call is named.
    pub(crate) call: Option<Keyed>,
}

impl Digests {
    /// `recorded`: the event's decision will be recorded.
    pub(crate) fn of(event: &Event, key: &[u8; 32], recorded: bool) -> Self {
        let call = match &event.body {
            Body::ToolCall { tool, arguments, .. } => {
                let mut text = String::with_capacity(128);
                // The names hold no control characters, so this has one reading.
                for name in [tool.server.as_str(), tool.tool.as_str()] {
                    text.push_str(name);
                    text.push('\n');
                }
                text.push_str(&arguments.digest().to_string());
                Some(Keyed::of(&Digest::of(text), key))
            }
            _ => None,
        };
        let is_asked_for = recorded || event.id.is_some();
        Self { event: is_asked_for.then(|| Keyed::of(&event.digest(), key)), call }
    }
}

/// What one decision changes in its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The agent of the event. The first one's is the session's.
    pub(super) agent: AgentName,
    /// The session that it names as its parent. The first one's is the session's.
    pub(super) parent: Option<SessionId>,
    /// The caller's id of the event, and the event's digest.
    pub(super) event: Option<(EventId, Keyed)>,
    /// A call was asked for: its digest, and whether it was let through.
    pub(super) call: Option<(Keyed, bool)>,
    /// The session was told of a tool: of which, by which definition, and whether that was let through.
    pub(super) told: Option<(ToolName, Digest, bool)>,
    /// What the session has read by it.
    pub(super) heard: Option<Heard>,
    /// What the session gave back to the one that it works for: whether anything in it is not trusted, and its labels.
    pub(super) returned: Option<(bool, BTreeSet<String>)>,
    /// Content was sealed under the key in this slot.
    pub(super) slot: Option<u64>,
}

impl Change {
    /// The caller's id of the event.
    pub(super) fn event_id(&self) -> Option<&EventId> {
        self.event.as_ref().map(|(id, _)| id)
    }

    /// What the session gave back to the one that it works for.
    pub(crate) const fn returned(&self) -> Option<&(bool, BTreeSet<String>)> {
        self.returned.as_ref()
    }

    /// By an event and its decision, with what is heard and what is given back if it is let through, and the slot of the key under
    /// which its record holds content. `None`: nothing changes.
    pub(crate) fn of(
        event: &Event,
        decision: &Decision,
        digests: &Digests,
        heard: Option<Heard>,
        returned: Option<(bool, BTreeSet<String>)>,
        slot: Option<u64>,
    ) -> Option<Self> {
        if decision.reasons.iter().any(|reason| is_outside(reason.code)) {
            return None;
        }
        let goes_on = decision.verdict <= Verdict::Modify;
        let told = match (&event.body, decision.definition) {
            (Body::ToolDefinition { tool, .. }, Some(definition)) => Some((tool.clone(), definition, goes_on)),
            _ => None,
        };
        Some(Self {
            agent: event.agent.clone(),
            parent: event.parent.clone(),
            event: event.id.clone().zip(digests.event),
            call: digests.call.map(|call| (call, goes_on)),
            told,
            heard: heard.filter(|_| goes_on),
            returned: returned.filter(|_| goes_on && event.checkpoint() == Checkpoint::Output),
            slot,
        })
    }

    /// By the record of a decision. `None`: nothing changes.
    ///
    /// # Errors
    /// Where the record is not as it is written.
    pub(crate) fn read(record: &Object) -> Result<Option<Self>, Misread> {
        let record = Members::among(record);
        let code = |reason| {
            Members::among(object(reason)?).needed("code", |code| word(code, &ReasonCode::ALL, ReasonCode::as_str))
        };
        let codes: Vec<_> = record.needed("reasons", list(code))?;
        if codes.into_iter().any(is_outside) {
            return Ok(None);
        }
        let verdict: Verdict = record.needed("verdict", parsed("a verdict"))?;
        let goes_on = verdict <= Verdict::Modify;
        let checkpoint: Checkpoint = record.needed("checkpoint", parsed("a checkpoint"))?;
        let keyed = |name| record.needed(name, parsed::<Keyed>("a keyed digest"));
        let event = match record.optional("event", parsed("an event's id"))? {
            Some(id) => Some((id, keyed("digest")?)),
            None => None,
        };
        let call = match checkpoint {
            Checkpoint::ToolCall => Some((keyed("call_digest")?, goes_on)),
            _ => None,
        };
        let definition = record.optional("definition", parsed("a digest"))?;
        let told = match definition.filter(|_| checkpoint == Checkpoint::ToolDefinition) {
            Some(definition) => {
                let server = record.needed("server", parsed("a server"))?;
                let tool = record.needed("tool", parsed("a tool"))?;
                Some((ToolName { server, tool }, definition, goes_on))
            }
            None => None,
        };
        let takes_in = matches!(checkpoint, Checkpoint::Input | Checkpoint::ToolResult | Checkpoint::ToolDefinition);
        let heard = match record.optional("heard", Heard::read)? {
            Some(read) => Some(read),
            // The word of another agent, which is passed over, or a record of a version that did not remember.
            None if takes_in && goes_on => {
                let is_user = record.optional("source", text)? == Some(Source::User.as_str());
                let origin = Origin::unknown();
                Some(Heard::Lost(if is_user { Origin { rank: Rank::User, ..origin } } else { origin }))
            }
            None => None,
        };
        let returned = match record.optional("facts", object)?.filter(|_| goes_on && checkpoint == Checkpoint::Output) {
            Some(facts) => Some(returned(facts)?),
            None => None,
        };
        Ok(Some(Self {
            agent: record.needed("agent", parsed("an agent"))?,
            parent: record.optional("parent", parsed("a session"))?,
            event,
            call,
            told,
            heard,
            returned,
            slot: record.optional("sealed", |sealed| Members::among(object(sealed)?).needed("slot", whole))?,
        }))
    }
}

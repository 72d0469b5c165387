//! [`Change`]: what one decision changes in its session.
//!
//! It is made twice: from the event and its decision while the engine runs, and from the record when a session is restored.
//! Both have to be the same, so the record is all that a change may rest on.

use crate::{
    decision::{Decision, ReasonCode, Verdict},
    event::{AgentName, Body, Checkpoint, Event, EventId, SessionId, ToolName},
    json::{Digest, Keyed, Number, Object, Value},
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
    /// Content was sealed under the key in this slot.
    pub(super) slot: Option<u64>,
}

impl Change {
    /// The caller's id of the event.
    pub(super) fn event_id(&self) -> Option<&EventId> {
        self.event.as_ref().map(|(id, _)| id)
    }

    /// By an event and its decision, with the slot of the key under which its record holds content. `None`: nothing changes.
    pub(crate) fn of(event: &Event, decision: &Decision, digests: &Digests, slot: Option<u64>) -> Option<Self> {
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
            slot,
        })
    }

    /// By the record of a decision. The error is the name of a member that is not as it is written.
    pub(crate) fn read(record: &Object) -> Result<Option<Self>, &'static str> {
        let text = |name: &'static str| record.get(name).and_then(Value::as_str);
        let needed = |name: &'static str| text(name).ok_or(name);
        let reasons = record.get("reasons").and_then(Value::as_array).ok_or("reasons")?;
        let is_outside = |reason: &Value| {
            let code = reason.as_object()?.get("code")?.as_str()?;
            ReasonCode::ALL.into_iter().find(|known| known.as_str() == code).map(is_outside)
        };
        for reason in reasons {
            if is_outside(reason).ok_or("reasons")? {
                return Ok(None);
            }
        }
        let verdict: Verdict = needed("verdict")?.parse().map_err(|_| "verdict")?;
        let goes_on = verdict <= Verdict::Modify;
        let checkpoint: Checkpoint = needed("checkpoint")?.parse().map_err(|_| "checkpoint")?;
        let event = match text("event") {
            Some(id) => {
                let digest = Keyed::read(needed("digest")?).ok_or("digest")?;
                Some((id.parse().map_err(|_| "event")?, digest))
            }
            None => None,
        };
        let call = match checkpoint {
            Checkpoint::ToolCall => {
                let digest = Keyed::read(needed("call_digest")?).ok_or("call_digest")?;
                Some((digest, goes_on))
            }
            _ => None,
        };
        let told = match (checkpoint, text("definition")) {
            (Checkpoint::ToolDefinition, Some(definition)) => {
                let server = needed("server")?.parse().map_err(|_| "server")?;
                let tool = ToolName { server, tool: needed("tool")?.parse().map_err(|_| "tool")? };
                Some((tool, definition.parse().map_err(|_| "definition")?, goes_on))
            }
            _ => None,
        };
        let slot = match record.get("sealed").map(|sealed| sealed.as_object().and_then(|sealed| sealed.get("slot"))) {
            None => None,
            Some(slot) => Some(slot.and_then(Value::as_number).and_then(Number::as_u64).ok_or("sealed")?),
        };
        Ok(Some(Self {
            agent: needed("agent")?.parse().map_err(|_| "agent")?,
            parent: text("parent").map(str::parse).transpose().map_err(|_| "parent")?,
            event,
            call,
            told,
            slot,
        }))
    }
}

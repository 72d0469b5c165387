//! What guards saw, and what the judge made of it.

mod finding;
mod reason;
mod recorded;
mod repaired;
#[cfg(test)]
mod tests;
mod verdict;

pub use finding::{
    Attribute, Category, Confidence, Finding, InvalidWord, OutOfRange, PseudonymClass, Repair, Severity, Span,
};
pub use reason::{Reason, ReasonCode};
pub use repaired::Repaired;
pub use verdict::{UnknownVerdict, Verdict};

use std::fmt;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::event::{CallId, Checkpoint, SessionId};
use crate::json::{Digest, Object, Value};

/// The judge's answer to one event.
///
/// As JSON, written by `Display`:
///
/// ```json
/// {"id":"…","session":"s1","checkpoint":"tool-call","call":"c1","verdict":"modify",
///  "reasons":[{"code":"policy","policy":"payments.cedar:mask-ibans","message":"…"}],
///  "findings":[{"guard":"pii","rule":"iban","category":"pii","severity":2,"confidence":98,
///    "span":{"start":3,"end":17},"path":"/note","message":"…","repair":"mask"}],
///  "arguments":{"note":"…"},
///  "generation":"sha256:…","definition":"sha256:…","micros":83}
/// ```
///
/// A member without a value is left out; `reasons` and `findings` are always there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The decision's own identity.
    pub id: Uuid,
    /// The session of the event.
    pub session: SessionId,
    /// The checkpoint of the event.
    pub checkpoint: Checkpoint,
    /// The call that a tool call or result belongs to.
    pub call: Option<CallId>,
    /// What is to be done with the event.
    pub verdict: Verdict,
    /// Why. Empty only where the verdict is `allow`.
    pub reasons: Vec<Reason>,
    /// What the guards saw, in the original, in the order of the guards.
    pub findings: Vec<Finding>,
    /// What stands in for the original, if something was repaired.
    pub repaired: Option<Repaired>,
    /// The generation that judged.
    pub generation: Digest,
    /// The tool definition that the judge went by.
    pub definition: Option<Digest>,
    /// How long the check took, in microseconds.
    pub micros: u64,
}

impl Decision {
    /// The same, but denied for this alone.
    pub(crate) fn denied_for(self, reason: Reason) -> Self {
        Self { verdict: Verdict::Deny, reasons: vec![reason], repaired: None, ..self }
    }

    /// The decision as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new();
        object.insert("id", self.id.to_string());
        object.insert("session", self.session.as_str());
        object.insert("checkpoint", self.checkpoint.as_str());
        if let Some(call) = &self.call {
            object.insert("call", call.as_str());
        }
        object.insert("verdict", self.verdict.as_str());
        object.insert("reasons", self.reasons.iter().map(Reason::to_value).collect::<Vec<_>>());
        object.insert("findings", self.findings.iter().map(Finding::to_value).collect::<Vec<_>>());
        if let Some(repaired) = &self.repaired {
            repaired.write(&mut object);
        }
        object.insert("generation", self.generation.to_string());
        if let Some(definition) = &self.definition {
            object.insert("definition", definition.to_string());
        }
        object.insert("micros", self.micros);
        object.into()
    }
}

/// One line of JSON.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

/// Fails if repaired content holds a number that serde cannot carry exactly; see [`json`](crate::json).
impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

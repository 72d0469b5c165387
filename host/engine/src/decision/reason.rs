//! [`Reason`]: why a verdict is what it is.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::json::{Object, Value};

/// One reason for a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What kind of reason.
    pub code: ReasonCode,
    /// The policy that it comes from, `<file>:<id>`.
    pub policy: Option<String>,
    /// The guard that it comes from, by its name in the bundle.
    pub guard: Option<String>,
    /// The reason in a sentence for a person, which must not quote what was found.
    pub message: String,
}

impl Reason {
    /// A reason of the host's own: it comes from no policy and no guard.
    #[must_use]
    pub fn of(code: ReasonCode, message: impl Into<String>) -> Self {
        Self { code, policy: None, guard: None, message: message.into() }
    }

    /// Adds those of `more` that are not among `reasons` yet.
    pub(crate) fn add_new(reasons: &mut Vec<Self>, more: impl IntoIterator<Item = Self>) {
        for reason in more {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
}

/// What kind of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonCode {
    /// A policy says so.
    Policy,
    /// No policy permits it.
    NoPermit,
    /// A policy could not be evaluated. Cedar alone would go on without it.
    PolicyError,
    /// A policy on the tool's action does not validate under the tool's definition, so the tool is refused.
    PolicyDoesNotFitDefinition,
    /// There are policies on the tool's action, and no definition by which to read its arguments.
    NoDefinition,
    /// The tool's definition was refused in this session, or there were more than a session may have.
    DefinitionRefused,
    /// A policy asks for a repair that cannot be made, or that does not help.
    CannotRedact,
    /// A guard trapped, ran too long, asked for too much or answered nonsense.
    GuardFailed,
    /// A guard failed, and the bundle says to go on without it.
    GuardSkipped,
    /// The decision could not be recorded.
    JournalFailed,
    /// There is more text than one check takes.
    TooLarge,
    /// An operator has stopped it.
    Stopped,
    /// It is no event of its session: it names another agent or parent than the session began with, or an id that stands
    /// for another event; or the session changed faster than it could be judged.
    SessionRefused,
    /// An operator has erased its session.
    SessionErased,
}

impl ReasonCode {
    /// All codes.
    pub const ALL: [Self; 14] = [
        Self::Policy,
        Self::NoPermit,
        Self::PolicyError,
        Self::PolicyDoesNotFitDefinition,
        Self::NoDefinition,
        Self::DefinitionRefused,
        Self::CannotRedact,
        Self::GuardFailed,
        Self::GuardSkipped,
        Self::JournalFailed,
        Self::TooLarge,
        Self::Stopped,
        Self::SessionRefused,
        Self::SessionErased,
    ];

    /// The code's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::NoPermit => "no-permit",
            Self::PolicyError => "policy-error",
            Self::PolicyDoesNotFitDefinition => "policy-does-not-fit-definition",
            Self::NoDefinition => "no-definition",
            Self::DefinitionRefused => "definition-refused",
            Self::CannotRedact => "cannot-redact",
            Self::GuardFailed => "guard-failed",
            Self::GuardSkipped => "guard-skipped",
            Self::JournalFailed => "journal-failed",
            Self::TooLarge => "too-large",
            Self::Stopped => "stopped",
            Self::SessionRefused => "session-refused",
            Self::SessionErased => "session-erased",
        }
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Reason {
    /// The reason as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new();
        object.insert("code", self.code.as_str());
        if let Some(policy) = &self.policy {
            object.insert("policy", policy.as_str());
        }
        if let Some(guard) = &self.guard {
            object.insert("guard", guard.as_str());
        }
        object.insert("message", self.message.as_str());
        object.into()
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

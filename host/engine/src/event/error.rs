//! [`EventError`]: why a JSON text is not an event.

use crate::json::{JsonError, Value, quote, told};
use crate::nearest::nearest;

/// Why a JSON text is not an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// It is not JSON, or not JSON that we accept.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A member is missing, or not what it should be.
    #[error("field `{field}`: expected {expected}, found {found}")]
    Field {
        /// The member's name, or `""` for the event itself; inside a member, `name/…` as in a JSON Pointer.
        field: String,
        /// What would have been accepted.
        expected: String,
        /// What was there.
        found: String,
    },
    /// There is a member that an event of this kind does not have.
    #[error("field {}: expected {expected}, found an unknown field", quote(field))]
    UnknownField {
        /// The member's name.
        field: String,
        /// The nearest name that it could have, or all of them.
        expected: String,
    },
    /// The event says whether it is to be trusted.
    #[error("field `trusted`: expected no such field, since whether a source is trusted is the bundle's to say")]
    Trusted,
}

impl EventError {
    /// The member at fault; `None` where the text is not JSON.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Json(_) => None,
            Self::Field { field, .. } | Self::UnknownField { field, .. } => Some(field),
            Self::Trusted => Some("trusted"),
        }
    }

    /// The member `field` is not there, where `expected` should be.
    pub(super) fn missing(field: &str, expected: &str) -> Self {
        Self::Field { field: field.to_owned(), expected: expected.to_owned(), found: "nothing".to_owned() }
    }

    /// The member `field` holds `found`, where `expected` should be.
    pub(super) fn wrong(field: impl Into<String>, expected: impl Into<String>, found: &Value) -> Self {
        Self::Field { field: field.into(), expected: expected.into(), found: told(found) }
    }

    /// The member `field` is none of `known`, those that `what` has.
    pub(super) fn unknown(field: &str, what: &str, known: &[&'static str]) -> Self {
        if field == "trusted" {
            return Self::Trusted;
        }
        let expected = nearest(field, known.iter().copied()).map_or_else(
            || format!("a field of {what} ({})", list(known)),
            |name| format!("`{name}`, or no such field"),
        );
        Self::UnknownField { field: field.to_owned(), expected }
    }
}

/// The words in backticks, with commas between them.
pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

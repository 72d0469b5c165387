//! [`Verdict`]: what is to be done with an event.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::json::quote;

/// What is to be done with an event, from the mildest to the strictest; `Ord` is by strictness.
///
/// The five are those of OpenTelemetry's semantic conventions for guardrails of generative AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It goes on as it is.
    Allow,
    /// It goes on as it is, and somebody should look at the reasons.
    Warn,
    /// It goes on repaired.
    Modify,
    /// It waits for a person's approval.
    Escalate,
    /// It ends here.
    Deny,
}

/// A text that is not a [`Verdict`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of `allow`, `warn`, `modify`, `escalate`, `deny`, found {found}")]
pub struct UnknownVerdict {
    found: String,
}

impl Verdict {
    /// All verdicts, from the mildest to the strictest.
    pub const ALL: [Self; 5] = [Self::Allow, Self::Warn, Self::Modify, Self::Escalate, Self::Deny];

    /// The verdict's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Modify => "modify",
            Self::Escalate => "escalate",
            Self::Deny => "deny",
        }
    }

    /// The same of a stream, which cannot wait for a person.
    pub(crate) const fn in_a_stream(self) -> Self {
        match self {
            Self::Escalate => Self::Deny,
            other => other,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let verdict = Self::ALL.into_iter().find(|verdict| verdict.as_str() == text);
        verdict.ok_or_else(|| UnknownVerdict { found: quote(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_ordered_by_strictness() {
        assert!(Verdict::ALL.is_sorted());
    }

    #[test]
    fn each_word_is_the_same_for_people_and_for_serde() {
        for verdict in Verdict::ALL {
            let json = format!("\"{verdict}\"");
            assert_eq!(verdict.as_str().parse(), Ok(verdict));
            assert_eq!(serde_json::to_string(&verdict).ok(), Some(json.clone()));
            assert_eq!(serde_json::from_str(&json).ok(), Some(verdict));
        }
        assert!("Deny".parse::<Verdict>().is_err());
    }
}

//! [`Trace`]: the trace an event belongs to.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::json::quote;

/// A `traceparent` of W3C Trace Context, level 1: `00-<trace>-<parent>-<flags>`, in 2, 32, 16 and 2 lower-case
/// hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Trace(Arc<str>);

/// A text that is not a [`Trace`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, found {found}", Self::EXPECTED)]
pub struct InvalidTrace {
    found: String,
}

impl InvalidTrace {
    /// What would have been accepted.
    pub(super) const EXPECTED: &'static str = "a W3C `traceparent` of version 00";

    /// What was given.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl Trace {
    /// The `traceparent`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Trace {
    type Err = InvalidTrace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hex = |field: &str, len: usize| {
            field.len() == len && field.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let zero = |field: &str| field.bytes().all(|byte| byte == b'0');
        let fields: Vec<_> = text.splitn(5, '-').collect();
        match fields.as_slice() {
            ["00", trace, parent, flags]
                if hex(trace, 32) && !zero(trace) && hex(parent, 16) && !zero(parent) && hex(flags, 2) =>
            {
                Ok(Self(text.into()))
            }
            _ => Err(InvalidTrace { found: quote(text) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_a_traceparent_and_nothing_else() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(valid.parse::<Trace>().map(|trace| trace.to_string()), Ok(valid.to_owned()));
        for text in [
            "",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        ] {
            assert!(text.parse::<Trace>().is_err(), "{text}");
        }
    }
}

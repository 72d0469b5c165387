//! Names and identities, each a type of its own.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::json::quote;

/// A text that is not the name it was given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct NameError {
    expected: &'static str,
    found: String,
}

impl NameError {
    /// What would have been accepted.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }

    /// What was given.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

/// Defines a name: what it is, how many bytes it may have, what an error calls it, and which characters besides
/// control characters it may not hold.
macro_rules! name {
    ($(#[doc = $doc:literal])+ $name:ident, $most:literal, $expected:literal, $refused:literal) => {
        $(#[doc = $doc])+
        ///
        /// Cloning it shares the text.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The most bytes of UTF-8 that it may have.
            pub const MAX_LEN: usize = $most;

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let refused = |character: char| character.is_control() || $refused.contains(character);
                if text.is_empty() || text.len() > Self::MAX_LEN || text.contains(refused) {
                    return Err(NameError { expected: $expected, found: quote(text) });
                }
                Ok(Self(text.into()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

name! {
    /// The caller's name for a stream, unique in its session: 1 to 128 bytes, no control characters.
    StreamName, 128, "a stream's name, 1 to 128 bytes without control characters", ""
}

name! {
    /// The caller's name for an event, unique in its session: 1 to 128 bytes, no control characters.
    EventId, 128, "an event's id, 1 to 128 bytes without control characters", ""
}

name! {
    /// The name of an agent: 1 to 256 bytes, no control characters.
    AgentName, 256, "an agent's name, 1 to 256 bytes without control characters", ""
}

name! {
    /// The identity of a session: 1 to 256 bytes, no control characters.
    SessionId, 256, "a session's id, 1 to 256 bytes without control characters", ""
}

name! {
    /// The name of a user: 1 to 256 bytes, no control characters.
    UserName, 256, "a user's name, 1 to 256 bytes without control characters", ""
}

name! {
    /// The name of a tool server: 1 to 256 bytes, no control characters, no `/`, so that `server/tool` has one reading.
    ServerName, 256, "a server's name, 1 to 256 bytes without control characters and `/`", "/"
}

name! {
    /// The name of a tool at its server: 1 to 256 bytes, no control characters.
    ToolId, 256, "a tool's name, 1 to 256 bytes without control characters", ""
}

name! {
    /// The identity of a tool call in its session: 1 to 256 bytes, no control characters.
    CallId, 256, "a call's id, 1 to 256 bytes without control characters", ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_bounds() {
        assert!("a".repeat(256).parse::<AgentName>().is_ok());
        for text in ["", "a\nb", "a\u{7f}", "a\u{85}", &"a".repeat(257)] {
            assert!(text.parse::<AgentName>().is_err(), "{text:?}");
        }
        assert!("a".repeat(128).parse::<EventId>().is_ok());
        assert!("a".repeat(129).parse::<EventId>().is_err());
    }

    #[test]
    fn only_a_server_may_not_hold_a_slash() {
        assert!("a/b".parse::<ToolId>().is_ok());
        assert_eq!(
            "a/b".parse::<ServerName>().map_err(|error| error.to_string()),
            Err("expected a server's name, 1 to 256 bytes without control characters and `/`, found `a/b`".to_owned())
        );
    }
}

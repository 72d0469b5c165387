//! [`Checkpoint`]: where an event stands on its way.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::json::quote;
use crate::nearest::nearest;

/// Where an event stands on its way between an agent and the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checkpoint {
    /// Text that the agent is about to read.
    Input,
    /// What a server says of its tool.
    ToolDefinition,
    /// A tool is about to run.
    ToolCall,
    /// The agent is about to read a tool's answer.
    ToolResult,
    /// Text that somebody is about to read.
    Output,
    /// A fact about the agent's work.
    Note,
}

/// A text that is not a [`Checkpoint`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a checkpoint{}, found {found}", nearest.map(|name| format!(" (`{name}`?)")).unwrap_or_default())]
pub struct UnknownCheckpoint {
    found: String,
    nearest: Option<&'static str>,
}

impl Checkpoint {
    /// All checkpoints.
    pub const ALL: [Self; 6] =
        [Self::Input, Self::ToolDefinition, Self::ToolCall, Self::ToolResult, Self::Output, Self::Note];

    /// The words of all checkpoints.
    pub(super) const WORDS: [&'static str; 6] =
        ["input", "tool-definition", "tool-call", "tool-result", "output", "note"];

    /// The checkpoint's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::ToolDefinition => "tool-definition",
            Self::ToolCall => "tool-call",
            Self::ToolResult => "tool-result",
            Self::Output => "output",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Checkpoint {
    type Err = UnknownCheckpoint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let checkpoint = Self::ALL.into_iter().find(|checkpoint| checkpoint.as_str() == text);
        checkpoint.ok_or_else(|| UnknownCheckpoint { found: quote(text), nearest: nearest(text, Self::WORDS) })
    }
}

impl Serialize for Checkpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_checkpoint_has_one_word() {
        for (checkpoint, word) in Checkpoint::ALL.into_iter().zip(Checkpoint::WORDS) {
            assert_eq!(checkpoint.as_str(), word);
            assert_eq!(word.parse(), Ok(checkpoint));
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_nearest() {
        let answer = "tool_call".parse::<Checkpoint>().map_err(|error| error.to_string());
        assert_eq!(answer, Err("expected a checkpoint (`tool-call`?), found `tool_call`".to_owned()));
    }
}

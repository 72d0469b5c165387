//! [`ToolName`]: a tool and the server it belongs to.

use std::fmt;
use std::str::FromStr;

use super::{NameError, ServerName, ToolId};
use crate::json::quote;

/// A tool and the server it belongs to, written `server/tool`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolName {
    /// The server.
    pub server: ServerName,
    /// The tool's name at that server.
    pub tool: ToolId,
}

/// A text that is not a [`ToolName`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToolNameError {
    /// There is no slash.
    #[error("expected `server/tool`, found {0}")]
    NoSlash(String),
    /// One of the names is not one.
    #[error(transparent)]
    Name(#[from] NameError),
}

impl fmt::Display for ToolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.server, self.tool)
    }
}

/// Everything before the first slash is the server's name.
impl FromStr for ToolName {
    type Err = ToolNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (server, tool) = text.split_once('/').ok_or_else(|| ToolNameError::NoSlash(quote(text)))?;
        Ok(Self { server: server.parse()?, tool: tool.parse()? })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_tool_is_read_as_it_is_written() {
        let name: ToolName = "bank/a/b".parse().unwrap();
        assert_eq!((name.server.as_str(), name.tool.as_str()), ("bank", "a/b"));
        assert_eq!(name.to_string(), "bank/a/b");
        for text in ["bank", "/a", "bank/"] {
            assert!(text.parse::<ToolName>().is_err(), "{text}");
        }
    }
}

//! Events: what an agent is about to take in or send out.
//!
//! [`Event::from_json`] is the one way in from JSON. There is deliberately no `Deserialize`: it would let a lenient
//! parser in, and what it overlooks (a second `arguments`, an unknown member) is a way round a policy. So every member
//! is read by name, an unknown one is an error, and nothing has a default but `isError`.

mod checkpoint;
mod chunk;
mod error;
mod money;
mod names;
mod note;
mod read;
mod result;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod time;
mod tool;
mod trace;
mod write;

pub use checkpoint::{Checkpoint, UnknownCheckpoint};
pub use chunk::{Chunk, Told};
pub use error::EventError;
pub use money::{InvalidMoney, Money};
pub use names::{AgentName, CallId, EventId, NameError, ServerName, SessionId, StreamName, ToolId, UserName};
pub use note::{Note, Tokens, Usage};
pub use result::ToolResult;
pub use tool::{ToolName, ToolNameError};
pub use trace::{InvalidTrace, Trace};

use jiff::Timestamp;

use crate::json::{Digest, Object};

/// One thing that an agent is about to take in or send out, or a note on its work.
///
/// As JSON, one object, of which `id`, `user`, `parent`, `time` and `trace` may be left out:
///
/// ```json
/// {"id":"e1","agent":"assistant","session":"s1","user":"emma","parent":"s0","time":"2026-01-02T03:04:05Z",
///  "trace":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","checkpoint":"input", …}
/// ```
///
/// and by checkpoint the members that [`Body`] lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The caller's name for the event, unique in its session: a retry under the same one counts once.
    pub id: Option<EventId>,
    /// The agent.
    pub agent: AgentName,
    /// The session. It is the surface that binds it to a credential, a connection or a hook.
    pub session: SessionId,
    /// The user that the agent acts for.
    pub user: Option<UserName>,
    /// The session of the agent that this session's agent works for.
    pub parent: Option<SessionId>,
    /// When it happened, by the caller's clock: an RFC 3339 date and time.
    pub time: Option<Timestamp>,
    /// The trace that it belongs to.
    pub trace: Option<Trace>,
    /// What it is.
    pub body: Body,
}

/// What an event is, by its checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// `input`: text that the agent is about to read; `source`, `text`.
    Input {
        /// Where it comes from.
        source: Source,
        /// The text.
        text: String,
    },
    /// `tool-definition`: what a server says of its tool; `server`, `tool`, `definition`.
    ToolDefinition {
        /// The tool.
        tool: ToolName,
        /// An MCP `Tool` object.
        definition: Object,
    },
    /// `tool-call`: a tool is about to run; `server`, `tool`, `call`, `arguments`.
    ToolCall {
        /// The tool.
        tool: ToolName,
        /// The call.
        call: CallId,
        /// What it is called with.
        arguments: Object,
    },
    /// `tool-result`: the agent is about to read a tool's answer; `server`, `tool`, `call`, and the members of
    /// [`ToolResult`].
    ToolResult {
        /// The tool.
        tool: ToolName,
        /// The call that it answers.
        call: CallId,
        /// The answer.
        result: ToolResult,
    },
    /// `output`: text that somebody is about to read; `text`.
    Output {
        /// The text.
        text: String,
    },
    /// `note`: a fact about the agent's work; `kind`, and the members of that kind of [`Note`].
    Note(Note),
}

/// Where an input comes from. Whether any of them is trusted is the bundle's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The user's own words.
    User,
    /// A document, or anything that cannot be told apart from one.
    Document,
    /// The system prompt.
    System,
}

impl Source {
    /// All sources.
    pub const ALL: [Self; 3] = [Self::User, Self::Document, Self::System];

    /// The source's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Document => "document",
            Self::System => "system",
        }
    }
}

impl Body {
    /// The checkpoint that this stands at.
    #[must_use]
    pub const fn checkpoint(&self) -> Checkpoint {
        match self {
            Self::Input { .. } => Checkpoint::Input,
            Self::ToolDefinition { .. } => Checkpoint::ToolDefinition,
            Self::ToolCall { .. } => Checkpoint::ToolCall,
            Self::ToolResult { .. } => Checkpoint::ToolResult,
            Self::Output { .. } => Checkpoint::Output,
            Self::Note(_) => Checkpoint::Note,
        }
    }

    /// The text, where that is all it carries beside what it is: of an input, an output or a reasoning note.
    #[must_use]
    pub fn plain_text(&self) -> Option<&str> {
        match self {
            Self::Input { text, .. } | Self::Output { text } | Self::Note(Note::Reasoning { text }) => Some(text),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn plain_text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Input { text, .. } | Self::Output { text } | Self::Note(Note::Reasoning { text }) => Some(text),
            _ => None,
        }
    }
}

impl Event {
    /// The checkpoint that the event stands at.
    #[must_use]
    pub const fn checkpoint(&self) -> Checkpoint {
        self.body.checkpoint()
    }

    /// The tool that the event is about.
    #[must_use]
    pub const fn tool(&self) -> Option<&ToolName> {
        match &self.body {
            Body::ToolDefinition { tool, .. } | Body::ToolCall { tool, .. } | Body::ToolResult { tool, .. } => {
                Some(tool)
            }
            _ => None,
        }
    }

    /// The call that the event belongs to.
    #[must_use]
    pub const fn call(&self) -> Option<&CallId> {
        match &self.body {
            Body::ToolCall { call, .. } | Body::ToolResult { call, .. } => Some(call),
            _ => None,
        }
    }

    /// The digest of what the event says: of its JSON without `id`, `time` and `trace`, which differ between two
    /// tellings of one thing.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut members = self.members();
        members.retain(|(name, _)| !["id", "time", "trace"].contains(name));
        crate::json::digest_of(members)
    }
}

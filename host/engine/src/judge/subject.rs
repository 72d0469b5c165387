//! What is judged: who does what, to what.

use std::collections::BTreeMap;

use super::facts::{Facts, Flow};
use super::typed::TypedTool;
use crate::event::{AgentName, Body, Note, Source, ToolName, UserName};
use crate::json::Object;
use crate::tools::ToolProfile;
use crate::vocabulary::vocabulary;

/// One event as the judge needs it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'e> {
    /// The agent: `Guardhouse::Agent::"…"`, the principal.
    pub agent: &'e AgentName,
    /// The person whom it acts for, if known: `principal.user`.
    pub user: Option<&'e UserName>,
    /// What happens, and to what: the action and the resource.
    pub subject: Subject<'e>,
    /// `context.core`.
    pub facts: &'e Facts,
}

/// What an event does.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'e> {
    /// Text comes in: `receive_input` on the source's channel.
    Input(Source),
    /// A server says what a tool is: `define_tool`. The last says how policies will see its calls.
    Definition(&'e ToolName, ToolProfile, Option<&'e TypedTool>),
    /// A tool is about to be called: the tool's own action where its definition is known, else `call_tool`.
    Call(Call<'e>),
    /// A tool has answered: `accept_result`.
    Result(&'e ToolName, ToolProfile),
    /// Text goes out: `send_output` on the channel `output`.
    Output,
    /// The agent's runtime reports something: `take_note` on the channel of the note's kind.
    Note(&'e Note),
}

impl<'e> Subject<'e> {
    /// What an event does. `profile` and `typed`: what is known of its tool; `from`: where each argument comes from.
    pub(crate) fn of(
        body: &'e Body,
        profile: ToolProfile,
        typed: Option<&'e TypedTool>,
        from: &'e BTreeMap<&'e str, Flow>,
    ) -> Self {
        match body {
            Body::Input { source, .. } => Self::Input(*source),
            Body::ToolDefinition { tool, .. } => Self::Definition(tool, profile, typed),
            Body::ToolCall { tool, arguments, .. } => {
                let typed = typed.map(|tool| TypedCall { tool, arguments, from });
                Self::Call(Call { tool, profile, typed })
            }
            Body::ToolResult { tool, .. } => Self::Result(tool, profile),
            Body::Output { .. } => Self::Output,
            Body::Note(note) => Self::Note(note),
        }
    }
}

/// A call of a tool.
#[derive(Debug, Clone, Copy)]
pub struct Call<'e> {
    /// The tool.
    pub tool: &'e ToolName,
    /// What is known of it.
    pub profile: ToolProfile,
    /// Its arguments by their types, where its definition is known.
    pub typed: Option<TypedCall<'e>>,
}

/// The arguments of a call of a tool whose definition is known.
#[derive(Debug, Clone, Copy)]
pub struct TypedCall<'e> {
    /// The tool.
    pub tool: &'e TypedTool,
    /// What it is called with: `context.args`.
    pub arguments: &'e Object,
    /// Where each argument comes from, by name: `context.from`. One that is not here has no leaves.
    pub from: &'e BTreeMap<&'e str, Flow>,
}

/// `Guardhouse::Channel`: where text comes from or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Input of the user.
    User,
    /// Input from a document.
    Document,
    /// The system prompt.
    System,
    /// What the agent says.
    Output,
    /// A note of what was used.
    Usage,
    /// A note of the model's reasoning.
    Reasoning,
    /// A note of an error.
    Error,
    /// A note of a retry.
    Retry,
}

vocabulary!(Channel {
    User => "user",
    Document => "document",
    System => "system",
    Output => "output",
    Usage => "usage",
    Reasoning => "reasoning",
    Error => "error",
    Retry => "retry",
});

impl From<Source> for Channel {
    fn from(source: Source) -> Self {
        match source {
            Source::User => Self::User,
            Source::Document => Self::Document,
            Source::System => Self::System,
        }
    }
}

impl From<&Note> for Channel {
    fn from(note: &Note) -> Self {
        match note {
            Note::Usage(_) => Self::Usage,
            Note::Reasoning { .. } => Self::Reasoning,
            Note::Error { .. } => Self::Error,
            Note::Retry { .. } => Self::Retry,
        }
    }
}

//! From an [`Event`] to JSON.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Body, Event, Note, ToolName};
use crate::json::{Object, Value};

impl Event {
    /// The event as JSON, which [`Event::from_value`] reads back as an equal event.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.to_object().into()
    }

    /// The event's members.
    pub(super) fn to_object(&self) -> Object {
        let mut object = Object::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                object.insert(name, value);
            }
        };
        add("id", self.id.as_ref().map(ToString::to_string));
        add("agent", Some(self.agent.to_string()));
        add("session", Some(self.session.to_string()));
        add("user", self.user.as_ref().map(ToString::to_string));
        add("parent", self.parent.as_ref().map(ToString::to_string));
        add("time", self.time.as_ref().map(ToString::to_string));
        add("trace", self.trace.as_ref().map(ToString::to_string));
        add("checkpoint", Some(self.checkpoint().to_string()));
        self.body.write(&mut object);
        object
    }
}

impl Body {
    /// Adds the members to an event.
    fn write(&self, object: &mut Object) {
        match self {
            Self::Input { source, text } => {
                object.insert("source", source.as_str());
                object.insert("text", text.as_str());
            }
            Self::ToolDefinition { tool, definition } => {
                write_tool(tool, object);
                object.insert("definition", definition.clone());
            }
            Self::ToolCall { tool, call, arguments } => {
                write_tool(tool, object);
                object.insert("call", call.as_str());
                object.insert("arguments", arguments.clone());
            }
            Self::ToolResult { tool, call, result } => {
                write_tool(tool, object);
                object.insert("call", call.as_str());
                result.write_content(object);
                if result.is_error {
                    object.insert("isError", true);
                }
            }
            Self::Output { text } => {
                object.insert("text", text.as_str());
            }
            Self::Note(note) => note.write(object),
        }
    }
}

impl Note {
    /// Adds the members to an event.
    fn write(&self, object: &mut Object) {
        object.insert("kind", self.kind());
        match self {
            Self::Usage(usage) => {
                if let Some(tokens) = usage.tokens() {
                    let mut counts = Object::new();
                    counts.insert("input", tokens.input);
                    counts.insert("output", tokens.output);
                    object.insert("tokens", counts);
                }
                if let Some(money) = usage.money() {
                    object.insert("money", money.to_string());
                }
            }
            Self::Reasoning { text } | Self::Error { text: Some(text) } | Self::Retry { text: Some(text) } => {
                object.insert("text", text.as_str());
            }
            Self::Error { text: None } | Self::Retry { text: None } => {}
        }
    }
}

/// Adds a tool's two names to an event.
fn write_tool(tool: &ToolName, object: &mut Object) {
    object.insert("server", tool.server.as_str());
    object.insert("tool", tool.tool.as_str());
}

/// One line of JSON.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_object().fmt(f)
    }
}

/// Fails on a number that serde cannot carry exactly; see [`json`](crate::json).
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_object().serialize(serializer)
    }
}

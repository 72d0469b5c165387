//! [`Repaired`]: what stands in for an original.

use crate::event::{Body, Event, Note, ToolResult};
use crate::json::{Misread, Object, Value};

/// What stands in for the original of a repaired event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repaired {
    /// The text of an input, an output or a note, as `text`.
    Text(String),
    /// The arguments of a call, as `arguments`.
    Arguments(Object),
    /// A tool's result, as `text` or `content`, and `structured`: the members of an event.
    Result(ToolResult),
    /// A tool's definition, as `tool`: in a decision, `definition` is the digest of one.
    Definition(Object),
}

impl Repaired {
    /// What a reader of `event` gets to see; `None` for a note without text.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        match &event.body {
            Body::Input { text, .. } | Body::Output { text } => Some(Self::Text(text.clone())),
            Body::ToolDefinition { definition, .. } => Some(Self::Definition(definition.clone())),
            Body::ToolCall { arguments, .. } => Some(Self::Arguments(arguments.clone())),
            Body::ToolResult { result, .. } => Some(Self::Result(result.clone())),
            Body::Note(note) => match note {
                Note::Usage(_) => None,
                Note::Reasoning { text } => Some(Self::Text(text.clone())),
                Note::Error { text } | Note::Retry { text } => text.clone().map(Self::Text),
            },
        }
    }

    /// What stands in for `original`, by the members that [`write`](Self::write) added; `None` for no members.
    pub(crate) fn read(original: &Event, members: &Object) -> Result<Option<Self>, Misread> {
        if members.is_empty() {
            return Ok(None);
        }
        // The event with these in place of its own.
        let Value::Object(mut event) = original.to_value() else { return Ok(None) };
        for name in ["text", "content", "structured"] {
            event.remove(name);
        }
        for (name, value) in members.iter() {
            // In a decision, `definition` is the digest of one.
            event.insert(if name == "tool" { "definition" } else { name }, value.clone());
        }
        let event = Event::from_value(event.into());
        let event = event.map_err(|error| Misread::at("sealed", "what stands in for the event", error.to_string()))?;
        Ok(Self::of(&event))
    }

    /// Adds the members to a decision.
    pub(crate) fn write(&self, object: &mut Object) {
        match self {
            Self::Text(text) => {
                object.insert("text", text.as_str());
            }
            Self::Arguments(arguments) => {
                object.insert("arguments", arguments.clone());
            }
            Self::Result(result) => result.write_content(object),
            Self::Definition(definition) => {
                object.insert("tool", definition.clone());
            }
        }
    }
}

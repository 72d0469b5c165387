//! From an [`Event`] to JSON.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Body, Event, Note, ToolName};
use crate::json::{Loose, Object, Value};

/// A member of an event's JSON.
pub(super) type Member<'e> = (&'static str, Loose<'e>);

impl Event {
    /// The event as JSON, which [`Event::from_value`] reads back as an equal event.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.to_object().into()
    }

    pub(super) fn to_object(&self) -> Object {
        let mut object = Object::new();
        insert(self.members(), &mut object);
        object
    }

    /// The event's members.
    pub(super) fn members<'e>(&'e self) -> Vec<Member<'e>> {
        let mut members = Vec::with_capacity(16);
        let mut add = |name, value: Option<Loose<'e>>| members.extend(value.map(|value| (name, value)));
        add("id", self.id.as_ref().map(|id| Loose::Text(id.as_str())));
        add("agent", Some(Loose::Text(self.agent.as_str())));
        add("session", Some(Loose::Text(self.session.as_str())));
        add("user", self.user.as_ref().map(|user| Loose::Text(user.as_str())));
        add("parent", self.parent.as_ref().map(|parent| Loose::Text(parent.as_str())));
        add("time", self.time.as_ref().map(|time| Loose::Own(time.to_string().into())));
        add("trace", self.trace.as_ref().map(|trace| Loose::Text(trace.as_str())));
        add("checkpoint", Some(Loose::Text(self.checkpoint().as_str())));
        self.body.add_to(&mut members);
        members
    }
}

impl Body {
    fn add_to<'e>(&'e self, members: &mut Vec<Member<'e>>) {
        match self {
            Self::Input { source, text } => {
                members.extend([("source", Loose::Text(source.as_str())), ("text", Loose::Text(text))]);
            }
            Self::ToolDefinition { tool, definition } => {
                members.extend(names_of(tool));
                members.push(("definition", Loose::Object(definition)));
            }
            Self::ToolCall { tool, call, arguments } => {
                members.extend(names_of(tool));
                members.extend([("call", Loose::Text(call.as_str())), ("arguments", Loose::Object(arguments))]);
            }
            Self::ToolResult { tool, call, result } => {
                members.extend(names_of(tool));
                members.push(("call", Loose::Text(call.as_str())));
                result.add_content_to(members);
                if result.is_error {
                    members.push(("isError", Loose::Own(true.into())));
                }
            }
            Self::Output { text } => members.push(("text", Loose::Text(text))),
            Self::Note(note) => note.add_to(members),
        }
    }
}

impl Note {
    fn add_to<'e>(&'e self, members: &mut Vec<Member<'e>>) {
        members.push(("kind", Loose::Text(self.kind())));
        match self {
            Self::Usage(usage) => {
                if let Some(tokens) = usage.tokens() {
                    let mut counts = Object::new();
                    counts.insert("input", tokens.input);
                    counts.insert("output", tokens.output);
                    members.push(("tokens", Loose::Own(counts.into())));
                }
                if let Some(money) = usage.money() {
                    members.push(("money", Loose::Own(money.to_string().into())));
                }
            }
            Self::Reasoning { text } | Self::Error { text: Some(text) } | Self::Retry { text: Some(text) } => {
                members.push(("text", Loose::Text(text)));
            }
            Self::Error { text: None } | Self::Retry { text: None } => {}
        }
    }
}

/// Adds members to an object.
pub(super) fn insert(members: Vec<Member<'_>>, object: &mut Object) {
    for (name, value) in members {
        object.insert(name, value.into_value());
    }
}

/// A tool's two names.
fn names_of(tool: &ToolName) -> [Member<'_>; 2] {
    [("server", Loose::Text(tool.server.as_str())), ("tool", Loose::Text(tool.tool.as_str()))]
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

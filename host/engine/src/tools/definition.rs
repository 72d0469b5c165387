//! [`Definition`]: what a server says of one of its tools.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::{Shape, schema};
use crate::event::ToolId;
use crate::json::{Digest, Object, Value, quote};

/// What a server says of one of its tools: an MCP `Tool` object, kept whole.
///
/// An untrusted server wrote it. What is read of it here has its type checked and is otherwise taken as it is; members
/// that nothing reads stay in it, and count for the digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    name: ToolId,
    /// INVARIANT: members that are read are of their type.
    object: Object,
    arguments: Arc<Shape>,
    digest: Digest,
    bytes: usize,
}

/// Why an object is not the definition of a tool.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// A member is missing, or not what it should be.
    #[error("field `{field}`: expected {expected}, found {found}")]
    Field {
        /// The member's name.
        field: &'static str,
        /// What would have been accepted.
        expected: String,
        /// What was there.
        found: String,
    },
    /// It is longer than what is read.
    #[error("expected a definition of at most {} bytes, found a longer one", Definition::MAX_BYTES)]
    TooLarge,
    /// It is nested deeper than what is read.
    #[error("expected at most {} nested arrays and objects, found more", Definition::MAX_DEPTH)]
    TooDeep,
}

impl DefinitionError {
    /// The same without what was found: an untrusted server wrote that, and what refuses a server's words must not carry
    /// them to the agent.
    #[must_use]
    pub fn unquoted(&self) -> String {
        match self {
            Self::Field { field, expected, .. } => {
                format!("field `{field}`: expected {expected}, found something else")
            }
            Self::TooLarge | Self::TooDeep => self.to_string(),
        }
    }
}

impl Definition {
    /// The most bytes that a definition may have, written as compact JSON. The longest ones known are some 20 KiB; this
    /// bounds what a server can make every session that meets it hold and compare.
    pub const MAX_BYTES: usize = 256 << 10;

    /// How many arrays and objects may stand inside one another, the definition itself being the first: four fewer than
    /// [`json::MAX_DEPTH`](crate::json::MAX_DEPTH), since a definition is carried inside events, locks and lists, and
    /// what is accepted in one of them must be read back from the others.
    pub const MAX_DEPTH: usize = crate::json::MAX_DEPTH - 4;

    /// Reads what a server says of the tool that it calls `tool`.
    ///
    /// A member that may be missing may also be `null`, as some servers write what is missing.
    ///
    /// # Errors
    /// The object is too large or too deep, has another name than `tool`, or a member that is read has another type
    /// than the protocol gives it (MCP 2025-11-25, `Tool`).
    pub fn read(tool: &ToolId, object: Object) -> Result<Self, DefinitionError> {
        Self::read_with(tool, object, Object::digest)
    }

    /// The same of an object that has this digest.
    pub(super) fn read_digested(tool: &ToolId, object: Object, digest: Digest) -> Result<Self, DefinitionError> {
        Self::read_with(tool, object, |_| digest)
    }

    fn read_with(
        tool: &ToolId,
        object: Object,
        digest: impl FnOnce(&Object) -> Digest,
    ) -> Result<Self, DefinitionError> {
        // Depth first: what is not too deep can be written and digested without a deep stack.
        if !is_within(&object, Self::MAX_DEPTH) {
            return Err(DefinitionError::TooDeep);
        }
        let mut room = Room(Self::MAX_BYTES);
        write!(room, "{object}").map_err(|_| DefinitionError::TooLarge)?;
        let wrong = |field, expected: String, found: Option<&Value>| {
            let found = found.map_or_else(|| "nothing".to_owned(), told);
            Err(DefinitionError::Field { field, expected, found })
        };
        if object.get("name").and_then(Value::as_str) != Some(tool.as_str()) {
            return wrong("name", format!("the tool's name, {}", quote(tool.as_str())), object.get("name"));
        }
        match object.get("description") {
            None | Some(Value::Null | Value::String(_)) => {}
            other => return wrong("description", "a string".to_owned(), other),
        }
        match object.get("annotations") {
            None | Some(Value::Null | Value::Object(_)) => {}
            other => return wrong("annotations", "an object".to_owned(), other),
        }
        let schema = object.get("inputSchema").filter(|value| **value != Value::Null);
        let arguments = Arc::new(schema::arguments(schema));
        Ok(Self { name: tool.clone(), digest: digest(&object), bytes: Self::MAX_BYTES - room.0, arguments, object })
    }

    /// The tool's name at its server.
    #[must_use]
    pub const fn name(&self) -> &ToolId {
        &self.name
    }

    /// What the server tells models about the tool.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.object.get("description").and_then(Value::as_str)
    }

    /// The JSON Schema of the tool's arguments, as it is written: nothing says yet that it is one.
    #[must_use]
    pub fn input_schema(&self) -> Option<&Value> {
        self.member("inputSchema")
    }

    /// The arguments of the tool's calls, by that schema.
    #[must_use]
    pub const fn arguments(&self) -> &Arc<Shape> {
        &self.arguments
    }

    /// The JSON Schema of the tool's structured results, as it is written.
    #[must_use]
    pub fn output_schema(&self) -> Option<&Value> {
        self.member("outputSchema")
    }

    /// What the server says of the tool's behaviour (`readOnlyHint`, `destructiveHint`, …), as it is written.
    #[must_use]
    pub fn annotations(&self) -> Option<&Object> {
        self.object.get("annotations").and_then(Value::as_object)
    }

    /// All of it.
    #[must_use]
    pub const fn object(&self) -> &Object {
        &self.object
    }

    /// The digest of all of it. Two definitions have the same if they are equal, whatever the order of their members.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Its length as compact JSON, in bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    fn member(&self, name: &str) -> Option<&Value> {
        self.object.get(name).filter(|value| **value != Value::Null)
    }
}

/// A value for a message: strings themselves, of others what they are.
fn told(value: &Value) -> String {
    value.as_str().map_or_else(|| value.kind().to_owned(), quote)
}

/// Whether at most `depth` arrays and objects stand inside one another. Looks no deeper.
fn is_within(object: &Object, depth: usize) -> bool {
    fn within(value: &Value, depth: usize) -> bool {
        match value {
            Value::Array(items) => depth > 0 && items.iter().all(|item| within(item, depth - 1)),
            Value::Object(object) => is_within(object, depth),
            _ => true,
        }
    }
    depth > 0 && object.values().all(|value| within(value, depth - 1))
}

/// Takes text and keeps nothing of it; fails where it is longer than what is left.
struct Room(usize);

impl fmt::Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::json::parse;

    fn read(tool: &str, text: &str) -> Result<Definition, DefinitionError> {
        let object = parse(text.as_bytes()).unwrap().as_object().unwrap().clone();
        Definition::read(&tool.parse().unwrap(), object)
    }

    #[test]
    fn a_definition_is_kept_whole_and_read_by_member() {
        let text = r#"{"name":"send","description":"Sends.","inputSchema":{"type":"object"},"outputSchema":true,"annotations":{"readOnlyHint":false},"x":1}"#;
        let send = read("send", text).unwrap();
        assert_eq!((send.name().as_str(), send.description()), ("send", Some("Sends.")));
        assert_eq!(send.input_schema().map(ToString::to_string).as_deref(), Some(r#"{"type":"object"}"#));
        assert_eq!(send.output_schema(), Some(&Value::Bool(true)));
        assert_eq!(send.annotations().map(ToString::to_string).as_deref(), Some(r#"{"readOnlyHint":false}"#));
        assert_eq!(send.object().to_string(), text);
        assert_eq!(send.digest(), parse(text.as_bytes()).unwrap().digest());
        assert_ne!(send.digest(), read("send", &text.replace(":1}", ":2}")).unwrap().digest());
    }

    #[test]
    fn what_is_missing_may_be_null() {
        let bare = read("t", r#"{"name":"t"}"#).unwrap();
        let nulls = r#"{"name":"t","description":null,"inputSchema":null,"outputSchema":null,"annotations":null}"#;
        for definition in [bare, read("t", nulls).unwrap()] {
            assert_eq!(definition.description(), None);
            assert_eq!(definition.input_schema(), None);
            assert_eq!(definition.output_schema(), None);
            assert_eq!(definition.annotations(), None);
        }
    }

    #[test]
    fn a_definition_of_another_tool_or_of_none_is_refused() {
        for (text, message) in [
            (r#"{"name":"pay\u200b"}"#, "field `name`: expected the tool's name, `pay`, found `pay\\u{200b}`"),
            ("{}", "field `name`: expected the tool's name, `pay`, found nothing"),
            (r#"{"name":7}"#, "field `name`: expected the tool's name, `pay`, found a number"),
            (r#"{"name":"pay","description":["x"]}"#, "field `description`: expected a string, found an array"),
            (r#"{"name":"pay","annotations":"x"}"#, "field `annotations`: expected an object, found `x`"),
        ] {
            let error = read("pay", text).unwrap_err();
            assert_eq!(error.to_string(), message);
            let (expected, _found) = message.rsplit_once(", found ").unwrap();
            assert_eq!(error.unquoted(), format!("{expected}, found something else"));
        }
    }

    #[test]
    fn a_definition_is_bounded_in_length() {
        let of_length = |length: usize| {
            let text = format!(r#"{{"name":"t","description":"{}"}}"#, "x".repeat(length - 29));
            assert_eq!(text.len(), length);
            read("t", &text)
        };
        assert!(of_length(Definition::MAX_BYTES).is_ok());
        assert_eq!(of_length(Definition::MAX_BYTES + 1), Err(DefinitionError::TooLarge));
    }

    #[test]
    fn a_definition_is_bounded_in_depth() {
        let of_depth = |depth: usize| {
            let mut value = Value::Null;
            for _ in 1..depth {
                value = vec![value].into();
            }
            let mut object = Object::new();
            object.insert("name", "t");
            object.insert("inputSchema", value);
            assert_eq!(Value::from(object.clone()).depth(), depth);
            Definition::read(&"t".parse().unwrap(), object)
        };
        assert!(of_depth(Definition::MAX_DEPTH).is_ok());
        assert_eq!(of_depth(Definition::MAX_DEPTH + 1), Err(DefinitionError::TooDeep));
    }
}

//! [`ToolResult`]: a tool's answer.

use super::write::{Member, insert};
use crate::json::{Loose, Object, Value};

/// A tool's answer, as MCP's `CallToolResult` has it.
///
/// As JSON: `content`, an array of content blocks, or `text`, which is short for one text block; `structured`;
/// `isError`, which is `false` if left out. `text` and `content` exclude each other; if there is neither, there must be
/// `structured`, and the content is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// The content blocks. Each is an object with a `type`; a block of type `text` has a `text`.
    pub content: Vec<Value>,
    /// The answer as data.
    pub structured: Option<Value>,
    /// Whether the tool failed.
    pub is_error: bool,
}

impl ToolResult {
    /// The answer that consists of one text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let mut block = Object::new();
        block.insert("type", "text");
        block.insert("text", text.into());
        Self { content: vec![block.into()], structured: None, is_error: false }
    }

    /// The text, if the content is one text block with nothing else to it.
    fn as_text(&self) -> Option<&str> {
        let [Value::Object(block)] = self.content.as_slice() else { return None };
        let is_text = block.len() == 2 && block.get("type").and_then(Value::as_str) == Some("text");
        if is_text { block.get("text")?.as_str() } else { None }
    }

    /// Adds `text` or `content`, and `structured`, to an object.
    pub(crate) fn write_content(&self, object: &mut Object) {
        let mut members = Vec::new();
        self.add_content_to(&mut members);
        insert(members, object);
    }

    /// The same, not copied.
    pub(super) fn add_content_to<'e>(&'e self, members: &mut Vec<Member<'e>>) {
        if let Some(text) = self.as_text() {
            members.push(("text", Loose::Text(text)));
        } else if !self.content.is_empty() || self.structured.is_none() {
            members.push(("content", Loose::Array(&self.content)));
        }
        if let Some(structured) = &self.structured {
            members.push(("structured", Loose::Value(structured)));
        }
    }
}

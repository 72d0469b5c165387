//! The one walk over what an event carries, so that inspection and repair cannot differ on what there is.

use crate::event::{Body, Note};
use crate::json::{Number, Object, Value, push_token};

/// What stands at one place of an event.
pub(super) enum Leaf<'e> {
    /// Text, which can be repaired.
    Text {
        /// Its media type.
        media_type: &'e str,
        /// The text.
        body: &'e str,
    },
    /// A key, which is text but is never rewritten. The path is that of its member.
    Key(&'e str),
    /// Text that something else goes by, such as a tool's name or a schema's `type`: read like any other, but never
    /// rewritten.
    Name(&'e str),
    /// A number.
    Number(&'e Number),
    /// Characters that are not text: base64, a protocol's word.
    Fixed(&'e str),
    /// A content block that holds something other than text.
    Opaque,
}

/// The media type of text that does not say.
const PLAIN: &str = "text/plain";

/// The member names of MCP's content blocks (revision 2025-11-25, `ContentBlock`). As they are the protocol's, they say
/// nothing to an agent and are not listed as keys; nor can a repair that would touch them mean them.
const BLOCK_WORDS: [&str; 17] = [
    "_meta",
    "annotations",
    "audience",
    "blob",
    "data",
    "description",
    "icons",
    "lastModified",
    "mimeType",
    "name",
    "priority",
    "resource",
    "size",
    "text",
    "title",
    "type",
    "uri",
];

/// The members of a tool's definition, and of the JSON Schemas in it, that are there to be read (MCP, `Tool`; JSON
/// Schema 2020-12, Validation, section 9.1, and Core, section 8.3). All other strings are names of some kind.
const PROSE: [&str; 3] = ["$comment", "description", "title"];

/// What is done at a leaf, given its path.
type Visit<'v, 'e, E> = &'v mut dyn FnMut(&str, Leaf<'e>) -> Result<(), E>;

/// Visits every leaf of `body` in the order in which they stand, with its path, until `visit` fails.
pub(super) fn walk<'e, E>(body: &'e Body, visit: Visit<'_, 'e, E>) -> Result<(), E> {
    let mut walk = Walk { path: String::new(), words: &[], visit };
    match body {
        Body::Input { text, .. } | Body::Output { text } | Body::Note(Note::Reasoning { text }) => {
            walk.text(PLAIN, text)
        }
        Body::ToolDefinition { definition, .. } => walk.definition(definition),
        Body::ToolCall { arguments, .. } => walk.object(arguments),
        Body::ToolResult { result, .. } => {
            walk.words = &BLOCK_WORDS;
            walk.path.push_str("/content");
            walk.items(&result.content, Walk::block)?;
            walk.words = &[];
            walk.path.clear();
            match &result.structured {
                Some(structured) => walk.under("structured", |walk| walk.value(structured)),
                None => Ok(()),
            }
        }
        Body::Note(Note::Usage(_)) => Ok(()),
        Body::Note(Note::Error { text } | Note::Retry { text }) => {
            text.as_deref().map_or(Ok(()), |text| walk.text(PLAIN, text))
        }
    }
}

/// A walk that has come to `path`.
struct Walk<'v, 'e, E> {
    path: String,
    /// The keys that are not to be visited.
    words: &'static [&'static str],
    visit: Visit<'v, 'e, E>,
}

impl<'e, E> Walk<'_, 'e, E> {
    /// Does `step` at the member or item `token`.
    fn under(&mut self, token: &str, step: impl FnOnce(&mut Self) -> Result<(), E>) -> Result<(), E> {
        let len = self.path.len();
        push_token(&mut self.path, token);
        step(self)?;
        self.path.truncate(len);
        Ok(())
    }

    fn visit(&mut self, leaf: Leaf<'e>) -> Result<(), E> {
        (self.visit)(&self.path, leaf)
    }

    fn text(&mut self, media_type: &'e str, body: &'e str) -> Result<(), E> {
        self.visit(Leaf::Text { media_type, body })
    }

    fn value(&mut self, value: &'e Value) -> Result<(), E> {
        match value {
            Value::Null | Value::Bool(_) => Ok(()),
            Value::Number(number) => self.visit(Leaf::Number(number)),
            Value::String(text) => self.text(PLAIN, text),
            Value::Array(items) => self.items(items, Self::value),
            Value::Object(object) => self.object(object),
        }
    }

    fn object(&mut self, object: &'e Object) -> Result<(), E> {
        self.members(object, |walk, _, value| walk.value(value))
    }

    /// A tool's definition, or an object in it.
    fn definition(&mut self, object: &'e Object) -> Result<(), E> {
        self.members(object, |walk, key, value| match value {
            Value::String(text) if PROSE.contains(&key) => walk.text(PLAIN, text),
            _ => walk.schema(value),
        })
    }

    /// A value in a tool's definition that is not prose.
    fn schema(&mut self, value: &'e Value) -> Result<(), E> {
        match value {
            Value::String(name) => self.visit(Leaf::Name(name)),
            Value::Array(items) => self.items(items, Self::schema),
            Value::Object(object) => self.definition(object),
            _ => self.value(value),
        }
    }

    /// Does `step` at each of `items`.
    fn items(
        &mut self,
        items: &'e [Value],
        mut step: impl FnMut(&mut Self, &'e Value) -> Result<(), E>,
    ) -> Result<(), E> {
        for (index, item) in items.iter().enumerate() {
            self.under(&index.to_string(), |walk| step(walk, item))?;
        }
        Ok(())
    }

    /// Visits each key of `object`, and does `step` at each value.
    fn members(
        &mut self,
        object: &'e Object,
        mut step: impl FnMut(&mut Self, &'e str, &'e Value) -> Result<(), E>,
    ) -> Result<(), E> {
        for (key, value) in object.iter() {
            self.under(key, |walk| {
                if !walk.words.contains(&key) {
                    walk.visit(Leaf::Key(key))?;
                }
                step(walk, key, value)
            })?;
        }
        Ok(())
    }

    /// A content block. Whatever is not known to be something else is text: a description or an unknown member reaches
    /// the agent as well.
    fn block(&mut self, block: &'e Value) -> Result<(), E> {
        let Value::Object(object) = block else { return self.value(block) };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        let known = matches!(kind, "text" | "image" | "audio" | "resource" | "resource_link");
        let blob = block.pointer("/resource/blob").is_some();
        if !known || matches!(kind, "image" | "audio") || (kind == "resource" && blob) {
            self.visit(Leaf::Opaque)?;
        }
        self.members(object, |walk, key, value| match (key, value) {
            ("type", Value::String(kind)) if known => walk.visit(Leaf::Fixed(kind)),
            ("data", Value::String(data)) if matches!(kind, "image" | "audio") => walk.visit(Leaf::Fixed(data)),
            ("resource", Value::Object(resource)) if kind == "resource" => walk.resource(resource),
            _ => walk.value(value),
        })
    }

    /// The resource in a block of type `resource`: text, or base64 in `blob`.
    fn resource(&mut self, resource: &'e Object) -> Result<(), E> {
        let media_type = resource.get("mimeType").and_then(Value::as_str).filter(|name| is_media_type(name));
        self.members(resource, |walk, key, value| match (key, value) {
            ("text", Value::String(text)) => walk.text(media_type.unwrap_or(PLAIN), text),
            ("blob", Value::String(blob)) => walk.visit(Leaf::Fixed(blob)),
            _ => walk.value(value),
        })
    }
}

/// Whether `name` has the form of a media type: `type/subtype` and perhaps parameters, in at most 255 bytes of ASCII.
fn is_media_type(name: &str) -> bool {
    name.len() <= 255
        && name.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && name.split_once('/').is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty())
}

//! [`parts()`]: what there is for guards to read in an event.

use std::{collections::HashSet, convert::Infallible};

use super::walk::{Leaf, walk};
use crate::event::Event;

/// One piece of text of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'e> {
    /// Where it stands: an RFC 6901 pointer into what the event carries, or `""` for plain text.
    ///
    /// * input, output, note: `""`;
    /// * call: into its arguments;
    /// * definition: into it;
    /// * result: `/content/…` and `/structured/…`, so `/content/0/text` for the text of the first block.
    ///
    /// The path of a key is that of its member followed by `#key`.
    pub path: String,
    /// The media type: what an embedded resource says of itself, else `text/plain`.
    pub media_type: &'e str,
    /// The text. Spans are UTF-8 byte offsets in it.
    pub body: &'e str,
    /// Whether this is a key. Keys are never rewritten.
    pub is_key: bool,
}

/// What there is for guards to read in an event, and what there is that they cannot read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts<'e> {
    /// The texts, in the order in which they stand.
    pub parts: Vec<Part<'e>>,
    /// The paths of the content blocks that hold something other than text (images, audio, binary resources, blocks
    /// of a type we do not know), which makes the fact `coverage.uninspected`.
    pub uninspectable: Vec<String>,
}

/// There is more text in an event than one check takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// Too many parts.
    #[error("expected at most {} parts of text in an event, found more", Parts::MAX_PARTS)]
    Parts,
    /// Too many bytes.
    #[error("expected at most {} bytes of text and paths in an event, found more", Parts::MAX_BYTES)]
    Bytes,
}

impl Parts<'_> {
    /// The most parts of one event. Each costs a guard some hundred nanoseconds, whatever its length.
    pub const MAX_PARTS: usize = 10_000;

    /// The most bytes of one event's parts, bodies and paths together. Paths count, since a leaf repeats the keys that
    /// it stands under.
    pub const MAX_BYTES: usize = 16 << 20;
}

/// Everything that is said in an event, with the path of its part: what guards are shown, and numbers.
pub(crate) fn sayings(event: &Event) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let walked = walk(&event.body, &mut |path: &str, leaf| {
        match leaf {
            Leaf::Text { body, .. } | Leaf::Name(body) => found.push((path.to_owned(), body)),
            Leaf::Key(key) => found.push((format!("{path}#key"), key)),
            Leaf::Number(number) => found.push((path.to_owned(), number.as_str())),
            Leaf::Fixed(_) | Leaf::Opaque => {}
        }
        Ok::<_, Infallible>(())
    });
    let Ok(()) = walked;
    found
}

/// Lists what there is to read in `event`: plain text, every string, and every key.
///
/// A key that stands in several objects, as in a list of records, is listed once, where it first stands. Of content
/// blocks, the members that MCP itself names are not listed as keys, and `data` and `blob` hold no text.
///
/// # Errors
///
/// If there is more than one check takes. It is for the caller to deny the event then.
pub fn parts(event: &Event) -> Result<Parts<'_>, TooLarge> {
    let mut found = Parts::default();
    let mut keys = HashSet::new();
    let mut bytes = 0_usize;
    walk(&event.body, &mut |path: &str, leaf| {
        let part = match leaf {
            Leaf::Text { media_type, body } => Part { path: path.to_owned(), media_type, body, is_key: false },
            Leaf::Name(body) => Part { path: path.to_owned(), media_type: "text/plain", body, is_key: false },
            Leaf::Key(key) if keys.insert(key) => {
                Part { path: format!("{path}#key"), media_type: "text/plain", body: key, is_key: true }
            }
            Leaf::Opaque => {
                bytes += path.len();
                found.uninspectable.push(path.to_owned());
                return if bytes > Parts::MAX_BYTES { Err(TooLarge::Bytes) } else { Ok(()) };
            }
            Leaf::Key(_) | Leaf::Number(_) | Leaf::Fixed(_) => return Ok(()),
        };
        bytes += part.path.len() + part.body.len();
        if bytes > Parts::MAX_BYTES {
            return Err(TooLarge::Bytes);
        }
        if found.parts.len() == Parts::MAX_PARTS {
            return Err(TooLarge::Parts);
        }
        found.parts.push(part);
        Ok(())
    })?;
    Ok(found)
}

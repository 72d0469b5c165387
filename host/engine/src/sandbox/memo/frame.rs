//! What a report depends on, as bytes: the whole item, so that no two items have the same.
//!
//! Each text is preceded by its length and each list by the number of its items, in eight bytes; what may be missing by
//! whether it is there; the whole by which `inspect` it is for. So the bytes can be read back in one way only, and two
//! items with the same bytes are the same.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::sandbox::contract::{
    Call, Definition, Item,
    guardhouse::guard::types::{AttributeParam, Part},
};

/// What takes the bytes.
pub(in crate::sandbox) trait Frame {
    /// Takes some more.
    fn take(&mut self, bytes: &[u8]);

    /// A number.
    fn number(&mut self, number: usize) {
        self.take(&(number as u64).to_le_bytes());
    }

    /// Yes or no.
    fn flag(&mut self, flag: bool) {
        self.take(&[u8::from(flag)]);
    }

    /// A text.
    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.take(text.as_bytes());
    }

    /// Pieces of text.
    fn parts(&mut self, parts: &[Part<'_>]) {
        self.number(parts.len());
        for part in parts {
            // Whole, so that nothing of it is left out; the same below.
            let Part { path, media_type, body, view, more_before, more_after } = part;
            for text in [path, media_type, body, view] {
                self.text(text);
            }
            self.flag(*more_before);
            self.flag(*more_after);
        }
    }

    /// What else there is to say.
    fn attributes(&mut self, attributes: &[AttributeParam<'_>]) {
        self.number(attributes.len());
        for AttributeParam { key, value } in attributes {
            self.text(key);
            self.text(value);
        }
    }
}

impl Frame for Hmac<Sha256> {
    fn take(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// What a guard is given to inspect.
pub(in crate::sandbox) trait Framed {
    /// Gives all of it to `frame`.
    fn frame(&self, frame: &mut impl Frame);
}

impl Framed for Item<'_> {
    fn frame(&self, frame: &mut impl Frame) {
        let Self { checkpoint, source, trusted, parts, attributes } = self;
        frame.text("text-guard");
        frame.text(checkpoint);
        frame.text(source);
        frame.flag(*trusted);
        frame.parts(parts);
        frame.attributes(attributes);
    }
}

impl Framed for Call<'_> {
    fn frame(&self, frame: &mut impl Frame) {
        let Self { server, tool, arguments, input_schema, parts, attributes } = self;
        frame.text("call-guard");
        frame.text(server);
        frame.text(tool);
        frame.text(arguments);
        frame.flag(input_schema.is_some());
        frame.text(input_schema.unwrap_or_default());
        frame.parts(parts);
        frame.attributes(attributes);
    }
}

impl Framed for Definition<'_> {
    fn frame(&self, frame: &mut impl Frame) {
        let Self { server, tool, definition, parts, attributes } = self;
        frame.text("definition-guard");
        frame.text(server);
        frame.text(tool);
        frame.text(definition);
        frame.parts(parts);
        frame.attributes(attributes);
    }
}

#[cfg(test)]
mod tests;

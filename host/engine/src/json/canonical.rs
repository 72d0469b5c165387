//! The canonical form of a value, and its digest.

use std::cmp::Ordering;

use super::{Digest, Object, Value, write_string};

impl Value {
    /// The one text that all values equal to this share: RFC 8785, with exact numbers.
    ///
    /// Members are sorted by the UTF-16 code units of their keys, strings escaped as [RFC 8785] prescribes, numbers
    /// written by their exact value (see [`Number::canonical`](super::Number::canonical)). As long as the value, save
    /// that a number may take 21 digits where it was written in fewer.
    ///
    /// [RFC 8785]: https://www.rfc-editor.org/rfc/rfc8785
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        write_value(&mut text, self);
        text
    }

    /// The SHA-256 of the [canonical form](Self::canonical).
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical())
    }
}

impl Object {
    /// The digest of the value that this object is, see [`Value::digest`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut text = String::new();
        write_object(&mut text, self);
        Digest::of(text)
    }
}

/// A value that is put together out of what is there already, so that it can be digested without a copy.
#[derive(Debug)]
pub(crate) enum Loose<'v> {
    Text(&'v str),
    Value(&'v Value),
    Array(&'v [Value]),
    Object(&'v Object),
    Own(Value),
}

impl Loose<'_> {
    /// The value.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Value(value) => value.clone(),
            Self::Array(items) => items.to_vec().into(),
            Self::Object(object) => object.clone().into(),
            Self::Own(value) => value,
        }
    }
}

/// The digest of the object that has these members, whose names differ.
pub(crate) fn digest_of(mut members: Vec<(&str, Loose<'_>)>) -> Digest {
    members.sort_unstable_by(|(a, _), (b, _)| by_code_units(a, b));
    let mut text = String::with_capacity(1_024);
    write_members(&mut text, members, |text, value| match value {
        Loose::Text(string) => write_key(text, string),
        Loose::Value(value) => write_value(text, value),
        Loose::Array(items) => write_array(text, items),
        Loose::Object(object) => write_object(text, object),
        Loose::Own(value) => write_value(text, &value),
    });
    Digest::of(text)
}

/// Writes the canonical form of `value` to the end of `text`.
fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.canonical()),
        Value::String(string) => write_key(text, string),
        Value::Array(items) => write_array(text, items),
        Value::Object(object) => write_object(text, object),
    }
}

fn write_array(text: &mut String, items: &[Value]) {
    text.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_value(text, item);
    }
    text.push(']');
}

/// Writes the canonical form of `object` to the end of `text`.
fn write_object(text: &mut String, object: &Object) {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_unstable_by(|(a, _), (b, _)| by_code_units(a, b));
    write_members(text, members, write_value);
}

/// Writes an object with these members, in their order, each value by `write`.
fn write_members<'k, V>(
    text: &mut String,
    members: impl IntoIterator<Item = (&'k str, V)>,
    write: impl Fn(&mut String, V),
) {
    text.push('{');
    for (index, (key, value)) in members.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_key(text, key);
        text.push(':');
        write(text, value);
    }
    text.push('}');
}

/// Writes a string to the end of `text`.
fn write_key(text: &mut String, string: &str) {
    // Writing to a string cannot fail.
    let _ = write_string(text, string);
}

/// The order of RFC 8785, section 3.2.3: by UTF-16 code units, in which U+10000 comes before U+FFFF.
fn by_code_units(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

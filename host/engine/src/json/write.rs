//! Writing JSON: compact, in one way, every number as it was read.

use std::fmt::{self, Write};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::{Object, Value};

/// Compact JSON: no white space, members in their order, numbers as they were written.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Number(number) => f.write_str(number.as_str()),
            Self::String(text) => write_string(f, text),
            Self::Array(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Object(object) => object.fmt(f),
        }
    }
}

/// As [`Value`]'s.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('{')?;
        for (index, (key, value)) in self.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            write_string(f, key)?;
            f.write_char(':')?;
            value.fmt(f)?;
        }
        f.write_char('}')
    }
}

/// Writes `text` as a JSON string, escaped as RFC 8785, section 3.2.2.2, prescribes: what must be escaped, by the short
/// escape where there is one, and nothing else.
pub(crate) fn write_string(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut plain = 0;
    while let Some(offset) = next_escaped(text.as_bytes(), plain) {
        let byte = text.as_bytes().get(offset).copied().unwrap_or_default();
        out.write_str(text.get(plain..offset).unwrap_or_default())?;
        match byte {
            b'"' => out.write_str("\\\"")?,
            b'\\' => out.write_str("\\\\")?,
            0x08 => out.write_str("\\b")?,
            b'\t' => out.write_str("\\t")?,
            b'\n' => out.write_str("\\n")?,
            0x0c => out.write_str("\\f")?,
            b'\r' => out.write_str("\\r")?,
            _ => write!(out, "\\u{byte:04x}")?,
        }
        plain = offset + 1;
    }
    out.write_str(text.get(plain..).unwrap_or_default())?;
    out.write_char('"')
}

/// Where from `from` on the next byte stands that must be escaped. Most texts have few, so whole chunks are looked at at once.
fn next_escaped(text: &[u8], from: usize) -> Option<usize> {
    const CHUNK: usize = 32;
    let is_escaped = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let rest = text.get(from..)?;
    let (chunks, _) = rest.as_chunks::<CHUNK>();
    // Without a branch inside, so that it becomes a few vector instructions.
    let plain = chunks.iter().take_while(|chunk| !chunk.iter().fold(false, |any, byte| any | is_escaped(byte))).count();
    let at = from + plain * CHUNK;
    text.get(at..)?.iter().position(is_escaped).map(|place| at + place)
}

/// Fails on a number that serde cannot carry exactly; see [`json`](super).
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut array = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| array.serialize_element(item))?;
                array.end()
            }
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

/// Fails on a number that serde cannot carry exactly; see [`json`](super).
impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        self.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

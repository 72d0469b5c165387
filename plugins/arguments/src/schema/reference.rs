//! Where a `$ref` leads. Only within the schema: nothing is ever fetched.

use serde_json::Value;

/// Bytes of the longest reference that is followed.
const LONGEST: usize = 1024;

/// The schema that `reference` names within `root`: `#`, a JSON Pointer in a fragment, or an anchor among the root's
/// definitions. `None` for anything else.
pub(crate) fn resolve<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    if reference.len() > LONGEST {
        return None;
    }
    let fragment = match reference.strip_prefix('#') {
        Some(fragment) => fragment,
        // The schema's own identifier before the fragment.
        None => reference.strip_prefix(root.get("$id")?.as_str()?.trim_end_matches('#'))?.strip_prefix('#').or_else(
            || {
                let own = root.get("$id")?.as_str()?;
                (reference == own).then_some("")
            },
        )?,
    };
    let fragment = percent_decoded(fragment)?;
    if fragment.is_empty() || fragment.starts_with('/') {
        return root.pointer(&fragment);
    }
    let definitions = ["$defs", "definitions"].into_iter().filter_map(|name| root.get(name)?.as_object());
    let anchored = |schema: &&Value| schema.get("$anchor").and_then(Value::as_str) == Some(&fragment);
    definitions.flat_map(serde_json::Map::values).find(anchored)
}

/// Steps that following a reference takes: its length, and for an anchor the definitions that are searched.
pub(super) fn cost(root: &Value, reference: &str) -> usize {
    let searched = |name: &str| root.get(name).and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let anchor = if reference.contains('/') { 0 } else { searched("$defs") + searched("definitions") };
    reference.len() / 16 + anchor
}

/// The text with its percent-encoding decoded (RFC 3986, section 2.1).
fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_string());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%' {
            let digits = text.get(at + 1..at + 3)?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

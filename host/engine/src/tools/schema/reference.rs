//! `$ref` to a place in the same schema: `#`, or `#/` and a JSON Pointer.

use std::borrow::Cow;

use crate::json::Value;

/// The most bytes that a reference may have. Generated ones name a type: about 100.
const MAX_REFERENCE: usize = 1_024;

/// What `reference` names in `root`; `None` if that is nothing, or named in another way, or in another document.
pub(super) fn target<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let fragment = reference.strip_prefix('#').filter(|fragment| fragment.len() <= MAX_REFERENCE)?;
    root.pointer(&decoded(fragment)?)
}

/// A fragment of a URI without its percent-encoding (RFC 3986, section 2.1); `None` if it is not UTF-8 then.
fn decoded(fragment: &str) -> Option<Cow<'_, str>> {
    if !fragment.contains('%') {
        return Some(Cow::Borrowed(fragment));
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pointer_into_the_same_document_is_followed() {
        let root = crate::json::parse(br#"{"$defs":{"a b":{"c/d":1},"e%":2}}"#).unwrap_or_default();
        let one = Value::from(1_i64);
        assert_eq!(target(&root, "#"), Some(&root));
        assert_eq!(target(&root, "#/$defs/a b/c~1d"), Some(&one));
        assert_eq!(target(&root, "#/$defs/a%20b/c%7E1d"), Some(&one));
        assert_eq!(target(&root, "#/%24defs/e%25"), Some(&Value::from(2_i64)));
        for reference in ["", "/$defs", "#$defs", "#anchor", "#/$defs/e%", "#/%ff", "#/%zz", "other.json#/$defs"] {
            assert_eq!(target(&root, reference), None, "{reference}");
        }
        assert_eq!(target(&root, &format!("#/{}", "a".repeat(MAX_REFERENCE))), None);
    }
}

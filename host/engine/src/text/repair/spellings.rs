//! The other spellings of a text that stand in a tool's answer.

use std::fmt::Write as _;

use crate::json::{self, Value};

/// `text` as JSON writes it inside a string, where that differs; and what it says if it is itself such a writing.
///
/// A tool's answer often has the same data twice, as `structured` and, written as JSON, in a text block (MCP asks for
/// it). The writings are those of most serializers: what must be escaped, with or without all that is not ASCII.
pub(super) fn spellings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |spelling: String| {
        if spelling != text && !found.contains(&spelling) {
            found.push(spelling);
        }
    };
    let quoted = Value::from(text).to_string();
    let escaped = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    if !text.is_ascii() {
        add(ascii(escaped));
    }
    add(escaped.to_owned());
    if text.contains('\\')
        && let Ok(Value::String(said)) = json::parse(format!("\"{text}\"").as_bytes())
    {
        add(said);
    }
    found
}

/// `text` with what is not ASCII as `\u` escapes of its UTF-16 code units, in lower-case digits.
fn ascii(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_ascii_has_one_spelling() {
        assert!(spellings("sk-live-1234").is_empty());
    }

    #[test]
    fn a_text_is_known_in_its_escaped_forms() {
        assert_eq!(spellings("Zoë\"😀"), ["Zo\\u00eb\\\"\\ud83d\\ude00", "Zoë\\\"😀"]);
    }

    #[test]
    fn an_escaped_form_is_known_in_what_it_says() {
        assert!(spellings("a\\\"b").contains(&"a\"b".to_owned()));
        assert!(spellings("C:\\users").iter().all(|spelling| spelling == "C:\\\\users"));
    }
}

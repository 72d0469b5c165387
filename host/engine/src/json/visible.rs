//! [`Visible`]: JSON for a person that reviews it.

use std::fmt::{self, Write as _};

use super::{Value, write_string};
use crate::text::acts_on_its_reader;

/// Writes a value so that a person sees all of it: every character that acts on its reader or is not drawn (control,
/// zero-width, bidirectional, tag characters) is written as an escape. It reads back equal.
///
/// `{}` writes it compactly, `{:#}` with one member or item a line, indented by two spaces a level.
#[derive(Debug, Clone, Copy)]
pub struct Visible<'v>(pub &'v Value);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.0, f.alternate().then_some(0))
    }
}

/// Writes `value`, which stands at `level` where one member or item is written a line.
fn write(f: &mut fmt::Formatter<'_>, value: &Value, level: Option<usize>) -> fmt::Result {
    let inside = level.map(|level| level + 1);
    match value {
        Value::String(text) => write_visible(f, text),
        Value::Array(items) if !items.is_empty() => {
            f.write_char('[')?;
            for (index, item) in items.iter().enumerate() {
                begin(f, index, inside)?;
                write(f, item, inside)?;
            }
            end(f, level)?;
            f.write_char(']')
        }
        Value::Object(object) if !object.is_empty() => {
            f.write_char('{')?;
            for (index, (key, value)) in object.iter().enumerate() {
                begin(f, index, inside)?;
                write_visible(f, key)?;
                f.write_str(if inside.is_some() { ": " } else { ":" })?;
                write(f, value, inside)?;
            }
            end(f, level)?;
            f.write_char('}')
        }
        other => write!(f, "{other}"),
    }
}

/// What stands before the member or item `index`.
fn begin(f: &mut fmt::Formatter<'_>, index: usize, level: Option<usize>) -> fmt::Result {
    if index > 0 {
        f.write_char(',')?;
    }
    end(f, level)
}

/// A new line for what stands at `level`.
fn end(f: &mut fmt::Formatter<'_>, level: Option<usize>) -> fmt::Result {
    level.map_or(Ok(()), |level| write!(f, "\n{:1$}", "", 2 * level))
}

/// Writes a JSON string, with what does not show as `\u` and four digits, or two of these (RFC 8259, section 7).
fn write_visible(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut plain = String::new();
    write_string(&mut plain, text)?;
    for character in plain.chars() {
        if acts_on_its_reader(character) {
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().try_for_each(|unit| write!(f, "\\u{unit:04x}"))?;
        } else {
            f.write_char(character)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::super::{parse, tests::value};
    use super::*;

    #[test]
    fn a_value_is_shown_on_one_line_or_on_many() {
        let value = parse("{\"a\":[1.50,{}],\"b\u{200b}\":\"\u{e0041}\u{9b}é\\n\",\"c\":[]}".as_bytes()).unwrap();
        let line = r#"{"a":[1.50,{}],"b\u200b":"\udb40\udc41\u009bé\n","c":[]}"#;
        assert_eq!(Visible(&value).to_string(), line);
        let lines =
            "{\n  \"a\": [\n    1.50,\n    {}\n  ],\n  \"b\\u200b\": \"\\udb40\\udc41\\u009bé\\n\",\n  \"c\": []\n}";
        assert_eq!(format!("{:#}", Visible(&value)), lines);
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_and_hides_nothing(value in value()) {
            for text in [Visible(&value).to_string(), format!("{:#}", Visible(&value))] {
                prop_assert_eq!(&parse(text.as_bytes()).unwrap(), &value);
                prop_assert!(!text.chars().any(|c| c != '\n' && acts_on_its_reader(c)), "{}", text);
            }
        }
    }
}

//! [`JsonError`]: where a text stopped being JSON, or JSON that we accept.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Value;
use crate::lines::line_of;

/// Where a text stopped being JSON that [`parse`](super::parse()) accepts, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}, found {found}")]
pub struct JsonError {
    line: usize,
    column: usize,
    expected: Cow<'static, str>,
    found: String,
}

impl JsonError {
    /// An error at byte `offset` of `input`. `offset` may be the input's length: its end.
    pub(super) fn at(
        input: &[u8],
        offset: usize,
        expected: impl Into<Cow<'static, str>>,
        found: impl Into<String>,
    ) -> Self {
        let before = input.get(..offset).unwrap_or(input);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let this_line = before.get(line_start..).unwrap_or_default();
        Self {
            line: line_of(input, offset),
            // Every byte that does not continue a character begins one.
            column: 1 + this_line.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count(),
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in characters (Unicode scalar values), from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What would have been accepted there.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What stood there.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

/// `text` in backticks for a message: control characters escaped, so that a sender cannot write to the reader's
/// terminal, and cut after 64 characters.
pub(crate) fn quote(text: &str) -> String {
    const SHOWN: usize = 64;
    let mut quoted = String::from("`");
    for character in text.chars().take(SHOWN) {
        // `escape_debug` knows what is invisible; quotes need no backslash between backticks.
        if matches!(character, '"' | '\'' | '\\') {
            quoted.push(character);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(quoted, "{}", character.escape_debug());
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}

/// A value for a message: a string, a number and a truth value themselves, of others what they are.
pub(crate) fn told(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Number(number) => quote(number.as_str()),
        Value::Bool(truth) => format!("`{truth}`"),
        other => other.kind().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{quote, told};
    use crate::json::parse;

    #[test]
    fn a_quoted_text_cannot_steer_a_terminal() {
        assert_eq!(quote("a\u{1b}[2J\u{202e}\"é"), "`a\\u{1b}[2J\\u{202e}\"é`");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(quote(&"x".repeat(65)), format!("`{}…`", "x".repeat(64)));
    }

    #[test]
    fn what_is_short_is_told_itself_and_of_others_what_they_are() {
        for (text, expected) in [
            (r#""a\u001bb""#, r"`a\u{1b}b`"),
            ("1.50", "`1.50`"),
            ("true", "`true`"),
            ("null", "null"),
            ("[1]", "an array"),
            ("{}", "an object"),
        ] {
            assert_eq!(told(&parse(text.as_bytes()).unwrap()), expected);
        }
    }
}

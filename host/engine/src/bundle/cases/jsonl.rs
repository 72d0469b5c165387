//! Test files as JSON lines: one case a line, read strictly; blank lines are passed over.

use std::ops::Range;

use super::place::Place;
use crate::json::{self, JsonError, Value};

/// A line that is not JSON: where, and why.
type Refusal = (Range<usize>, String);

/// The value of each line that is not blank, and where it stands.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Result<(Value, Place), Refusal>> {
    let mut next = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = next;
        next += line.len();
        // Without the line's end, so that a case that is cut short is told to end where it does.
        let line = line.trim_ascii_end();
        if line.is_empty() {
            return None;
        }
        let at = start..start + line.len();
        Some(
            json::parse(line.as_bytes())
                .map(|value| (value, Place::whole(at)))
                .map_err(|error| refusal(start, line, &error)),
        )
    })
}

/// JSON's own lines are of no use inside one line, its columns are.
fn refusal(start: usize, line: &str, error: &JsonError) -> Refusal {
    let column = error.column();
    let before: usize = line.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let character = line.get(before..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let at = start + before..start + before + character;
    (at, format!("column {column}: expected {}, found {}", error.expected(), error.found()))
}

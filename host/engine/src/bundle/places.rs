//! Where things stand in the text of a JSON file.

use std::ops::Range;

use crate::json::JsonError;

/// Where the keys of a JSON text stand: those of the outermost object in order, each with those of the object inside.
///
/// Parsed values do not know where they stood. This runs on text that was parsed, and only counts.
pub(super) struct Places {
    pub(super) keys: Vec<Place>,
}

/// Where a key of the outermost object stands, and the keys of its value.
pub(super) struct Place {
    pub(super) key: Range<usize>,
    pub(super) inside: Vec<Range<usize>>,
}

impl Places {
    pub(super) fn of(text: &str) -> Self {
        let mut places: Vec<Place> = Vec::new();
        let (mut depth, mut at, mut last_string) = (0_usize, 0, 0..0);
        while let Some(rest) = text.as_bytes().get(at..)
            && let Some(byte) = rest.first()
        {
            let mut length = 1;
            match byte {
                b'"' => {
                    length = string_length(rest);
                    last_string = at..at + length;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                // Outside of strings, a colon follows a key and stands nowhere else.
                b':' if depth == 1 => places.push(Place { key: last_string.clone(), inside: Vec::new() }),
                b':' if depth == 2 => {
                    if let Some(place) = places.last_mut() {
                        place.inside.push(last_string.clone());
                    }
                }
                _ => {}
            }
            at += length;
        }
        Self { keys: places }
    }
}

/// The bytes of the string that `rest` begins with, quotes included.
fn string_length(rest: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The byte at which a text stopped being JSON.
pub(super) fn place_of(text: &str, error: &JsonError) -> Range<usize> {
    let before: usize = text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum();
    let line = text.get(before..).unwrap_or_default();
    let column = line.char_indices().nth(error.column() - 1).map_or(line.len(), |(at, _)| at);
    before + column..before + column
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::json::parse;

    #[test]
    fn keys_are_found_where_they_stand() {
        let text = r#"{"a:\"":{"b":[{"c":1}],"{":{}},"d":[{"e":1}],"f":1}"#;
        let shown: Vec<_> = Places::of(text)
            .keys
            .into_iter()
            .map(|place| {
                (
                    text.get(place.key).unwrap(),
                    place.inside.into_iter().map(|key| text.get(key).unwrap()).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(shown, [(r#""a:\"""#, vec![r#""b""#, r#""{""#]), (r#""d""#, vec![]), (r#""f""#, vec![])]);
    }

    #[test]
    fn an_error_is_found_where_it_stands() {
        for (text, at) in [("", 0), ("[\"é\" x]", 6), ("[1", 2), ("[\r\n\"a\nb\"]", 5)] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert_eq!(place_of(text, &error), at..at, "{text:?}: {error}");
        }
    }
}

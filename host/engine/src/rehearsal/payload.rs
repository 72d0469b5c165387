//! Where what stands in for an original is not what a case expects.

use super::Difference;
use crate::{
    bundle::ExpectedPayload,
    decision::Repaired,
    json::{Value, push_token},
};

/// Most places that are told: a payload that is another altogether has no end of them.
const MOST: usize = 16;

/// The places in which the two differ.
pub(super) fn differences(expected: &ExpectedPayload, found: Option<&Repaired>) -> Vec<Difference> {
    let mut comparison = Comparison { at: String::new(), differences: Vec::new() };
    match expected {
        ExpectedPayload::Text(text) => comparison.member("text", &text.as_str().into(), found),
        ExpectedPayload::Arguments(object) => comparison.member("arguments", &object.clone().into(), found),
        ExpectedPayload::Definition(object) => comparison.member("tool", &object.clone().into(), found),
        ExpectedPayload::Result { content, structured } => {
            if let Some(blocks) = content {
                comparison.member("content", &blocks.clone().into(), found);
            }
            if let Some(structured) = structured {
                comparison.member("structured", structured, found);
            }
        }
    }
    comparison.differences
}

/// The member of a payload, as a decision has it; a result's one text counts as its content.
fn member(found: &Repaired, name: &str) -> Option<Value> {
    match (found, name) {
        (Repaired::Text(text), "text") => Some(text.as_str().into()),
        (Repaired::Arguments(object), "arguments") | (Repaired::Definition(object), "tool") => {
            Some(object.clone().into())
        }
        (Repaired::Result(result), "content") => Some(result.content.clone().into()),
        (Repaired::Result(result), "structured") => result.structured.clone(),
        _ => None,
    }
}

/// One comparison, which has come to `at`.
struct Comparison {
    at: String,
    differences: Vec<Difference>,
}

impl Comparison {
    fn member(&mut self, name: &str, expected: &Value, found: Option<&Repaired>) {
        let found = found.and_then(|found| member(found, name));
        self.inside(name, Some(expected), found.as_ref());
    }

    /// Compares what stands at `token` of where we are. Depth is that of values, which is bounded.
    fn inside(&mut self, token: &str, expected: Option<&Value>, found: Option<&Value>) {
        let length = self.at.len();
        push_token(&mut self.at, token);
        self.here(expected, found);
        self.at.truncate(length);
    }

    fn here(&mut self, expected: Option<&Value>, found: Option<&Value>) {
        match (expected, found) {
            _ if self.differences.len() >= MOST || expected == found => {}
            (Some(Value::Object(expected)), Some(Value::Object(found))) => {
                for (key, value) in expected.iter() {
                    self.inside(key, Some(value), found.get(key));
                }
                for (key, value) in found.iter().filter(|(key, _)| expected.get(key).is_none()) {
                    self.inside(key, None, Some(value));
                }
            }
            (Some(Value::Array(expected)), Some(Value::Array(found))) => {
                for index in 0..expected.len().max(found.len()) {
                    self.inside(&index.to_string(), expected.get(index), found.get(index));
                }
            }
            _ => self.differences.push(Difference::Payload {
                at: self.at.clone(),
                expected: expected.cloned(),
                found: found.cloned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::{event::ToolResult, json};

    fn told(expected: &str, found: &str) -> Vec<String> {
        let object = |text: &str| json::parse(text.as_bytes()).unwrap().as_object().unwrap().clone();
        let found = Repaired::Arguments(object(found));
        let show = |value: Option<Value>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
        differences(&ExpectedPayload::Arguments(object(expected)), Some(&found))
            .into_iter()
            .map(|difference| match difference {
                Difference::Payload { at, expected, found } => format!("{at}: {} {}", show(expected), show(found)),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn only_the_places_that_differ_are_told() {
        let same = r#"{"a":{"b":[1,{"c":2}]},"d":1.0}"#;
        assert!(told(same, r#"{"d":1,"a":{"b":[1.0,{"c":2e0}]}}"#).is_empty());
        assert_eq!(
            told(same, r#"{"a":{"b":[1,{"c":3},4],"x/y":null}}"#),
            [
                "/arguments/a/b/1/c: 2 3",
                "/arguments/a/b/2: nothing 4",
                "/arguments/a/x~1y: nothing null",
                "/arguments/d: 1.0 nothing"
            ]
        );
    }

    #[test]
    fn there_is_an_end_to_what_is_told() {
        let many = format!("{{\"a\":[{}]}}", vec!["1"; 1_000].join(","));
        assert_eq!(told(&many, r#"{"a":[]}"#).len(), MOST);
    }

    #[test]
    fn a_text_and_the_one_block_that_it_is_are_the_same() {
        let expected = ExpectedPayload::Result { content: Some(ToolResult::text("x").content), structured: None };
        assert_eq!(differences(&expected, Some(&Repaired::Result(ToolResult::text("x")))), []);
        assert_eq!(differences(&expected, Some(&Repaired::Result(ToolResult::text("y")))).len(), 1);
        assert_eq!(differences(&expected, None).len(), 1);
    }
}

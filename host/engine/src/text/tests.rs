//! What is listed as text.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;
use crate::event::tests::{event, event_of};
use crate::event::{Body, Event, Source, ToolName, ToolResult};
use crate::json::{self, Object, Value};

pub(super) fn object(text: &str) -> Object {
    match json::parse(text.as_bytes()).unwrap() {
        Value::Object(object) => object,
        other => unreachable!("{other}"),
    }
}

pub(super) fn tool() -> ToolName {
    "bank/pay".parse().unwrap()
}

pub(super) fn output(text: &str) -> Event {
    event_of(Body::Output { text: text.into() })
}

pub(super) fn call(arguments: &str) -> Event {
    event_of(Body::ToolCall { tool: tool(), call: "c".parse().unwrap(), arguments: object(arguments) })
}

pub(super) fn definition(definition: &str) -> Event {
    event_of(Body::ToolDefinition { tool: tool(), definition: object(definition) })
}

pub(super) fn answer(content: &str, structured: Option<&str>) -> Event {
    let Value::Array(content) = json::parse(content.as_bytes()).unwrap() else { unreachable!() };
    let structured = structured.map(|text| json::parse(text.as_bytes()).unwrap());
    let result = ToolResult { content, structured, is_error: false };
    event_of(Body::ToolResult { tool: tool(), call: "c".parse().unwrap(), result })
}

/// The paths and bodies of an event's parts.
pub(super) fn listed(event: &Event) -> Vec<(String, &str)> {
    parts(event).unwrap().parts.into_iter().map(|part| (part.path, part.body)).collect()
}

#[test]
fn plain_text_is_one_part_without_a_path() {
    let input = event_of(Body::Input { source: Source::User, text: "hi".into() });
    assert_eq!(listed(&input), [(String::new(), "hi")]);
    assert_eq!(listed(&output("")), [(String::new(), "")]);
}

#[test]
fn strings_and_keys_of_arguments_are_parts() {
    let call = call(r#"{"to":"bob","a/b":[1,{"~":"x"}],"":null}"#);
    assert_eq!(
        listed(&call),
        [
            ("/to#key".into(), "to"),
            ("/to".into(), "bob"),
            ("/a~1b#key".into(), "a/b"),
            ("/a~1b/1/~0#key".into(), "~"),
            ("/a~1b/1/~0".into(), "x"),
            ("/#key".into(), ""),
        ]
    );
}

#[test]
fn a_key_of_many_records_is_listed_once() {
    let call = call(r#"{"rows":[{"id":"a"},{"id":"b"}]}"#);
    let keys: Vec<_> = listed(&call).into_iter().filter(|(path, _)| path.ends_with("#key")).collect();
    assert_eq!(keys, [("/rows#key".into(), "rows"), ("/rows/0/id#key".into(), "id")]);
}

#[test]
fn text_of_every_block_is_a_part_and_the_rest_uninspectable() {
    let answer = answer(
        r#"[{"type":"text","text":"a"},{"type":"image","data":"aGk=","mimeType":"image/png"},
            {"type":"resource","resource":{"uri":"file:///x","mimeType":"text/html","text":"<p>"}},
            {"type":"resource","resource":{"uri":"file:///y","blob":"aGk="}},
            {"type":"resource_link","uri":"u","description":"d","hidden":"h"},{"type":"new","what":"w"}]"#,
        Some(r#"{"k":"s"}"#),
    );
    let parts = parts(&answer).unwrap();
    let texts: Vec<_> = parts.parts.iter().map(|part| (part.path.as_str(), part.media_type, part.body)).collect();
    assert_eq!(
        texts,
        [
            ("/content/0/text", "text/plain", "a"),
            ("/content/1/mimeType", "text/plain", "image/png"),
            ("/content/2/resource/uri", "text/plain", "file:///x"),
            ("/content/2/resource/mimeType", "text/plain", "text/html"),
            ("/content/2/resource/text", "text/html", "<p>"),
            ("/content/3/resource/uri", "text/plain", "file:///y"),
            ("/content/4/uri", "text/plain", "u"),
            ("/content/4/description", "text/plain", "d"),
            ("/content/4/hidden#key", "text/plain", "hidden"),
            ("/content/4/hidden", "text/plain", "h"),
            ("/content/5/type", "text/plain", "new"),
            ("/content/5/what#key", "text/plain", "what"),
            ("/content/5/what", "text/plain", "w"),
            ("/structured/k#key", "text/plain", "k"),
            ("/structured/k", "text/plain", "s"),
        ]
    );
    assert_eq!(parts.uninspectable, ["/content/1", "/content/3", "/content/5"]);
}

#[test]
fn a_structured_answer_may_be_one_string() {
    assert_eq!(listed(&answer("[]", Some("\"s\""))), [("/structured".into(), "s")]);
}

#[test]
fn too_many_parts_are_an_error() {
    let texts = |count: usize| answer("[]", Some(&format!("[{}]", vec!["\"x\""; count].join(","))));
    assert_eq!(parts(&texts(Parts::MAX_PARTS)).unwrap().parts.len(), Parts::MAX_PARTS);
    assert_eq!(parts(&texts(Parts::MAX_PARTS + 1)), Err(TooLarge::Parts));
}

#[test]
fn too_many_bytes_are_an_error_also_in_paths() {
    assert_eq!(parts(&output(&"x".repeat(Parts::MAX_BYTES + 1))), Err(TooLarge::Bytes));
    let key = "k".repeat(100_000);
    let leaves = vec!["\"x\""; 1_000].join(",");
    assert_eq!(parts(&call(&format!("{{\"{key}\":[{leaves}]}}"))), Err(TooLarge::Bytes));
}

proptest! {
    #[test]
    fn every_part_has_the_body_that_its_path_names(event in event()) {
        let value = event.to_value();
        let carried = ["/arguments", "/definition", ""];
        for part in parts(&event).unwrap().parts.iter().filter(|part| !part.is_key && !part.path.is_empty()) {
            let at = carried.iter().find_map(|prefix| value.pointer(&format!("{prefix}{}", part.path)));
            // A single text block is written as `text`.
            let at = at.or_else(|| value.pointer("/text"));
            prop_assert_eq!(at.and_then(Value::as_str), Some(part.body), "{}", part.path);
        }
    }
}

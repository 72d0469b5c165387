//! A whole bundle over benign sessions.

use guardhouse_system_tests::{GENEROUS, TestBundle, station};
use serde_json::{Value, json};

use super::{Files, PLAIN, key, only_secrets, record, score, text};

/// What guards found warns, cuts out or denies; besides, calls are asked about, whatever is in them.
const POLICIES: &str = r#"
@id("all") @why("a test") permit (principal, action, resource);
@id("read") @verdict("warn") @message("read")
forbid (principal, action == Guardhouse::Action::"receive_input", resource)
when { context.core.findings.secret.count > 0 };
@id("said") @verdict("modify") @redact("secret") @message("said")
forbid (principal, action == Guardhouse::Action::"send_output", resource)
when { context.core.findings.secret.count > 0 };
@id("sent") @message("sent")
forbid (principal, action in Guardhouse::Action::"call_tool", resource)
when { context.core.findings.secret.count > 0 };
@id("changed") @verdict("warn") @message("changed")
forbid (principal, action == Guardhouse::Action::"define_tool", resource)
when { resource.changed };
@id("asked") @verdict("escalate") @message("asked")
forbid (principal, action in Guardhouse::Action::"call_tool", resource);
"#;

fn bundle() -> TestBundle {
    let at = r#""input", "tool-call", "tool-result", "output""#;
    let manifest = format!("{GENEROUS}{}", station("secrets", "guard-secrets", at, ""));
    TestBundle::new(&manifest).policies(POLICIES).guard("guard-secrets").locked()
}

fn event(session: &str, members: &Value) -> Value {
    let mut event = json!({ "agent": "a", "session": session });
    event.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    event
}

fn call(session: &str, argument: &str) -> Value {
    let members =
        json!({ "checkpoint": "tool-call", "server": "s", "tool": "t", "call": "c", "arguments": { "x": argument } });
    event(session, &members)
}

fn said(session: &str, words: &str) -> Value {
    event(session, &json!({ "checkpoint": "output", "text": words }))
}

/// Four sessions, of which one is quiet, and a corpus.
fn files() -> Files {
    let transcript = [
        said("quiet", PLAIN),
        said("repaired", &key()),
        call("asked", PLAIN),
        said("quiet", PLAIN),
        call("asked", PLAIN),
        call("denied", &key()),
        said("denied", PLAIN),
    ];
    let records = [
        record("g", "one", "benign", &key()),
        record("i", "one", "benign", PLAIN),
        record("m", "two", "benign", PLAIN),
        record("t", "two", "attack", &key()),
        record("a", "two", "benign", &key()),
    ];
    Files::new()
        .records("t/banking-benign.events.jsonl", &transcript)
        .file("t/banking-attack.events.jsonl", "not read")
        .records("c/secrets/one.jsonl", &records)
        .file("c/recipes/one.jsonl", "not read")
}

fn scored(more: &[&str]) -> super::Ran {
    let (guards, bundle, files) = (only_secrets(), bundle(), files());
    let [bundle, transcripts, corpus] = [bundle.path(), &files.path().join("t"), &files.path().join("c")];
    let arguments = [("--bundle", bundle), ("--sessions", transcripts), ("--corpus", corpus)];
    let arguments = arguments.map(|(name, path)| [name.to_owned(), text(path.to_owned())]).concat();
    score(guards.path(), arguments.iter().map(String::as_str).chain(more.iter().copied()))
}

#[test]
fn sessions_are_counted_by_what_became_of_them_and_by_what_guards_found() {
    let ran = scored(&["--json"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let report = ran.json();
    let group = &report["sessions"][0]["groups"][0];
    assert_eq!((&report["sessions"][0]["kind"], &group["group"]), (&json!("transcript"), &json!("banking-benign")));
    let counts = json!({
        "sessions": 4,
        "failed": 0,
        "all": { "any": 3, "deny": 1, "escalate": 1, "modify": 1, "warn": 0 },
        "by_findings": { "any": 2, "deny": 1, "escalate": 0, "modify": 1, "warn": 0 },
    });
    assert_eq!(group["counts"], counts);
    assert_eq!((&group["touched"]["rate"], &group["touched_by_findings"]["rate"]), (&json!(0.75), &json!(0.5)));
    let reason = |policy: &str| {
        let reason = &report["reasons"][format!("test.cedar:{policy}")];
        (reason["verdict"].clone(), reason["by_findings"].clone(), reason["sessions"]["transcript"].clone())
    };
    // A session with two such calls counts once; and the policy that asks matched in the denied one as well.
    assert_eq!(reason("asked"), (json!("escalate"), json!(false), json!(2)));
    assert_eq!(reason("said"), (json!("modify"), json!(true), json!(1)));
    assert_eq!(reason("sent"), (json!("deny"), json!(true), json!(1)));
}

#[test]
fn benign_records_are_sessions_of_one_event_as_input_and_as_result() {
    let sessions = |more: &[&str]| {
        let report = scored(&[&["--json"], more].concat()).json();
        let groups = report["sessions"].as_array().unwrap()[1..].iter().flat_map(|kind| {
            let groups = kind["groups"].as_array().unwrap().iter();
            groups.map(move |group| {
                let counts = &group["counts"];
                let (kind, group) = (kind["kind"].as_str().unwrap(), group["group"].as_str().unwrap());
                format!("{kind} {group} {} {} {}", counts["sessions"], counts["all"]["any"], counts["all"]["warn"])
            })
        });
        groups.collect::<Vec<_>>()
    };
    // Of the part to report, unless another is asked for; attacks are no benign sessions.
    let expected =
        ["input secrets/one 2 0 1", "input secrets/two 1 0 0", "result secrets/one 2 0 0", "result secrets/two 1 0 0"];
    assert_eq!(sessions(&[]), expected);
    assert_eq!(sessions(&["--part", "look"]), ["input secrets/two 1 0 1", "result secrets/two 1 0 0"]);
}

#[test]
fn sessions_of_one_name_in_two_files_are_two() {
    let definition = |description: &str| {
        let definition = json!({ "name": "t", "description": description });
        let members = json!({ "checkpoint": "tool-definition", "server": "s", "tool": "t", "definition": definition });
        event("s1", &members)
    };
    let [one, other] = ["one thing", "another"].map(definition);
    let apart =
        Files::new().file("a-benign.events.jsonl", one.to_string()).file("b-benign.events.jsonl", other.to_string());
    let together = Files::new().records("a-benign.events.jsonl", &[one, other]);
    let (guards, bundle) = (only_secrets(), bundle());
    let bundle = text(bundle.path().to_owned());
    let reasons = |files: &Files| {
        let ran = score(guards.path(), ["--bundle", &bundle, "--sessions", &text(files.path().to_owned()), "--json"]);
        ran.json()["reasons"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(reasons(&together), ["test.cedar:changed"]);
    assert_eq!(reasons(&apart), [""; 0]);
}

#[test]
fn the_tables_tell_it_to_people() {
    let expected = "\
the bundle `test`, transcripts of benign sessions
                  sessions          touched, 95 %       by findings, 95 %   deny  escalate  modify  warn
  banking-benign         4  75.0 % (30.1 to 95.4)  50.0 % (15.0 to 85.0)  1 (1)     1 (0)   1 (1)     0
";
    let out = scored(&[]).out;
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(squeezed(&out).starts_with(&squeezed(expected)), "{out}");
    for line in [
        "secrets/one 2 0.0 % (0.0 to 65.8) 0.0 % (0.0 to 65.8) 0 0 0 1 (1)",
        "1 other sources 1 0 0 0 0",
        "average of 2 sources 3 0.0 %",
        "test.cedar:asked escalate no 2 0 0",
        "test.cedar:read warn yes 0 1 0",
    ] {
        assert!(squeezed(&out).contains(line), "{line}: {out}");
    }
    let markdown = scored(&["--markdown"]).out;
    assert!(markdown.contains("| test.cedar:sent | deny | yes | 1 | 0 | 0 |\n"), "{markdown}");
}

#[test]
fn a_broken_transcript_and_a_bundle_that_does_not_load_are_errors() {
    let (guards, bundle) = (only_secrets(), bundle());
    let bundle = text(bundle.path().to_owned());
    let files = Files::new().file("x-benign.events.jsonl", "{\"agent\":\"a\"}\n");
    let directory = text(files.path().to_owned());
    let ran = score(guards.path(), ["--bundle", &bundle, "--sessions", &directory]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    let place = format!("error: {directory}/x-benign.events.jsonl:1: expected an event: ");
    assert!(ran.err.starts_with(&place), "{}", ran.err);
    let ran = score(guards.path(), ["--bundle", &directory, "--sessions", &directory]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("does not load") && ran.err.contains("guardhouse.toml"), "{}", ran.err);
    let empty = Files::new();
    let ran = score(guards.path(), ["--bundle", &bundle, "--sessions", &text(empty.path().to_owned())]);
    assert!(ran.err.contains("expected `*benign*.events.jsonl` below"), "{}", ran.err);
}

//! Content of records, and `guardhouse audit show`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use age::secrecy::ExposeSecret as _;
use serde_json::Value;
use tempfile::TempDir;

use crate::setup::{TOKEN, demo, output, run, text};

/// What the agent says, and what nobody else may read.
fn said() -> String {
    format!("the token is {TOKEN}")
}

/// A journal of one decision of the demo's bundle with this `[audit]`: its record is the second.
fn journal(audit: &str) -> TempDir {
    let bundle = demo();
    let manifest = bundle.path().join("guardhouse.toml");
    let before = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{before}\n[audit]\n{audit}\n")).unwrap();
    let journal = tempfile::tempdir().unwrap();
    let done =
        run(&["check", "--bundle", bundle.path().to_str().unwrap(), "--journal", at(journal.path())], output(&said()));
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let verified = run(&["audit", "verify", at(journal.path())], "");
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    journal
}

fn at(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn show(journal: &TempDir, record: &str, more: &[&str]) -> Output {
    run(&[&["audit", "show", record, at(journal.path())], more].concat(), "")
}

/// The record as JSON.
fn json(journal: &TempDir, record: &str, more: &[&str]) -> Value {
    let done = show(journal, record, &[&["--json"], more].concat());
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    serde_json::from_slice(&done.stdout).unwrap()
}

/// A new identity in a file, and its recipient.
fn identity(directory: &TempDir, name: &str) -> (PathBuf, String) {
    let identity = age::x25519::Identity::generate();
    let path = directory.path().join(name);
    fs::write(&path, format!("# made by a test\n{}\n", identity.to_string().expose_secret())).unwrap();
    (path, identity.to_public().to_string())
}

#[test]
fn a_record_is_shown_by_its_number_and_by_its_decision() {
    let journal = journal("sync = \"each\"");
    let record = json(&journal, "2", &[]);
    assert_eq!((&record["n"], &record["kind"]), (&Value::from(2), &Value::from("decision")));
    assert!(record.get("content").is_none(), "{record}");
    assert_eq!(json(&journal, record["id"].as_str().unwrap(), &[]), record);
    assert_eq!(json(&journal, "1", &[])["kind"], "segment");
    let done = show(&journal, "2", &[]);
    let told = text(&done.stdout);
    assert!(told.contains("modify") && told.contains("\n  \"session\": \"s\",\n") && !told.contains(TOKEN), "{told}");
    for nothing in ["4711", "01a1fff8-569b-770f-91a9-64a3e04f106f", "s"] {
        let done = show(&journal, nothing, &[]);
        assert_eq!(done.status.code(), Some(2), "{nothing}: {done:?}");
    }
    assert!(text(&show(&journal, "4711", &[]).stderr).contains("record 4711"), "says which");
}

#[test]
fn redacted_content_is_shown_without_what_was_found() {
    let journal = journal("content = \"redacted\"");
    let record = json(&journal, "2", &[]);
    assert_eq!(record["content"]["as"], "redacted", "{record}");
    assert_eq!(record["content"]["event"]["text"], "the token is [redacted:secret]");
    assert!(!fs::read_to_string(journal.path().join("00000001.jsonl")).unwrap().contains(TOKEN));
}

#[test]
fn encrypted_content_is_opened_with_an_identity_of_each_recipient_and_no_other() {
    let keys = tempfile::tempdir().unwrap();
    let [(ours, first), (theirs, second), (others, _)] = ["a", "b", "c"].map(|name| identity(&keys, name));
    let journal = journal(&format!("content = \"encrypted\"\nrecipients = [\"{first}\", \"{second}\"]"));
    let closed = show(&journal, "2", &[]);
    assert!(text(&closed.stdout).contains("characters, which --identity opens"), "{closed:?}");
    assert!(json(&journal, "2", &[])["content"]["age"].as_str().unwrap().starts_with("YWdlLWVuY3J5cHRpb24ub3JnL3Yx"));
    for identity in [&ours, &theirs] {
        let record = json(&journal, "2", &["--identity", at(identity)]);
        assert_eq!(record["content"]["event"]["text"], said().as_str(), "{record}");
        let opened = show(&journal, "2", &["--identity", at(identity)]);
        assert!(text(&opened.stdout).contains(TOKEN), "{opened:?}");
    }
    let refused = show(&journal, "2", &["--identity", at(&others)]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(text(&refused.stderr).contains("the identity of one of the content's recipients"), "{refused:?}");
    fs::write(&others, "AGE-SECRET-KEY-1").unwrap();
    let refused = show(&journal, "2", &["--identity", at(&others)]);
    assert!(refused.status.code() == Some(2) && text(&refused.stderr).contains("expected an X25519 identity"));
}

#[test]
fn a_wrong_recipient_is_an_error_that_points_at_it() {
    let bundle = demo();
    let manifest = bundle.path().join("guardhouse.toml");
    let before = fs::read_to_string(&manifest).unwrap();
    let wrong = "[audit]\ncontent = \"encrypted\"\nrecipients = [\n  \"age1nobody\",\n]\n";
    fs::write(&manifest, format!("{before}\n{wrong}")).unwrap();
    let line = before.lines().count() + 5;
    let done = run(&["bundle", "check", at(bundle.path())], "");
    let told = text(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{told}");
    assert!(told.contains(&format!("guardhouse.toml:{line}: field `recipients`: expected a recipient")), "{told}");
}

#[test]
fn a_journal_whose_content_is_opened_is_replayed_through_guards() {
    let keys = tempfile::tempdir().unwrap();
    let [(ours, recipient), (others, _)] = ["a", "b"].map(|name| identity(&keys, name));
    let journal = journal(&format!("content = \"encrypted\"\nrecipients = [\"{recipient}\"]"));
    // No guard stands at outputs any more, so that nothing is found, and somebody has to look.
    let other = demo();
    let path = other.path().join("guardhouse.toml");
    let manifest = fs::read_to_string(&path).unwrap();
    fs::write(&path, manifest.replace(", \"output\"]", "]")).unwrap();
    let replay = |more: &[&str]| {
        let arguments = ["replay", at(journal.path()), "--bundle", at(other.path()), "--json"];
        let done = run(&[&arguments, more].concat(), "");
        assert_eq!(done.status.code(), Some(1), "{done:?}");
        let told: Value = serde_json::from_slice(&done.stdout).unwrap();
        (told, text(&done.stderr))
    };
    let (told, _) = replay(&[]);
    assert_eq!((&told["not_replayable_by"]["guards-differ"], &told["changed"]), (&1.into(), &0.into()), "{told}");
    let (told, _) = replay(&["--identity", at(&ours)]);
    assert_eq!(told["changes"], serde_json::json!([{"old":"modify","new":"escalate","count":1}]), "{told}");
    let (told, warned) = replay(&["--identity", at(&others)]);
    assert_eq!(told["not_replayable"], 1, "{told}");
    assert!(warned.contains("does not open their content"), "{warned}");
}

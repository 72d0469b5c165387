//! `guardhouse replay`.

use std::{collections::BTreeMap, fs, path::Path, process::Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::setup::{TOKEN, assembled, demo, output, policies, run, text};

fn at(directory: &TempDir) -> &str {
    directory.path().to_str().unwrap()
}

/// The sessions of the demo.
fn sessions() -> String {
    let mut sessions: Vec<_> =
        fs::read_dir(policies().join("demo/sessions")).unwrap().map(|entry| entry.unwrap().path()).collect();
    sessions.sort();
    sessions.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// A journal of what a bundle makes of a transcript.
fn recorded(bundle: &TempDir, transcript: &str) -> TempDir {
    let journal = tempfile::tempdir().unwrap();
    let done = run(&["check", "--bundle", at(bundle), "--journal", at(&journal)], transcript);
    assert_ne!(done.status.code(), Some(2), "{done:?}");
    journal
}

fn replay(source: &str, bundle: &TempDir, arguments: &[&str]) -> Output {
    run(&[&["replay", source, "--bundle", at(bundle)], arguments].concat(), "")
}

fn json(done: &Output) -> Value {
    serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done:?}"))
}

/// Every file below a directory, with its content.
fn files(directory: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

/// The demo with a milder policy.
fn milder() -> TempDir {
    let bundle = demo();
    let path = bundle.path().join("limits.cedar");
    let policies = fs::read_to_string(&path).unwrap();
    let changed = policies.replacen(
        "@id(\"no-commands\")\n@verdict(\"deny\")",
        "@id(\"no-commands\")\n@verdict(\"escalate\")",
        1,
    );
    assert_ne!(policies, changed);
    fs::write(path, changed).unwrap();
    bundle
}

#[test]
fn no_bundle_of_ours_decides_otherwise_than_it_did() {
    for name in ["demo", "default", "coding-agent", "support-agent"] {
        let bundle = assembled(&policies().join(name));
        let journal = recorded(&bundle, &sessions());
        let before = files(journal.path());
        let done = replay(at(&journal), &bundle, &["--json"]);
        let told = json(&done);
        assert_eq!((&told["changed"], &told["damaged"]), (&0.into(), &0.into()), "{name}: {told}");
        assert!(told["same"].as_u64() > Some(10), "{name}: {told}");
        let is_known = told["not_replayable"] == 0;
        assert_eq!(done.status.code(), Some(i32::from(!is_known)), "{name}: {told}");
        assert_eq!(files(journal.path()), before, "nothing is written");
    }
}

#[test]
fn a_changed_policy_shows_with_what_it_changes() {
    let journal = recorded(&demo(), &sessions());
    let bundle = milder();
    let done = replay(at(&journal), &bundle, &[]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let told = text(&done.stdout);
    assert!(told.contains("1    deny -> escalate\n"), "{told}");
    assert!(told.contains("  denied  tool-call ops/run_command\n    deny     limits.cedar:no-commands"), "{told}");
    assert!(told.contains("\n -> escalate limits.cedar:no-commands"), "{told}");
    let told = json(&replay(at(&journal), &bundle, &["--json"]));
    assert_eq!(told["changes"], serde_json::json!([{"old":"deny","new":"escalate","count":1}]), "{told}");
    assert_eq!(told["first"][0]["tool"], "ops/run_command");
    let told = json(&replay(at(&journal), &bundle, &["--json", "--show", "0"]));
    assert_eq!((&told["changed"], &told["first"]), (&1.into(), &serde_json::json!([])));
}

#[test]
fn only_what_is_asked_for_is_replayed() {
    let journal = recorded(&demo(), &sessions());
    let bundle = milder();
    let decisions = |arguments: &[&str]| {
        let done = replay(at(&journal), &bundle, &[&["--json"], arguments].concat());
        (done.status.code(), json(&done)["decisions"].as_u64().unwrap())
    };
    let clean = fs::read_to_string(policies().join("demo/sessions/clean.jsonl")).unwrap().lines().count() as u64;
    assert_eq!(decisions(&["--session", "clean"]), (Some(0), clean));
    assert_eq!(decisions(&["--until", "2020-01-01T00:00:00Z"]), (Some(0), 0));
    assert_eq!(decisions(&["--since", "2020-01-01T00:00:00Z"]).0, Some(1));
}

#[test]
fn what_cannot_be_known_is_told_and_is_not_the_same() {
    let other = demo();
    let path = other.path().join("guardhouse.toml");
    let manifest = fs::read_to_string(&path).unwrap();
    fs::write(&path, manifest.replace(", \"output\"]", "]")).unwrap();
    let journal = recorded(&demo(), &(output("clean") + &output(TOKEN)));
    let done = replay(at(&journal), &other, &[]);
    let told = text(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(told.contains("2    guards-differ\n"), "{told}");
    // A line that is no record.
    let segment = journal.path().join("00000001.jsonl");
    fs::write(&segment, fs::read_to_string(&segment).unwrap().replacen("{\"n\":2,", "{\"n\":02,", 1)).unwrap();
    let done = replay(at(&journal), &demo(), &["--json"]);
    let told = json(&done);
    assert_eq!((done.status.code(), &told["damaged"], &told["same"]), (Some(1), &1.into(), &1.into()), "{told}");
    assert!(text(&done.stderr).contains("found a line that is none"), "{done:?}");
}

#[test]
fn a_transcript_is_judged_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let transcript = folder.path().join("sessions.jsonl");
    fs::write(&transcript, sessions()).unwrap();
    let transcript = transcript.to_str().unwrap();
    let done = replay(transcript, &demo(), &[]);
    let told = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{told}");
    assert!(
        told.contains(" decisions\n") && told.contains("         2  deny\n") && !told.contains("changed"),
        "{told}"
    );
    let done = replay(transcript, &milder(), &["--against", at(&demo()), "--json"]);
    let told = json(&done);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert_eq!(told["changes"], serde_json::json!([{"old":"deny","new":"escalate","count":1}]), "{told}");
    assert_eq!(told["against"]["bundle"], "demo");
    let done = replay(transcript, &demo(), &["--against", at(&demo())]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
}

#[test]
fn what_cannot_be_replayed_at_all_is_an_error() {
    let chunk = r#"{"agent":"a","session":"s","checkpoint":"output","stream":"r1","chunk":"Hello","last":true}"#;
    let bundle = demo();
    let done = run(&["replay", "-", "--bundle", at(&bundle)], chunk);
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    assert!(text(&done.stderr).contains("found a chunk of a stream"), "{done:?}");
    let (empty, journal) = (tempfile::tempdir().unwrap(), recorded(&bundle, &output("clean")));
    for (source, arguments, expected) in [
        (at(&empty), vec![], "expected a journal in"),
        ("/nowhere", vec![], "expected a transcript"),
        (at(&journal), vec!["--against", at(&bundle)], "expected a transcript for `--against`"),
        ("-", vec!["--session", "s"], "expected a journal for `--session`"),
    ] {
        let done = replay(source, &bundle, &arguments);
        assert_eq!(done.status.code(), Some(2), "{done:?}");
        assert!(text(&done.stderr).replace("\n  │ ", " ").contains(expected), "{expected}: {done:?}");
    }
}

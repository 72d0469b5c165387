//! `guardhouse audit`.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::setup::{TOKEN, check, output, run, text};

/// A journal of three decisions, the second of which is repaired.
fn journal() -> TempDir {
    let journal = tempfile::tempdir().unwrap();
    let events = [output("all is well"), output(&format!("the token is {TOKEN}")), output("and well again")].concat();
    check(&["--journal", at(&journal)], events);
    journal
}

fn at(journal: &TempDir) -> &str {
    journal.path().to_str().unwrap()
}

fn segment(journal: &Path) -> std::path::PathBuf {
    journal.join("00000001.jsonl")
}

#[test]
fn a_journal_that_is_what_was_written_is_sound() {
    let journal = journal();
    let done = run(&["audit", "verify", at(&journal)], "");
    let told = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{told}");
    // The segment's own, three decisions and a checkpoint.
    assert!(told.contains("5 records in 1 segments, the last is 5"), "{told}");
    assert!(told.contains("signed up to record 4 by ed25519:") && told.ends_with("sound\n"), "{told}");
}

#[test]
fn what_was_changed_is_told_with_its_place() {
    let journal = journal();
    let path = segment(journal.path());
    let changed = fs::read_to_string(&path).unwrap().replacen("\"verdict\":\"modify\"", "\"verdict\":\"allow\"", 1);
    fs::write(&path, changed).unwrap();
    let done = run(&["audit", "verify", at(&journal)], "");
    let told = text(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(told.contains("00000001.jsonl, byte ") && told.contains("record 3 does not follow"), "{told}");
    let done = run(&["audit", "verify", "--json", at(&journal)], "");
    let found: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&found["sound"], &found["records"]), (&Value::from(false), &Value::from(5)), "{found}");
}

#[test]
fn an_end_that_was_cut_off_shows_by_a_checkpoint_that_was_kept_elsewhere() {
    let journal = journal();
    let written = fs::read_to_string(segment(journal.path())).unwrap();
    let lines: Vec<&str> = written.split_inclusive('\n').collect();
    let anchors = journal.path().join("anchors");
    fs::write(&anchors, lines[4]).unwrap();
    fs::write(segment(journal.path()), lines[..3].concat()).unwrap();
    let verify = |more: &[&str]| run(&[&["audit", "verify", at(&journal)], more].concat(), "");
    let done = verify(&[]);
    assert_eq!(done.status.code(), Some(0));
    assert!(text(&done.stdout).contains("an end that was cut off would not show"), "{done:?}");
    let done = verify(&["--anchors", anchors.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stdout).contains("knows of 4 records, and the journal ends before"), "{done:?}");
    let done = verify(&["--anchors", segment(journal.path()).to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(2), "what is no checkpoint");
}

#[test]
fn the_last_decisions_are_printed() {
    let journal = journal();
    let done = run(&["audit", "tail", "--last", "2", at(&journal)], "");
    let records: Vec<Value> = text(&done.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<_> = records.iter().map(|record| record["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["modify", "allow"]);
    let done = run(&["audit", "tail", "--pretty", at(&journal)], "");
    let told = text(&done.stdout);
    assert!(told.contains("modify") && told.contains("secrets found secret"), "{told}");
    assert!(!told.contains(TOKEN), "{told}");
}

#[test]
fn what_is_no_journal_is_an_error() {
    let empty = tempfile::tempdir().unwrap();
    for path in ["/nowhere", at(&empty)] {
        for command in ["verify", "tail", "query", "export"] {
            let done = run(&["audit", command, path], "");
            assert_eq!(done.status.code(), Some(2), "{command}: {done:?}");
            assert!(text(&done.stderr).replace("\n  │ ", "").contains(path), "{command}: {done:?}");
        }
    }
}

#[test]
fn decisions_are_found_by_what_they_are() {
    let journal = journal();
    let query = |conditions: &[&str]| {
        let done = run(&[&["audit", "query"], conditions, &[at(&journal)]].concat(), "");
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        text(&done.stdout).lines().count()
    };
    assert_eq!(query(&[]), 3);
    assert_eq!(query(&["--verdict", "modify,deny"]), 1);
    assert_eq!(query(&["--category", "secret", "--policy", "limits.cedar:secret-in-answer"]), 1);
    assert_eq!(query(&["--checkpoint", "output", "--agent", "a", "--limit", "2"]), 2);
    assert_eq!(query(&["--session", "other"]), 0);
    assert_eq!(query(&["--since", "2020-01-01T00:00:00Z"]), 3);
    assert_eq!(query(&["--until", "2020-01-01T00:00:00Z"]), 0);
    assert_eq!(query(&["--tool", "a/b"]), 0);
    let done = run(&["audit", "query", "--verdict", "perhaps", at(&journal)], "");
    assert_eq!(done.status.code(), Some(2), "{done:?}");
}

#[test]
fn a_sessions_timeline_is_shown() {
    let journal = journal();
    let done = run(&["session", "show", "s", "--journal", at(&journal)], "");
    let told = text(&done.stdout);
    assert_eq!(told.lines().filter(|line| line.contains("  s  output")).count(), 3, "{told}");
    assert!(told.contains("limits.cedar:secret-in-answer: "), "{told}");
    let done = run(&["session", "show", "other", "--journal", at(&journal)], "");
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("session `other`"), "{done:?}");
}

#[test]
fn what_is_stopped_is_denied_over_restarts_until_it_is_lifted() {
    let journal = journal();
    let stop = |arguments: &[&str]| run(&[&["stop", "--journal", at(&journal)], arguments].concat(), "");
    let verdict = || {
        let done = check(&["--journal", at(&journal)], output("all is well"));
        let decision: Value = serde_json::from_slice(&done.stdout).unwrap();
        decision["reasons"][0]["message"].as_str().unwrap_or_default().to_owned()
    };
    let done = stop(&["--session", "s", "--why", "it went astray"]);
    let told = text(&done.stdout);
    let mut lines = told.lines();
    let id = lines.next().unwrap().strip_prefix("stopped session `s`: ").unwrap_or_else(|| panic!("{done:?}"));
    assert!(lines.next().unwrap().starts_with("no process writes this journal now"), "{done:?}");
    assert_eq!(verdict(), "an operator has stopped session `s`: it went astray");
    assert_eq!(verdict(), "an operator has stopped session `s`: it went astray");
    assert!(text(&stop(&["--list"]).stdout).contains(id));
    assert_eq!(stop(&["--lift", id, "--why", "mended"]).status.code(), Some(0));
    assert_eq!((verdict(), text(&stop(&["--list"]).stdout)), (String::new(), String::new()));
    assert_eq!(stop(&["--lift", id, "--why", "again"]).status.code(), Some(2));
    let empty = tempfile::tempdir().unwrap();
    let nowhere = run(&["stop", "--all", "--why", "a mistyped path", "--journal", at(&empty)], "");
    assert_eq!(nowhere.status.code(), Some(2), "{nowhere:?}");
    assert_eq!(stop(&["--all"]).status.code(), Some(2), "without a reason");
    assert_eq!(stop(&["--why", "something"]).status.code(), Some(2), "nothing to stop");
    assert_eq!(run(&["audit", "verify", at(&journal)], "").status.code(), Some(0));
}

#[test]
fn an_erased_session_is_denied_for_good_and_no_other() {
    let journal = journal();
    let erase = |arguments: &[&str]| run(&[&["session", "erase", "--journal", at(&journal)], arguments].concat(), "");
    let reason = |session: &str| {
        let event = output("all is well").replace("\"session\":\"s\"", &format!("\"session\":\"{session}\""));
        let done = check(&["--journal", at(&journal)], event);
        let decision: Value = serde_json::from_slice(&done.stdout).unwrap();
        decision["reasons"][0]["code"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(erase(&["s"]).status.code(), Some(2), "without a reason");
    let elsewhere = tempfile::tempdir().unwrap();
    let done = erase(&["s", "--why", "asked for", "--keys", at(&elsewhere)]);
    assert_eq!(done.status.code(), Some(2), "where no keys are");
    assert_eq!(reason("s"), "");
    let done = erase(&["s", "--why", "asked for"]);
    let told = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(told.starts_with("erased session `s`: there was no key of it"), "{told}");
    assert_eq!(
        (reason("s"), reason("s"), reason("other")),
        ("session-erased".into(), "session-erased".into(), String::new())
    );
    let done = erase(&["other", "--why", "asked for", "--json"]);
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&told["session"], &told["keys_destroyed"]), (&"other".into(), &0.into()), "{told}");
    assert_eq!(reason("other"), "session-erased");
    let id = told["erasure"].as_str().unwrap();
    let lifted = run(&["stop", "--lift", id, "--why", "a mistake", "--journal", at(&journal)], "");
    assert_eq!((lifted.status.code(), reason("other")), (Some(2), "session-erased".into()));
    assert_eq!(text(&run(&["stop", "--list", "--journal", at(&journal)], "").stdout), "", "it is no stop");
    let nowhere = run(&["session", "erase", "s", "--why", "a mistyped path", "--journal", at(&elsewhere)], "");
    assert_eq!(nowhere.status.code(), Some(2), "{nowhere:?}");
    assert_eq!(run(&["audit", "verify", at(&journal)], "").status.code(), Some(0));
}

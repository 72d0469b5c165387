//! Every decision has its record before the caller gets it; no record, no decision but deny.

use std::fs;

use guardhouse::{decision::Verdict, event::Event, journal::Journal};
use guardhouse_system_tests::{call, codes, input, output};
use serde_json::Value;

use crate::verdicts::{SECRET, engine};

fn records(journal: &std::path::Path) -> Vec<Value> {
    let text = fs::read_to_string(journal).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[tokio::test]
async fn each_decision_has_one_record_without_content() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let path = journal.path().to_owned();
    let engine = engine().await.with_journal(journal);
    let events: Vec<Event> = vec![
        input("user", "the weather in Zanzibar"),
        output(&format!("the weather in Zanzibar, {SECRET}")),
        call("wire", r#"{"note":"Zanzibar"}"#),
        call("pay", r#"{"note":"Zanzibar"}"#),
    ];
    let mut decisions = Vec::new();
    for event in &events {
        decisions.push(engine.check(event).await);
        assert_eq!(records(&path).len(), decisions.len(), "the record is there before the caller goes on");
    }
    for ((event, decision), record) in events.iter().zip(&decisions).zip(records(&path)) {
        assert_eq!(record["id"], decision.id.to_string());
        assert_eq!(record["verdict"], decision.verdict.as_str());
        assert_eq!(record["session"], "s1");
        assert_eq!(record["checkpoint"], event.checkpoint().as_str());
        assert_eq!(record["generation"], engine.generation().digest().to_string());
        assert_eq!(record["repaired"], decision.repaired.is_some());
        assert_eq!(record["reasons"].as_array().unwrap().len(), decision.reasons.len());
        assert_eq!(record["findings"].as_array().unwrap().len(), decision.findings.len());
        assert_eq!(record["guards"][0]["name"], "secrets");
    }
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains(SECRET) && !text.contains("Zanzibar"), "{text}");
}

#[tokio::test]
async fn a_torn_line_does_not_swallow_the_next_record() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("decisions.jsonl"), "{\"id\":\"ha").unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let path = journal.path().to_owned();
    let decision = engine().await.with_journal(journal).check(&output("clean")).await;
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    let record: Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(record["id"], decision.id.to_string());
}

/// Where `/dev/full` is: a file that can be opened and takes nothing, as on a full disk.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn without_a_record_everything_is_denied_until_there_are_records_again() {
    let directory = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", directory.path().join("decisions.jsonl")).unwrap();
    let engine = engine().await.with_journal(Journal::open(directory.path()).unwrap());
    for event in [output("clean"), output(SECRET), call("look", "{}"), output("clean")] {
        let decision = engine.check(&event).await;
        assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
        assert_eq!(codes(&decision), ["journal-failed"]);
        assert!(decision.reasons[0].message.contains("decisions.jsonl"), "{decision}");
        assert!(decision.repaired.is_none() && !decision.to_string().contains(SECRET));
    }
    let sound = tempfile::tempdir().unwrap();
    let journal = Journal::open(sound.path()).unwrap();
    let path = journal.path().to_owned();
    let engine = engine.with_journal(journal);
    assert_eq!(engine.check(&output("clean")).await.verdict, Verdict::Allow);
    assert_eq!(records(&path).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn records_of_checks_at_once_do_not_mix() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let path = journal.path().to_owned();
    let engine = std::sync::Arc::new(engine().await.with_journal(journal));
    let checks: Vec<_> = (0..100)
        .map(|number| {
            let engine = std::sync::Arc::clone(&engine);
            tokio::spawn(async move { engine.check(&output(&format!("{number} {SECRET}"))).await.id.to_string() })
        })
        .collect();
    let mut ids = Vec::new();
    for check in checks {
        ids.push(check.await.unwrap());
    }
    let mut recorded: Vec<_> = records(&path).iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    recorded.sort_unstable();
    assert_eq!(ids, recorded);
}

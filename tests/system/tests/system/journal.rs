//! Every decision has its record before the caller gets it; no record, no decision but deny.

use std::{fs, io::Write as _, path::Path};

use guardhouse::{
    decision::Verdict,
    event::Event,
    journal::{Journal, Options, Records, Scope, Stop, Trust, lift, stop, verify},
};
use guardhouse_system_tests::{call, codes, input, output};
use serde_json::Value;

use crate::verdicts::{SECRET, engine};

/// The records of decisions in a journal.
fn records(journal: &Path) -> Vec<Value> {
    let records = Records::of(journal).unwrap().map(Result::unwrap).filter(|record| record.kind() == "decision");
    records.map(|record| serde_json::from_str(&record.members.to_string()).unwrap()).collect()
}

/// All that is written in a journal.
fn written(journal: &Path) -> String {
    fs::read_to_string(journal.join("00000001.jsonl")).unwrap()
}

#[tokio::test]
async fn each_decision_has_one_record_without_content() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let path = journal.directory().to_owned();
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
        assert_eq!(record.get("repaired").is_some(), decision.repaired.is_some());
        assert!(record["digest"].as_str().unwrap().starts_with("hmac-sha256:"), "{record}");
        assert_eq!(record["reasons"].as_array().unwrap().len(), decision.reasons.len());
        assert_eq!(record["findings"].as_array().unwrap().len(), decision.findings.len());
        assert_eq!(record["guards"][0]["name"], "secrets");
        assert!(record["guards"][0]["micros"].is_u64() && record["judge_micros"].is_u64(), "{record}");
    }
    let text = written(&path);
    assert!(!text.contains(SECRET) && !text.contains("Zanzibar"), "{text}");
}

#[tokio::test]
async fn a_record_says_what_the_decision_rests_on() {
    let directory = tempfile::tempdir().unwrap();
    let engine = engine().await.with_journal(Journal::open(directory.path()).unwrap());
    engine.check(&call("pay", r#"{"note":"Zanzibar"}"#)).await;
    engine.check(&output(&format!("see {SECRET}"))).await;
    let mut stream = engine.stream(output("Hello, ")).unwrap();
    stream.push("world.");
    stream.finish().await;
    drop(engine);
    let records = records(directory.path());
    let [called, repaired, streamed] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(called["facts"]["flow"]["any"]["standings"][0], "ungrounded", "{called}");
    assert!(called["of_tool"]["effects"].is_array() && called["of_tool"]["pin"] == "unpinned", "{called}");
    assert_eq!(repaired["verdict"], "modify", "{repaired}");
    // What the verdict rests on: of the original the forbid, of what was left of it a permit.
    assert!(repaired["policies"][0].as_str().unwrap().ends_with(":mend"), "{repaired}");
    assert!(repaired["repaired"]["policies"].as_array().is_some_and(|policies| !policies.is_empty()), "{repaired}");
    assert_eq!(repaired["repaired"]["findings"], serde_json::json!([]), "{repaired}");
    assert_eq!((&streamed["verdict"], &streamed["checkpoint"]), (&"allow".into(), &"output".into()));
    assert!(streamed["policies"].as_array().is_some_and(|policies| !policies.is_empty()), "{streamed}");
    assert!(streamed["guards"][0]["micros"].is_u64(), "{streamed}");
}

#[tokio::test]
async fn what_is_stopped_is_denied_until_that_is_lifted() {
    let directory = tempfile::tempdir().unwrap();
    let engine = engine().await.with_journal(Journal::open(directory.path()).unwrap());
    let mut stream = engine.stream(output("Hello, ")).unwrap();
    assert_eq!(stream.poll().await.text.len() + stream.held(), 7);
    for scope in [
        Scope::All,
        Scope::Session("s1".parse().unwrap()),
        Scope::Agent("assistant".parse().unwrap()),
        Scope::Server("bank".parse().unwrap()),
        Scope::Session("other".parse().unwrap()),
    ] {
        let is_about_outputs = !matches!(&scope, Scope::Server(_)) && !scope.to_string().contains("other");
        let made = Stop::new(scope, "it was talked into something");
        stop(directory.path(), &made).unwrap();
        let decision = engine.check(&output("clean")).await;
        assert_eq!(decision.verdict == Verdict::Deny, is_about_outputs, "{decision}");
        if is_about_outputs {
            assert_eq!(codes(&decision), ["stopped"]);
            assert!(decision.reasons[0].message.contains("talked into"), "{decision}");
        }
        lift(directory.path(), made.id, "that was mended").unwrap();
        assert_eq!(engine.check(&output("clean")).await.verdict, Verdict::Allow);
    }
    stop(directory.path(), &Stop::new(Scope::All, "for good")).unwrap();
    stream.push("world.");
    let released = stream.poll().await;
    assert_eq!((released.text.as_str(), released.decision.unwrap().verdict), ("", Verdict::Deny));
    drop(engine);
    let records: Vec<_> = Records::of(directory.path()).unwrap().map(Result::unwrap).collect();
    let of = |kind: &str| records.iter().filter(|record| record.kind() == kind).count();
    assert_eq!((of("stop"), of("lifted")), (6, 5));
    assert!(written(directory.path()).contains("\"lifted_why\":\"that was mended\""));
    assert!(verify(directory.path(), &Trust::default()).unwrap().is_sound());
}

#[tokio::test]
async fn a_stop_that_cannot_be_read_stops_everything() {
    let directory = tempfile::tempdir().unwrap();
    let engine = engine().await.with_journal(Journal::open(directory.path()).unwrap());
    fs::write(directory.path().join("stops/odd.json"), "{}").unwrap();
    let decision = engine.check(&output("clean")).await;
    assert_eq!(codes(&decision), ["journal-failed"]);
    assert!(decision.reasons[0].message.contains("odd.json"), "{decision}");
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_in_nobodys_way() {
    let directory = tempfile::tempdir().unwrap();
    drop(Journal::open(directory.path()).unwrap());
    let mut segment = fs::OpenOptions::new().append(true).open(directory.path().join("00000001.jsonl")).unwrap();
    segment.write_all(b"{\"n\":3,\"kind\":\"decis").unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let decision = engine().await.with_journal(journal).check(&output("clean")).await;
    assert_eq!(records(directory.path())[0]["id"], decision.id.to_string());
    assert!(verify(directory.path(), &Trust::default()).unwrap().is_sound());
    assert!(written(directory.path()).contains("\"dropped\":20"), "and the journal says so");
}

#[tokio::test]
async fn without_a_record_everything_is_denied_until_there_are_records_again() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("journal");
    // Every record is in a segment of its own, so that a directory that is gone is felt.
    let journal = Options { segment_bytes: 1, ..Options::new(&directory) }.open().unwrap();
    let engine = engine().await.with_journal(journal);
    assert_eq!(engine.check(&output("clean")).await.verdict, Verdict::Allow);
    let away = parent.path().join("away");
    fs::rename(&directory, &away).unwrap();
    for event in [output("clean"), output(SECRET), call("look", "{}"), output("clean")] {
        let decision = engine.check(&event).await;
        assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
        assert_eq!(codes(&decision), ["journal-failed"]);
        assert!(decision.reasons[0].message.contains("journal"), "{decision}");
        assert!(decision.repaired.is_none() && !decision.to_string().contains(SECRET));
    }
    fs::rename(&away, &directory).unwrap();
    assert_eq!(engine.check(&output("clean")).await.verdict, Verdict::Allow);
    drop(engine);
    assert_eq!(records(&directory).len(), 2);
    assert!(verify(&directory, &Trust::default()).unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn records_of_checks_at_once_do_not_mix() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let path = journal.directory().to_owned();
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

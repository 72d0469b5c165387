//! Guards that fail, and several on one folder.

use guardhouse_system_tests::Handmade;
use serde_json::json;

use super::{Files, PLAIN, record, score, text};

/// A guard that traps on every text.
fn trapping() -> Vec<u8> {
    Handmade { inspect: "unreachable".to_owned(), ..Handmade::default() }.component()
}

/// A guard that finds texts which begin with eight times this byte.
fn finding(byte: u8) -> Vec<u8> {
    let starts = i64::from_le_bytes([byte; 8]);
    let starts = format!("(call $starts (local.get $parts) (i64.const {starts}))");
    Handmade { inspect: format!("(if {starts} (then (return (global.get $report))))"), ..Handmade::default() }
        .component()
}

#[test]
fn a_failed_check_counts_against_the_guard_and_the_run() {
    let records = [record("a", "one", "attack", PLAIN), record("b", "one", "benign", PLAIN)];
    let corpus = Files::new().records("secrets/one.jsonl", &records);
    let guards = Files::new().file("guard-secrets.wasm", trapping());
    let directory = text(corpus.path().to_owned());
    let ran = score(guards.path(), ["--corpus", &directory, "--json"]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    let report = ran.json();
    for (label, hits) in [("attack", 0), ("benign", 1)] {
        let figure = &report["guards"][0][label]["average"]["look"];
        assert_eq!((&figure["hits"], &figure["failed"]), (&json!(hits), &json!(1)), "{label}");
    }
    let out = score(guards.path(), ["--corpus", &directory]).out;
    assert!(out.contains("0.0 % (0.0 to 79.3), 1 FAILED"), "{out}");
}

#[test]
fn every_guard_has_to_bear_the_texts_without_labels() {
    let conformance = [json!({ "id": "u1", "source": "urls", "text": "http://ex ample/", "quality": "conformance" })];
    let corpus = Files::new().records("conformance/urls.jsonl", &conformance);
    let guards = Files::new()
        .file("guard-secrets.wasm", finding(b'A'))
        .file("guard-arguments.wasm", trapping())
        .file("guard-definitions.wasm", trapping());
    let directory = text(corpus.path().to_owned());
    let ran = score(guards.path(), ["--corpus", &directory, "--json"]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    let report = ran.json();
    let conformance = |index: usize| &report["guards"][index]["conformance"];
    // At each checkpoint where it stands: an input, a result, an output.
    assert_eq!(conformance(0), &json!({ "checks": 3, "failed": 0, "failures": [] }));
    for (index, checkpoint) in [(1, "tool-call"), (2, "tool-definition")] {
        let failure = &conformance(index)["failures"][0];
        assert_eq!((&failure["id"], &failure["checkpoint"]), (&json!("u1"), &json!(checkpoint)));
        assert!(failure["because"].as_str().unwrap().starts_with("guard-failed: "), "{failure}");
    }
    let out = score(guards.path(), ["--corpus", &directory]).out;
    assert!(out.contains("secrets: 3 checks of texts without labels, 0 failed\n"), "{out}");
    assert!(out.contains("arguments FAILED: u1 at tool-call: guard-failed: "), "{out}");
}

#[test]
fn guards_of_one_folder_are_also_counted_together() {
    let attack = |id: &str, text: &str| record(id, "one", "attack", text);
    let records = [attack("a", "AAAAAAAA"), attack("b", "BBBBBBBB"), attack("c", "CCCCCCCC"), attack("d", "AAAAAAAA")];
    let corpus = Files::new().records("exfil/one.jsonl", &records);
    let guards = Files::new().file("guard-egress.wasm", finding(b'A')).file("guard-hidden-text.wasm", finding(b'B'));
    let report = score(guards.path(), ["--corpus", &text(corpus.path().to_owned()), "--json"]).json();
    let hits = report["guards"].as_array().unwrap().iter();
    let hits: Vec<_> = hits.map(|guard| (&guard["guard"], &guard["attack"]["average"]["look"]["hits"])).collect();
    let [egress, hidden, either] = [json!("egress"), json!("hidden-text"), json!("egress or hidden-text")];
    assert_eq!(hits, [(&egress, &json!(2)), (&hidden, &json!(1)), (&either, &json!(3))]);
}

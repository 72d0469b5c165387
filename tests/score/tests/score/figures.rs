//! The figures.

use super::{Files, PLAIN, Ran, Value, key, only_secrets, record, score, text};

/// Two sources, both labels, both parts; and what is passed over.
fn corpus() -> Files {
    let mut low = record("f", "two", "benign", &key());
    low["quality"] = "low".into();
    let mut more = record("c", "two", "attack", &key());
    more["quality"] = "high".into();
    more["spans"] = serde_json::json!([[0, 1]]);
    let one = [
        record("a", "one", "attack", &key()),
        record("b", "one", "attack", PLAIN),
        more,
        record("d", "one", "benign", PLAIN),
        record("e", "two", "benign", &key()),
        low,
        record("g", "one", "attack", &key()),
        record("i", "two", "attack", PLAIN),
        record("m", "one", "benign", PLAIN),
        record("h", "one", "unsure", &key()),
        serde_json::json!({ "id": "j", "source": "one", "text": key(), "label": null }),
    ];
    Files::new()
        .records("secrets/one.jsonl", &one)
        .records("deeper/secrets/two.jsonl", &[record("k", "two", "attack", &key())])
        .file("secrets/read.me", "not a record")
        .file("recipes/one.jsonl", "not a record")
        .records("pii/one.jsonl", &[record("l", "one", "attack", &key())])
}

fn scored(arguments: &[&str]) -> Ran {
    let (guards, corpus) = (only_secrets(), corpus());
    let corpus = text(corpus.path().to_owned());
    let ran = score(guards.path(), ["--corpus", &corpus].iter().chain(arguments));
    assert_eq!(ran.status, 0, "{}", ran.err);
    ran
}

/// Sources, records, hits and the rate in percent.
fn told(figure: &Value) -> String {
    let number = |name: &str| &figure[name];
    let percent = number("rate").as_f64().unwrap() * 100.0;
    format!("{} {} {} {percent:.0}", number("sources"), number("records"), number("hits"))
}

#[test]
fn every_source_and_part_has_its_rate_and_each_source_the_same_weight_in_the_average() {
    let report = scored(&["--json"]).json();
    assert_eq!(report["columns"], serde_json::json!(["look", "report"]));
    let secrets = &report["guards"][0];
    assert_eq!((&secrets["guard"], &secrets["folder"]), (&"secrets".into(), &"secrets".into()));
    let sources = |label: &str, column: &str| -> Vec<String> {
        let rows = secrets[label]["sources"].as_array().unwrap().iter();
        let figures = rows.filter_map(|row| Some((row, row["figures"].get(column)?)));
        figures.map(|(row, figure)| format!("{} {}", row["source"].as_str().unwrap(), told(figure))).collect()
    };
    let average = |label: &str, column: &str| told(&secrets[label]["average"][column]);
    assert_eq!(sources("attack", "look"), ["one 1 2 1 50", "two 1 2 2 100"]);
    assert_eq!(average("attack", "look"), "2 4 3 75");
    assert_eq!(sources("attack", "report"), ["one 1 1 1 100", "two 1 1 0 0"]);
    assert_eq!(average("attack", "report"), "2 2 1 50");
    assert_eq!(sources("benign", "look"), ["one 1 1 0 0", "two 1 1 1 100"]);
    assert_eq!(average("benign", "look"), "2 2 1 50");
    assert_eq!(sources("benign", "report"), ["one 1 1 0 0"]);
    assert_eq!(average("benign", "report"), "1 1 0 0");
}

#[test]
fn what_is_passed_over_is_counted_and_named() {
    let report = scored(&["--json"]).json();
    assert_eq!(report["unlabelled"], 2);
    assert_eq!(report["quality"], serde_json::json!({ "low": 1 }));
    assert_eq!(report["folders"], serde_json::json!(["recipes"]));
    let missing = ["pii", "injection", "egress", "hidden-text", "arguments", "definitions"];
    assert_eq!(report["missing"], serde_json::json!(missing));
    assert_eq!(report["guards"].as_array().unwrap().len(), 1);
}

#[test]
fn a_part_and_a_quality_are_chosen() {
    let average = |arguments: &[&str], label: &str, column: &str| {
        let report = scored(&[arguments, &["--json"]].concat()).json();
        assert_eq!(report["columns"], serde_json::json!([column]));
        told(&report["guards"][0][label]["average"][column])
    };
    assert_eq!(average(&["--part", "report"], "attack", "report"), "2 2 1 50");
    assert_eq!(average(&["--part", "look"], "attack", "look"), "2 4 3 75");
    // One: 2 of 3. Two: 2 of 3.
    assert_eq!(average(&["--part", "all"], "attack", "all"), "2 6 4 67");
    assert_eq!(average(&["--part", "look", "--quality", "low"], "benign", "look"), "1 1 1 100");
}

#[test]
fn only_findings_that_are_sure_enough_count() {
    let hits = |percent: &str| {
        let report = scored(&["--json", "--min-confidence", percent]).json();
        report["guards"][0]["attack"]["average"]["look"]["hits"].clone()
    };
    assert_eq!(hits("50"), 3);
    // No rule of this guard is ever so sure.
    assert_eq!(hits("100"), 0);
}

#[test]
fn the_tables_are_as_a_person_reads_them() {
    let expected = "\
secrets on secrets: attacks found
  source                records  rate, 95 % (to look at)  records   rate, 95 % (to report)
  one                         2     50.0 % (9.5 to 90.5)        1  100.0 % (20.7 to 100.0)
  two                         2  100.0 % (34.2 to 100.0)        1      0.0 % (0.0 to 79.3)
  average of 2 sources        4    75.0 % (36.4 to 95.3)        2    50.0 % (10.3 to 89.7)

secrets on secrets: benign reported
  source                records  rate, 95 % (to look at)  records  rate, 95 % (to report)
  one                         1      0.0 % (0.0 to 79.3)        1     0.0 % (0.0 to 79.3)
  two                         1  100.0 % (20.7 to 100.0)
  average of 2 sources        2    50.0 % (10.3 to 89.7)        1     0.0 % (0.0 to 79.3)

averages
  guard                     sources  records  rate, 95 % (to look at)  sources  records  rate, 95 % (to report)
  secrets: attacks found          2        4    75.0 % (36.4 to 95.3)        2        2   50.0 % (10.3 to 89.7)
  secrets: benign reported        2        2    50.0 % (10.3 to 89.7)        1        1     0.0 % (0.0 to 79.3)

secrets: longest call";
    let out = scored(&[]).out;
    assert!(out.starts_with(expected), "{out}");
}

#[test]
fn markdown_has_the_part_to_report_alone() {
    let out = scored(&["--markdown"]).out;
    let expected = "\
| guard | sources | records | rate, 95 % |
| --- | ---: | ---: | ---: |
| secrets: attacks found | 2 | 2 | 50.0 % (10.3 to 89.7) |
| secrets: benign reported | 1 | 1 | 0.0 % (0.0 to 79.3) |

`secrets`, attacks found:

| source | records | rate, 95 % |
| --- | ---: | ---: |
| one | 1 | 100.0 % (20.7 to 100.0) |
| two | 1 | 0.0 % (0.0 to 79.3) |
| average of 2 sources | 2 | 50.0 % (10.3 to 89.7) |
";
    assert!(out.starts_with(expected), "{out}");
    assert!(out.ends_with("* 2 records passed over: labelled neither `attack` nor `benign`\n* 1 records passed over: quality `low`\n* folder `recipes` passed over: no guard is scored on it\n"), "{out}");
}

#[test]
fn findings_are_written_record_by_record() {
    let written = Files::new();
    let path = text(written.path().join("findings.jsonl"));
    scored(&["--findings", &path]);
    let lines = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["k", "a", "b", "c", "d", "e", "g", "i", "m"]);
    let found = serde_json::json!({ "id": "a", "categories": ["secret"], "types": ["aws-access-key-id"] });
    assert_eq!(lines[1], found);
    assert_eq!(lines[2], serde_json::json!({ "id": "b", "categories": [], "types": [] }));
}

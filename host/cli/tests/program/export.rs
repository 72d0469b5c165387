//! `guardhouse audit export`, and docs/export.md, which says what it prints.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::setup::{TOKEN, assembled, check, output, policies, run, text};

/// The page that says what becomes of a record.
fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/export.md")).unwrap()
}

/// The event of which the page has the example.
fn documented() -> String {
    let event = format!(
        r#"{{"agent":"assistant","session":"s1","user":"emma","checkpoint":"tool-call","server":"tickets","tool":"reply",
            "call":"c1","trace":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","arguments":{{"text":"{TOKEN}"}}}}"#
    );
    event.replace('\n', "") + "\n"
}

/// A journal of decisions by the bundles that we ship.
fn journal() -> TempDir {
    let journal = tempfile::tempdir().unwrap();
    let path = journal.path().to_str().unwrap().to_owned();
    let sessions = ["clean", "denied", "repaired"].map(|name| policies().join(format!("demo/sessions/{name}.jsonl")));
    let sessions = sessions.map(|session| fs::read_to_string(session).unwrap()).concat();
    let bundles = ["demo", "default", "coding-agent", "support-agent"].map(|name| assembled(&policies().join(name)));
    for bundle in &bundles {
        let arguments = ["check", "--bundle", bundle.path().to_str().unwrap(), "--journal", &path];
        let done = run(&arguments, format!("{sessions}{}", documented()));
        assert_ne!(done.status.code(), Some(2), "{done:?}");
    }
    journal
}

fn export(journal: &TempDir, more: &[&str]) -> String {
    let done = run(&[&["audit", "export"], more, &[journal.path().to_str().unwrap()]].concat(), "");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    text(&done.stdout)
}

fn values(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn records_are_printed_as_they_are_written() {
    let journal = tempfile::tempdir().unwrap();
    let path = journal.path().to_str().unwrap();
    check(&["--journal", path], [output("all is well"), output(TOKEN), output("and well again")].concat());
    let written = fs::read_to_string(journal.path().join("00000001.jsonl")).unwrap();
    assert_eq!(export(&journal, &[]), written);
    let lines: Vec<&str> = written.split_inclusive('\n').collect();
    assert_eq!(export(&journal, &["--verdict", "modify"]), lines[2]);
    assert_eq!(export(&journal, &["--verdict", "modify", "--format", "ocsf"]).lines().count(), 1);
    // Behind what a shipper has delivered.
    let cursor = journal.path().join("cursor");
    let to = format!("file:{path}/sink");
    run(&["audit", "ship", "--once", "--to", &to, "--cursor", cursor.to_str().unwrap(), path], "");
    assert_eq!(export(&journal, &["--from", cursor.to_str().unwrap()]), "");
    check(&["--journal", path], output("later"));
    let later = export(&journal, &["--from", cursor.to_str().unwrap()]);
    assert_eq!(later, fs::read_to_string(journal.path().join("00000001.jsonl")).unwrap()[written.len()..]);
    let done = run(&["audit", "export", "--from", "/nowhere", path], "");
    assert_eq!(done.status.code(), Some(2), "{done:?}");
}

#[test]
fn each_decision_is_one_ocsf_event_that_says_what_the_record_does() {
    let journal = journal();
    let records = values(&export(&journal, &[]));
    let id = &records[0]["journal"];
    let decisions: Vec<&Value> = records.iter().filter(|record| record["kind"] == "decision").collect();
    let events = values(&export(&journal, &["--format", "ocsf"]));
    assert_eq!(events.len(), decisions.len());
    let verdicts: BTreeSet<_> = decisions.iter().map(|record| record["verdict"].as_str().unwrap()).collect();
    assert!(verdicts.is_superset(&["allow", "deny", "escalate", "modify"].into()), "{verdicts:?}");
    for (event, record) in events.iter().zip(decisions) {
        let ids = (&event["category_uid"], &event["class_uid"], &event["activity_id"], &event["type_uid"]);
        assert_eq!(ids, (&6.into(), &6_003.into(), &99.into(), &600_399.into()));
        let (action, disposition, least) = match record["verdict"].as_str().unwrap() {
            "allow" => (1, 1, 1),
            "warn" => (1, 15, 2),
            "modify" => (4, 11, 2),
            "escalate" => (2, 99, 3),
            _ => (2, 2, 3),
        };
        assert_eq!((&event["action_id"], &event["disposition_id"]), (&action.into(), &disposition.into()));
        let findings = record["findings"].as_array().unwrap();
        let worst = findings.iter().map(|finding| finding["severity"].as_u64().unwrap() + 1).max().unwrap_or_default();
        assert_eq!(event["severity_id"], worst.max(least));
        let is_held = action == 2;
        assert_eq!(event["status_id"], if is_held { 2 } else { 0 });
        assert_eq!(event["is_alert"], record["verdict"] != "allow");
        for (attribute, member) in [
            ("/activity_name", "/checkpoint"),
            ("/actor/session/uid", "/session"),
            ("/actor/user/name", "/user"),
            ("/ai_agent/uid", "/agent"),
            ("/ai_agent/instance_uid", "/session"),
            ("/src_endpoint/name", "/agent"),
            ("/api/service/name", "/server"),
            ("/api/request/uid", "/call"),
            ("/resources/0/name", "/tool"),
            ("/status_code", "/reasons/0/code"),
            ("/status_detail", "/reasons/0/message"),
            ("/metadata/uid", "/id"),
            ("/metadata/sequence", "/n"),
            ("/metadata/original_time", "/time"),
            ("/unmapped/chain", "/chain"),
            ("/unmapped/findings", "/findings"),
            ("/unmapped/facts", "/facts"),
            ("/unmapped/policies", "/policies"),
            ("/unmapped/digest", "/digest"),
        ] {
            assert_eq!(event.pointer(attribute), record.pointer(member), "{attribute}");
        }
        if record["reasons"][0]["policy"].is_string() {
            assert_eq!(event["policy"]["uid"], record["reasons"][0]["policy"]);
            assert_eq!(
                (&event["policy"]["version"], &event["policy"]["group"]["name"]),
                (&record["generation"], &record["bundle"])
            );
        }
        assert_eq!((&event["metadata"]["version"], &event["metadata"]["log_source"]), (&"1.9.0".into(), id));
        let time: jiff::Timestamp = record["time"].as_str().unwrap().parse().unwrap();
        assert_eq!(event["time"], time.as_millisecond());
        let operation = if record["tool"].is_string() { &record["tool"] } else { &record["checkpoint"] };
        assert_eq!(&event["api"]["operation"], operation);
        // Nothing of a record is left out.
        for name in record.as_object().unwrap().keys() {
            let has_place =
                ["n", "kind", "time", "id", "agent", "session", "user", "checkpoint", "server", "tool", "definition"];
            assert_ne!(has_place.contains(&name.as_str()), event["unmapped"][name] == record[name], "{name}");
        }
    }
}

/// The paths to an event's values, `[]` for a place in a list.
fn paths(event: &Value, path: &str, found: &mut BTreeSet<String>) {
    match event {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if path != "unmapped" {
                    paths(value, &path, found);
                }
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                paths(item, &format!("{path}[]"), found);
            }
        }
        _ => drop(found.insert(path.to_owned())),
    }
}

#[test]
fn the_page_has_a_row_for_every_attribute_and_none_besides() {
    let mut found = BTreeSet::new();
    for event in values(&export(&journal(), &["--format", "ocsf"])) {
        paths(&event, "", &mut found);
    }
    let page = page();
    let rows = page.lines().skip_while(|line| !line.starts_with("## OCSF")).filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let documented: BTreeSet<String> = cells.filter(|path| *path != "unmapped").map(str::to_owned).collect();
    let missing: Vec<_> = found.difference(&documented).collect();
    let never: Vec<_> = documented.difference(&found).collect();
    assert!(missing.is_empty() && never.is_empty(), "not in the table: {missing:?}; never printed: {never:?}");
}

#[test]
fn the_example_of_the_page_is_what_is_printed() {
    let page = page();
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let mut example: Value = serde_json::from_str(example).unwrap();
    let journal = tempfile::tempdir().unwrap();
    check(&["--journal", journal.path().to_str().unwrap()], documented());
    let mut event = values(&export(&journal, &["--format", "ocsf"])).remove(0);
    // What is another with each run or each build of a guard.
    for pointer in [
        "/time",
        "/metadata/uid",
        "/metadata/original_time",
        "/metadata/log_source",
        "/policy/version",
        "/unmapped/digest",
        "/unmapped/call_digest",
        "/unmapped/generation",
        "/unmapped/guards/0/configured",
        "/unmapped/guards/0/micros",
        "/unmapped/judge_micros",
        "/unmapped/micros",
        "/unmapped/chain",
    ] {
        let (said, printed) =
            (example.pointer_mut(pointer).unwrap().take(), event.pointer_mut(pointer).unwrap().take());
        assert_eq!(said.is_string(), printed.is_string(), "{pointer}");
    }
    assert_eq!(example, event, "{event:#}");
}

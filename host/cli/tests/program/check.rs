//! `guardhouse check`.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
};

use crate::setup::{TOKEN, check, demo, output, run, start, text};

fn decisions(stdout: &[u8]) -> Vec<serde_json::Value> {
    text(stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_is_allowed_ends_with_0_and_one_decision_a_line() {
    let done = check(&[], output("hello") + "\n" + &output("bye"));
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let verdicts: Vec<_> = decisions(&done.stdout).into_iter().map(|decision| decision["verdict"].clone()).collect();
    assert_eq!(verdicts, ["allow", "allow"]);
}

#[test]
fn what_is_not_allowed_ends_with_1_and_says_why() {
    let done = check(&[], output(&format!("the token is {TOKEN}")));
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let decision = &decisions(&done.stdout)[0];
    assert_eq!(decision["verdict"], "modify");
    assert_eq!(decision["text"], "the token is [redacted:secret]");
    assert_eq!(decision["reasons"][0]["policy"], "limits.cedar:secret-in-answer");
    assert_eq!(decision["findings"][0]["rule"], "github-token");
    assert!(!text(&done.stdout).contains(TOKEN));
}

#[test]
fn a_line_that_is_no_event_ends_with_2_and_names_file_line_and_field() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let unknown = r#"{"agent":"a","session":"s","checkpoint":"output","text":"x","txet":"y"}"#;
    fs::write(file.path(), output("hello") + unknown).unwrap();
    let done = check(&[file.path().to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(decisions(&done.stdout).len(), 1, "what came before it was decided");
    let error = text(&done.stderr).replace('\n', " ");
    for part in [":2:", "`txet`", "expected `text`"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
}

#[test]
fn bad_lines_are_told_apart() {
    let bad: [(&[u8], &str); 5] = [
        (b"{\"agent\":\"a\",\"agent\":\"b\"}", "standard input:1:14"),
        (b"{\"agent\":\"\xff\"}", "expected UTF-8"),
        (b"{\"agent\":\"a\"\n", "standard input:1:13: expected `,` or `}`"),
        (br#"{"agent":"a","session":"s","checkpoint":"outptu","text":"x"}"#, "`output`?"),
        (br#"{"agent":"a","session":"s","checkpoint":"input","source":"user","text":"x","trusted":true}"#, "`trusted`"),
    ];
    let demo = demo();
    for (line, words) in bad {
        let done = run(&["check", "--bundle", demo.path().to_str().unwrap(), "-"], line);
        assert_eq!(done.status.code(), Some(2), "{done:?}");
        let error = text(&done.stderr).replace("\n  │ ", " ").replace('\n', " ");
        assert!(error.contains(words), "{words} is not in {error}");
        assert!(done.stdout.is_empty());
    }
}

#[test]
fn people_see_reasons_but_neither_secrets_nor_control_characters() {
    let done = check(&["--pretty"], output(&format!("\u{1b}[2Jtoken {TOKEN}")));
    assert_eq!(done.status.code(), Some(1));
    let shown = text(&done.stdout);
    assert!(shown.contains("a secret must not stand in an answer"), "{shown}");
    assert!(shown.contains("1 event: 1 modify"), "{shown}");
    assert!(!shown.contains('\u{1b}') && !shown.contains(TOKEN), "{shown}");
    // Also where nothing is repaired, because the event is denied.
    let call = serde_json::Value::from(format!("use {TOKEN}"));
    let call = format!(
        r#"{{"agent":"a","session":"s","checkpoint":"tool-call","server":"tickets","tool":"reply","call":"c","arguments":{{"text":{call}}}}}"#
    );
    let shown = text(&check(&["--pretty"], call).stdout);
    assert!(shown.contains("deny") && shown.contains("tickets/reply") && !shown.contains(TOKEN), "{shown}");
}

#[test]
fn a_bundle_that_does_not_load_ends_with_2_before_anything_is_read() {
    let demo = demo();
    fs::write(demo.path().join("guards/secrets.wasm"), "something else").unwrap();
    let done = run(&["check", "--bundle", demo.path().to_str().unwrap()], output("hello"));
    assert_eq!(done.status.code(), Some(2));
    assert!(done.stdout.is_empty());
    assert!(text(&done.stderr).contains("guardhouse.toml"), "{}", text(&done.stderr));
}

#[test]
fn wrong_arguments_and_missing_files_end_with_2() {
    assert_eq!(run(&["check", "--no-such-flag"], "").status.code(), Some(2));
    assert_eq!(run(&["chekc"], "").status.code(), Some(2));
    let done = check(&["no-such-transcript.jsonl"], "");
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("no-such-transcript.jsonl"));
}

#[test]
fn every_help_has_an_example() {
    for command in [
        &["check"][..],
        &["bundle", "check"],
        &["bundle", "lock"],
        &["bundle", "test"],
        &["policy", "explain"],
        &["policy", "fmt"],
        &["policy", "new"],
        &["policy", "schema"],
        &["tools", "pin"],
        &["tools", "list"],
        &["tools", "diff"],
    ] {
        let done = run(&[command, &["--help"]].concat(), "");
        assert_eq!(done.status.code(), Some(0));
        assert!(text(&done.stdout).contains("Example:\n  guardhouse "), "{}", text(&done.stdout));
    }
}

#[test]
fn a_decision_is_there_before_the_next_event_is() {
    let demo = demo();
    let mut child = start(&["check", "--bundle", demo.path().to_str().unwrap()]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        stdin.write_all(output("hello").as_bytes()).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains("\"verdict\":\"allow\""), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

/// How often the process is killed. `GUARDHOUSE_KILLS=200` kills it as often as the journal was asked to bear.
fn kills() -> u64 {
    std::env::var("GUARDHOUSE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(5)
}

#[test]
fn every_decision_that_a_killed_process_gave_is_in_its_journal() {
    let (demo, journal) = (demo(), tempfile::tempdir().unwrap());
    let directories = [demo.path().to_str().unwrap(), journal.path().to_str().unwrap()];
    let mut given = Vec::new();
    for kill in 0..kills() {
        let mut child = start(&["check", "--bundle", directories[0], "--journal", directories[1]]);
        let mut stdin = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            let line = output("hello");
            while stdin.write_all(line.as_bytes()).is_ok() {}
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ids = lines.by_ref().map_while(Result::ok).map(|line| id(&line).unwrap());
        given.extend(ids.take(usize::try_from(1 + kill * 37 % 97).unwrap()));
        // While it goes on, at no particular moment.
        std::thread::sleep(std::time::Duration::from_micros(kill * 7_919 % 5_003));
        child.kill().unwrap();
        child.wait().unwrap();
        // What it had printed by then was given, but for a line that was not printed to its end.
        given.extend(lines.map_while(Result::ok).filter_map(|line| id(&line)));
        writer.join().unwrap();
        let verified = run(&["audit", "verify", directories[1]], "");
        assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    }
    let records = fs::read_to_string(journal.path().join("00000001.jsonl")).unwrap();
    let recorded: std::collections::HashSet<String> = records.lines().filter_map(id).collect();
    let lost = given.iter().filter(|id| !recorded.contains(*id)).count();
    assert_eq!(lost, 0, "{} given, {} recorded", given.len(), recorded.len());
}

/// The `id` of a line of JSON, if it is one and has it.
fn id(line: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(value.get("id")?.as_str()?.to_owned())
}

/// A chunk of the stream `r1`.
fn chunk(text: &str, more: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!(r#"{{"agent":"a","session":"s","checkpoint":"output","stream":"r1","chunk":{text}{more}}}"#) + "\n"
}

#[test]
fn a_streamed_output_goes_on_in_pieces_and_ends_with_its_decision() {
    let (before, after) = TOKEN.split_at(12);
    let transcript = chunk("Hello. ", "") + &chunk(before, "") + &output("between") + &chunk(after, r#","last":true"#);
    let done = check(&[], transcript);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let lines = decisions(&done.stdout);
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[2]["verdict"], "allow");
    let released: String = [0, 1, 3].map(|line| lines[line]["text"].as_str().unwrap()).concat();
    assert_eq!(released, "Hello. [redacted:secret]");
    assert_eq!(lines[3]["decision"]["verdict"], "modify");
    assert_eq!((&lines[0]["stream"], lines[0].get("decision")), (&"r1".into(), None));
    assert!(!text(&done.stdout).contains(before));
}

#[test]
fn a_stream_without_an_end_or_of_another_is_an_error() {
    let done = check(&[], chunk("Hello", ""));
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    assert!(text(&done.stderr).replace('\n', " ").contains("expected a last chunk of stream `r1`"), "{done:?}");
    let other = chunk("Hello", "").replace(r#""agent":"a""#, r#""agent":"b""#);
    let done = check(&[], chunk("Hello", "") + &other);
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    assert!(text(&done.stderr).contains("expected the agent"), "{done:?}");
}

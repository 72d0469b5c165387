//! `guardhouse bundle test`.

use std::{fs, path::Path, process::Output};

use crate::setup::{TOKEN, assembled, demo, policies, run, text};

/// Runs the tests of a bundle.
fn test(bundle: &Path, arguments: &[&str]) -> Output {
    run(&[&["bundle", "test", bundle.to_str().unwrap()], arguments].concat(), "")
}

/// The demo's bundle with these tests instead of its own.
fn with_tests(files: &[(&str, &str)]) -> tempfile::TempDir {
    let demo = demo();
    let tests = demo.path().join("tests");
    fs::remove_dir_all(&tests).unwrap();
    fs::create_dir(&tests).unwrap();
    for (name, text) in files {
        fs::write(tests.join(name), text).unwrap();
    }
    demo
}

/// One case that fails in every way there is but on an event before, and one that passes.
fn failing() -> tempfile::TempDir {
    let yaml = format!(
        "\
# A comment.
- name: a <secret> & \"more\"
  event: {{checkpoint: output, text: 'the token is {TOKEN}, in full'}}
  expect:
    verdict: deny
    reasons: [limits.cedar:secret-in-anser, no-permit]
    findings: [{{guard: secrets, severity: 1}}]
    text: the token is [redacted], in full
"
    );
    let jsonl = r#"{"event":{"checkpoint":"output","text":"hello"},"expect":{"verdict":"allow"}}"#;
    with_tests(&[("a.yaml", &yaml), ("b.jsonl", jsonl)])
}

#[test]
fn every_bundle_that_we_ship_passes_its_own_tests_and_they_make_every_forbid_fire() {
    let bundles: Vec<_> = fs::read_dir(policies()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!bundles.is_empty());
    for bundle in bundles.iter().filter(|path| path.is_dir()) {
        let done = test(assembled(bundle).path(), &["--require-coverage"]);
        assert_eq!(done.status.code(), Some(0), "{}: {done:?}", bundle.display());
        assert!(text(&done.stdout).contains(" passed, 0 failed in "), "{}: {done:?}", bundle.display());
    }
}

#[test]
fn a_test_that_fails_ends_with_1_and_says_what_was_expected_and_what_was_found() {
    let done = test(failing().path(), &[]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let shown = text(&done.stdout);
    for line in [
        "FAILED tests/a.yaml:2 a <secret> & \"more\"",
        "verdict: expected deny, found modify",
        "  because policy limits.cedar:secret-in-answer: a secret must not stand in an answer",
        "reasons: missing    limits.cedar:secret-in-anser (the bundle has no such forbid; did you mean `limits.cedar:secret-in-answer`?)",
        "reasons: missing    no-permit",
        "reasons: unexpected policy limits.cedar:secret-in-answer: a secret must not stand in an answer",
        "findings: missing    {\"guard\":\"secrets\",\"severity\":1}",
        "text: expected \"the token is [redacted], in full\"",
        "text: found    \"the token is [redacted:secret], in full\"",
        "1 passed, 1 failed in 2 files",
        "no test makes 5 of 6 forbids fire:",
    ] {
        assert!(shown.lines().any(|shown| shown.trim_start() == line.trim_start()), "{line} is not in {shown}");
    }
    assert!(shown.contains("findings: unexpected secrets found secret (github-token"), "{shown}");
    assert!(!shown.contains("b.jsonl"), "what passed is counted, not listed: {shown}");
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[test]
fn forbids_that_no_test_makes_fire_are_told_and_fail_only_where_that_is_asked_for() {
    let bundle = with_tests(&[(
        "a.yaml",
        "- name: a\n  before:\n    - {checkpoint: tool-call, server: ops, tool: run_command, arguments: {}}\n  \
         event: {checkpoint: tool-call, server: x, tool: y, arguments: {}}\n  expect: {verdict: escalate}\n",
    )]);
    let done = test(bundle.path(), &[]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let shown = text(&done.stdout);
    let told: Vec<_> = shown.lines().skip_while(|line| !line.starts_with("no test makes")).collect();
    // `unknown-tool` fired; `no-commands` fired only on what came before, of which nothing is expected.
    let expected = [
        "no test makes 5 of 6 forbids fire:",
        "  limits.cedar:no-commands",
        "  limits.cedar:secret-in-answer",
        "  limits.cedar:secret-leaves",
        "  limits.cedar:secret-read",
        "  limits.cedar:uninspected",
    ];
    assert_eq!(told, expected);
    assert_eq!(test(bundle.path(), &["--require-coverage"]).status.code(), Some(1));
    // Of a part of the tests nothing can be said, nor asked.
    let part = test(bundle.path(), &["--filter", "a"]);
    assert_eq!(part.status.code(), Some(0));
    assert!(!text(&part.stdout).contains("no test makes"), "{part:?}");
    assert_eq!(test(bundle.path(), &["--filter", "a", "--require-coverage"]).status.code(), Some(2));
}

#[test]
fn a_bundle_without_tests_says_so() {
    let bundle = with_tests(&[]);
    fs::remove_dir(bundle.path().join("tests")).unwrap();
    let done = test(bundle.path(), &[]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let shown = text(&done.stdout);
    assert!(shown.starts_with("no tests\nno test makes 6 of 6 forbids fire:\n"), "{shown}");
    assert_eq!(test(bundle.path(), &["--require-coverage"]).status.code(), Some(1));
}

#[test]
fn json_is_one_object_that_says_the_same() {
    let done = test(failing().path(), &["--json"]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert_eq!(text(&done.stdout).lines().count(), 1);
    // Read by our strict reader, which refuses what two readers may read in two ways.
    guardhouse::json::parse(&done.stdout).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(json["bundle"], "demo");
    assert_eq!((&json["passed"], &json["failed"], &json["forbids"]), (&1.into(), &1.into(), &6.into()));
    assert_eq!(json["not_fired"].as_array().unwrap().len(), 5);
    let case = &json["files"][0]["cases"][0];
    assert_eq!((&case["line"], &case["passed"], &case["verdict"]), (&2.into(), &false.into(), &"modify".into()));
    let differences = case["differences"].as_array().unwrap();
    let kinds: Vec<_> = differences.iter().map(|difference| difference["in"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["verdict", "reasons", "findings", "payload"]);
    assert_eq!(differences[1]["missing"], serde_json::json!(["limits.cedar:secret-in-anser", "no-permit"]));
    assert_eq!(differences[3]["at"], "/text");
    assert!(json["files"][1]["cases"][0].get("differences").is_none());
    let part = test(failing().path(), &["--json", "--filter", "b.jsonl"]);
    assert_eq!(part.status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_slice(&part.stdout).unwrap();
    assert_eq!((&json["passed"], &json["failed"]), (&1.into(), &0.into()));
    assert!(json.get("forbids").is_none() && json.get("not_fired").is_none());
}

#[test]
fn junit_is_well_formed_and_has_a_suite_a_file() {
    let bundle = failing();
    // A name that no terminal and no XML should get.
    let nasty = "{\"name\":\"a \\u202e\\ufffe]]> <b> 'c'\",\"event\":{\"checkpoint\":\"output\",\"text\":\"x\"},\
                 \"expect\":{\"verdict\":\"deny\"}}";
    fs::write(bundle.path().join("tests/c.jsonl"), nasty).unwrap();
    let report = bundle.path().join("report.xml");
    let done = test(bundle.path(), &["--require-coverage", "--junit", report.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let xml = fs::read_to_string(&report).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let suites = document.root_element();
    assert_eq!((suites.attribute("tests"), suites.attribute("failures")), (Some("8"), Some("7")), "{xml}");
    let names: Vec<_> = suites.children().filter_map(|suite| suite.attribute("name")).collect();
    assert_eq!(names, ["tests/a.yaml", "tests/b.jsonl", "tests/c.jsonl", "coverage"]);
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases[0].attribute("name"), Some("a <secret> & \"more\""));
    assert_eq!((cases[0].attribute("file"), cases[0].attribute("line")), (Some("tests/a.yaml"), Some("2")));
    let failure = cases[0].children().find(|node| node.has_tag_name("failure")).unwrap();
    assert_eq!(failure.attribute("message"), Some("verdict: expected deny, found modify"));
    assert!(failure.text().unwrap().contains("\nreasons: missing    no-permit\n"), "{xml}");
    assert!(!cases[1].has_children());
    assert_eq!(cases[2].attribute("name"), Some("a \u{fffd}]]> <b> 'c'"));
    assert_eq!(cases[3].attribute("name"), Some("limits.cedar:no-commands"));

    let unwritable = bundle.path().join("no/such/report.xml");
    assert_eq!(test(bundle.path(), &["--junit", unwritable.to_str().unwrap()]).status.code(), Some(2));
}

#[test]
fn a_test_that_cannot_be_read_ends_with_2_and_points_at_the_line() {
    for (name, written, parts) in [
        (
            "a.yaml",
            "- name: a\n  event: {checkpoint: output, text: x}\n  expect:\n    verdcit: deny\n    verdict: deny\n",
            ["tests/a.yaml:4", "verdcit: deny", "did you mean `verdict`?"],
        ),
        (
            "a.jsonl",
            "\n{\"event\":{\"checkpoint\":\"outptu\",\"text\":\"x\"},\"expect\":{\"verdict\":\"deny\"}}\n",
            ["tests/a.jsonl:2", "`checkpoint`", "`output`"],
        ),
        ("a.ymal", "", ["tests/a.ymal", "`*.jsonl`", "found something else"]),
    ] {
        let bundle = with_tests(&[(name, written)]);
        for command in ["test", "check"] {
            let done = run(&["bundle", command, bundle.path().to_str().unwrap()], "");
            assert_eq!(done.status.code(), Some(2), "{done:?}");
            assert!(done.stdout.is_empty());
            let error = text(&done.stderr).replace("\n  │ ", "");
            for part in parts {
                assert!(error.contains(part), "{part} is not in {error}");
            }
        }
    }
}

#[test]
fn a_filter_that_fits_no_test_is_an_error() {
    let done = test(demo().path(), &["--filter", "no such test"]);
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    assert!(text(&done.stderr).contains("found none among 8"), "{done:?}");
    let one = test(demo().path(), &["--filter", "cut out"]);
    assert!(text(&one.stdout).starts_with("1 passed, 0 failed in 1 file\n"), "{one:?}");
}

#[test]
fn what_a_test_says_cannot_steer_the_terminal() {
    let done = test(
        with_tests(&[(
            "a.yaml",
            "- name: \"x\\u202ey\"\n  event: {checkpoint: output, text: x}\n  \
             expect: {verdict: allow, reasons: [\"a.cedar:\\e[2J\"]}\n",
        )])
        .path(),
        &[],
    );
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let shown = text(&done.stdout);
    assert!(!shown.contains(['\u{1b}', '\u{202e}']) && shown.contains("a.cedar:[2J"), "{shown}");
}

/// The page for authors, `docs/writing-a-guard.md`, says what its guard's bundle prints.
#[test]
fn the_bundle_of_the_page_for_authors_does_what_the_page_says() {
    let repository = policies().join("..");
    let page = fs::read_to_string(repository.join("docs/writing-a-guard.md")).unwrap();
    let printed = |command: &str| {
        let block = page.lines().skip_while(|line| !line.contains(command)).skip(1);
        let lines: Vec<&str> = block.map_while(|line| line.strip_prefix("    ")).collect();
        assert!(!lines.is_empty(), "the page has `{command}`");
        lines.join("\n")
    };
    let sources = repository.join("tests/guests/customers/bundle");
    let bundle = assembled(&sources);
    let event = sources.join("event.jsonl");
    let arguments = ["check", "--pretty", "--bundle", bundle.path().to_str().unwrap(), event.to_str().unwrap()];
    let checked = text(&run(&arguments, "").stdout);
    assert!(checked.contains(&printed("$ guardhouse check")), "{checked}");
    let tested = text(&test(bundle.path(), &[]).stdout);
    assert!(tested.contains(&printed("$ guardhouse bundle test")), "{tested}");
}

//! A bundle's own tests, run by its generation.

use std::sync::Arc;

use guardhouse::{
    bundle::{Bundle, CaseFile},
    decision::Verdict,
    generation::Generation,
    rehearsal::{self, Difference, Outcome, Rehearsal},
    sandbox::Runtime,
};
use guardhouse_system_tests::{GENEROUS, TestBundle, station};

use crate::{
    EVERYWHERE, PERMIT,
    verdicts::{POLICIES, SECRET, with_secrets},
};

/// Runs the tests of a bundle, or these.
async fn rehearse(bundle: &TestBundle, files: Option<&[CaseFile]>) -> Rehearsal {
    let bundle = Bundle::read(bundle.path()).unwrap();
    let tests = bundle.tests();
    let generation = Generation::new(&Runtime::new().unwrap(), bundle).await.unwrap();
    rehearsal::run(&Arc::new(generation), files.unwrap_or(&tests)).await
}

/// The only outcome.
fn only(rehearsal: &Rehearsal) -> &Outcome {
    let [file] = rehearsal.files.as_slice() else { panic!("{rehearsal:?}") };
    let [outcome] = file.outcomes.as_slice() else { panic!("{rehearsal:?}") };
    outcome
}

/// Cases that all name one session, one tool and one call: whatever an engine remembers, it could mix up.
fn entangled() -> Vec<CaseFile> {
    let secret = SECRET;
    let call = r#"{"checkpoint":"tool-call","server":"bank","tool":"pay","arguments":{"to":"Ann"}}"#;
    let define = |hint: bool| {
        format!(
            r#"{{"checkpoint":"tool-definition","server":"bank","tool":"pay","definition":{{"name":"pay","annotations":{{"readOnlyHint":{hint}}}}}}}"#
        )
    };
    let text = [
        format!(r#"{{"before":[{},{call}],"event":{call},"expect":{{"verdict":"escalate"}}}}"#, define(true)),
        format!(r#"{{"before":[{}],"event":{call},"expect":{{"verdict":"escalate"}}}}"#, define(false)),
        format!(r#"{{"event":{call},"expect":{{"verdict":"escalate"}}}}"#),
        format!(
            r#"{{"before":[{{"checkpoint":"input","source":"document","text":"{secret}"}}],"event":{{"checkpoint":"output","text":"{secret}"}},"expect":{{"verdict":"modify"}}}}"#
        ),
        r#"{"event":{"checkpoint":"output","text":"hello"},"expect":{"verdict":"allow"}}"#.to_owned(),
    ];
    vec![CaseFile::read("tests/a.jsonl", &text.join("\n")).unwrap()]
}

#[tokio::test]
async fn no_case_sees_what_another_left_behind() {
    let bundle = with_secrets(&format!("{PERMIT}{POLICIES}"));
    let outcome = |outcome: &Outcome| {
        let outcome = outcome.clone();
        let reasons = outcome.decision.reasons;
        (outcome.line, outcome.decision.verdict, reasons, outcome.decision.findings, outcome.differences)
    };
    let together = entangled();
    let all = rehearse(&bundle, Some(&together)).await;
    assert_eq!((all.passed(), all.failed()), (5, 0), "{all:?}");
    let mut backwards = entangled();
    backwards[0].cases.reverse();
    let reversed = rehearse(&bundle, Some(&backwards)).await;
    for (index, case) in together[0].cases.iter().enumerate() {
        let alone = CaseFile { name: "alone".to_owned(), cases: vec![case.clone()] };
        let alone = rehearse(&bundle, Some(&[alone])).await;
        let expected = outcome(only(&alone));
        assert_eq!(outcome(&all.files[0].outcomes[index]), expected);
        assert_eq!(outcome(&reversed.files[0].outcomes[4 - index]), expected);
    }
}

#[tokio::test]
async fn a_guard_that_fails_on_an_earlier_event_is_a_difference() {
    let evil = station("evil", "guest-evil", EVERYWHERE, "config = { do = \"panic\", when = \"now\" }");
    let bundle = TestBundle::new(&format!("{GENEROUS}{evil}")).guard("guest-evil").policies(PERMIT).locked();
    let case = "- name: a
  before:
    - {checkpoint: input, source: user, text: x}
    - {checkpoint: input, source: user, text: now}
  event: {checkpoint: output, text: x}
  expect: {verdict: allow}
";
    let rehearsal = rehearse(&bundle.file("tests/a.yaml", case), None).await;
    let outcome = only(&rehearsal);
    assert_eq!(outcome.decision.verdict, Verdict::Allow);
    let [Difference::Before { event: 1, reason }] = outcome.differences.as_slice() else { panic!("{outcome:?}") };
    assert_eq!(reason.guard.as_deref(), Some("evil"));
}

#[tokio::test]
async fn what_an_earlier_event_met_is_not_compared() {
    let case = r#"{"before":[{"checkpoint":"tool-call","server":"bank","tool":"wire","arguments":{}}],
        "event":{"checkpoint":"output","text":"x"},"expect":{"verdict":"allow","reasons":[]}}"#
        .replace('\n', "");
    let bundle = with_secrets(&format!("{PERMIT}{POLICIES}")).file("tests/a.jsonl", case);
    let rehearsal = rehearse(&bundle, None).await;
    assert!(only(&rehearsal).passed(), "{rehearsal:?}");
    assert_eq!((rehearsal.forbids, rehearsal.not_fired.len()), (4, 4));
}

#[tokio::test]
async fn reasons_and_findings_are_these_and_no_others() {
    let bundle = with_secrets(&format!("{PERMIT}{POLICIES}"));
    let verdict_of = async |expect: &str| {
        let case = format!(
            r#"{{"event":{{"checkpoint":"output","text":"{SECRET}"}},"expect":{{"verdict":"modify",{expect}}}}}"#
        );
        let file = CaseFile::read("tests/a.jsonl", &case).unwrap();
        rehearse(&bundle, Some(&[file])).await.passed() == 1
    };
    assert!(verdict_of(r#""reasons":["test.cedar:mend"],"findings":[{"guard":"secrets","path":""}]"#).await);
    assert!(verdict_of(r#""text":"[redacted:secret]","findings":[{}]"#).await);
    for wrong in [
        r#""reasons":[]"#,
        r#""reasons":["test.cedar:ask"]"#,
        r#""reasons":["test.cedar:mend","test.cedar:ask"]"#,
        r#""reasons":["test.cedar:mend","test.cedar:mend"]"#,
        r#""reasons":["no-permit"]"#,
        r#""findings":[]"#,
        r#""findings":[{},{}]"#,
        r#""findings":[{"guard":"pii"}]"#,
        r#""findings":[{"path":"/text"}]"#,
        r#""findings":[{"path":null}]"#,
        r#""findings":[{"severity":0}]"#,
        r#""text":"[redacted]""#,
    ] {
        assert!(!verdict_of(wrong).await, "{wrong}");
    }
}

#[tokio::test]
async fn tests_are_no_part_of_the_digest() {
    let digest = async |bundle: TestBundle| bundle.engine().await.generation().digest();
    let with = TestBundle::new("").file("tests/a.yaml", "[]").file("tests/notes.md", "x").file("tests/.hidden", "x");
    assert_eq!(digest(with).await, digest(TestBundle::new("")).await);
    let refusal = TestBundle::new("").file("tests/deep/a.yaml", "[]").refusal().await;
    assert!(guardhouse_system_tests::shown(&refusal).contains("tests/deep"), "a folder in it would not be read");
}

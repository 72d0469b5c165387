#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use miette::Diagnostic as _;
use proptest::prelude::*;

use super::{CaseFile, ExpectedPayload, ExpectedReason, yaml};
use crate::{
    bundle::BundleError,
    decision::{ReasonCode, Verdict},
    event::Body,
    json::{self, MAX_DEPTH, Value, tests::value as any_value},
};

const CASE: &str = r#"{"event":{"checkpoint":"output","text":"hi"},"expect":{"verdict":"allow"}}"#;

/// The one error of a text.
fn error(name: &str, text: &str) -> BundleError {
    let mut errors = CaseFile::read(name, text).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.pop().unwrap()
}

/// The error's help, and the text that it points at.
fn pointed(error: &BundleError, text: &str) -> (String, String) {
    let help = error.help().map(|help| help.to_string()).unwrap_or_default();
    let label = error.labels().unwrap().next().unwrap();
    (help, text[label.offset()..label.offset() + label.len()].to_owned())
}

/// What YAML makes of a value that stands as the only item of its list.
fn from_yaml(text: &str) -> Result<Value, String> {
    let mut read = None;
    yaml::read(text, |value, _| read = Some(value.clone())).map_err(|refusal| refusal.message)?;
    Ok(read.unwrap())
}

#[test]
fn a_case_is_read_with_its_defaults() {
    let text = format!(
        "{CASE}\n\n{}\n",
        r#"{"name":"two","before":[{"checkpoint":"input","source":"user","text":"x"}],
            "event":{"checkpoint":"tool-result","server":"s","tool":"t","text":"y","session":"mine"},
            "expect":{"verdict":"modify","text":"z","reasons":["a.cedar:b","no-permit","guard-failed pii"],
              "findings":[{"guard":"g","severity":2,"path":null},{}]}}"#
            .replace('\n', "")
    );
    let file = CaseFile::read("tests/a.jsonl", &text).unwrap();
    let [first, second] = file.cases.as_slice() else { panic!("{file:?}") };
    assert_eq!((first.name.as_str(), first.line), ("tests/a.jsonl:1", 1));
    assert_eq!((first.event.agent.as_str(), first.event.session.as_str()), ("test", "test"));
    assert_eq!(first.expected.reasons, None);
    assert_eq!((second.name.as_str(), second.line), ("two", 3));
    assert_eq!((second.event.session.as_str(), second.before.len()), ("mine", 1));
    assert!(matches!(&second.event.body, Body::ToolResult { call, .. } if call.as_str() == "c1"));
    let reasons = second.expected.reasons.as_deref().unwrap();
    assert_eq!(reasons[0], ExpectedReason::Policy("a.cedar:b".to_owned()));
    assert_eq!(reasons[1], ExpectedReason::Code { code: ReasonCode::NoPermit, of: None });
    assert_eq!(reasons[2].to_string(), "guard-failed pii");
    let findings: Vec<_> = second.expected.findings.iter().flatten().map(|it| it.to_value().to_string()).collect();
    assert_eq!(findings, [r#"{"guard":"g","severity":2,"path":null}"#, "{}"]);
    assert!(
        matches!(&second.expected.payload, Some(ExpectedPayload::Result { content: Some(blocks), structured: None })
            if blocks.len() == 1)
    );
}

#[test]
fn a_case_in_yaml_is_read_as_people_write_it() {
    let text = "\
# A comment.
---
- name: a secret does not leave
  event:
    checkpoint: tool-call
    server: bank
    tool: pay
    arguments:
      amount: 12.50   # kept digit for digit
      note: |
        two
        lines
      'on': no
  expect: { verdict: deny, reasons: [ limits.cedar:large, no-permit ] }

- name: another
  event: {checkpoint: output, text: \"caf\\u00e9\"}
  expect:
    verdict: allow
";
    let file = CaseFile::read("tests/a.yaml", text).unwrap();
    assert_eq!(file.cases.iter().map(|case| case.line).collect::<Vec<_>>(), [3, 16]);
    let Body::ToolCall { arguments, .. } = &file.cases[0].event.body else { panic!("{file:?}") };
    assert_eq!(arguments.to_string(), r#"{"amount":12.50,"note":"two\nlines\n","on":"no"}"#);
    assert_eq!(file.cases[0].expected.verdict, Verdict::Deny);
    assert!(matches!(&file.cases[1].event.body, Body::Output { text } if text == "café"));
}

#[test]
fn an_empty_file_has_no_cases() {
    for (name, text) in
        [("a.jsonl", ""), ("a.jsonl", "\n \n"), ("a.yaml", ""), ("a.yaml", "# none yet\n"), ("a.yml", "[]")]
    {
        assert_eq!(CaseFile::read(name, text).unwrap().cases, [], "{text:?}");
    }
}

#[test]
fn an_unknown_member_is_an_error_with_its_line_and_the_nearest_name() {
    for (member, place, near) in [
        ("expct: {verdict: allow}", "expct", "expect"),
        ("expect: {verdict: allow, resons: []}", "resons: []", "reasons"),
        ("expect: {verdict: allow, findings: [{}, {guard: a, sevrity: 1}]}", "sevrity: 1", "severity"),
        ("expect: {verdict: allwo}", "verdict: allwo", "allow"),
        ("expect: {verdict: allow, reasons: [a.cedar:b, no-permitt]}", "no-permitt", "no-permit"),
    ] {
        let text = format!("- name: é\n  event: {{checkpoint: output, text: hi}}\n  {member}\n");
        // Members are asked for in their order, so the missing one would be told first.
        let text = if near == "expect" { format!("{text}  expect: {{verdict: allow}}\n") } else { text };
        let error = error("tests/a.yaml", &text);
        assert_eq!((error.file(), error.line()), ("tests/a.yaml", Some(3)), "{error}");
        let (help, pointed) = pointed(&error, &text);
        assert_eq!(help, format!("did you mean `{near}`?"), "{error}");
        assert!(pointed.starts_with(place.trim_end_matches(": []")), "{pointed}: {error}");
    }
    let line = CASE.replace("verdict", "verdcit");
    let error = error("tests/a.jsonl", &format!("{CASE}\n{line}\n"));
    assert_eq!(error.line(), Some(2));
    assert!(error.to_string().contains("field `expect/verdict`: expected one of `allow`"), "{error}");
}

#[test]
fn an_event_that_is_none_is_an_error_at_the_member() {
    let text = "- name: a\n  before:\n    - checkpoint: input\n      source: usr\n      text: x\n  event: {}\n";
    let error_of_before = error("tests/a.yaml", text);
    assert_eq!(error_of_before.line(), Some(4), "{error_of_before}");
    assert!(error_of_before.to_string().contains("field `before/0`: field `source`"), "{error_of_before}");
    assert_eq!(pointed(&error_of_before, text).1, "source: usr");
    let nothing_is_defaulted = error("tests/a.jsonl", &CASE.replace(r#""text":"hi""#, r#""id":"e1""#));
    assert!(nothing_is_defaulted.to_string().contains("field `text`"), "{nothing_is_defaulted}");
    let trusted = error("tests/a.jsonl", &CASE.replace(r#""text":"hi""#, r#""text":"hi","trusted":true"#));
    assert!(trusted.to_string().contains("`trusted`"), "{trusted}");
}

#[test]
fn what_a_decision_on_such_an_event_never_has_is_an_error() {
    let error = error("tests/a.jsonl", &CASE.replace(r#""allow""#, r#""modify","arguments":{}"#));
    assert!(error.to_string().contains("`text`") && error.to_string().contains("unknown field"), "{error}");
}

#[test]
fn a_name_that_a_file_has_already_is_an_error() {
    let named = |name: &str| CASE.replacen('{', &format!("{{\"name\":\"{name}\","), 1);
    let text = format!("{}\n{}\n{}\n", named("a"), named("b"), named("a"));
    let error_of_second = error("tests/a.jsonl", &text);
    assert_eq!(error_of_second.line(), Some(3));
    assert!(error_of_second.to_string().contains("`a`, which the case on line 1 has"), "{error_of_second}");
    for name in [String::new(), "x".repeat(257), "a\\u0007".to_owned()] {
        error("tests/a.jsonl", &named(&name));
    }
    let unnamed = error("tests/a.yaml", &format!("- {CASE}\n"));
    assert!(unnamed.to_string().contains("field `name`: expected a name, found nothing"), "{unnamed}");
}

#[test]
fn every_case_that_is_wrong_is_told_up_to_a_bound() {
    let wrong = CASE.replace("allow", "never");
    let errors = CaseFile::read("tests/a.jsonl", &format!("{wrong}\n{{\"name\":\n{CASE}\n{wrong}\n")).unwrap_err();
    assert_eq!(errors.iter().map(BundleError::line).collect::<Vec<_>>(), [Some(1), Some(2), Some(4)]);
    assert!(errors[1].to_string().contains("column 9: expected a JSON value, found the end"), "{}", errors[1]);
    let many = CaseFile::read("tests/a.jsonl", &format!("{wrong}\n").repeat(99)).unwrap_err();
    assert_eq!(many.len(), super::MOST_ERRORS);
}

#[test]
fn yaml_that_two_readers_may_read_in_two_ways_is_refused_at_its_line() {
    for (text, line, found) in [
        ("a: 1\n", 1, "expected a list of cases, found something else"),
        ("- &x a\n", 1, "an anchor or an alias"),
        ("- a\n- *x\n", 2, "anchor"),
        ("- [&x a, *x]\n", 1, "an anchor or an alias"),
        ("- !!str 1\n", 1, "a tag"),
        ("- ! a\n", 1, "a tag"),
        ("-\n  !<tag:x,2026:y> {a: b}\n", 2, "a tag"),
        ("- a: 1\n  b: 2\n  a: 3\n", 3, "`a` again"),
        ("- {a: {b: 1, \"b\": 2}}\n", 1, "`b` again"),
        ("- {a: 1}\n- <<: {a: 1}\n", 2, "a merge key"),
        ("- 1: a\n", 1, "expected a string as a key, found a number"),
        ("- true: a\n", 1, "found a boolean"),
        ("- : a\n", 1, "found null"),
        ("- ? [a]\n  : b\n", 1, "a sequence or a mapping"),
        ("- 0x1f\n", 1, "`0x1f`"),
        ("-\n  - .nan\n", 2, "`.nan`"),
        ("- -.inf\n", 1, "`-.inf`"),
        ("- 1e100001\n", 1, "`1e100001`"),
        ("%YAML 1.1\n---\n- a\n", 1, "a directive"),
        ("# x\n%TAG ! tag:x,2026:\n---\n- a\n", 2, "a directive"),
        ("...\n%YAML 1.1\n---\n- a\n", 2, "a directive"),
        ("%TAGé ! x\n---\n- |\n a\n", 1, "a directive"),
        ("- a\n...\n%YAML 1.1\n---\n- b\n", 4, "found a second"),
        ("- a\n---\n- b\n", 2, "found a second"),
        ("- a\n...\n---\n- b\n", 3, "found a second"),
        ("\u{feff}- a\n", 1, "a byte-order mark"),
        ("- a: b: c\n", 1, "does not parse"),
        ("- \"a\n", 1, "does not parse"),
        ("- {a: b\n", 2, "does not parse"),
        ("- a\0b\n", 1, "does not parse"),
    ] {
        // Items before it were read, and are no cases.
        let error = CaseFile::read("tests/a.yaml", text).unwrap_err().pop().unwrap();
        assert_eq!(error.line(), Some(line), "{text:?}: {error}");
        assert!(error.to_string().contains(found), "{text:?}: {error}");
    }
}

#[test]
fn yaml_is_nested_as_deep_as_json_and_no_deeper() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(from_yaml(&format!("- {}", nested(MAX_DEPTH))).unwrap().depth(), MAX_DEPTH);
    for deep in [nested(MAX_DEPTH + 1), "[".repeat(5_000), "- ".repeat(5_000), "{a: ".repeat(5_000)] {
        let error = from_yaml(&format!("- {deep}")).unwrap_err();
        assert!(error.contains("nested") || error.contains("parse"), "{error}");
    }
}

/// `value` as YAML: collections in block style to `depth`, strings without quotation marks where they can be.
fn as_yaml(value: &Value, indent: usize, out: &mut String) {
    let key = |key: &str| {
        let plain = !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_lowercase())
            && !matches!(key, "true" | "null" | "false");
        if plain { key.to_owned() } else { Value::from(key).to_string() }
    };
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                out.push_str("- ");
                as_yaml(item, indent + 2, out);
            }
        }
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members.iter() {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                out.push_str(&key(name));
                out.push_str(": ");
                as_yaml(member, indent + 2, out);
            }
        }
        Value::String(text) => out.push_str(&key(text)),
        other => out.push_str(&other.to_string()),
    }
}

proptest! {
    #[test]
    fn a_value_says_the_same_in_yaml_as_in_json(value in any_value()) {
        let mut block = "- ".to_owned();
        as_yaml(&value, 2, &mut block);
        prop_assert_eq!(from_yaml(&block), Ok(value.clone()), "{}", block);
        let flow = format!("- {value}");
        prop_assert_eq!(from_yaml(&flow), Ok(value), "{}", flow);
    }

    #[test]
    fn a_case_says_the_same_in_yaml_as_in_json_lines(arguments in any_value(), allow in any::<bool>()) {
        let verdict = if allow { "allow" } else { "modify" };
        let case = format!(
            r#"{{"name":"a","event":{{"checkpoint":"tool-call","server":"s","tool":"t","arguments":{{"x":{arguments}}}}},"expect":{{"verdict":"{verdict}","arguments":{{"y":{arguments}}}}}}}"#,
        );
        let mut block = "- ".to_owned();
        as_yaml(&json::parse(case.as_bytes()).unwrap(), 2, &mut block);
        let of_json = CaseFile::read("a.jsonl", &case).unwrap().cases;
        let mut of_yaml = CaseFile::read("a.yaml", &block).unwrap().cases;
        // The first key stands on the line after its hyphen.
        of_yaml[0].line = 1;
        prop_assert_eq!(of_json, of_yaml);
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place_inside_it(text in "[-\\[\\]{}:,?&*!|>'\"%@#~ \\n\\r\\té\u{2028}\u{85}a1.<\\\\]{0,60}") {
        if let Err(errors) = CaseFile::read("a.yaml", &text) {
            for error in errors {
                let label = error.labels().unwrap().next().unwrap();
                prop_assert!(text.get(label.offset()..label.offset() + label.len()).is_some(), "{:?}", error);
            }
        }
    }
}

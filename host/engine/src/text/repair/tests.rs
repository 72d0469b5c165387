//! The law of repair.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;
use crate::decision::{Severity, Span};
use crate::event::tests::{event, event_of};
use crate::json::Object;
use crate::text::Part;
use crate::text::tests::{answer, call, definition, listed, output, tool};

fn finding(path: &str, span: Option<(u32, u32)>, repair: Repair) -> Finding {
    Finding {
        guard: "g".into(),
        rule: "r".into(),
        category: "secret".parse().unwrap(),
        severity: Severity::High,
        confidence: 100.try_into().unwrap(),
        message: String::new(),
        path: Some(path.into()),
        span: span.map(|(start, end)| Span { start, end }),
        repair,
        attributes: Vec::new(),
    }
}

fn email() -> Repair {
    Repair::Pseudonym("EMAIL".parse().unwrap())
}

/// The finding of the first `text` in the part at `path`.
fn found(event: &Event, path: &str, text: &str, repair: Repair) -> Finding {
    let parts = parts(event).unwrap().parts;
    let body = parts.iter().find(|part| part.path == path).unwrap().body;
    let start = body.find(text).unwrap();
    let span = (u32::try_from(start).unwrap(), u32::try_from(start + text.len()).unwrap());
    finding(path, Some(span), repair)
}

/// The event with the findings repaired, and what is left of the members of its body.
fn repaired(event: &Event, findings: &[Finding]) -> Result<String, CannotRedact> {
    let findings: Vec<_> = findings.iter().collect();
    let repaired = repair(event, &findings)?;
    Ok(crate::decision::Repaired::of(&repaired).map(|repaired| format!("{repaired:?}")).unwrap_or_default())
}

/// The text of a repaired output.
fn text_of(event: &Event, findings: &[Finding]) -> Result<String, CannotRedact> {
    let findings: Vec<_> = findings.iter().collect();
    match repair(event, &findings)?.body {
        Body::Output { text } => Ok(text),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn each_class_of_repair_has_its_text() {
    let event = output("mail ann@x.org now");
    for (class, text) in
        [(Repair::Mask, "mail [redacted:secret] now"), (email(), "mail <EMAIL_1> now"), (Repair::Remove, "mail  now")]
    {
        assert_eq!(text_of(&event, &[found(&event, "", "ann@x.org", class)]), Ok(text.into()));
    }
}

#[test]
fn pseudonyms_are_numbered_by_first_appearance_and_equal_for_equal_text() {
    let event = output("bob@x ann@x bob@x <EMAIL_2>");
    let findings = [found(&event, "", "ann@x", email()), found(&event, "", "bob@x", email())];
    assert_eq!(text_of(&event, &findings), Ok("<EMAIL_1> <EMAIL_3> <EMAIL_1> <EMAIL_2>".into()));
}

#[test]
fn repairs_that_overlap_or_touch_become_one_of_the_strongest() {
    let event = output("0123456789abcdef");
    let at = |start, end, repair| finding("", Some((start, end)), repair);
    for (findings, text) in [
        ([at(0, 6, email()), at(4, 10, Repair::Mask)], "[redacted:secret]abcdef"),
        ([at(4, 10, Repair::Remove), at(0, 6, Repair::Mask)], "abcdef"),
        ([at(0, 5, email()), at(5, 10, email())], "<EMAIL_1>abcdef"),
        ([at(0, 16, email()), at(4, 8, Repair::Mask)], "[redacted:secret]"),
        ([at(0, 4, email()), at(12, 16, Repair::Mask)], "<EMAIL_1>456789ab[redacted:secret]"),
    ] {
        assert_eq!(text_of(&event, &findings), Ok(text.into()));
    }
}

#[test]
fn the_severest_of_equally_strong_findings_gives_the_category() {
    let event = output("0123456789");
    let mut mild = finding("", Some((0, 6)), Repair::Mask);
    mild.severity = Severity::Low;
    let mut severe = finding("", Some((4, 10)), Repair::Mask);
    severe.category = "pii".parse().unwrap();
    assert_eq!(text_of(&event, &[mild, severe]), Ok("[redacted:pii]".into()));
}

#[test]
fn a_finding_without_a_span_covers_its_part() {
    let event = call(r#"{"a":"secret text","b":"other"}"#);
    let event = repair(&event, &[&finding("/a", None, Repair::Mask)]).unwrap();
    assert!(event.to_string().ends_with(r#""arguments":{"a":"[redacted:secret]","b":"other"}}"#));
}

#[test]
fn a_copy_is_repaired_wherever_it_stands() {
    let event = answer(
        r#"[{"type":"text","text":"key sk-1234, again sk-1234"},
            {"type":"text","text":"{\"key\":\"sk-1234\"}","note":"sk-1234"}]"#,
        Some(r#"{"keys":["sk-1234","xsk-12345"],"n":1.0}"#),
    );
    let repaired = repair(&event, &[&found(&event, "/content/0/text", "sk-1234", Repair::Mask)]).unwrap();
    assert!(!repaired.to_string().contains("sk-1234"));
    assert!(
        repaired.to_string().contains(r#""structured":{"keys":["[redacted:secret]","x[redacted:secret]5"],"n":1.0}"#)
    );
}

#[test]
fn a_copy_that_json_escapes_is_repaired_too() {
    let event = answer(
        r#"[{"type":"text","text":"{\"name\":\"Zo\\u00eb \\\"Z\\\"\"}"},{"type":"text","text":"{\"name\":\"Zoë \\\"Z\\\"\"}"}]"#,
        Some(r#"{"name":"Zoë \"Z\""}"#),
    );
    let repaired = repair(&event, &[&finding("/structured/name", None, Repair::Mask)]).unwrap();
    let expected: Vec<_> = vec![
        ("/content/0/text".to_owned(), r#"{"name":"[redacted:secret]"}"#),
        ("/content/1/text".to_owned(), r#"{"name":"[redacted:secret]"}"#),
        ("/structured/name#key".to_owned(), "name"),
        ("/structured/name".to_owned(), "[redacted:secret]"),
    ];
    assert_eq!(listed(&repaired), expected);
}

#[test]
fn a_copy_that_is_encoded_is_repaired_too() {
    let event = answer(
        r#"[{"type":"text","text":"key sk-1234-abcdef"},{"type":"text","text":"a c2VjcmV0IGlzIHNrLTEyMzQtYWJjZGVm b"},
            {"type":"text","text":"sk%2D1234-abc\\u0064ef; sk-12\u200b34-abcdef 7365637265742069732073 736b2d313233342d616263646566"}]"#,
        None,
    );
    let repaired = repair(&event, &[&found(&event, "/content/0/text", "sk-1234-abcdef", Repair::Mask)]).unwrap();
    let texts: Vec<_> = listed(&repaired).into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        texts,
        [
            "key [redacted:secret]",
            "a [redacted:secret] b",
            "[redacted:secret]; [redacted:secret] 7365637265742069732073 [redacted:secret]"
        ]
    );
}

#[test]
fn what_a_finding_says_decoded_is_repaired_where_it_stands_plain() {
    let event = call(r#"{"a":"c2VjcmV0IGlzIHNrLTEyMzQtYWJjZGVm","b":"not hunter-2"}"#);
    let found = Found {
        finding: found(&event, "/a", "c2VjcmV0IGlzIHNrLTEyMzQtYWJjZGVm", Repair::Mask),
        decoded: Some("hunter-2".into()),
    };
    let repaired = repair_found(&event, &[&found]).unwrap();
    let texts: Vec<_> = listed(&repaired).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["a", "[redacted:secret]", "b", "not [redacted:secret]"]);
}

#[test]
fn an_encoded_copy_in_a_key_denies() {
    let event = call(r#"{"a":"sk-1234-abcdef","c2VjcmV0IGlzIHNrLTEyMzQtYWJjZGVm":1}"#);
    let refused = repair(&event, &[&found(&event, "/a", "sk-1234-abcdef", Repair::Mask)]);
    assert_eq!(refused, Err(CannotRedact::Name { path: String::new() }));
}

#[test]
fn json_in_a_string_stays_json_or_denies() {
    let event = output(r#"{"card":4111111111111111,"name":"ann@x.org"}"#);
    let mail = found(&event, "", "ann@x.org", email());
    assert_eq!(text_of(&event, &[mail]), Ok(r#"{"card":4111111111111111,"name":"<EMAIL_1>"}"#.into()));
    let card = found(&event, "", "4111111111111111", Repair::Mask);
    assert_eq!(text_of(&event, &[card]), Err(CannotRedact::Rejoined { path: String::new() }));
    // What is no JSON to begin with need not become any.
    let event = output(r#"{"card":4111111111111111,"#);
    let card = found(&event, "", "4111111111111111", Repair::Mask);
    assert_eq!(text_of(&event, &[card]), Ok(r#"{"card":[redacted:secret],"#.into()));
}

#[test]
fn a_short_text_is_repaired_at_its_span_and_where_it_is_the_whole_string() {
    let event = call(r#"{"a":"pin 123, not 1234","b":"123","c":"0123"}"#);
    let event = repair(&event, &[&found(&event, "/a", "123", Repair::Mask)]).unwrap();
    assert!(
        event.to_string().contains(r#"{"a":"pin [redacted:secret], not 1234","b":"[redacted:secret]","c":"0123"}"#)
    );
}

#[test]
fn what_cannot_be_rewritten_is_refused_with_its_place() {
    let name = |path: &str| Err(CannotRedact::Name { path: path.into() });
    let not_text = |path: &str| Err(CannotRedact::NotText { path: path.into() });
    for (event, path, text, expected) in [
        (call(r#"{"a":"4111-1111","o":{"id 4111-1111":1}}"#), "/a", "4111-1111", name("/o")),
        (call(r#"{"a":"41111111","n":[0,411111112]}"#), "/a", "41111111", not_text("/n/1")),
        (call(r#"{"a":"41111111","n":4.1111111e7}"#), "/a", "41111111", not_text("/n")),
        (call(r#"{"a":"12 ","n":12}"#), "/a", "12", not_text("/n")),
        (call(r#"{"key":"v"}"#), "/key#key", "key", name("/key#key")),
        (definition(r#"{"name":"send_it","description":"send_it to ann"}"#), "/description", "send_it", name("/name")),
        (
            definition(r#"{"inputSchema":{"required":["payee"]}}"#),
            "/inputSchema/required/0",
            "payee",
            name("/inputSchema/required/0"),
        ),
        (
            answer(r#"[{"type":"text","text":"c2VjcmV0"},{"type":"image","data":"AAc2VjcmV0"}]"#, None),
            "/content/0/text",
            "c2VjcmV0",
            not_text("/content/1/data"),
        ),
    ] {
        let finding = found(&event, path, text, Repair::Mask);
        assert_eq!(repaired(&event, &[finding]), expected.map(|()| String::new()), "{event}");
    }
}

#[test]
fn prose_of_a_definition_is_repaired() {
    let event = definition(
        r#"{"name":"pay","description":"ask ann@x first","inputSchema":{"properties":{"to":{"description":"not ann@x"}}}}"#,
    );
    let repaired = repair(&event, &[&found(&event, "/description", "ann@x", email())]).unwrap();
    assert!(repaired.to_string().ends_with(
        r#"{"name":"pay","description":"ask <EMAIL_1> first","inputSchema":{"properties":{"to":{"description":"not <EMAIL_1>"}}}}}"#
    ));
}

#[test]
fn a_finding_that_points_nowhere_is_refused() {
    let event = call(r#"{"a":"héllo","b":"","x#key":"","x":""}"#);
    let mut whole = finding("", None, Repair::Mask);
    whole.path = None;
    for (finding, message) in [
        (whole, "expected a finding in a part, found one about the event as a whole (rule `r`)"),
        (finding("/nowhere", None, Repair::Mask), "expected one part at `/nowhere`, found 0"),
        (finding("/x#key", None, Repair::Mask), "expected one part at `/x#key`, found 2"),
        (finding("/a", Some((0, 7)), Repair::Mask), "expected a span of characters at `/a`, found bytes 0 to 7"),
        (finding("/a", Some((2, 4)), Repair::Mask), "expected a span of characters at `/a`, found bytes 2 to 4"),
        (finding("/a", Some((3, 3)), Repair::Mask), "expected a span of characters at `/a`, found bytes 3 to 3"),
        (finding("/a", Some((4, 1)), Repair::Mask), "expected a span of characters at `/a`, found bytes 4 to 1"),
        (finding("/b", None, Repair::Mask), "expected a span of characters at `/b`, found bytes 0 to 0"),
    ] {
        assert_eq!(repaired(&event, &[finding]).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_text_that_comes_together_again_is_refused() {
    let event = output("pass-pass-wordword");
    let rejoined = Err(CannotRedact::Rejoined { path: String::new() });
    assert_eq!(
        text_of(&event, &[finding("", Some((5, 14)), Repair::Remove), finding("", Some((0, 4)), Repair::Mask)])
            .map(|_| String::new()),
        Ok(String::new())
    );
    let event = output("abSECRcdSECR abcd");
    let findings = [found(&event, "", "SECR", Repair::Remove), found(&event, "", "abcd", Repair::Remove)];
    assert_eq!(text_of(&event, &findings), rejoined);
}

#[test]
fn a_string_that_becomes_a_short_text_that_was_found_is_refused() {
    let event = call(r#"{"a":"12sk-1234","b":"code 12."}"#);
    let findings = [found(&event, "/a", "sk-1234", Repair::Remove), found(&event, "/b", "12", Repair::Mask)];
    assert_eq!(repaired(&event, &findings), Err(CannotRedact::Rejoined { path: "/a".into() }));
}

#[test]
fn too_much_to_seek_is_refused() {
    let event = output(&format!("{}é", "x".repeat(MAX_SOUGHT_BYTES)));
    assert_eq!(text_of(&event, &[finding("", None, Repair::Mask)]), Err(CannotRedact::TooMuch));
}

#[test]
fn many_findings_in_a_long_text_are_repaired_in_one_pass() {
    let text: Vec<_> = (0..10_000).map(|number| format!("secret-{number:05} {}", "word ".repeat(16))).collect();
    let text = text.concat();
    let event = output(&text);
    let findings: Vec<_> = text
        .match_indices("secret-")
        .map(|(start, _)| {
            let start = u32::try_from(start).unwrap();
            finding("", Some((start, start + 12)), Repair::Mask)
        })
        .collect();
    assert_eq!(findings.len(), 10_000);
    assert!(!text_of(&event, &findings).unwrap().contains("secret-"));
}

#[test]
fn nested_findings_in_a_repetitive_text_are_repaired() {
    let text = "a".repeat(1_000_000);
    let event = output(&text);
    let findings: Vec<_> = (4..1_000).map(|end| finding("", Some((0, end)), Repair::Mask)).collect();
    assert_eq!(text_of(&event, &findings), Ok("[redacted:secret]".into()));
}

/// Spans in the parts of an event, chosen by `picks`: which part, and where in it.
fn spans(event: &Event, picks: &[(prop::sample::Index, prop::sample::Index, usize, u8)]) -> Vec<Finding> {
    let parts = parts(event).unwrap().parts;
    let texts: Vec<_> = parts.iter().filter(|part| !part.is_key && !part.body.is_empty()).collect();
    if texts.is_empty() {
        return Vec::new();
    }
    picks
        .iter()
        .map(|(part, start, len, class)| {
            let part = part.get(&texts);
            let characters: Vec<_> =
                part.body.char_indices().map(|(offset, _)| offset).chain([part.body.len()]).collect();
            let start = start.index(characters.len() - 1);
            let end = (start + len).min(characters.len() - 1);
            let span = (u32::try_from(characters[start]).unwrap(), u32::try_from(characters[end]).unwrap());
            let repair = match class % 3 {
                0 => Repair::Mask,
                1 => email(),
                _ => Repair::Remove,
            };
            finding(&part.path, Some(span), repair)
        })
        .collect()
}

/// What a span covers.
fn covered<'e>(parts: &[Part<'e>], finding: &Finding) -> &'e str {
    let part = parts.iter().find(|part| Some(&part.path) == finding.path.as_ref()).unwrap();
    let span = finding.span.unwrap();
    &part.body[span.start as usize..span.end as usize]
}

type Pick = (prop::sample::Index, prop::sample::Index, usize, u8);

fn picks() -> impl Strategy<Value = Vec<Pick>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_usize..12, any::<u8>()), 0..5)
}

/// Text of few letters, so that copies abound, none of which is in a replacement.
fn texts() -> impl Strategy<Value = Event> {
    let text = "[xyzéü\"]{0,24}";
    let leaves = prop::collection::vec(text, 1..5).prop_map(|texts| {
        let mut arguments = Object::new();
        for (index, text) in texts.into_iter().enumerate() {
            arguments.insert(index.to_string(), vec![Value::from(text), Value::from(7_u64), Value::Null]);
        }
        event_of(Body::ToolCall { tool: tool(), call: "c".parse().unwrap(), arguments })
    });
    prop_oneof![leaves, text.prop_map(|text| output(&text))]
}

/// `value` with all strings emptied.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::from(""),
        Value::Array(items) => items.iter().map(shape).collect::<Vec<_>>().into(),
        Value::Object(members) => {
            let mut object = Object::new();
            for (key, value) in members.iter() {
                object.insert(key, shape(value));
            }
            object.into()
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn what_was_found_is_nowhere_in_the_result(event in texts(), picks in picks()) {
        let findings = spans(&event, &picks);
        let before = parts(&event).unwrap().parts;
        if let Ok(repaired) = repair(&event, &findings.iter().collect::<Vec<_>>()) {
            for part in parts(&repaired).unwrap().parts {
                for text in findings.iter().map(|finding| covered(&before, finding)) {
                    let gone = if text.len() < MIN_SOUGHT_BYTES { part.body != text } else { !part.body.contains(text) };
                    prop_assert!(gone, "{:?} in {:?}", text, part);
                }
            }
        }
    }

    #[test]
    fn only_texts_change_and_only_those_that_held_something_found(event in texts(), picks in picks()) {
        let findings = spans(&event, &picks);
        let before = parts(&event).unwrap().parts;
        if let Ok(repaired) = repair(&event, &findings.iter().collect::<Vec<_>>()) {
            let after = parts(&repaired).unwrap().parts;
            prop_assert_eq!(before.len(), after.len());
            for (old, new) in before.iter().zip(&after) {
                prop_assert_eq!(&old.path, &new.path);
                let held = findings.iter().any(|finding| {
                    let text = covered(&before, finding);
                    let spellings = [text.to_owned(), text.replace('"', "\\\"")];
                    finding.path.as_ref() == Some(&old.path) || spellings.iter().any(|text| old.body.contains(text))
                });
                prop_assert!(held || old.body == new.body, "{:?} became {:?}", old, new);
            }
        }
    }

    #[test]
    fn an_event_keeps_its_shape_and_can_be_read(event in event(), picks in picks()) {
        let findings = spans(&event, &picks);
        if let Ok(repaired) = repair(&event, &findings.iter().collect::<Vec<_>>()) {
            prop_assert_eq!(shape(&repaired.to_value()), shape(&event.to_value()));
            prop_assert_eq!(Event::from_json(repaired.to_string().as_bytes()), Ok(repaired));
        }
    }

    #[test]
    fn without_findings_nothing_changes(event in event()) {
        prop_assert_eq!(repair(&event, &[]), Ok(event));
    }

    #[test]
    fn the_order_of_findings_of_one_class_does_not_matter(event in texts(), picks in picks()) {
        let mut findings = spans(&event, &picks);
        for finding in &mut findings {
            finding.repair = Repair::Mask;
        }
        let forwards = repair(&event, &findings.iter().collect::<Vec<_>>());
        let backwards = repair(&event, &findings.iter().rev().collect::<Vec<_>>());
        prop_assert_eq!(forwards, backwards);
    }
}

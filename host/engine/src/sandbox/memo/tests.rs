//! No two items share a key, and no load exceeds the bound.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::{collection::vec, prelude::*, sample::select};

use super::{frame::Frame, *};
use crate::sandbox::contract::{
    Call, Definition, Item,
    guardhouse::guard::types::{AttributeParam, AttributeResult, Finding, Part, Repair, Span},
};

impl Frame for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// What a guard is given, with texts so short and alike that two of them often have the same letters in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    of: Interface,
    texts: [&'static str; 3],
    schema: Option<&'static str>,
    trusted: bool,
    parts: Vec<([&'static str; 4], bool, bool)>,
    attributes: Vec<[&'static str; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interface {
    Text,
    Call,
    Definition,
}

impl Given {
    /// Without what its interface has no field for.
    fn normal(mut self) -> Self {
        if self.of != Interface::Call {
            self.schema = None;
        }
        if self.of == Interface::Text {
            self.texts[2] = "";
        } else {
            self.trusted = false;
        }
        self
    }

    fn frame(&self, frame: &mut impl Frame) {
        let part = |(texts, more_before, more_after): &([&'static str; 4], bool, bool)| {
            let [path, media_type, body, view] = *texts;
            Part { path, media_type, body, view, more_before: *more_before, more_after: *more_after }
        };
        let parts: Vec<_> = self.parts.iter().map(part).collect();
        let attributes: Vec<_> = self.attributes.iter().map(|[key, value]| AttributeParam { key, value }).collect();
        let ([a, b, c], parts, attributes) = (self.texts, parts.as_slice(), attributes.as_slice());
        match self.of {
            Interface::Text => {
                Item { checkpoint: a, source: b, trusted: self.trusted, parts, attributes }.frame(frame);
            }
            Interface::Call => {
                let call = Call { server: a, tool: b, arguments: c, input_schema: self.schema, parts, attributes };
                call.frame(frame);
            }
            Interface::Definition => {
                Definition { server: a, tool: b, definition: c, parts, attributes }.frame(frame);
            }
        }
    }
}

fn text() -> impl Strategy<Value = &'static str> {
    select(vec!["", "a", "b", "ab", "\0", "\u{1}\0\0\0\0\0\0\0a"])
}

fn given() -> impl Strategy<Value = Given> {
    let of = select(vec![Interface::Text, Interface::Call, Interface::Definition]);
    let part = ([text(), text(), text(), text()], any::<bool>(), any::<bool>());
    let attribute = [text(), text()];
    let schema = prop::option::of(text());
    (of, [text(), text(), text()], schema, any::<bool>(), vec(part, 0..3), vec(attribute, 0..3)).prop_map(
        |(of, texts, schema, trusted, parts, attributes)| {
            Given { of, texts, schema, trusted, parts, attributes }.normal()
        },
    )
}

/// The same but for one thing, which may be nothing.
fn altered(given: Given) -> impl Strategy<Value = (Given, Given)> {
    (any::<prop::sample::Index>(), text(), 0_u8..9).prop_map(move |(index, text, change)| {
        let mut other = given.clone();
        let parts = other.parts.len();
        match change {
            0 => other.texts[index.index(3)] = text,
            1 => other.trusted = !other.trusted,
            2 if parts > 0 => other.parts[index.index(parts)].0[index.index(4)] = text,
            3 if parts > 0 => other.parts[index.index(parts)].1 ^= true,
            4 if parts > 0 => other.parts[index.index(parts)].2 ^= true,
            // A letter goes from the end of one text to the beginning of the next.
            5 => (other.texts[0], other.texts[1]) = if other.texts[0] == "ab" { ("a", "b") } else { ("", "ab") },
            6 => other.schema = other.schema.xor(Some("")),
            7 => other.parts.rotate_left(parts.min(1)),
            _ => drop(other.attributes.pop()),
        }
        (given.clone(), other.normal())
    })
}

fn framed(given: &Given) -> Vec<u8> {
    let mut bytes = Vec::new();
    given.frame(&mut bytes);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    #[test]
    fn two_items_have_the_same_bytes_where_they_are_the_same_and_nowhere_else((one, other) in given().prop_flat_map(altered)) {
        prop_assert_eq!(framed(&one) == framed(&other), one == other);
    }

    #[test]
    fn any_two_items_that_differ_have_other_bytes(one in given(), other in given()) {
        prop_assert_eq!(framed(&one) == framed(&other), one == other);
    }

    /// No item's bytes are the beginning of another's, so what is framed first cannot be read as more than it is.
    #[test]
    fn no_items_bytes_begin_anothers(one in given(), other in given()) {
        prop_assume!(one != other);
        prop_assert!(!framed(&one).starts_with(&framed(&other)));
    }
}

fn memo(bytes: usize) -> Arc<Memo> {
    Memo::new(bytes).unwrap()
}

/// A report with a finding whose message is so long.
fn report(message: usize) -> Report {
    let finding = Finding {
        rule: "rule".to_owned(),
        category: "category".to_owned(),
        severity: 1,
        confidence: 100,
        message: "x".repeat(message),
        part: Some(0),
        span: Some(Span { start: 0, end: 1 }),
        repair: Repair::Pseudonym("CLASS".to_owned()),
        attributes: vec![AttributeResult { key: "key".to_owned(), value: "value".to_owned() }],
    };
    Report { findings: vec![finding], settled: vec![3] }
}

fn item(body: &str) -> impl Framed + use<'_> {
    struct Body<'b>(&'b str);
    impl Framed for Body<'_> {
        fn frame(&self, frame: &mut impl Frame) {
            frame.text(self.0);
        }
    }
    Body(body)
}

fn of(memo: &Arc<Memo>) -> GuardMemo {
    memo.of(Digest::of("a guard"), &Limits::default())
}

#[test]
fn a_report_is_remembered_as_it_was() {
    let guard = of(&memo(Memo::DEFAULT));
    for (body, report) in
        [("clean", empty()), ("found", report(10)), ("settled", Report { settled: vec![1], ..empty() })]
    {
        assert!(guard.place(&item(body)).report().is_none());
        guard.place(&item(body)).keep(&report, Duration::from_micros(7));
        let (remembered, took) = guard.place(&item(body)).report().unwrap();
        assert_eq!((format!("{remembered:?}"), took), (format!("{report:?}"), Duration::from_micros(7)));
    }
}

#[test]
fn a_report_is_found_by_the_same_guard_under_the_same_configuration_and_limits_alone() {
    let (one, another) = (memo(Memo::DEFAULT), memo(Memo::DEFAULT));
    let (digest, limits) = (Digest::of("a guard"), Limits::default());
    one.of(digest, &limits).place(&item("x")).keep(&report(1), Duration::ZERO);
    let is_found =
        |memo: &Arc<Memo>, digest, limits: &Limits| memo.of(digest, limits).place(&item("x")).report().is_some();
    assert!(is_found(&one, digest, &limits));
    assert!(!is_found(&one, Digest::of("the guard, configured otherwise"), &limits));
    assert!(!is_found(&one, digest, &Limits { memory: limits.memory + 1, ..limits.clone() }));
    assert!(!is_found(&another, digest, &limits), "each memo has a key of its own");
    let key = |memo: &Arc<Memo>| memo.of(digest, &limits).place(&item("x")).key;
    assert_ne!(key(&one), key(&another));
}

#[test]
fn the_bound_is_kept_whatever_comes() {
    let memo = memo(Memo::LEAST);
    let guard = of(&memo);
    for number in 0..5_000_usize {
        let body = number.to_string();
        // Small ones, large ones, and some that have no place at all.
        let report = if number % 3 == 0 { empty() } else { report(number * 17 % (Memo::LEAST / 2)) };
        guard.place(&item(&body)).keep(&report, Duration::ZERO);
        // What is old is asked for again, and so copied.
        let _ = guard.place(&item(&(number / 2).to_string())).report();
        let MemoMetrics { bytes, bound } = memo.metrics();
        assert!(bytes <= bound && bound == Memo::LEAST, "{bytes} of {bound}");
    }
    assert!(memo.metrics().bytes > 0);
}

#[test]
fn what_is_asked_for_stays_and_what_is_not_goes() {
    let memo = memo(Memo::LEAST);
    let guard = of(&memo);
    guard.place(&item("asked")).keep(&report(10), Duration::ZERO);
    guard.place(&item("not asked")).keep(&report(10), Duration::ZERO);
    for number in 0..2_000_usize {
        guard.place(&item(&number.to_string())).keep(&empty(), Duration::ZERO);
        assert!(guard.place(&item("asked")).report().is_some(), "{number}");
    }
    assert!(guard.place(&item("not asked")).report().is_none());
}

#[test]
fn a_report_that_is_larger_than_a_space_is_not_remembered_and_drives_nothing_out() {
    let guard = of(&memo(Memo::LEAST));
    guard.place(&item("small")).keep(&empty(), Duration::ZERO);
    guard.place(&item("large")).keep(&report(Memo::LEAST / 2), Duration::ZERO);
    assert!(guard.place(&item("large")).report().is_none());
    assert!(guard.place(&item("small")).report().is_some());
}

#[test]
fn all_that_a_report_has_counts() {
    let bytes = |report: Option<Report>| Kept { report: report.map(Arc::new), took: 0 }.bytes();
    assert_eq!(bytes(None), 168, "as the head of the module says");
    let small = bytes(Some(report(1)));
    // A string of one byte may have room for eight.
    assert!(bytes(Some(report(1_001))) >= small + 990);
    let mut longer = report(1);
    longer.findings[0].rule = "r".repeat(1_000);
    longer.findings[0].attributes[0].value = "v".repeat(1_000);
    longer.findings[0].repair = Repair::Pseudonym("C".repeat(1_000));
    longer.settled = vec![0; 1_000];
    assert!(bytes(Some(longer)) >= small + 3_000 - 100 + 4_000 - 16);
}

#[test]
fn a_memo_of_no_bytes_is_none() {
    assert!(Memo::new(0).is_none());
}

//! What is found, what is not, and how much of it there is.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use super::{frame::Frame, *};
use crate::sandbox::contract::guardhouse::guard::types::{AttributeResult, Finding, Repair, Span};

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
        let spaces = memo.spaces();
        for space in [&spaces.young, &spaces.old] {
            assert_eq!(space.bytes, space.reports.values().map(Kept::bytes).sum::<usize>());
        }
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
    assert!(bytes(Some(report(1_001))) >= small + 1_000 - 16, "but for what both are rounded up to");
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

//! Reports that are remembered: a guard is not asked twice about the same item, and nothing is different for it.

use guardhouse::{
    decision::{Decision, Verdict},
    engine::Engine,
    event::Event,
    sandbox::GuardMetrics,
};
use guardhouse_system_tests::{
    GENEROUS, TestBundle, call, codes, configured_per_check, definition, input, output, result, shown, station,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{EVERYWHERE, PERMIT, verdicts::SECRET};

/// As much as where a bundle says nothing.
const DEFAULT: &str = "[memo]\n";

/// A bundle whose reports are remembered, with these guards.
fn bundle(memo: &str, stations: &str) -> TestBundle {
    TestBundle::new(&format!("{GENEROUS}{memo}{stations}")).policies(PERMIT)
}

/// One with the guard `words`, which bans `beta`.
async fn engine(memo: &str) -> Engine {
    let words = station("words", "guest-words", EVERYWHERE, "config = { words = [\"beta\"] }");
    bundle(memo, &words).guard("guest-words").locked().engine().await
}

/// Calls that were made and that were not, of the guard at a place of the bundle.
fn calls(engine: &Engine, guard: usize) -> (u64, u64) {
    let GuardMetrics { calls, hits, misses, .. } = engine.generation().guards()[guard].metrics();
    assert!(misses == calls || engine.generation().memo().is_none(), "each call was looked for: {misses} of {calls}");
    (calls, hits)
}

/// All that a decision says of an event, without what is new each time.
fn said(decision: &Decision) -> (Verdict, Vec<String>, Vec<guardhouse::decision::Finding>) {
    (decision.verdict, codes(decision), decision.findings.clone())
}

#[tokio::test]
async fn a_guard_is_asked_once_about_the_same_item_and_its_report_is_the_same() {
    let engine = engine(DEFAULT).await;
    for event in [
        input("user", "alpha beta beta"),
        output("alpha"),
        call("send", r#"{"beta":["beta",1]}"#),
        result("send", r#""text":"beta","structured":{"a":"beta"}"#),
        definition("send", r#"{"name":"send","description":"beta"}"#),
    ] {
        let (made, spared) = calls(&engine, 0);
        let first = engine.check(&event).await;
        assert_eq!(calls(&engine, 0), (made + 1, spared));
        for again in 1..=3 {
            assert_eq!(said(&engine.check(&event).await), said(&first));
            assert_eq!(calls(&engine, 0), (made + 1, spared + again));
        }
    }
    let metrics = engine.generation().guards()[0].metrics();
    assert!(metrics.saved >= metrics.longest, "each call was spared three times");
}

#[tokio::test]
async fn an_item_of_another_source_trust_place_or_text_is_another() {
    let trusts = "[sources.system]\nintegrity = \"trusted\"\n";
    let engine = engine(&format!("{trusts}{DEFAULT}")).await;
    let same_in = |session: &str| {
        let text = format!(r#"{{"agent":"assistant","session":"{session}","checkpoint":"output","text":"beta"}}"#);
        Event::from_json(text.as_bytes()).unwrap()
    };
    for (number, event) in (1..).zip([
        input("user", "beta"),
        input("document", "beta"),
        input("system", "beta"),
        input("user", "beta "),
        same_in("s1"),
        call("send", r#"{"a":"beta"}"#),
        call("send", r#"{"b":"beta"}"#),
        result("send", r#""text":"beta""#),
    ]) {
        assert_eq!(engine.check(&event).await.findings.len(), 1);
        assert_eq!(calls(&engine, 0), (number, 0), "{event:?}");
    }
    // A session is no part of what a guard sees.
    assert_eq!(engine.check(&same_in("s2")).await.findings.len(), 1);
    assert_eq!(calls(&engine, 0), (8, 1));
}

#[tokio::test]
async fn one_artifact_with_two_configurations_is_two_guards() {
    let one = station("one", "guest-words", EVERYWHERE, "config = { words = [\"alpha\"] }");
    let two = station("two", "guest-words", EVERYWHERE, "config = { words = [\"beta\"] }");
    let engine = bundle(DEFAULT, &format!("{one}{two}")).guard("guest-words").locked().engine().await;
    for asked in 0..3 {
        let decision = engine.check(&input("user", "beta alpha")).await;
        let found: Vec<_> = decision.findings.iter().map(|found| (&*found.guard, found.span.unwrap().start)).collect();
        assert_eq!(found, [("one", 5), ("two", 0)]);
        assert_eq!((calls(&engine, 0), calls(&engine, 1)), ((1, asked), (1, asked)));
    }
}

#[tokio::test]
async fn a_guard_that_failed_is_asked_again() {
    let evil = |deed: &str| format!("config = {{ do = \"{deed}\", when = \"now\" }}");
    for deed in ["panic", "error"] {
        let evil = station("evil", "guest-evil", EVERYWHERE, &evil(deed));
        let engine = bundle(DEFAULT, &evil).guard("guest-evil").locked().engine().await;
        for made in 1..=3 {
            assert_eq!(codes(&engine.check(&input("user", "now")).await), ["guard-failed evil"], "{deed}");
            assert_eq!(calls(&engine, 0), (made, 0), "{deed}");
        }
    }
}

/// The host's checks of a report are made of a remembered one too.
#[tokio::test]
async fn a_report_that_the_host_refuses_is_refused_each_time() {
    let evil = station("evil", "guest-evil", EVERYWHERE, "config = { do = \"category\" }");
    let engine = bundle(DEFAULT, &evil).guard("guest-evil").locked().engine().await;
    for spared in 0..3 {
        assert_eq!(codes(&engine.check(&input("user", "evil")).await), ["guard-failed evil"]);
        assert_eq!(calls(&engine, 0), (1, spared));
    }
    assert_eq!(engine.generation().guards()[0].metrics().failed(), 3);
}

#[tokio::test]
async fn a_guard_that_is_configured_in_every_check_is_asked_once_too() {
    let component = std::fs::read(guardhouse_system_tests::built("guest-words")).unwrap();
    let words = station("words", "whole", EVERYWHERE, "config = { words = [\"beta\"] }");
    let bundle = bundle(DEFAULT, &words).file("guards/whole.wasm", configured_per_check(component));
    let engine = bundle.locked().engine().await;
    for spared in 0..2 {
        assert_eq!(engine.check(&input("user", "beta")).await.findings.len(), 1);
        assert_eq!(calls(&engine, 0), (1, spared));
    }
}

#[tokio::test]
async fn a_bundle_may_say_that_nothing_is_remembered() {
    let engine = engine("[memo]\nsize = \"0B\"\n").await;
    for made in 1..=3 {
        assert_eq!(engine.check(&input("user", "beta")).await.findings.len(), 1);
        assert_eq!(calls(&engine, 0), (made, 0));
    }
    assert_eq!(engine.generation().memo(), None);
}

#[tokio::test]
async fn what_is_remembered_stays_within_what_the_bundle_grants() {
    let engine = engine("[memo]\nsize = \"64KiB\"\n").await;
    for number in 0..1_000 {
        let decision = engine.check(&output(&format!("beta {number}"))).await;
        assert_eq!(decision.findings.len(), 1, "{number}");
        let memo = engine.generation().memo().unwrap();
        assert!(memo.bytes > 0 && memo.bytes <= memo.bound && memo.bound == 64 << 10, "{memo:?}");
    }
    assert_eq!(calls(&engine, 0), (1_000, 0));
}

#[tokio::test]
async fn a_size_that_is_none_is_refused_at_its_line() {
    for (memo, expected) in [
        (
            "size = \"1GB\"",
            "guardhouse.toml:4: field `size`: expected a size such as `\"16MiB\"`, or `\"0B\"` for none",
        ),
        (
            "size = \"1KiB\"",
            "guardhouse.toml:4: field `size`: expected 0B, or a size from 65536B to 1073741824B, found 1024B",
        ),
        ("size = \"2GiB\"", "expected 0B, or a size from 65536B to 1073741824B, found 2147483648B"),
        ("sise = \"1MiB\"", "field `sise`: expected `size`, found an unknown field"),
    ] {
        let refusal = shown(&TestBundle::new(&format!("[memo]\n{memo}")).policies(PERMIT).refusal().await);
        assert!(refusal.contains(expected), "expected `{expected}` in {refusal}");
    }
}

/// An event with little to choose from, so that the same ones come again.
fn some_event() -> impl Strategy<Value = Event> {
    let text = || select(vec!["beta", "alpha beta", "", "none", SECRET]);
    prop_oneof![
        (select(vec!["user", "system"]), text()).prop_map(|(source, text)| input(source, text)),
        text().prop_map(output),
        (text(), text()).prop_map(|(a, b)| call("send", &format!(r#"{{"a":"{a}","b":["{b}"]}}"#))),
        text().prop_map(|text| result("send", &format!(r#""text":"{text}""#))),
    ]
}

/// The law: with a memo, every event of a run is judged as without one, whatever came before it.
#[test]
fn what_is_remembered_changes_no_decision() {
    let executor = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let with = |memo: &str| {
        let words = station("words", "guest-words", EVERYWHERE, "config = { words = [\"beta\"] }");
        let secrets = station("secrets", "guard-secrets", EVERYWHERE, "");
        let bundle = bundle(memo, &format!("{words}{secrets}")).guard("guest-words").guard("guard-secrets").locked();
        executor.block_on(bundle.engine())
    };
    // So small a memo forgets in the middle of a run.
    let engines = [with("[memo]\nsize = \"0B\"\n"), with("[memo]\nsize = \"64KiB\"\n")];
    proptest!(ProptestConfig::with_cases(64), |(events in vec(some_event(), 1..20))| {
        for event in &events {
            let [fresh, remembered] = engines.each_ref().map(|engine| executor.block_on(engine.check(event)));
            prop_assert_eq!(said(&fresh), said(&remembered));
        }
    });
    assert!(calls(&engines[1], 0).1 > 100, "some of them were remembered");
}

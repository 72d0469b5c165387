//! What a guard that misbehaves means to a bundle and to an event. The ways to misbehave are in `evil`.

use guardhouse::{
    decision::{Decision, ReasonCode, Verdict},
    engine::Engine,
    sandbox::FailureCause,
};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, codes, input, shown, station};

use crate::{EVERYWHERE, PERMIT};

/// An engine with an innocent guard and one that does `deed` on every text with `now` in it. `more` are further lines of
/// the second's entry.
async fn engine(deed: &str, more: &str) -> Engine {
    bundle(&format!("{more}\nconfig = {{ do = \"{deed}\", when = \"now\" }}")).engine().await
}

fn bundle(more: &str) -> TestBundle {
    let innocent = station("innocent", "guest-small", EVERYWHERE, "");
    let evil = station("evil", "guest-evil", EVERYWHERE, more);
    TestBundle::new(&format!("{GENEROUS}{innocent}{evil}"))
        .guard("guest-small")
        .guard("guest-evil")
        .policies(PERMIT)
        .locked()
}

/// Whether the event was denied because the guard `evil` failed, and for nothing else; with these words.
fn assert_failed(decision: &Decision, cause: FailureCause, words: &str) {
    assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
    assert_eq!(codes(decision), ["guard-failed evil"], "{decision}");
    let message = &decision.reasons[0].message;
    assert!(message.starts_with(&format!("the guard failed ({cause}): ")), "{message}");
    assert!(message.contains(words), "{message}");
}

/// Whether the next check is right: allowed, with what each guard should find.
async fn assert_right(engine: &Engine) {
    let decision = engine.check(&input("user", "SMALL-GUARD-PATTERN and evil")).await;
    assert_eq!(decision.verdict, Verdict::Allow, "{decision}");
    let found: Vec<_> = decision.findings.iter().map(|finding| finding.guard.as_str()).collect();
    assert_eq!(found, ["innocent", "evil"]);
}

#[tokio::test]
async fn an_endless_loop_ends_at_its_wall_limit() {
    let limits = "limits = { deadline = \"60s\", wall = \"20ms\" }";
    // The wall limit is too short to be sure of a right answer on a busy machine, so only the deed is looked at.
    let engine = engine("loop", limits).await;
    assert_failed(&engine.check(&input("user", "now")).await, FailureCause::Wall, "within 20ms by the clock");
}

/// Nothing interrupts one instruction that fills memory, so this guest answers, but late.
#[tokio::test]
async fn a_report_that_comes_after_the_wall_limit_is_used_and_counted() {
    let fills = Handmade {
        inspect: "(drop (memory.grow (i32.const 4000)))
            (memory.fill (i32.const 65536) (i32.const 1) (i32.const 262144000))"
            .to_owned(),
        ..Handmade::default()
    };
    let limits = "limits = { memory = \"256MiB\", deadline = \"60s\", wall = \"5ms\" }";
    let engine = TestBundle::new(&station("evil", "fills", EVERYWHERE, limits))
        .file("guards/fills.wasm", fills.component())
        .policies(PERMIT)
        .locked()
        .engine()
        .await;
    assert_eq!(engine.check(&input("user", "text")).await.verdict, Verdict::Allow);
    assert_eq!(engine.generation().guards()[0].metrics().late, 1);
}

/// A panic's words may quote the text, and a reason reaches the agent and the journal.
#[tokio::test]
async fn no_words_of_a_guard_are_in_a_reason() {
    for deed in ["panic", "error"] {
        let decision = engine(deed, "").await.check(&input("user", "now")).await.to_string();
        assert!(decision.contains("the guard failed") && !decision.contains("was told to"), "{decision}");
    }
}

#[tokio::test]
async fn a_text_over_the_block_limit_is_denied_unasked() {
    let engine = engine("none", "limits = { block = \"32B\" }").await;
    let decision = engine.check(&input("user", &"x".repeat(33))).await;
    assert_failed(&decision, FailureCause::Block, "at most 32 bytes of text in one check, found 33");
    let decision = engine.check(&input("user", &"x".repeat(32))).await;
    assert_eq!(decision.verdict, Verdict::Allow, "{decision}");
    assert_right(&engine).await;
}

#[tokio::test]
async fn a_configure_that_misbehaves_keeps_the_bundle_from_loading() {
    for (deed, words) in [
        ("configure-memory", "at most 67108864 bytes of memory"),
        ("configure-panic", "configure was told to panic"),
        ("configure-error", "configure was told to answer an error"),
    ] {
        let refusal = shown(&bundle(&format!("config = {{ do = \"{deed}\" }}")).refusal().await);
        // The file of the second guard stands in line 13 of the manifest.
        for words in ["guardhouse.toml:13: guard `evil`: expected `configure` to succeed", words] {
            assert!(refusal.contains(words), "{deed}: {refusal}");
        }
    }
}

#[tokio::test]
async fn a_guard_that_the_bundle_passes_over_is_recorded_and_seen_by_policies() {
    let policies = format!(
        "{PERMIT}@id(\"partly\") @verdict(\"warn\") @message(\"a guard was skipped\")
        forbid (principal, action, resource) when {{ context.core.coverage.skipped }};"
    );
    let innocent = station("innocent", "guest-small", EVERYWHERE, "");
    let skipped = "on_failure = \"skip\"\nconfig = { do = \"panic\", when = \"now\" }";
    let evil = station("evil", "guest-evil", EVERYWHERE, skipped);
    let bundle = TestBundle::new(&format!("{GENEROUS}{innocent}{evil}"))
        .guard("guest-small")
        .guard("guest-evil")
        .policies(&policies)
        .locked();
    let engine = bundle.engine().await;
    let decision = engine.check(&input("user", "SMALL-GUARD-PATTERN now")).await;
    assert_eq!(decision.verdict, Verdict::Warn, "{decision}");
    assert_eq!(codes(&decision), ["policy test.cedar:partly", "guard-skipped evil"]);
    assert!(decision.reasons[1].message.contains("(trap)"), "{decision}");
    assert_eq!(decision.findings.len(), 1, "what the others found still counts");
    assert_right(&engine).await;
}

#[tokio::test]
async fn a_guard_that_fails_beside_one_that_is_skipped_still_denies() {
    let config = "config = { do = \"panic\", when = \"now\" }";
    let skipped = station("skipped", "guest-evil", EVERYWHERE, &format!("on_failure = \"skip\"\n{config}"));
    let evil = station("evil", "guest-evil", EVERYWHERE, config);
    let bundle = TestBundle::new(&format!("{GENEROUS}{skipped}{evil}")).guard("guest-evil").policies(PERMIT).locked();
    let decision = bundle.engine().await.check(&input("user", "now")).await;
    assert_eq!(decision.verdict, Verdict::Deny);
    assert!(decision.reasons.iter().any(|reason| reason.code == ReasonCode::GuardFailed), "{decision}");
}

#[tokio::test]
async fn memory_is_counted_over_all_memories_of_a_guard() {
    // The first has four pages, so eight in all.
    let handmade = Handmade { fields: "(memory 1) (memory 1) (memory 1)".to_owned(), ..Handmade::default() };
    let limited = |memory: &str| {
        let limits = format!("limits = {{ memory = \"{memory}\" }}");
        TestBundle::new(&station("handmade", "handmade", EVERYWHERE, &limits))
            .file("guards/handmade.wasm", handmade.component())
            .policies(PERMIT)
            .locked()
    };
    let engine = limited("448KiB").engine().await;
    assert_eq!(engine.check(&input("user", "text")).await.verdict, Verdict::Allow);
    let refusal = shown(&limited("447KiB").refusal().await);
    assert!(refusal.contains("at most 457728 bytes of memory"), "{refusal}");
}

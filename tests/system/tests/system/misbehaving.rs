//! A guard that misbehaves costs its own event, and nothing else.

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

/// Whether the deed denies its event for this cause, and the same engine is right in the next.
async fn assert_denies(deed: &str, more: &str, cause: FailureCause, words: &str) {
    let engine = engine(deed, more).await;
    for _ in 0..2 {
        // The first character has two bytes, for a span that ends within it.
        assert_failed(&engine.check(&input("user", "é now")).await, cause, words);
        assert_right(&engine).await;
    }
}

#[tokio::test]
async fn an_endless_loop_ends_at_its_deadline() {
    let limits = "limits = { deadline = \"20ms\", wall = \"60s\" }";
    assert_denies("loop", limits, FailureCause::Deadline, "within 20ms of guest time").await;
}

#[tokio::test]
async fn an_endless_loop_ends_at_its_wall_limit() {
    let limits = "limits = { deadline = \"60s\", wall = \"20ms\" }";
    // The wall limit is too short to be sure of a right answer on a busy machine, so only the deed is looked at.
    let engine = engine("loop", limits).await;
    assert_failed(&engine.check(&input("user", "now")).await, FailureCause::Wall, "within 20ms by the clock");
}

#[tokio::test]
async fn hunger_ends_at_the_memory_limit() {
    let limits = "limits = { memory = \"16MiB\" }";
    assert_denies("memory", limits, FailureCause::Memory, "at most 16777216 bytes of memory").await;
}

#[tokio::test]
async fn recursion_ends_with_the_stack() {
    assert_denies("recursion", "", FailureCause::Stack, "at most 524288 bytes").await;
}

#[tokio::test]
async fn a_panic_is_told_as_a_trap() {
    assert_denies("panic", "", FailureCause::Trap, "unreachable").await;
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
async fn a_trap_without_a_word_is_told_as_one() {
    assert_denies("trap", "", FailureCause::Trap, "unreachable").await;
}

#[tokio::test]
async fn an_error_of_the_guards_own_denies() {
    assert_denies("error", "", FailureCause::Error, "found the guard's own error").await;
}

#[tokio::test]
async fn too_many_bytes_are_not_taken_from_a_guard() {
    for deed in ["many-findings", "long-message"] {
        assert_denies(deed, "", FailureCause::Returned, "within the bound on returned bytes").await;
    }
}

#[tokio::test]
async fn one_finding_too_many_is_refused() {
    let limits = "limits = { returned = \"64MiB\", findings = 65536 }";
    assert_denies("many-findings", limits, FailureCause::Report, "at most 65536 findings, found 100000").await;
}

#[tokio::test]
async fn findings_that_break_the_contract_are_refused() {
    for (deed, words) in [
        ("span-outside", "inside the 6 bytes of part ``, found 0..7"),
        ("span-in-character", "found 0..1"),
        ("span-empty", "found 0..0"),
        ("span-reversed", "found 2..1"),
        ("span-without-part", "expected a part with a span, found none"),
        ("part-outside", "expected one of 1 parts, found part 1"),
        ("severity", "expected a severity from 0 to 4, found 9"),
        ("confidence", "expected a confidence from 0 to 100, found 101"),
        ("category", "expected a category of the guard's description, found `undeclared`"),
        ("settled-length", "expected no settled offsets, found 2"),
    ] {
        assert_denies(deed, "", FailureCause::Report, words).await;
    }
}

#[tokio::test]
async fn a_flood_of_log_messages_is_dropped_and_harms_nobody() {
    let engine = engine("log-flood", "").await;
    let decision = engine.check(&input("user", "now")).await;
    assert_eq!(decision.verdict, Verdict::Allow, "{decision}");
    assert_right(&engine).await;
}

#[tokio::test]
async fn what_could_act_on_a_reader_is_dropped_from_a_message() {
    let engine = engine("control-characters", "").await;
    let decision = engine.check(&input("user", "now")).await;
    assert_eq!(decision.verdict, Verdict::Allow, "{decision}");
    assert_eq!(decision.findings[0].message, "[2Jgone  INFO all is well");
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
        ("configure-loop", "(5s of guest time)"),
        ("configure-memory", "at most 67108864 bytes of memory"),
        ("configure-panic", "configure was told to panic"),
        ("configure-error", "configure was told to answer an error"),
    ] {
        let refusal = shown(&bundle(&format!("config = {{ do = \"{deed}\" }}")).refusal().await);
        let words = words.trim_matches(['(', ')']);
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
async fn limits_are_armed_before_a_start_function_runs() {
    for (start, words) in [
        ("unreachable", "unreachable"),
        ("(drop (memory.grow (i32.const 16384))) unreachable", "at most 67108864 bytes of memory"),
        ("(loop (br 0))", "within 5s of guest time"),
    ] {
        let refusal = refusal_of(&Handmade { start: start.to_owned(), ..Handmade::default() }).await;
        for words in ["guardhouse.toml:5: guard `handmade`: expected `describe` to succeed", words] {
            assert!(refusal.contains(words), "{refusal}");
        }
    }
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

#[tokio::test]
async fn more_memories_than_the_sandbox_grants_are_refused() {
    let refusal = refusal_of(&Handmade { fields: "(memory 1) ".repeat(4), ..Handmade::default() }).await;
    assert!(refusal.contains("guard `handmade`"), "{refusal}");
}

async fn refusal_of(handmade: &Handmade) -> String {
    let bundle = TestBundle::new(&station("handmade", "handmade", EVERYWHERE, ""))
        .file("guards/handmade.wasm", handmade.component())
        .policies(PERMIT)
        .locked();
    shown(&bundle.refusal().await)
}

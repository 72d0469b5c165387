//! Every limit of a guard is the bundle's to set. Those that strike in every evil guest's way are in `evil`.

use guardhouse::{decision::Verdict, engine::Engine, sandbox::Configured};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, configured_per_check, input, shown, station};

use crate::{EVERYWHERE, PERMIT};

/// A bundle of one handmade guard with these limits beside the times.
fn bundle(component: Vec<u8>, limits: &str) -> TestBundle {
    unlocked(component, limits).locked()
}

/// The same without digests, for what is refused before they are looked at.
fn unlocked(component: Vec<u8>, limits: &str) -> TestBundle {
    let entry = station("handmade", "handmade", EVERYWHERE, &format!("limits = {{ {limits} }}"));
    TestBundle::new(&format!("{GENEROUS}{entry}")).file("guards/handmade.wasm", component).policies(PERMIT)
}

async fn refusal(guest: &Handmade, limits: &str) -> String {
    shown(&bundle(guest.component(), limits).refusal().await)
}

/// What one check of the guard comes to: `Ok`, or the message of the reason why not.
async fn outcome(engine: &Engine) -> Result<(), String> {
    let decision = engine.check(&input("user", "text")).await;
    match decision.reasons.first() {
        None => Ok(()),
        Some(reason) => Err(reason.message.clone()),
    }
}

/// Calls itself a thousand times, each time with a frame of its own of more than 200 bytes.
fn recursive() -> Handmade {
    let sums = "(i64.add ".repeat(32) + "(i64.extend_i32_u (local.get 0))" + &" (local.get 1))".repeat(32);
    Handmade {
        fields: format!(
            "(func $down (param i32) (param i64) (result i64)
                (if (result i64) (local.get 0)
                    (then (i64.add (call $down (i32.sub (local.get 0) (i32.const 1)) {sums}) (local.get 1)))
                    (else (i64.const 0))))"
        ),
        inspect: "(drop (call $down (i32.const 10000) (i64.const 3)))".to_owned(),
        ..Handmade::default()
    }
}

#[tokio::test]
async fn a_guard_has_the_stack_that_its_bundle_grants() {
    let component = recursive().component();
    let small = outcome(&bundle(component.clone(), "stack = \"64KiB\"").engine().await).await.unwrap_err();
    assert!(small.contains("at most 65536 bytes, found that it overflowed"), "{small}");
    assert_eq!(outcome(&bundle(component, "stack = \"4MiB\"").engine().await).await, Ok(()));
}

#[tokio::test]
async fn guards_with_different_stacks_stand_side_by_side() {
    let guard = |name, stack| station(name, "handmade", EVERYWHERE, &format!("limits = {{ stack = \"{stack}\" }}"));
    let guards = format!("{GENEROUS}{}{}", guard("small", "64KiB"), guard("large", "4MiB"));
    let bundle =
        TestBundle::new(&guards).file("guards/handmade.wasm", recursive().component()).policies(PERMIT).locked();
    let decision = bundle.engine().await.check(&input("user", "text")).await;
    let failed: Vec<_> = decision.reasons.iter().map(|reason| reason.guard.as_deref()).collect();
    assert_eq!(failed, [Some("small")], "{decision}");
}

#[tokio::test]
async fn a_stack_is_one_of_seven_sizes() {
    let refusal = shown(&unlocked(Handmade::default().component(), "stack = \"100KiB\"").refusal().await);
    assert!(refusal.contains("field `stack`: expected a power of two from `\"64KiB\"` to `\"4MiB\"`"), "{refusal}");
}

#[tokio::test]
async fn a_snapshot_is_held_to_its_limit_and_counts_only_what_is_not_zero() {
    // Ten blocks of 4 KiB, at both ends of a megabyte, and a hundred more that are written with zeros.
    let guest = Handmade {
        configure: "(drop (memory.grow (i32.const 16)))
            (memory.fill (i32.const 1048576) (i32.const 7) (i32.const 20480))
            (memory.fill (i32.const 393216) (i32.const 7) (i32.const 20480))
            (memory.fill (i32.const 458752) (i32.const 0) (i32.const 409600))"
            .to_owned(),
        ..Handmade::default()
    };
    let engine = bundle(guest.component(), "snapshot = \"64KiB\"").engine().await;
    let Configured::Once { snapshot } = engine.generation().guards()[0].configured_how() else {
        panic!("expected a guard that is configured once");
    };
    // The guest's own first pages have a few blocks too.
    assert!((40960..=64 << 10).contains(snapshot), "{snapshot}");
    assert_eq!(outcome(&engine).await, Ok(()));
    let refusal = refusal(&guest, "snapshot = \"32KiB\"").await;
    assert!(refusal.contains("expected `configure` to leave at most 32768 bytes in memory, found more"), "{refusal}");
}

#[tokio::test]
async fn a_configuration_has_the_time_that_its_bundle_grants() {
    let guest = Handmade { configure: "(loop (br 0))".to_owned(), ..Handmade::default() };
    let refusal = refusal(&guest, "configure = \"20ms\"").await;
    let late = ["within 20ms of guest time", "within 40ms by the clock"];
    assert!(late.iter().any(|words| refusal.contains(words)), "{refusal}");
}

#[tokio::test]
async fn an_artifact_over_its_limit_is_refused_unread() {
    let refusal = shown(&unlocked(Handmade::default().component(), "artifact = \"1KiB\"").refusal().await);
    assert!(refusal.contains("expected at most 1024 bytes in `guards/handmade.wasm`, found more"), "{refusal}");
}

#[tokio::test]
async fn memories_tables_elements_and_instances_are_counted() {
    let guest = Handmade {
        fields: "(memory 1) (memory 1) (table 10 funcref) (table 10 funcref) (table 10 funcref)".to_owned(),
        ..Handmade::default()
    };
    // A component has instances and a table beside the module's, to link it.
    for (limit, enough, words) in [
        ("memories", 3, "resource limit exceeded: memory count"),
        ("tables", 4, "resource limit exceeded: table count"),
        ("elements", 64, "at most 29 elements of tables"),
        ("instances", 8, "resource limit exceeded: instance count"),
    ] {
        let engine = bundle(guest.component(), &format!("{limit} = {enough}")).engine().await;
        assert_eq!(outcome(&engine).await, Ok(()), "{limit}");
        let less = match limit {
            "elements" => 29,
            "instances" => 1,
            _ => enough - 1,
        };
        let refusal = refusal(&guest, &format!("{limit} = {less}")).await;
        assert!(refusal.contains(words), "{limit}: {refusal}");
    }
}

#[tokio::test]
async fn a_limit_beyond_what_the_sandbox_has_is_refused() {
    for (limit, words) in [
        ("memories = 5", "field `memories`: expected 1 to 4, found 5"),
        ("tables = 0", "field `tables`: expected 1 to 16, found 0"),
        ("snapshot = \"257MiB\"", "field `snapshot`: expected a size from 1B to 268435456B"),
        ("artifact = \"65MiB\"", "field `artifact`: expected a size from 1B to 67108864B"),
        ("configure = \"2m\"", "field `configure`: expected a time up to 60s"),
    ] {
        let refusal = shown(&unlocked(Handmade::default().component(), limit).refusal().await);
        assert!(refusal.contains(words), "{limit}: {refusal}");
    }
}

/// A start function and `configure` leave traces in a global and in memory; `inspect` traps unless each ran once.
fn traces() -> Handmade {
    Handmade {
        fields: "(global $once (mut i32) (i32.const 0)) (global $configured (mut i64) (i64.const 0))
            (global $half (mut f64) (f64.const 0)) (global $constant i32 (i32.const 7))"
            .to_owned(),
        start: "(global.set $once (i32.add (global.get $once) (i32.const 1)))
            (i32.store (i32.const 200000) (i32.add (i32.load (i32.const 200000)) (i32.const 1)))"
            .to_owned(),
        configure: "(global.set $configured (i64.add (global.get $configured) (i64.const -5)))
            (global.set $half (f64.add (global.get $half) (f64.const 0.5)))
            (drop (memory.grow (i32.const 3)))
            (i32.store8 (i32.const 400000) (i32.add (i32.load8_u (i32.const 400000)) (i32.const 9)))"
            .to_owned(),
        inspect: "(if (i32.ne (global.get $once) (i32.const 1)) (then unreachable))
            (if (i32.ne (i32.load (i32.const 200000)) (i32.const 1)) (then unreachable))
            (if (i64.ne (global.get $configured) (i64.const -5)) (then unreachable))
            (if (f64.ne (global.get $half) (f64.const 0.5)) (then unreachable))
            (if (i32.ne (memory.size) (i32.const 7)) (then unreachable))
            (if (i32.ne (i32.load8_u (i32.const 400000)) (i32.const 9)) (then unreachable))
            (if (i32.ne (global.get $constant) (i32.const 7)) (then unreachable))
            ;; What this check leaves behind, the next must not see.
            (global.set $once (i32.const 5)) (global.set $configured (i64.const 1))
            (i32.store (i32.const 200000) (i32.const 77)) (drop (memory.grow (i32.const 1)))"
            .to_owned(),
        ..Handmade::default()
    }
}

#[tokio::test]
async fn a_check_begins_with_what_start_and_configure_left_behind_and_nothing_else() {
    let component = traces().component();
    for (component, once) in [(component.clone(), true), (configured_per_check(component), false)] {
        let engine = bundle(component, "memory = \"1MiB\"").engine().await;
        let how = engine.generation().guards()[0].configured_how();
        assert_eq!(matches!(how, Configured::Once { .. }), once, "{how:?}");
        for _ in 0..5 {
            assert_eq!(outcome(&engine).await, Ok(()));
        }
    }
}

#[tokio::test]
async fn the_metrics_of_a_guard_say_what_its_checks_came_to() {
    let guest = Handmade { inspect: "(drop (memory.grow (i32.const 2)))".to_owned(), ..Handmade::default() };
    let engine = bundle(guest.component(), "block = \"8B\"").engine().await;
    let metrics = || engine.generation().guards()[0].metrics();
    assert_eq!(metrics().calls, 0);
    for _ in 0..3 {
        assert_eq!(engine.check(&input("user", "text")).await.verdict, Verdict::Allow);
    }
    assert_eq!(engine.check(&input("user", "a longer text")).await.verdict, Verdict::Deny);
    let after = metrics();
    assert_eq!((after.calls, after.growths, after.failed()), (3, 3, 1));
    assert_eq!(after.failures, [(guardhouse::sandbox::FailureCause::Block, 1)]);
    assert_eq!(after.memory, 6 << 16, "four pages and two more");
    assert!(after.time >= after.longest && after.longest > std::time::Duration::ZERO);
}

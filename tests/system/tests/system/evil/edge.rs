//! Guests that stop just short of their deadline, or just behind it.

use std::collections::BTreeSet;

use guardhouse::{decision::ReasonCode, engine::Engine};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, input, station};

use super::attempt::INNOCENT;
use crate::{EVERYWHERE, PERMIT};

/// An engine of an innocent guard and of one for each number, whose `configure` counts down from it.
async fn counting(numbers: &[u64]) -> Engine {
    let countdown = Handmade {
        fields: "(func $count_down (param $from i32) (param $to i32) (local $left i64) (local $digit i32)
            ;; The digits of the configuration, `{\"from\":1000}`.
            (loop $read
                (local.set $digit (i32.sub (i32.load8_u (local.get $from)) (i32.const 48)))
                (if (i32.lt_u (local.get $digit) (i32.const 10)) (then
                    (local.set $left (i64.add (i64.mul (local.get $left) (i64.const 10))
                        (i64.extend_i32_u (local.get $digit))))))
                (local.set $from (i32.add (local.get $from) (i32.const 1)))
                (br_if $read (i32.lt_u (local.get $from) (local.get $to))))
            (loop $count
                (local.set $left (i64.sub (local.get $left) (i64.const 1)))
                (br_if $count (i64.gt_s (local.get $left) (i64.const 0)))))"
            .to_owned(),
        configure: "(call $count_down (local.get $config) (i32.add (local.get $config) (local.get $config_length)))"
            .to_owned(),
        ..Handmade::default()
    };
    let entry = |number: &u64| {
        let limits = "limits = { deadline = \"2ms\", wall = \"60s\" }";
        station(
            &format!("from-{number}"),
            "countdown",
            EVERYWHERE,
            &format!("{limits}\nconfig = {{ from = {number} }}"),
        )
    };
    let innocent = station("innocent", "guest-small", EVERYWHERE, "");
    TestBundle::new(&format!("{GENEROUS}{innocent}{}", numbers.iter().map(entry).collect::<String>()))
        .guard("guest-small")
        .file("guards/countdown.wasm", countdown.component())
        .policies(PERMIT)
        .locked()
        .engine()
        .await
}

/// Which of the guards had no time left, in one check.
async fn late(engine: &Engine) -> BTreeSet<u64> {
    let decision = engine.check(&input("user", INNOCENT)).await;
    assert_eq!(decision.findings.len(), 1, "{decision}");
    let late = decision.reasons.iter().map(|reason| {
        assert_eq!(reason.code, ReasonCode::GuardFailed, "{decision}");
        assert!(reason.message.starts_with("the guard failed (deadline): "), "{decision}");
        reason.guard.as_deref().and_then(|guard| guard.strip_prefix("from-")).unwrap().parse().unwrap()
    });
    late.collect()
}

#[tokio::test]
async fn a_configuration_that_stops_just_short_of_its_deadline_is_in_time_or_late_and_nothing_else() {
    // First by powers of two, to see where the deadline is on this machine.
    let powers: Vec<_> = (8..30).map(|power| 1_u64 << power).collect();
    let engine = counting(&powers).await;
    let edge = late(&engine).await.into_iter().next().unwrap();
    // Then sixteen guests between half of that and a half more, twenty times.
    let near: Vec<_> = (8..24).map(|sixteenth| edge / 16 * sixteenth).collect();
    let engine = counting(&near).await;
    for _ in 0..20 {
        late(&engine).await;
    }
}

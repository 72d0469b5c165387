//! Guests whose `configure` stops just short of its deadline, or just behind it: what it left in memory is read back
//! afterwards, and that must neither fail for want of time nor panic.

use guardhouse::{
    engine::Engine,
    sandbox::{Configured, Runtime},
};
use guardhouse_system_tests::{Handmade, TestBundle, input, shown, station};

use super::attempt::INNOCENT;
use crate::{EVERYWHERE, PERMIT};

/// A guest whose `configure` counts down from the number in its configuration.
fn countdown() -> Vec<u8> {
    let handmade = Handmade {
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
    handmade.component()
}

/// An engine with that guest, counting from `number` with two milliseconds for it; `None` where it was late.
async fn counting(runtime: &Runtime, guest: &[u8], number: u64) -> Option<Engine> {
    let limits = "limits = { configure = \"2ms\", deadline = \"60s\", wall = \"60s\" }";
    let entry = station("countdown", "countdown", EVERYWHERE, &format!("{limits}\nconfig = {{ from = {number} }}"));
    let bundle = TestBundle::new(&entry).file("guards/countdown.wasm", guest).policies(PERMIT).locked();
    match Engine::load_in(runtime, bundle.path()).await {
        Ok(engine) => Some(engine),
        Err(error) => {
            let refusal = shown(&error);
            let in_time = ["expected an answer within 2ms of guest time", "expected an answer within 4ms by the clock"];
            assert!(in_time.iter().any(|words| refusal.contains(words)), "{refusal}");
            None
        }
    }
}

#[tokio::test]
async fn a_configuration_that_stops_just_short_of_its_deadline_is_in_time_or_late_and_nothing_else() {
    let runtime = Runtime::new().unwrap();
    let guest = countdown();
    // The first of them is in time, and keeps the code compiled for the others.
    let first = counting(&runtime, &guest, 1).await.unwrap();
    // By powers of two, to see where the deadline is on this machine.
    let mut edge = 1 << 10;
    while counting(&runtime, &guest, edge).await.is_some() {
        edge *= 2;
    }
    // Then two hundred between half of that and a little more.
    let mut in_time = 0;
    for step in 0..200 {
        let Some(engine) = counting(&runtime, &guest, edge / 2 + edge / 320 * step).await else { continue };
        in_time += 1;
        assert!(matches!(engine.generation().guards()[0].configured_how(), Configured::Once { .. }));
        let decision = engine.check(&input("user", INNOCENT)).await;
        assert!(decision.reasons.is_empty(), "{decision}");
    }
    assert!(in_time > 0, "none was in time");
    assert!(first.check(&input("user", INNOCENT)).await.reasons.is_empty());
}

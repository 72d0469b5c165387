//! Words for whoever runs the host, by the flood.

use guardhouse::sandbox::FailureCause::{Returned, Trap};
use guardhouse_system_tests::Handmade;

use super::attempt::{Attempt, Outcome};

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    let harmless = |claim, body: &str| Attempt::inspect(claim, body, Outcome::Harmless(&[]));
    let log = |level: u32, address: i64, length: i64| {
        format!("(call $log (i32.const {level}) (i32.const {address}) (i32.const {length}))")
    };
    let times = |count: u32, body: &str| {
        format!(
            "(local.set $at (i32.const {count}))
            (loop {body} (br_if 0 (local.tee $at (i32.sub (local.get $at) (i32.const 1)))))"
        )
    };
    let returned = |claim, body: String, words| Attempt::inspect(claim, body, Outcome::Fails(Returned, words));
    vec![
        harmless("a hundred thousand empty messages are dropped", &times(100_000, &log(2, 0, 0))),
        harmless("a hundred thousand messages are dropped", &times(100_000, &log(0, 0, 64))),
        harmless("a message of all the memory is dropped", &log(1, 65_536, 196_608)),
        harmless("errors by the thousand are dropped", &times(1_000, &log(3, 65_536, 1_024))),
        Attempt::inspect_with(
            "a message that would act on a terminal is harmless",
            r#"(data (i32.const 32768) "\1b]0;evil\07\1b[2J\0d\0aINFO all is well\e2\80\ae")"#,
            log(3, 32768, 31),
            Outcome::Harmless(&[]),
        ),
        returned("a message behind the memory is not read", log(1, 262_144, 1), "out of bounds"),
        returned("a message without end is not read", log(1, 0, -1), "out of bounds"),
        returned("a message of an urgency that there is not is not read", log(99, 0, 1), "discriminant"),
        returned(
            "a message that is not UTF-8 is not read",
            "(i32.store (i32.const 32768) (i32.const -1))".to_owned() + &log(1, 32768, 4),
            "utf-8",
        ),
        Attempt::handmade(
            "an allocation may not log",
            Handmade { realloc: log(1, 0, 8), ..Handmade::default() },
            Outcome::Fails(Trap, "cannot leave component instance"),
        ),
        Attempt::handmade(
            "clearing up may not log",
            Handmade { after_inspect: log(1, 0, 8), ..Handmade::default() },
            Outcome::Fails(Trap, "cannot leave component instance"),
        ),
        Attempt::handmade(
            "the words of a guest that failed are not in the reason",
            Handmade {
                fields: "(data (i32.const 32768) \"the words of a guest\")".to_owned(),
                inspect: log(3, 32768, 20) + "unreachable",
                ..Handmade::default()
            },
            Outcome::Fails(Trap, "unreachable"),
        ),
    ]
}

//! What a guest leaves behind for the next: nothing. Each of these is told to strike twice, and sees no trace of the first
//! time in the second.

use guardhouse::sandbox::FailureCause::Trap;
use guardhouse_system_tests::Handmade;

use super::attempt::{Attempt, Outcome};

/// Traps if the last three pages of the memory have anything in them.
const TRAPS_ON_TRACES: &str = "(local.set $at (i32.const 65536))
    (loop
        (if (i64.ne (i64.load (local.get $at)) (i64.const 0)) (then unreachable))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br_if 0 (i32.lt_u (local.get $at) (i32.const 262144))))";

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    let forgets =
        |claim, fields: &str, body: String| Attempt::inspect_with(claim, fields, body, Outcome::Harmless(&[]));
    let traps = |claim, body: String| Attempt::inspect(claim, body, Outcome::Fails(Trap, "integer divide by zero"));
    let fill = "(memory.fill (i32.const 65536) (i32.const 255) (i32.const 196608))";
    let divide = "(drop (i32.div_u (i32.const 1) (i32.const 0)))";
    vec![
        forgets("memory that was written is empty in the next check", "", format!("{TRAPS_ON_TRACES} {fill}")),
        traps(
            "memory that was written before a trap is empty in the next check",
            format!("{TRAPS_ON_TRACES} {fill} {divide}"),
        ),
        forgets(
            "memory that grew is as small as ever in the next check, and empty when it grows again",
            "",
            "(if (i32.ne (memory.size) (i32.const 4)) (then unreachable))
            (if (i32.ne (memory.grow (i32.const 16)) (i32.const 4)) (then unreachable))
            (if (i64.ne (i64.load (i32.const 1310712)) (i64.const 0)) (then unreachable))
            (i64.store (i32.const 1310712) (i64.const -1))"
                .to_owned(),
        ),
        forgets(
            "a second memory that was written is empty in the next check",
            "(memory $other 16)",
            "(if (i64.ne (i64.load $other (i32.const 1048568)) (i64.const 0)) (then unreachable))
            (memory.fill $other (i32.const 0) (i32.const 255) (i32.const 1048576))"
                .to_owned(),
        ),
        forgets(
            "data that was overwritten is whole in the next check",
            "(data (i32.const 32768) \"original\")",
            format!(
                "(if (i64.ne (i64.load (i32.const 32768)) (i64.const {})) (then unreachable))
                (i64.store (i32.const 32768) (i64.const 0))",
                i64::from_le_bytes(*b"original")
            ),
        ),
        forgets(
            "a global that counts counts one check",
            "(global $checks (mut i64) (i64.const 0))",
            "(global.set $checks (i64.add (global.get $checks) (i64.const 1)))
            (if (i64.ne (global.get $checks) (i64.const 1)) (then unreachable))"
                .to_owned(),
        ),
        forgets(
            "a table that was filled is empty in the next check",
            "(table $table 65000 funcref)",
            "(if (i32.eqz (ref.is_null (table.get $table (i32.const 64999)))) (then unreachable))
            (table.fill $table (i32.const 0) (ref.func $log) (i32.const 65000))"
                .to_owned(),
        ),
        forgets(
            "a table that grew is as small as ever in the next check",
            "(table $table 1 funcref)",
            "(if (i32.ne (table.grow $table (ref.func $log) (i32.const 1000)) (i32.const 1)) (then unreachable))"
                .to_owned(),
        ),
        forgets(
            "data that was dropped is there in the next check",
            "(data $passive \"original\")",
            "(memory.init $passive (i32.const 32768) (i32.const 0) (i32.const 8)) (data.drop $passive)".to_owned(),
        ),
        forgets(
            "a text that was overwritten is whole for the next guard",
            "",
            "(memory.fill (i32.load offset=16 (local.get $parts)) (i32.const 0) (i32.load offset=20 (local.get $parts)))"
                .to_owned(),
        ),
        Attempt::handmade(
            "a configuration that was overwritten is whole in the next check",
            Handmade {
                configure: "(if (i32.ne (i32.load16_u (local.get $config)) (i32.const 0x7d7b)) (then unreachable))
                    (i32.store16 (local.get $config) (i32.const 0))"
                    .to_owned(),
                ..Handmade::default()
            },
            Outcome::Harmless(&[]),
        ),
        Attempt::handmade(
            "a guest that is to start twice sees itself start once",
            Handmade {
                fields: "(global $starts_seen (mut i32) (i32.const 0))".to_owned(),
                start: "(global.set $starts_seen (i32.add (global.get $starts_seen) (i32.const 1)))".to_owned(),
                inspect: "(if (i32.ne (global.get $starts_seen) (i32.const 1)) (then unreachable))".to_owned(),
                ..Handmade::default()
            },
            Outcome::Harmless(&[]),
        ),
        Attempt::handmade(
            "a guest that is configured in every check is so once in each",
            Handmade {
                fields: "(global $configured (mut i32) (i32.const 0))".to_owned(),
                configure: "(global.set $configured (i32.add (global.get $configured) (i32.const 1)))
                    (if (i32.ne (global.get $configured) (i32.const 1)) (then unreachable))"
                    .to_owned(),
                inspect: "(if (i32.ne (global.get $configured) (i32.const 1)) (then unreachable))".to_owned(),
                ..Handmade::default()
            },
            Outcome::Harmless(&[]),
        ),
    ]
}

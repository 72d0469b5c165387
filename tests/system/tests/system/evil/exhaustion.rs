//! Time without an end, memory without measure.

use guardhouse::sandbox::FailureCause::{Deadline, Memory};
use guardhouse_system_tests::Handmade;

use super::attempt::{Attempt, Outcome};

/// Guest time of a guest that never ends: as little as shows that it ends then.
const SHORT: &str = "limits = { deadline = \"5ms\", wall = \"60s\" }";

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    [in_a_check(), before_the_first_check(), of_memory()].concat()
}

/// Checks that never end.
fn in_a_check() -> Vec<Attempt> {
    let ended = || Outcome::Fails(Deadline, "within 5ms of guest time");
    let endless = |claim, body: &str| Attempt::inspect(claim, body, ended()).within(SHORT);
    let endless_with =
        |claim, fields: &str, body: &str| Attempt::inspect_with(claim, fields, body, ended()).within(SHORT);
    let function = |claim, handmade| Attempt::handmade(claim, handmade, ended()).within(SHORT);
    let targets = "0 ".repeat(10_000);
    let divisions = "(i64.div_u (i64.const 3)) (i64.add (i64.const 77)) ".repeat(20_000);
    vec![
        endless("an endless loop ends at its deadline", "(loop (br 0))"),
        endless(
            "an endless loop over a table of ten thousand jumps ends at its deadline",
            &format!("(loop (br_table {targets} (i32.const 9)))"),
        ),
        endless(
            "an endless loop around forty thousand instructions without a jump ends at its deadline",
            &format!("(loop (drop (i64.const -1) {divisions}) (br 0))"),
        ),
        endless_with(
            "an endless chain of tail calls ends at its deadline",
            "(func $on (return_call $on))",
            "(call $on)",
        ),
        endless_with(
            "two functions that call one another for ever by tail calls end at their deadline",
            "(type $to (func)) (table $turns funcref (elem $tick $tock))
            (func $tick (return_call_indirect $turns (type $to) (i32.const 1)))
            (func $tock (return_call_indirect $turns (type $to) (i32.const 0)))",
            "(call $tick)",
        ),
        endless_with(
            "calls that branch without an end end at their deadline",
            "(func $tree (param i32)
                (if (local.get 0) (then
                    (call $tree (i32.sub (local.get 0) (i32.const 1)))
                    (call $tree (i32.sub (local.get 0) (i32.const 1))))))",
            "(call $tree (i32.const 60))",
        ),
        endless(
            "filling memory without an end ends at its deadline",
            "(drop (memory.grow (i32.const 900)))
            (loop (memory.fill (i32.const 32768) (i32.const 7) (i32.const 50000000)) (br 0))",
        ),
        endless(
            "copying memory without an end ends at its deadline",
            "(drop (memory.grow (i32.const 900)))
            (loop (memory.copy (i32.const 32768) (i32.const 32769) (i32.const 50000000)) (br 0))",
        ),
        endless_with(
            "filling a table without an end ends at its deadline",
            "(table $table 65000 funcref)",
            "(loop (table.fill $table (i32.const 0) (ref.func $log) (i32.const 65000)) (br 0))",
        ),
        endless(
            "asking for memory without an end ends at its deadline",
            "(loop (drop (memory.grow (i32.const 65535))) (br 0))",
        ),
        endless_with(
            "asking for table entries without an end ends at its deadline",
            "(table $table 0 funcref)",
            "(loop (drop (table.grow $table (ref.null func) (i32.const -1))) (br 0))",
        ),
        endless(
            "logging without an end ends at its deadline",
            "(loop (call $log (i32.const 2) (i32.const 0) (i32.const 64)) (br 0))",
        ),
        endless(
            "logging nothing without an end ends at its deadline",
            "(loop (call $log (i32.const 0) (i32.const 0) (i32.const 0)) (br 0))",
        ),
        function(
            "an allocation that never ends does at its deadline",
            Handmade { realloc: "(loop (br 0))".to_owned(), ..Handmade::default() },
        ),
        function(
            "clearing up after a report without an end ends at its deadline",
            Handmade { after_inspect: "(loop (br 0))".to_owned(), ..Handmade::default() },
        ),
    ]
}

/// The same before the first check.
fn before_the_first_check() -> Vec<Attempt> {
    // By guest time or, where others compute beside it, by the clock.
    let endless = |claim, handmade| {
        Attempt::handmade(claim, handmade, Outcome::Outlasted(vec!["expected an answer within ", ", found none"]))
    };
    let body = || "(loop (br 0))".to_owned();
    let guest = Handmade::default;
    vec![
        endless("a start that never ends is ended", Handmade { start: body(), ..guest() }),
        endless("a description that never ends is ended", Handmade { describe: body(), ..guest() }),
        endless("clearing up after a description is ended", Handmade { after_describe: body(), ..guest() }),
        endless("a configuration that never ends is ended", Handmade { configure: body(), ..guest() }),
        endless("clearing up after a configuration is ended", Handmade { after_configure: body(), ..guest() }),
        endless("an allocation for a configuration is ended", Handmade { realloc: body(), ..guest() }),
        endless(
            "a configuration that logs without an end is ended",
            Handmade {
                configure: "(loop (call $log (i32.const 3) (i32.const 32768) (i32.const 512)) (br 0))".to_owned(),
                ..guest()
            },
        ),
    ]
}

/// Memory over the limit, asked for everywhere.
fn of_memory() -> Vec<Attempt> {
    let hungry = || Outcome::Fails(Memory, "at most 1048576 bytes of memory, found that more was wanted");
    let mib = "limits = { memory = \"1MiB\" }";
    let refused = |claim, handmade| {
        Attempt::refused(claim, handmade, ["at most 1048576 bytes of memory, found that more was wanted"]).within(mib)
    };
    let grow = || "(if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))".to_owned();
    let guest = Handmade::default;
    vec![
        Attempt::inspect("memory over the limit is not to be had", grow(), hungry()).within(mib),
        Attempt::inspect(
            "memory over the limit is not to be had page by page",
            "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable",
            hungry(),
        )
        .within(mib),
        Attempt::inspect_with(
            "memory over the limit is not to be had in another memory",
            "(memory $other 1)",
            "(loop (br_if 0 (i32.ne (memory.grow $other (i32.const 1)) (i32.const -1)))) unreachable",
            hungry(),
        )
        .within(mib),
        Attempt::handmade(
            "memory over the limit is not to be had in an allocation",
            Handmade { realloc: grow(), ..guest() },
            hungry(),
        )
        .within(mib),
        Attempt::handmade(
            "memory over the limit is not to be had after the report",
            Handmade { after_inspect: grow(), ..guest() },
            hungry(),
        )
        .within(mib),
        Attempt::inspect(
            "to be refused memory and do without is no failure",
            "(if (i32.ne (memory.grow (i32.const 65532)) (i32.const -1)) (then unreachable))",
            Outcome::Harmless(&[]),
        ),
        Attempt::inspect_with(
            "to be refused four thousand million table entries and do without is no failure",
            "(table $table 0 funcref)",
            "(if (i32.ne (table.grow $table (ref.null func) (i32.const -1)) (i32.const -1)) (then unreachable))",
            Outcome::Harmless(&[]),
        ),
        Attempt::inspect_with(
            "table entries over the limit are not to be had",
            "(table $table 65000 funcref)",
            "(if (i32.ne (table.grow $table (ref.null func) (i32.const 537)) (i32.const -1)) (then unreachable))",
            Outcome::Harmless(&[]),
        ),
        Attempt::inspect_with(
            "table entries are not to be had one by one",
            "(table $table 0 funcref)",
            "(loop (br_if 0 (i32.ne (table.grow $table (ref.func $log) (i32.const 1)) (i32.const -1)))) unreachable",
            Outcome::Fails(Memory, "at most 65536 elements of tables"),
        ),
        refused("a start with memory over the limit is refused", Handmade { start: grow(), ..guest() }),
        refused("a description with memory over the limit is refused", Handmade { describe: grow(), ..guest() }),
        refused("a configuration with memory over the limit is refused", Handmade { configure: grow(), ..guest() }),
        refused(
            "memories that are together over the limit are refused",
            Handmade { fields: "(memory 5) (memory 4) (memory 4)".to_owned(), ..guest() },
        ),
        refused(
            "a memory that starts over the limit is refused",
            Handmade { fields: "(memory 13)".to_owned(), ..guest() },
        ),
    ]
}

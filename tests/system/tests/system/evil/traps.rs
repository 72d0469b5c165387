//! Every trap that WebAssembly has and a guard can reach.

use guardhouse::sandbox::FailureCause::{Stack, Trap};

use super::attempt::{Attempt, Outcome};

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    [of_instructions(), of_the_stack()].concat()
}

/// Instructions that trap.
fn of_instructions() -> Vec<Attempt> {
    let table = "(table $table 4 funcref) (type $nullary (func)) (elem $elements funcref (ref.func $log))
        (elem (table $table) (i32.const 1) func $log)";
    let trap = |claim, body: &str, words| Attempt::inspect_with(claim, table, body, Outcome::Fails(Trap, words));
    vec![
        trap("reaching the unreachable traps", "unreachable", "unreachable"),
        trap("a division by zero traps", "(drop (i32.div_u (i32.const 1) (i32.const 0)))", "integer divide by zero"),
        trap("a remainder of zero traps", "(drop (i64.rem_s (i64.const 1) (i64.const 0)))", "integer divide by zero"),
        trap(
            "a quotient that is too large traps",
            "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
            "integer overflow",
        ),
        trap(
            "a number that is none traps as an integer",
            "(drop (i32.trunc_f32_s (f32.const nan)))",
            "invalid conversion to integer",
        ),
        trap("an infinite number traps as an integer", "(drop (i64.trunc_f64_u (f64.const inf)))", "integer overflow"),
        trap("a load behind the memory traps", "(drop (i32.load (i32.const 262144)))", "out of bounds memory access"),
        trap(
            "a load that begins within the memory and ends behind it traps",
            "(drop (i64.load (i32.const 262137)))",
            "out of bounds memory access",
        ),
        trap(
            "an address and an offset do not wrap around",
            "(drop (i32.load offset=4294967295 (i32.const -1)))",
            "out of bounds memory access",
        ),
        trap(
            "a vector across the end of the memory traps",
            "(v128.store (i32.const 262130) (v128.const i64x2 0 0))",
            "out of bounds memory access",
        ),
        trap(
            "filling behind the memory traps",
            "(memory.fill (i32.const 262143) (i32.const 1) (i32.const 2))",
            "out of bounds memory access",
        ),
        trap(
            "copying from behind the memory traps",
            "(memory.copy (i32.const 0) (i32.const -1) (i32.const 1))",
            "out of bounds memory access",
        ),
        trap(
            "a table entry behind the table traps",
            "(drop (table.get $table (i32.const 4)))",
            "out of bounds table access",
        ),
        trap(
            "a table is not filled behind its end",
            "(table.fill $table (i32.const 3) (ref.null func) (i32.const 2))",
            "out of bounds table access",
        ),
        trap(
            "elements that were dropped are gone",
            "(elem.drop $elements) (table.init $table $elements (i32.const 0) (i32.const 0) (i32.const 1))",
            "out of bounds table access",
        ),
        trap(
            "a call of a null reference traps",
            "(call_indirect $table (type $nullary) (i32.const 0))",
            "uninitialized element",
        ),
        trap(
            "a call by another type traps",
            "(call_indirect $table (type $nullary) (i32.const 1))",
            "indirect call type mismatch",
        ),
        trap(
            "a call behind the table traps",
            "(call_indirect $table (type $nullary) (i32.const -1))",
            "out of bounds table access",
        ),
    ]
}

/// Calls without an end.
fn of_the_stack() -> Vec<Attempt> {
    let stack = |claim, fields: &str, body: &str| {
        let words = "at most 524288 bytes, found that it overflowed";
        Attempt::inspect_with(claim, fields, body, Outcome::Fails(Stack, words))
    };
    vec![
        stack("recursion ends with the stack", "(func $down (call $down))", "(call $down)"),
        stack(
            "recursion through a table ends with the stack",
            "(type $down (func)) (table $steps funcref (elem $one $other))
            (func $one (call_indirect $steps (type $down) (i32.const 1)))
            (func $other (call_indirect $steps (type $down) (i32.const 0)))",
            "(call $one)",
        ),
        stack(
            "frames of a thousand arguments end with the stack",
            &format!(
                "(func $wide (param {}) (call $wide {}))",
                "i64 ".repeat(1000),
                (0..1000).map(|local| format!("(local.get {local})")).collect::<Vec<_>>().concat()
            ),
            &format!("(call $wide {})", "(i64.const 1)".repeat(1000)),
        ),
    ]
}

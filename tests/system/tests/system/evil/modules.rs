//! Components of features that no guard needs, and of sizes that none has.

use guardhouse_system_tests::Handmade;

use super::attempt::Attempt;

/// What wasmtime refuses.
const INVALID: &str = "expected a valid WebAssembly component, found one that does not compile";
/// A component that is no guard for the lack of exports.
const EXPORTS: &str = "exports `guardhouse:guard/about@0.1.0` with `describe`";

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    [features(), sizes()].concat()
}

/// Proposals beyond what is switched on.
fn features() -> Vec<Attempt> {
    let module =
        |claim, words, fields: &str| Attempt::component(claim, format!("(core module {fields})"), [INVALID, words]);
    let component = |claim, words, fields: &str| Attempt::component(claim, fields, [INVALID, words]);
    vec![
        module("a memory of 64 bits does not compile", "memory64 must be enabled", "(memory i64 1)"),
        module("a table of 64 bits does not compile", "memory64 must be enabled", "(table i64 1 funcref)"),
        module("a memory that is shared does not compile", "threads must be enabled", "(memory 1 1 shared)"),
        module(
            "atomic instructions do not compile",
            "threads must be enabled",
            "(memory 1 1 shared) (func (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))",
        ),
        module(
            "waiting for another thread does not compile",
            "threads support is not enabled",
            "(memory 1) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))",
        ),
        module(
            "vectors that differ from machine to machine do not compile",
            "relaxed SIMD support is not enabled",
            "(func (param v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0)))",
        ),
        module("structures of the collector's do not compile", "without the gc feature", "(type (struct (field i32)))"),
        module("arrays of the collector's do not compile", "without the gc feature", "(type (array (mut i8)))"),
        module(
            "small integers as references do not compile",
            "gc types are disallowed",
            "(global (ref null i31) (ref.null i31))",
        ),
        module("references to things outside do not compile", "gc types are disallowed", "(table 1 externref)"),
        module(
            "typed references to functions do not compile",
            "function references required",
            "(type $f (func)) (func (call_ref $f (ref.null $f)))",
        ),
        module(
            "what must be a reference does not compile",
            "function references support is not enabled",
            "(func (drop (ref.as_non_null (ref.null func))))",
        ),
        module("exceptions do not compile", "exceptions proposal not enabled", "(tag $e) (func (throw $e))"),
        module(
            "exceptions of the older kind do not compile",
            "exceptions proposal not enabled",
            "(tag $e) (func try catch_all end)",
        ),
        module(
            "stack switching does not compile",
            "stack switching is disabled",
            "(type $f (func)) (type $c (cont $f)) (func (drop (ref.null $c)))",
        ),
        module(
            "pages of one byte do not compile",
            "custom page sizes proposal must be enabled",
            "(memory 1 (pagesize 1))",
        ),
        module(
            "arithmetic of 128 bits does not compile",
            "wide arithmetic support is not enabled",
            "(func (param i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 0)))",
        ),
        component(
            "a component that starts by itself does not compile",
            "`value`s is not enabled",
            "(import \"f\" (func $f)) (start $f)",
        ),
        component(
            "a function that waits does not compile",
            "component model async feature",
            "(type (func async (result u32)))",
        ),
        component("a stream does not compile", "component model async feature", "(type (stream u8))"),
        component("a future does not compile", "component model async feature", "(type (future u8))"),
        component(
            "an error's context does not compile",
            "component model error-context feature",
            "(type error-context)",
        ),
        component("a list of a fixed length does not compile", "fixed-length lists feature", "(type (list u8 4))"),
        component("a map does not compile", "component model map feature", "(type (map string u8))"),
        component("a value does not compile", "`value`s is not enabled", "(import \"v\" (value u32))"),
        component(
            "a thread does not compile",
            "shared-everything-threads proposal",
            "(core type $f (func (param i32))) (core func (canon thread.spawn-ref $f))",
        ),
        component(
            "counting processors does not compile",
            "shared-everything-threads proposal",
            "(core func (canon thread.available_parallelism))",
        ),
    ]
}

/// More of something than there may be.
fn sizes() -> Vec<Attempt> {
    let guest = |claim, fields: String, words: &'static [&'static str]| {
        Attempt::refused(claim, Handmade { fields, ..Handmade::default() }, words)
    };
    let component = |claim, text: String, words: &'static [&'static str]| Attempt::component(claim, text, words);
    let instances = |count: usize| {
        let instance = "(core instance (instantiate $m))".repeat(count);
        format!("(core module $m) {instance}")
    };
    vec![
        guest("five memories are refused", "(memory 1)".repeat(4), &["memories"]),
        guest("a memory of all addresses is refused", "(memory 65536)".into(), &["memory"]),
        component(
            "a memory of more than all addresses does not compile",
            "(core module (memory 65537))".into(),
            &[INVALID, "at most 0x10000 65536-byte pages"],
        ),
        guest("seventeen tables are refused", "(table 1 funcref)".repeat(17), &["tables"]),
        guest("a table of four thousand million entries is refused", "(table 4294967295 funcref)".into(), &["table"]),
        guest("a table one over the limit is refused", "(table 65537 funcref)".into(), &["table"]),
        component("a thousand instances are refused", instances(1_000), &["instances"]),
        component("a hundred thousand instances do not compile", instances(100_000), &["at most 1000 instances"]),
        component(
            "a thousand functions of nothing are refused as no guard",
            format!("(core module {})", "(func)".repeat(1_000)),
            &[EXPORTS],
        ),
        component(
            "fifty thousand and one locals do not compile",
            format!("(core module (func (local {})))", "i64 ".repeat(50_001)),
            &[INVALID, "too many locals"],
        ),
        component(
            "a hundred thousand globals do not compile",
            format!("(core module {})", "(global i32 (i32.const 0))".repeat(100_000)),
            &[INVALID, "1048576 bytes"],
        ),
        component(
            "a function of a thousand and one parameters does not compile",
            format!("(core module (func (param {})))", "i32 ".repeat(1_001)),
            &[INVALID, "function params size"],
        ),
        component(
            "a type a thousand lists deep does not compile",
            lists(1_000),
            &[INVALID, "type nesting is too deep"],
        ),
        component(
            "a type that doubles forty times does not compile",
            (0..40)
                .map(|n| format!("(type $t{} (tuple $t{n} $t{n}))", n + 1))
                .fold("(type $t0 (tuple u8 u8))".to_owned(), |all, one| all + &one),
            &[INVALID, "effective type size exceeds"],
        ),
        component(
            "instances that double eight times do not compile",
            doubling(8),
            &[INVALID, "256 core module instances"],
        ),
        component(
            "instances that double thirty times are refused before they are counted one by one",
            doubling(30),
            &["expected a component with at most 1000 instances, found more"],
        ),
    ]
}

/// A list of lists of lists.
fn lists(depth: usize) -> String {
    (0..depth).fold("(type $t0 (list u8))".to_owned(), |all, n| format!("{all}(type $t{} (list $t{n}))", n + 1))
}

/// Components that each instantiate the one before twice.
fn doubling(times: usize) -> String {
    (0..times).fold("(component $c0 (core module $m) (core instance (instantiate $m)))".to_owned(), |all, n| {
        format!(
            "{all}(component $c{} (alias outer 1 $c{n} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))",
            n + 1
        )
    }) + &format!("(instance (instantiate $c{times}))")
}

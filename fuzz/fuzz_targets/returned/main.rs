//! Whatever a guard gives back is findings that satisfy the contract, or a failure with a cause.
//!
//! The guard writes the memory that the host reads its answer from as the text under inspection says, byte for byte, so
//! the fuzzer chooses pointers, lengths, discriminants and numbers. It runs in its check like any other.

#![no_main]

mod answer;

use std::sync::LazyLock;

use answer::{Answer, BASE};
use guardhouse::{
    decision::{Finding, Repair, Severity, Span},
    engine::Engine,
    event::Event,
    guard::{Guard, Inspected},
    sandbox::{Failure, FailureCause},
    text::{Parts, parts},
};
use guardhouse_fuzz::{PERMIT, assert_failure, assert_findings, finish};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, result, station};
use libfuzzer_sys::fuzz_target;

/// The second part of every event, for spans that are not on the boundaries of characters.
const ACCENTS: &str = "é… 𝄞 secret";
/// The most findings that this guard may give: few, so that too many are soon found.
const FINDINGS: usize = 4;

/// The guard, stationed.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let handmade = Handmade { categories: answer::CATEGORIES, inspect: obedient(), ..Handmade::default() };
    let limits = format!("limits = {{ findings = {FINDINGS}, returned = \"64KiB\" }}");
    let bundle = TestBundle::new(&format!("{GENEROUS}{}", station("obedient", "obedient", "\"tool-result\"", &limits)))
        .file("guards/obedient.wasm", handmade.component())
        .policies(PERMIT)
        .locked();
    finish(bundle.engine())
});

fuzz_target!(|answer: Answer| {
    let guard = &ENGINE.generation().guards()[0];
    let memory = answer.memory();
    let event = told(&memory);
    let parts = parts(&event).expect("few parts");
    match ask(guard, &event, &parts) {
        Ok(inspected) => assert_findings(guard, &findings(inspected), &parts, FINDINGS),
        Err(failure) => {
            let cause = failure.cause();
            let of_the_answer = [FailureCause::Error, FailureCause::Report, FailureCause::Returned].contains(&cause);
            assert!(of_the_answer, "{cause}: {failure}");
            assert_failure(&failure);
        }
    }
    assert_next_is_right(guard);
});

fn ask(guard: &Guard, event: &Event, parts: &Parts<'_>) -> Result<Inspected, Failure> {
    finish(guard.inspect(event, parts, false))
}

fn findings(inspected: Inspected) -> Vec<Finding> {
    inspected.findings.into_iter().map(|found| found.finding).collect()
}

/// Holds the guard to the one answer that is told it, whatever it was told before.
fn assert_next_is_right(guard: &Guard) {
    let event = told(&Answer::innocent().memory());
    let parts = parts(&event).expect("few parts");
    let found = findings(ask(guard, &event, &parts).expect("an innocent answer"));
    let [finding] = found.as_slice() else { panic!("expected one finding, found {found:?}") };
    assert_findings(guard, &found, &parts, FINDINGS);
    assert_eq!((finding.rule.as_str(), finding.category.as_str()), ("rule", answer::CATEGORIES[0]));
    assert_eq!((finding.severity, u8::from(finding.confidence)), (Severity::High, 90));
    assert_eq!((finding.path.as_deref(), finding.span), (Some("/content/1/text"), Some(Span { start: 0, end: 2 })));
    assert_eq!((finding.message.as_str(), &finding.repair), ("a message", &Repair::Mask));
    assert_eq!(finding.attributes.len(), 1);
}

/// The event whose first part says what the guard's memory is to be, and whose second is [`ACCENTS`].
fn told(memory: &[u8]) -> Event {
    let letter = |nibble: u8| char::from(b'a' + nibble);
    let text: String = memory.iter().flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect();
    let block = |text: &str| format!(r#"{{"type":"text","text":"{text}"}}"#);
    result("any", &format!(r#""content":[{},{}]"#, block(&text), block(ACCENTS)))
}

/// An `inspect` that writes to [`BASE`] what the first part's text says, two letters from `a` to `p` a byte, and returns
/// the pointer that then stands there.
fn obedient() -> String {
    // In a part the body's pointer is the fifth word, and its length the sixth.
    format!(
        "(local.set $source (i32.load offset=16 (local.get $parts)))
        (local.set $source_length (i32.add (local.get $source) (i32.load offset=20 (local.get $parts))))
        (local.set $at (i32.const {BASE}))
        (block $done (loop $more
            (br_if $done (i32.ge_u (local.get $source) (local.get $source_length)))
            (i32.store8 (local.get $at) (i32.or
                (i32.shl (i32.sub (i32.load8_u (local.get $source)) (i32.const 97)) (i32.const 4))
                (i32.sub (i32.load8_u offset=1 (local.get $source)) (i32.const 97))))
            (local.set $source (i32.add (local.get $source) (i32.const 2)))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $more)))
        (return (i32.load (i32.const {BASE})))"
    )
}

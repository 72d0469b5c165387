//! System calls that an ordinary check does without.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use std::{collections::BTreeMap, thread};

use guardhouse::{decision::Verdict, engine::Engine, sandbox::Allocation};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, input, station};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

use crate::{EVERYWHERE, PERMIT};

/// `mprotect` on x86-64 and on the architectures with the common table of calls (Linux, `asm-generic/unistd.h`).
const MPROTECT: i64 = if cfg!(target_arch = "x86_64") { 10 } else { 226 };
/// `EPERM`.
const REFUSED: u32 = 1;
/// Checks.
const CHECKS: usize = 1_000;

/// Takes `mprotect` away from this thread: from now on it fails.
fn refuse_mprotect() {
    let rules = BTreeMap::from([(MPROTECT, Vec::new())]);
    let architecture = std::env::consts::ARCH.try_into().unwrap();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(REFUSED), architecture);
    let program: BpfProgram = filter.unwrap().try_into().unwrap();
    apply_filter(&program).unwrap();
}

/// How many of a thousand checks fail without `mprotect`, on a thread that has checked before; and how often the guards'
/// memories grew.
fn failed_without_mprotect(engine: &Engine, text: &str) -> (usize, u64) {
    let check = || {
        let executor = tokio::runtime::Builder::new_current_thread().build().unwrap();
        executor.block_on(engine.check(&input("user", text))).verdict == Verdict::Allow
    };
    let growths = || engine.generation().guards().iter().map(|guard| guard.metrics().growths).sum::<u64>();
    thread::scope(|scope| {
        let checks = scope.spawn(|| {
            assert!((0..100).all(|_| check()));
            let before = growths();
            refuse_mprotect();
            ((0..CHECKS).filter(|_| !check()).count(), growths() - before)
        });
        checks.join().unwrap()
    })
}

fn engine(bundle: &TestBundle) -> Engine {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(bundle.engine())
}

/// Growing a memory is a call to the kernel that takes a lock of all threads.
#[test]
fn an_ordinary_check_of_a_shipped_guard_grows_no_memory_and_calls_no_mprotect() {
    let bundle = TestBundle::new(&format!("{GENEROUS}{}", station("secrets", "guard-secrets", EVERYWHERE, "")))
        .guard("guard-secrets")
        .policies(PERMIT)
        .locked();
    let text = "The harbour office opens at seven; the list of the day stays short until noon. ".repeat(50);
    assert_eq!(failed_without_mprotect(&engine(&bundle), &text), (0, 0));
}

/// The test above can fail.
#[test]
fn a_guard_that_grows_its_memory_is_seen_to() {
    let grows = Handmade {
        inspect: "(if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then unreachable))".to_owned(),
        ..Handmade::default()
    };
    let bundle = TestBundle::new(&format!("{GENEROUS}{}", station("grows", "grows", EVERYWHERE, "")))
        .file("guards/grows.wasm", grows.component())
        .policies(PERMIT)
        .locked();
    let engine = engine(&bundle);
    let (failed, _) = failed_without_mprotect(&engine, "text");
    assert!(engine.generation().guards()[0].metrics().growths >= 100, "while it could");
    let pooled = guardhouse::sandbox::Runtime::new().unwrap().allocation() != Allocation::OnDemand;
    assert_eq!(failed > 0, pooled, "{failed} failed");
}

//! What a second thread is worth.

use std::{
    fs,
    path::Path,
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow};
use guardhouse::engine::Engine;

use crate::{
    guard::{BareGuard, bench_bundle, check_by, event, finish},
    harness::{Spread, Stated},
};

/// How long each number of threads runs in a round.
const SLICE: Duration = Duration::from_millis(250);
/// Rounds.
const ROUNDS: usize = 15;

/// What the second of two threads adds: at least 0.7. Beside it the same for bare wasmtime, whose pool, page tables and
/// system calls are the same.
pub(crate) fn compare(guards: &Path) -> Result<Vec<Stated>> {
    let artifact = fs::read(guards.join("guest-small.wasm")).context("`guest-small` is not built")?;
    let bare = BareGuard::new(&artifact, true).map_err(|error| anyhow!("{error:#}"))?;
    let mut stated =
        vec![Stated::at_most("two threads / one, bare wasmtime", "x", None, spread(|| bare.finds_nothing(true)))];
    for (name, guard) in
        [("two threads / one, `small`", "guest-small"), ("two threads / one, `secrets`", "guard-secrets")]
    {
        let bundle = bench_bundle(guards, guard, "")?;
        let engine = finish(Engine::load(bundle.path()))?;
        let guard = engine.generation().guards().first().context("a guard")?;
        let event = event()?;
        stated.push(Stated::at_least(name, "x", 1.7, spread(|| check_by(guard, &event))));
    }
    Ok(stated)
}

/// Checks in a second on two threads by those on one, in turns.
fn spread(check: impl Fn() + Sync) -> Spread {
    let mut spread = Spread::default();
    let _ = (checks(&check, 2), checks(&check, 1));
    for _ in 0..ROUNDS {
        let (one, two) = (checks(&check, 1), checks(&check, 2));
        spread.push(two / one);
    }
    spread
}

/// Checks in a second on so many threads.
fn checks(check: &(impl Fn() + Sync), threads: usize) -> f64 {
    let (barrier, stop, count) = (Barrier::new(threads + 1), AtomicBool::new(false), AtomicU64::new(0));
    let elapsed = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                barrier.wait();
                let mut checks = 0;
                while !stop.load(Ordering::Relaxed) {
                    check();
                    checks += 1;
                }
                count.fetch_add(checks, Ordering::Relaxed);
            });
        }
        barrier.wait();
        let started = Instant::now();
        thread::sleep(SLICE);
        stop.store(true, Ordering::Relaxed);
        started.elapsed()
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of checks")]
    let checks = count.into_inner() as f64;
    checks / elapsed.as_secs_f64()
}

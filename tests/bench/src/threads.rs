//! What a second thread is worth.

use std::{
    path::Path,
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use guardhouse::{engine::Engine, event::Event, guard::Guard};

use crate::{
    guard::{bench_bundle, check_by, event, finish},
    harness::{Spread, Stated},
};

/// How long each number of threads runs in a round.
const SLICE: Duration = Duration::from_millis(250);
/// Rounds.
const ROUNDS: usize = 15;

/// Checks in a second on two threads, by those on one, in turns; at least 1.7.
pub(crate) fn compare(guards: &Path) -> Result<Vec<Stated>> {
    let mut stated = Vec::new();
    for (name, guard) in
        [("two threads / one, `small`", "guest-small"), ("two threads / one, `secrets`", "guard-secrets")]
    {
        let bundle = bench_bundle(guards, guard, "")?;
        let engine = finish(Engine::load(bundle.path()))?;
        let guard = engine.generation().guards().first().context("a guard")?;
        let event = event()?;
        let mut spread = Spread::default();
        let _ = (checks(guard, &event, 2), checks(guard, &event, 1));
        for _ in 0..ROUNDS {
            let (one, two) = (checks(guard, &event, 1), checks(guard, &event, 2));
            spread.push(two / one);
        }
        stated.push(Stated::at_least(name, "x", 1.7, spread));
    }
    Ok(stated)
}

/// Checks in a second on so many threads.
fn checks(guard: &Guard, event: &Event, threads: usize) -> f64 {
    let (barrier, stop, count) = (Barrier::new(threads + 1), AtomicBool::new(false), AtomicU64::new(0));
    let elapsed = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                barrier.wait();
                let mut checks = 0;
                while !stop.load(Ordering::Relaxed) {
                    check_by(guard, event);
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

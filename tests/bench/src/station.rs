//! What stationing costs: time from the cache and without it, memory for many configurations of one guard.

use std::{fs, path::Path, time::Instant};

use anyhow::{Context as _, Result, ensure};
use guardhouse::{
    engine::Engine,
    sandbox::{Cache, Limits, Runtime, Station},
};

use crate::{
    guard::{bench_bundle, finish},
    harness::{Spread, Stated},
};

/// How often a guard is stationed each way.
const TIMES: usize = 41;
/// Configurations of one guard.
const CONFIGURATIONS: usize = 1_000;

/// Milliseconds from a guard's bytes to a guard that is ready to be asked.
pub(crate) fn time(guards: &Path) -> Result<Vec<Stated>> {
    let directory = tempfile::tempdir()?;
    let cache = directory.path().join("cache");
    // The loader lets the cache keep what it looked through for secrets.
    let bundle = bench_bundle(guards, "guard-secrets", "")?;
    finish(Engine::load_in(&Runtime::cached(Cache::open(&cache)?)?, bundle.path()))?;
    let artifact = fs::read(guards.join("guard-secrets.wasm")).context("`guard-secrets` is not built")?;
    let mut stated = Vec::new();
    for (name, runtime, bar, times) in [
        ("stationing `secrets` from the cache", Runtime::cached(Cache::open(&cache)?)?, Some(10.0), TIMES),
        ("stationing `secrets` by compiling it", Runtime::new()?, None, 5),
    ] {
        let mut spread = Spread::default();
        for _ in 0..times {
            let begun = Instant::now();
            let station = Station::new(&runtime, "secrets", &artifact, "{}".to_owned(), Limits::default());
            let station = finish(station)?;
            spread.push(begun.elapsed().as_secs_f64() * 1e3);
            // It goes before the next begins, so that the next has nothing in memory to share.
            drop(station);
        }
        stated.push(Stated::at_most(name, "ms", bar, spread));
    }
    Ok(stated)
}

/// KiB of memory that one more configuration of a guard takes, and the KiB of its compiled code for comparison.
pub(crate) fn memory(guards: &Path) -> Result<Vec<Stated>> {
    let artifact = fs::read(guards.join("guest-words.wasm")).context("`guest-words` is not built")?;
    let runtime = Runtime::new()?;
    let station = |index: usize| {
        let configuration = format!(r#"{{"words":["word-{index}"]}}"#);
        finish(Station::new(&runtime, "words", &artifact, configuration, Limits::default()))
    };
    let nothing = resident()?;
    let first = station(0)?;
    let one = resident()?;
    let more = (1..=CONFIGURATIONS).map(station).collect::<Result<Vec<_>, _>>()?;
    let all = resident()?;
    ensure!(more.len() == CONFIGURATIONS, "every configuration is stationed");
    drop(first);
    #[expect(clippy::cast_precision_loss, reason = "sizes of a process")]
    let kib = |bytes: u64, by: usize| bytes as f64 / 1024.0 / by as f64;
    let one_more = kib(all.saturating_sub(one), CONFIGURATIONS);
    Ok(vec![
        Stated::once(
            "the first configuration of `words`, its code with it",
            "KiB",
            kib(one.saturating_sub(nothing), 1),
        ),
        Stated::once("one more configuration, of 1,000", "KiB", one_more),
    ])
}

/// Bytes of this process in memory.
fn resident() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("expected Linux's `/proc`")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("expected `VmRSS`")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}

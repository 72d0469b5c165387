//! How long it takes from an event to an answer that waits for the disk (`sync = "each"`), by one thread and by several, which
//! share what is synced.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, ensure};
use guardhouse::{
    event::Event,
    journal::{Options, Trust, verify},
};

use super::child;
use crate::latency::Latency;

/// Threads that wait at once.
const THREADS: [u64; 3] = [1, 2, 8];
/// How long each number of threads is measured.
const TIME: Duration = Duration::from_secs(5);

/// Measures on the disk of the directory for temporary files, and gives the figures in lines.
pub(super) fn measure(bundle: &Path) -> Result<Vec<String>> {
    let mut lines = vec!["an answer that waits for the disk, from the event to the decision:".to_owned()];
    let mut alone = None;
    for threads in THREADS {
        let (latency, rate) = of(bundle, threads)?;
        // Alone, a sync carries one record; as many syncs in a second carry so many times more.
        let carried = rate / *alone.get_or_insert(rate);
        lines.push(format!(
            "  threads {threads}: {latency}; {rate:.0} a second, {carried:.1} times as many as one thread"
        ));
    }
    Ok(lines)
}

fn of(bundle: &Path, threads: u64) -> Result<(Latency, f64)> {
    let directory = tempfile::tempdir()?;
    let engine = child::engine(bundle, Options { sync_each: true, ..Options::new(directory.path()) })?;
    let latency = Latency::new();
    let begun = Instant::now();
    thread::scope(|scope| -> Result<()> {
        let of_thread = |thread| {
            let (engine, latency) = (&engine, &latency);
            scope.spawn(move || -> Result<()> {
                let members = r#""checkpoint":"note","kind":"retry""#;
                let event = format!(r#"{{"agent":"one","session":"s{thread}",{members}}}"#);
                let event = Event::from_json(event.as_bytes())?;
                let executor = tokio::runtime::Builder::new_current_thread().build()?;
                while begun.elapsed() < TIME {
                    let started = Instant::now();
                    let decision = executor.block_on(engine.check(&event));
                    latency.took(started.elapsed());
                    ensure!(decision.reasons.is_empty(), "{decision}");
                }
                Ok(())
            })
        };
        let threads: Vec<_> = (0..threads).map(of_thread).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_panic| anyhow!("a thread panicked"))?)
    })?;
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let rate = latency.count() as f64 / begun.elapsed().as_secs_f64();
    drop(engine);
    let verified = verify(directory.path(), &Trust::default())?;
    ensure!(verified.is_sound(), "{verified:?}");
    Ok((latency, rate))
}

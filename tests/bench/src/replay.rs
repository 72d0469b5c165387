//! Replay of a journal: how many decisions a second are made anew from stored facts, where only policies differ.

use std::{fs, path::Path, sync::Arc, time::Instant};

use anyhow::{Result, ensure};
use guardhouse::{
    bundle::Bundle,
    engine::Engine,
    generation::Generation,
    journal::{Journal, Records},
    replay::{Step, Summary, journal},
    sandbox::Runtime,
};

use crate::{
    guard::{bench_bundle, event, finish},
    harness::{Spread, Stated},
    journal::policies,
};

/// How often the journal is replayed.
const TIMES: usize = 11;
/// Decisions in it.
const DECISIONS: u64 = 20_000;

/// The rate with 100 policies, of which five apply to each decision and one is changed.
pub(crate) fn rate(guards: &Path) -> Result<Stated> {
    let bundle = bench_bundle(guards, "guest-small", "")?;
    let runtime = Runtime::new()?;
    let load = |policies: &str| -> Result<Arc<Generation>> {
        fs::write(bundle.path().join("more.cedar"), policies)?;
        Bundle::lock(bundle.path())?;
        Ok(Arc::new(finish(Generation::new(&runtime, Bundle::read(bundle.path())?))?))
    };
    let old = load(&policies())?;
    let new = load(&policies().replace("anomaly.score > 90", "anomaly.score > 80"))?;
    ensure!(new.policy_count() == 100 && new.digest() != old.digest(), "there are 100 policies, one of them changed");
    let directory = tempfile::tempdir()?;
    let engine = Engine::of(old).with_journal(Journal::open(directory.path())?);
    let event = event()?;
    (0..DECISIONS).for_each(|_| drop(finish(engine.check(&event))));
    drop(engine);
    let mut rates = Spread::default();
    for _ in 0..TIMES {
        let mut summary = Summary::keeping(0);
        let begun = Instant::now();
        let each = |step| {
            if let Step::Row(row) = step {
                summary.add(row);
            }
        };
        journal(Records::of(directory.path())?, &new, |_| None, each)?;
        #[expect(clippy::cast_precision_loss, reason = "thousands")]
        rates.push(DECISIONS as f64 / begun.elapsed().as_secs_f64());
        ensure!(summary.same == DECISIONS, "all are replayed, and the same: {summary:?}");
    }
    Ok(Stated::at_least("replay of a journal, 100 policies, 5 apply", "/s", 20_000.0, rates))
}

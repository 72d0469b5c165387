//! The engine in force, and its replacement by one with another configuration.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use guardhouse::{engine::Engine, sandbox::GuardMetrics};
use tokio::runtime::Runtime;

use crate::{
    bundle::{self, INNOCENT},
    deeds::IN_CONFIGURE,
};

/// What the guard `words` bans, one word in each engine: a check by the wrong engine has the wrong findings.
const BANNED: [&str; 2] = ["alpha", "beta"];
/// How long a check may hold an engine that was replaced: far longer than the slowest deed on a busy machine.
const HELD: Duration = Duration::from_mins(1);

/// An engine, and the word that it bans.
pub(crate) struct Stationed {
    pub(crate) engine: Engine,
    pub(crate) banned: &'static str,
}

/// The place of the engine in force.
pub(crate) struct Post {
    stationed: RwLock<Arc<Stationed>>,
    loading: AtomicBool,
    tally: Mutex<Tally>,
}

/// What the guards of all engines came to, as they say themselves.
#[derive(Clone, Default)]
pub(crate) struct Tally {
    /// Engines that were replaced, or retired.
    pub(crate) engines: u64,
    /// The innocent guards, by name.
    pub(crate) innocent: BTreeMap<String, Served>,
    /// Failures of the evil ones by cause.
    pub(crate) evil: BTreeMap<&'static str, u64>,
}

/// What one innocent guard came to.
#[derive(Clone, Default)]
pub(crate) struct Served {
    pub(crate) calls: u64,
    pub(crate) failed: u64,
    /// From the slot to the report, over all calls.
    pub(crate) time: Duration,
    /// From the slot to the report.
    pub(crate) longest: Duration,
    /// The wall limit, which `longest` is held to.
    pub(crate) wall: Duration,
}

impl Post {
    /// Loads the first engine.
    pub(crate) fn new(guards: &Path, executor: &Runtime) -> Result<Self> {
        let [banned, _] = BANNED;
        let engine = executor.block_on(bundle::load(guards, banned))?;
        let stationed = RwLock::new(Arc::new(Stationed { engine, banned }));
        Ok(Self { stationed, loading: AtomicBool::new(false), tally: Mutex::default() })
    }

    /// The engine in force.
    pub(crate) fn now(&self) -> Arc<Stationed> {
        Arc::clone(&self.stationed.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether an engine is being made, or one that was replaced is still held.
    pub(crate) fn is_loading(&self) -> bool {
        self.loading.load(Ordering::Relaxed)
    }

    /// What became of the guards that are gone.
    pub(crate) fn tally(&self) -> Tally {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Brings a guard to the gate that it must refuse, then replaces the engine by one that bans the other word, and sees
    /// the old one go.
    pub(crate) fn replace(&self, guards: &Path, executor: &Runtime) -> Result<()> {
        self.loading.store(true, Ordering::Relaxed);
        self.replace_by_next(guards, executor)?;
        self.loading.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn replace_by_next(&self, guards: &Path, executor: &Runtime) -> Result<()> {
        let deeds = IN_CONFIGURE.iter().cycle().skip(usize::try_from(self.tally().engines)?);
        for deed in deeds.take(1) {
            executor.block_on(bundle::refuse(guards, deed))?;
        }
        let banned = if self.now().banned == BANNED[0] { BANNED[1] } else { BANNED[0] };
        let engine = executor.block_on(bundle::load(guards, banned))?;
        let next = Arc::new(Stationed { engine, banned });
        let mut old = std::mem::replace(&mut *self.stationed.write().unwrap_or_else(PoisonError::into_inner), next);
        let replaced = Instant::now();
        while Arc::get_mut(&mut old).is_none() {
            ensure!(replaced.elapsed() < HELD, "expected a replaced engine to be let go, found it held for {HELD:?}");
            thread::sleep(Duration::from_millis(10));
        }
        self.count(&old.engine);
        Ok(())
    }

    /// Counts the engine in force, at the end.
    pub(crate) fn retire(&self) {
        self.count(&self.now().engine);
    }

    fn count(&self, engine: &Engine) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.engines += 1;
        for guard in engine.generation().guards() {
            let GuardMetrics { calls, failures, time, longest, .. } = guard.metrics();
            let failed = failures.iter().map(|(_, count)| count).sum::<u64>();
            if INNOCENT.contains(&guard.name()) {
                let served = tally.innocent.entry(guard.name().to_owned()).or_default();
                served.calls += calls;
                served.failed += failed;
                served.time += time;
                served.longest = served.longest.max(longest);
                served.wall = guardhouse::sandbox::Limits::default().wall;
            } else {
                for (cause, count) in failures {
                    *tally.evil.entry(cause.as_str()).or_default() += count;
                }
            }
        }
    }
}

//! The clock behind guest deadlines.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use wasmtime::{Engine, EngineWeak};

/// Length of one epoch. Guest time is counted in these, so it is also the precision of every deadline, and the time after
/// which a guard yields its executor's thread, at its next jump or call. Only an instruction that fills or copies memory
/// may take longer by itself.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// The engines whose epochs advance.
type Engines = Mutex<Vec<EngineWeak>>;

/// The thread that increments the epoch of every engine each [`TICK`], for as long as this lives.
///
/// It runs always, holds engines weakly so that it never keeps one alive, and after a delay goes on from now instead of
/// catching up. An epoch belongs to a whole engine: nothing else may increment it, or every running guard would lose
/// time.
#[derive(Clone)]
pub(crate) struct Ticker {
    engines: Arc<Engines>,
}

impl Ticker {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub(crate) fn start() -> std::io::Result<Self> {
        let engines = Arc::new(Engines::default());
        let weak = Arc::downgrade(&engines);
        thread::Builder::new().name("guardhouse-ticker".to_owned()).spawn(move || {
            loop {
                thread::sleep(TICK);
                let Some(engines) = weak.upgrade() else { return };
                tick_all(&engines);
            }
        })?;
        Ok(Self { engines })
    }

    /// Lets the epoch of this engine advance too.
    pub(crate) fn tick(&self, engine: &Engine) {
        self.engines.lock().unwrap_or_else(PoisonError::into_inner).push(engine.weak());
    }
}

/// Increments the epoch of all engines that are still there.
fn tick_all(engines: &Engines) {
    for engine in engines.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        if let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
        }
    }
}

impl std::fmt::Debug for Ticker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticker").finish_non_exhaustive()
    }
}

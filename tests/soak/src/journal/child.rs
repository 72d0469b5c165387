//! The child: a process that writes a journal under load, and is killed or gets into trouble.

use std::{
    io::{self, Read as _},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Result, anyhow};
use guardhouse::{engine::Engine, journal::Options};

use super::{bundle, load::Load};

/// The threads that put events through the engine.
const THREADS: u64 = 3;

/// The journal's options: all that is done now and then is done often.
pub(super) fn options(directory: &Path) -> Options {
    Options {
        segment_bytes: 1 << 20,
        sync_within: Duration::from_millis(5),
        checkpoint_every: Duration::from_millis(40),
        ..Options::new(directory)
    }
}

/// The engine with its journal.
pub(super) fn engine(bundle: &Path, options: Options) -> Result<Engine> {
    Ok(bundle::load(bundle)?.with_journal(options.open()?))
}

/// Writes a journal until its standard input ends, and closes it.
pub(super) fn run(directory: &Path, bundle: &Path, seed: u64) -> Result<()> {
    let engine = engine(bundle, options(directory))?;
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| -> Result<()> {
        let of_thread = |thread| {
            let (engine, is_over) = (&engine, &is_over);
            scope.spawn(move || -> Result<()> {
                let mut load = Load::new(engine, seed, thread)?;
                while !is_over.load(Ordering::Relaxed) {
                    load.step()?;
                }
                Ok(())
            })
        };
        let threads: Vec<_> = (0..THREADS).map(of_thread).collect();
        let read = io::stdin().read_to_end(&mut Vec::new());
        is_over.store(true, Ordering::Relaxed);
        for thread in threads {
            thread.join().map_err(|_panic| anyhow!("a thread panicked"))??;
        }
        read?;
        Ok(())
    })
}

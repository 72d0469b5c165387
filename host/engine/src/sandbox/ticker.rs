//! The clock behind guest deadlines.

use std::{thread, time::Duration};

use wasmtime::Engine;

/// Length of one epoch. Guest time is counted in these, so it is also the precision of every deadline, and the longest
/// time for which a guard keeps an executor's thread before it yields.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// Starts the thread that increments the engine's epoch every [`TICK`], for as long as the engine lives.
///
/// It runs always, holds the engine weakly so that it never keeps one alive, and after a delay goes on from now
/// instead of catching up. The epoch belongs to the whole engine: nothing else may increment it, or every running
/// guard would lose time.
///
/// # Errors
/// When the operating system gives no thread.
pub(crate) fn start(engine: &Engine) -> std::io::Result<()> {
    let weak = engine.weak();
    thread::Builder::new().name("guardhouse-ticker".to_owned()).spawn(move || {
        loop {
            thread::sleep(TICK);
            match weak.upgrade() {
                Some(engine) => engine.increment_epoch(),
                None => return,
            }
        }
    })?;
    Ok(())
}

//! What the program waits on: checks, and guards that are stationed.

use miette::IntoDiagnostic as _;
use tokio::runtime::{Builder, Runtime};

/// An executor on this thread. It has no timers and no input or output: a check needs none.
pub(crate) fn executor() -> miette::Result<Runtime> {
    Builder::new_current_thread().build().into_diagnostic()
}

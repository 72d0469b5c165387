//! `guardhouse audit`: what was recorded, and whether that is what is there.

mod conditions;
mod export;
mod format;
mod line;
mod ocsf;
mod query;
mod ship;
mod show;
mod tail;
mod verify;

use std::{path::Path, time::Duration};

use guardhouse::journal::{self, Records};
use miette::IntoDiagnostic as _;

pub(crate) use conditions::is_in;
pub(crate) use export::export;
pub(crate) use query::{query, session};
pub(crate) use ship::ship;
pub(crate) use show::show;
pub(crate) use tail::tail;
pub(crate) use verify::verify;

/// How often those who follow a journal look for more.
const PAUSE: Duration = Duration::from_millis(100);

/// The records of a journal, which has to be there: whoever mistypes a path must not believe that nothing was recorded.
pub(crate) fn records(directory: &Path) -> miette::Result<Records> {
    journal::find(directory).into_diagnostic()?;
    Records::of(directory).into_diagnostic()
}

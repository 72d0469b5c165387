//! Where guards run, and where they are kept compiled.

use std::{env, path::PathBuf};

use guardhouse::sandbox::{Cache, Runtime};
use miette::IntoDiagnostic as _;

use crate::arguments;

/// The sandbox. A cache that was asked for must be usable; the one in the user's cache directory is only a convenience.
pub(crate) fn runtime(arguments: &arguments::Cache) -> miette::Result<Runtime> {
    let cache = match &arguments.directory {
        _ if arguments.off => None,
        Some(directory) => Some(Cache::open(directory).into_diagnostic()?),
        None => default_directory().and_then(|directory| {
            Cache::open(directory)
                .inspect_err(|error| tracing::warn!(%error, "guards are compiled anew each time"))
                .ok()
        }),
    };
    match cache {
        Some(cache) => Runtime::cached(cache),
        None => Runtime::new(),
    }
    .into_diagnostic()
}

/// `guardhouse` in the user's cache directory (XDG Base Directory Specification); `None` for a user without a home.
fn default_directory() -> Option<PathBuf> {
    let given = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let directory = given.or_else(|| env::home_dir().map(|home| home.join(".cache")))?;
    Some(directory.join("guardhouse"))
}

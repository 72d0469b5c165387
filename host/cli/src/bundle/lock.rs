//! `guardhouse bundle lock`: the digests of a bundle's guards.

use std::io::Write as _;

use guardhouse::bundle::Bundle;
use miette::IntoDiagnostic as _;

use crate::{Status, arguments};

/// Writes down the digests of a bundle's guards.
pub(crate) fn lock(arguments: &arguments::BundleLock) -> miette::Result<Status> {
    let path = Bundle::lock(&arguments.bundle)?;
    writeln!(anstream::stdout(), "wrote {}", path.display()).into_diagnostic()?;
    Ok(Status::Allowed)
}

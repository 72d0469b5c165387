//! `guardhouse policy`: what the authors of policies do.

mod explain;
mod fmt;
mod new;

use std::{io::Write as _, path::Path};

use guardhouse::{bundle::Bundle, generation::Generation};
use miette::IntoDiagnostic as _;

use crate::{Status, arguments, executor::executor, sandbox};

pub(crate) use explain::run as explain;
pub(crate) use fmt::fmt;
pub(crate) use new::run as new;

/// Prints the schema that the policies of a bundle are validated against.
pub(crate) fn schema(arguments: &arguments::PolicySchema, cache: &arguments::Cache) -> miette::Result<Status> {
    let generation = without_policies(&arguments.bundle, cache)?;
    anstream::stdout().write_all(generation.schema().as_bytes()).into_diagnostic()?;
    Ok(Status::Allowed)
}

/// A bundle's guards, which say what policies can read. Its policies are left out: one that is wrong is no reason not to
/// tell its author what there is.
fn without_policies(directory: &Path, cache: &arguments::Cache) -> miette::Result<Generation> {
    let bundle = Bundle::read(directory)?.without_policies();
    let sandbox = sandbox::runtime(cache)?;
    let executor = executor()?;
    Ok(executor.block_on(Generation::new(&sandbox, bundle))?)
}

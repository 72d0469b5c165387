//! `guardhouse policy new`: a policy to begin with.

use std::{fs::OpenOptions, io::Write as _};

use guardhouse::{
    bundle::Bundle,
    judge::{Skeleton, Strength},
};
use miette::{IntoDiagnostic as _, WrapErr as _};

use super::without_policies;
use crate::{
    Status,
    arguments::{self, ForbidVerdict},
};

/// Prints it, or adds it to the end of a file.
pub(crate) fn run(arguments: &arguments::PolicyNew, cache: &arguments::Cache) -> miette::Result<Status> {
    let generation = without_policies(&arguments.bundle, cache)?;
    let forbid = match arguments.verdict {
        _ if arguments.permit => None,
        ForbidVerdict::Deny => Some(Strength::Deny),
        ForbidVerdict::Escalate => Some(Strength::Escalate),
        ForbidVerdict::Modify => Some(Strength::Modify),
        ForbidVerdict::Warn => Some(Strength::Warn),
    };
    let pins = Bundle::read_pins(&arguments.bundle)?;
    let tool = arguments.tool.as_ref();
    let shape = tool.and_then(|tool| pins.get(tool)).map(|pinned| &**pinned.arguments());
    let skeleton = Skeleton { id: &arguments.name, forbid, tool, shape };
    let text = generation.skeleton(&skeleton).into_diagnostic()?;
    let Some(path) = &arguments.into else {
        anstream::stdout().write_all(text.as_bytes()).into_diagnostic()?;
        return Ok(Status::Allowed);
    };
    let file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| {
        // An empty line after what is there.
        let separator = if file.metadata()?.len() > 0 { "\n" } else { "" };
        file.write_all(format!("{separator}{text}").as_bytes())
    });
    written.into_diagnostic().wrap_err_with(|| format!("expected to add to `{}`", path.display()))?;
    Ok(Status::Allowed)
}

//! `guardhouse session erase`.

use std::io::Write as _;

use guardhouse::journal::{self, Erasure};
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::{Status, arguments};

/// Erases a session.
pub(crate) fn run(arguments: &arguments::Erase) -> miette::Result<Status> {
    let arguments::Erase { session, why, journal, keys, json } = arguments;
    let keys = keys.clone().unwrap_or_else(|| journal.join("keys"));
    let erasure = Erasure::new(session.clone(), why);
    let destroyed = journal::erase(journal, &keys, &erasure).into_diagnostic()?;
    let mut out = anstream::stdout().lock();
    let told = if *json {
        let mut object = erasure.to_object();
        object.insert("keys_destroyed", destroyed as u64);
        writeln!(out, "{object}")
    } else {
        let found = match destroyed {
            0 => "there was no key of it".to_owned(),
            1 => "its key is destroyed".to_owned(),
            more => format!("its {more} keys are destroyed"),
        };
        writeln!(out, "erased session `{session}`: {found}, and everything in it is denied from now on")
    };
    told.and_then(|()| out.flush()).into_diagnostic().wrap_err("expected to say what was done")?;
    Ok(Status::Allowed)
}

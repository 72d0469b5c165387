//! `guardhouse stop`: denials above every generation.

use std::io::Write as _;

use guardhouse::journal::{self, Scope, Stop};
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::{Status, arguments};

/// Puts a stop in force, lifts one, or lists them.
pub(crate) fn run(arguments: &arguments::Stop) -> miette::Result<Status> {
    let arguments::Stop { journal, what, why } = arguments;
    let why = why.as_deref().unwrap_or_default();
    let arguments::What { session, agent, server, lift, list, .. } = what;
    let mut out = anstream::stdout().lock();
    let told = if *list {
        let stops = journal::stops(journal).into_diagnostic()?;
        stops.iter().try_for_each(|stop| writeln!(out, "{}", stop.to_object()))
    } else if let Some(id) = lift {
        journal::lift(journal, *id, why).into_diagnostic()?;
        writeln!(out, "lifted {id}")
    } else {
        let scope = match (session, agent, server) {
            (Some(session), ..) => Scope::Session(session.clone()),
            (_, Some(agent), _) => Scope::Agent(agent.clone()),
            (.., Some(server)) => Scope::Server(server.clone()),
            _ => Scope::All,
        };
        let stop = Stop::new(scope, why);
        journal::stop(journal, &stop).into_diagnostic()?;
        let is_written = journal::is_written(journal).into_diagnostic()?;
        let later =
            if is_written { "" } else { "\nno process writes this journal now: it is in force for the next that does" };
        writeln!(out, "stopped {}: {}{later}", stop.scope, stop.id)
    };
    told.and_then(|()| out.flush()).into_diagnostic().wrap_err("expected to say what was done")?;
    Ok(Status::Allowed)
}

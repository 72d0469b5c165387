//! `guardhouse policy explain`: one event, its decision, and why.

use std::io::Write as _;

use guardhouse::engine::Engine;
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::{
    Status, arguments,
    executor::executor,
    explanation,
    pretty::Pretty,
    sandbox,
    transcript::{self, Transcript},
};

/// Judges what went before, then the event. Nothing is recorded.
pub(crate) fn run(arguments: &arguments::PolicyExplain, cache: &arguments::Cache) -> miette::Result<Status> {
    let event = transcript::event(&arguments.event).into_diagnostic()?;
    let runtime = executor()?;
    let engine = runtime.block_on(Engine::load_in(&sandbox::runtime(cache)?, &arguments.bundle))?;
    if let Some(before) = &arguments.before {
        let mut before = Transcript::open(before).into_diagnostic()?;
        while let Some(event) = before.next().into_diagnostic()? {
            runtime.block_on(engine.check(&event));
        }
    }
    let explained = runtime.block_on(engine.explain(&event));
    let mut out = anstream::stdout().lock();
    let written = if arguments.json {
        writeln!(out, "{explained}")
    } else {
        let printed = Pretty::default().print(&mut out, &event, &explained.decision);
        printed.and_then(|()| explanation::print(&mut out, &explained))
    };
    written.into_diagnostic().wrap_err("expected to print the explanation")?;
    Ok(explained.decision.verdict.into())
}

//! `guardhouse check`: transcripts in, decisions out.

use std::io::Write as _;

use guardhouse::{engine::Engine, event::Told, journal::Options};
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::{
    Status, arguments, executor::executor, explanation, pretty::Pretty, sandbox, streams::Streams,
    transcript::Transcript,
};

/// Judges every event in its order. Nothing is printed before the bundle has loaded; the first line that is no event
/// ends the run.
pub(crate) fn run(arguments: &arguments::Check, cache: &arguments::Cache) -> miette::Result<Status> {
    let runtime = executor()?;
    let mut engine = runtime.block_on(Engine::load_in(&sandbox::runtime(cache)?, &arguments.bundle))?;
    if let Some(directory) = &arguments.journal {
        let options = Options::new(directory).with_audit(engine.generation().audit());
        engine = engine.with_journal(options.open().into_diagnostic()?);
    }
    let mut out = anstream::stdout().lock();
    let mut pretty = arguments.pretty.then(Pretty::default);
    let mut status = Status::Allowed;
    let mut streams = Streams::of(&engine);
    for path in &arguments.transcripts {
        let mut transcript = Transcript::open(path).into_diagnostic()?;
        while let Some(told) = transcript.next_told().into_diagnostic()? {
            let event = match told {
                Told::Event(event) => event,
                Told::Chunk(chunk) => {
                    let released = runtime.block_on(streams.take(chunk, &transcript.place()))?;
                    if released.is_refused() {
                        status = Status::Refused;
                    }
                    let written = match &mut pretty {
                        Some(pretty) => released.print(&mut out, pretty),
                        None => writeln!(out, "{released}"),
                    };
                    written
                        .and_then(|()| out.flush())
                        .into_diagnostic()
                        .wrap_err("expected to print what is released")?;
                    continue;
                }
            };
            let verdict;
            let written = if arguments.explain {
                let explained = runtime.block_on(engine.explain(&event));
                verdict = explained.decision.verdict;
                match &mut pretty {
                    Some(pretty) => pretty
                        .print(&mut out, &event, &explained.decision)
                        .and_then(|()| explanation::print(&mut out, &explained)),
                    None => writeln!(out, "{explained}"),
                }
            } else {
                let decision = runtime.block_on(engine.check(&event));
                verdict = decision.verdict;
                match &mut pretty {
                    Some(pretty) => pretty.print(&mut out, &event, &decision),
                    None => writeln!(out, "{decision}"),
                }
            };
            if Status::from(verdict) == Status::Refused {
                status = Status::Refused;
            }
            // Whoever reads the other end of a pipe waits for this decision before going on.
            written.and_then(|()| out.flush()).into_diagnostic().wrap_err("expected to print a decision")?;
        }
    }
    streams.finish()?;
    if let Some(pretty) = pretty {
        pretty.summary(&mut out).into_diagnostic().wrap_err("expected to print the summary")?;
    }
    Ok(status)
}

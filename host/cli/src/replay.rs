//! `guardhouse replay`: what a bundle would have decided.

mod table;

use std::{
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use guardhouse::{
    bundle::Bundle,
    generation::Generation,
    journal::{Content, Identities, Record},
    json::{Object, Value},
    replay::{Step, Summary, Trial, journal},
    sandbox,
};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use tokio::runtime::Runtime;

use crate::{Status, arguments, audit, executor::executor, sandbox as guards, transcript::Transcript};

/// Replays a journal or a transcript.
pub(crate) fn run(arguments: &arguments::Replay, cache: &arguments::Cache) -> miette::Result<Status> {
    let executor = executor()?;
    let sandbox = guards::runtime(cache)?;
    let bundle = load(&executor, &sandbox, &arguments.bundle)?;
    let against = arguments.against.as_ref().map(|against| load(&executor, &sandbox, against)).transpose()?;
    let summary = if arguments.source.is_dir() {
        of_journal(arguments, &executor, &bundle)?
    } else {
        of_transcript(arguments, &executor, &bundle, against.as_ref())?
    };
    let mut out = anstream::stdout().lock();
    let told = if arguments.json {
        writeln!(out, "{}", as_json(&bundle, against.as_deref(), &summary))
    } else {
        table::print(&mut out, &summary)
    };
    told.and_then(|()| out.flush()).into_diagnostic().wrap_err("expected to print what would change")?;
    Ok(if summary.is_same() { Status::Allowed } else { Status::Refused })
}

fn load(executor: &Runtime, sandbox: &sandbox::Runtime, directory: &Path) -> miette::Result<Arc<Generation>> {
    let bundle = Bundle::read(directory)?;
    Ok(Arc::new(executor.block_on(Generation::new(sandbox, bundle))?))
}

fn of_journal(arguments: &arguments::Replay, executor: &Runtime, bundle: &Arc<Generation>) -> miette::Result<Summary> {
    if arguments.against.is_some() {
        return Err(miette!("expected a transcript for `--against`, found a journal, which says what was decided"));
    }
    let is_wanted = |record: &Record| audit::is_in(&arguments.part, &record.members);
    let wanted = audit::records(&arguments.source)?.filter(|record| record.as_ref().map_or(true, is_wanted));
    let identities = arguments.identity.as_deref().map(Identities::read).transpose().into_diagnostic()?;
    let unopened = AtomicU64::new(0);
    // The whole event, where it is in the record and can be opened. One that was redacted is another event.
    let whole = |record: &Record| match Content::of(record) {
        Ok(Some(content @ Content::Encrypted(_))) => {
            let opened = content.event(identities.as_ref()?).ok();
            unopened.fetch_add(u64::from(opened.is_none()), Ordering::Relaxed);
            opened
        }
        _ => None,
    };
    let trial = Trial::of(Arc::clone(bundle));
    let mut summary = Summary::keeping(arguments.show);
    let read = journal(wanted, bundle, whole, |step| match step {
        Step::Row(row) => summary.add(row),
        Step::Unreadable(n, why) => {
            tracing::info!(n, why, "a record cannot be read back");
            summary.add_unreadable();
        }
        Step::Damaged(error) => {
            if summary.damaged == 0 {
                tracing::warn!("{error}");
            }
            summary.damaged += 1;
        }
        Step::Event(recorded, event) => summary.add(executor.block_on(trial.check_recorded(&recorded, &event))),
    });
    read.into_diagnostic()?;
    let unopened = unopened.into_inner();
    if unopened > 0 {
        tracing::warn!(records = unopened, "the identity does not open their content: their facts alone were replayed");
    }
    Ok(summary)
}

fn of_transcript(
    arguments: &arguments::Replay,
    executor: &Runtime,
    bundle: &Arc<Generation>,
    against: Option<&Arc<Generation>>,
) -> miette::Result<Summary> {
    if arguments.part != arguments::Part::default() || arguments.identity.is_some() {
        return Err(miette!(
            "expected a journal for `--session`, `--since`, `--until` and `--identity`, found a transcript"
        ));
    }
    let mut trial = Trial::of(Arc::clone(bundle));
    if let Some(against) = against {
        trial = trial.against(Arc::clone(against));
    }
    let mut summary = Summary::keeping(arguments.show);
    let mut transcript = Transcript::open(&arguments.source).into_diagnostic()?;
    for n in 1.. {
        let Some(event) = transcript.next().into_diagnostic()? else { break };
        summary.add(executor.block_on(trial.check(n, &event)));
    }
    Ok(summary)
}

fn as_json(bundle: &Generation, against: Option<&Generation>, summary: &Summary) -> Value {
    let mut object = Object::new();
    object.insert("bundle", bundle.name());
    object.insert("generation", bundle.digest().to_string());
    if let Some(against) = against {
        let mut other = Object::new();
        other.insert("bundle", against.name());
        other.insert("generation", against.digest().to_string());
        object.insert("against", other);
    }
    for (name, value) in summary.to_object() {
        object.insert(name, value);
    }
    object.into()
}

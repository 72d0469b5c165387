//! `guardhouse audit ship`: a journal's records, delivered elsewhere.
//!
//! The journal is the spool (`docs/decisions/0015-the-journal-is-the-spool.md`): what was delivered is a cursor in a file, and
//! all that is behind it is still to come. A batch is delivered first and the cursor written then, so that a record comes at
//! least once.
//!
//! * `batch`: what is delivered at once;
//! * `file`, `http`: sinks; `headers`: what an operator adds to requests;
//! * `patience`: how long is waited, and for what it is ended.

mod batch;
mod file;
mod headers;
mod http;
mod patience;

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use guardhouse::journal::{Cursor, Records};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use self::{
    batch::{Batch, Batches},
    file::FileSink,
    http::HttpSink,
    patience::{Backoff, End},
};
use super::format::Wanted;
use crate::{
    Status,
    arguments::{self, Target},
};

/// How long is waited for more records.
const PAUSE: Duration = Duration::from_millis(500);

/// With `--once`, how long a sink may take nothing, where nothing else is said.
const GIVE_UP: Duration = Duration::from_secs(30);

/// What became of a batch.
#[derive(Debug)]
enum Answer {
    /// The sink has it.
    Delivered,
    /// Not now; perhaps later, and not before the time that the sink asks for.
    Later {
        /// What is in the way.
        why: String,
        /// What the sink asks for.
        after: Option<Duration>,
    },
    /// Nothing will be taken as it is asked now.
    Refused(String),
    /// These records will not be taken.
    RefusedForContent(String),
}

/// How an attempt to deliver a batch ended.
enum Outcome {
    /// It is delivered, or passed over.
    Done,
    /// The end was asked for before.
    Ended,
    /// The sink took nothing for too long.
    GaveUp,
}

/// Where records go.
enum Sink {
    File(FileSink),
    Http(Box<HttpSink>),
}

impl Sink {
    fn open(arguments: &arguments::Ship) -> miette::Result<Self> {
        let headers = arguments.header_file.as_deref().map(headers::read).transpose()?;
        match &arguments.to {
            Target::File(_) if headers.is_some() => {
                Err(miette!("expected a sink with headers, found a file: `--header-file` is for HTTP"))
            }
            Target::File(path) => Ok(Self::File(FileSink::new(path))),
            to @ Target::Http(_) if to.is_exposed() && !arguments.lenience.insecure_http => Err(miette!(
                help = "`--insecure-http` lets records, and headers, go over the network for everybody to read",
                "expected https, or http on this machine, found {to}"
            )),
            Target::Http(uri) => {
                let timeout = Duration::from_secs(arguments.timeout);
                Ok(Self::Http(Box::new(HttpSink::new(uri, headers.unwrap_or_default(), timeout)?)))
            }
        }
    }

    fn deliver(&mut self, batch: &Batch) -> Answer {
        match self {
            Self::File(file) => file.deliver(&batch.lines),
            Self::Http(http) => http.deliver(batch),
        }
    }
}

/// Delivers a journal's records until its end is asked for, or once what is there.
pub(crate) fn ship(arguments: &arguments::Ship) -> miette::Result<Status> {
    let mut sink = Sink::open(arguments)?;
    let path = cursor_path(arguments)?;
    let _lock = lock(&path)?;
    let cursor = Cursor::read(&path).into_diagnostic()?;
    let wanted = if arguments.checkpoints { Wanted::Checkpoints } else { Wanted::All };
    // What is no directory is an error now; what is in none is looked for again and again.
    Records::of(&arguments.journal).into_diagnostic()?;
    let form = (arguments.format, wanted);
    let mut batches =
        Batches::after(&arguments.journal, cursor, form, arguments.lenience.skip_missing).into_diagnostic()?;
    let end = End::by_signals().into_diagnostic().wrap_err("expected to be told of signals")?;
    let mut seen = changed(&arguments.journal);
    while !end.is_asked_for() {
        let batch = batches.next().into_diagnostic().wrap_err_with(|| lost(arguments))?;
        let Some(batch) = batch else {
            if arguments.once {
                break;
            }
            end.sleep(PAUSE);
            let now = changed(&arguments.journal);
            if now != seen {
                seen = now;
                batches.reopen().into_diagnostic()?;
            }
            continue;
        };
        match deliver(&mut sink, &batch, arguments, &end)? {
            Outcome::Done => {}
            Outcome::Ended => break,
            Outcome::GaveUp => return Ok(Status::Refused),
        }
        if let Some(last) = batch.last {
            last.write(&path).into_diagnostic()?;
        }
    }
    Ok(Status::Allowed)
}

/// Delivers a batch, however often that has to be tried.
fn deliver(sink: &mut Sink, batch: &Batch, arguments: &arguments::Ship, end: &End) -> miette::Result<Outcome> {
    if batch.lines.is_empty() {
        return Ok(Outcome::Done);
    }
    let give_up = arguments.give_up_after.map(Duration::from_secs).or(arguments.once.then_some(GIVE_UP));
    let records = format!("records {} to {}", batch.first, batch.last.map_or(batch.first, |last| last.record()));
    let (began, mut backoff, to) = (Instant::now(), Backoff::default(), &arguments.to);
    loop {
        match sink.deliver(batch) {
            Answer::Delivered => return Ok(Outcome::Done),
            Answer::RefusedForContent(why) if arguments.lenience.skip_refused => {
                tracing::warn!("passed over: {to} refuses {records}: {why}");
                return Ok(Outcome::Done);
            }
            Answer::Refused(why) | Answer::RefusedForContent(why) => {
                return Err(miette!("expected {to} to take {records}, found that {why}"));
            }
            Answer::Later { why, after } => {
                let wait = backoff.next(after);
                if give_up.is_some_and(|most| began.elapsed() + wait > most) {
                    tracing::error!("gave up: {to} does not take {records}: {why}");
                    return Ok(Outcome::GaveUp);
                }
                tracing::warn!("{to} does not take {records}: {why}; again in {} ms", wait.as_millis());
                end.sleep(wait);
            }
        }
        if end.is_asked_for() {
            return Ok(Outcome::Ended);
        }
    }
}

/// Where the cursor is kept.
fn cursor_path(arguments: &arguments::Ship) -> miette::Result<PathBuf> {
    match (&arguments.cursor, &arguments.to) {
        (Some(path), _) => Ok(path.clone()),
        (None, Target::File(path)) => Ok(with_suffix(path, ".cursor")),
        (None, Target::Http(_)) => Err(miette!("expected `--cursor FILE`, which says what was delivered, found none")),
    }
}

/// Keeps another process from using the same cursor.
fn lock(cursor: &Path) -> miette::Result<File> {
    let path = with_suffix(cursor, ".lock");
    let name = path.display();
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).into_diagnostic();
    let file = file.wrap_err_with(|| format!("{name}: expected to open it"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(miette!("{name}: expected the cursor to be free, found another process that ships by it"))
        }
        Err(TryLockError::Error(error)) => {
            Err(error).into_diagnostic().wrap_err_with(|| format!("{name}: expected to lock it"))
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// When something was last added to the journal's directory, or taken from it.
fn changed(journal: &Path) -> Option<SystemTime> {
    fs::metadata(journal).and_then(|found| found.modified()).ok()
}

fn lost(arguments: &arguments::Ship) -> String {
    format!("nothing further is shipped of the journal in `{}`", arguments.journal.display())
}

//! The journal: a record of every decision, written before the caller gets its answer.
//!
//! A first, plain form: one JSON object a line, appended by one `write(2)` each, so a record survives the death of the
//! process (but not a power cut: nothing is synced). Records carry no content: names, digests, where something was found
//! and by which rule, and the verdict with its reasons. A path into arguments does name their keys.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use thiserror::Error;

use crate::{
    decision::{Decision, Finding, Reason},
    event::Event,
    generation::Generation,
    json::{Object, Value},
};

/// The file in the journal's directory.
const FILE: &str = "decisions.jsonl";

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    tail: Mutex<Tail>,
}

#[derive(Debug)]
struct Tail {
    file: File,
    /// The last write ended inside a line, so that the next begins with a line's end: a torn record never swallows the
    /// one after it.
    torn: bool,
}

/// The journal cannot be written.
#[derive(Debug, Error)]
#[error("expected to write the journal `{}`, found that {source}", path.display())]
pub struct JournalError {
    path: PathBuf,
    source: io::Error,
}

impl Journal {
    /// Opens the journal in `directory`, which is made if it is not there, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = directory.as_ref().join(FILE);
        let open = || {
            make_private(directory.as_ref())?;
            let mut file = open_private(&path)?;
            let torn = ends_inside_a_line(&mut file)?;
            Ok(Tail { file, torn })
        };
        match open() {
            Ok(tail) => Ok(Self { path, tail: Mutex::new(tail) }),
            Err(source) => Err(JournalError { path, source }),
        }
    }

    /// Where the records are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends the record of one decision.
    ///
    /// # Errors
    /// When it was not written whole. The next record is kept apart from what was.
    pub(crate) fn append(
        &self,
        event: &Event,
        decision: &Decision,
        generation: &Generation,
    ) -> Result<(), JournalError> {
        let record = record(event, decision, generation);
        // A panic in another thread's append left at most a torn line, which `torn` provides for.
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let line = if tail.torn { format!("\n{record}\n") } else { format!("{record}\n") };
        tail.torn = true;
        tail.file.write_all(line.as_bytes()).map_err(|source| JournalError { path: self.path.clone(), source })?;
        tail.torn = false;
        Ok(())
    }
}

fn record(event: &Event, decision: &Decision, generation: &Generation) -> Value {
    let mut record = Object::new();
    record.insert("time", Timestamp::now().to_string());
    record.insert("id", decision.id.to_string());
    let mut optional = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            record.insert(name, value);
        }
    };
    optional("event", event.id.as_ref().map(crate::event::EventId::as_str));
    optional("agent", Some(event.agent.as_str()));
    optional("session", Some(event.session.as_str()));
    optional("user", event.user.as_ref().map(crate::event::UserName::as_str));
    optional("parent", event.parent.as_ref().map(crate::event::SessionId::as_str));
    optional("trace", event.trace.as_ref().map(crate::event::Trace::as_str));
    optional("checkpoint", Some(decision.checkpoint.as_str()));
    optional("server", event.tool().map(|tool| tool.server.as_str()));
    optional("tool", event.tool().map(|tool| tool.tool.as_str()));
    optional("call", decision.call.as_ref().map(crate::event::CallId::as_str));
    record.insert("verdict", decision.verdict.as_str());
    record.insert("reasons", decision.reasons.iter().map(Reason::to_value).collect::<Vec<_>>());
    record.insert("findings", decision.findings.iter().map(without_words).collect::<Vec<_>>());
    record.insert("repaired", decision.repaired.is_some());
    let guards = generation.guards().iter().filter(|guard| guard.is_asked(event)).map(|guard| {
        let mut object = Object::new();
        object.insert("name", guard.name());
        object.insert("configured", guard.configured().to_string());
        object.into()
    });
    record.insert("guards", guards.collect::<Vec<Value>>());
    record.insert("bundle", generation.name());
    record.insert("generation", decision.generation.to_string());
    record.insert("micros", decision.micros);
    record.into()
}

/// A finding without what its guard wrote about it: that may quote what was found, and a record carries no content.
fn without_words(finding: &Finding) -> Value {
    let mut value = finding.to_value();
    if let Value::Object(members) = &mut value {
        members.remove("message");
        members.remove("attributes");
    }
    value
}

#[cfg(unix)]
fn make_private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(not(unix))]
fn make_private(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn ends_inside_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_journal_that_ends_inside_a_line_is_known_for_it() {
        let directory = tempfile::tempdir().unwrap();
        let torn = |content: &str| {
            fs::write(directory.path().join(FILE), content).unwrap();
            Journal::open(directory.path()).unwrap().tail.lock().unwrap().torn
        };
        assert!(!torn(""));
        assert!(!torn("{}\n"));
        assert!(torn("{}\n{\"id\""));
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_a_journal() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(directory.path().join("a/b")).unwrap();
        assert_eq!(fs::metadata(journal.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(journal.path().parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_an_error_with_its_path() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Journal::open(file.path().join("journal")).unwrap_err();
        assert!(error.to_string().contains("decisions.jsonl"), "{error}");
    }
}

//! [`JournalError`].

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::{event::SessionId, session::RestoreError};

/// The journal cannot be opened, read or written.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The system refuses.
    #[error("expected to {doing} `{}`: {source}", path.display())]
    Io {
        /// What was to be done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Another process, or another part of this one, writes it.
    #[error("expected the journal `{}` to be free, found that it is being written already", directory.display())]
    InUse {
        /// The journal.
        directory: PathBuf,
    },
    /// There is no journal where one is expected.
    #[error("expected a journal in `{}`, found none", path.display())]
    NoJournal {
        /// The directory, or a file that has a segment's name.
        path: PathBuf,
    },
    /// A line of a segment is no record.
    #[error("expected a record at byte {at} of `{}`, found a line that is none", path.display())]
    NoRecord {
        /// The segment.
        path: PathBuf,
        /// Where the line begins.
        at: u64,
    },
    /// A file that should hold a cursor holds something else.
    #[error("expected a cursor in `{}`, found something else", path.display())]
    NoCursor {
        /// The file.
        path: PathBuf,
    },
    /// A file among the stops is neither a stop nor an erasure.
    #[error("expected a stop or an erasure in `{}`, found something else", path.display())]
    NoStop {
        /// The file.
        path: PathBuf,
    },
    /// Others may write in a directory.
    #[error("expected a directory that nobody else may write in at `{}`, found {found}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Who may.
        found: String,
    },
    /// A key is not as it should be.
    #[error("expected {expected} in `{}`, found {found}", path.display())]
    Key {
        /// What should be there.
        expected: &'static str,
        /// Where.
        path: PathBuf,
        /// What is there.
        found: String,
    },
    /// A slot of a session's key is not as it should be.
    #[error("expected the session's key in slot {slot} of `{}`, found {found}", path.display())]
    Slot {
        /// The slot's number.
        slot: u64,
        /// The file of slots.
        path: PathBuf,
        /// What is there.
        found: &'static str,
    },
    /// A decision that was recorded is not where it should be.
    #[error("expected a decision at byte {at} of segment {segment}, found {found}")]
    NoDecision {
        /// The number of the segment where it should be.
        segment: u64,
        /// Where in it.
        at: u64,
        /// What is there.
        found: String,
    },
    /// The index of sessions, which can be made again, is not as it should be.
    #[error("{0}")]
    Index(String),
    /// A session was erased.
    #[error("expected a session that goes on, found that `{session}` was erased")]
    Erased {
        /// The session.
        session: SessionId,
    },
    /// A record would be longer than may be read again.
    #[error("expected a record of at most {most} bytes, found one of {found}")]
    TooLong {
        /// The most there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// An event could not be encrypted to the bundle's recipients.
    #[error("expected to encrypt an event's content, found that it failed")]
    Unsealed,
    /// What was written could not be synced to the disk.
    #[error("expected the journal's records to reach the disk, found that {found}")]
    Unsynced {
        /// What the system says.
        found: String,
    },
}

impl From<RestoreError> for JournalError {
    fn from(error: RestoreError) -> Self {
        Self::Index(error.to_string())
    }
}

impl JournalError {
    /// What turns an error of the system into one of the journal.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }
}

//! The journal: a record of every decision, written before the caller gets its answer.
//!
//! A journal is a directory of segments (`segment`), files of JSON lines, one record a line. Every record is chained to the
//! one before by a hash (`chain`), and signed [checkpoints](Checkpoint) say how far it had come, so that a record that was
//! changed, removed or moved shows: [`verify()`]. One process writes a journal at a time.
//!
//! **Two durabilities.** A record is *process-safe* once it is appended: `write(2)` has returned, and it survives the death
//! of the process. It is *power-safe* once it is synced: within [`Options::sync_within`], many records at a time.
//!
//! **When it cannot be written**, appending is an error, and whoever asked denies. What was written in part is taken back
//! before the next attempt, so writing goes on by itself once it can.
//!
//! Kinds of records, in their second member: `segment` (each segment's first), `opened` (the journal, by a process),
//! `decision`, `stream` (one begins), `definition` (of a tool, sealed), `checkpoint`, `stop`, `lifted`, `erased`, `retired`.

mod chain;
mod checkpoint;
mod content;
mod cursor;
mod erasure;
mod error;
mod follow;
mod keeper;
mod keys;
mod lived;
mod orders;
mod private;
mod read;
mod recall;
mod record;
mod restore;
mod retention;
mod seal;
mod sealed;
mod segment;
mod slots;
mod stops;
mod tail;
#[cfg(test)]
mod tests;
mod verify;

pub use checkpoint::{Checkpoint, InvalidPublicKey, PublicKey};
pub use content::{Content, ContentError};
pub use cursor::Cursor;
pub use erasure::{Erasure, erase};
pub use error::JournalError;
pub use follow::{Follow, FollowError};
pub(crate) use orders::Order;
pub use read::{Record, Records};
pub(crate) use record::{Evaluated, Grounds, Mended, Recording, Streamed};
pub use sealed::{Identities, IdentitiesError, InvalidRecipient, Recipient};
pub use stops::{Scope, Stop, lift, stop, stops};
pub use verify::{Fault, FaultKind, Trust, Verification, verify};
pub(crate) use {seal::SealingKey, slots::Slots};

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use zeroize::Zeroizing;

use keeper::Keeper;
use keys::Keys;
use orders::Orders;
use tail::Tail;

use crate::{
    bundle::{Audit, Durability},
    event::{Event, SessionId},
    generation::Generation,
    session::{Place, Sessions},
};

/// An open journal. What it holds is synced, under a checkpoint, when it is dropped.
pub struct Journal {
    directory: PathBuf,
    keeper: Keeper,
    orders: Orders,
    /// The key of events' digests.
    digest_key: Zeroizing<[u8; 32]>,
    /// Seals definitions of tools.
    definitions: SealingKey,
    /// Held as long as the journal is open; the last field, so that it is let go last.
    _lock: File,
}

/// Where a journal is and how it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Its directory, which is made if it is not there, readable by its owner only.
    pub directory: PathBuf,
    /// The directory of its keys: `keys` in its own, where nothing else is said. Keys that are not there are made.
    pub keys: PathBuf,
    /// Bytes after which a segment is closed.
    pub segment_bytes: u64,
    /// How long a record may wait for the disk.
    pub sync_within: Duration,
    /// Whether every answer waits until the disk has its record.
    pub sync_each: bool,
    /// How long records may wait for a checkpoint.
    pub checkpoint_every: Duration,
    /// For how long records are kept at least; `None`: for good. Closed segments all of whose records are older go, the oldest
    /// first, one with each checkpoint. Ages are counted in time that the journal has lived: while it is open by a clock that
    /// nobody sets, and at most a day from one opening to the next, so that a clock that jumps makes nothing old.
    pub keep: Option<Duration>,
}

impl Options {
    /// A journal in this directory: segments of 64 MiB, synced within 50 ms, a checkpoint every 10 seconds in which
    /// something was written, all kept.
    #[must_use]
    pub fn new(directory: impl AsRef<Path>) -> Self {
        let directory = directory.as_ref().to_owned();
        Self {
            keys: directory.join("keys"),
            directory,
            segment_bytes: 64 << 20,
            sync_within: Duration::from_millis(50),
            sync_each: false,
            checkpoint_every: Duration::from_secs(10),
            keep: None,
        }
    }

    /// The same, synced and kept as a bundle says.
    #[must_use]
    pub fn with_audit(mut self, audit: &Audit) -> Self {
        match audit.durability {
            Durability::Within(time) => self.sync_within = time,
            Durability::Each => self.sync_each = true,
        }
        self.keep = audit.keep;
        self
    }

    /// Opens the journal, to write it.
    ///
    /// # Errors
    /// When it cannot be made or written, when another process has it open, when a key is not as it should be, when others
    /// than its owner may write in its directory or in that of the keys.
    pub fn open(self) -> Result<Journal, JournalError> {
        let directory = self.directory.clone();
        private::own_directory(&directory)?;
        let lock = lock(&directory)?;
        let keys = Keys::open(&self.keys)?;
        let digest_key = keys.of("guardhouse event digest 1");
        let orders = Orders::open(&directory)?;
        let tail = Tail::open(&directory, self.segment_bytes)?;
        let slots = Slots::open(&self.keys, &keys)?;
        let definitions = SealingKey::new(&keys.of("guardhouse definition key 1"));
        let sessions = restore::restore(&directory, &tail.reached())?;
        let keeper = Keeper::start(tail, keys, slots, sessions, self).map_err(JournalError::io("keep", &directory))?;
        Ok(Journal { directory, keeper, orders, digest_key, definitions, _lock: lock })
    }
}

impl Journal {
    /// Opens the journal in `directory` as [`Options::new`] has it.
    ///
    /// # Errors
    /// As [`Options::open`].
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, JournalError> {
        Options::new(directory).open()
    }

    /// Where it is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The key that signs its checkpoints.
    #[must_use]
    pub fn key(&self) -> PublicKey {
        (&self.keeper.shared.keys.signing).into()
    }

    /// What is known of the sessions in it.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.keeper.shared.sessions
    }

    /// The key of events' digests.
    pub(crate) fn digest_key(&self) -> &[u8; 32] {
        &self.digest_key
    }

    /// Appends the record of one decision, and gives its number and its place.
    ///
    /// # Errors
    /// When it was not written whole, or its content could not be encrypted.
    pub(crate) fn append(&self, recording: &Recording<'_>) -> Result<(u64, Place), JournalError> {
        self.write(recording.members()?.as_bytes())
    }

    /// Appends a record of a stream that begins.
    ///
    /// # Errors
    /// When it was not written whole.
    pub(crate) fn opened(&self, event: &Event, generation: &Generation) -> Result<(), JournalError> {
        self.write(record::opening(event, generation).as_bytes()).map(drop)
    }

    /// The operator's order that an event meets, if any is in force: its session was erased, or it is stopped. `lineage`: the
    /// sessions that its own works for.
    ///
    /// # Errors
    /// When that is not known, or a change of it cannot be carried out and recorded.
    pub(crate) fn stopped(&self, event: &Event, lineage: &[SessionId]) -> Result<Option<Order>, JournalError> {
        self.orders.on(event, lineage, self.slots(), |members| self.write(members.as_bytes()).map(drop))
    }

    /// Whether an event meets an order that was known at the last look.
    pub(crate) fn is_known_to_be_stopped(&self, event: &Event, lineage: &[SessionId]) -> bool {
        self.orders.is_known(event, lineage)
    }

    /// The keys of sessions' content.
    pub(crate) fn slots(&self) -> &Slots {
        &self.keeper.shared.slots
    }

    /// Appends a record with these members.
    fn write(&self, members: &[u8]) -> Result<(u64, Place), JournalError> {
        let shared = &self.keeper.shared;
        let recorded = shared.tail().append(members, &shared.keys.signing)?;
        self.keeper.tell();
        Ok(recorded)
    }

    /// Waits until the record with this number is as safe as it has to be before its answer.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) async fn settled(&self, n: u64) -> Result<(), JournalError> {
        if self.keeper.shared.options.sync_each { self.synced(n).await } else { Ok(()) }
    }

    /// Waits until the disk has the record with this number.
    ///
    /// # Errors
    /// When the system says that it does not.
    pub async fn synced(&self, n: u64) -> Result<(), JournalError> {
        self.keeper.synced(n).await
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("directory", &self.directory).finish_non_exhaustive()
    }
}

/// Finds the journal in this directory.
///
/// # Errors
/// When there is none: an empty journal has a segment, too.
pub fn find(directory: &Path) -> Result<(), JournalError> {
    let segments = segment::Segment::all(directory).map_err(JournalError::io("find", directory))?;
    if segments.is_empty() { Err(JournalError::NoJournal { path: directory.to_owned() }) } else { Ok(()) }
}

/// Whether some process has the journal in this directory open to write it.
///
/// # Errors
/// When that cannot be found out.
pub fn is_written(directory: &Path) -> Result<bool, JournalError> {
    match lock(directory) {
        Ok(_) => Ok(false),
        Err(JournalError::InUse { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Keeps others from writing the journal.
fn lock(directory: &Path) -> Result<File, JournalError> {
    let path = directory.join("lock");
    let file = private::open(OpenOptions::new().write(true).create(true).truncate(false), &path);
    let file = file.map_err(JournalError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse { directory: directory.to_owned() }),
        Err(TryLockError::Error(source)) => Err(JournalError::io("lock", &path)(source)),
    }
}

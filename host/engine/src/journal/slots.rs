//! [`Slots`]: the keys of sessions' content, each in a place where it can be destroyed.
//!
//! A session's content is sealed under a key of its own. That key, sealed under the store's, lies in a slot of the file
//! `sessions.slots` beside the other keys, and each record with sealed content names its slot's number. Whoever overwrites
//! the slot erases the content, in every record and every copy of the journal. A slot is not used a second time.
//!
//! A slot has 88 bytes: whose it is (16 bytes: the first of HMAC-SHA256 over the session's name), and the sealed key (72
//! bytes, see [`seal`](super::seal)). One of zeros is erased.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use zeroize::Zeroizing;

use super::{
    JournalError,
    keys::{Keys, mac},
    private,
    seal::{KEY, OVERHEAD, SealingKey},
};
use crate::event::SessionId;

/// Bytes that say whose a slot is.
const OWNER: usize = 16;
/// Bytes of a slot.
const SLOT: usize = OWNER + KEY + OVERHEAD;
/// Slots that are read at once.
const AT_ONCE: usize = 4_096;

/// Whose a slot is: what nobody without the store's key can compare with that of a guessed session.
type Owner = [u8; OWNER];

/// The slots of a journal. One process makes them; others may read and erase them beside it.
pub(crate) struct Slots {
    path: PathBuf,
    /// The key of owners.
    naming: Zeroizing<[u8; KEY]>,
    /// Seals the keys.
    wrapping: SealingKey,
    held: Mutex<Held>,
}

struct Held {
    file: Arc<File>,
    /// How many whole slots there are. What stands behind them was not written to its end, and is overwritten.
    count: u64,
    /// The last of them, which may not be on the disk.
    unsynced: Vec<u8>,
    /// Who gets no slot any more.
    erased: BTreeSet<Owner>,
}

impl Slots {
    /// Opens the slots in a directory of keys; makes the file if there is none.
    pub(super) fn open(directory: &Path, keys: &Keys) -> Result<Self, JournalError> {
        let path = path(directory);
        let file = private::open(OpenOptions::new().read(true).write(true).create(true).truncate(false), &path);
        let slots = Self::of(file.map_err(JournalError::io("open", &path))?, path, keys)?;
        if slots.held().count == 0 {
            // The name has to be there after a power cut, too.
            private::sync_directory(directory).map_err(JournalError::io("sync", directory))?;
        }
        Ok(slots)
    }

    /// The slots in a directory of keys, if there are any, to read and erase them beside the process that makes them.
    pub(super) fn beside(directory: &Path, keys: &Keys) -> Result<Option<Self>, JournalError> {
        let path = path(directory);
        match private::open(OpenOptions::new().read(true).write(true), &path) {
            Ok(file) => Self::of(file, path, keys).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(JournalError::io("open", &path)(error)),
        }
    }

    fn of(file: File, path: PathBuf, keys: &Keys) -> Result<Self, JournalError> {
        if private::is_open_to_others(&file).map_err(JournalError::io("read", &path))? {
            let found = "ones that others can read or write".to_owned();
            return Err(JournalError::Key { expected: "sessions' keys that only their owner can read", path, found });
        }
        let count = file.metadata().map_err(JournalError::io("read", &path))?.len() / SLOT as u64;
        let held = Held { file: Arc::new(file), count, unsynced: Vec::new(), erased: BTreeSet::new() };
        let naming = keys.of("guardhouse session id 1");
        let wrapping = SealingKey::new(&keys.of("guardhouse session key 1"));
        Ok(Self { path, naming, wrapping, held: Mutex::new(held) })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // What a panic in another thread left half written is behind the whole slots.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn owner(&self, session: &SessionId) -> Owner {
        let mut owner = [0; OWNER];
        owner.copy_from_slice(&mac(&self.naming, session.as_str().as_bytes())[..OWNER]);
        owner
    }

    /// Makes a key for a session, and gives its slot's number. It is process-safe, and power-safe no later than a record
    /// that is appended afterwards.
    ///
    /// # Errors
    /// When it cannot be written, and when the session was erased.
    pub(crate) fn make(&self, session: &SessionId) -> Result<(u64, SealingKey), JournalError> {
        let failed = |error| JournalError::io("write", &self.path)(error);
        let mut key = Zeroizing::new([0; KEY]);
        getrandom::fill(&mut *key).map_err(|error| failed(io::Error::other(error)))?;
        let owner = self.owner(session);
        let mut held = self.held();
        if held.erased.contains(&owner) {
            return Err(JournalError::Erased { session: session.clone() });
        }
        let number = held.count;
        let mut slot = owner.to_vec();
        slot.extend(self.wrapping.seal(&place(number, &owner), &*key).map_err(failed)?);
        held.write(number, &slot).map_err(failed)?;
        held.count += 1;
        held.unsynced.extend_from_slice(&slot);
        Ok((number, SealingKey::new(&key)))
    }

    /// The key in a slot; `None` if it was erased.
    ///
    /// # Errors
    /// When the slot cannot be read or is not there, and when its key is not this session's or was changed.
    pub(crate) fn key(&self, number: u64, session: &SessionId) -> Result<Option<SealingKey>, JournalError> {
        let slot = self.held().read(number).map_err(JournalError::io("read", &self.path))?;
        let wrong = |found| JournalError::Slot { slot: number, path: self.path.clone(), found };
        let slot = slot.ok_or_else(|| wrong("no such slot"))?;
        if slot == [0; SLOT] {
            return Ok(None);
        }
        let owner = self.owner(session);
        let (whose, sealed) = slot.split_at(OWNER);
        if whose != owner {
            return Err(wrong("another session's"));
        }
        let key = self.wrapping.open(&place(number, &owner), sealed).map(Zeroizing::new);
        let key: Option<&[u8; KEY]> = key.as_ref().and_then(|key| key.as_slice().try_into().ok());
        key.map(|key| Some(SealingKey::new(key))).ok_or_else(|| wrong("one that does not open with the store's key"))
    }

    /// The slots of a session that are not erased.
    #[cfg(test)]
    fn find(&self, session: &SessionId) -> Result<Vec<u64>, JournalError> {
        let owners = BTreeSet::from([self.owner(session)]);
        self.held().find(&owners).map_err(JournalError::io("read", &self.path))
    }

    /// Erases a slot, on the disk too.
    ///
    /// # Errors
    /// When there is none of this number, or it cannot be written or synced.
    pub(crate) fn erase(&self, number: u64) -> Result<(), JournalError> {
        let mut held = self.held();
        if held.read(number).map_err(JournalError::io("read", &self.path))?.is_none() {
            return Err(JournalError::Slot { slot: number, path: self.path.clone(), found: "no such slot" });
        }
        held.erase(&[number]).map_err(JournalError::io("erase a key in", &self.path))
    }

    /// Erases all slots of these sessions, on the disk too, and makes none for them any more. Gives how many were erased.
    ///
    /// # Errors
    /// When they cannot be read, written or synced.
    pub(super) fn erase_all(&self, sessions: &[SessionId]) -> Result<usize, JournalError> {
        let owners: BTreeSet<Owner> = sessions.iter().map(|session| self.owner(session)).collect();
        let mut held = self.held();
        let found = held.find(&owners).map_err(JournalError::io("read", &self.path))?;
        held.erased.extend(owners);
        held.erase(&found).map_err(JournalError::io("erase keys in", &self.path))?;
        Ok(found.len())
    }

    /// Has the slots that were made reach the disk. Where that fails they are written once more, since the system counts as
    /// written what it could not write; so the next sync is about them, too.
    pub(super) fn sync(&self) -> io::Result<()> {
        let (file, len) = {
            let held = self.held();
            (Arc::clone(&held.file), held.unsynced.len())
        };
        if len == 0 {
            return Ok(());
        }
        // Nobody waits for the disk to make a slot.
        self.settle(len, file.sync_data())
    }

    /// Whether the disk has all slots.
    #[cfg(test)]
    pub(super) fn is_synced(&self) -> bool {
        self.held().unsynced.is_empty()
    }

    /// Goes by what came of a sync of so many bytes of new slots.
    fn settle(&self, len: usize, synced: io::Result<()>) -> io::Result<()> {
        let mut held = self.held();
        if synced.is_ok() {
            held.unsynced.drain(..len);
        } else {
            // A slot that another process has just erased comes back by this. The process that writes the journal erases
            // the slots of an erased session itself, when it sees that it is, and when it opens the journal.
            let again = std::mem::take(&mut held.unsynced);
            let first = held.count - (again.len() / SLOT) as u64;
            let written = held.write(first, &again);
            held.unsynced = again;
            written?;
        }
        synced
    }
}

impl Held {
    /// Writes slots, from this one on.
    fn write(&mut self, number: u64, slots: &[u8]) -> io::Result<()> {
        self.seek(number)?;
        (&*self.file).write_all(slots)
    }

    /// A slot; `None` if there is none of this number.
    fn read(&mut self, number: u64) -> io::Result<Option<[u8; SLOT]>> {
        self.seek(number)?;
        let mut slot = [0; SLOT];
        match (&*self.file).read_exact(&mut slot) {
            Ok(()) => Ok(Some(slot)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn seek(&mut self, number: u64) -> io::Result<()> {
        // A record may name any number.
        let at = number.checked_mul(SLOT as u64).ok_or(io::ErrorKind::InvalidInput)?;
        (&*self.file).seek(SeekFrom::Start(at)).map(drop)
    }

    /// The slots of these owners, also those that another process made meanwhile.
    fn find(&mut self, owners: &BTreeSet<Owner>) -> io::Result<Vec<u64>> {
        let mut found = Vec::new();
        let mut slots = Vec::with_capacity(SLOT * AT_ONCE);
        for first in (0..).step_by(AT_ONCE) {
            self.seek(first)?;
            slots.clear();
            (&*self.file).take((SLOT * AT_ONCE) as u64).read_to_end(&mut slots)?;
            let (whole, _) = slots.as_chunks::<SLOT>();
            let owned = |slot: &[u8; SLOT]| slot.first_chunk::<OWNER>().is_some_and(|owner| owners.contains(owner));
            found.extend((first..).zip(whole).filter(|(_, slot)| owned(slot)).map(|(number, _)| number));
            if whole.len() < AT_ONCE {
                break;
            }
        }
        Ok(found)
    }

    /// Overwrites slots with zeros, on the disk too.
    fn erase(&mut self, numbers: &[u64]) -> io::Result<()> {
        for number in numbers {
            // One that is not on the disk yet would be written once more if the disk refused it.
            let behind = usize::try_from(self.count.saturating_sub(*number)).unwrap_or(usize::MAX).saturating_mul(SLOT);
            if let Some(begin) = self.unsynced.len().checked_sub(behind)
                && let Some(slot) = self.unsynced.get_mut(begin..begin + SLOT)
            {
                slot.fill(0);
            }
            self.write(*number, &[0; SLOT])?;
        }
        if numbers.is_empty() { Ok(()) } else { self.file.sync_data() }
    }
}

impl std::fmt::Debug for Slots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slots").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The file of slots in a directory of keys.
fn path(keys: &Path) -> PathBuf {
    keys.join("sessions.slots")
}

/// What binds a sealed key to its slot and its session.
fn place(number: u64, owner: &Owner) -> [u8; 8 + OWNER] {
    let mut place = [0; 8 + OWNER];
    place[..8].copy_from_slice(&number.to_be_bytes());
    place[8..].copy_from_slice(owner);
    place
}

#[cfg(test)]
mod tests;

//! What of the sessions is in the index, and up to where that covers the journal.

use std::sync::{Arc, PoisonError, atomic::Ordering};

use super::{RestoreError, Sessions, stored};
use crate::{
    json::{
        Digest, Misread, Object,
        members::{Members, parse_object, text, whole},
    },
    store::{Row, Table},
};

/// The key of what the index covers.
const COVERED: &[u8] = b"covered";

/// A record of a journal up to which something goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Its number.
    pub(crate) n: u64,
    /// The chain there.
    pub(crate) chain: String,
    /// The segment in which it stands.
    pub(crate) segment: u64,
}

/// Up to where an index covers its journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Covered {
    /// Every record up to this one is in it.
    pub(crate) reached: Reached,
    /// No record beyond this one is in it.
    pub(crate) up_to: u64,
}

impl Sessions {
    /// How many changes are not in the index.
    pub(crate) fn unstored(&self) -> usize {
        self.unstored.load(Ordering::Relaxed)
    }

    /// Up to where the index covers the journal; `None` if it does not say.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn covered(&self) -> Result<Option<Covered>, RestoreError> {
        let Some(store) = &self.store else { return Ok(None) };
        let Some(value) = store.get(Table::Covered, COVERED)? else { return Ok(None) };
        Ok(Some(Covered::read(&value)?))
    }

    /// Writes what changed into the index. `reached`: the record up to which everything was taken in when this was called; every
    /// record after it may or may not be.
    ///
    /// # Errors
    /// When that was not written. It is tried again with the next.
    pub(crate) fn store(&self, reached: Option<Reached>) -> Result<(), RestoreError> {
        let Some(store) = &self.store else { return Ok(()) };
        let _alone = self.storing.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner));
        let count = self.unstored.swap(0, Ordering::Relaxed);
        let of_definition = |(digest, sealed): (&Digest, &Vec<u8>)| {
            (*digest, Row { table: Table::Definitions, key: digest.as_bytes().to_vec(), value: Some(sealed.clone()) })
        };
        let (defined, mut rows): (Vec<Digest>, Vec<_>) = self.defined().iter().map(of_definition).unzip();
        let mut written = Vec::with_capacity(changed.len());
        for session in changed {
            let mut memory = session.memory();
            memory.unstored.is_listed = false;
            let unwritten = stored::unwritten(&session.id, &mut memory);
            drop(memory);
            rows.extend(unwritten.rows);
            written.push((session, unwritten.answered, unwritten.tools, unwritten.heard));
        }
        let up_to = self.last.load(Ordering::Relaxed);
        let before = self.covered()?;
        let covered = match (reached, before) {
            (Some(reached), _) => Covered { up_to: up_to.max(reached.n), reached },
            (None, Some(before)) => Covered { up_to: up_to.max(before.up_to), ..before },
            // Nothing is covered, but something is in it that a power cut may take from the journal.
            (None, None) => Covered { reached: Reached { n: 0, chain: String::new(), segment: 0 }, up_to },
        };
        rows.push(Row { table: Table::Covered, key: COVERED.to_vec(), value: Some(covered.write()) });
        let result = store.write(&rows);
        for (session, answered, tools, heard) in written {
            let mut memory = session.memory();
            if result.is_ok() {
                memory.stored(&answered);
            } else {
                memory.unstored.tools.extend(tools);
                memory.unstored.heard.extend(heard);
                self.will_change(&session, &mut memory);
            }
        }
        match &result {
            Ok(()) => {
                let mut waiting = self.defined();
                for digest in defined {
                    waiting.remove(&digest);
                }
            }
            Err(_) => drop(self.unstored.fetch_add(count, Ordering::Relaxed)),
        }
        Ok(result?)
    }

    /// Forgets the sessions of which no record came after the `n`th, which is not kept any more, and gives the slots of their
    /// keys. One of that name begins anew.
    ///
    /// # Errors
    /// When they cannot be read or taken out of the index.
    pub(crate) fn retire(&self, n: u64) -> Result<Vec<u64>, RestoreError> {
        let Some(store) = &self.store else { return Ok(Vec::new()) };
        self.store(None)?;
        let mut slots = Vec::new();
        for id in stored::before(store, n)? {
            // Whoever is at it, or comes for it now, goes on with it.
            let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
            if live.sessions.get(&id).is_some_and(|session| Arc::strong_count(session) > 1) {
                continue;
            }
            let memory = stored::read(store, &id)?;
            if memory.n() > n {
                continue;
            }
            if let Some(gone) = live.sessions.remove(&id) {
                self.tools.fetch_sub(memory.tools.len(), Ordering::Relaxed);
                self.heard.fetch_sub(gone.memory().provenance.bytes(), Ordering::Relaxed);
            }
            store.write(&stored::none_of(store, &id)?)?;
            slots.extend(memory.slot);
        }
        Ok(slots)
    }
}

impl Covered {
    fn write(&self) -> Vec<u8> {
        let mut object = Object::new();
        let Reached { n, chain, segment } = &self.reached;
        object.insert("n", *n);
        object.insert("chain", chain.as_str());
        object.insert("segment", *segment);
        object.insert("up_to", self.up_to);
        object.to_string().into_bytes()
    }

    fn read(value: &[u8]) -> Result<Self, Misread> {
        let object = parse_object(value)?;
        let covered = Members::only(&object, &["n", "chain", "segment", "up_to"])?;
        let chain = covered.needed("chain", text)?.to_owned();
        let reached = Reached { n: covered.needed("n", whole)?, chain, segment: covered.needed("segment", whole)? };
        Ok(Self { reached, up_to: covered.needed("up_to", whole)? })
    }
}

//! Sessions: what is known of each, which is what its records say.
//!
//! A session's [`Memory`] changes with its decisions and by nothing else, and what a decision changes ([`Change`]) can be
//! read from its record. So the memory of a session is the same whether it was kept or restored from the journal, and
//! neither can exist without the other.
//!
//! Agents and servers decide how many sessions there are, so those that are in memory are bounded. Where there is an index
//! ([`store`](crate::store)), the ones that have been idle longest go there and come back when they are needed; where there
//! is none, they are forgotten, and the log says so.

mod change;
mod defined;
mod index;
mod memory;
mod provenance;
mod stored;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

pub(crate) use change::{Change, Digests};
pub(crate) use index::{Covered, Reached};
pub(crate) use memory::{Answered, Memory, Past, Place};
pub(crate) use provenance::{Choice, Grounding, Heard, Origin, Provenance, Rank, Told, ToldText, Traced, is_time};
pub(crate) use stored::RestoreError;

use crate::{
    decision::Decision,
    event::{Event, EventId, SessionId},
    json::Digest,
    store::Store,
    tools::{Definition, Definitions},
};

/// The sessions in memory.
const MAX_SESSIONS: usize = 1 << 16;
/// The sessions above one. Agents that send others deeper than this are not in sight.
pub(crate) const MAX_LINEAGE: usize = 16;
/// What they were told of tools, all together: some 100 MiB of names.
const MAX_TOOLS: usize = 1 << 20;
/// Bytes of text that they have read, all together; what is needed to find it again is at most four times as much.
const MAX_HEARD: usize = 256 << 20;
/// Sessions that were forgotten for want of room and are known to be. Beyond, any that begins may be one.
const MAX_FORGOTTEN: usize = 1 << 18;

/// What is known of all sessions. Shared by all that check events.
#[derive(Debug)]
pub(crate) struct Sessions {
    live: Mutex<Live>,
    definitions: Definitions,
    store: Option<Store>,
    /// Held by whoever writes into the index: what was collected first must not be written last.
    storing: Mutex<()>,
    /// Those that changed since they were stored.
    changed: Mutex<Vec<Arc<Session>>>,
    /// Definitions that are not stored, sealed.
    defined: Mutex<HashMap<Digest, Vec<u8>>>,
    /// Changes that are not stored.
    unstored: AtomicUsize,
    /// The last record that was taken in.
    last: AtomicU64,
    /// What the sessions in memory were told of tools.
    tools: AtomicUsize,
    /// Bytes of text that they have read.
    heard: AtomicUsize,
}

#[derive(Debug, Default)]
struct Live {
    sessions: HashMap<SessionId, Arc<Session>>,
    /// Counts what is asked for, to tell which session has been idle longest.
    clock: u64,
    /// The sessions that were forgotten, where there is no index.
    forgotten: HashSet<SessionId>,
    /// There were more.
    has_forgotten_more: bool,
}

/// One session in memory.
#[derive(Debug)]
pub(crate) struct Session {
    id: SessionId,
    used: AtomicU64,
    memory: Mutex<Memory>,
}

impl Session {
    pub(crate) const fn id(&self) -> &SessionId {
        &self.id
    }

    /// Its memory. Whoever holds it keeps the session's other events waiting.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        // INVARIANT: what changes a memory does not panic.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    /// Sessions that are kept in memory alone, or in this index as well.
    pub(crate) fn new(store: Option<Store>) -> Self {
        Self {
            live: Mutex::default(),
            definitions: Definitions::default(),
            store,
            storing: Mutex::default(),
            changed: Mutex::default(),
            defined: Mutex::default(),
            unstored: AtomicUsize::new(0),
            last: AtomicU64::new(0),
            tools: AtomicUsize::new(0),
            heard: AtomicUsize::new(0),
        }
    }

    /// A session, which is begun if nothing is known of it.
    ///
    /// # Errors
    /// When what is known of it cannot be read.
    pub(crate) fn open(&self, id: &SessionId) -> Result<Arc<Session>, RestoreError> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.clock += 1;
        let now = live.clock;
        if let Some(session) = live.sessions.get(id) {
            session.used.store(now, Ordering::Relaxed);
            return Ok(Arc::clone(session));
        }
        self.make_room(&mut live)?;
        let memory = match &self.store {
            Some(store) => stored::read(store, id)?,
            // It may have read anything before it was forgotten.
            None if live.has_forgotten_more || live.forgotten.remove(id) => Memory::forgotten(),
            None => Memory::default(),
        };
        self.tools.fetch_add(memory.tools.len(), Ordering::Relaxed);
        let session = Arc::new(Session { id: id.clone(), used: AtomicU64::new(now), memory: Mutex::new(memory) });
        live.sessions.insert(id.clone(), Arc::clone(&session));
        Ok(session)
    }

    /// The sessions that a session works for: its parent, the parent's, and so on, as far as [`MAX_LINEAGE`] and one more.
    /// Nobody may hold a memory meanwhile.
    ///
    /// # Errors
    /// When what is known of one cannot be read.
    pub(crate) fn lineage(&self, session: &Session, event: &Event) -> Result<Vec<Arc<Session>>, RestoreError> {
        let mut lineage = Vec::new();
        let mut next = session.memory().parent().or(event.parent.as_ref()).cloned();
        while let Some(id) = next
            && lineage.len() <= MAX_LINEAGE
        {
            let above = self.open(&id)?;
            next = above.memory().parent().cloned();
            lineage.push(above);
        }
        Ok(lineage)
    }

    /// What is known of an event of this id in a session, whose memory this is.
    ///
    /// # Errors
    /// When that cannot be read.
    pub(crate) fn answered(
        &self,
        session: &Session,
        memory: &Memory,
        id: &EventId,
    ) -> Result<Option<Answered>, RestoreError> {
        match (memory.answered(id), &self.store) {
            (Some(answered), _) => Ok(Some(answered)),
            (None, Some(store)) if memory.has_stored() => stored::answered(store, &session.id, id),
            _ => Ok(None),
        }
    }

    /// To be called before a record of this session is written: what is behind it is then sure to be stored.
    pub(crate) fn will_change(&self, session: &Arc<Session>, memory: &mut Memory) {
        if self.store.is_some() && !std::mem::replace(&mut memory.unstored.is_listed, true) {
            self.changed.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(session));
        }
    }

    /// Takes in what a recorded decision changes. `recorded`: the number and the place of its record; `definition`: that of
    /// the tool that the session was told of.
    pub(crate) fn change(
        &self,
        memory: &mut Memory,
        change: Change,
        recorded: Option<(u64, Place)>,
        definition: Option<&Arc<Definition>>,
        decision: &Decision,
    ) {
        let held = definition.filter(|definition| self.definitions.hold(definition));
        if recorded.is_none()
            && let Some(id) = change.event_id()
        {
            memory.keep(id.clone(), decision.clone());
        }
        self.apply(memory, change, recorded, held.cloned());
    }

    fn apply(
        &self,
        memory: &mut Memory,
        change: Change,
        recorded: Option<(u64, Place)>,
        definition: Option<Arc<Definition>>,
    ) {
        let before = memory.tools.len();
        self.hearing(memory, |memory| memory.apply(change, recorded, definition));
        self.tools.fetch_add(memory.tools.len() - before, Ordering::Relaxed);
        self.unstored.fetch_add(1, Ordering::Relaxed);
        if let Some((n, _)) = recorded {
            self.last.fetch_max(n, Ordering::Relaxed);
        }
    }

    /// Has a session read something, as far as there is room for it.
    fn hearing(&self, memory: &mut Memory, read: impl FnOnce(&mut Memory)) {
        let before = memory.provenance.bytes();
        read(memory);
        let more = memory.provenance.bytes().saturating_sub(before);
        if more > 0 && self.heard.fetch_add(more, Ordering::Relaxed).saturating_add(more) > MAX_HEARD {
            tracing::warn!("sessions have read more than there is room for: one forgets what it has read");
            self.heard.fetch_sub(memory.provenance.bytes(), Ordering::Relaxed);
            memory.provenance.forget();
        }
    }

    /// The records of what a session has read that have to be read again, in their order; none from then on.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn unread(&self, id: &SessionId, memory: &mut Memory) -> Result<Vec<Place>, RestoreError> {
        let mut places = std::mem::take(&mut memory.unread);
        if std::mem::take(&mut memory.has_unread)
            && let Some(store) = &self.store
        {
            places.extend(stored::heard(store, id)?);
        }
        places.sort_unstable();
        places.dedup();
        Ok(places)
    }

    /// Takes in what was read again. `is_lost`: not all of it was there.
    pub(crate) fn recalled(&self, memory: &mut Memory, told: &[Told], is_lost: bool) {
        self.hearing(memory, |memory| {
            for told in told {
                memory.provenance.see(told);
            }
            if is_lost || memory.is_lossy {
                memory.provenance.lose();
            }
        });
    }

    /// Takes in what a record says, when sessions are restored. What is known already changes nothing.
    ///
    /// # Errors
    /// When what is known of the session cannot be read.
    pub(crate) fn replay(&self, id: &SessionId, change: Change, n: u64, place: Place) -> Result<(), RestoreError> {
        let session = self.open(id)?;
        let returned = change.returned.clone();
        let parent = {
            let mut memory = session.memory();
            if n > memory.n() {
                self.will_change(&session, &mut memory);
                self.apply(&mut memory, change, Some((n, place)), None);
            }
            memory.parent().cloned()
        };
        // Also if the index has the record: it need not have what that changed in another session.
        if let (Some(returned), Some(parent)) = (returned, parent) {
            let parent = self.open(&parent)?;
            let mut memory = parent.memory();
            self.will_change(&parent, &mut memory);
            memory.provenance.join(returned.0, &returned.1);
        }
        Ok(())
    }

    /// Lets sessions go until there is room for one more.
    fn make_room(&self, live: &mut Live) -> Result<(), RestoreError> {
        let is_full = |live: &Live| {
            live.sessions.len() >= MAX_SESSIONS
                || self.tools.load(Ordering::Relaxed) >= MAX_TOOLS
                || self.heard.load(Ordering::Relaxed) >= MAX_HEARD / 4 * 3
        };
        if !is_full(live) {
            return Ok(());
        }
        // What is not in the index cannot go.
        self.store(None)?;
        while is_full(live) {
            let gone = self.let_go(live);
            if gone == 0 {
                break;
            }
            if self.store.is_none() {
                tracing::warn!(sessions = gone, "there are too many sessions: what is known of idle ones is forgotten");
            }
        }
        Ok(())
    }

    /// Lets the eighth of the sessions go that has been idle longest, and that nobody is at: so many at once, that finding
    /// them is not paid for by every event. Says how many.
    fn let_go(&self, live: &mut Live) -> usize {
        let mut idle: Vec<_> = live
            .sessions
            .values()
            // Nobody else gets at one without the lock of all.
            .filter(|session| Arc::strong_count(session) == 1)
            .map(|session| (session.used.load(Ordering::Relaxed), session.id.clone()))
            .collect();
        idle.sort_unstable_by_key(|(used, _)| *used);
        let count = idle.len().div_ceil(8);
        for (_, id) in idle.into_iter().take(count) {
            if let Some(session) = live.sessions.remove(&id) {
                let memory = session.memory();
                self.tools.fetch_sub(memory.tools.len(), Ordering::Relaxed);
                self.heard.fetch_sub(memory.provenance.bytes(), Ordering::Relaxed);
            }
            if self.store.is_none() {
                if live.forgotten.len() < MAX_FORGOTTEN {
                    live.forgotten.insert(id);
                } else {
                    live.has_forgotten_more = true;
                }
            }
        }
        count
    }
}

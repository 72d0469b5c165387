//! What an operator has ordered beside a running engine: stops and erasures.
//!
//! Each is a file in the journal's directory `stops`: `<id>.json` a stop, `<id>.erased` an erasure. Whoever writes the journal
//! looks before every decision whether that directory has changed, carries out what there is to do, and records it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use rustix::fs::AtFlags;
use uuid::Uuid;

use super::{Erasure, JournalError, Stop, chain::members, find, private, slots::Slots, stops};
use crate::{
    decision::{Reason, ReasonCode},
    event::{Event, SessionId},
    json::{Object, Value},
};

/// The directory of orders, in the journal's.
const STOPS: &str = "stops";
/// For how long a directory that was just changed may change again without another time of change: file systems count in
/// ticks of some milliseconds.
const UNSETTLED: Duration = Duration::from_millis(50);
/// Bytes of an order's file.
const MAX_FILE: u64 = 64 << 10;

/// Why an event is denied whatever the generation says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// Its session was erased.
    Erased(Erasure),
    /// It is stopped.
    Stopped(Stop),
}

impl Order {
    /// The reason of the denial.
    pub(crate) fn to_reason(&self) -> Reason {
        match self {
            Self::Erased(Erasure { session, why, .. }) => {
                Reason::of(ReasonCode::SessionErased, format!("an operator has erased session `{session}`: {why}"))
            }
            Self::Stopped(Stop { scope, why, .. }) => {
                Reason::of(ReasonCode::Stopped, format!("an operator has stopped {scope}: {why}"))
            }
        }
    }
}

/// The orders that the writer of a journal knows of.
#[derive(Debug)]
pub(super) struct Orders {
    /// The journal's directory, open: what is in it is found without the way to it.
    journal: File,
    directory: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// When the directory was changed last, if that is settled.
    modified: Option<SystemTime>,
    stops: BTreeMap<Uuid, Stop>,
    /// Never fewer: an erasure is for good, also if its file goes.
    erased: HashMap<SessionId, Erasure>,
    /// The erasures' identities, so that their files are read once.
    erasures: HashSet<Uuid>,
}

impl Orders {
    pub(super) fn open(journal: &Path) -> Result<Self, JournalError> {
        let directory = of(journal);
        private::own_directory(&directory)?;
        let journal = File::open(journal).map_err(JournalError::io("open", journal))?;
        Ok(Self { journal, directory, known: Mutex::default() })
    }

    /// Whether an event meets an order that was known at the last look.
    pub(super) fn is_known(&self, event: &Event, lineage: &[SessionId]) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).order(event, lineage).is_some()
    }

    /// The order that an event meets: an erasure, or else the oldest stop. `lineage`: the sessions that its own works for.
    /// What has changed since the last look is carried out and recorded first, by `record`.
    pub(super) fn on(
        &self,
        event: &Event,
        lineage: &[SessionId],
        slots: &Slots,
        record: impl FnMut(&str) -> Result<(), JournalError>,
    ) -> Result<Option<Order>, JournalError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let modified = modified(&self.journal).map_err(JournalError::io("look at", &self.directory))?;
        if known.modified != Some(modified) {
            // What is listed is no older than the time that was read before.
            let is_settled = modified.elapsed().is_ok_and(|elapsed| elapsed > UNSETTLED);
            known.renew(&self.directory, slots, record)?;
            known.modified = is_settled.then_some(modified);
        }
        Ok(known.order(event, lineage))
    }
}

/// When the orders' directory was changed last.
fn modified(journal: &File) -> io::Result<SystemTime> {
    let stat = rustix::fs::statat(journal, STOPS, AtFlags::empty())?;
    let seconds = Duration::from_secs(stat.st_mtime.unsigned_abs());
    let epoch = SystemTime::UNIX_EPOCH;
    // Exactly, whatever it is: two times that count as one would hide a change.
    let second = if stat.st_mtime < 0 { epoch.checked_sub(seconds) } else { epoch.checked_add(seconds) };
    let time = second.and_then(|second| second.checked_add(Duration::from_nanos(stat.st_mtime_nsec)));
    time.ok_or_else(|| io::Error::other("expected a time of its last change, found one that cannot be"))
}

impl Known {
    fn order(&self, event: &Event, lineage: &[SessionId]) -> Option<Order> {
        let erased = self.erased.get(&event.session).cloned().map(Order::Erased);
        erased
            .or_else(|| self.stops.values().find(|stop| stop.scope.holds(event, lineage)).cloned().map(Order::Stopped))
    }

    /// Takes in what is in the directory now.
    fn renew(
        &mut self,
        directory: &Path,
        slots: &Slots,
        mut record: impl FnMut(&str) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let erasures = Erasure::all(directory, |id| self.erasures.contains(&id))?;
        if !erasures.is_empty() {
            // Whoever left the file may not have come so far, or a slot was made meanwhile.
            let sessions: Vec<_> = erasures.iter().map(|erasure| erasure.session.clone()).collect();
            slots.erase_all(&sessions)?;
        }
        for erasure in erasures {
            record(&told("erased", &erasure.to_object()))?;
            self.erasures.insert(erasure.id);
            self.erased.entry(erasure.session.clone()).or_insert(erasure);
        }
        let stops = Stop::all(directory)?;
        for stop in stops.values().filter(|stop| !self.stops.contains_key(&stop.id)) {
            record(&told("stop", &stop.to_object()))?;
        }
        for stop in self.stops.values().filter(|stop| !stops.contains_key(&stop.id)) {
            record(&told("lifted", &stops::lifted(directory, stop)))?;
        }
        self.stops = stops;
        Ok(())
    }
}

/// The members of the record about an order.
fn told(kind: &str, about: &Object) -> String {
    let mut object = Object::new();
    object.insert("kind", kind);
    object.insert("time", Timestamp::now().to_string());
    for (name, value) in about.iter() {
        object.insert(name, Value::clone(value));
    }
    members(&object)
}

/// The directory of orders of the journal in a directory.
pub(super) fn of(journal: &Path) -> PathBuf {
    journal.join(STOPS)
}

/// Leaves an order's file.
pub(super) fn place(path: &Path, object: &Object) -> Result<(), JournalError> {
    let placed = private::write_whole(path, |mut file| writeln!(file, "{object}").map(|()| file));
    placed.map_err(JournalError::io("write", path))
}

/// The orders' directory, which is made if it is not there, of a journal that is there: an operator who mistypes a path must
/// not believe that something was done.
pub(super) fn in_journal(journal: &Path) -> Result<PathBuf, JournalError> {
    find(journal)?;
    let directory = of(journal);
    private::make_directory(&directory).map_err(JournalError::io("make", &directory))?;
    Ok(directory)
}

/// The files of a directory with this extension.
pub(super) fn files(directory: &Path, extension: &str) -> Result<Vec<PathBuf>, JournalError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(JournalError::io("list", directory))? {
        let path = entry.map_err(JournalError::io("list", directory))?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// What is in an order's file, as far as it may be long.
pub(super) fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(File::open(path)?, MAX_FILE), &mut bytes)?;
    Ok(bytes)
}

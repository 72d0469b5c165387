//! Stops: denials above every generation, which an operator puts in force beside a running engine.
//!
//! Each is a file in the journal's directory `stops`, `<id>.json`; as long as it is there, it is in force. Whoever writes the
//! journal looks before every decision whether that directory has changed, and records what has. A stop that is lifted
//! leaves `<id>.lifted`, which says why.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use uuid::Uuid;

use super::{JournalError, chain::members, private, segment::Segment};
use crate::{
    event::{AgentName, Event, ServerName, SessionId},
    json::{self, Object, Value},
};

/// What is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// One session.
    Session(SessionId),
    /// One agent, in all its sessions.
    Agent(AgentName),
    /// Everything about the tools of one server.
    Server(ServerName),
}

/// A denial above every generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Its identity.
    pub id: Uuid,
    /// What it stops.
    pub scope: Scope,
    /// Why, in an operator's words: agents get to read it.
    pub why: String,
    /// Since when.
    pub time: Timestamp,
}

/// For how long a directory that was just changed may change again without another time of change: file systems count in
/// ticks of some milliseconds.
const UNSETTLED: Duration = Duration::from_millis(50);
/// Bytes of a stop's file.
const MAX_FILE: u64 = 64 << 10;

impl Scope {
    /// Whether an event is stopped.
    fn holds(&self, event: &Event) -> bool {
        match self {
            Self::All => true,
            Self::Session(session) => event.session == *session || event.parent.as_ref() == Some(session),
            Self::Agent(agent) => event.agent == *agent,
            Self::Server(server) => event.tool().is_some_and(|tool| tool.server == *server),
        }
    }

    /// The kind, and the name if it has one.
    fn words(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::All => ("all", None),
            Self::Session(session) => ("session", Some(session.as_str())),
            Self::Agent(agent) => ("agent", Some(agent.as_str())),
            Self::Server(server) => ("server", Some(server.as_str())),
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.words() {
            (kind, None) => f.write_str(kind),
            (kind, Some(name)) => write!(f, "{kind} `{name}`"),
        }
    }
}

impl Stop {
    /// A new stop, from now on.
    #[must_use]
    pub fn new(scope: Scope, why: impl Into<String>) -> Self {
        Self { id: Uuid::now_v7(), scope, why: why.into(), time: Timestamp::now() }
    }

    /// The stop as JSON: `stop` (its identity), `scope`, `name` where the scope has one, `why`, `since`.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let (kind, name) = self.scope.words();
        let mut object = Object::new();
        object.insert("stop", self.id.to_string());
        object.insert("scope", kind);
        if let Some(name) = name {
            object.insert("name", name);
        }
        object.insert("why", self.why.as_str());
        object.insert("since", self.time.to_string());
        object
    }

    fn from_json(json: &[u8]) -> Option<Self> {
        let value = json::parse(json).ok()?;
        let text = |name: &str| value.as_object()?.get(name)?.as_str();
        let scope = match text("scope")? {
            "all" => Scope::All,
            "session" => Scope::Session(text("name")?.parse().ok()?),
            "agent" => Scope::Agent(text("name")?.parse().ok()?),
            "server" => Scope::Server(text("name")?.parse().ok()?),
            _ => return None,
        };
        let (id, why) = (text("stop")?.parse().ok()?, text("why")?.to_owned());
        Some(Self { id, scope, why, time: text("since")?.parse().ok()? })
    }
}

/// Puts a stop in force in the journal of this directory, whoever writes it.
///
/// # Errors
/// When there is no journal, or the stop cannot be written.
pub fn stop(journal: &Path, stop: &Stop) -> Result<(), JournalError> {
    is_there(journal)?;
    let directory = of(journal);
    private::make_directory(&directory).map_err(JournalError::io("make", &directory))?;
    place(&directory.join(format!("{}.json", stop.id)), &stop.to_object())
}

/// Lifts a stop.
///
/// # Errors
/// When there is none of this identity, or its file cannot be removed.
pub fn lift(journal: &Path, id: Uuid, why: &str) -> Result<(), JournalError> {
    let path = of(journal).join(format!("{id}.json"));
    fs::metadata(&path).map_err(JournalError::io("find", &path))?;
    let mut object = Object::new();
    object.insert("stop", id.to_string());
    object.insert("why", why);
    object.insert("time", Timestamp::now().to_string());
    place(&path.with_extension("lifted"), &object)?;
    fs::remove_file(&path).map_err(JournalError::io("remove", &path))
}

/// The stops that are in force in the journal of this directory, the oldest first.
///
/// # Errors
/// When there is no journal, or the stops cannot be read.
pub fn stops(journal: &Path) -> Result<Vec<Stop>, JournalError> {
    is_there(journal)?;
    let directory = of(journal);
    match fs::metadata(&directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        _ => Ok(read(&directory)?.into_values().collect()),
    }
}

/// Whether there is a journal: an operator who mistypes a path must not believe that something is stopped.
fn is_there(journal: &Path) -> Result<(), JournalError> {
    let segments = Segment::all(journal).map_err(JournalError::io("find", journal))?;
    if segments.is_empty() { Err(JournalError::NoJournal { path: journal.to_owned() }) } else { Ok(()) }
}

fn of(journal: &Path) -> PathBuf {
    journal.join("stops")
}

fn place(path: &Path, object: &Object) -> Result<(), JournalError> {
    let placed = private::write_whole(path, |mut file| writeln!(file, "{object}").map(|()| file));
    placed.map_err(JournalError::io("write", path))
}

fn read(directory: &Path) -> Result<BTreeMap<Uuid, Stop>, JournalError> {
    let mut stops = BTreeMap::new();
    for entry in fs::read_dir(directory).map_err(JournalError::io("list", directory))? {
        let path = entry.map_err(JournalError::io("list", directory))?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let bytes = bounded(&path).map_err(JournalError::io("read", &path))?;
        // Somebody meant to stop something.
        let stop = Stop::from_json(&bytes).ok_or(JournalError::NoStop { path })?;
        stops.insert(stop.id, stop);
    }
    Ok(stops)
}

fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(fs::File::open(path)?, MAX_FILE), &mut bytes)?;
    Ok(bytes)
}

/// The stops that the writer of a journal knows of.
#[derive(Debug)]
pub(super) struct Stops {
    directory: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// When the directory was changed last, if that is settled.
    modified: Option<SystemTime>,
    stops: BTreeMap<Uuid, Stop>,
}

impl Stops {
    pub(super) fn open(journal: &Path) -> Result<Self, JournalError> {
        let directory = of(journal);
        private::make_directory(&directory).map_err(JournalError::io("make", &directory))?;
        Ok(Self { directory, known: Mutex::default() })
    }

    /// The stop that an event meets, the oldest of them. What has changed since the last look is recorded first, by `record`.
    pub(super) fn of(
        &self,
        event: &Event,
        mut record: impl FnMut(&str) -> Result<(), JournalError>,
    ) -> Result<Option<Stop>, JournalError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let modified = fs::metadata(&self.directory).and_then(|metadata| metadata.modified());
        let modified = modified.map_err(JournalError::io("look at", &self.directory))?;
        if known.modified != Some(modified) {
            // What is listed is no older than the time that was read before.
            let is_settled = modified.elapsed().is_ok_and(|elapsed| elapsed > UNSETTLED);
            let stops = read(&self.directory)?;
            for stop in stops.values().filter(|stop| !known.stops.contains_key(&stop.id)) {
                record(&told("stop", &stop.to_object()))?;
            }
            for stop in known.stops.values().filter(|stop| !stops.contains_key(&stop.id)) {
                record(&told("lifted", &self.lifted(stop)))?;
            }
            *known = Known { modified: is_settled.then_some(modified), stops };
        }
        Ok(known.stops.values().find(|stop| stop.scope.holds(event)).cloned())
    }

    /// What is said of the lifting of a stop: with who lifted it, or that its file is gone.
    fn lifted(&self, stop: &Stop) -> Object {
        let path = self.directory.join(format!("{}.lifted", stop.id));
        let said = bounded(&path).ok().and_then(|bytes| json::parse(&bytes).ok());
        let why = said.as_ref().and_then(|said| said.as_object()?.get("why")?.as_str());
        let mut object = stop.to_object();
        object.insert("lifted_why", why.unwrap_or("its file was removed"));
        object
    }
}

fn told(kind: &str, about: &Object) -> String {
    let mut object = Object::new();
    object.insert("kind", kind);
    object.insert("time", Timestamp::now().to_string());
    for (name, value) in about.iter() {
        object.insert(name, Value::clone(value));
    }
    members(&object)
}

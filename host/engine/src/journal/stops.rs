//! Stops: denials above every generation, which an operator puts in force beside a running engine.
//!
//! Each is a file among the orders (`orders`), `<id>.json`; as long as it is there, it is in force. A stop that is lifted
//! leaves `<id>.lifted`, which says why.

use std::{collections::BTreeMap, fs, io, path::Path};

use jiff::Timestamp;
use uuid::Uuid;

use super::{JournalError, find, orders};
use crate::{
    event::{AgentName, Event, ServerName, SessionId},
    json::{self, Object},
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

impl Scope {
    /// Whether an event is stopped.
    pub(super) fn holds(&self, event: &Event, lineage: &[SessionId]) -> bool {
        match self {
            Self::All => true,
            Self::Session(session) => event.session == *session || lineage.contains(session),
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

    /// Those in a directory of orders, the oldest first.
    pub(super) fn all(directory: &Path) -> Result<BTreeMap<Uuid, Self>, JournalError> {
        let mut stops = BTreeMap::new();
        for path in orders::files(directory, "json")? {
            let bytes = orders::bounded(&path).map_err(JournalError::io("read", &path))?;
            // Somebody meant to stop something.
            let stop = Self::from_json(&bytes).ok_or(JournalError::NoStop { path })?;
            stops.insert(stop.id, stop);
        }
        Ok(stops)
    }
}

/// Puts a stop in force in the journal of this directory, whoever writes it.
///
/// # Errors
/// When there is no journal, or the stop cannot be written.
pub fn stop(journal: &Path, stop: &Stop) -> Result<(), JournalError> {
    let directory = orders::in_journal(journal)?;
    orders::place(&directory.join(format!("{}.json", stop.id)), &stop.to_object())
}

/// Lifts a stop.
///
/// # Errors
/// When there is none of this identity, or its file cannot be removed.
pub fn lift(journal: &Path, id: Uuid, why: &str) -> Result<(), JournalError> {
    let path = orders::of(journal).join(format!("{id}.json"));
    fs::metadata(&path).map_err(JournalError::io("find", &path))?;
    let mut object = Object::new();
    object.insert("stop", id.to_string());
    object.insert("why", why);
    object.insert("time", Timestamp::now().to_string());
    orders::place(&path.with_extension("lifted"), &object)?;
    fs::remove_file(&path).map_err(JournalError::io("remove", &path))
}

/// The stops that are in force in the journal of this directory, the oldest first.
///
/// # Errors
/// When there is no journal, or the stops cannot be read.
pub fn stops(journal: &Path) -> Result<Vec<Stop>, JournalError> {
    find(journal)?;
    let directory = orders::of(journal);
    match fs::metadata(&directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        _ => Ok(Stop::all(&directory)?.into_values().collect()),
    }
}

/// What is said of the lifting of a stop: with who lifted it, or that its file is gone.
pub(super) fn lifted(directory: &Path, stop: &Stop) -> Object {
    let path = directory.join(format!("{}.lifted", stop.id));
    let said = orders::bounded(&path).ok().and_then(|bytes| json::parse(&bytes).ok());
    let why = said.as_ref().and_then(|said| said.as_object()?.get("why")?.as_str());
    let mut object = stop.to_object();
    object.insert("lifted_why", why.unwrap_or("its file was removed"));
    object
}

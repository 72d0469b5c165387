//! How a session's memory is written into the index, and read from it.

use super::memory::{Answered, Memory, Owner, Place};
use crate::{
    event::{EventId, SessionId, ToolName},
    json::{
        Keyed, Misread, Object, Value,
        members::{Members, flag, list, parse_object, parsed, text, whole},
    },
    store::{Row, Store, StoreError, Table},
    tools::Known,
};

/// Why a session's memory cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RestoreError {
    /// The index cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What it holds is not what was written.
    #[error("expected what the index holds to be as it was written: {0}")]
    Damaged(#[from] Misread),
}

/// The rows of what changed in a memory, and what they are of.
pub(super) struct Unwritten {
    pub(super) rows: Vec<Row>,
    pub(super) answered: Vec<EventId>,
    pub(super) tools: Vec<ToolName>,
    pub(super) heard: Vec<Place>,
}

/// A key in a table of what belongs to sessions. No name holds a control character.
fn key(session: &SessionId, rest: &str) -> Vec<u8> {
    [session.as_str().as_bytes(), b"\0", rest.as_bytes()].concat()
}

fn write_place(Place { segment, at }: Place) -> [u8; 16] {
    let mut bytes = [0; 16];
    let (first, second) = bytes.split_at_mut(8);
    first.copy_from_slice(&segment.to_be_bytes());
    second.copy_from_slice(&at.to_be_bytes());
    bytes
}

fn read_place(bytes: &[u8]) -> Option<Place> {
    let (segment, at) = bytes.split_first_chunk::<8>()?;
    Some(Place { segment: u64::from_be_bytes(*segment), at: u64::from_be_bytes(at.try_into().ok()?) })
}

/// What of a memory has to be written.
pub(super) fn unwritten(session: &SessionId, memory: &mut Memory) -> Unwritten {
    let mut rows = vec![Row { table: Table::Sessions, key: key(session, ""), value: Some(of_session(memory)) }];
    let mut tools = std::mem::take(&mut memory.unstored.tools);
    tools.sort_unstable();
    tools.dedup();
    for tool in &tools {
        if let Known::Told(told) = memory.tools.known(tool) {
            let mut object = Object::new();
            object.insert("last", told.last.to_string());
            object.insert("first", told.first.to_string());
            object.insert("accepted", told.accepted);
            let value = object.to_string().into_bytes();
            rows.push(Row { table: Table::Tools, key: key(session, &tool.to_string()), value: Some(value) });
        }
    }
    for (id, answered) in &memory.answered {
        let Some(place) = answered.place else { continue };
        let value = [answered.digest.as_bytes().as_slice(), &write_place(place)].concat();
        rows.push(Row { table: Table::Answered, key: key(session, id.as_str()), value: Some(value) });
    }
    let heard = std::mem::take(&mut memory.unstored.heard);
    for place in &heard {
        let key = [key(session, "").as_slice(), &write_place(*place)].concat();
        rows.push(Row { table: Table::Heard, key, value: Some(Vec::new()) });
    }
    Unwritten { rows, answered: memory.answered.keys().cloned().collect(), tools, heard }
}

fn of_session(memory: &Memory) -> Vec<u8> {
    let mut object = Object::new();
    if let Some(Owner { agent, parent }) = &memory.owner {
        object.insert("agent", agent.as_str());
        if let Some(parent) = parent {
            object.insert("parent", parent.as_str());
        }
    }
    object.insert("n", memory.n);
    object.insert("calls", u64::from(memory.calls));
    if let Some((call, times)) = &memory.last_call {
        object.insert("last_call", call.to_string());
        object.insert("times", u64::from(*times));
    }
    if let Some(slot) = memory.slot {
        object.insert("slot", slot);
    }
    object.insert("full", memory.tools.is_full());
    object.insert("untrusted", memory.provenance.is_untrusted());
    let labels = memory.provenance.labels().iter().map(|label| label.as_str().into());
    object.insert("labels", labels.collect::<Vec<Value>>());
    object.insert("lossy", memory.is_lossy);
    object.to_string().into_bytes()
}

/// What the index holds of a session.
pub(super) fn read(store: &Store, session: &SessionId) -> Result<Memory, RestoreError> {
    let Some(value) = store.get(Table::Sessions, &key(session, ""))? else { return Ok(Memory::default()) };
    let mut memory = session_of(&value)?;
    for (name, value) in store.with_prefix(Table::Tools, &key(session, ""))? {
        let tool: ToolName = named(&name)?;
        let object = parse_object(&value)?;
        let told = Members::only(&object, &["last", "first", "accepted"])?;
        let accepted = told.needed("accepted", flag)?;
        for name in ["first", "last"] {
            memory.tools.tell(&tool, told.needed(name, parsed("a digest"))?, None, accepted);
        }
    }
    Ok(memory)
}

/// What is written of a session.
const FIELDS: [&str; 11] =
    ["agent", "parent", "n", "calls", "last_call", "times", "slot", "full", "untrusted", "labels", "lossy"];

fn session_of(value: &[u8]) -> Result<Memory, Misread> {
    let object = parse_object(value)?;
    let session = Members::only(&object, &FIELDS)?;
    let mut memory = Memory::default();
    memory.has_stored = true;
    if let Some(agent) = session.optional("agent", parsed("an agent"))? {
        memory.owner = Some(Owner { agent, parent: session.optional("parent", parsed("a session"))? });
    }
    memory.n = session.needed("n", whole)?;
    memory.calls = session.needed("calls", whole)?;
    if let Some(call) = session.optional("last_call", parsed("a keyed digest"))? {
        memory.last_call = Some((call, session.needed("times", whole)?));
    }
    memory.slot = session.optional("slot", whole)?;
    memory.tools.set_full(session.needed("full", flag)?);
    let labels = session.needed("labels", list(|label| text(label).map(str::to_owned)))?;
    memory.provenance.join(session.needed("untrusted", flag)?, &labels);
    memory.is_lossy = session.needed("lossy", flag)?;
    memory.has_unread = true;
    Ok(memory)
}

/// The name that a key is.
fn named<T: std::str::FromStr>(key: &[u8]) -> Result<T, Misread> {
    let name = std::str::from_utf8(key).ok().and_then(|name| name.parse().ok());
    name.ok_or_else(|| Misread::at("", "a name", "something else"))
}

/// What the index holds of an event that was answered.
pub(super) fn answered(store: &Store, session: &SessionId, id: &EventId) -> Result<Option<Answered>, RestoreError> {
    let Some(value) = store.get(Table::Answered, &key(session, id.as_str()))? else { return Ok(None) };
    let read = || {
        let (digest, place) = value.split_first_chunk::<32>()?;
        Some(Answered { digest: Keyed::from(*digest), place: Some(read_place(place)?) })
    };
    let read = read().ok_or_else(|| Misread::at("", "a digest and a place", format!("{} bytes", value.len())))?;
    Ok(Some(read))
}

/// The records in the index of what a session has read.
pub(super) fn heard(store: &Store, session: &SessionId) -> Result<Vec<Place>, RestoreError> {
    let rows = store.with_prefix(Table::Heard, &key(session, ""))?;
    let place = |(place, _): (Vec<u8>, _)| {
        read_place(&place).ok_or_else(|| Misread::at("", "a place", format!("{} bytes", place.len())).into())
    };
    rows.into_iter().map(place).collect()
}

/// The sessions in the index of which no record came after the `n`th.
pub(super) fn before(store: &Store, n: u64) -> Result<Vec<SessionId>, RestoreError> {
    let mut sessions = Vec::new();
    for (key, value) in store.with_prefix(Table::Sessions, b"")? {
        if session_of(&value)?.n <= n {
            sessions.push(named(key.strip_suffix(b"\0").unwrap_or_default())?);
        }
    }
    Ok(sessions)
}

/// What takes a session out of the index.
pub(super) fn none_of(store: &Store, session: &SessionId) -> Result<Vec<Row>, RestoreError> {
    let mut rows = Vec::new();
    for table in [Table::Sessions, Table::Tools, Table::Answered, Table::Heard] {
        let prefix = key(session, "");
        for (rest, _) in store.with_prefix(table, &prefix)? {
            rows.push(Row { table, key: [prefix.as_slice(), &rest].concat(), value: None });
        }
    }
    Ok(rows)
}

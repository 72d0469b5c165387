//! Sessions, restored from a journal when it is opened: out of its index as far as that reaches, and out of the records behind.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use super::{JournalError, chain::Line, read::Lines, segment::Segment};
use crate::{
    json::{self, Digest, Object, Value},
    session::{Change, Covered, Place, Reached, Sessions},
    store::Store,
};

/// The index's file. It can be removed while nobody writes the journal: it is made again.
const INDEX: &str = "index.redb";
/// The kind of the record of a tool's definition.
pub(super) const DEFINITION: &str = "definition";
/// Changes after which the index is written: so many records at most are read twice after a crash.
pub(super) const UNSTORED: usize = 50_000;

/// The sessions of the journal in a directory, of which `end` is the last record.
pub(super) fn restore(directory: &Path, end: &Reached) -> Result<Sessions, JournalError> {
    let path = directory.join(INDEX);
    let restored = open(&path).and_then(|sessions| {
        let covered = sessions.covered()?;
        read_on(directory, &sessions, covered.as_ref(), end)?;
        Ok(sessions)
    });
    let why = match restored {
        Ok(sessions) => {
            return Ok(sessions);
        }
        Err(JournalError::Index(error)) => error,
        Err(error) => return Err(error),
    };
    tracing::warn!(why, "the journal's index is made anew");
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(JournalError::io("remove", &path)(error));
        }
        _ => {}
    }
    let sessions = open(&path)?;
    read_on(directory, &sessions, None, end)?;
    Ok(sessions)
}

fn open(path: &Path) -> Result<Sessions, JournalError> {
    let store = Store::open(path).map_err(|error| JournalError::Index(error.to_string()))?;
    Ok(Sessions::new(Some(store)))
}

/// Takes in every record behind what the index covers.
fn read_on(
    directory: &Path,
    sessions: &Sessions,
    covered: Option<&Covered>,
    end: &Reached,
) -> Result<(), JournalError> {
    let other =
        || JournalError::Index("expected the index to be of this journal, found that it is of another".to_owned());
    let from = covered.map_or(0, |covered| covered.reached.n);
    if covered.is_some_and(|covered| covered.up_to >= end.n) {
        // A power cut took records that the index has: `end` was written when the journal was opened.
        return Err(other());
    }
    let mut is_met = from == 0;
    for segment in Segment::all(directory).map_err(JournalError::io("list", directory))? {
        if covered.is_some_and(|covered| segment.number < covered.reached.segment) {
            continue;
        }
        let unreadable = |source| JournalError::io("read", &segment.path)(source);
        let mut lines = Lines::of(&segment).map_err(unreadable)?;
        while let Some((at, line)) = lines.next().map_err(unreadable)? {
            let Some(record) = Line::of(line) else { continue };
            if record.n <= from {
                is_met |= covered
                    .is_some_and(|covered| record.n == from && record.chain.to_string() == covered.reached.chain);
                continue;
            }
            if !is_met {
                return Err(other());
            }
            let place = Place { segment: segment.number, at };
            let taken = if record.is_of("decision") {
                decision(sessions, line, record.n, place)?
            } else if record.is_of(DEFINITION) {
                definition(sessions, line)
            } else {
                true
            };
            if !taken {
                tracing::error!(
                    record = record.n,
                    "a record is not as it is written, so what it changed in its session is not known"
                );
            }
            if sessions.unstored() > UNSTORED {
                sessions.store(None)?;
            }
        }
    }
    if is_met { Ok(()) } else { Err(other()) }
}

/// Takes in a decision. Says whether its record is as it is written.
fn decision(sessions: &Sessions, line: &[u8], n: u64, place: Place) -> Result<bool, JournalError> {
    let Ok(value) = json::parse(line.trim_ascii_end()) else { return Ok(false) };
    let Some(record) = value.as_object() else { return Ok(false) };
    let session = record.get("session").and_then(Value::as_str).and_then(|session| session.parse().ok());
    match (session, Change::read(record)) {
        (Some(session), Ok(Some(change))) => sessions.replay(&session, change, n, place)?,
        (Some(_), Ok(None)) => {}
        _ => return Ok(false),
    }
    Ok(true)
}

/// Takes in a definition. Says whether its record is as it is written.
fn definition(sessions: &Sessions, line: &[u8]) -> bool {
    let read = || {
        let value = json::parse(line.trim_ascii_end()).ok()?;
        let record: &Object = value.as_object()?;
        let digest: Digest = record.get("definition")?.as_str()?.parse().ok()?;
        Some((digest, BASE64.decode(record.get("sealed")?.as_str()?).ok()?))
    };
    match read() {
        Some((digest, sealed)) => {
            sessions.define(digest, sealed);
            true
        }
        None => false,
    }
}

//! Sessions, restored from a journal when it is opened: out of its index as far as that reaches, and out of the records behind.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use super::{JournalError, chain::Line, read::Lines, segment::Segment};
use crate::{
    event::SessionId,
    json::{
        Digest, Misread,
        members::{Members, parse_object, parsed, text},
    },
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
                match decision(line) {
                    Ok(Some((session, change))) => Ok(sessions.replay(&session, change, record.n, place)?),
                    Ok(None) => Ok(()),
                    Err(misread) => Err(misread),
                }
            } else if record.is_of(DEFINITION) {
                definition(line).map(|(digest, sealed)| sessions.define(digest, sealed))
            } else {
                Ok(())
            };
            if let Err(error) = taken {
                tracing::error!(
                    record = record.n,
                    %error,
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

/// What a decision changes in which session, by its record.
fn decision(line: &[u8]) -> Result<Option<(SessionId, Change)>, Misread> {
    let record = parse_object(line.trim_ascii_end())?;
    let session = Members::among(&record).needed("session", parsed("a session"))?;
    Ok(Change::read(&record)?.map(|change| (session, change)))
}

/// A definition, sealed, by its record.
fn definition(line: &[u8]) -> Result<(Digest, Vec<u8>), Misread> {
    let record = parse_object(line.trim_ascii_end())?;
    let record = Members::among(&record);
    let sealed = record.needed("sealed", text)?;
    let sealed = BASE64.decode(sealed).map_err(|error| Misread::at("sealed", "base64", error.to_string()))?;
    Ok((record.needed("definition", parsed("a digest"))?, sealed))
}

//! Erasures: sessions whose content nobody is to read again.

use std::path::Path;

use jiff::Timestamp;
use uuid::Uuid;

use super::{JournalError, keys::Keys, orders, slots::Slots};
use crate::{
    event::SessionId,
    json::{self, Object, Value},
};

/// That a session was erased: its keys are destroyed, and everything in it is denied from then on. For good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its identity.
    pub id: Uuid,
    /// The session; not those that work for it.
    pub session: SessionId,
    /// Why, in an operator's words: agents get to read it.
    pub why: String,
    /// Since when.
    pub time: Timestamp,
}

/// How the names of erasures' files end.
const EXTENSION: &str = "erased";

impl Erasure {
    /// A new one, from now on.
    #[must_use]
    pub fn new(session: SessionId, why: impl Into<String>) -> Self {
        Self { id: Uuid::now_v7(), session, why: why.into(), time: Timestamp::now() }
    }

    /// The erasure as JSON: `erasure` (its identity), `session`, `why`, `since`.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut object = Object::new();
        object.insert("erasure", self.id.to_string());
        object.insert("session", self.session.as_str());
        object.insert("why", self.why.as_str());
        object.insert("since", self.time.to_string());
        object
    }

    fn from_json(json: &[u8]) -> Option<Self> {
        let value = json::parse(json).ok()?;
        let text = |name: &str| value.as_object()?.get(name).and_then(Value::as_str);
        Some(Self {
            id: text("erasure")?.parse().ok()?,
            session: text("session")?.parse().ok()?,
            why: text("why")?.to_owned(),
            time: text("since")?.parse().ok()?,
        })
    }

    /// Those in a directory of orders, but for those known already, the oldest first.
    pub(super) fn all(directory: &Path, is_known: impl Fn(Uuid) -> bool) -> Result<Vec<Self>, JournalError> {
        let mut erasures = Vec::new();
        for path in orders::files(directory, EXTENSION)? {
            let id = path.file_stem().and_then(|id| id.to_str()?.parse().ok());
            if id.is_some_and(&is_known) {
                continue;
            }
            let bytes = orders::bounded(&path).map_err(JournalError::io("read", &path))?;
            // Somebody meant to erase something.
            let erasure = Self::from_json(&bytes).filter(|erasure| Some(erasure.id) == id);
            erasures.push(erasure.ok_or(JournalError::NoStop { path })?);
        }
        erasures.sort_by_key(|erasure| erasure.id);
        Ok(erasures)
    }
}

/// Erases a session in the journal of this directory, whose keys are in `keys`, whoever writes it. Gives how many keys were
/// destroyed: none if nothing of the session was sealed, or if that was done before.
///
/// # Errors
/// When there is no journal, or no keys where they are said to be: then nothing is erased. When the order cannot be left: then
/// nothing is erased. When a key cannot be destroyed: then the process that writes the journal will try before its next
/// decision, and makes none until it can.
pub fn erase(journal: &Path, keys: &Path, erasure: &Erasure) -> Result<usize, JournalError> {
    let directory = orders::in_journal(journal)?;
    let found = Keys::find(keys)?;
    let slots = Slots::beside(keys, &found)?;
    // The order first, so that the writer makes no key after those that are destroyed here.
    orders::place(&directory.join(format!("{}.{EXTENSION}", erasure.id)), &erasure.to_object())?;
    slots.map_or(Ok(0), |slots| slots.erase_all(std::slice::from_ref(&erasure.session)))
}

//! [`Cursor`]: how far somebody has read a journal.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    path::{Path, absolute},
};

use uuid::Uuid;

use super::{JournalError, chain::Chain, private};
use crate::json::{self, Object, Value};

/// The most bytes that a cursor's file has; one is about 150 long.
const MAX_FILE: u64 = 4 << 10;

/// How far somebody has read a journal: up to and with one record, and what the chain was there, so that it shows if that
/// record is not there any more or is another one.
///
/// In a file it is one JSON object, `{"journal":"<UUID>","record":17,"chain":"<64 hexadecimal digits>"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub(super) journal: Uuid,
    pub(super) n: u64,
    pub(super) chain: Chain,
}

impl Cursor {
    /// The journal's identity.
    #[must_use]
    pub const fn journal(&self) -> Uuid {
        self.journal
    }

    /// The number of the last record that was read.
    #[must_use]
    pub const fn record(&self) -> u64 {
        self.n
    }

    /// Reads the one in a file; `None` if there is no such file.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else.
    pub fn read(path: &Path) -> Result<Option<Self>, JournalError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(JournalError::io("read", path)(error)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_FILE).read_to_end(&mut bytes).map_err(JournalError::io("read", path))?;
        let cursor = json::parse(bytes.trim_ascii_end()).ok().as_ref().and_then(Value::as_object).and_then(Self::of);
        cursor.map(Some).ok_or_else(|| JournalError::NoCursor { path: path.to_owned() })
    }

    fn of(object: &Object) -> Option<Self> {
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let cursor = Self {
            journal: text("journal")?.parse().ok()?,
            n: object.get("record")?.as_number()?.as_u64()?,
            chain: Chain::from_hex(text("chain")?.as_bytes())?,
        };
        (object.len() == 3).then_some(cursor)
    }

    /// Writes it to a file, readable by its owner only: whole and on the disk, or not at all.
    ///
    /// # Errors
    /// When it cannot be written; the file is then what it was.
    pub fn write(&self, path: &Path) -> Result<(), JournalError> {
        // The directory of a bare name is the current one, which only an absolute path names.
        let written = absolute(path).and_then(|path| {
            private::write_whole(&path, |mut file| {
                writeln!(file, "{}", self.to_object())?;
                Ok(file)
            })
        });
        written.map_err(JournalError::io("write", path))
    }

    fn to_object(self) -> Object {
        let mut object = Object::new();
        object.insert("journal", self.journal.to_string());
        object.insert("record", self.n);
        object.insert("chain", self.chain.to_string());
        object
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cursor");
        assert_eq!(Cursor::read(&path).unwrap(), None);
        let cursor = Cursor { journal: Uuid::now_v7(), n: 17, chain: Chain::START };
        cursor.write(&path).unwrap();
        assert_eq!(Cursor::read(&path).unwrap(), Some(cursor));
        let text = std::fs::read_to_string(&path).unwrap();
        for wrong in [String::new(), "{}".to_owned(), text.replace("17", "-1"), text.replace('}', ",\"more\":1}")] {
            std::fs::write(&path, &wrong).unwrap();
            assert!(matches!(Cursor::read(&path), Err(JournalError::NoCursor { .. })), "{wrong}");
        }
    }
}

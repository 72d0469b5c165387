//! An index on disk: what can be made again from the journal, kept so that it need not be.
//!
//! Keys and values are bytes; what they mean is said by those who write them.

use std::{
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use redb::{Database, ReadOnlyTable, ReadableDatabase as _, TableDefinition, TableError};

/// An index in one file, which one process has open at a time.
pub(crate) struct Store {
    path: PathBuf,
    /// Gone after the system refused something: redb believes nothing of a file from then on until it is opened anew.
    open: RwLock<Option<Database>>,
}

/// The index cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the index says: {0}")]
pub(crate) struct StoreError(Box<redb::Error>);

/// What is told apart in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// What it covers.
    Covered,
    /// Sessions.
    Sessions,
    /// What sessions were told of tools.
    Tools,
    /// Events with an id that were answered.
    Answered,
    /// Definitions of tools.
    Definitions,
    /// The records of what sessions have read.
    Heard,
}

/// One row, or that there is to be none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) table: Table,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

/// What stands behind a prefix of a key, and the value.
type Pair = (Vec<u8>, Vec<u8>);
type Rows = ReadOnlyTable<&'static [u8], &'static [u8]>;
type Bytes = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Bytes of memory for its pages.
const CACHE: usize = 64 << 20;

impl Table {
    const ALL: [Self; 6] = [Self::Covered, Self::Sessions, Self::Tools, Self::Answered, Self::Definitions, Self::Heard];

    const fn definition(self) -> Bytes {
        TableDefinition::new(match self {
            Self::Covered => "covered",
            Self::Sessions => "sessions",
            Self::Tools => "tools",
            Self::Answered => "answered",
            Self::Definitions => "definitions",
            Self::Heard => "heard",
        })
    }
}

impl Store {
    /// Opens the index in a file, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be, or is damaged.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { path: path.to_owned(), open: RwLock::new(Some(database(path)?)) })
    }

    /// Does something with the index. Where that fails, the file is opened anew the next time.
    fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let result = if let Some(database) = &*open {
            let result = work(database);
            drop(open);
            result
        } else {
            drop(open);
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            let database = match open.take() {
                Some(database) => database,
                None => database(&self.path)?,
            };
            work(open.insert(database))
        };
        if result.is_err() {
            *self.open.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
        result
    }

    /// The value of a key.
    ///
    /// # Errors
    /// When that cannot be read.
    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|database| {
            let Some(rows) = rows(database, table)? else { return Ok(None) };
            Ok(rows.get(key).map_err(StoreError::of)?.map(|value| value.value().to_vec()))
        })
    }

    /// The values of all keys with a prefix, each with the rest of its key.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn with_prefix(&self, table: Table, prefix: &[u8]) -> Result<Vec<Pair>, StoreError> {
        self.with(|database| {
            let Some(rows) = rows(database, table)? else { return Ok(Vec::new()) };
            let mut found = Vec::new();
            for row in rows.range(prefix..).map_err(StoreError::of)? {
                let (key, value) = row.map_err(StoreError::of)?;
                let Some(rest) = key.value().strip_prefix(prefix) else { break };
                found.push((rest.to_vec(), value.value().to_vec()));
            }
            Ok(found)
        })
    }

    /// Writes rows, all of them or none, and has them reach the disk.
    ///
    /// # Errors
    /// When they were not written.
    pub(crate) fn write(&self, rows: &[Row]) -> Result<(), StoreError> {
        self.with(|database| {
            let begun = database.begin_write().map_err(StoreError::of)?;
            for table in Table::ALL.into_iter().filter(|table| rows.iter().any(|row| row.table == *table)) {
                let mut written = begun.open_table(table.definition()).map_err(StoreError::of)?;
                for row in rows.iter().filter(|row| row.table == table) {
                    match &row.value {
                        Some(value) => written.insert(row.key.as_slice(), value.as_slice()).map_err(StoreError::of)?,
                        None => written.remove(row.key.as_slice()).map_err(StoreError::of)?,
                    };
                }
            }
            begun.commit().map_err(StoreError::of)
        })
    }
}

/// Opens the file.
fn database(path: &Path) -> Result<Database, StoreError> {
    let mut builder = Database::builder();
    // A page that was changed would else be believed, or end the process.
    builder.set_cache_size(CACHE).set_check_integrity_on_open(true);
    builder.create(path).map_err(StoreError::of)
}

/// The rows of a table, if any were ever written.
fn rows(database: &Database, table: Table) -> Result<Option<Rows>, StoreError> {
    let begun = database.begin_read().map_err(StoreError::of)?;
    match begun.open_table(table.definition()) {
        Ok(rows) => Ok(Some(rows)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(StoreError::of(error)),
    }
}

impl StoreError {
    fn of(error: impl Into<redb::Error>) -> Self {
        Self(Box::new(error.into()))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn row(table: Table, key: &str, value: &str) -> Row {
        Row { table, key: key.into(), value: Some(value.into()) }
    }

    #[test]
    fn what_was_written_is_there_when_it_is_opened_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index");
        let store = Store::open(&path).unwrap();
        store.write(&[row(Table::Tools, "a\0x", "1"), row(Table::Tools, "a\0y", "2")]).unwrap();
        store.write(&[row(Table::Tools, "a\0y", "3"), row(Table::Tools, "ab\0z", "4")]).unwrap();
        drop(store);
        let store = Store::open(&path).unwrap();
        let found = store.with_prefix(Table::Tools, b"a\0").unwrap();
        assert_eq!(found, [(b"x".to_vec(), b"1".to_vec()), (b"y".to_vec(), b"3".to_vec())]);
        assert_eq!(store.get(Table::Tools, b"ab\0z").unwrap(), Some(b"4".to_vec()));
        assert_eq!(store.get(Table::Sessions, b"ab\0z").unwrap(), None);
        store.write(&[Row { table: Table::Tools, key: b"a\0x".to_vec(), value: None }]).unwrap();
        assert_eq!(store.with_prefix(Table::Tools, b"a\0").unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_index_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index");
        std::fs::write(&path, "no index".repeat(1_000)).unwrap();
        assert!(Store::open(&path).is_err());
    }
}

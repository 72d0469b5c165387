//! Batches: what is delivered at once.

use std::{mem, path::Path};

use guardhouse::journal::{Cursor, Follow, FollowError, JournalError};

use super::super::format::{Wanted, write};
use crate::arguments::Format;

/// The most records that are read for one batch.
const MAX_RECORDS: u64 = 1_000;

/// Bytes after which a batch is closed. A record that is longer goes alone.
const MAX_BYTES: usize = 1 << 20;

/// Records that follow each other, as they are delivered.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The lines of those that are wanted, each with its line end; none if none is.
    pub(super) lines: Vec<u8>,
    /// The number of the first record that was read for it.
    pub(super) first: u64,
    /// Where the last is that was read for it.
    pub(super) last: Option<Cursor>,
}

/// The batches of a journal.
pub(super) struct Batches<'a> {
    follow: Follow,
    format: Format,
    wanted: Wanted<'a>,
    /// Go on behind what is not as it should be.
    is_lenient: bool,
    /// What came behind the last batch.
    trouble: Option<FollowError>,
    /// A line that had no room in the last batch, and its record.
    left: Option<(Vec<u8>, Cursor)>,
}

impl<'a> Batches<'a> {
    /// Those behind a cursor.
    pub(super) fn after(
        journal: &Path,
        cursor: Option<Cursor>,
        (format, wanted): (Format, Wanted<'a>),
        is_lenient: bool,
    ) -> Result<Self, JournalError> {
        let follow = Follow::after(journal, cursor)?;
        Ok(Self { follow, format, wanted, is_lenient, trouble: None, left: None })
    }

    /// The next; `None` at the end of what is written, from where the next call looks again.
    pub(super) fn next(&mut self) -> Result<Option<Batch>, FollowError> {
        if let Some(trouble) = self.trouble.take() {
            return Err(trouble);
        }
        let mut batch = Batch::default();
        if let Some((lines, cursor)) = self.left.take() {
            batch = Batch { lines, first: cursor.record(), last: Some(cursor) };
        }
        while batch.last.is_none_or(|last| last.record() - batch.first + 1 < MAX_RECORDS)
            && batch.lines.len() < MAX_BYTES
        {
            match self.follow.next() {
                Ok(Some(record)) => {
                    let before = batch.lines.len();
                    write(&mut batch.lines, self.format, self.wanted, &record, &self.follow);
                    let cursor = self.follow.cursor();
                    if let Some(cursor) = cursor
                        && before > 0
                        && batch.lines.len() > MAX_BYTES
                    {
                        self.left = Some((batch.lines.split_off(before), cursor));
                        break;
                    }
                    if batch.last.is_none() {
                        batch.first = record.n;
                    }
                    batch.last = cursor;
                }
                Ok(None) => break,
                Err(error) if self.is_passed(&error) => tracing::warn!("passed over: {error}"),
                Err(error) => {
                    self.trouble = Some(error);
                    break;
                }
            }
        }
        if batch.last.is_some() {
            return Ok(Some(batch));
        }
        mem::take(&mut self.trouble).map_or(Ok(None), Err)
    }

    /// Has the journal looked at anew, so that it shows if it was exchanged.
    pub(super) fn reopen(&mut self) -> Result<(), JournalError> {
        self.follow.reopen()
    }

    /// Whether an error is passed over. A line that is no record always is: a record that it took away with it shows by the
    /// next one.
    fn is_passed(&self, error: &FollowError) -> bool {
        self.is_lenient && error.is_passable() || matches!(error, FollowError::Journal(JournalError::NoRecord { .. }))
    }
}

//! [`Follow`]: reading on from a cursor, each record held to the one before.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;
use uuid::Uuid;

use super::{
    Cursor, JournalError, Record, Records,
    chain::{Chain, Line},
};
use crate::json::Value;

/// The records of a journal behind a cursor, in their order, as far as they are written.
///
/// Each must follow from the one before by number and chain, and the first from the cursor: what was cut off, taken away,
/// changed or exchanged since is an error and not passed over. Where [`FollowError::is_passable`] says so, the next call
/// goes on behind it.
#[derive(Debug)]
pub struct Follow {
    directory: PathBuf,
    records: Records,
    journal: Option<Uuid>,
    /// The record before the next one; without a chain behind records that are not there.
    last: Option<(u64, Option<Chain>)>,
    /// The record of the cursor is still to come.
    is_behind: bool,
    /// Read already, and to be given with the next call.
    pending: Option<Record>,
    /// The end was reached since the files were opened.
    has_waited: bool,
}

/// What is behind a cursor is not what should be.
#[derive(Debug, Error)]
pub enum FollowError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It is another journal than the cursor's.
    #[error("expected journal {expected}, found journal {found}")]
    OtherJournal {
        /// The cursor's.
        expected: Uuid,
        /// The one that is there.
        found: Uuid,
    },
    /// The journal ends before the cursor's record.
    #[error(
        "expected record {n}, which was read before, found that the journal ends before it: \
         it was cut off or replaced, or lost its end in a power cut"
    )]
    CutOff {
        /// The cursor's record.
        n: u64,
    },
    /// The cursor's record has another chain.
    #[error("expected record {n} as it was read before, found another one: the journal was replaced or written anew")]
    Replaced {
        /// The cursor's record.
        n: u64,
    },
    /// Records are not there.
    #[error("expected record {from}, found record {}: {} records are not there", to + 1, to - from + 1)]
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// A record does not follow from the one before.
    #[error("expected record {n} to follow from the one before, found that it does not: one of them was changed")]
    Changed {
        /// The record.
        n: u64,
    },
    /// A record stands behind a later one, or a second time.
    #[error("expected record {expected}, found record {n} behind it")]
    Misplaced {
        /// The next number.
        expected: u64,
        /// The record.
        n: u64,
    },
}

impl FollowError {
    /// Whether the next call goes on behind it. Where it is the cursor that does not fit, nothing does.
    #[must_use]
    pub const fn is_passable(&self) -> bool {
        matches!(
            self,
            Self::Missing { .. }
                | Self::Changed { .. }
                | Self::Misplaced { .. }
                | Self::Journal(JournalError::NoRecord { .. })
        )
    }
}

impl Follow {
    /// Those of the journal in this directory behind a cursor; all, from record 1 on, without one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn after(directory: &Path, cursor: Option<Cursor>) -> Result<Self, JournalError> {
        let last = cursor.map(|cursor| (cursor.n, Some(cursor.chain)));
        Ok(Self {
            directory: directory.to_owned(),
            records: Records::since(directory, last.map_or(0, |(n, _)| n))?,
            journal: cursor.map(|cursor| cursor.journal),
            is_behind: last.is_some(),
            last: Some(last.unwrap_or((0, Some(Chain::START)))),
            pending: None,
            has_waited: false,
        })
    }

    /// All that are there, the first of them whichever it is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn all(directory: &Path) -> Result<Self, JournalError> {
        Ok(Self { last: None, ..Self::after(directory, None)? })
    }

    /// The next record; `None` at the end of what is written, from where the next call looks again.
    ///
    /// # Errors
    /// When the journal cannot be read or is not what it should be.
    #[expect(clippy::should_implement_trait, reason = "an iterator would be over at the end of what is written")]
    pub fn next(&mut self) -> Result<Option<Record>, FollowError> {
        let last = self.last;
        match self.step() {
            // Its writer may have taken back a half-written record that was read here in part: the files say.
            Err(error) if error.is_passable() && self.has_waited && !self.is_behind => {
                (self.last, self.pending) = (last, None);
                self.reopen()?;
                self.step()
            }
            step => step,
        }
    }

    /// The line of the record that came last, as it is written, with its line end.
    #[must_use]
    pub fn line(&self) -> &[u8] {
        self.records.line()
    }

    /// Where the record is that came last; `None` before the first.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        let (n, chain) = self.last?;
        Some(Cursor { journal: self.journal?, n, chain: chain? }).filter(|cursor| cursor.n > 0)
    }

    /// The journal's identity; `None` before its first record.
    #[must_use]
    pub const fn journal(&self) -> Option<Uuid> {
        self.journal
    }

    /// Opens the files anew and looks for the record that came last, so that a journal that was exchanged shows.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn reopen(&mut self) -> Result<(), JournalError> {
        let cursor = self.cursor();
        let journal = self.journal;
        *self = Self { last: self.last, journal, ..Self::after(&self.directory, cursor)? };
        Ok(())
    }

    fn step(&mut self) -> Result<Option<Record>, FollowError> {
        loop {
            let record = match self.pending.take() {
                Some(record) => record,
                None => match self.records.next() {
                    Some(Ok(record)) => record,
                    None => {
                        self.has_waited = true;
                        return match self.last {
                            Some((n, _)) if self.is_behind => Err(FollowError::CutOff { n }),
                            _ => Ok(None),
                        };
                    }
                    // Retention was faster: what is not there shows by the next record.
                    Some(Err(JournalError::Io { source, .. })) if source.kind() == io::ErrorKind::NotFound => continue,
                    Some(Err(error)) => return Err(error.into()),
                },
            };
            self.identify(&record)?;
            let (is_known, chain) = self.place(&record)?;
            if !is_known {
                self.last = Some((record.n, Some(chain)));
                return Ok(Some(record));
            }
        }
    }

    /// Learns whose record it is.
    fn identify(&mut self, record: &Record) -> Result<(), FollowError> {
        if record.kind() != "segment" {
            return Ok(());
        }
        let found = record.members.get("journal").and_then(Value::as_str).and_then(|journal| journal.parse().ok());
        let Some(found) = found else {
            return Err(JournalError::NoJournal { path: self.directory.clone() }.into());
        };
        let expected = *self.journal.get_or_insert(found);
        if expected == found { Ok(()) } else { Err(FollowError::OtherJournal { expected, found }) }
    }

    /// Holds a record to what was before it, and says whether it was read before the cursor was written, and its chain.
    fn place(&mut self, record: &Record) -> Result<(bool, Chain), FollowError> {
        let path = || JournalError::NoRecord { path: self.directory.clone(), at: 0 };
        let line = Line::of(self.records.line()).ok_or_else(path)?;
        let (n, chain) = (record.n, line.chain);
        let Some((last, before)) = self.last else { return Ok((false, chain)) };
        if self.is_behind {
            if n < last {
                return Ok((true, chain));
            }
            self.is_behind = false;
            if n == last {
                return if before == Some(chain) { Ok((true, chain)) } else { Err(FollowError::Replaced { n }) };
            }
        }
        if n <= last {
            return Err(FollowError::Misplaced { expected: last + 1, n });
        }
        if n > last + 1 {
            self.pending = Some(record.clone());
            self.last = Some((n - 1, None));
            return Err(FollowError::Missing { from: last + 1, to: n - 1 });
        }
        if before.is_some_and(|before| !line.follows(before)) {
            self.pending = Some(record.clone());
            self.last = Some((last, None));
            return Err(FollowError::Changed { n });
        }
        Ok((false, chain))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::fs;

    use super::*;
    use crate::journal::{Options, segment::Segment, tests::written};

    /// Everything that is there, with what is wrong in its place.
    fn read(follow: &mut Follow) -> Vec<Result<u64, FollowError>> {
        let mut found = Vec::new();
        while let Some(record) = follow.next().transpose() {
            let is_over = record.as_ref().is_err_and(|error| !error.is_passable());
            found.push(record.map(|record| record.n));
            if is_over {
                break;
            }
        }
        found
    }

    fn numbers(found: &[Result<u64, FollowError>]) -> Vec<u64> {
        found.iter().map(|record| *record.as_ref().unwrap()).collect()
    }

    fn cursor_at(directory: &Path, n: u64) -> Cursor {
        let mut follow = Follow::after(directory, None).unwrap();
        while follow.next().unwrap().unwrap().n < n {}
        follow.cursor().unwrap()
    }

    /// Has another process write more records.
    fn go_on(directory: &Path, records: usize, segment_bytes: u64) {
        let journal = Options { segment_bytes, ..Options::new(directory) }.open().unwrap();
        for _ in 0..records {
            journal.write(br#""kind":"later""#).unwrap();
        }
    }

    fn change(directory: &Path, change: impl FnOnce(String) -> String) {
        let path = directory.join("00000001.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, change(text)).unwrap();
    }

    #[test]
    fn reading_goes_on_behind_a_cursor_over_segments_and_restarts() {
        let directory = written(100, 2_000);
        let segments = Segment::all(directory.path()).unwrap();
        assert!(segments.len() > 5, "{segments:?}");
        let mut follow = Follow::after(directory.path(), None).unwrap();
        let all = numbers(&read(&mut follow));
        let last = *all.last().unwrap();
        assert_eq!(all, (1..=last).collect::<Vec<_>>());
        for n in [1, 2, 50, last - 1, last] {
            let mut behind = Follow::after(directory.path(), Some(cursor_at(directory.path(), n))).unwrap();
            assert_eq!(numbers(&read(&mut behind)), (n + 1..=last).collect::<Vec<_>>(), "{n}");
        }
        // The first and the last record of the process that goes on, and of the segments that it begins.
        go_on(directory.path(), 40, 2_000);
        let more = numbers(&read(&mut follow));
        assert_eq!(more, (last + 1..=*more.last().unwrap()).collect::<Vec<_>>());
        assert!(more.len() > 40, "{more:?}");
    }

    #[test]
    fn a_cursor_holds_for_its_journal_and_for_what_it_was() {
        let (directory, other) = (written(10, 1 << 20), written(10, 1 << 20));
        let cursor = cursor_at(directory.path(), 5);
        let found = read(&mut Follow::after(other.path(), Some(cursor)).unwrap());
        assert!(matches!(found[..], [Err(FollowError::OtherJournal { .. })]), "{found:?}");

        change(directory.path(), |text| text.split_inclusive('\n').take(4).collect());
        let found = read(&mut Follow::after(directory.path(), Some(cursor)).unwrap());
        assert!(matches!(found[..], [Err(FollowError::CutOff { n: 5 })]), "{found:?}");

        // Its owner goes on with other records.
        go_on(directory.path(), 5, 1 << 20);
        let found = read(&mut Follow::after(directory.path(), Some(cursor)).unwrap());
        assert!(matches!(found[..], [Err(FollowError::Replaced { n: 5 })]), "{found:?}");
    }

    #[test]
    fn what_is_missing_changed_or_moved_is_told_and_can_be_passed() {
        let lines = |change: fn(&mut Vec<String>)| {
            let directory = written(8, 1 << 20);
            self::change(directory.path(), |text| {
                let mut lines = text.split_inclusive('\n').map(str::to_owned).collect();
                change(&mut lines);
                lines.concat()
            });
            let found = read(&mut Follow::after(directory.path(), None).unwrap());
            let passed = found.iter().filter_map(|record| record.as_ref().ok()).copied().collect::<Vec<_>>();
            let told = found.into_iter().filter_map(Result::err).collect::<Vec<_>>();
            (told, passed)
        };
        let (told, passed) = lines(|lines| drop(lines.drain(3..5)));
        assert!(matches!(told[..], [FollowError::Missing { from: 4, to: 5 }]), "{told:?}");
        assert_eq!(passed, [1, 2, 3, 6, 7, 8, 9, 10]);
        let (told, passed) = lines(|lines| lines[3] = lines[3].replace("\"value\":2", "\"value\":3"));
        assert!(matches!(told[..], [FollowError::Changed { n: 4 }]), "{told:?}");
        assert_eq!(passed, (1..=10).collect::<Vec<_>>());
        let (told, passed) = lines(|lines| lines.insert(6, lines[2].clone()));
        assert!(matches!(told[..], [FollowError::Misplaced { expected: 7, n: 3 }]), "{told:?}");
        assert_eq!(passed, (1..=10).collect::<Vec<_>>());
        let (told, passed) = lines(|lines| lines[4] = "what is this\n".to_owned());
        let [FollowError::Journal(JournalError::NoRecord { .. }), FollowError::Missing { from: 5, to: 5 }] = told[..]
        else {
            unreachable!("{told:?}")
        };
        assert_eq!(passed, [1, 2, 3, 4, 6, 7, 8, 9, 10]);
    }

    #[test]
    fn segments_that_retention_took_are_counted_unless_nothing_was_lost() {
        let directory = written(100, 2_000);
        let segments = Segment::all(directory.path()).unwrap();
        let mut all = Follow::all(directory.path()).unwrap();
        let mut begins = Vec::new();
        while let Some(record) = all.next().unwrap() {
            if record.kind() == "segment" {
                begins.push(record.n);
            }
        }
        let second = begins[2];
        let cursors = [cursor_at(directory.path(), second - 1), cursor_at(directory.path(), second - 4)];
        for segment in &segments[..2] {
            fs::remove_file(&segment.path).unwrap();
        }
        let found = read(&mut Follow::after(directory.path(), Some(cursors[0])).unwrap());
        assert_eq!(*found[0].as_ref().unwrap(), second, "the next is there");
        let found = read(&mut Follow::after(directory.path(), Some(cursors[1])).unwrap());
        let Err(FollowError::Missing { from, to }) = found[0] else { unreachable!("{found:?}") };
        assert_eq!((from, to), (second - 3, second - 1));
        let found = read(&mut Follow::after(directory.path(), None).unwrap());
        assert!(matches!(found[0], Err(FollowError::Missing { from: 1, .. })), "{:?}", found[0]);
        assert_eq!(*read(&mut Follow::all(directory.path()).unwrap())[0].as_ref().unwrap(), second);
    }

    #[test]
    fn a_half_written_record_that_its_writer_takes_back_is_no_fault() {
        let directory = written(4, 1 << 20);
        let path = directory.path().join("00000001.jsonl");
        let whole = fs::read_to_string(&path).unwrap();
        let torn = format!("{whole}{{\"n\":7,\"kind\":\"a much longer record than the one that comes in its place");
        fs::write(&path, torn).unwrap();
        let mut follow = Follow::after(directory.path(), None).unwrap();
        assert_eq!(numbers(&read(&mut follow)).len(), 6);
        go_on(directory.path(), 5, 1 << 20);
        assert_eq!(numbers(&read(&mut follow)), (7..=13).collect::<Vec<_>>());
    }
}

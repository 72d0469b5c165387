//! [`Tail`]: the end of the journal, where records are added.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    JournalError,
    chain::{self, Chain, Line, members},
    checkpoint::{self, Checkpoint},
    lived::{self, Lived},
    private,
    read::{Lines, MAX_MEMBERS},
    segment::Segment,
};
use crate::{
    json::{self, Object, Value},
    session::{Place, Reached},
};

/// The end of the journal.
#[derive(Debug)]
pub(super) struct Tail {
    directory: PathBuf,
    journal: Uuid,
    segment: Segment,
    file: Arc<File>,
    /// Bytes of whole records in the segment.
    len: u64,
    /// What is behind them was not written whole, and goes before the next record is written.
    is_torn: bool,
    last: Last,
    /// The last record that is a checkpoint.
    covered: u64,
    lived: Lived,
    /// Records that the disk may not have taken, of which the journal does not say so yet: from, to.
    owed: Option<(u64, u64)>,
    /// Files before this one that are not synced yet.
    left: Vec<Arc<File>>,
    /// For the line that is being written.
    line: Vec<u8>,
    /// Bytes of a segment, after which the next is begun.
    most: u64,
}

/// The last record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Last {
    n: u64,
    chain: Chain,
}

/// What is to be synced.
pub(super) struct Unsynced {
    pub(super) files: Vec<Arc<File>>,
    /// The last record in them.
    pub(super) n: u64,
}

impl Tail {
    /// Opens the journal in a directory, which is there; makes one if there is none. What a crash left half written at its
    /// end is dropped, and the record of the opening says how many bytes that were.
    pub(super) fn open(directory: &Path, most: u64) -> Result<Self, JournalError> {
        let mut segments = Segment::all(directory).map_err(JournalError::io("list", directory))?;
        let next = segments.last().map_or(1, |segment| segment.number + 1);
        let mut dropped = 0;
        let found = loop {
            let Some(segment) = segments.pop() else { break None };
            let end = End::of(&segment).map_err(JournalError::io("read", &segment.path))?;
            match end.last {
                Some(last) => {
                    dropped += end.torn;
                    break Some((segment, end, last));
                }
                // Begun, and not so far as the end of its first record.
                None if !end.has_lines => {
                    dropped += end.torn;
                    std::fs::remove_file(&segment.path).map_err(JournalError::io("remove", &segment.path))?;
                }
                None => damaged(&segment),
            }
        };
        let Some((segment, end, last)) = found else {
            let (journal, first) = (Uuid::now_v7(), Last { n: 0, chain: Chain::START });
            let before = Before { last: first, lived: Lived::since(None), dropped, unsynced: None };
            return Self::begin(directory, journal, next, most, &before);
        };
        let Some(journal) = end.journal else { return Err(JournalError::NoJournal { path: segment.path }) };
        if end.is_broken {
            damaged(&segment);
        }
        let lived = Lived::since(end.lived);
        if segment.is_compressed || end.is_broken || segment.number + 1 < next {
            return Self::begin(directory, journal, next, most, &Before { last, lived, dropped, unsynced: None });
        }
        let file = private::open(OpenOptions::new().append(true), &segment.path);
        let file = file.map_err(JournalError::io("open", &segment.path))?;
        let mut tail = Self::of(directory, journal, segment, file, most, (last, lived));
        (tail.len, tail.is_torn) = (end.len, end.torn > 0);
        tail.write(opened(dropped, lived).as_bytes())?;
        Ok(tail)
    }

    /// The end of a journal in a segment that has nothing yet.
    fn of(
        directory: &Path,
        journal: Uuid,
        segment: Segment,
        file: File,
        most: u64,
        (last, lived): (Last, Lived),
    ) -> Self {
        Self {
            directory: directory.to_owned(),
            journal,
            segment,
            file: Arc::new(file),
            len: 0,
            is_torn: false,
            last,
            covered: 0,
            lived,
            owed: None,
            left: Vec::new(),
            line: Vec::new(),
            most,
        }
    }

    /// Begins a segment. Where that fails, its file is not there, so that it can be begun again.
    fn begin(directory: &Path, journal: Uuid, number: u64, most: u64, before: &Before) -> Result<Self, JournalError> {
        let segment = Segment::new(directory, number);
        let path = segment.path.clone();
        let make = || private::open(OpenOptions::new().append(true).create_new(true), &path);
        let file = match make() {
            // It was begun before, and could not be removed when that failed.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && !has_lines(&segment) => {
                std::fs::remove_file(&path).and_then(|()| make())
            }
            opened => opened,
        };
        let file = file.map_err(JournalError::io("make", &path))?;
        let mut tail = Self::of(directory, journal, segment, file, most, (before.last, before.lived));
        let members = before.members(journal, number);
        let begun = tail.write(members.as_bytes());
        // The name has to be there after a power cut, too.
        let begun =
            begun.and_then(|()| private::sync_directory(directory).map_err(JournalError::io("sync", directory)));
        match begun {
            Ok(()) => Ok(tail),
            Err(error) => {
                let _ = std::fs::remove_file(&path);
                Err(error)
            }
        }
    }

    /// Appends a record with these members and gives its number and its place. Where that fails, nothing of it is there.
    pub(super) fn append(&mut self, members: &[u8], key: &SigningKey) -> Result<(u64, Place), JournalError> {
        if members.len() > MAX_MEMBERS {
            return Err(JournalError::TooLong { most: MAX_MEMBERS, found: members.len() });
        }
        if self.len + members.len() as u64 > self.most && self.len > 0 {
            self.rotate(key)?;
        }
        let place = Place { segment: self.segment.number, at: self.len };
        self.write(members)?;
        Ok((self.last.n, place))
    }

    /// Adds a checkpoint, if there is something that none covers.
    pub(super) fn checkpoint(&mut self, key: &SigningKey) -> Result<(), JournalError> {
        if self.is_covered() {
            return Ok(());
        }
        let checkpoint = Checkpoint::sign(key, self.journal, self.last.n, self.last.chain);
        let members = format!("{},\"{}\":{}", checkpoint.members(), lived::MEMBER, self.lived.millis());
        self.write(members.as_bytes())?;
        self.covered = self.last.n;
        Ok(())
    }

    /// Whether the last record is a checkpoint.
    pub(super) const fn is_covered(&self) -> bool {
        self.covered == self.last.n
    }

    /// Closes the segment with a checkpoint and begins the next.
    fn rotate(&mut self, key: &SigningKey) -> Result<(), JournalError> {
        self.checkpoint(key)?;
        self.go_on()
    }

    /// The disk may not have taken these records: goes on in a new segment that says so. The system counts as written what
    /// it could not write, and would say of the same file that all is well.
    pub(super) fn lost(&mut self, from: u64, to: u64) -> Result<(), JournalError> {
        let from = self.owed.map_or(from, |(first, _)| first);
        self.owed = Some((from, to));
        self.go_on()
    }

    /// Whether there are records that the disk may not have taken, and no segment could be begun yet that says so.
    pub(super) const fn is_owing(&self) -> bool {
        self.owed.is_some()
    }

    /// Goes on in a new segment.
    pub(super) fn go_on(&mut self) -> Result<(), JournalError> {
        let before = Before { last: self.last, lived: self.lived, dropped: 0, unsynced: self.owed };
        let next = Self::begin(&self.directory, self.journal, self.segment.number + 1, self.most, &before)?;
        let before = std::mem::replace(self, next);
        self.left = before.left;
        self.left.push(before.file);
        self.line = before.line;
        Ok(())
    }

    /// What is to be synced, to the last record there is.
    pub(super) fn unsynced(&mut self) -> Unsynced {
        let mut files = std::mem::take(&mut self.left);
        files.push(Arc::clone(&self.file));
        Unsynced { files, n: self.last.n }
    }

    /// The number of the last record.
    pub(super) const fn n(&self) -> u64 {
        self.last.n
    }

    /// The last record.
    pub(super) fn reached(&self) -> Reached {
        Reached { n: self.last.n, chain: self.last.chain.to_string(), segment: self.segment.number }
    }

    /// The number of the segment that is written.
    pub(super) const fn segment(&self) -> u64 {
        self.segment.number
    }

    /// How long the journal has lived.
    pub(super) fn lived(&self) -> Duration {
        self.lived.duration()
    }

    /// Has another file written from now on, and gives the one that was.
    #[cfg(test)]
    pub(super) fn exchange(&mut self, file: Arc<File>) -> Arc<File> {
        std::mem::replace(&mut self.file, file)
    }

    fn write(&mut self, members: &[u8]) -> Result<(), JournalError> {
        let n = self.last.n + 1;
        let chain = chain::write(&mut self.line, n, members, self.last.chain);
        self.write_line().map_err(JournalError::io("write", &self.segment.path))?;
        self.len += self.line.len() as u64;
        self.last = Last { n, chain };
        Ok(())
    }

    fn write_line(&mut self) -> io::Result<()> {
        if self.is_torn {
            self.file.set_len(self.len)?;
        }
        self.is_torn = true;
        (&*self.file).write_all(&self.line)?;
        self.is_torn = false;
        Ok(())
    }
}

/// What is before a segment.
#[derive(Debug)]
struct Before {
    last: Last,
    lived: Lived,
    /// Bytes that a crash left half written, and that were dropped.
    dropped: u64,
    /// Records that the disk may not have taken.
    unsynced: Option<(u64, u64)>,
}

impl Before {
    /// The members of a segment's first record.
    fn members(&self, journal: Uuid, number: u64) -> String {
        let mut object = Object::new();
        object.insert("kind", "segment");
        object.insert("time", Timestamp::now().to_string());
        object.insert("journal", journal.to_string());
        object.insert("segment", number);
        object.insert("after", self.last.chain.to_string());
        object.insert("version", env!("CARGO_PKG_VERSION"));
        object.insert(lived::MEMBER, self.lived.millis());
        if self.dropped > 0 {
            object.insert("dropped", self.dropped);
        }
        if let Some((from, to)) = self.unsynced {
            object.insert("unsynced", vec![Value::from(from), Value::from(to)]);
        }
        members(&object)
    }
}

/// The members of the record of an opening.
fn opened(dropped: u64, lived: Lived) -> String {
    let mut object = Object::new();
    object.insert("kind", "opened");
    object.insert("time", Timestamp::now().to_string());
    object.insert("version", env!("CARGO_PKG_VERSION"));
    object.insert(lived::MEMBER, lived.millis());
    if dropped > 0 {
        object.insert("dropped", dropped);
    }
    members(&object)
}

/// Whether a line of a segment was written to its end, or that is not known.
fn has_lines(segment: &Segment) -> bool {
    let first = || Ok::<_, io::Error>(Lines::of(segment)?.next()?.is_some_and(|(_, line)| line.ends_with(b"\n")));
    first().unwrap_or(true)
}

/// How a segment ends.
struct End {
    journal: Option<Uuid>,
    /// Its last whole record.
    last: Option<Last>,
    /// Where that ends.
    len: u64,
    /// Bytes behind it.
    torn: u64,
    /// Something before it does not follow from what is before that.
    is_broken: bool,
    /// There is a line that was written to its end.
    has_lines: bool,
    /// How long the journal had lived, and when that was, as far as it says.
    lived: Option<(Duration, Timestamp)>,
}

/// What was written may be evidence: nothing of it is touched, and the journal goes on elsewhere.
fn damaged(segment: &Segment) {
    tracing::error!(
        segment = %segment.path.display(),
        "the journal was changed or damaged: it goes on in a new segment; `guardhouse audit verify` says where"
    );
}

impl End {
    fn of(segment: &Segment) -> io::Result<Self> {
        let mut end =
            Self { journal: None, last: None, len: 0, torn: 0, is_broken: false, has_lines: false, lived: None };
        let mut lines = Lines::of(segment)?;
        while let Some((at, line)) = lines.next()? {
            let behind = at + line.len() as u64;
            end.has_lines |= line.ends_with(b"\n");
            let Some(record) = Line::of(line) else {
                end.torn = behind - end.len;
                continue;
            };
            let follows = if let Some(last) = end.last {
                let follows = record.n == last.n + 1 && record.follows(last.chain);
                end.is_broken |= !follows;
                follows
            } else {
                let first = json::parse(line.trim_ascii_end()).ok();
                end.journal = first.as_ref().and_then(|first| text_of(first, "journal")?.parse().ok());
                first.as_ref().and_then(after_of).is_some_and(|after| record.follows(after))
            };
            end.is_broken |= at != end.len;
            // By a damaged one, everything could be old.
            if follows && ["segment", "opened", checkpoint::KIND].iter().any(|kind| record.is_of(kind)) {
                end.lived = lived_of(line).or(end.lived);
            }
            end.last = Some(Last { n: record.n, chain: record.chain });
            (end.len, end.torn) = (behind, 0);
        }
        Ok(end)
    }
}

/// How long the journal had lived when this line was written, and when that was.
fn lived_of(line: &[u8]) -> Option<(Duration, Timestamp)> {
    let record = json::parse(line.trim_ascii_end()).ok()?;
    Some((lived::said(&record)?, text_of(&record, "time")?.parse().ok()?))
}

/// The chain before a segment's first record, as that says.
pub(super) fn after_of(record: &Value) -> Option<Chain> {
    Chain::from_hex(text_of(record, "after")?.as_bytes())
}

/// A text that a record says.
pub(super) fn text_of<'r>(record: &'r Value, name: &str) -> Option<&'r str> {
    record.as_object()?.get(name)?.as_str()
}

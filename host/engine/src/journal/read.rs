//! Reading a journal, in bounded memory: at most one record at a time.

use std::{
    collections::VecDeque,
    io::{self, BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
};

use super::{JournalError, chain::Line, segment::Segment};
use crate::json::{self, Object, Value};

/// The longest record that is written or read, in bytes: more than the texts that one event may have, sealed and written as
/// base64.
pub(super) const MAX_RECORD: usize = 64 << 20;

/// The most bytes that the members of a record may have; the rest is for its number and its chain.
pub(super) const MAX_MEMBERS: usize = MAX_RECORD - 256;

/// Bytes that are asked of the system at once.
const BUFFER: usize = 256 << 10;

/// The lines of one segment.
pub(super) struct Lines {
    bytes: BufReader<Box<dyn Read + Send>>,
    line: Vec<u8>,
    /// Where the line begins.
    at: u64,
    /// The line was read to its end.
    is_whole: bool,
}

impl Lines {
    pub(super) fn of(segment: &Segment) -> io::Result<Self> {
        Ok(Self::read(segment.read()?))
    }

    /// From a place on, in bytes.
    pub(super) fn from(segment: &Segment, at: u64) -> io::Result<Self> {
        let mut lines = Self::read(segment.read_from(at)?);
        lines.at = at;
        Ok(lines)
    }

    pub(super) fn read(bytes: Box<dyn Read + Send>) -> Self {
        Self { bytes: BufReader::with_capacity(BUFFER, bytes), line: Vec::new(), at: 0, is_whole: true }
    }

    /// The next line with its line end, and where in the segment it begins. What is longer than a record comes in pieces
    /// without one. So does a last line that is not written to its end; once there is more of it, it comes again.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        if self.is_whole {
            self.at += self.line.len() as u64;
            self.line.clear();
        }
        let most = (MAX_RECORD - self.line.len()) as u64;
        let read = self.bytes.by_ref().take(most).read_until(b'\n', &mut self.line)?;
        self.is_whole = self.line.ends_with(b"\n") || self.line.len() == MAX_RECORD;
        Ok((read > 0).then_some((self.at, self.line.as_slice())))
    }
}

/// The records of a journal, in their order, as far as they are written. Whether they are what was written, they do not say:
/// [`verify`](super::verify()) does.
pub struct Records {
    directory: PathBuf,
    segments: VecDeque<Segment>,
    open: Option<Open>,
}

/// The segment that is read.
struct Open {
    segment: Segment,
    lines: Lines,
    /// The next is there, so that nothing will be added to this one.
    is_closed: bool,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub n: u64,
    /// Its members, `n`, `kind` and `chain` among them.
    pub members: Object,
}

impl Record {
    /// What kind of record it is.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.members.get("kind").and_then(Value::as_str).unwrap_or_default()
    }
}

impl Records {
    /// Those of the journal in this directory.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(directory: &Path) -> Result<Self, JournalError> {
        let segments = Segment::all(directory).map_err(JournalError::io("list", directory))?;
        Ok(Self { directory: directory.to_owned(), segments: segments.into(), open: None })
    }

    /// Those from the segment on in which record `n` stands, or would; from the first where that is not to be seen.
    pub(super) fn since(directory: &Path, n: u64) -> Result<Self, JournalError> {
        let mut records = Self::of(directory)?;
        let begins = |segment: &Segment| first_of(segment).is_some_and(|first| first <= n);
        let place = records.segments.iter().rposition(begins).unwrap_or_default();
        records.segments.drain(..place);
        Ok(records)
    }

    /// The line of the record that came last, as it is written, with its line end.
    #[must_use]
    pub fn line(&self) -> &[u8] {
        self.open.as_ref().map_or(&[], |open| open.lines.line.as_slice())
    }

    fn read(&mut self) -> Result<Option<Record>, JournalError> {
        loop {
            let Some(open) = &mut self.open else {
                let Some(segment) = self.segments.pop_front() else { return Ok(None) };
                let lines = match Lines::of(&segment) {
                    Ok(lines) => lines,
                    // It was retired since it was listed.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(JournalError::io("read", &segment.path)(error)),
                };
                self.open = Some(Open { segment, lines, is_closed: false });
                continue;
            };
            let path = &open.segment.path;
            match open.lines.next().map_err(JournalError::io("read", path))? {
                Some((at, line)) if line.ends_with(b"\n") => {
                    let record = Line::of(line).map(|record| (record.n, json::parse(line.trim_ascii_end())));
                    let Some((n, Ok(Value::Object(members)))) = record else {
                        return Err(JournalError::NoRecord { path: path.clone(), at });
                    };
                    return Ok(Some(Record { n, members }));
                }
                _ if open.is_closed => self.open = None,
                _ => {
                    let number = open.segment.number;
                    if self.segments.is_empty() {
                        let all = Segment::all(&self.directory).map_err(JournalError::io("list", &self.directory))?;
                        self.segments.extend(all.into_iter().filter(|segment| segment.number > number));
                    }
                    if self.segments.is_empty() {
                        return Ok(None);
                    }
                    // Something may have been added before the next was begun.
                    open.is_closed = true;
                }
            }
        }
    }
}

/// The number of a segment's first record; `None` if it has none, or it cannot be read.
fn first_of(segment: &Segment) -> Option<u64> {
    let mut lines = Lines::of(segment).ok()?;
    Line::of(lines.next().ok()??.1).map(|record| record.n)
}

/// Ends where what is written ends, be that in the midst of a record, and goes on when there is more. An error is a file that cannot be read, or a line that
/// is no record; those behind it come all the same.
impl Iterator for Records {
    type Item = Result<Record, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("segments", &self.segments).finish_non_exhaustive()
    }
}

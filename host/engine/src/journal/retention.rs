//! Retention: old segments go, the oldest first, and the journal says what went.
//!
//! Only whole segments go, and one at a time: first a record `retired` and a checkpoint over it are written and synced, and
//! then the file is removed. A journal whose beginning is missing without such a record is not sound. If a crash comes between
//! the two, the same is done once more.

use std::{fs, io, path::PathBuf, time::Duration};

use jiff::Timestamp;

use super::{
    Options,
    chain::{Chain, Line, members},
    lived, private,
    read::Lines,
    segment::Segment,
    tail::after_of,
};
use crate::json::{self, Object, Value};

/// The kind of the record.
pub(super) const KIND: &str = "retired";

/// A segment that is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outdated {
    segment: u64,
    /// What is said of it.
    retired: Retired,
}

/// What a record `retired` says: that everything up to this record is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Retired {
    /// The last record that goes.
    pub(super) n: u64,
    /// The chain after it.
    pub(super) chain: Chain,
}

impl Retired {
    /// What a line of this kind says; `None` if it is none.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        let value = json::parse(line.trim_ascii_end()).ok()?;
        let object = value.as_object()?;
        let n = object.get("covers")?.as_number()?.as_str().parse().ok()?;
        Some(Self { n, chain: Chain::from_hex(object.get("at").and_then(Value::as_str)?.as_bytes())? })
    }
}

impl Outdated {
    /// The oldest segment, if it is closed and its last record is older than may be, in a journal that has lived for `lived`
    /// and writes the segment `written`.
    pub(super) fn find(options: &Options, written: u64, lived: Duration) -> io::Result<Option<Self>> {
        let Some(keep) = options.keep else { return Ok(None) };
        let segments = Segment::all(&options.directory)?;
        let [oldest, next, ..] = segments.as_slice() else { return Ok(None) };
        if next.number > written {
            return Ok(None);
        }
        // The next was begun when the oldest had its last record, and says where that ended.
        let mut lines = Lines::of(next)?;
        let said = lines.next()?.map(|(_, line)| line).and_then(begun);
        let (retired, began) =
            said.ok_or_else(|| io::Error::other(format!("`{}` does not say what was before it", next.path.display())))?;
        let is_old = lived.checked_sub(began).is_some_and(|age| age > keep);
        Ok(is_old.then_some(Self { segment: oldest.number, retired }))
    }

    /// The members of the record that says that it goes.
    pub(super) fn members(&self) -> String {
        let mut object = Object::new();
        object.insert("kind", KIND);
        object.insert("time", Timestamp::now().to_string());
        object.insert("segment", self.segment);
        object.insert("covers", self.retired.n);
        object.insert("at", self.retired.chain.to_string());
        members(&object)
    }

    /// Its last record.
    pub(super) const fn last(&self) -> u64 {
        self.retired.n
    }

    /// Removes it, once the disk has the record.
    pub(super) fn remove(&self, options: &Options) -> io::Result<()> {
        for path in self.paths(options) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        private::sync_directory(&options.directory)
    }

    /// Its files: a crash in the midst of compressing leaves both.
    fn paths(&self, options: &Options) -> [PathBuf; 2] {
        let plain = Segment::new(&options.directory, self.segment).path;
        [plain.with_extension("jsonl.zst"), plain]
    }
}

/// What the first record of a segment says of what was before it, and for how long the journal had lived.
fn begun(line: &[u8]) -> Option<(Retired, Duration)> {
    let record = Line::of(line).filter(|record| record.is_of("segment"))?;
    let value = json::parse(line.trim_ascii_end()).ok()?;
    // By a damaged one, everything could be old.
    let chain = after_of(&value).filter(|after| record.follows(*after))?;
    let retired = Retired { n: record.n.checked_sub(1)?, chain };
    // What was written before that was counted is as old as the counting.
    Some((retired, lived::said(&value).unwrap_or_default()))
}

//! Verification: whether a journal is what was written.

use std::{collections::BTreeMap, fmt, io, ops::RangeInclusive, path::Path};

use uuid::Uuid;

use super::{
    JournalError,
    chain::{Chain, Line},
    checkpoint::{self, Checkpoint, PublicKey},
    read::Lines,
    retention::{self, Retired},
    segment::Segment,
    tail::{after_of, text_of},
};

/// The most faults that are told one by one.
const MAX_FAULTS: usize = 1_000;

/// What a journal is held to beside itself.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The key that must have signed every checkpoint. Without one, any key will do, and the verification names it.
    pub key: Option<PublicKey>,
    /// Checkpoints that were kept elsewhere.
    pub anchors: Vec<Checkpoint>,
}

/// What a journal was found to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// The journal's identity.
    pub journal: Option<Uuid>,
    /// The first record that is there.
    pub first: u64,
    /// The record that says, under a checkpoint, that those before the first were taken away by retention.
    pub retired: Option<u64>,
    /// The last record that is there, and follows.
    pub last: u64,
    /// Records read.
    pub records: u64,
    /// Bytes read, as they are when they are written.
    pub bytes: u64,
    /// Segments read.
    pub segments: u64,
    /// Up to which record the newest checkpoint in the journal reaches.
    pub covered: u64,
    /// Up to which record the newest checkpoint that was kept elsewhere reaches, if any was.
    pub anchored: Option<u64>,
    /// The keys that signed checkpoints in it.
    pub keys: Vec<PublicKey>,
    /// Bytes of a record at the end that was not written whole: a crash leaves such, or the writer is at it.
    pub torn: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// How many more faults there are than are told.
    pub more: u64,
}

/// Something wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The segment's file, and where in its lines, in bytes from its beginning; `None` if it is in no one place.
    pub place: Option<(String, u64)>,
    /// What.
    pub kind: FaultKind,
}

/// What can be wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// A line that is no record.
    NoRecord,
    /// A record that does not follow from the one before: one of the two is not as it was written.
    Changed(u64),
    /// Records that are not there.
    Removed(RangeInclusive<u64>),
    /// A record behind a later one, or once more.
    Misplaced(u64),
    /// A checkpoint that its key did not sign, or that says something else than the journal.
    FalseCheckpoint(u64),
    /// A checkpoint by another key than it must be.
    OtherKey(u64, PublicKey),
    /// A checkpoint that was kept elsewhere says something else of this record.
    NotAnchored(u64),
    /// A checkpoint that was kept elsewhere knows of records up to this one, which are not there.
    CutOff(u64),
    /// A checkpoint that was kept elsewhere is of another journal, or not signed by its key.
    OtherAnchor(u64),
    /// A file cannot be read any further.
    Unreadable(String),
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, place: Option<(&Segment, u64)>, kind: FaultKind) {
        if self.faults.len() == MAX_FAULTS {
            self.more += 1;
            return;
        }
        let name = |segment: &Segment| segment.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.faults.push(Fault { place: place.map(|(segment, at)| (name(segment), at)), kind });
    }
}

/// Reads a journal from beginning to end, at most one record at a time, and says what is wrong with it.
///
/// # Errors
///
/// When its directory cannot be read. A file that cannot be read is a fault.
pub fn verify(directory: &Path, trust: &Trust) -> Result<Verification, JournalError> {
    let segments = Segment::all(directory).map_err(JournalError::io("list", directory))?;
    let mut verifier = Verifier::new(trust);
    for segment in &segments {
        match verifier.segment(segment) {
            // The oldest was retired since it was listed. If not, it is missed at the beginning.
            Err(error) if error.kind() == io::ErrorKind::NotFound && verifier.head.is_none() => {}
            Err(error) => verifier.found.fault(Some((segment, verifier.at)), FaultKind::Unreadable(error.to_string())),
            Ok(()) => {}
        }
    }
    Ok(verifier.finish())
}

struct Verifier<'t> {
    trust: &'t Trust,
    anchors: BTreeMap<u64, Vec<&'t Checkpoint>>,
    found: Verification,
    /// The latest record, by its number; none before the first.
    head: Option<Head>,
    /// What was before the first record, if that says that there was something.
    before: Option<Retired>,
    /// Where the last line began.
    at: u64,
    /// What was read last, if that is no record and has no line end.
    torn: Option<Torn>,
}

/// The beginning of a record, at the end of a segment.
struct Torn {
    segment: Segment,
    at: u64,
    bytes: u64,
}

/// A record that others follow from.
#[derive(Clone, Copy)]
struct Head {
    n: u64,
    /// The chain after it, as it says.
    said: Chain,
    /// And as it should say. What follows from either is not changed itself.
    meant: Chain,
}

impl<'t> Verifier<'t> {
    fn new(trust: &'t Trust) -> Self {
        let mut anchors: BTreeMap<u64, Vec<&Checkpoint>> = BTreeMap::new();
        for anchor in &trust.anchors {
            anchors.entry(anchor.covers()).or_default().push(anchor);
        }
        Self { trust, anchors, found: Verification::default(), head: None, before: None, at: 0, torn: None }
    }

    fn segment(&mut self, segment: &Segment) -> io::Result<()> {
        self.found.segments += 1;
        self.at = 0;
        let mut lines = Lines::of(segment)?;
        while let Some((at, line)) = lines.next()? {
            self.at = at;
            self.found.bytes += line.len() as u64;
            self.settle_torn();
            match Line::of(line) {
                Some(record) => self.record(segment, at, line, &record),
                None if is_torn(line) => {
                    self.torn = Some(Torn { segment: segment.clone(), at, bytes: line.len() as u64 });
                }
                None => self.found.fault(Some((segment, at)), FaultKind::NoRecord),
            }
        }
        Ok(())
    }

    /// What has something behind it is no end.
    fn settle_torn(&mut self) {
        if let Some(Torn { segment, at, .. }) = self.torn.take() {
            self.found.fault(Some((&segment, at)), FaultKind::NoRecord);
        }
    }

    fn record(&mut self, segment: &Segment, at: u64, line: &[u8], record: &Line<'_>) {
        let place = Some((segment, at));
        self.found.records += 1;
        let head = match self.head {
            Some(head) => head,
            None => self.beginning(line, record),
        };
        let n = record.n;
        if n <= head.n {
            self.misplaced(place, n);
            return;
        }
        if n > head.n + 1 {
            self.found.fault(place, FaultKind::Removed(head.n + 1..=n - 1));
        } else if !record.follows(head.said) && !record.follows(head.meant) {
            self.found.fault(place, FaultKind::Changed(n));
        }
        if self.before.is_some() && record.is_of(retention::KIND) && Retired::of(line) == self.before {
            self.found.retired.get_or_insert(n);
        }
        if record.is_of(checkpoint::KIND) {
            self.checkpoint(place, line, n, head);
        }
        self.head = Some(Head { n, said: record.chain, meant: record.behind(head.said) });
        self.found.last = n;
        for anchor in self.anchors.remove(&n).into_iter().flatten() {
            self.anchor(anchor, Some(record.chain));
        }
    }

    /// What the first record that is there says stood before it. Only a segment's own can: those before it may have been taken
    /// away with their segments, if a later record says so.
    fn beginning(&mut self, line: &[u8], record: &Line<'_>) -> Head {
        let first = crate::json::parse(line.trim_ascii_end()).ok();
        let text = |name| first.as_ref().and_then(|first| text_of(first, name));
        self.found.journal = text("journal").and_then(|journal| journal.parse().ok());
        let after = first.as_ref().and_then(after_of).filter(|_| record.is_of("segment") && record.n > 1);
        let n = if after.is_some() { record.n - 1 } else { 0 };
        self.found.first = n + 1;
        self.before = after.map(|chain| Retired { n, chain });
        let after = after.unwrap_or(Chain::START);
        Head { n, said: after, meant: after }
    }

    fn misplaced(&mut self, place: Option<(&Segment, u64)>, n: u64) {
        // It is there after all.
        for fault in &mut self.found.faults {
            if let FaultKind::Removed(range) = &mut fault.kind
                && range.contains(&n)
            {
                let (start, end) = (*range.start(), *range.end());
                *range = if n == start { n + 1..=end } else { start..=n - 1 };
                if n > start && n < end {
                    self.found.fault(place, FaultKind::Removed(n + 1..=end));
                }
                break;
            }
        }
        self.found.faults.retain(|fault| !matches!(&fault.kind, FaultKind::Removed(range) if range.is_empty()));
        self.found.fault(place, FaultKind::Misplaced(n));
    }

    fn checkpoint(&mut self, place: Option<(&Segment, u64)>, line: &[u8], n: u64, head: Head) {
        let Some(checkpoint) = Checkpoint::from_json(line) else {
            self.found.fault(place, FaultKind::FalseCheckpoint(n));
            return;
        };
        let key = checkpoint.key();
        let journal = *self.found.journal.get_or_insert(checkpoint.journal());
        let is_true = checkpoint.covers() == head.n
            && (checkpoint.chain == head.said || checkpoint.chain == head.meant)
            && checkpoint.journal() == journal
            && checkpoint.is_signed();
        if !is_true {
            self.found.fault(place, FaultKind::FalseCheckpoint(n));
            return;
        }
        if self.trust.key.is_some_and(|expected| expected != key) {
            self.found.fault(place, FaultKind::OtherKey(n, key));
            return;
        }
        self.found.covered = checkpoint.covers();
        if !self.found.keys.contains(&key) {
            self.found.keys.push(key);
        }
    }

    /// Holds the journal to a checkpoint that was kept elsewhere, by the chain after the record that it covers.
    fn anchor(&mut self, anchor: &Checkpoint, chain: Option<Chain>) {
        let n = anchor.covers();
        let is_ours = Some(anchor.journal()) == self.found.journal
            && anchor.is_signed()
            && self.trust.key.is_none_or(|key| key == anchor.key());
        if !is_ours {
            self.found.fault(None, FaultKind::OtherAnchor(n));
        } else if chain.is_none() {
            self.found.fault(None, FaultKind::CutOff(n));
        } else if chain != Some(anchor.chain) {
            self.found.fault(None, FaultKind::NotAnchored(n));
        } else {
            self.found.anchored = Some(n);
        }
    }

    fn finish(mut self) -> Verification {
        self.found.torn = self.torn.take().map_or(0, |torn| torn.bytes);
        // Anybody can add a record; what removes evidence must be signed.
        let covered = self.found.covered;
        self.found.retired = self.found.retired.filter(|n| *n <= covered);
        if let Some(Retired { n, .. }) = self.before
            && self.found.retired.is_none()
        {
            self.found.fault(None, FaultKind::Removed(1..=n));
        }
        // Of what retention took away, nothing more can be said.
        let behind = self.anchors.split_off(&(self.found.last + 1));
        for anchor in behind.into_values().flatten() {
            self.anchor(anchor, None);
        }
        self.found
    }
}

/// Whether a crash can have left this: the beginning of a record, and not all of it but for its line end's looks.
fn is_torn(line: &[u8]) -> bool {
    let Some((last, rest)) = line.split_last() else { return true };
    *last != b'\n' && Line::of(&[rest, b"\n"].concat()).is_none()
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecord => f.write_str("expected a record, found a line that is none"),
            Self::Changed(n) => write!(f, "record {n} does not follow from the one before: it was changed"),
            Self::Removed(range) if range.start() == range.end() => write!(f, "record {} is not there", range.start()),
            Self::Removed(range) => write!(f, "records {} to {} are not there", range.start(), range.end()),
            Self::Misplaced(n) => write!(f, "record {n} stands behind a later one, or a second time"),
            Self::FalseCheckpoint(n) => write!(f, "record {n} is a checkpoint that does not hold"),
            Self::OtherKey(n, key) => write!(f, "record {n} is a checkpoint by another key than expected: {key}"),
            Self::NotAnchored(n) => write!(f, "a checkpoint that was kept elsewhere says something else of record {n}"),
            Self::CutOff(n) => {
                write!(f, "a checkpoint that was kept elsewhere knows of {n} records, and the journal ends before")
            }
            Self::OtherAnchor(n) => {
                write!(f, "the checkpoint of record {n} that was kept elsewhere is not one of this journal")
            }
            Self::Unreadable(why) => write!(f, "expected to read on, found that {why}"),
        }
    }
}

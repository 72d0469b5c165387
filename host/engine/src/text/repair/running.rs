//! [`RunningRepair`]: the repair of a text that goes on piece by piece.
//!
//! It differs from the repair of a whole event in one thing: it cannot look ahead. A found text is sought from where it was
//! found first, and a pseudonym that stands in the original further on is not known yet. What it writes does not depend on
//! how the text was cut.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::needles::{Hit, Needles};
use super::placeholders::Pseudonyms;
use super::written::Written;
use super::{CannotRedact, MAX_SOUGHT_BYTES, MIN_SOUGHT_BYTES, regions, replacement, strength};
use crate::decision::Finding;
use crate::text::Found;

/// The state of such a repair. Offsets count from the beginning of the whole text.
#[derive(Default)]
pub(crate) struct RunningRepair {
    findings: Vec<Finding>,
    /// Those whose spans are not written yet.
    pending: Vec<usize>,
    /// The texts that are sought: the rank of the strongest finding of each, and where it was found first.
    sought: HashMap<Arc<str>, (u32, usize)>,
    bytes: usize,
    longest: usize,
    levels: Vec<Arc<Level>>,
    pseudonyms: Pseudonyms,
}

/// Some of the sought texts with their ranks, ready to be sought. Each level has more than twice the bytes of the next, so
/// that a text is made ready a few times only, however many come one by one.
struct Level {
    texts: Vec<(Arc<str>, u32, usize)>,
    bytes: usize,
    needles: Needles,
}

impl Level {
    fn of(texts: Vec<(Arc<str>, u32, usize)>) -> Self {
        let needles = Needles::new(texts.iter().map(|(text, rank, _)| (&**text, *rank)));
        Self { bytes: texts.iter().map(|(text, ..)| text.len()).sum(), texts, needles }
    }
}

/// What a running repair was before something was added.
pub(crate) struct Mark {
    findings: usize,
    pending: Vec<usize>,
    bytes: usize,
    longest: usize,
    levels: Vec<Arc<Level>>,
}

impl RunningRepair {
    /// Where in `text`, which begins at `at` and of which nothing was released yet, something stands that is or may yet be
    /// repaired, with `found` in it: ranges that neither overlap nor touch, in order. The last may have begun only, where
    /// `text` ends so far; then it has no end.
    pub(crate) fn clusters(&self, text: &str, at: usize, found: &[Found]) -> Vec<Range<usize>> {
        let hit = |start, end| Hit { start, end, rank: 0 };
        let mut hits: Vec<Hit> =
            found.iter().filter_map(|found| span_of(&found.finding)).map(|(start, end)| hit(start, end)).collect();
        let of_found = (0_u32..).zip(found).flat_map(|(rank, found)| {
            let span = span_of(&found.finding);
            let original = span.and_then(|(start, end)| text.get(start.checked_sub(at)?..end.checked_sub(at)?));
            [original, found.decoded.as_deref()].into_iter().flatten().map(move |text| (text, rank))
        });
        let found_here = Needles::new(of_found.filter(|(text, _)| is_sought(text)));
        // What is found here is sought from there on; ranks are in the order of the text.
        let first = |hit: &Hit| found.get(hit.rank as usize).and_then(|found| span_of(&found.finding));
        let from_there = |hit: &Hit| first(hit).is_some_and(|(start, _)| at + hit.start >= start);
        hits.extend(found_here.find(text).filter(from_there).map(|found| hit(at + found.start, at + found.end)));
        for needles in self.levels.iter().map(|level| &level.needles) {
            hits.extend(needles.find(text).map(|found| hit(at + found.start, at + found.end)));
        }
        for needles in self.levels.iter().map(|level| &level.needles).chain([&found_here]) {
            let begun = needles.begun(text);
            hits.extend((begun > 0).then(|| hit(at + text.len() - begun, usize::MAX)));
        }
        regions::merge(hits).into_iter().map(|region| region.start..region.end).collect()
    }

    /// Has a finding repaired, whose span covers `text`, from here on wherever its text stands.
    pub(crate) fn add(&mut self, found: &Found, text: &str) -> Result<(), CannotRedact> {
        let Some((start, _)) = span_of(&found.finding) else {
            return Err(CannotRedact::Whole { rule: found.finding.rule.clone() });
        };
        let index = self.findings.len();
        self.findings.push(found.finding.clone());
        self.pending.push(index);
        let rank = self.rank(index);
        for text in [Some(text), found.decoded.as_deref()].into_iter().flatten().filter(|text| is_sought(text)) {
            let mut since = start;
            match self.sought.get_mut(text) {
                // Stronger ones have lower ranks, and so have earlier ones of the same strength.
                Some((known, _)) if *known <= rank => continue,
                Some((known, first)) => (*known, since) = (rank, *first),
                None => {
                    self.bytes += text.len();
                    if self.bytes > MAX_SOUGHT_BYTES {
                        return Err(CannotRedact::TooMuch);
                    }
                    self.sought.insert(text.into(), (rank, since));
                }
            }
            self.longest = self.longest.max(text.len());
            let (mut texts, mut bytes) = (vec![(Arc::from(text), rank, since)], text.len());
            while let Some(level) = self.levels.pop_if(|level| level.bytes <= 2 * bytes) {
                bytes += level.bytes;
                texts.extend(level.texts.iter().cloned());
            }
            self.levels.push(Arc::new(Level::of(texts)));
        }
        Ok(())
    }

    /// What there is now, to come back to.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            findings: self.findings.len(),
            pending: self.pending.clone(),
            bytes: self.bytes,
            longest: self.longest,
            levels: self.levels.clone(),
        }
    }

    /// Forgets what was added since. Pseudonyms stay given: the same text gets the same again.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        let Mark { findings, pending, bytes, longest, levels } = mark;
        self.findings.truncate(findings);
        (self.pending, self.bytes, self.longest, self.levels) = (pending, bytes, longest, levels);
        self.sought = HashMap::new();
        for (text, rank, since) in self.levels.iter().flat_map(|level| &level.texts) {
            let (known, first) = self.sought.entry(Arc::clone(text)).or_insert((*rank, *since));
            (*known, *first) = ((*known).min(*rank), (*first).min(*since));
        }
    }

    /// `text`, which begins at `at` and is a [cluster](Self::clusters), repaired; `None` if nothing in it is.
    pub(crate) fn rewrite(&mut self, text: &str, at: usize) -> Option<Written> {
        let mut hits = Vec::new();
        for index in std::mem::take(&mut self.pending) {
            let Some((start, end)) = self.findings.get(index).and_then(span_of) else { continue };
            if start >= at && end <= at + text.len() {
                hits.push(Hit { start: start - at, end: end - at, rank: self.rank(index) });
            }
        }
        let copies = self.levels.iter().flat_map(|level| level.needles.find(text));
        hits.extend(copies.filter_map(|copy| self.since(copy, text, |start| at + start)));
        let regions = regions::merge(hits);
        if regions.is_empty() {
            return None;
        }
        let written = Written::new(text, &regions, |kept, covered, rank| {
            self.pseudonyms.avoid(kept);
            let finding = self.findings.get(index_of(rank));
            finding.map(|finding| replacement(finding, covered, &mut self.pseudonyms)).unwrap_or_default()
        });
        let done = regions.last().map_or(0, |last| last.end);
        self.pseudonyms.avoid(text.get(done..).unwrap_or_default());
        Some(written)
    }

    /// A copy of a sought text, if it stands where that is sought: else the longest other one that ends there and is.
    fn since(&self, copy: Hit, text: &str, place: impl Fn(usize) -> usize) -> Option<Hit> {
        let known = self.sought.get(text.get(copy.start..copy.end)?);
        if known.is_some_and(|(_, since)| place(copy.start) >= *since) {
            return Some(copy);
        }
        let ending = text.get(..copy.end)?;
        let others = self.sought.iter().filter(|(other, _)| other.len() < copy.end - copy.start);
        let others =
            others.filter(|(other, (_, since))| ending.ends_with(&***other) && place(copy.end - other.len()) >= *since);
        let (other, (rank, _)) = others.max_by_key(|(other, _)| other.len())?;
        Some(Hit { start: copy.end - other.len(), end: copy.end, rank: *rank })
    }

    /// Takes note of text that goes on as it is.
    pub(crate) fn pass(&mut self, text: &str) {
        self.pseudonyms.avoid(text);
    }

    /// Whether a sought text stands in `before` and `written` together that stood in neither: cutting a text out can bring
    /// its two sides together, and so can a replacement with what stands beside it. `at` is where in the whole text `written`
    /// begins: what is found first from there on was not sought before.
    pub(crate) fn rejoins(&self, before: &str, written: &Written, at: usize) -> bool {
        if self.levels.is_empty() {
            return false;
        }
        let tail =
            before.get(before.floor_char_boundary(before.len().saturating_sub(self.longest))..).unwrap_or_default();
        let text = &written.text;
        let head = if written.is_kept() { self.longest.min(text.len()) } else { text.len() };
        let joined = [tail, text.get(..text.floor_char_boundary(head)).unwrap_or_default()].concat();
        let is_within = |hit: &Hit| {
            let range = hit.start.checked_sub(tail.len()).map(|start| start..hit.end - tail.len());
            hit.end <= tail.len() || range.is_some_and(|range| written.is_kept() || written.replaces(range))
        };
        // Of what stands before, the place in the whole text is not known any more, but that it is before.
        let place = |start: usize| if start < tail.len() { at.saturating_sub(1) } else { at + start - tail.len() };
        let mut hits = self.levels.iter().flat_map(|level| level.needles.find(&joined));
        !hits.all(|hit| is_within(&hit) || self.since(hit, &joined, place).is_none_or(|hit| is_within(&hit)))
    }

    /// The rank of a finding: the stronger, the less; among equals, the first.
    fn rank(&self, index: usize) -> u32 {
        let (class, severity) = self.findings.get(index).map_or((0, 0), |finding| {
            let (class, severity) = strength(finding);
            (class, u8::from(severity))
        });
        let stronger = u32::from(2 - class.min(2)) * 5 + u32::from(4 - severity.min(4));
        stronger << 24 | u32::try_from(index).unwrap_or(u32::MAX) & INDEX
    }
}

/// The bits of a rank that say which finding it is. A stream has fewer findings (`engine/stream.rs`).
const INDEX: u32 = (1 << 24) - 1;

const fn index_of(rank: u32) -> usize {
    (rank & INDEX) as usize
}

const fn is_sought(text: &str) -> bool {
    text.len() >= MIN_SOUGHT_BYTES
}

fn span_of(finding: &Finding) -> Option<(usize, usize)> {
    finding.span.map(|span| (span.start as usize, span.end as usize))
}

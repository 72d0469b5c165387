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
use super::{CannotRedact, MAX_SOUGHT_BYTES, MIN_SOUGHT_BYTES, regions, replacement, strength};
use crate::decision::Finding;
use crate::text::Found;

/// The state of such a repair. Offsets count from the beginning of the whole text.
#[derive(Default)]
pub(crate) struct RunningRepair {
    findings: Vec<Finding>,
    /// Those whose spans are not written yet.
    pending: Vec<usize>,
    /// The texts that are sought, and the number of each.
    sought: HashMap<Arc<str>, u32>,
    /// By that number, where each was found first, and by which finding.
    first: Vec<(usize, usize)>,
    bytes: usize,
    levels: Vec<Level>,
    pseudonyms: Pseudonyms,
}

/// Some of the sought texts, ready to be sought. Each level has more than twice the bytes of the next, so that a text is
/// made ready a few times only, however many come one by one.
struct Level {
    texts: Vec<(Arc<str>, u32)>,
    bytes: usize,
    needles: Needles,
}

impl Level {
    fn of(texts: Vec<(Arc<str>, u32)>) -> Self {
        let needles = Needles::new(texts.iter().map(|(text, number)| (&**text, *number)));
        Self { bytes: texts.iter().map(|(text, _)| text.len()).sum(), texts, needles }
    }
}

impl RunningRepair {
    /// Where in `text`, which begins at `at` and of which nothing was released yet, something stands that is or may yet be
    /// repaired, with `found` in it: ranges that neither overlap nor touch, in order. The last may have begun only, where
    /// `text` ends so far; then it has no end.
    pub(crate) fn clusters(&self, text: &str, at: usize, found: &[Found]) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> =
            found.iter().filter_map(|found| span_of(&found.finding)).map(|(start, end)| start..end).collect();
        let of_found = found.iter().flat_map(|found| {
            let span = span_of(&found.finding);
            let original = span.and_then(|(start, end)| text.get(start.checked_sub(at)?..end.checked_sub(at)?));
            [original, found.decoded.as_deref()].into_iter().flatten()
        });
        let found = Needles::new(of_found.filter(|text| is_sought(text)).map(|text| (text, 0)));
        for needles in self.levels.iter().map(|level| &level.needles).chain([&found]) {
            ranges.extend(needles.find(text).map(|hit| at + hit.start..at + hit.end));
            let begun = needles.begun(text);
            ranges.extend((begun > 0).then(|| at + text.len() - begun..usize::MAX));
        }
        ranges.sort_unstable_by_key(|range| range.start);
        let mut clusters: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match clusters.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => clusters.push(range),
            }
        }
        clusters
    }

    /// Has a finding repaired, whose span covers `text`, from here on wherever its text stands.
    pub(crate) fn add(&mut self, found: &Found, text: &str) -> Result<(), CannotRedact> {
        let Some((start, _)) = span_of(&found.finding) else {
            return Err(CannotRedact::Whole { rule: found.finding.rule.clone() });
        };
        let index = self.findings.len();
        self.findings.push(found.finding.clone());
        self.pending.push(index);
        for text in [Some(text), found.decoded.as_deref()].into_iter().flatten().filter(|text| is_sought(text)) {
            if self.sought.contains_key(text) {
                continue;
            }
            self.bytes += text.len();
            if self.bytes > MAX_SOUGHT_BYTES {
                return Err(CannotRedact::TooMuch);
            }
            let number = u32::try_from(self.first.len()).map_err(|_| CannotRedact::TooMuch)?;
            let text: Arc<str> = text.into();
            self.sought.insert(Arc::clone(&text), number);
            self.first.push((start, index));
            let (mut texts, mut bytes) = (vec![(Arc::clone(&text), number)], text.len());
            while let Some(level) = self.levels.pop_if(|level| level.bytes <= 2 * bytes) {
                bytes += level.bytes;
                texts.extend(level.texts);
            }
            self.levels.push(Level::of(texts));
        }
        Ok(())
    }

    /// `text`, which begins at `at` and ends outside of every [cluster](Self::clusters), repaired; `None` if nothing in it
    /// is.
    pub(crate) fn rewrite(&mut self, text: &str, at: usize) -> Option<String> {
        let mut hits = Vec::new();
        for index in std::mem::take(&mut self.pending) {
            let Some((start, end)) = self.findings.get(index).and_then(span_of) else { continue };
            if end > at + text.len() {
                self.pending.push(index);
            } else if start >= at {
                hits.push(Hit { start: start - at, end: end - at, rank: self.rank(index) });
            }
        }
        for copy in self.levels.iter().flat_map(|level| level.needles.find(text)) {
            let first = self.first.get(copy.rank as usize).filter(|(start, _)| at + copy.start >= *start);
            hits.extend(first.map(|(_, index)| Hit { rank: self.rank(*index), ..copy }));
        }
        let regions = regions::merge(hits);
        if regions.is_empty() {
            self.pseudonyms.avoid(text);
            return None;
        }
        let mut written = String::with_capacity(text.len());
        let mut done = 0;
        for region in regions {
            let kept = text.get(done..region.start).unwrap_or_default();
            self.pseudonyms.avoid(kept);
            written.push_str(kept);
            let covered = text.get(region.start..region.end).unwrap_or_default();
            if let Some(finding) = self.findings.get(index_of(region.rank)) {
                written.push_str(&replacement(finding, covered, &mut self.pseudonyms));
            }
            done = region.end;
        }
        let kept = text.get(done..).unwrap_or_default();
        self.pseudonyms.avoid(kept);
        written.push_str(kept);
        Some(written)
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

/// The bits of a rank that say which finding it is. More findings than that do not fit a stream: each is a report's, and
/// its text counts for [`MAX_SOUGHT_BYTES`].
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

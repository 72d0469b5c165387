//! [`RunningRepair`]: the repair of a text that goes on piece by piece.
//!
//! It differs from the repair of a whole event in one thing: it cannot look ahead. A found text is sought from where it was
//! found first, and a pseudonym that stands in the original further on is not known yet. What it writes does not depend on
//! how the text was cut.

use std::collections::HashMap;

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
    /// The texts that are sought, and the one number of each.
    sought: HashMap<String, u32>,
    /// By that number, where each was found first, and by which finding.
    first: Vec<(usize, usize)>,
    bytes: usize,
    needles: Option<Needles>,
    pseudonyms: Pseudonyms,
}

impl RunningRepair {
    /// Up to where `text`, which begins at `at` and of which nothing was released yet, can be released with `found` in it:
    /// at most to `settled`, and not into or right behind anything that is or may yet be repaired. Where the text ends,
    /// all of it can.
    pub(crate) fn boundary(&self, text: &str, at: usize, settled: usize, found: &[Found], is_end: bool) -> usize {
        if is_end {
            return settled;
        }
        let mut spans: Vec<(usize, usize)> = found.iter().filter_map(|found| span_of(&found.finding)).collect();
        let of_found = found.iter().flat_map(|found| {
            let original =
                span_of(&found.finding).and_then(|(start, end)| text.get(start.checked_sub(at)?..end.checked_sub(at)?));
            [original, found.decoded.as_deref()].into_iter().flatten()
        });
        let sought: Vec<&str> =
            of_found.chain(self.sought.keys().map(String::as_str)).filter(|text| is_sought(text)).collect();
        if !sought.is_empty() {
            let needles = Needles::new(sought.iter().map(|text| (*text, 0)));
            spans.extend(needles.find(text).map(|hit| (at + hit.start, at + hit.end)));
            // One that has begun where the text ends so far.
            let longest = sought.iter().map(|text| text.len()).max().unwrap_or_default();
            let tail = text.floor_char_boundary(text.len().saturating_sub(longest));
            let begun = text.get(tail..).unwrap_or_default().char_indices().map(|(index, _)| tail + index);
            let begun = begun.filter(|start| {
                let rest = text.get(*start..).unwrap_or_default();
                sought.iter().any(|sought| sought.starts_with(rest))
            });
            spans.extend(begun.min().map(|start| (at + start, usize::MAX)));
        }
        // The latest first: each that reaches the boundary moves it to where it begins, and none behind that counts then.
        spans.sort_unstable();
        spans.iter().rev().fold(
            settled,
            |boundary, (start, end)| {
                if *start < boundary && *end >= boundary { *start } else { boundary }
            },
        )
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
            self.sought.insert(text.to_owned(), number);
            self.first.push((start, index));
            self.needles = None;
        }
        Ok(())
    }

    /// `text`, which begins at `at` and ends at a [`boundary`](Self::boundary), repaired; `None` if nothing in it is.
    pub(crate) fn rewrite(&mut self, text: &str, at: usize) -> Option<String> {
        let mut hits = Vec::new();
        for index in std::mem::take(&mut self.pending) {
            let span = self.findings.get(index).and_then(span_of);
            let within = span.filter(|(start, end)| *start >= at && *end <= at + text.len());
            hits.extend(within.map(|(start, end)| Hit { start: start - at, end: end - at, rank: self.rank(index) }));
        }
        let sought = &self.sought;
        let needles = self
            .needles
            .get_or_insert_with(|| Needles::new(sought.iter().map(|(text, number)| (text.as_str(), *number))));
        let copies: Vec<Hit> = needles.find(text).collect();
        for copy in copies {
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

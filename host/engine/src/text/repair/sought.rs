//! [`Sought`]: what a repair looks for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::needles::{Hit, Needles};
use super::{CannotRedact, Chosen, MAX_SOUGHT_BYTES, MIN_SOUGHT_BYTES, regions, spellings};
use crate::decision::Span;
use crate::text::{Part, Text, ViewKind, Views};
use crate::vocabulary::Vocabulary as _;

/// What is to be sought, by the ranks of the findings it comes from.
pub(super) struct Sought<'e> {
    /// Texts that are sought in every string.
    needles: Needles,
    /// Short texts, which are compared with every string.
    short: HashMap<&'e str, u32>,
    /// The spans of short texts, by path.
    spans: HashMap<&'e str, Vec<Hit>>,
}

impl<'e> Sought<'e> {
    /// Finds the text of each finding.
    pub(super) fn new(parts: &'e [Part<'e>], order: &[Chosen<'e>]) -> Result<Self, CannotRedact> {
        let mut by_path: HashMap<&str, (&Part<'_>, usize)> = HashMap::new();
        for part in parts {
            by_path.entry(&part.path).or_insert((part, 0)).1 += 1;
        }
        // Many findings of one text, as of a name in a long list, are one text to seek.
        let mut texts: HashMap<Cow<'e, str>, u32> = HashMap::new();
        let mut bytes = 0;
        let mut seek = |text: Cow<'e, str>, rank: u32| {
            if let Some(best) = texts.get_mut(&text) {
                *best = rank.min(*best);
                return Ok(());
            }
            bytes += text.len();
            if bytes > MAX_SOUGHT_BYTES {
                return Err(CannotRedact::TooMuch);
            }
            texts.insert(text, rank);
            Ok(())
        };
        let mut short: HashMap<&str, u32> = HashMap::new();
        let mut spans: HashMap<&str, Vec<Hit>> = HashMap::new();
        for (rank, Chosen { finding, decoded, text: elsewhere }) in (0_u32..).zip(order) {
            if let Some(decoded) = decoded.filter(|decoded| decoded.len() >= MIN_SOUGHT_BYTES) {
                seek(Cow::Borrowed(decoded), rank)?;
            }
            if let Some(text) = elsewhere {
                seek_spelled(&mut seek, text, rank)?;
                continue;
            }
            let Some(path) = &finding.path else { return Err(CannotRedact::Whole { rule: finding.rule.clone() }) };
            let part = match by_path.get(path.as_str()) {
                Some((part, 1)) => *part,
                other => {
                    let count = other.map_or(0, |(_, count)| *count);
                    return Err(CannotRedact::Part { path: path.clone(), count });
                }
            };
            if part.is_key {
                return Err(CannotRedact::Name { path: path.clone() });
            }
            let (range, text) = covered(part, finding.span)?;
            if text.len() < MIN_SOUGHT_BYTES {
                let best = short.entry(text).or_insert(rank);
                *best = rank.min(*best);
                spans.entry(&part.path).or_default().push(Hit { start: range.start, end: range.end, rank });
                continue;
            }
            seek_spelled(&mut seek, text, rank)?;
        }
        let needles = Needles::new(texts.iter().map(|(text, rank)| (text.as_ref(), *rank)));
        Ok(Self { needles, short, spans })
    }

    /// What is to be replaced in the text at `path`, which has these [hits](Self::hits).
    pub(super) fn regions(&self, path: &str, body: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
        hits.extend_from_slice(self.spans.get(path).map_or(&[], Vec::as_slice));
        hits.extend(self.short.get(body).map(|rank| Hit { start: 0, end: body.len(), rank: *rank }));
        regions::merge(hits)
    }

    /// Where the sought texts stand in `text`, as they are or in a view of it. `None` if not all encodings in it can be looked
    /// through.
    pub(super) fn hits(&self, text: &str) -> Option<Vec<Hit>> {
        let mut hits: Vec<_> = self.needles.find(text).collect();
        let every = ViewKind::ALL.iter().copied().collect();
        let views = Views::of(&[Text { body: text, at: 0, more_after: false }], every);
        if views.is_incomplete() {
            return None;
        }
        for (index, view) in views.iter().enumerate() {
            for hit in self.needles.find(view.body()) {
                let original = views.original(index, hit.start..hit.end);
                hits.push(Hit { start: original.start, end: original.end, rank: hit.rank });
            }
        }
        Some(hits)
    }

    /// Whether anything sought stands in `text`, as it is.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.is_short(text) || self.needles.any_in(text)
    }

    /// Whether `text` is a short text that is sought.
    pub(super) fn is_short(&self, text: &str) -> bool {
        self.short.contains_key(text)
    }
}

/// Seeks a text as it is and as JSON writes it.
fn seek_spelled<'e>(
    seek: &mut impl FnMut(Cow<'e, str>, u32) -> Result<(), CannotRedact>,
    text: &'e str,
    rank: u32,
) -> Result<(), CannotRedact> {
    seek(Cow::Borrowed(text), rank)?;
    for spelling in spellings::spellings(text) {
        if spelling.len() >= MIN_SOUGHT_BYTES {
            seek(Cow::Owned(spelling), rank)?;
        }
    }
    Ok(())
}

/// What `span` covers of `part`: where, and the text.
fn covered<'e>(part: &Part<'e>, span: Option<Span>) -> Result<(Range<usize>, &'e str), CannotRedact> {
    let len = u32::try_from(part.body.len()).unwrap_or(u32::MAX);
    let span = span.unwrap_or(Span { start: 0, end: len });
    let range = span.start as usize..span.end as usize;
    match part.body.get(range.clone()) {
        Some(text) if !text.is_empty() => Ok((range, text)),
        _ => Err(CannotRedact::Span { path: part.path.clone(), span }),
    }
}

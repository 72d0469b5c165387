//! [`Sought`]: a value that is looked up, as words.

use std::ops::Range;

use super::{dictionary::Dictionary, seen::Placed, words::words};

/// A value that is looked up.
#[derive(Debug, Default)]
pub(super) struct Sought {
    /// Its words.
    pub(super) words: Vec<Placed>,
    /// Where each stands in the value, in bytes.
    spans: Vec<Range<usize>>,
    /// The words at which a new thing begins: what is bound, or has nothing between, is one.
    things: Vec<usize>,
}

impl Sought {
    pub(super) fn of(dictionary: &Dictionary, value: &str) -> Self {
        let mut sought = Self::default();
        words(value, |word| {
            if sought.words.is_empty() || !(word.joint.binds() || word.joint.is_nothing()) {
                sought.things.push(sought.words.len());
            }
            let placed = dictionary.get(word.folded).map(|id| Placed::new(id, word.joint));
            sought.words.push(placed.unwrap_or(Placed::UNSEEN));
            sought.spans.push(word.at..word.end);
        });
        sought
    }

    /// All words, if each was seen somewhere.
    pub(super) fn whole(self) -> Option<Vec<Placed>> {
        (!self.words.contains(&Placed::UNSEEN)).then_some(self.words)
    }

    /// The things in it, as ranges of its words.
    pub(super) fn things(&self) -> impl Iterator<Item = Range<usize>> {
        let ends = self.things.iter().skip(1).copied().chain([self.words.len()]);
        self.things.iter().copied().zip(ends).map(|(start, end)| start..end)
    }

    /// Where some of its words stand in the value, in bytes.
    pub(super) fn span(&self, words: &Range<usize>) -> Range<usize> {
        let start = self.spans.get(words.start).map_or(0, |span| span.start);
        let end = words.end.checked_sub(1).and_then(|last| self.spans.get(last)).map_or(start, |span| span.end);
        start..end
    }

    /// The words that stand in a part of the value.
    pub(super) fn within(&self, part: &Range<usize>) -> Range<usize> {
        let start = self.spans.partition_point(|span| span.start < part.start);
        let end = self.spans.partition_point(|span| span.end <= part.end);
        start..end.max(start)
    }

    /// Some of its words.
    pub(super) fn part(&self, words: Range<usize>) -> &[Placed] {
        self.words.get(words).unwrap_or_default()
    }
}

//! What was found, and what stands of it where several rules found the same.

use std::ops::Range;

use guardhouse_guard::Finding;

use crate::rule::Rule;

/// Something found.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// By which rule.
    pub(crate) rule: &'static Rule,
    /// Where.
    pub(crate) span: Range<usize>,
    /// How sure the rule is, in percent.
    pub(crate) confidence: u8,
}

impl Hit {
    /// The finding for a hit in the part with this index.
    pub(crate) fn finding(&self, part: usize) -> Finding {
        Finding::new(self.rule.id, self.rule.kind.category())
            .severity(self.rule.severity)
            .confidence(self.confidence)
            .message(self.rule.what)
            .repair(self.rule.kind.repair())
            .at(part, self.span.clone())
    }

    /// Whether it stands where both cannot: the surer, then the longer, then the earlier; of equals, the one found first.
    fn outdoes(&self, other: &Self) -> bool {
        let worth = |hit: &Self| (hit.confidence, hit.span.len(), usize::MAX - hit.span.start);
        worth(self) > worth(other)
    }
}

/// Of hits that overlap, keeps those that no other one outdoes; they come back in the order of the text.
///
/// Also one that does not stand itself outdoes others. If it did not, whether a hit stands would depend on a whole chain
/// of others to its left, and a window of a text could not know; this way it depends on those that touch it.
pub(crate) fn without_overlap(mut hits: Vec<Hit>, longest: usize) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
    // Several rules for one place: the best of them, so that equals are not compared below.
    hits.dedup_by(|later, kept| {
        let is_same = later.span == kept.span;
        if is_same && later.outdoes(kept) {
            std::mem::swap(later, kept);
        }
        is_same
    });
    let stands = |index: usize| {
        let hit = &hits[index];
        let touches = |other: &&Hit| other.span.start < hit.span.end && hit.span.start < other.span.end;
        let near = |other: &&Hit| other.span.start + longest > hit.span.start;
        !hits[..index].iter().rev().take_while(near).filter(touches).any(|other| other.outdoes(hit))
            && !hits[index + 1..].iter().take_while(touches).any(|other| other.outdoes(hit))
    };
    let standing: Vec<bool> = (0..hits.len()).map(stands).collect();
    hits.into_iter().zip(standing).filter_map(|(hit, stands)| stands.then_some(hit)).collect()
}

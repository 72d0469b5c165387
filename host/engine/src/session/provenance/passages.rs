//! Long values, covered by the passages that stand in them.
//!
//! A mail that an agent writes stands nowhere as a whole. What of it stands somewhere is a *passage*: at least [`MIN_WORDS`] words
//! in a row, or one thing that names something (an address, a number, an identifier). A value is covered if all but an eighth
//! of its words are in passages; a short one, if each thing in it was seen by itself. It is then as good as its worst passage.
//! One passage that stands only where a guard found something is enough to flag the value, whatever else is in it.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use super::{
    Grounding, Origin, Provenance, Rank, Sought, Traced,
    forms::{self, Form},
    seen::Found,
};

/// Words in a row that are a passage.
const MIN_WORDS: usize = 4;
/// Words of a value whose things are looked up one by one.
const SHORT: usize = 8;
/// How often a source is asked for the passages of one value: in some 5 ms. What is behind is not covered.
const MAX_ASKED: usize = 1 << 18;
/// Letters and digits of a thing that names something.
const MIN_NAMING: usize = 5;

/// Where a part of a value was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) origin: Arc<Origin>,
    /// The part of the value.
    pub(crate) part: String,
    /// What stands around it there, if it was asked for.
    pub(crate) quote: String,
    /// It gives away what the source says: some words in a row, or something that is named. A single word that is anywhere does not.
    pub(crate) is_telling: bool,
    /// In which of the source's texts. `None`: in too many.
    pub(super) text: Option<usize>,
}

impl Passage {
    pub(super) fn of(origin: &Arc<Origin>, text: Option<usize>, part: &str) -> Self {
        let is_telling = names(part) || part.split_whitespace().nth(MIN_WORDS - 1).is_some() || is_unparted(part);
        Self { origin: Arc::clone(origin), part: part.to_owned(), quote: String::new(), is_telling, text }
    }
}

/// A value by its passages.
pub(super) fn settled(traced: Traced) -> Traced {
    let worst = traced.passages.iter().map(|passage| passage.origin.rank).max();
    if worst == Some(Rank::Flagged) { Traced { grounding: Grounding::Flagged, ..traced } } else { traced }
}

impl Provenance {
    /// What of a value stands where.
    pub(super) fn covered(&self, value: &str) -> Traced {
        let sought = Sought::of(&self.dictionary, value);
        let words = sought.words.len();
        if words == 0 {
            return Traced::NOWHERE;
        }
        let is_short = words <= SHORT;
        let mut passages = Vec::new();
        let mut covered = vec![false; words];
        let mut cover = |range: Range<usize>, found: Vec<Passage>| {
            covered.get_mut(range).unwrap_or_default().fill(true);
            passages.extend(found);
        };
        let each = self.sources.len().max(1);
        let (mut asked, mut is_partial) = (0, false);
        for thing in sought.things() {
            if asked >= MAX_ASKED {
                is_partial = true;
                break;
            }
            let part = value.get(sought.span(&thing)).unwrap_or_default();
            if is_short || names(part) {
                asked += each;
                let found = self.standing(&sought, thing.clone(), part);
                if !found.is_empty() {
                    cover(thing, found);
                }
            }
        }
        // What is grouped here stands elsewhere in one piece, or in other groups.
        forms::forms(value, |form, canonical, span| {
            if form == Form::Grouped && names(canonical) {
                let part = value.get(span.clone()).unwrap_or_default();
                let found = self.whole(part).passages;
                if !found.is_empty() {
                    cover(sought.within(&span), found);
                }
            }
        });
        let mut at = 0;
        while !is_short && at < words && asked < MAX_ASKED {
            asked += each;
            let rest = sought.part(at..words);
            let mut best: Option<(usize, &Arc<Origin>, usize)> = None;
            for (origin, seen) in &self.sources {
                if let Some((len, text)) = seen.longest(rest)
                    && len >= MIN_WORDS.max(best.map_or(0, |(len, ..)| len + 1))
                {
                    best = Some((len, origin, text));
                }
            }
            match best {
                Some((len, origin, text)) => {
                    let part = value.get(sought.span(&(at..at + len))).unwrap_or_default();
                    cover(at..at + len, vec![Passage::of(origin, Some(text), part)]);
                    at += len;
                }
                None => at += 1,
            }
        }
        let uncovered = covered.iter().filter(|covered| !**covered).count();
        let is_covered = if is_short { uncovered == 0 } else { uncovered <= words / 8 };
        let worst = passages.iter().map(|passage: &Passage| passage.origin.rank).max();
        let grounding = match worst {
            Some(Rank::Flagged) => Grounding::Flagged,
            Some(Rank::Untrusted) if is_covered => Grounding::Untrusted,
            Some(Rank::User | Rank::Trusted) if is_covered => Grounding::Derived,
            _ => Grounding::Ungrounded,
        };
        Traced { grounding, passages: distinct(passages), is_partial: is_partial || (!is_short && at < words) }
    }

    /// Where a thing stands by itself: in the best sources that have it.
    fn standing(&self, sought: &Sought, words: Range<usize>, part: &str) -> Vec<Passage> {
        let wanted = sought.part(words);
        let mut passages: Vec<Passage> = Vec::new();
        for (origin, seen) in &self.sources {
            if passages.first().is_some_and(|passage| passage.origin.rank < origin.rank) {
                break;
            }
            if let Found::In(text) = seen.find(wanted) {
                passages.push(Passage::of(origin, Some(text), part));
            }
        }
        if passages.is_empty() { self.whole(part).passages } else { passages }
    }
}

/// Whether it is long and in a script that does not part words.
fn is_unparted(part: &str) -> bool {
    !part.is_ascii() && part.chars().filter(|c| c.is_alphanumeric() && !c.is_ascii()).count() >= 2 * MIN_WORDS
}

/// Whether a thing names something by itself: an address, a number, an identifier.
fn names(thing: &str) -> bool {
    let letters = thing.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= MIN_NAMING && thing.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'@' | b'_'))
}

/// Passages without those that say the same.
fn distinct(passages: Vec<Passage>) -> Vec<Passage> {
    let mut known = BTreeSet::new();
    passages.into_iter().filter(|passage| known.insert((Arc::clone(&passage.origin), passage.part.clone()))).collect()
}

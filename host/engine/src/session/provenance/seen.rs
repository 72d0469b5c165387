//! [`Seen`]: texts from one source, so that what stands in them is found without reading them again.
//!
//! Each word that was seen is kept as a number, in its order, with the place where the same pair of words stood before. A text is
//! found by following one of its pairs from place to place: all of its pairs at once, so that the rarest says first that there
//! is no more. What that costs hangs on how often the rarest pair was seen, and not on how much was.

use std::hash::{BuildHasher as _, Hasher as _};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{
    addresses::{Kind, addresses},
    dictionary::{Dictionary, Fingerprint, WordId},
    forms,
    words::{Joint, words},
};

/// Places that are looked at in search of one text. Whoever repeats a pair of words so often keeps it from being found.
const MAX_PLACES: usize = 1 << 10;
/// Places that are looked at in search of the longest text that begins with two words.
const MAX_BEGINNINGS: usize = 64;
/// Bytes of a text after which no room is left over.
const LONG: usize = 64 << 10;
/// No place.
const NOWHERE: u32 = u32::MAX;

/// A word where it was seen: its number, and what stands between it and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Placed(u32);

impl Placed {
    /// What stands between two texts.
    const END: Self = Self(u32::MAX);
    /// A word that was seen nowhere. No word has so high a number.
    pub(super) const UNSEEN: Self = Self(u32::MAX - 1);

    pub(super) const fn new(id: WordId, joint: Joint) -> Self {
        Self(id << 8 | joint.byte() as u32)
    }

    const fn id(self) -> WordId {
        self.0 >> 8
    }

    /// Whether it and the word before are one thing.
    pub(super) const fn is_bound(self) -> bool {
        self.0 != Self::END.0 && Joint::from_byte(self.0.to_le_bytes()[0]).binds()
    }
}

/// Whether a text stands in what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It does: in this text.
    In(usize),
    /// It does not.
    Nowhere,
    /// Its words were seen in too many places to tell.
    Unclear,
}

/// One text that was seen.
#[derive(Debug, Clone)]
struct Text {
    /// The place of its first word.
    first: u32,
    body: Box<str>,
}

/// Texts from one source.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    texts: Vec<Text>,
    placed: Vec<Placed>,
    /// For each place, where the pair that ends there stood before.
    before: Vec<u32>,
    /// For each word, where it stood last and was a thing by itself.
    last: HashTable<u32>,
    /// For each pair, where its second word stood last.
    pairs: HashTable<u32>,
    /// Numbers, dates and the like, and the text in which each stood last.
    forms: HashTable<(Fingerprint, u32)>,
    /// Addresses, by their texts.
    addresses: Vec<(u32, Kind, Fingerprint)>,
    hasher: DefaultHashBuilder,
}

impl Seen {
    /// Takes in a text.
    pub(super) fn see(&mut self, dictionary: &mut Dictionary, text: &str) {
        let (Ok(first), Ok(number)) = (u32::try_from(self.placed.len()), u32::try_from(self.texts.len())) else {
            return;
        };
        self.texts.push(Text { first, body: text.into() });
        self.make_room(text.len());
        let mut previous = Placed::END;
        words(text, |word| {
            let placed = match dictionary.see(word.folded) {
                Some(id) => Placed::new(id, word.joint),
                None => Placed::END,
            };
            self.place(previous, placed);
            previous = placed;
        });
        self.place(previous, Placed::END);
        if text.len() >= LONG {
            // What was made room for by doubling.
            self.placed.shrink_to_fit();
            self.before.shrink_to_fit();
        }
        forms::forms(text, |form, canonical, _| {
            let fingerprint = dictionary.fingerprint_of(form, canonical);
            match self.forms.find_mut(fingerprint, |(known, _)| *known == fingerprint) {
                Some((_, last)) => *last = number,
                None => {
                    self.forms.insert_unique(fingerprint, (fingerprint, number), |(known, _)| *known);
                }
            }
        });
        addresses(text, |kind, address| {
            let fingerprint = dictionary.fingerprint_of_address(kind, address);
            if self.addresses.last() != Some(&(number, kind, fingerprint)) {
                self.addresses.push((number, kind, fingerprint));
            }
        });
    }

    /// Makes room for a text at once, as long texts of words go.
    fn make_room(&mut self, len: usize) {
        let Self { placed, before, pairs, last, hasher, .. } = self;
        let id = |at: u32| placed.get(at as usize).copied().unwrap_or(Placed::END).id();
        pairs.reserve(len / 16, |at| hash_pair(hasher, pair(placed, *at)));
        last.reserve(len / 64, |at| hash_word(hasher, id(*at)));
        placed.reserve(len / 8);
        before.reserve(len / 8);
    }

    fn place(&mut self, previous: Placed, placed: Placed) {
        let Ok(at) = u32::try_from(self.placed.len()) else { return };
        self.placed.push(placed);
        // Now it is known what is on both sides of the word before.
        if previous != Placed::END && !previous.is_bound() && !placed.is_bound() {
            let Self { last, placed: all, hasher, .. } = self;
            let id = |at: u32| all.get(at as usize).copied().unwrap_or(Placed::END).id();
            let hash = hash_word(hasher, previous.id());
            match last.find_mut(hash, |at| id(*at) == previous.id()) {
                Some(last) => *last = at - 1,
                None => {
                    last.insert_unique(hash, at - 1, |at| hash_word(hasher, id(*at)));
                }
            }
        }
        let mut before = NOWHERE;
        if placed != Placed::END && previous != Placed::END {
            let Self { placed: all, pairs, hasher, .. } = self;
            let wanted = (previous.id(), placed);
            match pairs.find_mut(hash_pair(hasher, wanted), |at| pair(all, *at) == wanted) {
                Some(last) => before = std::mem::replace(last, at),
                None => {
                    pairs.insert_unique(hash_pair(hasher, wanted), at, |at| hash_pair(hasher, pair(all, *at)));
                }
            }
        }
        self.before.push(before);
    }

    /// Whether a text of these words stands in what was seen.
    pub(super) fn find(&self, sought: &[Placed]) -> Found {
        match sought {
            [] => Found::Nowhere,
            [one] => {
                let last = self.last.find(hash_word(&self.hasher, one.id()), |at| self.at(*at).id() == one.id());
                last.map_or(Found::Nowhere, |at| self.found(*at))
            }
            _ => self.follow(sought),
        }
    }

    /// Whether a number, a date or the like stands in what was seen.
    pub(super) fn find_form(&self, fingerprint: Fingerprint) -> Found {
        let found = self.forms.find(fingerprint, |(known, _)| *known == fingerprint);
        found.map_or(Found::Nowhere, |(_, text)| Found::In(*text as usize))
    }

    /// Whether there is an address of this kind other than this one: in one of the texts, or in any.
    pub(super) fn has_other(&self, kind: Kind, own: Fingerprint, text: Option<usize>) -> bool {
        self.addresses.iter().any(|(number, of_kind, address)| {
            *of_kind == kind && *address != own && text.is_none_or(|text| text == *number as usize)
        })
    }

    /// Follows all pairs of two words or more at once.
    fn follow(&self, sought: &[Placed]) -> Found {
        let mut heads = Vec::with_capacity(sought.len());
        for (index, two) in sought.windows(2).enumerate() {
            let [first, second] = two else { continue };
            let Some(last) = self.last_pair(*first, *second) else { return Found::Nowhere };
            heads.push((index + 1, last));
        }
        for _ in 0..MAX_PLACES.div_ceil(heads.len()) {
            for (index, at) in &mut heads {
                if *at == NOWHERE {
                    return Found::Nowhere;
                }
                let start = (*at as usize).checked_sub(*index).and_then(|start| u32::try_from(start).ok());
                if let Some(start) = start.filter(|start| self.stands(*start, sought)) {
                    return self.found(start);
                }
                *at = self.before.get(*at as usize).copied().unwrap_or(NOWHERE);
            }
        }
        Found::Unclear
    }

    /// How many of these words stand together in what was seen, from the first on, and in which text; none if it is one.
    pub(super) fn longest(&self, sought: &[Placed]) -> Option<(usize, usize)> {
        let [first, second, ..] = sought else { return None };
        let mut at = self.last_pair(*first, *second)?;
        let mut best = None;
        for _ in 0..MAX_BEGINNINGS {
            if at == NOWHERE {
                break;
            }
            let start = at.saturating_sub(1);
            if !self.at(start).is_bound() {
                let there = self.placed.get(at as usize..).unwrap_or_default();
                let rest = sought.get(1..).unwrap_or_default();
                let same = there.iter().zip(rest).take_while(|(there, wanted)| there == wanted).count();
                // No part of what is bound.
                let end = (1..=same).rev().find(|end| !there.get(*end).is_some_and(|next| next.is_bound()));
                let len = end.map_or(0, |end| end + 1);
                if len > best.map_or(1, |(len, _)| len) {
                    best = Some((len, start));
                }
            }
            at = self.before.get(at as usize).copied().unwrap_or(NOWHERE);
        }
        best.map(|(len, start)| (len, self.text_at(start)))
    }

    fn last_pair(&self, first: Placed, second: Placed) -> Option<u32> {
        let wanted = (first.id(), second);
        self.pairs.find(hash_pair(&self.hasher, wanted), |at| pair(&self.placed, *at) == wanted).copied()
    }

    /// Whether these words stand there as one thing or several. What is before the first one does not matter.
    fn stands(&self, start: u32, sought: &[Placed]) -> bool {
        let start = start as usize;
        let there = self.placed.get(start..start + sought.len()).unwrap_or_default();
        let is_free = |edge: Option<&Placed>| !edge.is_some_and(|placed| placed.is_bound());
        match (there, sought) {
            ([first, rest @ ..], [wanted, wanted_rest @ ..]) => {
                first.id() == wanted.id()
                    && rest == wanted_rest
                    && is_free(Some(first))
                    && is_free(self.placed.get(start + sought.len()))
            }
            _ => false,
        }
    }

    fn at(&self, at: u32) -> Placed {
        self.placed.get(at as usize).copied().unwrap_or(Placed::END)
    }

    fn found(&self, at: u32) -> Found {
        Found::In(self.text_at(at))
    }

    /// Which text a place is in.
    fn text_at(&self, at: u32) -> usize {
        self.texts.partition_point(|text| text.first <= at).saturating_sub(1)
    }

    /// One of the texts.
    pub(super) fn text(&self, number: usize) -> &str {
        self.texts.get(number).map_or("", |text| &text.body)
    }

    /// Bytes of memory, but for the texts.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        (self.placed.capacity() + self.before.capacity()) * size_of::<u32>()
            + self.texts.capacity() * size_of::<Text>()
            + self.pairs.allocation_size()
            + self.last.allocation_size()
            + self.forms.allocation_size()
            + self.addresses.capacity() * size_of::<(u32, Kind, Fingerprint)>()
    }
}

/// The pair whose second word stands at a place: the number of the first, and the second with what is between them.
fn pair(placed: &[Placed], at: u32) -> (WordId, Placed) {
    let word = |at: usize| placed.get(at).copied().unwrap_or(Placed::END);
    let at = at as usize;
    (at.checked_sub(1).map_or(Placed::END, word).id(), word(at))
}

fn hash_word(hasher: &DefaultHashBuilder, id: WordId) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write_u32(id);
    hasher.finish()
}

fn hash_pair(hasher: &DefaultHashBuilder, (first, second): (WordId, Placed)) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write_u64(u64::from(first) << 32 | u64::from(second.0));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words_of(text: &str) -> Vec<(String, Joint)> {
        let mut read = Vec::new();
        words(text, |word| read.push((word.folded.to_owned(), word.joint)));
        read
    }

    /// The same, by reading everything.
    fn stands_in(texts: &[String], sought: &str) -> bool {
        let sought = words_of(sought);
        let len = sought.len();
        len > 0
            && texts.iter().any(|text| {
                let words = words_of(text);
                (0..=words.len().saturating_sub(len)).any(|at| {
                    let Some(there) = words.get(at..at + len) else { return false };
                    there[0].0 == sought[0].0
                        && there[1..] == sought[1..]
                        && !there[0].1.binds()
                        && words.get(at + len).is_none_or(|next| !next.1.binds())
                })
            })
    }

    fn find(seen: &Seen, dictionary: &Dictionary, text: &str) -> Found {
        let mut sought = Some(Vec::new());
        words(text, |word| {
            let placed = dictionary.get(word.folded).map(|id| Placed::new(id, word.joint));
            sought = sought.take().zip(placed).map(|(mut sought, placed)| {
                sought.push(placed);
                sought
            });
        });
        sought.map_or(Found::Nowhere, |sought| seen.find(&sought))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_found_stands_there_and_what_stands_there_is_found(
            texts in prop::collection::vec("[ab.@ ]{0,24}|[a-d é東\n,/:-]{0,24}|[0-2,:/. ]{0,24}", 0..8),
            sought in "[ab.@ ]{0,8}|[a-d é東\n,/:-]{0,8}|[0-2,:/. ]{0,6}",
        ) {
            let (mut dictionary, mut seen) = (Dictionary::default(), Seen::default());
            for text in &texts {
                seen.see(&mut dictionary, text);
            }
            let found = find(&seen, &dictionary, &sought);
            prop_assert_ne!(found, Found::Unclear);
            prop_assert_eq!(matches!(found, Found::In(_)), stands_in(&texts, &sought), "{:?}", found);
            if let Found::In(text) = found {
                prop_assert!(stands_in(&[seen.text(text).to_owned()], &sought));
            }
        }
    }

    #[test]
    fn what_is_repeated_too_often_is_unclear_and_no_more() {
        let (mut dictionary, mut seen) = (Dictionary::default(), Seen::default());
        seen.see(&mut dictionary, "a b c");
        seen.see(&mut dictionary, &"a b x b c ".repeat(5_000));
        assert_eq!(find(&seen, &dictionary, "a b c"), Found::Unclear);
        assert!(matches!(find(&seen, &dictionary, "a b x"), Found::In(_)));
        assert_eq!(find(&seen, &dictionary, "b a"), Found::Nowhere);
    }
}

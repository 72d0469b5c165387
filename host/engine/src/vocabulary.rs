//! The closed vocabularies of the core schema, and sets of their words.
//!
//! The schema's enumerations are generated from these types, so that a word that Rust can say is a word that a policy
//! can name, and no other is.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A closed vocabulary of at most eight words.
pub trait Vocabulary: Copy + 'static {
    /// Every word, in the order of the schema. A word's place here is its bit in a [`WordSet`].
    const ALL: &'static [Self];

    /// The word as policies write it.
    fn word(self) -> &'static str;

    /// The word's place in [`ALL`](Self::ALL).
    fn place(self) -> u8;
}

/// Implements [`Vocabulary`] for a field-less enum, and writes each word once.
macro_rules! vocabulary {
    ($name:ident { $($case:ident => $word:literal),+ $(,)? }) => {
        impl $crate::vocabulary::Vocabulary for $name {
            const ALL: &'static [Self] = &[$(Self::$case),+];

            fn word(self) -> &'static str {
                match self { $(Self::$case => $word),+ }
            }

            fn place(self) -> u8 {
                self as u8
            }
        }
    };
}
pub(crate) use vocabulary;

/// A set of words of one vocabulary: one byte, so that the Cedar value of each of the 256 sets is built at most once.
pub struct WordSet<W> {
    bits: u8,
    words: PhantomData<W>,
}

impl<W: Vocabulary> WordSet<W> {
    /// How many sets there are.
    pub(crate) const COUNT: usize = 256;

    /// The set without words.
    pub const EMPTY: Self = Self { bits: 0, words: PhantomData };

    /// The set of one word.
    #[must_use]
    pub fn of(word: W) -> Self {
        Self::EMPTY.with(word)
    }

    /// The same set with `word` in it.
    #[must_use]
    pub fn with(self, word: W) -> Self {
        Self { bits: self.bits | Self::bit(word), words: PhantomData }
    }

    /// The same set without `word`.
    #[must_use]
    pub fn without(self, word: W) -> Self {
        Self { bits: self.bits & !Self::bit(word), words: PhantomData }
    }

    /// The words of either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, words: PhantomData }
    }

    /// How many words are in one of the sets and not in the other.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        (self.bits ^ other.bits).count_ones()
    }

    /// Whether `word` is in the set.
    #[must_use]
    pub fn contains(self, word: W) -> bool {
        self.bits & Self::bit(word) != 0
    }

    /// Whether `other` has every word of the set.
    #[must_use]
    pub fn is_subset(self, other: Self) -> bool {
        self.bits & !other.bits == 0
    }

    /// Whether the set has no words.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The words, in the vocabulary's order.
    pub fn iter(self) -> impl Iterator<Item = W> {
        W::ALL.iter().copied().filter(move |&word| self.contains(word))
    }

    /// The set's number among all sets, below [`COUNT`](Self::COUNT).
    pub(crate) fn number(self) -> usize {
        usize::from(self.bits)
    }

    fn bit(word: W) -> u8 {
        const { assert!(W::ALL.len() <= 8, "a set is one byte") };
        1 << word.place()
    }
}

impl<W: Vocabulary> FromIterator<W> for WordSet<W> {
    fn from_iter<I: IntoIterator<Item = W>>(words: I) -> Self {
        words.into_iter().fold(Self::EMPTY, Self::with)
    }
}

// By hand: a derive would ask the same of `W`, which the byte does not need.
impl<W> Clone for WordSet<W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W> Copy for WordSet<W> {}

impl<W> PartialEq for WordSet<W> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<W> Eq for WordSet<W> {}

impl<W> Hash for WordSet<W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bits.hash(state);
    }
}

impl<W: Vocabulary> fmt::Debug for WordSet<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Vocabulary::word)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Channel, Standing};
    use crate::tools::Effect;

    fn places_are_in_order<W: Vocabulary>() {
        for (at, word) in W::ALL.iter().enumerate() {
            assert_eq!(usize::from(word.place()), at, "{}", word.word());
        }
    }

    #[test]
    fn every_word_has_a_bit_of_its_own() {
        places_are_in_order::<Standing>();
        places_are_in_order::<Effect>();
        places_are_in_order::<Channel>();
    }

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set: WordSet<Standing> = [Standing::User, Standing::Flagged].into_iter().collect();
        assert_eq!(format!("{set:?}"), r#"{"user", "flagged"}"#);
        assert!(!set.contains(Standing::Untrusted));
        assert!(WordSet::<Standing>::EMPTY.is_empty());
        assert!(set.without(Standing::User) == WordSet::of(Standing::Flagged));
        assert!(set.without(Standing::User).union(WordSet::of(Standing::User)) == set);
        assert_eq!(set.distance(WordSet::of(Standing::Untrusted)), 3);
    }
}

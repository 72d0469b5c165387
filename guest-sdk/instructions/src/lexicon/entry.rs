//! The entries of word lists, and the keys by which words are looked up.

use crate::Concepts;
use crate::fold::{self, Kind};

/// The most words that a phrase has.
pub(crate) const PHRASE: usize = 5;

/// One word of an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stem {
    pub(super) folded: Box<[u8]>,
    /// Whether the word may go on behind it.
    pub(super) open: bool,
}

/// An entry of a list as it is read.
pub(super) struct Entry {
    pub(super) key: u32,
    pub(super) words: Vec<Stem>,
    pub(super) concepts: Concepts,
}

impl Stem {
    pub(super) fn is(&self, word: &[u8]) -> bool {
        if self.open { word.starts_with(&self.folded) } else { word == &*self.folded }
    }
}

/// An entry of a word list. One whose first word folds to nothing has no words.
pub(super) fn entry(text: &str, concepts: Concepts) -> Entry {
    let words: Vec<Stem> = text.split('_').take(PHRASE).map(stem).filter(|stem| !stem.folded.is_empty()).collect();
    let key = words.first().map_or(0, |stem| unspaced_key(&stem.folded).unwrap_or_else(|| key(&stem.folded)));
    Entry { key, words, concepts }
}

fn stem(word: &str) -> Stem {
    let (word, open) = word.strip_suffix('*').map_or((word, false), |word| (word, true));
    let letter = |character| match fold::kind(character) {
        Kind::Letter(letter) => Some(letter),
        Kind::Unspaced => Some(character),
        Kind::Mark | Kind::Stop | Kind::Between => None,
    };
    let folded: String = word.chars().filter_map(letter).collect();
    Stem { folded: folded.into_bytes().into_boxed_slice(), open }
}

/// The key of a folded word: its first four bytes.
#[inline]
pub(crate) fn key(folded: &[u8]) -> u32 {
    let byte = |at: usize| u32::from(folded.get(at).copied().unwrap_or_default());
    byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24
}

/// The key of unspaced text: its first character, which has three bytes, if it is of such a script.
#[inline]
pub(crate) fn unspaced_key(text: &[u8]) -> Option<u32> {
    let [first @ 0xe3..=0xed, second, third, ..] = *text else { return None };
    let code = u32::from(first & 0xf) << 12 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
    let is_unspaced = char::from_u32(code).is_some_and(|character| fold::kind(character) == Kind::Unspaced);
    is_unspaced.then(|| u32::from(first) | u32::from(second) << 8 | u32::from(third) << 16)
}

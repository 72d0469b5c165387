//! The lexicon: words and phrases of many languages, each with the concepts that it stands for.
//!
//! A word list is text: entries apart by white space, `_` between the words of a phrase, `*` where a word may go on. All is
//! folded as the text is (`fold`). A word is looked up by its first four folded bytes, an unspaced one by its first three;
//! that table, of [`SLOTS`] keys, is also the sieve that keeps most words of a text from being looked at any further.

use std::ops::Range;

use crate::Concepts;
use crate::word::{self, Word};
use entry::{Entry, Stem, entry};
use sieve::Sieve;

pub(crate) use entry::{PHRASE, key, unspaced_key};

mod arabic;
mod chinese;
mod dutch;
mod english;
mod entry;
mod french;
mod german;
mod hebrew;
mod hindi;
mod indonesian;
mod italian;
mod japanese;
mod korean;
mod polish;
mod portuguese;
mod russian;
mod sieve;
mod spanish;
mod swedish;
mod turkish;
mod ukrainian;
mod vietnamese;

/// A list of words for one concept.
type List = (Concepts, &'static str);

/// The languages.
const LANGUAGES: [&[List]; 20] = [
    english::WORDS,
    spanish::WORDS,
    french::WORDS,
    german::WORDS,
    italian::WORDS,
    portuguese::WORDS,
    dutch::WORDS,
    swedish::WORDS,
    polish::WORDS,
    russian::WORDS,
    ukrainian::WORDS,
    turkish::WORDS,
    arabic::WORDS,
    hebrew::WORDS,
    hindi::WORDS,
    chinese::WORDS,
    japanese::WORDS,
    korean::WORDS,
    indonesian::WORDS,
    vietnamese::WORDS,
];

/// Places in the table of keys: a power of two, about three times the number of keys.
const SLOTS: usize = 1 << 13;

/// A first word, and what may follow it.
#[derive(Clone, Debug)]
struct Head {
    stem: Stem,
    /// What it stands for by itself, if it is an entry.
    alone: Option<Concepts>,
    /// The phrases that begin with it, as a range of all.
    phrases: Range<u16>,
}

/// The rest of a phrase.
#[derive(Clone, Debug)]
struct Phrase {
    /// The keys of its words, so that most are passed over at a glance.
    keys: [u32; PHRASE - 1],
    words: Vec<Stem>,
    concepts: Concepts,
}

/// What a look-up gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No entry.
    Nothing,
    /// An entry.
    Entry(Hit),
    /// The text ends where an entry may still go on.
    Open,
}

/// An entry in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// What it stands for.
    pub(crate) concepts: Concepts,
    /// Where it ends in the text.
    pub(crate) end: usize,
    /// How many words, or unspaced characters, it has.
    pub(crate) words: usize,
}

/// The lexicon, ready for look-ups.
#[derive(Clone, Debug)]
pub(crate) struct Lexicon {
    /// By key, then by word.
    heads: Vec<Head>,
    /// In the order of their heads.
    phrases: Vec<Phrase>,
    /// What lets few words through: where nothing has begun, and where something has.
    asleep: Sieve,
    awake: Sieve,
    /// Open addressing: a key, or 0, and its place among the buckets.
    keys: Box<[(u32, u32)]>,
    buckets: Vec<Bucket>,
}

/// The entries of one key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    begin: u16,
    end: u16,
    /// One of them is a single word.
    has_words: bool,
    /// What any of them stands for.
    pub(crate) concepts: Concepts,
    /// A bit for each hash of a key of a phrase's second word.
    seconds: u64,
}

impl Bucket {
    /// Whether it can have an entry, with what stands at `end` behind the first word.
    #[inline]
    pub(crate) fn may_have(&self, text: &str, end: usize) -> bool {
        self.has_words
            || match word::peek(text, end).key {
                Some(key) => self.seconds & second_bit(key) != 0,
                None => true,
            }
    }
}

/// The bit of a second word's key.
#[inline]
fn second_bit(key: u32) -> u64 {
    1 << (key.wrapping_mul(0x9e37_79b9) >> 26)
}

impl Lexicon {
    /// The words of all languages. `begins` says which concepts matter also where nothing has begun.
    pub(crate) fn new(begins: Concepts) -> Self {
        let lists = LANGUAGES.iter().flat_map(|language| language.iter());
        let mut entries: Vec<Entry> = lists
            .flat_map(|(concepts, words)| words.split_whitespace().map(|word| entry(word, *concepts)))
            .filter(|entry| !entry.words.is_empty())
            .collect();
        entries.sort_by(|a, b| (a.key, &a.words).cmp(&(b.key, &b.words)));
        entries.dedup_by(|later, earlier| {
            let same = later.words == earlier.words;
            if same {
                earlier.concepts = earlier.concepts.or(later.concepts);
            }
            same
        });
        let mut lexicon = Self {
            heads: Vec::new(),
            phrases: Vec::new(),
            asleep: Sieve::new(),
            awake: Sieve::new(),
            keys: vec![(0, 0); SLOTS].into_boxed_slice(),
            buckets: Vec::new(),
        };
        for Entry { words, concepts, .. } in &entries {
            let Some(first) = words.first() else { continue };
            lexicon.awake.add(&first.folded, first.open);
            if concepts.meets(begins) {
                lexicon.asleep.add(&first.folded, first.open);
            }
        }
        for run in entries.chunk_by(|a, b| a.key == b.key) {
            lexicon.add(run);
        }
        lexicon
    }

    /// Adds all entries of one key.
    fn add(&mut self, run: &[Entry]) {
        let Some(Entry { key, .. }) = run.first() else { return };
        let mut bucket = Bucket { begin: narrow(self.heads.len()), ..Bucket::default() };
        for same in run.chunk_by(|a, b| a.words.first() == b.words.first()) {
            let begin = narrow(self.phrases.len());
            let mut alone = None;
            for Entry { words, concepts, .. } in same {
                bucket.concepts = bucket.concepts.or(*concepts);
                let Some((_, rest)) = words.split_first() else { continue };
                if rest.is_empty() {
                    alone = Some(*concepts);
                    bucket.has_words = true;
                    continue;
                }
                let mut keys = [0; PHRASE - 1];
                for (key, stem) in keys.iter_mut().zip(rest) {
                    *key = self::key(&stem.folded);
                }
                bucket.seconds |= second_bit(keys[0]);
                self.phrases.push(Phrase { keys, words: rest.to_vec(), concepts: *concepts });
            }
            let Some(stem) = same.first().and_then(|entry| entry.words.first()) else { continue };
            self.heads.push(Head { stem: stem.clone(), alone, phrases: begin..narrow(self.phrases.len()) });
        }
        bucket.end = narrow(self.heads.len());
        let mut slot = slot(*key);
        while self.keys[slot].0 != 0 {
            slot = (slot + 1) % SLOTS;
        }
        self.keys[slot] = (*key, u32::from(narrow(self.buckets.len())));
        self.buckets.push(bucket);
    }

    /// Whether a word of ASCII may be an entry, by its first eight folded bytes and its length: one that matters where
    /// something has begun, or anywhere.
    #[inline]
    pub(crate) fn passes(&self, is_awake: bool, head: u64, length: usize) -> bool {
        if is_awake { self.awake.passes(head, length) } else { self.asleep.passes(head, length) }
    }

    /// What the lexicon has for words with this key.
    #[inline]
    pub(crate) fn bucket(&self, key: u32) -> Option<&Bucket> {
        let mut at = slot(key);
        loop {
            match self.keys[at] {
                (0, _) => return None,
                (found, bucket) if found == key => return self.buckets.get(bucket as usize),
                _ => at = (at + 1) % SLOTS,
            }
        }
    }

    fn with_key(&self, key: u32) -> &[Head] {
        let heads = |bucket: &Bucket| self.heads.get(usize::from(bucket.begin)..usize::from(bucket.end));
        self.bucket(key).and_then(heads).unwrap_or_default()
    }

    /// The longest entry that begins with a word of a text, to whose end more may be added or not.
    pub(crate) fn find(&self, text: &str, word: &Word, more: bool) -> Found {
        let found = self.find_exactly(text, word, more);
        if found != Found::Nothing {
            return found;
        }
        // Arabic and Hebrew write "and", "the", "to" and the like at the word.
        let mut rest = word.clone();
        for _ in 0..2 {
            if !rest.strip_particle() {
                break;
            }
            let found = self.find_exactly(text, &rest, more);
            if found != Found::Nothing {
                return found;
            }
        }
        Found::Nothing
    }

    fn find_exactly(&self, text: &str, word: &Word, more: bool) -> Found {
        let mut best: Option<Hit> = None;
        let mut is_open = false;
        // Of phrases the longest counts; a word may be in the lists of several concepts, also by its beginning.
        let mut take = |hit: Hit| match &mut best {
            Some(best) if best.words > hit.words => {}
            Some(best) if best.words == hit.words => best.concepts = best.concepts.or(hit.concepts),
            _ => best = Some(hit),
        };
        let mut glance = Glance::new(text, word.end);
        for head in self.with_key(word.key()) {
            if !head.stem.is(word.folded()) {
                continue;
            }
            if let Some(concepts) = head.alone {
                take(Hit { concepts, end: word.end, words: 1 });
            }
            let phrases = usize::from(head.phrases.start)..usize::from(head.phrases.end);
            for phrase in self.phrases.get(phrases).unwrap_or_default() {
                if glance.may_be(&phrase.keys)
                    && let Some(end) = follow(text, word.end, &phrase.words, &mut is_open)
                {
                    take(Hit { concepts: phrase.concepts, end, words: phrase.words.len() + 1 });
                }
            }
        }
        match best {
            _ if is_open && more => Found::Open,
            Some(hit) => Found::Entry(hit),
            None => Found::Nothing,
        }
    }

    /// The longest entry of an unspaced script that begins at a byte of a text.
    pub(crate) fn find_unspaced(&self, text: &str, at: usize, more: bool) -> Found {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let Some(key) = unspaced_key(rest) else { return Found::Nothing };
        let mut best: Option<(usize, Concepts)> = None;
        for Head { stem: Stem { folded, .. }, alone, .. } in self.with_key(key) {
            let Some(concepts) = alone else { continue };
            if more && rest.len() < folded.len() && folded.starts_with(rest) {
                return Found::Open;
            }
            if rest.starts_with(folded) && best.is_none_or(|(length, _)| length <= folded.len()) {
                best = Some((folded.len(), *concepts));
            }
        }
        best.map_or(Found::Nothing, |(length, concepts)| {
            Found::Entry(Hit { concepts, end: at + length, words: length / 3 })
        })
    }

    /// The longest entry of one word that a run of single letters spells from its beginning, and how many of them.
    pub(crate) fn find_spelled(&self, letters: &[u8]) -> Option<(Concepts, usize)> {
        let key = key(letters);
        let mut best: Option<(usize, Concepts)> = None;
        for Head { stem: Stem { folded, .. }, alone, .. } in self.with_key(key) {
            let Some(concepts) = alone else { continue };
            let longer = best.is_none_or(|(length, _)| length < folded.len());
            if folded.len() >= word::SPELLED && letters.starts_with(folded) && longer {
                best = Some((folded.len(), *concepts));
            }
        }
        best.map(|(length, concepts)| (concepts, length))
    }

    /// Whether some entry's first word goes on from this beginning of a word.
    pub(crate) fn may_become(&self, beginning: &[u8]) -> bool {
        let goes_on = |Head { stem, .. }: &Head| {
            stem.folded.starts_with(beginning) || (stem.open && beginning.starts_with(&stem.folded))
        };
        if beginning.len() >= 4 {
            self.with_key(key(beginning)).iter().any(goes_on)
        } else {
            self.heads.iter().any(goes_on)
        }
    }
}

/// Where the rest of a phrase ends, if it follows here.
fn follow(text: &str, mut at: usize, rest: &[Stem], is_open: &mut bool) -> Option<usize> {
    for stem in rest {
        match word::next(text, at) {
            word::Next::Word(word) => {
                // The last word of the text may yet go on, to match or to match no longer.
                *is_open |=
                    word.end == text.len() && (stem.folded.starts_with(word.folded()) || stem.is(word.folded()));
                if !stem.is(word.folded()) {
                    return None;
                }
                at = word.end;
            }
            word::Next::End => {
                *is_open = true;
                return None;
            }
            word::Next::Nothing => return None,
        }
    }
    Some(at)
}

/// The keys of the words behind one, read as they are asked for.
struct Glance<'a> {
    text: &'a str,
    end: usize,
    keys: [Option<u32>; PHRASE - 1],
    read: usize,
}

impl<'a> Glance<'a> {
    const fn new(text: &'a str, end: usize) -> Self {
        Self { text, end, keys: [None; PHRASE - 1], read: 0 }
    }

    /// Whether words with these keys may follow. A key that cannot be told at a glance may be any.
    fn may_be(&mut self, keys: &[u32; PHRASE - 1]) -> bool {
        for (place, key) in keys.iter().enumerate().take_while(|(_, key)| **key != 0) {
            if place == self.read {
                let peek = word::peek(self.text, self.end);
                (self.keys[place], self.end) = (peek.key, peek.end);
                self.read += 1;
            }
            match self.keys[place] {
                Some(found) if found == *key => {}
                Some(_) => return false,
                None => return true,
            }
        }
        true
    }
}

/// A place in a list of entries; there are far fewer than 65536.
fn narrow(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Where the search for a key begins.
#[inline]
fn slot(key: u32) -> usize {
    // Fibonacci hashing: the upper bits of a product with 2^32 divided by the golden ratio.
    (key.wrapping_mul(0x9e37_79b9) >> 19) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn concepts(text: &str) -> Option<(Concepts, &str)> {
        let lexicon = Lexicon::new(Concepts::NONE);
        let found = match word::at(text, 0) {
            Some(word) => lexicon.find(text, &word, false),
            None => lexicon.find_unspaced(text, 0, false),
        };
        match found {
            Found::Entry(hit) => Some((hit.concepts, &text[..hit.end])),
            Found::Nothing | Found::Open => None,
        }
    }

    #[test]
    fn a_word_a_stem_and_a_phrase_are_found() {
        assert_eq!(concepts("ignore it"), Some((Concepts::OVERRIDE, "ignore")));
        assert_eq!(concepts("IGN0RE it"), Some((Concepts::OVERRIDE, "IGN0RE")));
        assert_eq!(concepts("restrictions."), Some((Concepts::RULE.or(Concepts::LIMIT), "restrictions")));
        assert_eq!(concepts("pay no  attention to"), Some((Concepts::OVERRIDE, "pay no  attention")));
        assert_eq!(concepts("Do-not follow the"), Some((Concepts::OVERRIDE, "Do-not follow")));
        assert_eq!(concepts("ignorance is"), None);
    }

    #[test]
    fn a_word_without_spaces_around_it_is_found_and_the_longest_wins() {
        assert!(concepts("忽略之前").is_some_and(|(found, _)| found.meets(Concepts::OVERRIDE)));
        assert_eq!(concepts("無視しないで"), Some((Concepts::NONE, "無視しない")));
    }

    #[test]
    fn particles_at_the_word_do_not_hide_it() {
        assert!(concepts("وتجاهل ").is_some_and(|(found, _)| found.meets(Concepts::OVERRIDE)));
    }

    #[test]
    fn a_phrase_that_the_text_breaks_off_is_open() {
        let lexicon = Lexicon::new(Concepts::NONE);
        let find = |text, more| lexicon.find(text, &word::at(text, 0).unwrap(), more);
        let not = |end| Found::Entry(Hit { concepts: Concepts::NOT, end, words: 2 });
        assert_eq!(find("do not", true), Found::Open);
        assert_eq!(find("do not", false), not(6));
        assert_eq!(find("do not wait", true), not(6));
    }

    #[test]
    fn no_phrase_has_more_words_than_are_read_and_no_word_more_bytes() {
        for (_, words) in LANGUAGES.iter().flat_map(|language| language.iter()) {
            for word in words.split_whitespace() {
                assert!(word.split('_').count() <= PHRASE, "{word}");
                let entry = entry(word, Concepts::NONE);
                assert!(entry.words.iter().all(|stem| stem.folded.len() <= word::FOLDED), "{word}");
                let first = entry.words.first().unwrap();
                let goes_on = |stem: &Stem| stem.open && stem.folded.len() < 4;
                assert!(!entry.words.iter().skip(1).any(goes_on), "{word}");
                assert!(!first.open || first.folded.len() >= 4 || unspaced_key(&first.folded).is_some(), "{word}");
                assert!(unspaced_key(&first.folded).is_none() || entry.words.len() == 1, "{word}");
            }
        }
    }

    #[test]
    fn the_table_of_keys_is_sparse() {
        let lexicon = Lexicon::new(Concepts::NONE);
        let taken = lexicon.keys.iter().filter(|key| key.0 != 0).count();
        assert!(taken * 2 < SLOTS, "{taken}");
        assert!(lexicon.heads.len().max(lexicon.phrases.len()) < usize::from(u16::MAX));
    }
}

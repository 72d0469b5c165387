//! Reading one word.

use crate::fold::{self, Kind};

/// Bytes of a folded word that are kept; no entry of the lexicon is longer.
pub(crate) const FOLDED: usize = 48;

/// The fewest letters of a word that is recognised when it is spelled letter by letter.
pub(crate) const SPELLED: usize = 4;

/// The most letters of it that are read.
pub(crate) const LONGEST_SPELLED: usize = 16;

/// Bytes that may stand between two words of a phrase, or two letters of a word that is spelled.
const GAP: usize = 4;

/// The longest word of a phrase behind its first, in bytes.
const LONGEST: usize = 96;

/// A word of a text.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    folded: [u8; FOLDED],
    length: usize,
    /// Letters did not fit.
    is_cut: bool,
    /// Where it ends in the text.
    pub(crate) end: usize,
}

impl Word {
    const fn empty(end: usize) -> Self {
        Self { folded: [0; FOLDED], length: 0, is_cut: false, end }
    }

    /// The word as the lexicon writes it. One that is too long to be an entry is cut.
    pub(crate) fn folded(&self) -> &[u8] {
        self.folded.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn key(&self) -> u32 {
        crate::lexicon::key(self.folded())
    }

    #[inline]
    fn push_byte(&mut self, byte: u8) {
        match self.folded.get_mut(self.length) {
            Some(room) if !self.is_cut => {
                *room = byte;
                self.length += 1;
            }
            _ => self.is_cut = true,
        }
    }

    fn push(&mut self, letter: char) {
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).as_bytes();
        match self.folded.get_mut(self.length..self.length + bytes.len()) {
            Some(room) if !self.is_cut => {
                room.copy_from_slice(bytes);
                self.length += bytes.len();
            }
            _ => self.is_cut = true,
        }
    }

    /// Takes one of the particles off that Arabic (and, so, the, by, for, as) and Hebrew (and, the, in, to, from, that)
    /// write at the beginning of a word. Says whether there was one.
    pub(crate) fn strip_particle(&mut self) -> bool {
        let particle = match self.folded() {
            // Alef and lam.
            [0xd8, 0xa7, 0xd9, 0x84, _, _, ..] => 4,
            // Waw, lam, kaf, feh; beh; he, vav; bet, lamed, mem, shin, kaf.
            [0xd9, 0x88 | 0x84 | 0x83 | 0x81, _, _, _, _, ..]
            | [0xd8, 0xa8, _, _, _, _, ..]
            | [0xd7, 0x94 | 0x95 | 0x91 | 0x9c | 0x9e | 0xa9 | 0x9b, _, _, _, _, ..] => 2,
            _ => return false,
        };
        self.folded.copy_within(particle..self.length, 0);
        self.length -= particle;
        true
    }
}

/// What follows in a text.
#[derive(Debug)]
pub(crate) enum Next {
    Word(Word),
    /// No word of a phrase.
    Nothing,
    /// The text ends, and a word may yet follow.
    End,
}

/// The word that begins at a byte of a text, if it is of a script that writes spaces.
pub(crate) fn at(text: &str, at: usize) -> Option<Word> {
    bounded(text, at, usize::MAX)
}

fn bounded(text: &str, at: usize, limit: usize) -> Option<Word> {
    let mut word = Word::empty(at);
    let bytes = text.as_bytes();
    while word.end - at < limit && word.end < text.len() {
        if let Some(byte @ 0..0x80) = bytes.get(word.end) {
            match fold::ASCII[usize::from(*byte)] {
                0 => break,
                folded => word.push_byte(folded),
            }
            word.end += 1;
            continue;
        }
        let (character, length) = fold::character(text, word.end);
        match fold::kind(character) {
            Kind::Letter(letter) => word.push(letter),
            Kind::Mark if word.length > 0 => {}
            _ => break,
        }
        word.end += length;
    }
    (word.end > at).then_some(word)
}

/// The word behind a few spaces, commas, hyphens, apostrophes or a line's end.
pub(crate) fn next(text: &str, from: usize) -> Next {
    let mut begin = from;
    while begin < text.len() {
        let (character, length) = fold::character(text, begin);
        match fold::kind(character) {
            Kind::Letter(_) if begin > from => {
                return bounded(text, begin, LONGEST).map_or(Next::Nothing, Next::Word);
            }
            Kind::Between if begin + length - from <= GAP && !matches!(character, '.' | '!' | '?' | ':' | ';') => {
                begin += length;
            }
            _ => return Next::Nothing,
        }
    }
    Next::End
}

/// What is known of the next word at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peek {
    /// Its key, or 0 if there is no word that a phrase could have. None if it is not of ASCII alone, or the text ends.
    pub(crate) key: Option<u32>,
    /// Where it ends.
    pub(crate) end: usize,
}

/// The key of the word that [`next`] reads.
#[inline]
pub(crate) fn peek(text: &str, from: usize) -> Peek {
    let bytes = text.as_bytes();
    let nothing = Peek { key: Some(0), end: from };
    let unknown = Peek { key: None, end: from };
    let mut begin = from;
    loop {
        match bytes.get(begin) {
            None | Some(0x80..) => return unknown,
            Some(byte) if fold::ASCII[usize::from(*byte)] != 0 => break,
            Some(b'.' | b'!' | b'?' | b':' | b';') => return nothing,
            Some(_) if begin + 1 - from <= GAP => begin += 1,
            Some(_) => return nothing,
        }
    }
    if begin == from {
        return nothing;
    }
    let (mut key, mut end) = (0, begin);
    while end - begin < LONGEST {
        match bytes.get(end) {
            None | Some(0x80..) => return unknown,
            Some(byte) => match fold::ASCII[usize::from(*byte)] {
                0 => break,
                folded if end - begin < 4 => key |= u32::from(folded) << ((end - begin) * 8),
                _ => {}
            },
        }
        end += 1;
    }
    Peek { key: Some(key), end }
}

/// A word that is spelled letter by letter.
#[derive(Debug)]
pub(crate) struct Spelled {
    letters: [u8; LONGEST_SPELLED],
    ends: [usize; LONGEST_SPELLED],
    length: usize,
    /// It goes to the text's end.
    pub(crate) is_open: bool,
}

impl Spelled {
    pub(crate) fn letters(&self) -> &[u8] {
        self.letters.get(..self.length).unwrap_or_default()
    }

    /// Where the first so many letters end in the text.
    pub(crate) fn end(&self, letters: usize) -> Option<usize> {
        self.ends.get(letters.checked_sub(1)?).copied()
    }
}

/// Single ASCII letters from a byte of a text on, each apart from the next by one or two signs or spaces.
pub(crate) fn spelled(text: &str, from: usize) -> Spelled {
    let bytes = text.as_bytes();
    let folded = |at: usize| bytes.get(at).map_or(0, |byte| fold::ASCII[usize::from(*byte)]);
    let mut read = Spelled { letters: [0; LONGEST_SPELLED], ends: [0; LONGEST_SPELLED], length: 0, is_open: false };
    let mut at = from;
    while read.length < LONGEST_SPELLED {
        if at >= bytes.len() {
            read.is_open = true;
            break;
        }
        let is_single = folded(at) != 0 && folded(at + 1) == 0 && bytes.get(at + 1).is_none_or(u8::is_ascii);
        if !is_single {
            break;
        }
        read.letters[read.length] = folded(at);
        read.ends[read.length] = at + 1;
        read.length += 1;
        at += 1;
        let is_gap =
            |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'.' | b'-' | b'_' | b'*' | b'|'));
        let gap = (0..2).take_while(|behind| is_gap(at + behind)).count();
        if gap == 0 {
            read.is_open |= at >= bytes.len();
            break;
        }
        at += gap;
    }
    read
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_word_ends_where_its_script_does() {
        let word = at("Größe, and", 0).unwrap();
        assert_eq!((word.folded(), word.end), ("grose".as_bytes(), 7));
        assert!(at("指示", 0).is_none());
        assert!(at(" a", 0).is_none());
    }

    #[test]
    fn a_word_without_end_is_cut_and_read_to_its_end() {
        let word = at(&"a".repeat(1000), 0).unwrap();
        assert_eq!((word.folded().len(), word.end), (FOLDED, 1000));
    }

    #[test]
    fn the_next_word_stands_behind_a_small_gap_only() {
        assert!(matches!(next("do not", 2), Next::Word(word) if word.folded() == b"not"));
        assert!(matches!(next("do     not", 2), Next::Nothing));
        assert!(matches!(next("do. Not", 2), Next::Nothing));
        assert!(matches!(next("do ", 2), Next::End));
    }

    #[test]
    fn letters_apart_are_read_as_a_word() {
        assert_eq!(spelled("i g n o r e the", 0).letters(), b"ignore");
        assert_eq!(spelled("i.g.n", 0).letters(), b"ign");
        assert_eq!(spelled("ab c", 0).letters(), b"");
        assert!(spelled("i g", 0).is_open);
    }
}

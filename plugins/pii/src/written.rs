//! Numbers as people write them: groups of letters and digits with joiners between, and the forms that they are compared
//! with.

use crate::text::{Joiner, Text};

/// The most letters and digits of anything that is compared with a form; the longest is a Russian IBAN.
pub(crate) const MOST: usize = 34;

/// The most groups.
const GROUPS: usize = 12;

/// Bits for each place at which a joiner can stand.
const BITS: usize = 3;

/// What is written at one place: its letters and digits, and the joiners between.
#[derive(Debug)]
pub(crate) struct Written {
    characters: [u8; MOST],
    /// The joiner in front of each character but the first.
    joiners: u128,
    /// Which of the characters are letters.
    letters: u64,
    /// For each group, how many characters there are up to its end, and where it ends.
    ends: [(usize, usize); GROUPS],
    groups: usize,
}

/// One way to write a number, made of a template in which `9` stands for a digit, `A` for a letter, `X` for either and
/// everything else for a joiner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    length: usize,
    joiners: u128,
    letters: u64,
    either: u64,
}

impl Written {
    /// Reads the groups from `start` on, as far as they may belong together: words of small letters do not.
    pub(crate) fn read(text: &Text, start: usize) -> Self {
        let mut written = Self { characters: [0; MOST], joiners: 0, letters: 0, ends: [(0, 0); GROUPS], groups: 0 };
        let (mut length, mut at) = (0, start);
        while written.groups < GROUPS {
            let begin = length;
            let mut has_digit = false;
            let mut has_small = false;
            while let byte = text.at(at)
                && byte.is_ascii_alphanumeric()
            {
                if length == MOST {
                    return written;
                }
                has_digit |= byte.is_ascii_digit();
                has_small |= byte.is_ascii_lowercase();
                written.letters |= u64::from(byte.is_ascii_alphabetic()) << length;
                written.characters[length] = byte.to_ascii_uppercase();
                length += 1;
                at += 1;
            }
            if length == begin || !has_digit && (length - begin > 4 || has_small && length - begin > 1) {
                break;
            }
            written.ends[written.groups] = (length, at);
            written.groups += 1;
            let Some((joiner, width)) = text.joiner(at) else { break };
            if length < MOST {
                written.joiners |= (joiner as u128) << (BITS * length);
            }
            at += width;
        }
        written
    }

    /// For each group, the characters up to its end, and where it ends.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = (Prefix<'_>, usize)> {
        self.ends[..self.groups].iter().map(|(length, end)| {
            let joiners = self.joiners & ((1_u128 << (BITS * length)) - 1);
            let letters = self.letters & ((1_u64 << length) - 1);
            (Prefix { characters: &self.characters[..*length], joiners, letters }, *end)
        })
    }
}

/// The first groups of what is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix<'w> {
    /// Its letters, as capitals, and digits.
    pub(crate) characters: &'w [u8],
    joiners: u128,
    letters: u64,
}

impl Prefix<'_> {
    /// Whether it consists of digits.
    pub(crate) const fn is_digits(&self) -> bool {
        self.letters == 0
    }

    /// Whether it is one group.
    pub(crate) const fn is_bare(&self) -> bool {
        self.joiners == 0
    }

    /// Whether this joiner stands in it.
    pub(crate) fn has(&self, joiner: Joiner) -> bool {
        (1..self.characters.len()).any(|at| self.joiners >> (BITS * at) & 7 == joiner as u128)
    }

    /// Whether all its joiners are of one kind.
    pub(crate) fn is_joined_alike(&self) -> bool {
        let mut joiners =
            (1..self.characters.len()).map(|at| self.joiners >> (BITS * at) & 7).filter(|joiner| *joiner > 0);
        joiners.next().is_none_or(|first| joiners.all(|joiner| joiner == first))
    }

    /// The lengths of its groups, with zeros behind the last.
    pub(crate) fn groups(&self) -> [usize; GROUPS] {
        let mut groups = [0; GROUPS];
        let mut group = 0;
        for at in 0..self.characters.len() {
            if self.joiners >> (BITS * at) & 7 > 0 && group + 1 < GROUPS {
                group += 1;
            }
            groups[group] += 1;
        }
        groups
    }
}

impl Form {
    /// The form of a template.
    pub(crate) fn new(template: &str) -> Self {
        let mut form = Self { length: 0, joiners: 0, letters: 0, either: 0 };
        for character in template.bytes() {
            let joiner = match character {
                b' ' => Joiner::Space,
                b'-' => Joiner::Hyphen,
                b'.' => Joiner::Dot,
                b'/' => Joiner::Slash,
                b'+' => Joiner::Plus,
                _ => {
                    form.letters |= u64::from(character == b'A') << form.length;
                    form.either |= u64::from(character == b'X') << form.length;
                    form.length += 1;
                    continue;
                }
            };
            form.joiners |= (joiner as u128) << (BITS * form.length);
        }
        form
    }

    /// How many letters and digits it has.
    pub(crate) const fn length(&self) -> usize {
        self.length
    }

    /// Whether it has joiners.
    pub(crate) const fn is_joined(&self) -> bool {
        self.joiners != 0
    }

    /// Whether this is written so.
    pub(crate) const fn fits(&self, prefix: &Prefix) -> bool {
        prefix.characters.len() == self.length
            && prefix.joiners == self.joiners
            && prefix.letters & !self.either == self.letters
    }
}

#[cfg(test)]
impl Form {
    /// Something at random that fits it.
    pub(crate) fn filled(&self, mut random: impl FnMut() -> u64) -> Vec<u8> {
        let mut pick = |from: &[u8]| from[usize::try_from(random()).unwrap_or_default() % from.len()];
        let (digits, letters) = (b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        let character = |at: usize| match (self.letters >> at & 1, self.either >> at & 1) {
            (1, _) => pick(letters),
            (_, 1) => pick(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            _ => pick(digits),
        };
        (0..self.length).map(character).collect()
    }
}

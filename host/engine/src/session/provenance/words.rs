//! Text as words: how what was seen is compared with what is sent.
//!
//! Two texts are the same here if they have the same words, with the same between them:
//!
//! * **A word** is a run of letters and digits with the marks on them, compared by its compatibility form (NFKC) in lower case. In
//!   scripts that do not part words (Han, kana, Thai and others) each character is one. So `50` does not stand in `1500`.
//! * **Between two words** white space is white space, however much of it, and with whatever punctuation beside it: folded lines,
//!   lists and quotation marks make no difference. Punctuation alone is what it is: who wrote `pay me` did not write `pay.me`.
//!   More than one character of it is a word of its own.
//! * **What is bound is one thing**, of which no part is found by itself: words with `.`, `-`, `_` or `@` between them, and digits with
//!   `,`, `:` or `/` between them. So `50` does not stand in `50.75` or `1,500`, nor `example.org` in `example.org.evil.example`
//!   or `ann@example.org`.

use unicode_normalization::UnicodeNormalization as _;
use unicode_script::{Script, UnicodeScript as _};

/// Bytes of a word that is folded without an allocation; most are shorter.
const SHORT: usize = 48;

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'w> {
    /// The word, as it is compared.
    pub(super) folded: &'w str,
    /// What stands between it and the word before.
    pub(super) joint: Joint,
    /// Where it begins in the text, in bytes.
    pub(super) at: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// What stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Joint(u8);

impl Joint {
    /// White space, or where a text begins.
    pub(super) const SPACE: Self = Self(0);
    /// Nothing.
    const NOTHING: Self = Self(1);
    /// Set for what binds. ASCII's punctuation is `!` to `~`, so this bit is free.
    const BINDS: u8 = 0x80;

    /// One character of ASCII's punctuation between these two characters.
    fn of(punctuation: u8, before: u8, after: u8) -> Self {
        let binds = match punctuation {
            b'.' | b'-' | b'_' | b'@' => true,
            b',' | b':' | b'/' => before.is_ascii_digit() && after.is_ascii_digit(),
            _ => false,
        };
        Self(if binds { punctuation | Self::BINDS } else { punctuation })
    }

    /// The byte that stands for it.
    pub(super) const fn byte(self) -> u8 {
        self.0
    }

    /// The joint that a byte stands for.
    pub(super) const fn from_byte(byte: u8) -> Self {
        Self(byte)
    }

    /// Whether there is nothing, as in scripts that do not part words.
    pub(super) const fn is_nothing(self) -> bool {
        self.0 == Self::NOTHING.0
    }

    /// Whether what is on both sides is one thing.
    pub(super) const fn binds(self) -> bool {
        self.0 & Self::BINDS != 0
    }
}

/// What a character is to a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Part of it.
    Letter,
    /// One by itself.
    Single,
    Space,
    Punctuation,
}

impl Kind {
    /// Beyond ASCII.
    fn of(c: char) -> Self {
        match c {
            _ if c.is_whitespace() || c.is_control() => Self::Space,
            _ if is_unparted(c) => Self::Single,
            _ if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => Self::Letter,
            _ => Self::Punctuation,
        }
    }
}

/// Whether it is of a script that does not part words.
fn is_unparted(c: char) -> bool {
    let is_letter = c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
    is_letter
        && matches!(
            c.script(),
            Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Bopomofo
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
        )
}

/// Bits of what a byte is to a word.
mod byte {
    pub(super) const LETTER: u8 = 1;
    /// A letter that is folded.
    pub(super) const CAPITAL: u8 = 2;
    pub(super) const PUNCTUATION: u8 = 4;
    pub(super) const SPACE: u8 = 8;
    /// Part of a character beyond ASCII.
    pub(super) const BEYOND: u8 = 16;
}

/// What each byte is to a word. Control characters part words as white space does.
static BYTES: [u8; 256] = {
    let mut kinds = [byte::BEYOND; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = if byte.is_ascii_uppercase() {
            byte::LETTER | byte::CAPITAL
        } else if byte.is_ascii_alphanumeric() {
            byte::LETTER
        } else if byte.is_ascii_graphic() {
            byte::PUNCTUATION
        } else {
            byte::SPACE
        };
        byte += 1;
    }
    kinds
};

/// Gives the words of a text, one after the other.
pub(super) fn words(text: &str, mut each: impl FnMut(Word<'_>)) {
    let bytes = text.as_bytes();
    let mut folding = Folding::default();
    let (mut joint, mut at) = (Joint::SPACE, 0);
    while let Some(kind) = kind(text, at) {
        let end = match kind {
            Kind::Letter | Kind::Single => {
                let (end, bits) = if kind == Kind::Letter { run(text, at) } else { (next(text, at), byte::BEYOND) };
                let folded = folding.fold(text.get(at..end).unwrap_or_default(), bits);
                each(Word { folded, joint, at, end });
                joint = Joint::NOTHING;
                end
            }
            Kind::Space | Kind::Punctuation => {
                let (end, has_space) = gap(text, at);
                let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
                joint = match (bytes.get(at..end).unwrap_or_default(), before) {
                    // What is before the first word says nothing of it.
                    (_, None) => Joint::SPACE,
                    _ if has_space => Joint::SPACE,
                    ([one], Some(before)) => Joint::of(*one, before, bytes.get(end).copied().unwrap_or_default()),
                    _ if end == text.len() => Joint::NOTHING,
                    _ => {
                        let folded = folding.fold(text.get(at..end).unwrap_or_default(), byte::BEYOND);
                        each(Word { folded, joint: Joint::NOTHING, at, end });
                        Joint::NOTHING
                    }
                };
                end
            }
        };
        at = end;
    }
}

fn bits(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).map(|byte| BYTES.get(usize::from(*byte)).copied().unwrap_or(byte::BEYOND))
}

/// What the character at a place is.
fn kind(text: &str, at: usize) -> Option<Kind> {
    let bits = bits(text, at)?;
    if bits & byte::LETTER != 0 {
        Some(Kind::Letter)
    } else if bits & byte::SPACE != 0 {
        Some(Kind::Space)
    } else if bits & byte::PUNCTUATION != 0 {
        Some(Kind::Punctuation)
    } else {
        text.get(at..)?.chars().next().map(Kind::of)
    }
}

/// Where the next character begins.
fn next(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// Where the letters end that go on at a place, and what they are.
fn run(text: &str, mut at: usize) -> (usize, u8) {
    let mut all = 0;
    // Eight bytes at once: most words end in the first eight.
    while let Some(eight) = text.as_bytes().get(at..).and_then(|rest| rest.first_chunk()) {
        let (count, bits) = letters(u64::from_le_bytes(*eight));
        (at, all) = (at + count, all | bits);
        if count < 8 {
            break;
        }
    }
    while let Some(bits) = bits(text, at) {
        if bits & byte::LETTER != 0 {
            at += 1;
        } else if bits & byte::BEYOND != 0 && kind(text, at) == Some(Kind::Letter) {
            at = next(text, at);
        } else {
            break;
        }
        all |= bits;
    }
    (at, all)
}

/// How many of eight bytes are letters and digits of ASCII, from the first on, and what they are.
fn letters(eight: u64) -> (usize, u8) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    // The high bit of each byte that is at least so much, of bytes whose own high bit is clear.
    let least = |bytes: u64, least: u8| bytes + (0x80 - u64::from(least)) * ONES;
    let plain = eight & !HIGH;
    let small = plain | (0x20 * ONES);
    let alphabetic = least(small, b'a') & !least(small, b'z' + 1);
    let digits = least(plain, b'0') & !least(plain, b'9' + 1);
    let others = !((alphabetic | digits) & !eight) & HIGH;
    let count = (others.trailing_zeros() / 8) as usize;
    let capitals = alphabetic & !(eight << 2) & HIGH;
    let counted = others ^ others.wrapping_sub(1);
    let bits = if capitals & counted & !others != 0 { byte::LETTER | byte::CAPITAL } else { byte::LETTER };
    (count, if count == 0 { 0 } else { bits })
}

/// Where what is between words ends that goes on at a place, and whether there is white space in it.
fn gap(text: &str, mut at: usize) -> (usize, bool) {
    let mut has_space = false;
    while let Some(bits) = bits(text, at) {
        if bits & byte::BEYOND != 0 {
            match kind(text, at) {
                Some(Kind::Space) => has_space = true,
                Some(Kind::Punctuation) => {}
                _ => break,
            }
            at = next(text, at);
        } else if bits & byte::LETTER == 0 {
            has_space |= bits & byte::SPACE != 0;
            at += 1;
        } else {
            break;
        }
    }
    (at, has_space)
}

/// Where words are written as they are compared.
struct Folding {
    short: [u8; SHORT],
    long: String,
}

impl Default for Folding {
    fn default() -> Self {
        Self { short: [0; SHORT], long: String::new() }
    }
}

impl Folding {
    /// `bits`: what its bytes are.
    fn fold<'w>(&'w mut self, word: &'w str, bits: u8) -> &'w str {
        match self.short.get_mut(..word.len()) {
            _ if bits == byte::LETTER => word,
            Some(short) if bits & byte::BEYOND == 0 => {
                for (folded, byte) in short.iter_mut().zip(word.bytes()) {
                    *folded = byte.to_ascii_lowercase();
                }
                std::str::from_utf8(short).unwrap_or_default()
            }
            _ => {
                self.long.clear();
                // Once more, since lower case can need it: `İ` is two characters then.
                let lower: String = word.nfkc().flat_map(char::to_lowercase).collect();
                self.long.extend(lower.nfkc());
                &self.long
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fold(word: &str) -> String {
        Folding::default().fold(word, byte::BEYOND).to_owned()
    }

    fn read(text: &str) -> Vec<(String, u8)> {
        let mut read = Vec::new();
        words(text, |word| read.push((word.folded.to_owned(), word.joint.byte())));
        read
    }

    fn is_same(one: &str, other: &str) -> bool {
        read(one) == read(other)
    }

    #[test]
    fn what_only_looks_different_is_the_same() {
        for (one, other) in [
            ("Jane  Doe", "jane\n    doe"),
            ("\u{e9}t\u{e9}", "E\u{301}TE\u{301}"),
            ("ｆｕｌｌ width", "full WIDTH"),
            ("pay \"Emma\", now", "pay emma (now)"),
            ("https://pay.example/x", "HTTPS://Pay.Example/x"),
            ("  x.", "x"),
        ] {
            assert!(is_same(one, other), "{one}: {:?}, {other}: {:?}", read(one), read(other));
        }
    }

    #[test]
    fn what_is_different_is_not_the_same() {
        for (one, other) in [
            ("pay me", "pay.me"),
            ("pay.me", "payme"),
            ("pay.me", "pay-me"),
            ("a://b", "a:/b"),
            ("a--b", "a-b"),
            ("50", "1500"),
            ("user@example.org", "user example.org"),
            ("a…b", "a⋯b"),
        ] {
            assert!(!is_same(one, other), "{one}: {:?}", read(one));
        }
    }

    #[test]
    fn scripts_that_do_not_part_words_have_words_of_one_character() {
        assert_eq!(read("東京へ").len(), 3);
        assert_eq!(read("กข").len(), 2);
        assert_eq!(read("한국어 말").len(), 2);
    }

    proptest! {
        #[test]
        fn words_stand_where_they_say(text: String) {
            let mut last = 0;
            words(&text, |word| {
                assert!(text.is_char_boundary(word.at) && word.at >= last, "{text:?}: {word:?}");
                last = word.at;
            });
        }

        /// A text within another, at the edges of words, has its words there.
        #[test]
        fn a_text_within_another_has_the_same_words(before in "[a-z .]{0,20}", text in "[a-zé東 .@-]{1,20}", after in "[a-z .]{0,20}") {
            let (inner, outer) = (read(&text), read(&format!("{before} {text} {after}")));
            let inner: Vec<_> = inner.iter().map(|(word, _)| word).collect();
            let outer: Vec<_> = outer.iter().map(|(word, _)| word).collect();
            prop_assert!(inner.is_empty() || outer.windows(inner.len()).any(|window| window == inner.as_slice()));
        }

        #[test]
        fn what_is_folded_stays_as_it_is(text: String) {
            for (word, _) in read(&text) {
                prop_assert_eq!(fold(&word), word);
            }
        }
    }
}

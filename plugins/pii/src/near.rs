//! Words nearby that say what a number is.
//!
//! A word counts when it stands in the line of the number, up to [`BEFORE`] bytes in front of it or [`AFTER`] behind; or,
//! as the label of a form, in the line above when nothing but the number's own line stands between.

use crate::text::Text;

/// Bytes in front of a number in which a word is looked for.
pub(crate) const BEFORE: usize = 64;

/// Bytes behind a number in which a word is looked for.
pub(crate) const AFTER: usize = 32;

/// Words in small letters, with `|` between. Those of scripts with capitals beyond ASCII stand in each way that they are
/// written.
#[derive(Debug)]
pub(crate) struct Words {
    text: &'static str,
    /// Where each word begins; behind the last, one byte beyond the end.
    begins: [u16; MOST + 1],
    count: usize,
    /// The bytes with which some word begins.
    firsts: [u64; 4],
}

/// The most words of a set.
const MOST: usize = 127;

/// What stands around a number, read once for all the words that are looked for in it.
#[derive(Debug)]
pub(crate) struct Nearby<'t> {
    before: Line<'t>,
    after: Line<'t>,
}

/// A piece of text and where words begin in it.
#[derive(Debug)]
struct Line<'t> {
    bytes: &'t [u8],
    begins: [u8; BEFORE + 1],
    count: usize,
    /// The bytes, as small letters, with which they begin.
    firsts: [u64; 4],
}

impl Words {
    /// A set of words, none of them empty.
    #[expect(clippy::cast_possible_truncation, reason = "no list is as long as that, and the test would see it")]
    pub(crate) const fn new(words: &'static str) -> Self {
        let bytes = words.as_bytes();
        let mut set = Self { text: words, begins: [0; MOST + 1], count: 0, firsts: [0; 4] };
        let mut at = 0;
        while at < bytes.len() {
            if at == 0 || bytes[at - 1] == b'|' {
                set.begins[set.count] = at as u16;
                set.count += 1;
                set.firsts[(bytes[at] / 64) as usize] |= 1_u64 << (bytes[at] % 64);
            }
            at += 1;
        }
        set.begins[set.count] = at as u16 + 1;
        set
    }

    /// The words.
    fn iter(&self) -> impl Iterator<Item = &'static [u8]> {
        let words = self.text.as_bytes();
        self.begins[..=self.count].windows(2).map(|pair| &words[usize::from(pair[0])..usize::from(pair[1]) - 1])
    }

    /// Whether one of the words says what stands from `start` to `end`.
    pub(crate) fn are_near(&self, text: &Text, start: usize, end: usize) -> bool {
        self.are_in(&Nearby::read(text, start, end))
    }

    /// Whether one of the words stands in what was read.
    pub(crate) fn are_in(&self, nearby: &Nearby) -> bool {
        self.stand_in(&nearby.before) || self.stand_in(&nearby.after)
    }

    /// Whether one of the words stands right before `to`, with nothing but spaces and marks between.
    pub(crate) fn are_right_before(&self, text: &Text, to: usize) -> bool {
        let behind = text.behind(to, BEFORE);
        let blank = behind.iter().rev().take_while(|byte| byte.is_ascii_punctuation() || **byte == b' ').count();
        let behind = &behind[..behind.len() - blank];
        self.iter().any(|word| {
            let Some(at) = behind.len().checked_sub(word.len()) else { return false };
            behind[at..].eq_ignore_ascii_case(word) && begins_word(behind, at)
        })
    }

    fn stand_in(&self, line: &Line) -> bool {
        if !self.firsts.iter().zip(line.firsts).any(|(ours, theirs)| ours & theirs != 0) {
            return false;
        }
        line.begins[..line.count].iter().any(|at| {
            let at = usize::from(*at);
            let first = line.bytes[at].to_ascii_lowercase();
            let stands = |word: &[u8]| {
                let end = at + word.len();
                word[0] == first
                    && line.bytes.get(at..end).is_some_and(|found| found.eq_ignore_ascii_case(word))
                    && ends_word(line.bytes, end)
            };
            has(&self.firsts, first) && self.iter().any(stands)
        })
    }
}

impl<'t> Nearby<'t> {
    /// Reads what stands around the number from `start` to `end`.
    pub(crate) fn read(text: &Text<'t>, start: usize, end: usize) -> Self {
        // One byte more on either side shows where words begin and end.
        let behind = text.behind(start, BEFORE + 1);
        let begin = begin_of_line(behind);
        let is_cut = begin == 0 && behind.len() > BEFORE;
        let ahead = text.ahead(end, AFTER + 1);
        // The next number, and what introduces it, ends what is said of this one.
        let ends = |byte: &u8| matches!(byte, b'\n' | b'"' | b',' | b';' | b'0'..=b'9');
        let line = ahead.iter().position(ends).unwrap_or(ahead.len());
        Self { before: Line::read(&behind[begin..], usize::from(is_cut)), after: Line::read(&ahead[..line], 0) }
    }
}

impl<'t> Line<'t> {
    /// Reads a line in which no word begins before `from`.
    fn read(bytes: &'t [u8], from: usize) -> Self {
        let mut line = Self { bytes, begins: [0; BEFORE + 1], count: 0, firsts: [0; 4] };
        for at in from..bytes.len() {
            let byte = bytes[at].to_ascii_lowercase();
            let may_begin = byte.is_ascii_lowercase() || byte >= 0xc0;
            if may_begin && begins_word(bytes, at) {
                line.begins[line.count] = u8::try_from(at).unwrap_or_default();
                line.count += 1;
                line.firsts[usize::from(byte / 64)] |= 1 << (byte % 64);
            }
        }
        line
    }
}

/// Whether a set has a byte.
fn has(set: &[u64; 4], byte: u8) -> bool {
    set[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
}

/// Where, in what stands before a number, the part begins that can speak of it.
fn begin_of_line(behind: &[u8]) -> usize {
    let is_blank = |line: &[u8]| line.iter().all(|byte| byte.is_ascii_whitespace() || byte.is_ascii_punctuation());
    let last_break = |text: &[u8]| text.iter().rposition(|byte| *byte == b'\n');
    let begin = match last_break(behind) {
        Some(at) if is_blank(&behind[at..]) => last_break(&behind[..at]).map_or(0, |at| at + 1),
        Some(at) => at + 1,
        None => 0,
    };
    // What belongs to the member before this one in JSON does not speak of this one.
    let member = behind.windows(2).rposition(|pair| pair == b"\"," || pair == b",\"").unwrap_or_default();
    begin.max(member)
}

/// Whether a word may begin at `at`: behind a letter only where small letters turn to a capital, as in `homePhone`.
fn begins_word(line: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(0, |at| line[at]);
    !line[at].is_ascii_alphabetic()
        || !before.is_ascii_alphabetic()
        || before.is_ascii_lowercase() && line[at].is_ascii_uppercase()
}

/// Whether a word may end at `end`: before a letter only where a capital begins the next word, or for a plural.
fn ends_word(line: &[u8], end: usize) -> bool {
    let letter = |at: usize| line.get(at).copied().filter(u8::is_ascii_alphabetic);
    let last = line[end - 1];
    if !last.is_ascii_alphanumeric() {
        return true;
    }
    match letter(end) {
        None => true,
        Some(b's' | b'S') => letter(end + 1).is_none(),
        Some(next) => last.is_ascii_lowercase() && next.is_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = Words::new("phone|tel|\u{96fb}\u{8a71}");

    fn near(text: &str) -> bool {
        let start = text.find('5').unwrap_or_default();
        WORDS.are_near(&Text::new(text), start, start + 1)
    }

    #[test]
    fn a_word_counts_in_its_line_and_as_a_label_above() {
        for text in [
            "Phone: 5",
            "homePhone=5",
            "home_phone 5",
            "PHONE#5",
            "phones 5",
            "tel.5",
            "5 is my phone",
            "\u{96fb}\u{8a71}5",
        ] {
            assert!(near(text), "{text}");
        }
        assert!(near("Phone\n  5") && near("\"phone\": \"5\""));
    }

    #[test]
    fn other_words_other_lines_and_other_members_do_not_count() {
        for text in [
            "television 5",
            "TELEVISION 5",
            "phonetic 5",
            "megaphone 5",
            "phone: none\norder 5",
            "5\nphone",
            "5, phone 6",
        ] {
            assert!(!near(text), "{text}");
        }
        assert!(!near("{\"phone\":\"none\",\"order\":\"5\"}"));
        assert!(!near(&format!("phone{}5", " ".repeat(BEFORE))));
        assert!(!near(&format!("5{}phone", " ".repeat(AFTER))));
    }
}

//! One pass over a text: where its words with a meaning are, where its sentences end, where it forges a turn.
//!
//! Most words are passed over after one look at their first four bytes. Distance is counted in half words: a word has two,
//! a character of a script without spaces one, a single letter none (so that a word spelled letter by letter is no
//! distance), a line's end two.

use crate::fold::{self, Kind};
use crate::lexicon::{Found, Lexicon};
use crate::{Concepts, mark, word};

/// A word or phrase with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Where it begins in the text.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// Half words before it.
    pub(crate) from: u32,
    /// Half words before what follows it.
    pub(crate) to: u32,
    /// What it means.
    pub(crate) concepts: Concepts,
}

/// Who takes what is met.
pub(crate) trait Sink {
    /// A word with a meaning.
    fn word(&mut self, token: Token);
    /// A forged turn or marker: its place.
    fn mark(&mut self, start: usize, end: usize);
    /// A sentence has ended.
    fn stop(&mut self);
    /// What matters here, behind so many half words.
    fn wanted(&self, half_words: u32) -> Concepts;
    /// Whether more matters than what begins something.
    fn is_awake(&self, half_words: u32) -> bool;
}

/// How a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scanned {
    /// Where something begins that what follows the text may complete, or the text's length.
    pub(crate) open: usize,
    /// Half words before the first word that what follows may change or add.
    pub(crate) to: u32,
}

/// Reads a text, to whose end more may be added or not.
pub(crate) fn scan(lexicon: &Lexicon, text: &str, more: bool, sink: &mut impl Sink) -> Scanned {
    let mut scan = Scan { lexicon, text, more, at: 0, half_words: 0, open: text.len(), open_at: u32::MAX, sink };
    scan.run();
    // The last word of the text may be more than it seems, too.
    Scanned { open: scan.open, to: scan.half_words.saturating_sub(2).min(scan.open_at) }
}

/// What is done at a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing.
    Skip,
    Word,
    /// A character beyond ASCII begins.
    Beyond,
    /// A sentence may end.
    Stop,
    Line,
    /// A mark may begin.
    Mark,
    Colon,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Skip; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte >= 0x80 {
            classes[byte] = Class::Beyond;
        } else if fold::ASCII_FOLDED[byte] != 0 {
            classes[byte] = Class::Word;
        }
        byte += 1;
    }
    classes[b'.' as usize] = Class::Stop;
    classes[b'!' as usize] = Class::Stop;
    classes[b'?' as usize] = Class::Stop;
    classes[b'\n' as usize] = Class::Line;
    classes[b'<' as usize] = Class::Mark;
    classes[b'[' as usize] = Class::Mark;
    classes[b'#' as usize] = Class::Mark;
    classes[b':' as usize] = Class::Colon;
    classes
}

struct Scan<'a, S> {
    lexicon: &'a Lexicon,
    text: &'a str,
    more: bool,
    at: usize,
    half_words: u32,
    open: usize,
    /// Half words before what is open.
    open_at: u32,
    sink: &'a mut S,
}

impl<S: Sink> Scan<'_, S> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let Some(skipped) = rest.iter().position(|byte| CLASSES[usize::from(*byte)] != Class::Skip) else { return };
            self.at += skipped;
            let Some(byte) = bytes.get(self.at) else { return };
            match CLASSES[usize::from(*byte)] {
                Class::Word => self.ascii_word(),
                Class::Beyond => self.beyond_ascii(),
                Class::Stop => {
                    self.at += 1;
                    if is_stop(bytes, self.at - 1) {
                        self.sink.stop();
                    }
                }
                Class::Line => self.line_end(),
                Class::Mark => self.mark(),
                Class::Colon => self.colon(),
                Class::Skip => self.at += 1,
            }
        }
    }

    /// A word that begins with ASCII.
    #[inline]
    fn ascii_word(&mut self) {
        let (bytes, start) = (self.text.as_bytes(), self.at);
        let rest = bytes.get(start..).unwrap_or_default();
        let folded = |byte: &u8| fold::ASCII[usize::from(*byte)];
        let (head, length) = fold::head(rest).unwrap_or_else(|| {
            let word = rest.iter().map(folded).take_while(|folded| *folded != 0);
            word.fold((0, 0), |(head, length), folded| (head | u64::from(folded) << (length * 8), length + 1))
        });
        let more = if length < 8 { 0 } else { rest.iter().skip(8).take_while(|byte| folded(byte) != 0).count() };
        let end = start + length + more;
        if matches!(bytes.get(end), Some(0x80..))
            && matches!(fold::kind(fold::character(self.text, end).0), Kind::Letter(_) | Kind::Mark)
        {
            return self.other_word();
        }
        self.at = end;
        if end - start == 1 {
            return self.single_letter(start);
        }
        let is_awake = self.sink.is_awake(self.half_words);
        if self.lexicon.passes(is_awake, head, end - start) && self.may_have(key(head), end)
            || self.more && end == bytes.len()
        {
            if let Some(word) = word::at(self.text, start) {
                self.look_up(start, &word);
            }
        } else if is_awake {
            self.extra(start, end);
        }
        self.half_words += 2;
    }

    /// Whether the lexicon can have what matters here for a word with this key that ends here.
    fn may_have(&self, key: u32, end: usize) -> bool {
        let wanted = self.sink.wanted(self.half_words);
        let bucket = self.lexicon.bucket(key);
        bucket.is_some_and(|bucket| bucket.concepts.meets(wanted) && bucket.may_have(self.text, end))
    }

    /// A word of a script that writes spaces, with letters beyond ASCII.
    fn other_word(&mut self) {
        let start = self.at;
        let Some(word) = word::at(self.text, start) else {
            self.at += 1;
            return;
        };
        self.at = word.end;
        // A particle may hide the word that matters.
        let has_particles = matches!(word.folded(), [0xd7..=0xd9, ..]);
        let is_last = self.more && word.end == self.text.len();
        if has_particles || is_last || self.may_have(word.key(), word.end) {
            self.look_up(start, &word);
        }
        self.half_words += 2;
    }

    fn look_up(&mut self, start: usize, word: &word::Word) {
        if self.more && word.end == self.text.len() {
            // What it may become is not known; Arabic and Hebrew may have a particle at its beginning.
            let has_particles = matches!(word.folded(), [0xd7..=0xd9, ..]);
            if has_particles || self.lexicon.may_become(word.folded()) {
                self.hold(start);
            }
        }
        match self.lexicon.find(self.text, word, self.more) {
            Found::Entry(hit) => {
                let concepts = if hit.concepts.meets(Concepts::ROLE) && !self.is_label(start, hit.end) {
                    hit.concepts.without(Concepts::ROLE)
                } else {
                    hit.concepts
                };
                let words = u32::try_from(hit.words).unwrap_or(u32::MAX);
                self.word(start, hit.end, words.saturating_mul(2), concepts);
            }
            Found::Open => self.hold(start),
            Found::Nothing => {}
        }
        if self.sink.is_awake(self.half_words) {
            self.extra(start, word.end);
        }
    }

    /// What is only read while something is under way: names and addresses.
    fn extra(&mut self, start: usize, end: usize) {
        let bytes = self.text.as_bytes();
        let goes_on = bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
        if bytes.get(end) == Some(&b'_') && goes_on {
            self.word(start, end, 2, Concepts::NAME);
        } else if bytes.get(end) == Some(&b'.') && goes_on {
            let at_sign = bytes.get(start..end).and_then(|word| word.iter().position(|byte| *byte == b'@'));
            if at_sign.is_some_and(|at| at > 0 && start + at + 1 < end) {
                self.word(start, end, 2, Concepts::DESTINATION);
            }
        }
    }

    /// A letter that stands alone: a word, or the first of a word that is spelled.
    fn single_letter(&mut self, start: usize) {
        let spelled = word::spelled(self.text, start);
        if self.more && spelled.is_open {
            self.hold(start);
        }
        if spelled.letters().len() < word::SPELLED {
            let letter = u32::from(fold::ASCII[usize::from(self.text.as_bytes()[start])]);
            let is_last = self.more && self.at == self.text.len();
            if (is_last || self.may_have(letter, self.at))
                && let Some(word) = word::at(self.text, start)
            {
                self.look_up(start, &word);
            }
            return;
        }
        if let Some((concepts, letters)) = self.lexicon.find_spelled(spelled.letters())
            && let Some(end) = spelled.end(letters)
        {
            self.word(start, end, 0, concepts);
        }
    }

    fn beyond_ascii(&mut self) {
        let start = self.at;
        let (character, length) = fold::character(self.text, start);
        match fold::kind(character) {
            Kind::Letter(_) => return self.other_word(),
            Kind::Unspaced => {
                match self.lexicon.find_unspaced(self.text, start, self.more) {
                    Found::Entry(hit) => {
                        let concepts = if hit.concepts.meets(Concepts::ROLE) && !self.is_label(start, hit.end) {
                            hit.concepts.without(Concepts::ROLE)
                        } else {
                            hit.concepts
                        };
                        self.word(start, hit.end, u32::try_from(hit.words).unwrap_or(u32::MAX), concepts);
                    }
                    Found::Open => self.hold(start),
                    Found::Nothing => {}
                }
                self.half_words += 1;
            }
            Kind::Stop => self.sink.stop(),
            // A full-width colon.
            Kind::Between if character == '\u{ff1a}' && self.sink.wanted(self.half_words).meets(Concepts::COLON) => {
                self.word(start, start + length, 0, Concepts::COLON);
            }
            Kind::Between | Kind::Mark => {}
        }
        self.at += length;
    }

    fn line_end(&mut self) {
        self.at += 1;
        self.half_words += 2;
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let blank = rest.iter().take(BLANKS).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        if rest.get(blank) == Some(&b'\n') {
            self.sink.stop();
        }
    }

    fn colon(&mut self) {
        let (at, bytes) = (self.at, self.text.as_bytes());
        self.at += 1;
        if self.sink.wanted(self.half_words).meets(Concepts::COLON.or(Concepts::DESTINATION)) && at > 0 {
            if bytes.get(at + 1..at + 3) == Some(b"//") {
                self.word(at, at + 3, 0, Concepts::DESTINATION);
            } else {
                self.word(at, at + 1, 0, Concepts::COLON);
            }
        }
    }

    fn mark(&mut self) {
        let start = self.at;
        self.at += 1;
        match mark::find(self.text, start) {
            mark::Found::Mark(end) => self.sink.mark(start, end),
            mark::Found::Open if self.more => self.hold(start),
            mark::Found::Open | mark::Found::Nothing => {}
        }
    }

    /// Whether a word stands as the label of a turn: at a line's beginning or in brackets, with a colon or a closing bracket
    /// behind it.
    fn is_label(&mut self, start: usize, end: usize) -> bool {
        let bytes = self.text.as_bytes();
        let is_decoration = |byte: &u8| matches!(byte, b'[' | b'<' | b'(' | b'*' | b'#' | b'-' | b'=' | b'_' | b' ');
        let before = bytes.get(..start).unwrap_or_default();
        let decoration = before.iter().rev().take(DECORATION).take_while(|byte| is_decoration(byte)).count();
        let opened = before.iter().rev().take(decoration).any(|byte| matches!(byte, b'[' | b'<'));
        let lead = before.len() - decoration;
        let begins_line = lead == 0 || matches!(before.get(lead - 1), Some(b'\n' | b'"' | b'\'' | b'>'));
        if !opened && !begins_line {
            return false;
        }
        let after = bytes.get(end..).unwrap_or_default();
        let decoration = after.iter().take(DECORATION).take_while(|byte| matches!(byte, b' ' | b'*' | b'_')).count();
        match after.get(decoration) {
            Some(b':' | b']' | b'>') => true,
            Some(0xef) => after.get(decoration..).is_some_and(|rest| rest.starts_with("\u{ff1a}".as_bytes())),
            Some(_) => false,
            None => {
                if self.more && decoration < DECORATION {
                    self.hold(start);
                }
                false
            }
        }
    }

    /// Notes that what begins at a byte is open.
    fn hold(&mut self, start: usize) {
        self.open = self.open.min(start);
        self.open_at = self.open_at.min(self.half_words);
    }

    fn word(&mut self, start: usize, end: usize, half_words: u32, concepts: Concepts) {
        let from = self.half_words;
        self.sink.word(Token { start, end, from, to: from + half_words, concepts });
    }
}

/// The key of a word by its first eight folded bytes.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the first four of them are the key")]
const fn key(head: u64) -> u32 {
    head as u32
}

/// The most spaces of a line that is taken for blank.
const BLANKS: usize = 16;

/// The most signs between a label and its line's beginning, or the colon behind it.
const DECORATION: usize = 8;

/// Whether a full stop, exclamation or question mark ends a sentence: a space, a line's end, a quotation mark or a bracket
/// follows, or nothing does.
pub(crate) fn is_stop(text: &[u8], at: usize) -> bool {
    let closes = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b')' | b']' | b'<' | b'\\');
    text.get(at + 1).is_some_and(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts what it is given.
    #[derive(Default)]
    struct Count {
        words: usize,
        marks: usize,
        stops: usize,
    }

    impl Sink for Count {
        fn word(&mut self, _: Token) {
            self.words += 1;
        }

        fn mark(&mut self, _: usize, _: usize) {
            self.marks += 1;
        }

        fn stop(&mut self) {
            self.stops += 1;
        }

        fn wanted(&self, _: u32) -> Concepts {
            Concepts::NONE.complement()
        }

        fn is_awake(&self, _: u32) -> bool {
            true
        }
    }

    fn count(text: &str) -> Count {
        let mut count = Count::default();
        scan(&Lexicon::new(Concepts::NONE), text, false, &mut count);
        count
    }

    #[test]
    fn eight_times_the_text_gives_eight_times_the_events() {
        for piece in [
            "ignore all previous ",
            "i g n o r e ",
            "do not do ",
            "<|im_start|>",
            "忽略之前",
            "a@b.c ",
            "system: ",
            "[INST",
            "x",
        ] {
            let (once, more) = (count(&piece.repeat(1000)), count(&piece.repeat(8000)));
            let events = |count: &Count| count.words + count.marks + count.stops;
            assert!(events(&more) <= 8 * events(&once) + 64, "{piece}: {} and {}", events(&once), events(&more));
        }
    }

    #[test]
    fn sentences_end_at_stops_and_blank_lines() {
        assert_eq!(count("One. Two! Three?\n").stops, 3);
        assert_eq!(count("v3.5 and a.b").stops, 0);
        assert_eq!(count("one\ntwo\n \nthree").stops, 1);
        assert_eq!(count("一。二！").stops, 2);
    }
}

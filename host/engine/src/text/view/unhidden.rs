//! The view `unhidden`: a text as a reader sees it, in one alphabet.
//!
//! | what | becomes | source |
//! | --- | --- | --- |
//! | characters that are drawn as nothing, controls but for line ends and tabs | nothing | `DerivedCoreProperties.txt`, `Default_Ignorable_Code_Point` |
//! | line and paragraph separators | a line end | UAX #14 |
//! | tag characters | the ASCII that they spell | The Unicode Standard, 23.9 |
//! | variation selectors that spell bytes of UTF-8, 1 to 256 for 0 to 255 | that text | a way of hiding text in one emoji |
//! | full-width, mathematical, enclosed letters and digits, ligatures | plain ones | `NFKC`, UAX #15 |
//! | decimal digits of other scripts | ASCII digits | `UnicodeData.txt`, category `Nd` |
//! | letters of other scripts that look like ASCII letters, where a word mixes them with ASCII letters, or consists of them beside ASCII words | ASCII letters | `confusables.txt`, UTS #39 |
//!
//! Unharmed are the sequences of emoji, and joiners where the script before them needs them: they hide nothing, and a view
//! of every text with a heart in it would be of no use.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use super::decoded::{Decoding, Rewriting, Source};
use super::{BLOCK, OVERLAP, is_printed};
use crate::text::acts_on_its_reader;

/// How far from a letter, in bytes, the rest of its word can say what script the word is in.
const WORD: usize = 64;
/// The fewest letters of a word that is taken for ASCII because every one of them looks like it. Three letters that do
/// are common in Cyrillic.
const ALIKE: usize = 4;
/// The fewest variation selectors that are taken for bytes.
const SPELLED: usize = 4;

/// Shows what is hidden in a text.
pub(super) fn decode(source: Source<'_>) -> Decoding {
    let body = source.body;
    let mut reader = Reader { source, rewriting: Rewriting::new(body), seen: None };
    let mut at = 0;
    while let Some(next) = next_telling(body.as_bytes(), at) {
        if next > at {
            reader.seen = body.get(..next).and_then(|text| text.chars().next_back());
            at = next;
        }
        let Some(char) = body.get(at..).and_then(|rest| rest.chars().next()) else { break };
        match if is_of_words(char) { reader.word(at) } else { reader.character(at, char) } {
            Ok(end) => at = end,
            Err(settled) => return reader.rewriting.finish(settled, true),
        }
    }
    reader.rewriting.finish(body.len(), source.more_after)
}

/// Where the next word begins, or the next character by itself, that is not all ordinary ASCII: the rest stays as it is.
fn next_telling(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let telling = rest.iter().position(|byte| !byte.is_ascii() || is_hiding_control(*byte))?;
    let word = rest.get(..telling)?.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    Some(at + telling - word)
}

const fn is_hiding_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Reads a text from front to back.
struct Reader<'t> {
    source: Source<'t>,
    rewriting: Rewriting<'t>,
    /// The last character that is drawn.
    seen: Option<char>,
}

impl Reader<'_> {
    /// Reads the character at `at`, or the sequence that it begins, and says where that ends, or up to where the text is
    /// certain.
    fn character(&mut self, at: usize, char: char) -> Result<usize, usize> {
        let rest = self.source.body.get(at..).unwrap_or_default();
        let end = at + char.len_utf8();
        match char {
            '\u{1f3f4}' => {
                self.seen = Some(char);
                return match flag(rest) {
                    Some(len) => Ok(at + len),
                    None if self.source.more_after => Err(at),
                    None => Ok(end),
                };
            }
            '\u{e0020}'..='\u{e007e}' => {
                let ascii = u8::try_from(u32::from(char) - 0xe0000).unwrap_or(b' ');
                self.rewriting.replace(at..end, char::from(ascii).encode_utf8(&mut [0; 4]));
            }
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => return self.selectors(at),
            '\u{2028}' | '\u{2029}' => self.rewriting.replace(at..end, "\n"),
            '\t' | '\n' | '\r' => self.seen = Some(char),
            _ if self.is_of_a_sequence(char) => {}
            _ if acts_on_its_reader(char) => self.rewriting.replace(at..end, ""),
            _ => {
                if let Some(digit) = digit(char) {
                    self.rewriting.replace(at..end, char::from(digit).encode_utf8(&mut [0; 4]));
                } else if let Some(plain) = plain(char) {
                    self.rewriting.replace(at..end, &plain);
                }
                self.seen = Some(char);
            }
        }
        Ok(end)
    }

    /// A joiner that its script or its emoji needs.
    fn is_of_a_sequence(&self, char: char) -> bool {
        matches!(char, '\u{200c}' | '\u{200d}') && self.seen.is_some_and(|seen| !is_drawn_apart(seen))
    }

    /// Reads a run of variation selectors.
    fn selectors(&mut self, at: usize) -> Result<usize, usize> {
        let mut bytes = Vec::new();
        let mut end = at;
        // A long run is read in blocks that lie where they lie, whatever part of the text is seen.
        let limit = (self.source.at + at) / BLOCK * BLOCK + BLOCK + OVERLAP - self.source.at;
        for char in self.source.body.get(at..).unwrap_or_default().chars() {
            let Some(byte) = selected(char).filter(|_| end < limit) else { break };
            bytes.push(byte);
            end += char.len_utf8();
        }
        if end == self.source.body.len() && self.source.more_after && end < limit {
            return Err(at);
        }
        let spelled = spelled(&bytes);
        match (!spelled.is_empty()).then_some(spelled) {
            Some(text) => self.rewriting.replace(at..end, &text),
            // One behind an emoji or an ideograph chooses how that is drawn.
            None if bytes.len() == 1 && self.seen.is_some_and(|seen| !seen.is_ascii_alphabetic()) => {}
            None => self.rewriting.replace(at..end, ""),
        }
        Ok(end)
    }

    /// Reads the word at `at`: letters, and what is drawn as nothing among them. Says where it ends, or up to where it is
    /// certain.
    fn word(&mut self, at: usize) -> Result<usize, usize> {
        let rest = self.source.body.get(at..).unwrap_or_default();
        let len = rest.char_indices().find(|(_, char)| !is_of_words(*char) && !is_dropped_in_words(*char));
        let (len, ended) = len.map_or((rest.len(), !self.source.more_after), |(len, _)| (len, true));
        let word = rest.get(..len).unwrap_or_default();
        if word.is_ascii() {
            self.seen = word.chars().next_back();
            return Ok(at + len);
        }
        // All of a word that looks like ASCII may well be a word of its own script, unless there is Latin around it.
        let may_be_whole = len <= WORD && is_alike(word);
        let around =
            self.source.body.as_bytes().get(at.saturating_sub(WORD)..(at + len + WORD).min(self.source.body.len()));
        let is_whole = ended && may_be_whole && around.unwrap_or_default().iter().any(u8::is_ascii_alphabetic);
        let may_yet = self.source.more_after && (!ended || may_be_whole && at + len + WORD > self.source.body.len());
        let mut latin_before: Option<usize> = None;
        for (place, char) in word.char_indices() {
            let end = place + char.len_utf8();
            let span = at + place..at + end;
            if is_dropped_in_words(char) {
                if !self.is_of_a_sequence(char) {
                    self.rewriting.replace(span, "");
                }
                continue;
            }
            self.seen = Some(char);
            if char.is_ascii_alphabetic() {
                latin_before = Some(place);
            } else if let Some(plain) = plain(char) {
                self.rewriting.replace(span, &plain);
            } else {
                let mixes = latin_before.is_some_and(|latin| place - latin <= WORD) || has_latin(word, end);
                let is_open = may_yet && len - place <= WORD;
                if let Some(alike) = if is_whole || mixes || is_open { alike(char) } else { None } {
                    if !is_whole && !mixes {
                        return Err(span.start);
                    }
                    self.rewriting.replace(span, alike.encode_utf8(&mut [0; 4]));
                }
            }
        }
        Ok(at + len)
    }
}

/// Whether an ASCII letter stands in `word` at most [`WORD`] bytes behind `place`.
fn has_latin(word: &str, place: usize) -> bool {
    let near = word.as_bytes().get(place..word.len().min(place + WORD));
    near.unwrap_or_default().iter().any(u8::is_ascii_alphabetic)
}

/// Whether a word consists of letters that look like ASCII letters.
fn is_alike(word: &str) -> bool {
    let mut letters = word.chars().filter(|char| !is_dropped_in_words(*char));
    letters.clone().nth(ALIKE - 1).is_some() && letters.all(|char| alike(char).is_some())
}

/// The letters of words that may mix scripts: neither ideographs nor syllables, which stand side by side without spaces
/// and look like no ASCII letter.
fn is_of_words(char: char) -> bool {
    char.is_ascii_alphabetic()
        || char.is_alphabetic()
            && !matches!(char, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
                | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
                | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..)
            && digit(char).is_none()
}

/// What is dropped inside a word. Tags and variation selectors are read elsewhere: they may spell something.
fn is_dropped_in_words(char: char) -> bool {
    acts_on_its_reader(char)
        && !matches!(char, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character is drawn by itself, so that a joiner behind it does nothing: those of Latin, Greek and Cyrillic.
fn is_drawn_apart(char: char) -> bool {
    char < '\u{590}'
}

/// The stretches of text among bytes that are long enough to have been spelled.
fn spelled(bytes: &[u8]) -> String {
    let stretches = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().split(|char| !is_printed(char)));
    stretches.filter(|text| text.len() >= SPELLED).collect::<Vec<_>>().join(" ")
}

/// The byte that a variation selector stands for.
fn selected(char: char) -> Option<u8> {
    let number = u32::from(char);
    let byte = match char {
        '\u{fe00}'..='\u{fe0f}' => number - 0xfe00,
        '\u{e0100}'..='\u{e01ef}' => number - 0xe0100 + 16,
        _ => return None,
    };
    u8::try_from(byte).ok()
}

/// The bytes of the flag that `text` begins with: a black flag, at most seven tags, and the tag that ends it (UTS #51,
/// `emoji_tag_sequence`). `None` where the text ends before that can be told; a flag without tags has its own bytes.
fn flag(text: &str) -> Option<usize> {
    let mut len = 4;
    let mut tags = 0;
    for char in text.chars().skip(1) {
        match char {
            '\u{e007f}' if tags > 0 => return Some(len + 4),
            '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}' if tags < 7 => tags += 1,
            _ => return Some(4),
        }
        len += 4;
    }
    None
}

/// The ASCII digit for a decimal digit of another script. The numbers are those of the zeros (`UnicodeData.txt`, `Nd`, of
/// the first plane); the nine others follow each.
fn digit(char: char) -> Option<u8> {
    const ZEROS: [u32; 36] = [
        0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
        0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
        0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    ];
    let number = u32::from(char);
    if number < 0x660 {
        return None;
    }
    let zero = ZEROS.partition_point(|zero| *zero <= number).checked_sub(1).and_then(|at| ZEROS.get(at))?;
    u8::try_from(number - zero).ok().filter(|digit| *digit < 10).map(|digit| b'0' + digit)
}

/// The plain ASCII letters or digits that a styled character is by compatibility. Signs that stand in ordinary prose, such
/// as the trade mark and the ordinals, are left.
fn plain(char: char) -> Option<String> {
    let is_styled = matches!(char, '\u{1d2c}'..='\u{1d6a}' | '\u{2090}'..='\u{209c}' | '\u{2100}'..='\u{214f}'
        | '\u{2460}'..='\u{24ff}' | '\u{fb00}'..='\u{fb06}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}'
        | '\u{1f110}'..='\u{1f169}')
        && !matches!(char, '\u{2116}' | '\u{2120}'..='\u{2122}');
    if !is_styled {
        return None;
    }
    let plain: String = std::iter::once(char).nfkc().collect();
    let ascii: String = plain.chars().filter(|char| !matches!(char, '(' | ')')).collect();
    if matches!(char, '\u{ff01}'..='\u{ff5e}') { Some(plain) } else { Some(ascii) }
        .filter(|ascii| ascii.is_ascii() && !ascii.is_empty())
}

/// The ASCII letter that a letter is or looks like.
fn alike(char: char) -> Option<char> {
    if char.is_ascii_alphabetic() {
        return Some(char);
    }
    if (char as u32) < 0x100 {
        return None;
    }
    let mut buffer = [0; 4];
    let mut prototype = skeleton(char.encode_utf8(&mut buffer));
    let (first, second) = (prototype.next()?, prototype.next());
    let alike = second.is_none().then_some(first).filter(char::is_ascii_alphabetic)?;
    // The prototype of all that looks like a capital I is a small L.
    Some(if alike == 'l' && char.is_uppercase() { 'I' } else { alike })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &str) -> Option<String> {
        decode(Source { body, at: 0, more_after: false }).texts.pop().map(|text| text.body)
    }

    #[test]
    fn what_is_hidden_is_shown() {
        for (text, plain) in [
            ("ig\u{200b}nore th\u{ad}is", "ignore this"),
            ("a\u{202e}b\u{2066}c\u{0}d", "abcd"),
            ("\u{e0049}\u{e0067}\u{e006e}x", "Ignx"),
            ("ｉｇｎｏｒｅ　１", "ignore　1"),
            ("𝗶𝗴𝗻𝗼𝗿𝗲 𝟙 Ⓐ ﬁ", "ignore 1 A fi"),
            ("іgnоrе", "ignore"),
            ("ІGNORE", "IGNORE"),
            ("the ѕсоре", "the scope"),
            ("٠١٢ ९", "012 9"),
            ("one\u{2028}two", "one\ntwo"),
            ("😀\u{fe0f}\u{200b}", "😀\u{fe0f}"),
        ] {
            assert_eq!(decoded(text).as_deref(), Some(plain), "{text}");
        }
    }

    #[test]
    fn text_in_variation_selectors_is_shown() {
        let hidden: String =
            "send it".bytes().map(|byte| char::from_u32(0xe0100 + u32::from(byte) - 16).unwrap_or(' ')).collect();
        assert_eq!(decoded(&format!("😀{hidden}!")).as_deref(), Some("😀send it!"));
        assert_eq!(decoded(&format!("😀\u{e01ef}\u{fe01}{hidden}!")).as_deref(), Some("😀send it!"));
        assert_eq!(decoded("a\u{fe0f}\u{fe0e}b").as_deref(), Some("ab"));
    }

    #[test]
    fn what_hides_nothing_is_left() {
        for text in [
            "naïve Straße façade № 5 ™ ½",
            "Хорошо, это рост",
            "ѕсоре",
            "русский текст",
            "Ελληνικά και άλλα",
            "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🇩🇪",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "中文和 English 混排 日本語 한국어",
            "葛\u{e0100}",
        ] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }

    #[test]
    fn a_word_that_may_yet_mix_scripts_waits() {
        for (text, settled) in
            [("an id", 5), ("an іd", 6), ("a хор", 2), ("a \u{1f3f4}\u{e0067}", 2), ("a❤\u{fe0f}", 4), ("да", 2)]
        {
            let decoding = decode(Source { body: text, at: 0, more_after: true });
            assert_eq!(decoding.settled, settled, "{text}");
        }
    }
}

//! Runs of invisible characters, and single ones where no script has a use for them.

use crate::character::{BLANK, Class};
use crate::rules;
use crate::scan::{Note, Scan};
use crate::{LONGEST, script};

/// The longest run between spaces that is taken for the filling behind an e-mail's preview text: mail builders repeat up to
/// six different zero-width characters and a space.
const FILLING: usize = 6;

/// The longest run beside a letter of a script that writes such characters that is taken for a slip of the keyboard.
const SLIP: usize = 3;

/// The shortest run of different characters that is taken for data: one byte, a bit each.
const BYTE: usize = 8;

/// How many single letters between soft hyphens no hyphenation leaves. Two vowels in a row may be syllables (`cre-í-a-mos`).
const SINGLE_LETTERS: usize = 3;

/// Judges the tag characters from here on, and says where they end.
pub(crate) fn tags(scan: &mut Scan, at: usize) -> usize {
    let end = end_of(scan, at, |character| Class::of(character) == Some(Class::Tag));
    let flag = if scan.before(at) == Some('\u{1F3F4}') { flag(&scan.text[at..end]) } else { 0 };
    if at + flag < end {
        scan.run(&rules::TAGS, &rules::TAGS, at + flag..end);
    }
    end
}

/// Bytes of the tags that make a flag out of U+1F3F4: the letters and digits of a subdivision (UTS #35, `unicode_region_subtag`
/// of two letters or three digits and one to four more), and U+E007F.
fn flag(tags: &str) -> usize {
    const TERM: char = '\u{E007F}';
    let Some(length) = tags.chars().take(8).position(|character| character == TERM) else { return 0 };
    let spelt: Vec<u32> = tags.chars().take(length).map(|character| u32::from(character) - 0xE0000).collect();
    let is = |from: usize, to: usize, of: fn(u8) -> bool| {
        spelt.get(from..to).is_some_and(|codes| codes.iter().all(|code| u8::try_from(*code).is_ok_and(of)))
    };
    let letters = is(0, 2, |byte| byte.is_ascii_lowercase());
    let digits = is(0, 3, |byte| byte.is_ascii_digit());
    let region = if letters { 2 } else { 3 };
    let rest = is(region, length, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_flag = (letters || digits) && rest && (1..=4).contains(&length.saturating_sub(region));
    if is_flag { (length + 1) * TERM.len_utf8() } else { 0 }
}

/// Judges the variation selectors from here on, and says where they end.
pub(crate) fn selectors(scan: &mut Scan, at: usize) -> usize {
    let end = end_of(scan, at, |character| Class::of(character) == Some(Class::Selector));
    let text = scan.text;
    let mut run = text[at..end].chars();
    match (run.next(), run.next(), run.next()) {
        // Keyboards leave the selector of emoji twice.
        (Some('\u{FE0F}'), Some('\u{FE0F}'), None) => {}
        (Some(selector), None, _) => {
            if !script::varies(scan.before(at), selector) {
                scan.hit(&rules::VARIATION, at..end, Note::Characters(1));
            }
        }
        _ => scan.run(&rules::VARIATION_RUN, &rules::VARIATION_RUN, at..end),
    }
    end
}

/// Judges the zero-width characters from here on, and says where they end.
pub(crate) fn zero_widths(scan: &mut Scan, at: usize) -> usize {
    let is_one = |character| matches!(Class::of(character), Some(Class::ZeroWidth | Class::Foreign | Class::Blank));
    let end = end_of(scan, at, is_one);
    let text = scan.text;
    let mut run = text[at..end].chars();
    let (Some(first), second) = (run.next(), run.next()) else { return end };
    if second.is_none() {
        single(scan, at, first);
        return end;
    }
    let (before, after) = (scan.before(at), scan.after(end));
    let is_shorter = |most: usize| text[at..end].chars().nth(most).is_none();
    let is_space = |side: Option<char>| side.is_none_or(char::is_whitespace);
    let shapes = |side: Option<char>| side.is_some_and(script::shapes);
    let filling = is_space(before) && is_space(after) && is_shorter(FILLING);
    let slip = (shapes(before) || shapes(after)) && is_shorter(SLIP);
    let head = scan.head(&(at..end));
    let deep = head.end..end;
    let head = &text[head];
    // Empty Braille patterns alone are spaces, which a reader sees.
    if head.chars().all(|character| character == BLANK) {
        scan.deep(&rules::ZERO_WIDTH_RUN, deep);
    } else if !filling && !slip {
        let is_data = head.chars().any(|character| character != first) && !is_shorter(BYTE - 1);
        let rule = if is_data { &rules::ZERO_WIDTH_DATA } else { &rules::ZERO_WIDTH_RUN };
        scan.run(rule, &rules::ZERO_WIDTH_RUN, at..end);
    }
    end
}

/// Judges one zero-width character that stands alone.
fn single(scan: &mut Scan, at: usize, character: char) {
    let end = at + character.len_utf8();
    let (before, after) = (scan.before(at), scan.after(end));
    let either = |of: fn(char) -> bool| before.is_some_and(of) || after.is_some_and(of);
    let both = |of: fn(char) -> bool| before.is_some_and(of) && after.is_some_and(of);
    let in_word = match u32::from(character) {
        0x200B => both(char::is_alphanumeric) && !either(script::breaks_anywhere),
        // A word joiner holds a number and its unit together.
        0x2060 | 0xFEFF => both(char::is_alphabetic) && !either(script::breaks_anywhere),
        0x34F | 0x200C | 0x200D => both(char::is_alphanumeric) && !either(script::joins),
        0x61C | 0x200E | 0x200F => both(char::is_alphanumeric) && !either(script::is_rtl),
        // The invisible signs of mathematics stand between short names: x⁢y, sin⁡x.
        0x2061..=0x2064 => between_words(scan, at, end),
        0xAD => {
            if is_between_single_letters(scan, at) {
                scan.hit(&rules::SOFT_HYPHENS, at..end, Note::Characters(1));
            }
            return;
        }
        0x2800 => return,
        code => {
            if !either(home(code)) {
                scan.hit(&rules::INVISIBLE, at..end, Note::Characters(1));
            }
            return;
        }
    };
    if in_word {
        scan.hit(&rules::ZERO_WIDTH_IN_WORD, at..end, Note::Characters(1));
    }
}

/// The neighbours beside which an invisible character of one script is at home.
fn home(code: u32) -> fn(char) -> bool {
    match code {
        0x115F | 0x1160 => {
            |side| matches!(side, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}')
        }
        0x17B4 | 0x17B5 => |side| matches!(side, '\u{1780}'..='\u{17FF}'),
        0x180E => |side| matches!(side, '\u{1800}'..='\u{18AF}'),
        0x3164 => |side| matches!(side, '\u{3131}'..='\u{318E}'),
        0xFFA0 => |side| matches!(side, '\u{FFA1}'..='\u{FFDC}'),
        0x1BCA0..=0x1BCA3 => |side| matches!(side, '\u{1BC00}'..='\u{1BC9F}'),
        0x1D173..=0x1D17A => |side| matches!(side, '\u{1D100}'..='\u{1D1FF}'),
        _ => |_| false,
    }
}

/// Whether two letters stand on either side.
fn between_words(scan: &mut Scan, at: usize, end: usize) -> bool {
    let text = scan.text;
    if text[end..].chars().nth(1).is_none() {
        scan.undecided(at);
    }
    let letters = |mut side: &mut dyn Iterator<Item = char>| {
        let mut next = || Iterator::next(&mut side).is_some_and(char::is_alphabetic);
        next() && next()
    };
    letters(&mut text[..at].chars().rev()) && letters(&mut text[end..].chars())
}

/// Whether a soft hyphen is one of several with single letters between.
fn is_between_single_letters(scan: &mut Scan, at: usize) -> bool {
    const SOFT_HYPHEN: char = '\u{AD}';
    let text = scan.text;
    let mut after = text[at + SOFT_HYPHEN.len_utf8()..].chars();
    let mut before = text[..at].chars().rev();
    let mut letters = 0;
    while letters < SINGLE_LETTERS
        && before.next().is_some_and(char::is_alphabetic)
        && before.next() == Some(SOFT_HYPHEN)
    {
        letters += 1;
    }
    while letters < SINGLE_LETTERS {
        let Some(letter) = after.next().map(char::is_alphabetic) else {
            scan.undecided(at);
            return false;
        };
        match (letter, after.next()) {
            (true, None) => {
                scan.undecided(at);
                return false;
            }
            (true, Some(SOFT_HYPHEN)) => letters += 1,
            _ => return false,
        }
    }
    true
}

/// Where the characters end that are as the first one. A run that may yet grow, or whose neighbour is not known, is undecided
/// unless it is so long that nothing can change it.
fn end_of(scan: &mut Scan, at: usize, is_one: impl Fn(char) -> bool) -> usize {
    let text = scan.text;
    let end = text[at..].find(|character| !is_one(character)).map_or(text.len(), |length| at + length);
    if end == text.len() && end - at <= LONGEST {
        scan.undecided(at);
    }
    end
}

//! Controls that reorder text (UAX #9).

use crate::scan::{Note, Scan};
use crate::script::is_rtl;
use crate::{effort, rules};

/// How far behind an opener its line is read, in bytes.
const LINE: usize = 1024;

/// How far beside a pair right-to-left letters are looked for, in bytes.
const NEARBY: usize = 64;

/// How many openers are passed on the way to the one that closes. More in one line have no purpose in text.
const OPENERS: usize = 16;

/// How an opener ends.
enum End {
    /// Closed, here.
    At(usize),
    /// Not closed in its line, which ends here.
    Never(usize),
    /// The line goes on for longer than is read.
    Far(usize),
}

/// Judges an opener, and says where to go on.
pub(crate) fn find_at(scan: &mut Scan, at: usize, opener: char) -> usize {
    let text = scan.text;
    let from = at + opener.len_utf8();
    let end = end(scan, at, from, matches!(opener, '\u{2066}'..='\u{2068}'));
    let (End::At(to) | End::Never(to) | End::Far(to)) = end;
    let inside = &text[from..to];
    let near = || {
        let before = &text[text.ceil_char_boundary(at.saturating_sub(NEARBY))..at];
        let after = &text[to..text.floor_char_boundary(text.len().min(to + NEARBY))];
        has_rtl(before) || has_rtl(inside) || has_rtl(after)
    };
    let rule = match (opener, end) {
        // An address book wraps telephone numbers in U+202D and U+202C.
        ('\u{202D}', End::At(_)) if !inside.contains(char::is_alphabetic) => None,
        ('\u{202D}' | '\u{202E}', _) => Some(&rules::BIDI_OVERRIDE),
        (_, End::Never(_)) => Some(&rules::BIDI_UNBALANCED),
        (_, End::Far(_)) => (!has_rtl(inside)).then_some(&rules::BIDI_UNBALANCED),
        // Localisation libraries isolate every value in every language.
        ('\u{2066}' | '\u{2068}', End::At(_)) => None,
        (_, End::At(to)) => {
            if to + NEARBY + 3 >= text.len() {
                scan.undecided(at);
            }
            (!near()).then_some(&rules::BIDI_NEEDLESS)
        }
    };
    if let Some(rule) = rule {
        scan.hit(rule, at..from, Note::Characters(1));
    }
    from
}

/// Whether a text has letters that run from right to left.
fn has_rtl(text: &str) -> bool {
    effort::looked_at(text.len());
    // The first bytes that such letters have in UTF-8.
    text.bytes().any(|byte| matches!(byte, 0xD6..=0xE0 | 0xEF..)) && text.contains(is_rtl)
}

/// Where an opener at `at` ends whose content begins at `from`.
fn end(scan: &mut Scan, at: usize, from: usize, is_isolate: bool) -> End {
    let text = scan.text;
    let limit = text.floor_char_boundary(text.len().min(from + LINE));
    let (mut depth, mut openers) = (0_usize, 0_usize);
    let mut here = from;
    // Only what may be a separator or such a control is decoded.
    let matters = |byte: &u8| *byte < 0x20 || matches!(byte, 0xC2 | 0xE2);
    while let Some(skipped) = text.as_bytes()[here..limit].iter().position(matters) {
        here += skipped;
        effort::looked_at(skipped + 1);
        let Some(character) = scan.after(here) else { break };
        match character {
            // The separators of paragraphs (UAX #9 section 3.1, class B).
            '\n' | '\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2029}' => return End::Never(here),
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' | '\u{2066}'..='\u{2068}' => {
                openers += 1;
                if openers > OPENERS {
                    return End::Never(here);
                }
                depth += usize::from(is_isolate == matches!(character, '\u{2066}'..='\u{2068}'));
            }
            '\u{202C}' | '\u{2069}' if is_isolate == (character == '\u{2069}') => {
                if depth == 0 {
                    return End::At(here);
                }
                depth -= 1;
            }
            _ => {}
        }
        here += character.len_utf8();
    }
    if text.len() < from + LINE + 4 {
        scan.undecided(at);
    }
    if limit == text.len() { End::Never(limit) } else { End::Far(limit) }
}

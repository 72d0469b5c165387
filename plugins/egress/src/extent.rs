//! Where a URL ends.

use crate::bounds::{INSERT, TRIM, URL};
use crate::place::Closer;
use crate::words;

/// The end of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// The byte behind it.
    pub(crate) at: usize,
    /// Whether it is longer than the guard looks; then `at` is where that stops.
    pub(crate) overlong: bool,
    /// Whether text that may yet follow could move it.
    pub(crate) open: bool,
}

/// Where the URL ends that begins at `start` and is closed by `closer`.
pub(crate) fn end(text: &[u8], start: usize, closer: Closer) -> End {
    match closer {
        Closer::Word => word(text, start),
        Closer::Parenthesis => {
            let mut depth = 0_usize;
            first(text, start, |at| match text[at] {
                0..=b' ' | 0x7f => true,
                b'(' => {
                    depth += 1;
                    false
                }
                b')' => {
                    let is_end = depth == 0;
                    depth = depth.saturating_sub(1);
                    is_end
                }
                _ => false,
            })
        }
        Closer::Angle => closed(text, start, |byte| matches!(byte, b'>' | b'<' | b'\n')),
        Closer::Quote(quote) => closed(text, start, |byte| byte == quote),
        Closer::Tag => first(text, start, |at| text[at].is_ascii_whitespace() || text[at] == b'>'),
        Closer::List(Some(quote)) => closed(text, start, |byte| byte == quote || byte.is_ascii_whitespace()),
        Closer::List(None) => first(text, start, |at| text[at].is_ascii_whitespace() || text[at] == b'>'),
        // A space too, though it may stand in quotes: many of these may begin before one parenthesis closes them.
        Closer::Style => closed(text, start, |byte| matches!(byte, b'"' | b'\'' | b')') || byte.is_ascii_whitespace()),
    }
}

/// The end before the first byte that `closes`, or, where none does within the bound, the end of the word: then what
/// opened the URL was not meant to.
fn closed(text: &[u8], start: usize, closes: impl Fn(u8) -> bool) -> End {
    let end = first(text, start, |at| closes(text[at]));
    if end.overlong || end.open {
        let within = word(text, start);
        return End { open: end.open, ..within };
    }
    // What escapes a quote in a JSON string is not of the URL, nor is the space at its end.
    let value = text[start..end.at].strip_suffix(b"\\").unwrap_or(&text[start..end.at]);
    let space = value.iter().rev().take(TRIM).take_while(|byte| byte.is_ascii_whitespace()).count();
    End { at: start + value.len() - space, ..end }
}

/// The end before the first place that `ends` it.
fn first(text: &[u8], start: usize, mut ends: impl FnMut(usize) -> bool) -> End {
    let limit = text.len().min(start + URL);
    match (start..limit).find(|at| ends(*at)) {
        Some(at) => End { at, overlong: false, open: false },
        None if limit == text.len() => End { at: limit, overlong: false, open: true },
        None if ends(limit) => End { at: limit, overlong: false, open: false },
        None => End { at: floor(text, limit), overlong: true, open: false },
    }
}

/// The end of a URL in running text: as GitHub's autolinks have it (GitHub Flavored Markdown 0.29, section 6.9), and with
/// the brackets, commands and placeholders of those who leave it to others to fill in.
fn word(text: &[u8], start: usize) -> End {
    let opener = start.checked_sub(1).map(|at| text[at]).filter(|byte| matches!(byte, b'\'' | b'`'));
    let limit = text.len().min(start + URL);
    let (mut round, mut square, mut curly) = (0_u32, 0_u32, 0_u32);
    let mut at = start;
    let mut open = false;
    while at < limit {
        let byte = text[at];
        if !may_end(byte) {
            at += 1;
            continue;
        }
        if let Some(insert) = insert(text, start, at, opener) {
            match insert {
                Insert::Closed(end) => {
                    at = end;
                    continue;
                }
                Insert::Open => open = true,
                Insert::None => {}
            }
        }
        let ends = match byte {
            b'(' => opened(&mut round),
            b'[' => opened(&mut square),
            b'{' => opened(&mut curly),
            b')' => closes(&mut round),
            b']' => closes(&mut square),
            b'}' => closes(&mut curly),
            b'\'' => opener == Some(byte),
            b'$' => false,
            128.. => {
                // What follows a character of three bytes may tell whether it is a stop.
                open |= at + 3 >= text.len();
                is_foreign_stop(&text[at..])
            }
            _ => true,
        };
        if ends {
            break;
        }
        at += 1;
    }
    if at >= limit && limit < text.len() {
        let ends = at == limit && matches!(text[limit], 0..=b' ' | 0x7f | b'<' | b'>' | b'"');
        if !ends {
            return End { at: floor(text, limit), overlong: true, open: false };
        }
    }
    let at = at.min(limit);
    open |= at == text.len();
    End { at: trimmed(text, start, at), overlong: false, open }
}

/// Counts an opening bracket, which ends nothing.
fn opened(depth: &mut u32) -> bool {
    *depth += 1;
    false
}

/// Counts a closing bracket; one that nothing opened ends the URL.
fn closes(depth: &mut u32) -> bool {
    match depth.checked_sub(1) {
        Some(less) => {
            *depth = less;
            false
        }
        None => true,
    }
}

/// Whether a byte needs a closer look in running text.
fn may_end(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | 0x7f.. | b'"' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'\'' | b'`' | b'$')
}

/// Something in a URL that is to be filled in.
enum Insert {
    /// It ends there.
    Closed(usize),
    /// The text ends in it.
    Open,
    /// It is none.
    None,
}

/// The command substitution (`$(…)`, `` `…` ``) or the placeholder (`<…>`) that begins at `at` in the URL.
fn insert(text: &[u8], start: usize, at: usize, opener: Option<u8>) -> Option<Insert> {
    let rest = &text[at..];
    let separated =
        at > start && matches!(text[at - 1], b'=' | b'/' | b'?' | b'&' | b'#' | b'.' | b'-' | b':' | b'@' | b'_');
    match rest {
        [b'$', b'(', ..] => Some(inside(text, at + 2, b')')),
        [b'`', ..] if separated && opener.is_none() => Some(inside(text, at + 1, b'`')),
        [b'<', ..] if separated => {
            let found = inside(text, at + 1, b'>');
            let told = match found {
                Insert::Closed(end) => words::is_data(&text[at + 1..end - 1]),
                Insert::Open => true,
                Insert::None => false,
            };
            told.then_some(found)
        }
        _ => None,
    }
}

/// Where what begins at `from` ends behind the first `close` on its line.
fn inside(text: &[u8], from: usize, close: u8) -> Insert {
    let rest = &text[from.min(text.len())..];
    let window = &rest[..rest.len().min(INSERT)];
    match memchr::memchr2(close, b'\n', window) {
        Some(length) if window[length] == close => Insert::Closed(from + length + 1),
        None if rest.len() < INSERT => Insert::Open,
        _ => Insert::None,
    }
}

/// Whether punctuation or space of other scripts begins here, which ends a URL in running text: CJK punctuation and
/// quotation marks (Unicode blocks General Punctuation, CJK Symbols and Punctuation, Halfwidth and Fullwidth Forms). A
/// full stop of theirs does not where a host may go on behind it, since the WHATWG parser takes it for a dot.
fn is_foreign_stop(rest: &[u8]) -> bool {
    let next = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == 0xef);
    match rest {
        [0xe3, 0x80, 0x82, ..] | [0xef, 0xbd, 0xa1, ..] => !next(rest.get(3)),
        [0xc2, 0xa0 | 0xab | 0xbb, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0x98..=0x9f | 0xa6 | 0xa8..=0xa9 | 0xaf..=0xb0 | 0xb9..=0xba, ..]
        | [0xe3, 0x80, 0x80..=0x81 | 0x83 | 0x88..=0x91 | 0x94..=0x9f, ..]
        | [0xef, 0xbc, 0x81..=0x82 | 0x87..=0x89 | 0x8c | 0x9a..=0x9b | 0x9f, ..]
        | [0xef, 0xbd, 0xa2..=0xa4, ..] => true,
        _ => false,
    }
}

/// The end without the punctuation of the sentence around the URL.
fn trimmed(text: &[u8], start: usize, end: usize) -> usize {
    let punctuation =
        |byte: &u8| matches!(byte, b'.' | b',' | b':' | b';' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~' | b'|' | b'\\');
    end - text[start..end].iter().rev().take(TRIM).take_while(|byte| punctuation(byte)).count()
}

/// The last character boundary at or before `at`.
fn floor(text: &[u8], at: usize) -> usize {
    (at.saturating_sub(3)..=at).rev().find(|at| text.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80)).unwrap_or(at)
}

//! The characters of a path, decoded the way that lenient readers do.
//!
//! Percent-encoding (RFC 3986, section 2.1), also of its own percent sign; UTF-8 in more bytes than it needs, which RFC
//! 3629 (section 3) forbids and old servers accepted (CVE-2000-0884); `%u002e` of old servers; and the characters beyond
//! ASCII that normalise (NFKC) to a dot or slash, or are drawn like one.

use std::ops::Range;

/// Percent signs that may be encoded within one another.
const MAX_ROUNDS: usize = 4;

/// One character of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// What it is.
    pub(super) character: char,
    /// Where it stands.
    pub(super) span: Range<usize>,
    /// Whether it is written in a way that hides it.
    pub(super) encoded: bool,
}

/// The characters of a path, in order.
pub(super) fn symbols(text: &str) -> Vec<Symbol> {
    let mut symbols = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        if let Some((character, end)) = percent(text.as_bytes(), at).or_else(|| hexadecimal(text.as_bytes(), at)) {
            symbols.push(Symbol { character, span: at..end, encoded: true });
            at = end;
            continue;
        }
        let end = at + character.len_utf8();
        let span = at..end;
        match drawn_as(character) {
            Some(like) => {
                for character in like.chars() {
                    symbols.push(Symbol { character, span: span.clone(), encoded: true });
                }
            }
            None => symbols.push(Symbol { character, span, encoded: false }),
        }
        at = end;
    }
    symbols
}

/// A character of percent-encoding at `at`, and where it ends.
fn percent(text: &[u8], at: usize) -> Option<(char, usize)> {
    let (first, mut end) = byte(text, at)?;
    if first < 0x80 {
        return Some((char::from(first), end));
    }
    // A lead byte says how many follow; five and six are of the first UTF-8 (RFC 2279).
    let (following, mut code) = match first {
        0xc0..=0xdf => (1, u32::from(first & 0x1f)),
        0xe0..=0xef => (2, u32::from(first & 0x0f)),
        0xf0..=0xf7 => (3, u32::from(first & 0x07)),
        0xf8..=0xfb => (4, u32::from(first & 0x03)),
        0xfc..=0xfd => (5, u32::from(first & 0x01)),
        _ => return Some((char::REPLACEMENT_CHARACTER, end)),
    };
    for place in 0..following {
        let Some((next, after)) = byte(text, end) else { return Some((char::REPLACEMENT_CHARACTER, end)) };
        end = after;
        if next < 0x80 && place == 0 && first <= 0xc1 {
            // No continuation: `%c0%2f`, where a reader drops the stray lead byte, `%c1%1c`, where it takes six bits of
            // whatever follows.
            let masked =
                char::from_u32((code << 6) | u32::from(next & 0x3f)).filter(|like| matches!(like, '.' | '/' | '\\'));
            return Some((masked.unwrap_or(char::from(next)), end));
        }
        code = (code << 6) | u32::from(next & 0x3f);
    }
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    let like = drawn_as(character).and_then(|like| like.chars().next());
    Some((like.unwrap_or(character), end))
}

/// A byte of percent-encoding at `at`, and where it ends.
fn byte(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = text.get(at..)?.strip_prefix(b"%")?;
    // `%2525…`: the percent sign itself, encoded.
    let mut offset = at + 1;
    let mut rounds = 0;
    while rounds < MAX_ROUNDS && text.get(offset..offset + 2) == Some(b"25") {
        offset += 2;
        rounds += 1;
    }
    if rounds > 0 && hex(text, offset).is_none() && text.get(offset) != Some(&b'u') {
        return Some((b'%', at + 3));
    }
    if matches!(rest.first(), Some(b'u' | b'U')) || text.get(offset) == Some(&b'u') {
        let digits = text.get(offset + 1..offset + 5)?;
        let code = u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        let character = char::from_u32(code)?;
        let like = drawn_as(character).and_then(|like| like.chars().next()).unwrap_or(character);
        return u8::try_from(like).ok().filter(u8::is_ascii).map(|byte| (byte, offset + 5));
    }
    hex(text, offset).map(|byte| (byte, offset + 2))
}

fn hex(text: &[u8], at: usize) -> Option<u8> {
    let digits = text.get(at..at + 2)?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

/// `0x2e`, `0x2f`, `0x5c`: as such, no path has them.
fn hexadecimal(text: &[u8], at: usize) -> Option<(char, usize)> {
    let digits = text.get(at..at + 4)?.strip_prefix(b"0x")?;
    let character = match digits {
        b"2e" | b"2E" => '.',
        b"2f" | b"2F" => '/',
        b"5c" | b"5C" => '\\',
        _ => return None,
    };
    Some((character, at + 4))
}

/// The ASCII that a character beyond it normalises to or is drawn like, where that matters to a path.
fn drawn_as(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{ff0e}' | '\u{2024}' | '\u{fe52}' => ".",
        '\u{2025}' => "..",
        '\u{ff0f}' | '\u{2044}' | '\u{2215}' | '\u{29f8}' => "/",
        '\u{ff3c}' | '\u{2216}' | '\u{fe68}' | '\u{29f5}' => "\\",
        _ => return None,
    })
}

//! The view `unescaped`: escapes of JSON strings, HTML's character references and percent-encoding, decoded.
//!
//! | form | source |
//! | --- | --- |
//! | `\n`, `\"`, `\u0041` and pairs of surrogates | RFC 8259, section 7 |
//! | `\x41`, `\u{41}` | string literals of JavaScript, Python, Rust, C |
//! | `&#65;`, `&#x41;`, `&lt;` and all other names | HTML Living Standard, 13.5; names without a semicolon: `lt`, `gt`, `amp`, `quot` |
//! | `%41`, `%E2%82%AC` | RFC 3986, section 2.1, as UTF-8 |
//!
//! All at once, in one pass: which of them a reader applies is not known. A backslash escapes no backslash here, so that
//! `\\u0041` in JSON inside JSON is decoded as well, and so that what an escape says does not depend on how many
//! backslashes stand in front of it.

use std::ops::Range;

use htmlize::ENTITIES;

use super::decoded::{Decoding, Rewriting, Source};

/// Bytes of the longest escape that is read: a name of HTML has 33 at most (`&CounterClockwiseContourIntegral;`), and a
/// number may begin with zeros.
const LONGEST: usize = 40;

/// What stands at an escape's first byte.
enum Read {
    /// An escape of so many bytes, and the text for it.
    Escape(usize, Written),
    /// Perhaps one that is not all there yet.
    Begun,
    /// None.
    None,
}

/// The text for an escape.
enum Written {
    Char(char),
    Text(&'static str),
}

/// Decodes all escapes in a text.
pub(super) fn decode(source: Source<'_>) -> Decoding {
    let bytes = source.body.as_bytes();
    let mut rewriting = Rewriting::new(source.body);
    let mut done = 0;
    for at in memchr::memchr3_iter(b'\\', b'%', b'&', bytes) {
        if at < done {
            continue;
        }
        let rest = bytes.get(at..bytes.len().min(at + LONGEST)).unwrap_or_default();
        let ended = rest.len() < LONGEST;
        let found = match read(rest) {
            Read::Begun if ended && source.more_after => return rewriting.finish(at, true),
            // The end of a text ends an escape that needs no end of its own.
            Read::Begun if ended => read(&[rest, b" "].concat()),
            found => found,
        };
        if let Read::Escape(len, written) = found {
            done = at + len;
            write(&mut rewriting, at..done, &written);
        }
    }
    rewriting.finish(bytes.len(), source.more_after)
}

fn write(rewriting: &mut Rewriting<'_>, span: Range<usize>, written: &Written) {
    match written {
        Written::Char(char) => rewriting.replace(span, char.encode_utf8(&mut [0; 4])),
        Written::Text(text) => rewriting.replace(span, text),
    }
}

fn read(rest: &[u8]) -> Read {
    match rest {
        [b'\\' | b'%' | b'&'] | [b'%', _] => Read::Begun,
        [b'\\', b'u', b'{', braced @ ..] => braced_escape(braced),
        [b'\\', b'u', digits @ ..] => unicode_escape(digits),
        [b'\\', b'x', digits @ ..] => match number(digits, 2) {
            Ok(byte) => escape(4, u32::from(byte)),
            Err(none) => none,
        },
        [b'\\', letter, ..] => match letter {
            b'n' => Read::Escape(2, Written::Char('\n')),
            b'r' => Read::Escape(2, Written::Char('\r')),
            b't' => Read::Escape(2, Written::Char('\t')),
            b'"' => Read::Escape(2, Written::Char('"')),
            b'\'' => Read::Escape(2, Written::Char('\'')),
            b'/' => Read::Escape(2, Written::Char('/')),
            _ => Read::None,
        },
        [b'%', ..] => percent(rest),
        [b'&', b'#', b'x' | b'X', digits @ ..] => reference(3, digits, 16),
        [b'&', b'#', digits @ ..] => reference(2, digits, 10),
        [b'&', name @ ..] => named(name),
        _ => Read::None,
    }
}

/// A character by its number; none for what is none.
fn escape(len: usize, number: u32) -> Read {
    match char::from_u32(number) {
        Some(char) => Read::Escape(len, Written::Char(char)),
        None => Read::None,
    }
}

/// A hexadecimal number of exactly `count` digits.
fn number(digits: &[u8], count: usize) -> Result<u16, Read> {
    let mut value = 0;
    for place in 0..count {
        let Some(byte) = digits.get(place) else { return Err(Read::Begun) };
        value = value << 4 | digit(*byte, 16).ok_or(Read::None)?;
    }
    // At most four digits are asked for.
    Ok(u16::try_from(value).unwrap_or(u16::MAX))
}

fn digit(byte: u8, radix: u32) -> Option<u32> {
    char::from(byte).to_digit(radix)
}

/// What stands behind `\u`: four digits, and for a character beyond the first plane another four.
fn unicode_escape(digits: &[u8]) -> Read {
    let first = match number(digits, 4) {
        Ok(first) => first,
        Err(none) => return none,
    };
    if !(0xd800..0xdc00).contains(&first) {
        return escape(6, u32::from(first));
    }
    let second = match digits.get(4..).unwrap_or_default() {
        [] | [b'\\'] => return Read::Begun,
        [b'\\', b'u', digits @ ..] => match number(digits, 4) {
            Ok(second) => second,
            Err(none) => return none,
        },
        _ => return Read::None,
    };
    match char::decode_utf16([first, second]).next() {
        Some(Ok(char)) => Read::Escape(12, Written::Char(char)),
        _ => Read::None,
    }
}

/// What stands behind `\u{`.
fn braced_escape(braced: &[u8]) -> Read {
    match numeral(braced, 16) {
        (len, number, Some(b'}')) if (1..=6).contains(&len) => escape(3 + len + 1, number),
        (len, _, None) if len <= 6 => Read::Begun,
        _ => Read::None,
    }
}

/// What stands behind `&#` or `&#x`. A browser reads a number without its semicolon as well.
fn reference(before: usize, digits: &[u8], radix: u32) -> Read {
    match numeral(digits, radix) {
        (_, _, None) => Read::Begun,
        (0, _, Some(_)) => Read::None,
        (len, number, Some(b';')) => escape(before + len + 1, number),
        (len, number, Some(_)) => escape(before + len, number),
    }
}

/// The digits that `text` begins with: how many, their number, and the byte behind them.
fn numeral(text: &[u8], radix: u32) -> (usize, u32, Option<u8>) {
    let digits = text.iter().map_while(|byte| digit(*byte, radix));
    let (len, number) =
        digits.fold((0, 0_u32), |(len, number), digit| (len + 1, number.saturating_mul(radix).saturating_add(digit)));
    (len, number, text.get(len).copied())
}

/// What stands behind `&`: a name of HTML.
fn named(name: &[u8]) -> Read {
    /// The names that browsers also read without a semicolon and that hide most.
    const BARE: [(&[u8], char); 4] = [(b"lt", '<'), (b"gt", '>'), (b"amp", '&'), (b"quot", '"')];
    let len = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let bare = || {
        let found = BARE.iter().find(|(bare, _)| name.starts_with(bare));
        found.map_or(Read::None, |(bare, char)| Read::Escape(1 + bare.len(), Written::Char(*char)))
    };
    match name.get(len) {
        Some(b';') => {
            let whole = [b"&", name.get(..=len).unwrap_or_default()].concat();
            let text = ENTITIES.get(whole.as_slice()).and_then(|text| std::str::from_utf8(text).ok());
            text.map_or_else(bare, |text| Read::Escape(len + 2, Written::Text(text)))
        }
        Some(_) => bare(),
        None => Read::Begun,
    }
}

/// A character in percent-encoding, of one to four bytes.
fn percent(text: &[u8]) -> Read {
    let mut bytes = [0; 4];
    let mut len = 0;
    while let Some(place) = bytes.get_mut(len) {
        *place = match text.get(3 * len..).unwrap_or_default() {
            [] | [b'%'] | [b'%', _] => return Read::Begun,
            [b'%', high, low, ..] => match (digit(*high, 16), digit(*low, 16)) {
                (Some(high), Some(low)) => u8::try_from(high << 4 | low).unwrap_or(u8::MAX),
                _ => return Read::None,
            },
            _ => return Read::None,
        };
        len += 1;
        match std::str::from_utf8(bytes.get(..len).unwrap_or_default()) {
            Ok(text) => {
                return text.chars().next().map_or(Read::None, |char| Read::Escape(3 * len, Written::Char(char)));
            }
            Err(error) if error.error_len().is_some() => return Read::None,
            Err(_) => {}
        }
    }
    Read::None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &str) -> Option<String> {
        decode(Source { body, at: 0, more_after: false }).texts.pop().map(|text| text.body)
    }

    #[test]
    fn every_form_is_decoded_and_nothing_else() {
        for (text, plain) in [
            (r"a\u0041\n\t\/\'\x41\u{1F600}", "aA\n\t/'A\u{1f600}"),
            (r"\ud83d\ude00", "\u{1f600}"),
            ("&lt;b&gt; &amp;amp; &#65;&#x42;&#67 &eacute;&ltc", "<b> &amp; ABC é<c"),
            ("%41%e2%82%ac%25", "A€%"),
            (r"\\u0041", "\\A"),
            ("&nGt;", "\u{226b}\u{20d2}"),
        ] {
            assert_eq!(decoded(text).as_deref(), Some(plain), "{text}");
        }
        for text in ["plain", r"\ud83d", r"\u12", "100% of A&B", "%zz%ff", "&#xd800;", "&nosuchname;", r"\q", r"\\"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }

    #[test]
    fn what_has_begun_at_the_end_of_a_part_waits() {
        for (text, settled) in [
            ("ab", 2),
            ("ab%", 2),
            ("ab%4", 2),
            ("ab%e2%82", 2),
            ("ab&", 2),
            ("ab&am", 2),
            ("ab&#x1", 2),
            ("ab\\", 2),
            (r"ab\u00", 2),
            (r"ab\ud83d", 2),
            (r"ab\ud83d\ude", 2),
            (r"ab\u{1f", 2),
            ("ab&AT&", 5),
        ] {
            let decoding = decode(Source { body: text, at: 0, more_after: true });
            assert_eq!(decoding.settled, settled, "{text}");
        }
        let decoding = decode(Source { body: "%41b%", at: 0, more_after: true });
        assert_eq!(decoding.texts[0].body, "Ab");
        assert!(decoding.texts[0].more_after);
    }
}

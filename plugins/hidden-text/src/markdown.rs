//! What Markdown does not show (`CommonMark` 0.31): definitions that nothing refers to, titles of links, texts of images.

use crate::markup::{ATTRIBUTE_WORDS, COMMENT_WORDS, is_allowed};
use crate::scan::Scan;
use crate::{LONGEST, effort, prose, rules};

/// The longest label of a definition that is read, in bytes. `CommonMark` allows 999 characters.
const LABEL: usize = 128;

/// The longest destination of a link that is read, in bytes.
const DESTINATION: usize = 2048;

/// How many spaces may stand between the pieces of a definition or a link.
const SPACES: usize = 8;

/// Why something is not read on.
enum Stop {
    /// It is something else.
    Other,
    /// The text is at its end.
    Cut,
}

/// Judges what begins with this `[`: the text of an image behind `!`, or a definition at the beginning of a line.
pub(crate) fn opening(scan: &mut Scan, at: usize) {
    let bytes = scan.text.as_bytes();
    let read = if at > 0 && bytes[at - 1] == b'!' {
        image(scan, at)
    } else if begins_line(bytes, at) {
        definition(scan, at)
    } else {
        return;
    };
    if matches!(read, Err(Stop::Cut)) {
        scan.undecided(at);
    }
}

/// Judges what follows this `]`: the destination and the title of a link.
pub(crate) fn closing(scan: &mut Scan, at: usize) {
    if matches!(link(scan, at), Err(Stop::Cut)) {
        scan.undecided(at);
    }
}

/// Whether at most three spaces stand before an offset on its line (section 4.7).
fn begins_line(bytes: &[u8], at: usize) -> bool {
    let spaces = bytes[..at].iter().rev().take(3).take_while(|byte| **byte == b' ').count();
    at == spaces || bytes[at - spaces - 1] == b'\n'
}

/// The text of an image: up to `](` or `][`, and not into another image or paragraph.
fn image(scan: &mut Scan, at: usize) -> Result<(), Stop> {
    let from = at + 1;
    let bytes = window(scan.text, at);
    let mut end = from;
    loop {
        end += look(memchr::memchr3(b']', b'!', b'\n', &bytes[end..])).ok_or_else(|| stop(scan.text, at))?;
        match (bytes[end], bytes.get(end + 1)) {
            (_, None) => return Err(stop(scan.text, at)),
            (b']', Some(b'(' | b'[')) => break,
            (b'!', Some(b'[')) | (b'\n', Some(b'\n')) => return Err(Stop::Other),
            _ => end += 1,
        }
    }
    if prose::words(&scan.text[from..end]) >= ATTRIBUTE_WORDS {
        scan.extent(&rules::ATTRIBUTE_PROSE, from..end, "image text");
    }
    Ok(())
}

/// A link reference definition, `[label]: destination "title"` (section 4.7). Nothing can refer to one that leads to `#` or
/// `<>` and be of use: people write comments so.
fn definition(scan: &mut Scan, at: usize) -> Result<(), Stop> {
    let text = scan.text;
    let bytes = window(text, at);
    let label = &bytes[at + 1..bytes.len().min(at + 1 + LABEL)];
    let length = look(memchr::memchr3(b']', b'[', b'\n', label));
    let close = match length {
        None if label.len() < LABEL => return Err(stop(text, at)),
        None => return Err(Stop::Other),
        Some(length) => at + 1 + length,
    };
    match (bytes[close], bytes.get(close + 1)) {
        (b']', Some(b':')) => {}
        (b']', None) => return Err(stop(text, at)),
        _ => return Err(Stop::Other),
    }
    let from = skip_spaces(bytes, close + 2).ok_or_else(|| stop(text, at))?;
    let (to, open) = destination(text, at, from)?;
    let is_nowhere = matches!(&bytes[from..to], b"#" | b"<>");
    let end = title(text, at, open)?;
    let body = open + 1;
    let words = prose::words(&text[body..end]);
    if is_nowhere && words >= COMMENT_WORDS && !is_allowed(scan, body) {
        scan.extent(&rules::MARKDOWN_COMMENT, at..end + 1, "link reference definition");
    } else if !is_nowhere && words >= ATTRIBUTE_WORDS {
        scan.extent(&rules::ATTRIBUTE_PROSE, body..end, "link title");
    }
    Ok(())
}

/// The title of a link or an image, behind `](destination`.
fn link(scan: &mut Scan, at: usize) -> Result<(), Stop> {
    let text = scan.text;
    let bytes = window(text, at);
    match bytes.get(at + 1) {
        Some(b'(') => {}
        Some(_) => return Err(Stop::Other),
        None => return Err(stop(text, at)),
    }
    let (_, open) = destination(text, at, at + 2)?;
    let end = title(text, at, open)?;
    if prose::words(&text[open + 1..end]) >= ATTRIBUTE_WORDS {
        scan.extent(&rules::ATTRIBUTE_PROSE, open + 1..end, "link title");
    }
    Ok(())
}

/// Where the destination ends that begins at `from`, and where the quote of a title stands behind it.
fn destination(text: &str, at: usize, from: usize) -> Result<(usize, usize), Stop> {
    let bytes = window(text, at);
    let rest = &bytes[from.min(bytes.len())..];
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b')' | b'[' | b']');
    let length = rest.iter().take(DESTINATION).take_while(|byte| !is_end(byte)).count();
    effort::looked_at(length);
    let to = from + length;
    match rest.get(length) {
        None => return Err(stop(text, at)),
        Some(byte) if byte.is_ascii_whitespace() => {}
        Some(_) => return Err(Stop::Other),
    }
    let open = skip_spaces(bytes, to).ok_or_else(|| stop(text, at))?;
    if matches!(bytes[open], b'"' | b'\'' | b'(') { Ok((to, open)) } else { Err(Stop::Other) }
}

/// Where the title ends whose quote stands at `open`: at its other quote, and not in another link, definition or paragraph.
fn title(text: &str, at: usize, open: usize) -> Result<usize, Stop> {
    let bytes = window(text, at);
    let close = if bytes[open] == b'(' { b')' } else { bytes[open] };
    let mut end = open + 1;
    loop {
        end += look(memchr::memchr3(close, b']', b'\n', &bytes[end..])).ok_or_else(|| stop(text, at))?;
        if bytes[end] == close {
            return Ok(end);
        }
        match (bytes[end], bytes.get(end + 1)) {
            (_, None) => return Err(stop(text, at)),
            (b']', Some(b'(')) | (b'\n', Some(b'\n' | b'[' | b' ')) => return Err(Stop::Other),
            _ => end += 1,
        }
    }
}

/// The first byte from here on that is no space, if it is not too far; one line end counts as a space.
fn skip_spaces(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = &bytes[from.min(bytes.len())..];
    let spaces = rest.iter().take(SPACES).take_while(|byte| byte.is_ascii_whitespace()).count();
    (spaces < rest.len()).then_some(from + spaces)
}

/// Counts what a search looked at.
fn look(found: Option<usize>) -> Option<usize> {
    effort::looked_at(found.unwrap_or(LONGEST));
    found
}

/// The text up to where what begins at `at` is read.
fn window(text: &str, at: usize) -> &[u8] {
    &text.as_bytes()[..text.len().min(at + LONGEST)]
}

/// Why reading what begins at `at` stops at the end of its window.
fn stop(text: &str, at: usize) -> Stop {
    if text.len() < at + LONGEST { Stop::Cut } else { Stop::Other }
}

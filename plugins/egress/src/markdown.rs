//! Markdown images (`CommonMark` 0.31.2, sections 6.3 and 6.4).

use crate::bounds::{ALT, SCHEME, SPACE, TITLE};
use crate::place::{trim_back, window};
use crate::scheme;

/// How deep brackets stand in each other in an image's text.
const DEPTH: usize = 8;

/// Where the image begins whose destination is opened by the `](` at the end of `opened`.
pub(crate) fn image_before(opened: &[u8]) -> Option<usize> {
    let close = opened.len().checked_sub(2)?;
    let window = window(close, ALT + 1);
    let mut depth = 0;
    for at in window.rev() {
        match opened[at] {
            b']' if !is_escaped(opened, at) => depth += 1,
            b'[' if !is_escaped(opened, at) => match depth {
                0 => return (at > 0 && opened[at - 1] == b'!').then(|| at - 1),
                _ => depth -= 1,
            },
            b'\n' if opened[at - at.min(1)] == b'\n' => return None,
            _ => {}
        }
        if depth > DEPTH {
            return None;
        }
    }
    None
}

/// Whether a backslash takes the meaning of the bracket at `at`.
fn is_escaped(text: &[u8], at: usize) -> bool {
    text[..at].ends_with(b"\\") && !text[..at].ends_with(b"\\\\")
}

/// Where an image ends behind the URL in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// There, behind its parenthesis.
    Closed(usize),
    /// It does not: this is no image, though it begins as one.
    Broken,
    /// The text ends before one can tell.
    Open,
}

/// What closes an image whose URL, with its angle bracket if it has one, ends at `at`: a title, and a parenthesis.
pub(crate) fn tail(text: &[u8], at: usize) -> Tail {
    let after_space = |at: usize| {
        at + text[at.min(text.len())..].iter().take(SPACE).take_while(|byte| byte.is_ascii_whitespace()).count()
    };
    let at = after_space(at);
    let close = match text.get(at) {
        None => return Tail::Open,
        Some(b')') => return Tail::Closed(at + 1),
        Some(quote @ (b'"' | b'\'')) => *quote,
        Some(b'(') => b')',
        Some(_) => return Tail::Broken,
    };
    let rest = &text[at + 1..];
    let Some(length) = memchr::memchr(close, &rest[..rest.len().min(TITLE)]) else {
        return if rest.len() < TITLE { Tail::Open } else { Tail::Broken };
    };
    let at = after_space(at + 1 + length + 1);
    match text.get(at) {
        None => Tail::Open,
        Some(b')') => Tail::Closed(at + 1),
        Some(_) => Tail::Broken,
    }
}

/// Where the first image begins that the text ends in the middle of, before its URL has begun or can be told from
/// another word.
pub(crate) fn open_image(text: &[u8]) -> Option<usize> {
    let window = text.len().saturating_sub(2 + ALT + 2 + 2 * SPACE + SCHEME)..text.len();
    let mut open: Vec<usize> = Vec::new();
    let mut first: Option<usize> = None;
    for at in window {
        match text[at] {
            b'[' if !is_escaped(text, at) => open.push(at),
            b']' if !is_escaped(text, at) => {
                if let Some(start) = open.pop().filter(|start| is_image(text, *start))
                    && may_go_on(&text[at + 1..])
                {
                    first = Some(first.map_or(start - 1, |first| first.min(start - 1)));
                }
            }
            b'\n' if at > 0 && text[at - 1] == b'\n' => open.clear(),
            _ => {}
        }
    }
    let unclosed = open.into_iter().find(|start| is_image(text, *start)).map(|start| start - 1);
    let begun = text.len().checked_sub(1).filter(|last| text[*last] == b'!');
    [first, unclosed, begun].into_iter().flatten().min()
}

/// Whether the bracket at `at` opens an image's text.
fn is_image(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1] == b'!'
}

/// Whether a URL may yet begin in what follows an image's text to the end: there is nothing, or a parenthesis and at most
/// what may be the beginning of a scheme.
fn may_go_on(rest: &[u8]) -> bool {
    match rest {
        [] => true,
        [b'(', begun @ ..] => {
            let run =
                scheme::run_back(begun, |byte| scheme::is_scheme(*byte) || b":/\\\t\r\n".contains(byte), begun.len());
            let before = &begun[..run];
            matches!(trim_back(before.strip_suffix(b"<").unwrap_or(before)), [])
        }
        _ => false,
    }
}

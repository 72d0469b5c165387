//! Private keys in PEM (RFC 7468) and `OpenPGP` armour (RFC 9580), from the first dash to the last.

use memchr::memmem;

use crate::rules::{self, Alphabet};
use crate::scan::Scan;
use crate::{work, worth};

/// With what a key begins.
pub(crate) const BEGIN: &str = "-----BEGIN ";

const END: &[u8] = b"END ";
const DASHES: &[u8] = b"-----";

/// Bytes of the longest key that is found whole: one that is longer is found up to there.
const LONGEST: usize = crate::LONGEST as usize;

/// Bytes of the longest label.
const LONGEST_LABEL: usize = 64;

/// A run of base64 of so many bytes is a line of a key; words of prose are shorter.
const LINE: usize = 32;

/// How many bytes may lie before and between such lines: headers, comments, what a programming language puts between the
/// pieces of a string, and the last line, which is short.
const GAP: usize = 256;

/// Fewer bytes of base64 than this are no key.
const SHORTEST: usize = 40;

/// Takes the key that begins at `at`, if one does. Says whether one does.
pub(crate) fn find_at(scan: &mut Scan, at: usize) -> bool {
    let text = scan.text;
    let label = at + BEGIN.len();
    let head = scan.ahead(label, LONGEST_LABEL);
    work::add(head.len());
    let Some(length) = memmem::find(head, DASHES) else {
        if label + head.len() == text.len() && head.iter().all(|byte| is_label(*byte)) {
            scan.hold(at);
        }
        return false;
    };
    let words = &head[..length];
    if !words.ends_with(b"PRIVATE KEY") && !words.ends_with(b"PRIVATE KEY BLOCK") {
        return false;
    }
    let begin = label + length + DASHES.len();
    let limit = text.len().min(at + LONGEST);
    let Body { end, is_open, size } = body(text, begin, limit);
    if is_open {
        scan.hold(at);
    }
    if size < SHORTEST || worth::is_placeholder(&text[begin..end.min(begin + 2 * LONGEST_LABEL)]) {
        return false;
    }
    scan.found(&rules::PEM, at..end);
    true
}

/// Whether a byte can stand in a label, or in the dashes behind it.
fn is_label(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'-')
}

/// What stands behind the label.
struct Body {
    /// Where the key ends.
    end: usize,
    /// Whether more text could make it longer.
    is_open: bool,
    /// How many bytes of base64 it has.
    size: usize,
}

/// The rest of a key, from behind the dashes of its first line to those of its last. Where these are missing the text was
/// cut, and all that can be key is covered.
fn body(text: &[u8], begin: usize, limit: usize) -> Body {
    let (mut at, mut line_end, mut size) = (begin, begin, 0);
    loop {
        if at >= limit {
            break;
        }
        if text[at..limit].starts_with(DASHES) {
            return last_line(text, at, limit, line_end, size);
        }
        if at > line_end + GAP {
            return Body { end: armour_end(text, line_end, limit), is_open: false, size };
        }
        let run = text[at..limit].iter().take_while(|byte| Alphabet::Base64.has(**byte)).count();
        work::add(run.max(1));
        size += run;
        at += run.max(1);
        if run >= LINE {
            line_end = at;
        }
    }
    Body { end: armour_end(text, line_end, limit), is_open: limit == text.len(), size }
}

/// The rest of a key whose last dashes may begin at `dashes`.
fn last_line(text: &[u8], dashes: usize, limit: usize, line_end: usize, size: usize) -> Body {
    let behind = &text[dashes + DASHES.len()..limit];
    let is_end = behind.starts_with(END);
    let tail = &behind[..behind.len().min(END.len() + LONGEST_LABEL)];
    if let Some(label) = memmem::find(tail, DASHES).filter(|_| is_end) {
        return Body { end: dashes + 2 * DASHES.len() + label, is_open: false, size };
    }
    let may_end = END.starts_with(behind) || is_end && tail.len() < END.len() + LONGEST_LABEL;
    let end = if is_end { dashes + DASHES.len() + END.len() } else { armour_end(text, line_end, limit).min(dashes) };
    Body { end, is_open: may_end && limit == text.len(), size }
}

/// Where what can be key ends behind its last whole line: the rest of it is shorter.
fn armour_end(text: &[u8], line_end: usize, limit: usize) -> usize {
    let rest = &text[line_end..limit.min(line_end + GAP)];
    let is_armour = |byte: &u8| Alphabet::Base64Pad.has(*byte) || matches!(byte, b'\n' | b'\r' | b'\\');
    line_end + rest.iter().take_while(|byte| is_armour(byte)).count()
}

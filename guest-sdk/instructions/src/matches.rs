//! From matches to spans: none overlapping another, each to the end of its sentence, and each decided by what stands near.
//!
//! A match that begins inside another of its kind says nothing new, if that one begins inside none itself. Any other that
//! begins inside one begins where that one ends, and is gone if it ends there too. The span of a match goes to the end of its sentence, but not into the
//! next match. These rules look at the matched words alone, never at what became of another match, so no chain of matches
//! carries an influence further than three of them reach.

use std::ops::Range;

use crate::machine::Candidate;
use crate::pattern::Kind;
use crate::scan;

/// Bytes of the longest span.
pub(crate) const LONGEST: usize = 512;

/// A match and its place.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) candidate: Candidate,
    pub(crate) span: Range<usize>,
    /// How much of the text decides where the span ends.
    pub(crate) seen: usize,
    /// Whether the text's end does.
    pub(crate) is_open: bool,
}

/// How far matches of a kind reach.
#[derive(Clone, Copy, Default)]
struct Reach {
    /// Those that begin inside no other.
    first: usize,
    all: usize,
}

/// Gives each of the matches its span.
pub(crate) fn place(mut candidates: Vec<Candidate>, text: &str) -> Vec<Placed> {
    candidates.sort_by_key(|candidate| (candidate.start, std::cmp::Reverse(candidate.end)));
    let mut placed: Vec<Placed> = Vec::with_capacity(candidates.len());
    let mut covered = 0;
    let mut reached = [Reach::default(); Kind::COUNT];
    for candidate in candidates {
        let start = candidate.start.max(covered);
        covered = covered.max(candidate.end);
        let reach = &mut reached[candidate.kind() as usize];
        let is_told = candidate.start < reach.first;
        if candidate.start >= reach.all {
            reach.first = candidate.end;
        }
        reach.all = reach.all.max(candidate.end);
        if start < candidate.end {
            if !is_told {
                let span = start..candidate.end;
                placed.push(Placed { candidate, span, seen: 0, is_open: false });
            }
        } else if let Some(outer) = placed.last_mut() {
            // It lies inside others. If it lies inside the span of one, and is surer, it says what that one is.
            let is_inside = outer.span.start <= candidate.start && candidate.end <= outer.span.end;
            if is_inside && outer.candidate.confidence < candidate.confidence {
                let Candidate { pattern, confidence, .. } = candidate;
                outer.candidate = Candidate { pattern, confidence, ..outer.candidate.clone() };
            }
        }
    }
    let mut next = usize::MAX;
    for Placed { span, seen, is_open, .. } in placed.iter_mut().rev() {
        let limit = next.min(text.floor_char_boundary(span.start + LONGEST));
        next = span.start;
        let end = sentence_end(text, span.end, limit);
        (*seen, *is_open) = (end.at, end.is_open);
        span.end = trimmed(text, span.end, end.at);
    }
    placed
}

/// Where a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// Behind its last byte.
    pub(crate) at: usize,
    /// Whether more text could move it.
    pub(crate) is_open: bool,
}

/// Where the sentence ends in which a byte lies, or `limit`: behind a stop, before a blank line, or before a line that does
/// not go on in lower case.
pub(crate) fn sentence_end(text: &str, from: usize, limit: usize) -> End {
    let bytes = text.as_bytes();
    let closed = |at| End { at, is_open: false };
    for at in from..limit.min(bytes.len()) {
        match bytes[at] {
            b'.' | b'!' | b'?' if scan::is_stop(bytes, at) => return closed(at + 1),
            b'\n' => match goes_on(bytes, at + 1) {
                Some(true) => {}
                goes_on => return End { at, is_open: goes_on.is_none() },
            },
            // The last byte of a stop beyond ASCII.
            0x81 | 0x82 | 0x9f | 0xa4 if STOPS.iter().any(|stop| bytes[..=at].ends_with(stop.as_bytes())) => {
                return closed(at + 1);
            }
            _ => {}
        }
    }
    End { at: limit.min(bytes.len()), is_open: limit >= bytes.len() }
}

/// Stops beyond ASCII: ideographic and full-width, Arabic, danda.
const STOPS: [&str; 5] = ["\u{3002}", "\u{ff01}", "\u{ff1f}", "\u{61f}", "\u{964}"];

/// The most spaces before the words of a line that goes on with a sentence.
const INDENT: usize = 8;

/// Whether a sentence goes on in the line that begins here: it begins with a small letter, or a letter that has no case. None
/// if the text ends before that is known.
fn goes_on(bytes: &[u8], line: usize) -> Option<bool> {
    let rest = bytes.get(line..).unwrap_or_default();
    let indent = rest.iter().take(INDENT).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
    rest.get(indent).map(|byte| byte.is_ascii_lowercase() || *byte >= 0x80)
}

/// The end without the white space before it, but behind the matched words.
fn trimmed(text: &str, least: usize, end: usize) -> usize {
    let end = end.max(least);
    text.get(least..end).map_or(end, |rest| least + rest.trim_end().len())
}

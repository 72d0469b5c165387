//! Tags and comments that set text apart for the model alone.
//!
//! Descriptions are plain text or Markdown (MCP 2025-06-18, `Tool.description`), in which an element such as `<hidden>` shows
//! nothing of itself where Markdown is rendered, and a comment shows nothing at all. Servers do structure long descriptions
//! with elements of their own (`<usage>`, `<examples>`); those named here claim authority or secrecy.

use crate::Hit;
use crate::rules;

/// Names of elements that claim authority or secrecy.
const NAMES: [&str; 14] = [
    "important",
    "critical",
    "hidden",
    "secret",
    "system",
    "admin",
    "instruction",
    "instructions",
    "internal",
    "override",
    "private",
    "assistant",
    "agent",
    "confidential",
];

/// The fewest words of a comment that is reported; shorter ones are marks of a generator.
const WORDS: usize = 4;

/// Finds all such elements and comments. Each is read once: an element that is opened twice counts from the first.
pub(crate) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut opened: [Option<usize>; NAMES.len()] = [None; NAMES.len()];
    let mut comment = None;
    for (at, sign) in text.match_indices(['<', '[', '-']) {
        let rest = text.get(at..).unwrap_or_default();
        if sign == "-" {
            if rest.starts_with("-->")
                && let Some(start) = comment.take()
            {
                let is_long = text.get(start..at).is_some_and(|inner| inner.split_whitespace().count() > WORDS);
                let confidence = if is_long { 70 } else { 40 };
                hits.push(Hit { rule: &rules::COMMENT, confidence, span: start..at + 3 });
            }
            continue;
        }
        if comment.is_none() && rest.starts_with("<!--") {
            comment = Some(at);
            continue;
        }
        let Some((number, closes, end)) = tag(rest) else { continue };
        let Some(open) = opened.get_mut(number) else { continue };
        match (*open, closes) {
            (None, false) => *open = Some(at),
            (Some(start), true) => {
                hits.push(Hit { rule: &rules::MARKUP, confidence: 75, span: start..at + end });
                *open = None;
            }
            _ => {}
        }
    }
}

/// The number of the name of a tag at the beginning of a text, whether it closes, and where it ends.
fn tag(text: &str) -> Option<(usize, bool, usize)> {
    let close = if text.starts_with('<') { '>' } else { ']' };
    let inner = text.get(1..)?;
    let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let length = inner.bytes().take(16).take_while(u8::is_ascii_alphabetic).count();
    let name = inner.get(..length)?;
    let number = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    // Attributes may follow the name.
    let behind = inner.get(length..)?;
    let rest = behind.bytes().take(64).position(|byte| char::from(byte) == close)?;
    let is_apart = rest == 0 || behind.starts_with([' ', '_', '-']);
    is_apart.then_some((number, closes, 1 + usize::from(closes) + length + rest + 1))
}

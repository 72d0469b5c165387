//! How far a text is settled: up to where a URL may yet begin or go on.

use crate::bounds::{BARE, LONGEST};
use crate::candidate;
use crate::markdown;
use crate::scheme::run_back;

/// The offset before which no finding begins that text to follow could bring about, change or undo.
pub(crate) fn settled(text: &[u8]) -> usize {
    let from = text.len().saturating_sub(LONGEST);
    let open = candidate::candidates(text, from).filter(|found| found.end.open || found.pending);
    let open = open.map(|found| found.begins()).min();
    let image = markdown::open_image(text);
    [open, image, Some(begun(text))].into_iter().flatten().min().unwrap_or(text.len())
}

/// Where the word begins that the text ends with, of those bytes that a scheme, its slashes or a host consist of.
fn begun(text: &[u8]) -> usize {
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b"+.-:/\\".contains(byte);
    let word = run_back(text, belongs, 2 * BARE);
    // Where something opens a URL, tabs and line ends may stand in it.
    let broken = run_back(text, |byte| belongs(byte) || b"\t\r\n".contains(byte), BARE);
    let is_opened = text[..broken].last().is_some_and(|byte| b"\"'(<=,".contains(byte));
    if is_opened { word.min(broken) } else { word }
}

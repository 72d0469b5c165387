//! Keys that are known by a mark inside them: client secrets of Entra ID by `Q~`, Mailchimp's keys by `-us`.

use memchr::memmem;

use crate::opener::{begins, ends};
use crate::rules::{self, Alphabet};
use crate::scan::Scan;
use crate::worth;

/// Bytes of a client secret before its mark: three characters and a digit.
const AZURE_HEAD: usize = 4;

/// Bytes of a client secret behind its mark.
const AZURE_TAIL: std::ops::RangeInclusive<usize> = 31..=34;

/// Bytes of a Mailchimp key before its mark.
const MAILCHIMP_HEAD: usize = 32;

/// Finds all of them.
pub(crate) fn find(scan: &mut Scan) {
    let text = scan.text;
    for mark in memmem::find_iter(text, b"Q~") {
        azure(scan, mark);
    }
    for mark in memmem::find_iter(text, b"-us") {
        mailchimp(scan, mark);
    }
    hold_tail(scan);
}

/// Takes the client secret around the mark here.
fn azure(scan: &mut Scan, mark: usize) {
    let text = scan.text;
    let Some(begin) = mark.checked_sub(AZURE_HEAD) else { return };
    let head = &text[begin..mark];
    if !may_be_azure_head(head) || !begins(text, begin) {
        return;
    }
    let rest = scan.ahead(mark + 2, *AZURE_TAIL.end() + 1);
    let run = rest.iter().take_while(|byte| Alphabet::UrlTilde.has(**byte)).count();
    let end = mark + 2 + run;
    if end == text.len() {
        scan.hold(begin);
    }
    if AZURE_TAIL.contains(&run) && ends(text, end) && !worth::is_dummy(&text[begin..end]) {
        scan.found(&rules::AZURE_CLIENT_SECRET, begin..end);
    }
}

/// Whether these may be the first bytes of a client secret, up to its mark.
fn may_be_azure_head(head: &[u8]) -> bool {
    head.iter()
        .enumerate()
        .all(|(at, byte)| if at == 3 { byte.is_ascii_digit() } else { Alphabet::UrlTilde.has(*byte) })
}

/// Takes the key around the mark here: 32 hexadecimal digits before it, one or two decimal ones behind it.
fn mailchimp(scan: &mut Scan, mark: usize) {
    let text = scan.text;
    let begin = hex_before(text, mark);
    if mark - begin != MAILCHIMP_HEAD || !begins(text, begin) {
        return;
    }
    let number = scan.ahead(mark + 3, 2).iter().take_while(|byte| byte.is_ascii_digit()).count();
    let end = mark + 3 + number;
    if end == text.len() {
        scan.hold(begin);
    }
    if number > 0 && ends(text, end) && !worth::is_dummy(&text[begin..mark]) {
        scan.found(&rules::MAILCHIMP, begin..end);
    }
}

/// Where the hexadecimal digits begin that end here.
fn hex_before(text: &[u8], end: usize) -> usize {
    end - text[..end].iter().rev().take(MAILCHIMP_HEAD + 1).take_while(|byte| Alphabet::Hex.has(**byte)).count()
}

/// Holds what may be a key up to its mark, at the end of the text.
fn hold_tail(scan: &mut Scan) {
    let text = scan.text;
    let head = text.strip_suffix(b"Q").unwrap_or(text);
    for length in 1..=AZURE_HEAD.min(text.len()) {
        let begin = text.len() - length;
        if may_be_azure_head(&text[begin..]) && begins(text, begin) {
            scan.hold(begin);
        }
    }
    if head.len() < text.len() && head.len() >= AZURE_HEAD {
        let begin = head.len() - AZURE_HEAD;
        if may_be_azure_head(&head[begin..]) && begins(text, begin) {
            scan.hold(begin);
        }
    }
    for mark in ["", "-", "-u"] {
        let Some(head) = text.strip_suffix(mark.as_bytes()) else { continue };
        let begin = hex_before(text, head.len());
        let size = head.len() - begin;
        if begins(text, begin) && (size == MAILCHIMP_HEAD || mark.is_empty() && (1..MAILCHIMP_HEAD).contains(&size)) {
            scan.hold(begin);
        }
    }
}

//! E-mail addresses, as people write them.
//!
//! RFC 5321 section 4.1.2 allows far more than anyone has: quoted local parts, address literals, `!#$&*=/?^{|}~`. What is
//! found here is a dot-atom of letters, digits and `._+-'` (with letters of Latin, Greek and Cyrillic beyond ASCII, RFC
//! 6531), an `@`, and a host name whose last label is a top-level domain (RFC 1035 section 2.3.1, RFC 5890 for `xn--`).

use guardhouse_guard::Severity;

use crate::rule::{Kind, Rule};
use crate::text::Text;

/// An address at a domain that can belong to somebody.
pub(crate) const EMAIL: Rule = Rule {
    id: "email",
    what: "An e-mail address",
    source: "RFC 5321 section 4.1.2 and 4.5.3.1; RFC 6531; IANA root zone database",
    kind: Kind::Email,
    severity: Severity::Medium,
};

/// An address that documentation uses and nobody has.
pub(crate) const EXAMPLE: Rule = Rule {
    id: "email-example",
    what: "An e-mail address at a domain that is reserved for examples",
    source: "RFC 2606 sections 2 and 3",
    kind: Kind::Email,
    severity: Severity::Info,
};

/// Percent: whether this mailbox exists and is a person's, nobody can tell.
pub(crate) const SURE: u8 = 95;

/// Percent, for an example.
pub(crate) const SURE_OF_EXAMPLE: u8 = 50;

/// Bytes of the longest local part (RFC 5321 section 4.5.3.1.1).
pub(crate) const LONGEST_LOCAL: usize = 64;

/// Bytes of the longest address (RFC 5321 section 4.5.3.1.3: a path of 256 with its brackets).
pub(crate) const LONGEST: usize = 254;

/// The longest label (RFC 1035 section 2.3.4).
const LONGEST_LABEL: usize = 63;

/// Bytes of a user name in a URL that are looked at, and of what follows a host in `host:path`.
const NEARBY: usize = 64;

/// The top-level domains in ASCII, one a line, sorted: the root zone as the Public Suffix List had it on 2025-04-07.
const TOP: &str = include_str!("email/tlds.txt");

/// Names that are no top-level domains of the public root, and mailboxes have nevertheless: RFC 2606 and RFC 6762 name
/// some, ICANN resolution 2024.07.29.06 `internal`, and the others are what people call their own networks.
const PRIVATE: &[&str] =
    &["corp", "example", "home", "internal", "intra", "intranet", "invalid", "lan", "local", "private", "test"];

/// User names under which machines and not people are reached, in addresses of repositories.
const MACHINES: &[&[u8]] = &[b"git", b"hg", b"svn"];

/// An address.
pub(crate) struct Found {
    /// Where it begins.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// Whether its domain is reserved for examples.
    pub(crate) is_example: bool,
}

/// Whether a byte may stand in a local part.
pub(crate) const fn is_local(byte: u8) -> bool {
    // Beyond ASCII: the bytes of U+00C0 to U+052F, where the alphabets of Europe are.
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'\'' | 0x80..=0xbf | 0xc3..=0xd4)
}

/// The address around the `@` at `at`, if there is one.
pub(crate) fn find(text: &Text, at: usize) -> Option<Found> {
    let start = local_part(text, at)?;
    text.look_from(start);
    let end = domain(text, at + 1)?;
    let domain = &text.bytes()[at + 1..end];
    let local = &text.bytes()[start..at];
    let is_address = end - start <= LONGEST
        && has_top(domain)
        && text.before(start) != b'@'
        && !MACHINES.contains(&local)
        && !is_in_url(text, start)
        && !is_path_or_call(text, end);
    is_address.then(|| Found { start, end, is_example: is_example(domain) })
}

/// Where the local part begins that ends before the `@` at `at`.
fn local_part(text: &Text, at: usize) -> Option<usize> {
    let behind = text.behind(at, LONGEST_LOCAL + 2);
    let mut length = 0;
    for (index, byte) in behind.iter().rev().enumerate() {
        let is_double_dot = *byte == b'.' && (index == 0 || behind[behind.len() - index] == b'.');
        if !is_local(*byte) || is_double_dot {
            break;
        }
        length = index + 1;
    }
    let mut local = &behind[behind.len() - length..];
    // What only stands around it: quotes, dots of an ellipsis, hyphens of a list, the rest of another character.
    while let [b'.' | b'-' | b'+' | b'\'' | 0x80..=0xbf, rest @ ..] = local {
        local = rest;
    }
    let ends_well = local.last().is_some_and(|last| !matches!(last, b'.' | b'\''));
    let has_name = local.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    (ends_well && has_name && local.len() <= LONGEST_LOCAL).then(|| at - local.len())
}

/// Where the host name ends that begins at `start`: the last label with letters and digits that a dot joins on.
fn domain(text: &Text, start: usize) -> Option<usize> {
    let (mut at, mut labels, mut end) = (start, 0, start);
    loop {
        let begin = at;
        while let byte = text.at(at)
            && (byte.is_ascii_alphanumeric() || byte == b'-' || is_letter_beyond_ascii(byte))
        {
            at += 1;
            if at - begin > LONGEST_LABEL {
                return None;
            }
        }
        let label = &text.bytes()[begin..at];
        // A dash behind a host name is the sentence's.
        let dashes = label.iter().rev().take_while(|byte| **byte == b'-').count();
        if label.len() == dashes || label[0] == b'-' {
            break;
        }
        labels += 1;
        end = at - dashes;
        if dashes > 0 || text.at(at) != b'.' || at - start > LONGEST {
            break;
        }
        at += 1;
    }
    let is_free = text.at(end) != b'_' && text.at(end) != b'@';
    (labels >= 2 && is_free).then_some(end)
}

/// Whether a byte is of a letter of the alphabets of Europe beyond ASCII.
const fn is_letter_beyond_ascii(byte: u8) -> bool {
    matches!(byte, 0x80..=0xbf | 0xc3..=0xd4)
}

/// Whether the last label of a host name is a top-level domain.
fn has_top(domain: &[u8]) -> bool {
    let label = domain.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let lower = label.to_ascii_lowercase();
    let Ok(label) = std::str::from_utf8(&lower) else { return false };
    // Domains in other scripts than Latin are few and nothing else looks like them.
    label.starts_with("xn--") || !label.is_ascii() || PRIVATE.contains(&label) || is_top(label)
}

/// Whether a label is in [`TOP`], by bisection over its bytes.
fn is_top(label: &str) -> bool {
    let (mut low, mut high) = (0, TOP.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let begin = TOP[..middle].rfind('\n').map_or(0, |at| at + 1);
        let end = TOP[middle..].find('\n').map_or(TOP.len(), |at| middle + at);
        match label.cmp(&TOP[begin..end]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => high = begin,
            std::cmp::Ordering::Greater => low = end + 1,
        }
    }
    false
}

/// Whether a host name is reserved for examples.
fn is_example(domain: &[u8]) -> bool {
    let domain = domain.to_ascii_lowercase();
    ["example.com", "example.net", "example.org", "example", "test", "invalid"].iter().any(|reserved| {
        let reserved = reserved.as_bytes();
        domain.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."))
    })
}

/// Whether what begins at `start` is the user or the password in front of a URL's host: `//user@`, `//user:password@`.
fn is_in_url(text: &Text, start: usize) -> bool {
    let behind = text.behind(start, NEARBY);
    let Some((b':', behind)) = behind.split_last() else { return behind.ends_with(b"//") };
    let user = behind.iter().rev().take_while(|byte| !matches!(byte, b'/' | b' ' | b'"' | b'\n')).count();
    behind[..behind.len() - user].ends_with(b"//")
}

/// Whether what ends at `end` goes on as a remote path (`host:path/`), with a port, or as a call of a method.
fn is_path_or_call(text: &Text, end: usize) -> bool {
    match text.at(end) {
        b'(' => true,
        b':' => {
            let ahead = text.ahead(end + 1, NEARBY);
            let word = ahead.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"._-~".contains(byte));
            let word = word.unwrap_or(ahead.len());
            ahead.get(word) == Some(&b'/') || (1..=5).contains(&word) && ahead[..word].iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_top_level_domain_is_found_and_others_are_not() {
        assert!(TOP.lines().is_sorted());
        for top in TOP.lines() {
            assert!(is_top(top), "{top}");
        }
        for other in ["", "js", "png", "service", "weight", "aa", "zzz", "comm", "co\nm"] {
            assert!(!is_top(other), "{other}");
        }
    }
}

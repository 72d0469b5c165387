//! E-mail addresses, URLs, hosts.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::file;
use crate::{tools::Role, vocabulary::WordSet};

/// Bytes that the scheme of a URL may have here; the longest that is registered with IANA has 36.
const SCHEME: usize = 36;
/// Bytes of a host's name (RFC 1035, section 2.3.4: 255 octets on the wire).
const HOST: usize = 253;
/// Bytes of a label of a host's name (RFC 1035, section 2.3.4).
const LABEL: usize = 63;
/// Bytes of the name before an address in angle brackets. A longer text that ends so is a letter with a signature.
const DISPLAY_NAME: usize = 128;

/// Schemes that need no `//`: those of people and payments, and those that browsers complete (WHATWG URL, "special").
const BARE_SCHEMES: [&str; 28] = [
    "bitcoin",
    "blob",
    "callto",
    "data",
    "ethereum",
    "facetime",
    "file",
    "ftp",
    "http",
    "https",
    "im",
    "lightning",
    "magnet",
    "mailto",
    "matrix",
    "mms",
    "sip",
    "sips",
    "skype",
    "sms",
    "smsto",
    "tel",
    "urn",
    "view-source",
    "whatsapp",
    "ws",
    "wss",
    "xmpp",
];

/// What `text` is for if it is a URL: a scheme, what it needs, and no white space. `None` if it is none.
pub(super) fn url_roles(text: &str) -> Option<WordSet<Role>> {
    let end = text.bytes().take(SCHEME + 1).position(|byte| byte == b':')?;
    let (scheme, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix(':')?;
    let is = |word: &str| scheme.eq_ignore_ascii_case(word);
    let letters = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    // One letter is a drive.
    if scheme.len() < 2 || !letters || !scheme.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let code = is("javascript") || is("vbscript");
    let place = match rest.strip_prefix("//") {
        Some(place) => place,
        None if code || BARE_SCHEMES.into_iter().any(is) => rest,
        None => return None,
    };
    if place.is_empty() || place.contains(char::is_whitespace) {
        return None;
    }
    Some(match () {
        () if code => WordSet::of(Role::Code),
        () if is("file") => WordSet::of(Role::Destination).with(Role::Code),
        () => WordSet::of(Role::Destination),
    })
}

/// Whether `text` is an e-mail address, with or without a name (RFC 5322, section 3.4, without comments), or several.
pub(super) fn is_mailboxes(text: &str) -> bool {
    if !text.contains('@') || text.contains(char::is_control) {
        return false;
    }
    let mut pieces = text.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()).peekable();
    // As a whole first: a name in quotation marks may hold a comma.
    is_mailbox(text) || (pieces.peek().is_some() && pieces.all(is_mailbox))
}

fn is_mailbox(text: &str) -> bool {
    let named = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
    match named {
        Some((name, address)) => name.len() <= DISPLAY_NAME && is_address(address),
        None => is_address(text),
    }
}

/// Whether `text` is a name, `@` and a host; what may follow a host may follow here too.
fn is_address(text: &str) -> bool {
    let odd = |character: char| character.is_whitespace() || matches!(character, ',' | ';' | '<' | '>');
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !text.contains(odd) && is_host_or_label(host))
}

/// Whether `text`, which has no white space, is a host, perhaps with a port, a path, a query.
pub(super) fn is_host(text: &str) -> bool {
    is_host_of(text, 2)
}

/// As [`is_host`], where the context makes a single label a host too.
pub(super) fn is_host_or_label(text: &str) -> bool {
    is_host_of(text, 1)
}

/// Whether `text` begins with a host whose name has at least so many labels.
fn is_host_of(text: &str, labels: usize) -> bool {
    if let Some((address, _)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return is_ipv6(address) || address.parse::<Ipv4Addr>().is_ok();
    }
    let mut letters = text.bytes().take(HOST + 2);
    let end = letters.position(|byte| matches!(byte, b':' | b'/' | b'\\' | b'?' | b'#')).unwrap_or(text.len());
    let host = text.get(..end).unwrap_or_default();
    is_name(host, labels) || host.parse::<Ipv4Addr>().is_ok() || is_ipv6(text)
}

fn is_ipv6(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _zone)| address);
    address.contains(':') && address.parse::<Ipv6Addr>().is_ok()
}

/// Whether `text` is the name of a host. Its last label has no digits, so that a version is none, and at least two
/// letters, so that an abbreviation is none; nor is it an extension of files that no domain has.
fn is_name(text: &str, labels: usize) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || !byte.is_ascii();
    let sound = |label: &str| (1..=LABEL).contains(&label.len()) && label.bytes().all(allowed);
    if text.len() > HOST || !text.split('.').all(sound) {
        return false;
    }
    match text.rsplit_once('.') {
        Some((_, last)) => is_top_level(last) && !file::is_only_an_extension(last),
        None => text == "localhost" || (labels == 1 && text.contains(char::is_alphabetic)),
    }
}

fn is_top_level(label: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_alphabetic() || !letter.is_ascii();
    label.starts_with("xn--") || (label.chars().count() >= 2 && label.chars().all(letter))
}

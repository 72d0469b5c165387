//! Values assigned to a name that says what they are: `password = "…"`, `"api_key": "…"`, `<secret>…</secret>`,
//! `Authorization: Bearer …`, `setenv("TOKEN", "…")`, `my password is …`.

use memchr::memmem;

use crate::names::{self, Kind};
use crate::runs::Until;
use crate::scan::Scan;
use crate::{base64, bots, rules, url, values, work, worth};

/// The longest value that is taken for a secret, in bytes.
const LONGEST_VALUE: usize = 256;

/// How many spaces may stand on either side of the separator.
const SPACES: usize = 8;

/// How many spaces and line ends may stand between the tag of an XML element and its value.
const INDENT: usize = 32;

/// How a name and a value stand beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// `=`, `:` and what languages make of them.
    Assigned,
    /// The value is in an XML element of this name.
    Element,
    /// Two arguments of a call, both in quotes.
    Listed,
    /// A sentence: `the password is …`.
    Told,
    /// An option of a command and its argument.
    Option,
}

/// Finds all secrets that are assigned to a name, and the URLs and bot tokens, which have a colon in them too.
pub(crate) fn find(scan: &mut Scan) {
    let text = scan.text;
    for at in memchr::memchr3_iter(b'=', b':', b'>', text) {
        match text[at] {
            b':' => {
                url::find_at(scan, at);
                bots::telegram(scan, at);
                assigned(scan, at, Joined::Assigned);
            }
            b'=' => assigned(scan, at, Joined::Assigned),
            _ => assigned(scan, at, Joined::Element),
        }
    }
    for at in memchr::memchr_iter(b',', text) {
        if at > 0 && matches!(text[at - 1], b'"' | b'\'') {
            assigned(scan, at, Joined::Listed);
        }
    }
    for at in memmem::find_iter(text, b" is ") {
        assigned(scan, at, Joined::Told);
    }
}

/// Takes the secret that the separator here assigns, if it does.
fn assigned(scan: &mut Scan, separator: usize, joined: Joined) {
    let Some((begin, end)) = name_before(scan.text, separator, joined) else { return };
    let text = scan.text;
    let mut name = &text[begin..end];
    let mut kind = names::kind(name);
    if kind == Some(Kind::Value) {
        let Some(other) = beside(text, begin) else { return };
        (name, kind) = (other, names::kind(other));
    }
    if let Some(kind) = kind {
        let behind = match joined {
            Joined::Told => separator + " is ".len(),
            _ => separator + 1,
        };
        take(scan, name, kind, behind, joined);
    }
}

/// Takes the secret that begins at `from` or close behind it, where this name of this kind stands before it.
pub(crate) fn take(scan: &mut Scan, name: &[u8], kind: Kind, from: usize, joined: Joined) {
    let Some((begin, end)) = value_after(scan, from, kind, joined) else { return };
    let value = &scan.text[begin..end];
    if values::is_between_strings(value) {
        return;
    }
    let worth = scan.worth;
    let rule = match kind {
        Kind::Authorization => worth.may_be_password(value).then_some(&rules::AUTHORIZATION),
        Kind::Basic => is_basic(value).then_some(&rules::BASIC_AUTH),
        Kind::Signature => values::is_signature(value).then_some(&rules::AZURE_SAS),
        Kind::Password => {
            let is_one = match joined {
                Joined::Listed => worth.may_be_key(value),
                Joined::Told => worth.may_be_password(value) && values::is_told(value),
                _ => worth.may_be_password(value) && !values::is_sentence(value),
            };
            is_one.then_some(&rules::PASSWORD)
        }
        Kind::Key if crate::aws::is_secret(value) => Some(&rules::AWS_SECRET),
        Kind::Key => {
            let is_key = worth.may_be_key(value) && !worth::is_dummy(value);
            (is_key || values::is_uuid_key(value) && names::keeps_uuids(name)).then_some(&rules::KEY)
        }
        Kind::Value => None,
    };
    if let Some(rule) = rule {
        scan.found(rule, begin..end);
    }
}

/// Whether a value is the base64 of a user and a password.
fn is_basic(value: &[u8]) -> bool {
    let decoded = base64::decode(value);
    let Some(colon) = memchr::memchr(b':', &decoded) else { return false };
    let password = &decoded[colon + 1..];
    decoded.iter().all(|byte| matches!(byte, b' '..=b'~')) && password.len() >= 3 && !worth::is_placeholder(password)
}

/// How far before `end` bytes of a kind go, at most so many.
fn back(text: &[u8], end: usize, most: usize, skip: fn(u8) -> bool) -> usize {
    let length = text[..end].iter().rev().take(most).take_while(|byte| skip(**byte)).count();
    work::add(length);
    end - length
}

/// Whether a byte can stand in a name. The names of many languages are not ASCII.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b']')
}

/// Where the name stands that is joined to a value by the separator here.
fn name_before(text: &[u8], separator: usize, joined: Joined) -> Option<(usize, usize)> {
    let mut end = separator;
    match joined {
        Joined::Element => {
            let begin = back(text, end, names::LONGEST, is_name);
            return (begin < end && text[..begin].ends_with(b"<")).then_some((begin, end));
        }
        Joined::Assigned => {
            // `:=`, `::=`, `?=`, `.=`, `+=`, `||=` are met at the last byte.
            if text[separator] == b'=' {
                end = back(text, end, 3, |byte| matches!(byte, b':' | b'?' | b'.' | b'+' | b'|'));
            }
            end = back(text, end, SPACES, is_space);
        }
        _ => {}
    }
    end = back(text, end, 3, is_quote);
    let begin = back(text, end, names::LONGEST, is_name);
    // What a repair wrote, `[redacted:secret]`, is no name, whatever stands behind it.
    if begin == end || text[..begin].ends_with(b"[redacted:") {
        return None;
    }
    match &text[begin..end] {
        // A type between the name and the value: `var token string = …`, `token: &str = …`.
        b"string" | b"String" | b"str" if text[separator] == b'=' => {
            let typed = back(text, begin, SPACES, |byte| is_space(byte) || matches!(byte, b':' | b'&'));
            let name = back(text, typed, names::LONGEST, is_name);
            (name < typed && typed < begin).then_some((name, typed))
        }
        // `API key: …`: the word alone says nothing.
        b"key" | b"Key" if text[..begin].ends_with(b" ") => {
            let words = back(text, begin - 1, names::LONGEST / 2, |byte| byte.is_ascii_alphabetic());
            Some((words, end))
        }
        _ => Some((begin, end)),
    }
}

/// The name that stands beside a setting called `value` whose name begins here: `name: API_KEY`, a line end, `value: …`;
/// `<add key="Password" value="…">`; `{"name": "TOKEN", "value": "…"}`.
fn beside(text: &[u8], value: usize) -> Option<&[u8]> {
    let between = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',' | b'-' | b'\\');
    let end = back(text, value, INDENT, between);
    let begin = back(text, end, names::LONGEST, is_name);
    let at = back(text, begin, 3, is_quote);
    let at = back(text, at, SPACES, is_space);
    let label = back(text, at, 1, |byte| matches!(byte, b'=' | b':'));
    let label_end = back(text, back(text, label, SPACES, is_space), 3, is_quote);
    let label_begin = back(text, label_end, 8, |byte| byte.is_ascii_alphabetic());
    let word = &text[label_begin..label_end];
    let is_label = label < at && (word.eq_ignore_ascii_case(b"name") || word.eq_ignore_ascii_case(b"key"));
    (is_label && begin < end).then(|| &text[begin..end])
}

/// Where the value begins and ends that stands behind `from`, without its quotes.
fn value_after(scan: &mut Scan, from: usize, kind: Kind, joined: Joined) -> Option<(usize, usize)> {
    let text = scan.text;
    let skip = |at: usize, most: usize, skip: fn(u8) -> bool| {
        at + text[at..].iter().take(most).take_while(|byte| skip(**byte)).count()
    };
    let mut at = from;
    if joined == Joined::Element {
        at = skip(at, INDENT, |byte| byte.is_ascii_whitespace());
    } else {
        // The rest of `=>`, `:=`, `==`.
        at = skip(at, 2, |byte| matches!(byte, b'=' | b'>'));
        at = skip(at, SPACES, is_space);
    }
    let held = at;
    // A type's or language's mark on the string, as in `b"…"`.
    if let [b'b' | b'r' | b'f' | b'u' | b'@', b'"' | b'\'', ..] = text[at..] {
        at += 1;
    }
    let escaped = usize::from(matches!(text[at..], [b'\\', b'"' | b'\'', ..]));
    let quote = text.get(at + escaped).copied().and_then(Until::quote);
    at += quote.map_or(0, |_| escaped + 1);
    if joined == Joined::Listed && quote.is_none() {
        return None;
    }
    if kind == Kind::Authorization {
        at += scheme(&text[at..])?;
    }
    let until = quote.unwrap_or(if joined == Joined::Element { Until::Element } else { Until::Bare });
    let mut end = scan.until(until, at);
    if end == text.len() && held < end && end - held <= 2 * LONGEST_VALUE {
        scan.hold(held);
    }
    if joined == Joined::Element {
        // Its end tag follows, perhaps on a line of its own; `<your-password>@host` is no element.
        let tag = end + scan.ahead(end, INDENT).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if tag == text.len() && held < end {
            scan.hold(held);
        }
        if !text[tag..].starts_with(b"<") {
            return None;
        }
    }
    // What is longer than the longest value is none, and need not be looked at.
    end = end.min(at + LONGEST_VALUE + 1);
    if until == Until::Bare {
        end = at + values::bare_end(&text[at..end]);
    }
    (1..=LONGEST_VALUE).contains(&(end - at)).then_some((at, end))
}

/// Length of the scheme and the space in front of the credentials of an `Authorization` header (RFC 9110 section 11.4).
fn scheme(value: &[u8]) -> Option<usize> {
    let schemes = ["Bearer ", "Basic ", "Token ", "ApiKey "];
    let begins =
        |scheme: &str| value.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()));
    schemes.into_iter().find(|scheme| begins(scheme)).map(str::len)
}

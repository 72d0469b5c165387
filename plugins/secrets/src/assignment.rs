//! Values assigned to a name that says what they are: `password = "…"`, `"api_key": "…"`, `<secret>…</secret>`,
//! `Authorization: Bearer …`.

use crate::structure::is_aws_secret;
use crate::worth::{Worth, is_dummy};
use crate::{Hit, rules};

/// The longest name that is read, in bytes.
const LONGEST_NAME: usize = 64;

/// The longest value that is taken for a secret, in bytes.
const LONGEST_VALUE: usize = 256;

/// How many spaces may stand on either side of the separator.
const SPACES: usize = 8;

/// Ends of names whose values people choose, without `_`, `-` and `.`.
const PASSWORDS: &[&str] = &["password", "passwd", "pwd", "passphrase", "passcode", "pgpass"];

/// Ends of names whose values are generated.
const KEYS: &[&str] = &[
    "accesskey",
    "accountkey",
    "apikey",
    "apitoken",
    "appkey",
    "authkey",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "credential",
    "credentials",
    "encryptionkey",
    "masterkey",
    "privatekey",
    "privatetoken",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessionkey",
    "sharedkey",
    "signingkey",
    "token",
    "webhooksecret",
];

/// Ends of names that one of the above ends too, but that hold no secret: places in a list, guards against forgery that
/// live for one request.
const HARMLESS: &[&str] = &[
    "nexttoken",
    "pagetoken",
    "pagingtoken",
    "continuationtoken",
    "cursortoken",
    "synctoken",
    "csrftoken",
    "xsrftoken",
    "antiforgerytoken",
    "tokentoken",
    "stoptoken",
    "eostoken",
    "bostoken",
    "padtoken",
    "publicaccesskey",
];

/// What a name says of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Password,
    Key,
    Authorization,
}

/// Finds all secrets that are assigned to a name.
pub(crate) fn find(text: &str, worth: Worth, hits: &mut Vec<Hit>) {
    let text = text.as_bytes();
    let mut done = 0;
    for at in memchr::memchr3_iter(b'=', b':', b'>', text) {
        if at < done {
            continue;
        }
        if let Some(hit) = find_at(text, at, worth) {
            done = hit.span.end;
            hits.push(hit);
        }
    }
}

/// The secret that the separator here assigns, if it does.
fn find_at(text: &[u8], separator: usize, worth: Worth) -> Option<Hit> {
    let (name, is_element) = name_before(text, separator)?;
    let kind = kind(name)?;
    let (begin, end) = value_after(text, separator, kind, is_element)?;
    let value = &text[begin..end];
    let rule = match kind {
        Kind::Authorization => worth.may_be_password(value).then_some(&rules::AUTHORIZATION),
        Kind::Password => worth.may_be_password(value).then_some(&rules::PASSWORD),
        Kind::Key if is_aws_secret(value) => Some(&rules::AWS_SECRET),
        Kind::Key => (worth.may_be_key(value) && !is_dummy(value)).then_some(&rules::KEY),
    }?;
    Some(Hit { rule, span: begin..end })
}

/// The name that stands before a separator, and whether the two are an XML element's.
fn name_before(text: &[u8], separator: usize) -> Option<(&[u8], bool)> {
    let is_element = text[separator] == b'>';
    let mut end = separator;
    // `=>` and `:=` are met at their first byte.
    if is_element && end > 0 && matches!(text[end - 1], b'=' | b'-') {
        return None;
    }
    let back = |end: usize, most: usize, skip: fn(u8) -> bool| {
        end - text[..end].iter().rev().take(most).take_while(|byte| skip(**byte)).count()
    };
    if !is_element {
        end = back(end, SPACES, |byte| byte == b' ' || byte == b'\t');
        end = back(end, 3, |byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b']'));
    }
    let begin = back(end, LONGEST_NAME, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if is_element && (begin == 0 || text[begin - 1] != b'<') {
        return None;
    }
    (begin < end).then(|| (&text[begin..end], is_element))
}

/// What a name says of its value, judged by how it ends: `db_password` is a password, `password_policy` is none.
fn kind(name: &[u8]) -> Option<Kind> {
    // The quickest way out: few names end in one of these letters.
    if !matches!(name.last()?.to_ascii_lowercase(), b'd' | b'e' | b'n' | b'l' | b's' | b't' | b'y') {
        return None;
    }
    let name: Vec<u8> = name.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word.as_bytes()));
    if ends(HARMLESS) {
        None
    } else if ends(PASSWORDS) || name == b"pass" || name.ends_with(b"dbpass") {
        Some(Kind::Password)
    } else if ends(KEYS) {
        Some(Kind::Key)
    } else {
        ends(&["authorization"]).then_some(Kind::Authorization)
    }
}

/// Where the value behind a separator begins and ends, without its quotes.
fn value_after(text: &[u8], separator: usize, kind: Kind, is_element: bool) -> Option<(usize, usize)> {
    let is_space = |byte: &u8| *byte == b' ' || *byte == b'\t';
    let mut at = separator + 1;
    if !is_element {
        // The rest of `=>`, `:=`, `==`; then a type's or language's mark on the string, as in `b"…"`.
        at += text[at..].iter().take(2).take_while(|byte| matches!(byte, b'=' | b'>')).count();
        at += text[at..].iter().take(SPACES).take_while(|byte| is_space(byte)).count();
        if let [b'b' | b'r' | b'f' | b'u' | b'@', b'"' | b'\'', ..] = text[at..] {
            at += 1;
        }
    }
    let escaped = usize::from(matches!(text[at..], [b'\\', b'"' | b'\'', ..]));
    let quote = text.get(at + escaped).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    at += quote.map_or(0, |_| escaped + 1);
    if kind == Kind::Authorization {
        at += scheme(&text[at..])?;
    }
    let window = &text[at..text.len().min(at + LONGEST_VALUE + 1)];
    let ends = |byte: u8| match quote {
        Some(quote) => byte == quote || matches!(byte, b'\\' | b'\n' | b'\r'),
        None if is_element => byte == b'<' || byte.is_ascii_whitespace(),
        None => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b',' | b';' | b'&' | b'<' | b'\\'),
    };
    let mut length = window.iter().position(|byte| ends(*byte)).unwrap_or(window.len());
    if quote.is_none() {
        // `a=b` behind it is another assignment; `=` at the end is the padding of base64.
        let name = window[..length].iter().rev().skip_while(|byte| **byte == b'=').position(|byte| *byte == b'=');
        if name.is_some() {
            length = memchr::memchr(b'=', &window[..length]).unwrap_or(length);
        }
        // What closes a sentence or a bracket around it is not of the value.
        length -= window[..length].iter().rev().take_while(|byte| matches!(byte, b'.' | b')' | b']' | b'}')).count();
    }
    (1..=LONGEST_VALUE).contains(&length).then_some((at, at + length))
}

/// Length of the scheme and the space in front of the credentials of an `Authorization` header (RFC 9110 section 11.4).
fn scheme(value: &[u8]) -> Option<usize> {
    let schemes = ["Bearer ", "Basic ", "Token ", "ApiKey "];
    let begins =
        |scheme: &str| value.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()));
    schemes.into_iter().find(|scheme| begins(scheme)).map(str::len)
}

//! Whether what follows a scheme can be a URL.

use crate::bounds::BARE;
use crate::place::{Closer, Place, Use};
use crate::scheme::Scheme;

/// Whether what follows a scheme can be a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It can.
    Granted,
    /// It cannot.
    Refused,
    /// It depends on what follows the end of the text.
    Pending,
}

/// Whether what stands at `from`, behind the colon of a scheme, can be a URL.
pub(crate) fn admit(text: &[u8], from: usize, scheme: Scheme, place: &Place) -> Admission {
    let rest = &text[from..];
    let granted = match scheme {
        Scheme::Network => match rest {
            [b'/' | b'\\', ..] => true,
            [0..=b' ', ..] => matches!(place.closer, Closer::Quote(_)),
            _ if place.is_destination() => true,
            _ => return names_host(rest),
        },
        Scheme::File => matches!(rest, [b'/' | b'\\', ..]),
        Scheme::Local | Scheme::Other => match rest {
            [b'/'] | [b'/', b'/'] => return Admission::Pending,
            [b'/', b'/', next, ..] => !next.is_ascii_whitespace(),
            _ => false,
        },
        Scheme::Script | Scheme::Data if rest[0] <= b' ' && !place.is_destination() => false,
        Scheme::Script => true,
        Scheme::Data => return is_active_data(rest, place),
        Scheme::Mail => !matches!(rest, [0..=b' ', ..]),
    };
    if granted { Admission::Granted } else { Admission::Refused }
}

/// Whether a host follows a scheme without slashes: dotted, and not a number with a fraction.
fn names_host(rest: &[u8]) -> Admission {
    let belongs = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let host = &rest[..rest.iter().take(BARE).take_while(belongs).count()];
    let dot = memchr::memchr(b'.', host);
    match dot {
        Some(dot) if host.len() > 4 && dot > 0 && dot + 1 < host.len() => Admission::Granted,
        _ if host.len() == rest.len() => Admission::Pending,
        _ => Admission::Refused,
    }
}

/// The longest media type of a `data:` URL that is read, with its parameters.
const MEDIA_TYPE: usize = 96;

/// Whether a `data:` URL, from behind its colon, is one that a browser would run as a page or a script.
fn is_active_data(rest: &[u8], place: &Place) -> Admission {
    let window = &rest[..rest.len().min(MEDIA_TYPE)];
    let Some(comma) = memchr::memchr(b',', window) else {
        return if window.len() == rest.len() { Admission::Pending } else { Admission::Refused };
    };
    let kind: Vec<u8> = window[..comma]
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take_while(|byte| **byte != b';')
        .map(u8::to_ascii_lowercase)
        .collect();
    let active = match kind.as_slice() {
        b"text/html"
        | b"application/xhtml+xml"
        | b"text/xml"
        | b"application/xml"
        | b"text/javascript"
        | b"application/javascript" => true,
        // A picture as an image; a page, with its scripts, where a link opens it.
        b"image/svg+xml" => place.used == Use::Link,
        _ => false,
    };
    if active { Admission::Granted } else { Admission::Refused }
}

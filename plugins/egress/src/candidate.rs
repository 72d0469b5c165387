//! Where URLs may stand in a text: what begins one, how it is used, where it ends. What it means is not asked here.

use std::ops::Range;

use crate::bounds::{BARE, NESTED, SPACE, URL};
use crate::extent::{self, End};
use crate::markdown::{self, Tail};
use crate::place::{Closer, Place, Use, trim_back};
use crate::scheme::{self, Scheme, run_back};

/// How a URL begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// With a scheme, this many bytes up to and with its colon.
    Scheme(Scheme, usize),
    /// With two slashes: it has the scheme of the page that it stands on.
    Relative,
    /// With a host that begins with `www.`.
    Www,
    /// With a host that a path follows.
    Bare,
}

/// A place that may be a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// How it begins.
    pub(crate) form: Form,
    /// Its first byte.
    pub(crate) start: usize,
    /// Its end.
    pub(crate) end: End,
    /// How it is used.
    pub(crate) place: Place,
    /// The markdown image that it is the destination of, if that is closed.
    pub(crate) image: Option<Range<usize>>,
    /// Whether it begins inside another URL.
    pub(crate) nested: bool,
    /// Whether it is none yet, and becomes one if the right text follows.
    pub(crate) pending: bool,
}

impl Candidate {
    /// Where a finding of it would begin.
    pub(crate) fn begins(&self) -> usize {
        self.place.image.unwrap_or(self.start)
    }
}

/// The bytes at which a candidate is looked for.
static ANCHORS: [bool; 256] = {
    let mut anchors = [false; 256];
    let bytes = *b":/\\wW";
    let mut at = 0;
    while at < bytes.len() {
        anchors[bytes[at] as usize] = true;
        at += 1;
    }
    anchors
};

/// The candidates of a text from byte `from` on, in order. Byte `from` must not be preceded by what makes a difference.
pub(crate) fn candidates(text: &[u8], from: usize) -> impl Iterator<Item = Candidate> {
    let mut at = from;
    let mut run = Run::default();
    std::iter::from_fn(move || {
        loop {
            let anchor = at + text.get(at..)?.iter().position(|byte| ANCHORS[usize::from(*byte)])?;
            at = anchor + 1;
            let Some((form, start)) = begin(text, anchor) else { continue };
            let depth = run.enter(text, start);
            if depth >= NESTED {
                continue;
            }
            if let Some(candidate) = complete(text, form, start, depth > 0) {
                return Some(candidate);
            }
        }
    })
}

/// The candidates that begin in the run of characters that is being read.
#[derive(Default)]
struct Run {
    /// Where the last ones begin, oldest first.
    starts: Vec<usize>,
}

impl Run {
    /// How many candidates begin before `start` in the same run, within the length of a URL.
    fn enter(&mut self, text: &[u8], start: usize) -> usize {
        let stops = |byte: &u8| matches!(byte, 0..=b' ' | b'"' | b'<' | b'>' | 0x7f);
        if self.starts.last().is_some_and(|last| text[(*last).min(start)..start].iter().any(stops)) {
            self.starts.clear();
        }
        self.starts.retain(|earlier| earlier + URL > start);
        let depth = self.starts.len();
        if depth == NESTED {
            self.starts.remove(0);
        }
        self.starts.push(start);
        depth
    }
}

/// How a candidate begins whose anchor stands at `anchor`, and where.
fn begin(text: &[u8], anchor: usize) -> Option<(Form, usize)> {
    let head = &text[..anchor];
    match (text[anchor], &text[anchor + 1..]) {
        (b':', [_, ..]) => {
            let (start, scheme) = scheme::before(text, anchor)?;
            Some((Form::Scheme(scheme, anchor + 1 - start), start))
        }
        (b'/' | b'\\', rest) if slashes(head, rest) => {
            let opens = |byte: &u8| b"(\"'=<,:".contains(byte);
            let opened = match head.last()? {
                byte if byte.is_ascii_whitespace() => trim_back(head).last().is_some_and(opens),
                b':' => false,
                byte => opens(byte),
            };
            opened.then_some((Form::Relative, anchor))
        }
        (b'/', [next, ..]) if !next.is_ascii_whitespace() => {
            let start = bare(head)?;
            Some((Form::Bare, start))
        }
        (b'w' | b'W', [b'w' | b'W', b'w' | b'W', b'.', next, ..]) if !next.is_ascii_whitespace() => {
            let joined = |byte: &u8| byte.is_ascii_alphanumeric() || b"/\\.@-_%".contains(byte);
            (!head.last().is_some_and(joined)).then_some((Form::Www, anchor))
        }
        _ => None,
    }
}

/// Whether a second slash follows and something behind it, behind an opening also with the tabs and line ends between
/// that the WHATWG parser takes out.
fn slashes(head: &[u8], rest: &[u8]) -> bool {
    let is_gap = |byte: &&u8| matches!(byte, b'\t' | b'\n' | b'\r');
    let is_opened = !head.last().is_some_and(u8::is_ascii_whitespace);
    let gaps = if is_opened { rest.iter().take(SPACE).take_while(is_gap).count() } else { 0 };
    matches!(rest[gaps..], [b'/' | b'\\', next, ..] if !next.is_ascii_whitespace())
}

/// Where the host begins that a text ends with, if it does: dotted, of letters at its end or of numbers throughout, and
/// with nothing in front of it that would make it part of a path or an address.
fn bare(head: &[u8]) -> Option<usize> {
    if !head.last().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let start = run_back(head, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'), BARE + 1);
    if head.len() - start > BARE || head[..start].last().is_some_and(|byte| b"/\\@_%~$&#+".contains(byte)) {
        return None;
    }
    let written = &head[start..];
    let host = written.split(|byte| *byte == b':').next()?;
    let (_, last) = host.split_at(memchr::memrchr(b'.', host)? + 1);
    let numbers = || host.split(|byte| *byte == b'.').all(|label| (1..=3).contains(&label.len()) && digits(label));
    let is_name = last.len() >= 2 && last.iter().all(u8::is_ascii_alphabetic);
    let is_host = host.first().is_some_and(u8::is_ascii_alphanumeric) && (is_name || numbers());
    let is_www = host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"www."));
    (is_host && !is_www).then_some(start)
}

/// Whether a text is digits.
fn digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

/// The candidate, if what follows its beginning can be a URL there.
fn complete(text: &[u8], form: Form, start: usize, nested: bool) -> Option<Candidate> {
    let place = Place::of(text, start);
    let pending = match form {
        Form::Scheme(scheme, length) => match admit(text, start + length, scheme, &place) {
            Admission::Refused => return None,
            admission => admission == Admission::Pending,
        },
        Form::Relative if !place.is_destination() => return None,
        Form::Relative | Form::Www | Form::Bare => false,
    };
    let mut end = extent::end(text, start, place.closer);
    let mut image = None;
    if let Some(begin) = place.image.filter(|_| !end.overlong) {
        let angle = usize::from(place.closer == Closer::Angle && text.get(end.at) == Some(&b'>'));
        match markdown::tail(text, end.at + angle) {
            Tail::Closed(close) => image = Some(begin..close),
            Tail::Open => end.open = true,
            Tail::Broken => {}
        }
    }
    (end.at > start).then_some(Candidate { form, start, end, place, image, nested, pending })
}

/// Whether what follows a scheme can be a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admission {
    /// It can.
    Granted,
    /// It cannot.
    Refused,
    /// It depends on what follows the end of the text.
    Pending,
}

/// Whether what stands at `from`, behind the colon of a scheme, can be a URL.
fn admit(text: &[u8], from: usize, scheme: Scheme, place: &Place) -> Admission {
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

//! Where URLs may stand in a text: what begins one, how it is used, where it ends. What it means is not asked here.

use std::ops::Range;

use crate::admission::{Admission, admit};
use crate::bounds::{BARE, NESTED, SPACE, URL};
use crate::extent::{self, End};
use crate::markdown::{self, Tail};
use crate::place::{Closer, Place, trim_back};
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

/// Where the host begins that a text ends with, if it does: dotted, of letters at its end or of four numbers, and
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
    let is_number = |label: &[u8]| (1..=3).contains(&label.len()) && label.iter().all(u8::is_ascii_digit);
    let numbers = || host.split(|byte| *byte == b'.').count() == 4 && host.split(|byte| *byte == b'.').all(is_number);
    let is_name = last.len() >= 2 && last.iter().all(u8::is_ascii_alphabetic);
    let is_host = host.first().is_some_and(u8::is_ascii_alphanumeric) && (is_name || numbers());
    let is_www = host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"www."));
    (is_host && !is_www).then_some(start)
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
    // Nothing is left of it yet, but more may follow.
    let is_empty = end.at <= start;
    let pending = pending || is_empty;
    (!is_empty || end.open).then_some(Candidate { form, start, end, place, image, nested, pending })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounds::LONGEST;
    use crate::place::Use;

    /// The candidates of a text, and how they are used.
    fn found(text: &str) -> Vec<(&str, Use)> {
        let all = candidates(text.as_bytes(), 0).filter(|found| !found.pending);
        all.map(|found| (&text[found.start..found.end.at], found.place.used)).collect()
    }

    #[test]
    fn a_url_in_running_text_ends_where_its_sentence_goes_on() {
        for (text, url) in [
            ("See https://a.example/b.", "https://a.example/b"),
            ("(see https://a.example/b_(c))", "https://a.example/b_(c)"),
            ("\u{8bf7}\u{8bbf}\u{95ee}https://a.example/b\u{3002}\u{8c22}", "https://a.example/b"),
            ("\u{201c}https://a.example/b\u{201d}", "https://a.example/b"),
            ("'https://a.example/b'", "https://a.example/b"),
            ("`https://a.example/b`", "https://a.example/b"),
            ("**https://a.example/b**", "https://a.example/b"),
            ("{\"u\":\"https://a.example/b\"}", "https://a.example/b"),
            ("git+https://a.example/b", "https://a.example/b"),
            ("<https://a.example/b>", "https://a.example/b"),
            ("https://a.example/b, https", "https://a.example/b"),
            ("www.a.example/b!", "www.a.example/b"),
            ("https://a.example/?q=$(cat /etc/hosts) -o x", "https://a.example/?q=$(cat /etc/hosts)"),
            ("https://a.example/?q=<conversation> now", "https://a.example/?q=<conversation>"),
            ("https://a.example/<br>", "https://a.example/"),
        ] {
            assert_eq!(found(text), [(url, Use::Mention)], "{text}");
        }
    }

    #[test]
    fn what_is_fetched_is_told_from_what_is_clicked() {
        for (text, url, used) in [
            ("![a](https://a.example/b)", "https://a.example/b", Use::Fetch),
            ("![a [b] \\] c]( <https://a.example/b c> 'd' )", "https://a.example/b c", Use::Fetch),
            ("![](//a.example/b)", "//a.example/b", Use::Fetch),
            ("[![x](y.png)](https://a.example/b)", "https://a.example/b", Use::Link),
            ("[a](https://a.example/b_(c) \"d\")", "https://a.example/b_(c)", Use::Link),
            ("[a]:\n  https://a.example/b", "https://a.example/b", Use::Definition),
            ("<img src=\"https://a.example/b c\">", "https://a.example/b c", Use::Fetch),
            ("<img src=/\\a.example>", "/\\a.example", Use::Fetch),
            ("<a href='https://a.example/b'>", "https://a.example/b", Use::Link),
            ("<p style=\"background: url( 'https://a.example/b' )\">", "https://a.example/b", Use::Fetch),
            ("@import \"https://a.example/b\";", "https://a.example/b", Use::Fetch),
            ("<form action=https://a.example/b>", "https://a.example/b", Use::Link),
        ] {
            assert_eq!(found(text), [(url, used)], "{text}");
        }
        let pictures = "<img srcset=\"https://a.example/1 1x, //a.example/2 2x\">";
        assert_eq!(found(pictures), [("https://a.example/1", Use::Fetch), ("//a.example/2", Use::Fetch)]);
    }

    #[test]
    fn what_is_no_url_is_no_candidate() {
        for text in [
            "Note: this",
            "std::vec::Vec",
            "src/main.rs",
            "a//b",
            "// comment",
            "\"\\\\d+\"",
            "C:\\\\Users",
            "and/or",
            "3://4",
            "data: the rest",
            "javascript: the language",
            "http: the protocol",
            "HTTP:1.1",
            "10:30",
            "1.2/3",
            "user@a.example/b",
            "lib/a.so/b",
            "file.txt",
            "data:image/png;base64,iVBORw0KGgo//AAA",
            "e.g./i.e.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn an_image_is_covered_whole_if_it_is_closed() {
        let image = |text: &str| candidates(text.as_bytes(), 0).next().and_then(|found| found.image);
        assert_eq!(image("a ![b](https://a.example/ \"c\") d"), Some(2..30));
        assert_eq!(image("a ![b](https://a.example/ c) d"), None);
        assert_eq!(image("a [b](https://a.example/) d"), None);
    }

    /// All that is done with a candidate takes time in proportion to its length, and what is looked at around it is
    /// bounded; so the lengths of all together, beside the text's own, are the work.
    #[test]
    fn the_work_is_in_proportion_to_the_text() {
        for piece in [
            "http://",
            "http://a ",
            "http:a.b",
            "![",
            "![a](http://b",
            "](http://a",
            "(",
            "<",
            "<a href=\"http://a ",
            "url(http://a ",
            "url('http://a ",
            "<img srcset='http://a ",
            "$(http://a",
            "http://a/$(",
            "http://a/`",
            "//a",
            "\"//a",
            "=\"//a='",
            "](<http://a",
            "www.a.",
            "a.aa/",
            "http://a/?<d",
            "data:",
            "mailto:a?",
            "abc://d",
            "[a]: //",
            "\\\\",
            "java\n",
            "javascript:",
            "http://a.b/c\u{3002}",
        ] {
            for closer in ["", ")", "\"", "'", ">", "`"] {
                // What closes it stands just within the length of a URL, so that every candidate may reach there.
                let text = format!("{}{closer}", piece.repeat(2000 / piece.len())).repeat(20);
                let length = |found: Candidate| found.end.at.max(found.start) - found.begins();
                let work: usize = candidates(text.as_bytes(), 0).map(length).sum();
                assert!(work <= (NESTED + 1) * text.len() + LONGEST, "{piece} {closer}: {work} of {}", text.len());
            }
        }
    }
}

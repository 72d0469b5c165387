//! Reads one HTML tag (HTML section 13.1.2), as browsers do where it matters for what is hidden.

use std::ops::Range;

use crate::markup::ATTRIBUTE_WORDS;
use crate::{LONGEST, effort};

/// How many `<` may stand in a tag outside quotes. Browsers take any number; the bound keeps reading linear.
const OPEN_BRACKETS: usize = 4;

/// Attributes that hold sentences.
const SENTENCES: [&str; 6] = ["alt", "title", "aria-label", "aria-description", "aria-roledescription", "summary"];

/// Bytes of the shortest value of those that is kept: it has a space and two letters for each of the words that matter.
const SHORTEST_SENTENCES: usize = 3 * ATTRIBUTE_WORDS - 1;

/// A tag's name: its first bytes in lower case.
pub(crate) type Name = [u8; 16];

/// A start tag.
#[derive(Debug, Default)]
pub(crate) struct Tag {
    /// Its name.
    pub(crate) name: Name,
    /// The byte behind its `>`.
    pub(crate) end: usize,
    /// It ends in `/>`.
    pub(crate) is_closed: bool,
    /// It has the attribute `hidden`, with any value but `until-found` (HTML section 6.1).
    pub(crate) is_hidden: bool,
    /// It is `type=hidden`.
    pub(crate) is_hidden_input: bool,
    /// The value of `style`.
    pub(crate) style: Option<Range<usize>>,
    /// The value of `color`.
    pub(crate) colour: Option<Range<usize>>,
    /// The value of `value`.
    pub(crate) value: Option<Range<usize>>,
    /// The values of attributes that hold sentences: `alt`, `title` and those of WAI-ARIA.
    pub(crate) sentences: Vec<Range<usize>>,
}

/// What stands behind a `<` and a letter.
#[derive(Debug)]
pub(crate) enum Read {
    /// A start tag.
    Tag(Tag),
    /// No tag, whatever follows.
    Nothing,
    /// A tag so far, and the text is at its end.
    Cut,
}

/// A name in the form that tags are compared in.
pub(crate) const fn name(word: &str) -> Name {
    let mut name = [0; 16];
    let mut at = 0;
    while at < word.len() && at < name.len() {
        name[at] = word.as_bytes()[at].to_ascii_lowercase();
        at += 1;
    }
    name
}

/// Reads the name at an offset, and says where it ends.
pub(crate) fn read_name(bytes: &[u8], at: usize) -> (Name, usize) {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    let length = bytes[at..].iter().take_while(|byte| is_name(byte)).count();
    let mut name = [0; 16];
    for (to, from) in name.iter_mut().zip(&bytes[at..at + length]) {
        *to = from.to_ascii_lowercase();
    }
    (name, at + length)
}

/// Reads the start tag whose `<` stands at an offset, with a letter behind it.
pub(crate) fn read(text: &[u8], open: usize) -> Read {
    let (read, end) = read_to(text, open);
    effort::looked_at(end - open);
    read
}

/// The same, and how far it looked.
fn read_to(text: &[u8], open: usize) -> (Read, usize) {
    let limit = text.len().min(open + LONGEST);
    let bytes = &text[..limit];
    let (name, mut at) = read_name(bytes, open + 1);
    let mut tag = Tag { name, ..Tag::default() };
    let mut brackets = 0;
    let cut = || if limit == text.len() && text.len() < open + LONGEST { Read::Cut } else { Read::Nothing };
    let cut = || (cut(), limit);
    loop {
        match bytes.get(at) {
            None => return cut(),
            Some(b'>') => {
                tag.end = at + 1;
                tag.is_closed = bytes[at - 1] == b'/';
                return (Read::Tag(tag), at);
            }
            Some(b'/' | b' ' | b'\t' | b'\n' | b'\r' | 0x0C) => at += 1,
            // Something else right behind the name: `<b&`, `<i;`.
            Some(_) if at == open + 1 + name_length(bytes, open + 1) => return (Read::Nothing, at),
            Some(_) => {
                let from = at;
                let is_end = |byte: &u8| matches!(byte, b'=' | b'>' | b'/') || byte.is_ascii_whitespace();
                at += 1;
                at += bytes[at..].iter().take_while(|byte| !is_end(byte)).count();
                brackets += memchr::memchr_iter(b'<', &bytes[from..at]).count();
                if brackets > OPEN_BRACKETS {
                    return (Read::Nothing, at);
                }
                let attribute = from..at;
                let spaces = bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let value = match bytes.get(at + spaces) {
                    Some(b'=') => {
                        let Some((value, after)) = read_value(bytes, at + spaces + 1) else { return cut() };
                        at = after;
                        Some(value)
                    }
                    None => return cut(),
                    Some(_) => None,
                };
                tag.take(bytes, attribute, value);
            }
        }
    }
}

/// Bytes of the name at an offset.
fn name_length(bytes: &[u8], at: usize) -> usize {
    read_name(bytes, at).1 - at
}

/// Reads the value behind a `=`, and says where it ends. JSON's `\"` is taken for a quote.
fn read_value(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let at = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let escape = usize::from(bytes.get(at) == Some(&b'\\') && matches!(bytes.get(at + 1), Some(b'"' | b'\'')));
    let from = at + escape;
    if let quote @ (b'"' | b'\'') = *bytes.get(from)? {
        let length = memchr::memchr(quote, &bytes[from + 1..])?;
        let end = from + 1 + length;
        let is_escaped = escape == 1 && length > 0 && bytes[end - 1] == b'\\';
        return Some((from + 1..end - usize::from(is_escaped), end + 1));
    }
    let is_end = |byte: &u8| *byte == b'>' || byte.is_ascii_whitespace();
    let length = bytes[from..].iter().position(is_end)?;
    Some((from..from + length, from + length))
}

impl Tag {
    /// Keeps what an attribute says.
    fn take(&mut self, bytes: &[u8], attribute: Range<usize>, value: Option<Range<usize>>) {
        let word = &bytes[attribute];
        let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
        let says =
            |word: &str| value.as_ref().is_some_and(|value| bytes[value.clone()].eq_ignore_ascii_case(word.as_bytes()));
        match word[0].to_ascii_lowercase() {
            b'h' if is("hidden") => self.is_hidden = !says("until-found") && !says("false"),
            b't' if is("type") => self.is_hidden_input = self.name == const { name("input") } && says("hidden"),
            b's' if is("style") => self.style = value,
            b'c' if is("color") => self.colour = value,
            b'v' if is("value") => self.value = value,
            b'a' | b't' | b's' if SENTENCES.iter().any(|other| is(other)) => {
                self.sentences.extend(value.filter(|value| value.len() >= SHORTEST_SENTENCES));
            }
            _ => {}
        }
    }

    /// Whether anything in the tag may hide something.
    pub(crate) fn may_hide(&self) -> bool {
        self.is_hidden || self.style.is_some() || self.colour.is_some() || matches!(self.name[0], b't' | b'n')
    }
}

/// Whether elements of this name have no content (HTML section 13.1.2, void elements, and `param`).
pub(crate) fn is_void(tag: &Name) -> bool {
    const VOID: [&str; 14] =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
    VOID.iter().any(|word| *tag == name(word))
}

/// Whether a start tag of the same name ends an element of this name (HTML section 13.1.2.4, optional tags).
pub(crate) fn ends_itself(tag: &Name) -> bool {
    const SELF: [Name; 4] = [name("p"), name("option"), name("dt"), name("dd")];
    SELF.contains(tag)
}

/// Whether browsers leave an element of this name open in spite of `/>`. Those of SVG, `MathML` and components close.
pub(crate) fn ignores_slash(tag: &Name) -> bool {
    const TEXT: [Name; 26] = [
        name("a"),
        name("article"),
        name("aside"),
        name("b"),
        name("blockquote"),
        name("body"),
        name("center"),
        name("code"),
        name("div"),
        name("em"),
        name("font"),
        name("footer"),
        name("h1"),
        name("h2"),
        name("h3"),
        name("header"),
        name("i"),
        name("label"),
        name("li"),
        name("main"),
        name("p"),
        name("pre"),
        name("section"),
        name("span"),
        name("strong"),
        name("td"),
    ];
    TEXT.contains(tag)
}

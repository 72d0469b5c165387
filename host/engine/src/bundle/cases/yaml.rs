//! Test files in YAML: a list of cases, in the part of YAML 1.2 that says what JSON says.
//!
//! Two readers of YAML seldom agree on all of it, so whatever one could read in another way than the next is refused:
//!
//! * anchors, aliases and merge keys (a few lines of them grow into gigabytes, too), tags, directives, a second document,
//!   a byte-order mark;
//! * keys that are no strings, and keys that a mapping already has;
//! * numbers that JSON would write in another way (`+1`, `1.`, `.5`, `007`, `0x1f`, `0o17`), infinities and NaN: what the
//!   [core schema](super::scalar) reads as a number is kept digit for digit, as in JSON;
//! * sequences and mappings nested deeper than [`MAX_DEPTH`] in a case.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use std::{borrow::Cow, ops::Range};

use super::{
    place::{Place, Within},
    scalar,
};
use crate::json::{MAX_DEPTH, Object, Value, quote};

/// What is wrong with a file, and where: nothing of it can be read any further.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

/// Reads `text` and hands over each item of its list.
///
/// # Errors
/// Where it is not YAML, or YAML that this module refuses. Items before that have been handed over.
pub(super) fn read(text: &str, mut each: impl FnMut(&Value, &Place)) -> Result<(), Refusal> {
    if text.starts_with('\u{feff}') {
        return Err(refusal(0..0, "expected a list of cases, found a byte-order mark"));
    }
    if let Some(at) = directive(text) {
        return Err(refusal(at, "expected a list of cases, found a directive"));
    }
    let mut reader = Reader { text, parser: Parser::new_from_str(text), character: 0, byte: 0 };
    loop {
        let (event, at) = reader.next()?;
        match event {
            Event::StreamStart => {}
            Event::StreamEnd => return Ok(()),
            Event::DocumentStart(_) => {
                reader.items(&mut each)?;
                return reader.finish();
            }
            _ => return Err(refusal(at, "expected a list of cases, found something else")),
        }
    }
}

/// One reading of one text.
struct Reader<'t> {
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
    /// The parser counts characters. This one of them begins at [`byte`](Self::byte).
    character: usize,
    byte: usize,
}

/// A node, of which the first event was taken.
struct Node<'t> {
    event: Event<'t>,
    at: Range<usize>,
}

impl<'t> Reader<'t> {
    /// The next event, and the bytes that it comes from.
    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Refusal> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.range(span))),
            Some(Err(error)) => Err(self.syntax(&error)),
            None => Err(refusal(self.text.len()..self.text.len(), "expected more YAML, found the end")),
        }
    }

    /// The items of the document's list.
    fn items(&mut self, each: &mut impl FnMut(&Value, &Place)) -> Result<(), Refusal> {
        let list = self.node()?;
        if !matches!(list.event, Event::SequenceStart(..)) {
            return Err(refusal(list.at, "expected a list of cases, found something else")
                .with("each case begins with a hyphen: `- name: …`"));
        }
        loop {
            let node = self.node()?;
            if node.event == Event::SequenceEnd {
                return Ok(());
            }
            let (value, place) = self.value(node, 0)?;
            each(&value, &place);
        }
    }

    /// What may follow the document: nothing.
    fn finish(&mut self) -> Result<(), Refusal> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentEnd, _) => {}
                (_, at) => return Err(refusal(at, "expected one document, found a second")),
            }
        }
    }

    /// The first event of the next node, or the end of the collection that it would stand in.
    fn node(&mut self) -> Result<Node<'t>, Refusal> {
        let (event, at) = self.next()?;
        let (anchor, tag): (usize, Option<&Cow<'_, Tag>>) = match &event {
            Event::Alias(_) => (1, None),
            Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.as_ref())
            }
            _ => (0, None),
        };
        if anchor != 0 {
            return Err(refusal(at, "expected a value, found an anchor or an alias").with("write the value out"));
        }
        if tag.is_some() {
            return Err(refusal(at, "expected a value, found a tag").with("a text in quotation marks is a string"));
        }
        Ok(Node { event, at })
    }

    /// A value that stands inside `depth` sequences and mappings.
    fn value(&mut self, node: Node<'t>, depth: usize) -> Result<(Value, Place), Refusal> {
        match node.event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => {
                let value = scalar::plain(&text).map_err(|found| {
                    refusal(node.at.clone(), format!("expected a number as JSON writes it, found {found}"))
                        .with("a text in quotation marks is a string")
                })?;
                Ok((value, Place::whole(node.at)))
            }
            Event::Scalar(text, ..) => Ok((Value::String(text.into_owned()), Place::whole(node.at))),
            Event::SequenceStart(..) | Event::MappingStart(..) if depth == MAX_DEPTH => {
                let expected = format!("expected at most {MAX_DEPTH} nested sequences and mappings, found one more");
                Err(refusal(node.at, expected))
            }
            Event::SequenceStart(..) => self.sequence(self.line_from(node.at.start), depth + 1),
            Event::MappingStart(..) => self.mapping(self.line_from(node.at.start), depth + 1),
            _ => Err(refusal(node.at, "expected a value, found none")),
        }
    }

    /// A sequence that began at `at`, and with itself stands inside `depth`.
    fn sequence(&mut self, at: Range<usize>, depth: usize) -> Result<(Value, Place), Refusal> {
        let (mut items, mut within) = (Vec::new(), Vec::new());
        loop {
            let node = self.node()?;
            if node.event == Event::SequenceEnd {
                return Ok((Value::Array(items), Place { at, within }));
            }
            let (value, place) = self.value(node, depth)?;
            items.push(value);
            within.push(Within { key: place.at.clone(), place });
        }
    }

    /// A mapping that began at `at`, and with itself stands inside `depth`.
    fn mapping(&mut self, at: Range<usize>, depth: usize) -> Result<(Value, Place), Refusal> {
        let (mut members, mut within) = (Object::new(), Vec::new());
        loop {
            let node = self.node()?;
            if node.event == Event::MappingEnd {
                return Ok((Value::Object(members), Place { at, within }));
            }
            let key_at = node.at.clone();
            let key = key(node)?;
            if members.get(&key).is_some() {
                let message = format!("expected each key once in a mapping, found {} again", quote(&key));
                return Err(refusal(key_at, message));
            }
            let node = self.node()?;
            let (value, place) = self.value(node, depth)?;
            members.insert(key, value);
            within.push(Within { key: key_at, place });
        }
    }

    /// The parser's own refusal.
    fn syntax(&mut self, error: &ScanError) -> Refusal {
        let at = self.seek(error.marker().index());
        refusal(at..at, format!("expected YAML, found that it does not parse: {}", error.info()))
    }

    /// The bytes of a span.
    fn range(&mut self, span: Span) -> Range<usize> {
        let start = self.seek(span.start.index());
        let characters = span.end.index().saturating_sub(span.start.index());
        let rest = self.text.get(start..).unwrap_or_default();
        let length: usize = rest.chars().take(characters).map(char::len_utf8).sum();
        start..start + length
    }

    /// The byte at which a character begins. Takes time in proportion to the way from the one that was sought before.
    fn seek(&mut self, character: usize) -> usize {
        let (before, after) = self.text.split_at_checked(self.byte).unwrap_or((self.text, ""));
        if character >= self.character {
            let way = after.chars().take(character - self.character);
            self.byte += way.map(char::len_utf8).sum::<usize>();
        } else {
            let way = before.chars().rev().take(self.character - character);
            self.byte -= way.map(char::len_utf8).sum::<usize>();
        }
        self.character = character;
        self.byte
    }

    /// What stands on the line of `start` from there on.
    fn line_from(&self, start: usize) -> Range<usize> {
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        start..start + line.trim_end().len()
    }
}

/// Where the first directive stands. The parser says nothing of them, and counts their characters wrongly.
fn directive(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let content = line.trim();
        if line.starts_with('%') {
            return Some(start..start + content.len());
        }
        // Nothing else can stand before one: comments, and the end of a document that never began.
        if !(content.is_empty() || content.starts_with('#') || line.starts_with("...")) {
            return None;
        }
        start += line.len();
    }
    None
}

/// The key that a node spells.
fn key(node: Node<'_>) -> Result<String, Refusal> {
    let in_quotes = "a text in quotation marks is a string";
    match node.event {
        Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<" => {
            Err(refusal(node.at, "expected a key, found a merge key").with("write the members out"))
        }
        Event::Scalar(text, ScalarStyle::Plain, ..) => match scalar::plain(&text) {
            Ok(Value::String(key)) => Ok(key),
            Ok(other) => {
                Err(refusal(node.at, format!("expected a string as a key, found {}", other.kind())).with(in_quotes))
            }
            Err(found) => Err(refusal(node.at, format!("expected a string as a key, found {found}")).with(in_quotes)),
        },
        Event::Scalar(text, ..) => Ok(text.into_owned()),
        _ => Err(refusal(node.at, "expected a string as a key, found a sequence or a mapping")),
    }
}

fn refusal(at: Range<usize>, message: impl Into<String>) -> Refusal {
    Refusal { at, message: message.into(), help: None }
}

impl Refusal {
    const fn with(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }
}

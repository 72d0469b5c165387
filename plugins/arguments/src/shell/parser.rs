//! From text to simple commands, by the Shell Command Language of POSIX.1-2024 (Shell & Utilities, chapter 2) with what
//! bash adds (Bash Reference Manual: `$'…'`, `<(…)`, `<<<`, `|&`, `&>`).
//!
//! Total: every text has commands, also one that no shell would accept. Linear, and without recursion: what is open
//! stands on a stack that is bounded; deeper nesting is read as if its brackets were letters. Two readings are simpler
//! than a shell's: the body of a here-document is read as commands (an interpreter may get it), and so are reserved words
//! (`program` passes over them).

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::syntax::{Command, Inside, Link, Redirect, Script, Word};

/// How deep substitutions and groups may nest.
const MAX_DEPTH: usize = 32;

/// The commands of a text from a byte on.
pub(super) fn parse(text: &str, from: usize) -> Script<'_> {
    let mut parser = Parser {
        text,
        at: from,
        script: Script::default(),
        frames: vec![Frame::new(Inside::Group, 0, from)],
        places: 1,
    };
    parser.run();
    parser.script
}

/// A word under way.
#[derive(Debug, Default)]
struct Building {
    start: usize,
    text: String,
    quoted: bool,
}

/// What is open: the text itself, a group, a substitution.
#[derive(Debug)]
struct Frame<'t> {
    inside: Inside,
    place: usize,
    /// Within double quotes.
    double: bool,
    word: Option<Building>,
    command: Command<'t>,
    /// The next word is the target of a redirection that writes, or of one that does not.
    redirect: Option<bool>,
}

impl Frame<'_> {
    fn new(inside: Inside, place: usize, at: usize) -> Self {
        Self {
            inside,
            place,
            double: false,
            word: None,
            command: empty(inside, place, Link::Start, at..at, None),
            redirect: None,
        }
    }
}

fn empty<'t>(inside: Inside, place: usize, link: Link, operator: Range<usize>, before: Option<usize>) -> Command<'t> {
    Command { words: Vec::new(), redirects: Vec::new(), link, operator, before, inside, place, holds_others: false }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    script: Script<'t>,
    /// Never empty: the text itself is at its bottom.
    frames: Vec<Frame<'t>>,
    places: usize,
}

impl<'t> Parser<'t> {
    fn run(&mut self) {
        while let Some(byte) = self.text.as_bytes().get(self.at).copied() {
            let start = self.at;
            self.at += 1;
            if self.frame().double {
                self.in_quotes(byte, start);
            } else {
                self.unquoted(byte, start);
            }
        }
        while self.frames.len() > 1 {
            self.close(self.at);
        }
        self.end_command(Link::Start, self.at..self.at);
    }

    fn frame(&mut self) -> &mut Frame<'t> {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// The word under way, begun at `start` if none is.
    fn word(&mut self, start: usize) -> &mut Building {
        self.frame().word.get_or_insert_with(|| Building { start, ..Building::default() })
    }

    /// Adds the text from `start` to where the parser is, and the rest of a character that was cut.
    fn push(&mut self, start: usize) {
        let text = self.text;
        while !text.is_char_boundary(self.at) {
            self.at += 1;
        }
        let said = text.get(start..self.at).unwrap_or_default();
        self.word(start).text.push_str(said);
    }

    fn in_quotes(&mut self, byte: u8, start: usize) {
        match byte {
            b'"' => self.frame().double = false,
            b'\\' if matches!(self.peek(), b'"' | b'\\' | b'$' | b'`' | b'\n') => {
                self.at += 1;
                self.push(start + 1);
            }
            b'$' => self.dollar(start),
            b'`' => self.backtick(start),
            _ => self.push(start),
        }
    }

    fn unquoted(&mut self, byte: u8, start: usize) {
        match byte {
            b' ' | b'\t' | b'\r' => self.end_word(),
            b'\n' => self.end_command(Link::Line, start..self.at),
            b'#' if self.frame().word.is_none() => {
                let rest = &self.text.as_bytes()[self.at..];
                self.at += memchr(b'\n', rest).unwrap_or(rest.len());
            }
            b'\'' => self.single(start),
            b'"' => {
                self.word(start).quoted = true;
                self.frame().double = true;
            }
            b'\\' if self.peek() == b'\n' => self.at += 1,
            b'\\' => {
                self.word(start).quoted = true;
                if self.at < self.text.len() {
                    self.at += 1;
                    self.push(start + 1);
                }
            }
            b'$' => self.dollar(start),
            b'`' => self.backtick(start),
            b'|' | b'&' | b';' => self.operator(byte, start),
            b'<' | b'>' => self.angle(byte, start),
            b'(' => {
                // A group, or the parentheses of a function's name.
                self.end_word();
                self.open(Inside::Group, start);
            }
            b')' if self.closes() => self.close(start),
            b')' => self.end_command(Link::Semicolon, start..self.at),
            _ => self.push(start),
        }
    }

    fn single(&mut self, start: usize) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = memchr(b'\'', rest).unwrap_or(rest.len());
        let said = self.text.get(self.at..self.at + length).unwrap_or_default();
        let word = self.word(start);
        word.quoted = true;
        word.text.push_str(said);
        self.at = self.text.len().min(self.at + length + 1);
    }

    /// `$'…'`, with the escapes that spell characters.
    fn ansi(&mut self, start: usize) {
        self.at += 1;
        self.word(start).quoted = true;
        while self.at < self.text.len() && self.peek() != b'\'' {
            let begin = self.at;
            self.at += 1;
            if self.text.as_bytes()[begin] != b'\\' {
                self.push(begin);
                continue;
            }
            let (radix, begin, most) = match self.peek() {
                b'x' => (16, self.at + 1, 2),
                b'0'..=b'7' => (8, self.at, 3),
                _ => {
                    self.at = self.text.len().min(self.at + 1);
                    self.push(begin + 1);
                    continue;
                }
            };
            let digits = self.text.as_bytes()[begin..].iter().take(most);
            let count = digits.take_while(|digit| char::from(**digit).is_digit(radix)).count();
            self.at = begin + count;
            let code = u32::from_str_radix(self.text.get(begin..self.at).unwrap_or_default(), radix);
            let character = code.ok().and_then(char::from_u32).unwrap_or('?');
            self.word(start).text.push(character);
        }
        self.at = self.text.len().min(self.at + 1);
    }

    fn dollar(&mut self, start: usize) {
        match self.peek() {
            b'(' => {
                self.at += 1;
                if self.frames.len() < MAX_DEPTH {
                    self.word(start).text.push_str("$()");
                }
                self.open(Inside::Substitution, start);
            }
            b'\'' if !self.frame().double => self.ansi(start),
            _ => {
                let name = self.text[self.at..].strip_prefix('{').unwrap_or(&self.text[self.at..]);
                if name.starts_with("IFS") && !self.frame().double {
                    self.disguise(start);
                } else {
                    self.push(start);
                }
            }
        }
    }

    /// `$IFS`, `${IFS}`, `${IFS%…}`, `$IFS$9`: a blank.
    fn disguise(&mut self, start: usize) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest.first() {
            Some(b'{') => rest.iter().take(32).position(|byte| *byte == b'}').map_or(4, |end| end + 1),
            _ => 3,
        };
        self.at = self.text.len().min(self.at + length);
        // A parameter that is not set, there to end the name.
        if self.peek() == b'$' && self.text.as_bytes().get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            self.at += 2;
        }
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.script.disguises.push(start..self.at);
        self.end_word();
    }

    fn backtick(&mut self, start: usize) {
        if self.frame().inside == Inside::Backticks && !self.frame().double {
            return self.close(start);
        }
        if self.frames.len() < MAX_DEPTH {
            self.word(start).text.push_str("$()");
        }
        self.open(Inside::Backticks, start);
    }

    fn operator(&mut self, byte: u8, start: usize) {
        let next = self.peek();
        let (link, length) = match (byte, next) {
            (b'|', b'|') | (b'&', b'&') => (Link::Condition, 2),
            (b'|', b'&') => (Link::Pipe, 2),
            (b'|', _) => (Link::Pipe, 1),
            (b'&', b'>') => {
                // `&>file`
                self.at += 1;
                self.end_word();
                self.frame().redirect = Some(true);
                return;
            }
            (b'&', _) => (Link::Background, 1),
            _ => (Link::Semicolon, 1),
        };
        self.at = start + length;
        self.end_command(link, start..start + length);
    }

    fn angle(&mut self, byte: u8, start: usize) {
        if self.peek() == b'(' {
            self.at += 1;
            if self.frames.len() < MAX_DEPTH {
                self.word(start).text.push_str("<()");
            }
            return self.open(Inside::Process, start);
        }
        // `2>` is no word.
        if self.frame().word.as_ref().is_some_and(|word| word.text.bytes().all(|digit| digit.is_ascii_digit())) {
            self.frame().word = None;
        }
        self.end_word();
        while matches!(self.peek(), b'<' | b'>' | b'|' | b'-') && self.at < start + 3 {
            self.at += 1;
        }
        if self.peek() == b'&' {
            // `>&2`, `<&3`: the target, a number or `-`, follows.
            self.at += 1;
        }
        self.frame().redirect = Some(byte == b'>');
    }

    /// Opens a group or substitution, unless too many are open: then its bracket is a letter.
    fn open(&mut self, inside: Inside, start: usize) {
        if self.frames.len() >= MAX_DEPTH {
            return self.push(start);
        }
        let place = self.places;
        self.places += 1;
        self.frame().command.holds_others = true;
        self.frames.push(Frame::new(inside, place, self.at));
    }

    /// Whether a `)` ends what is open.
    fn closes(&mut self) -> bool {
        self.frames.len() > 1 && self.frame().inside != Inside::Backticks
    }

    /// Ends what is open; the word or command around it goes on.
    fn close(&mut self, start: usize) {
        self.end_command(Link::Start, start..start);
        self.frames.pop();
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Inside::Group, 0, self.at));
        }
    }

    fn end_word(&mut self) {
        let end = self.at;
        let text = self.text;
        let frame = self.frame();
        let redirect = frame.redirect;
        let Some(word) = frame.word.take() else { return };
        let mut span = word.start..end.max(word.start);
        // The operator or blank that ends the word has been passed.
        let said = text.get(span.clone()).unwrap_or_default();
        span.end -=
            said.len() - said.trim_end_matches([' ', '\t', '\r', '\n', '|', '&', ';', '<', '>', '(', ')', '`']).len();
        let plain = text.get(span.clone()) == Some(&word.text);
        let built = if plain { Cow::Borrowed(&text[span.clone()]) } else { Cow::Owned(word.text) };
        let word = Word { text: built, span, quoted: word.quoted };
        match redirect {
            Some(writes) => frame.command.redirects.push(Redirect { writes, target: word }),
            None => frame.command.words.push(word),
        }
        frame.redirect = None;
    }

    /// Ends a simple command and begins the next, joined by `link`.
    fn end_command(&mut self, link: Link, operator: Range<usize>) {
        self.end_word();
        let index = self.script.commands.len();
        let frame = self.frame();
        let (inside, place) = (frame.inside, frame.place);
        frame.redirect = None;
        let command = &frame.command;
        let done = command.holds_others || !command.words.is_empty() || !command.redirects.is_empty();
        let before = if done { Some(index) } else { frame.command.before };
        let next = empty(inside, place, link, operator.clone(), before);
        let ended = std::mem::replace(&mut frame.command, next);
        if done {
            self.script.commands.push(ended);
        } else if ended.link == Link::Condition || (ended.link == Link::Pipe && link == Link::Line) {
            // `a |` at the end of a line goes on in the next.
            let frame = self.frame();
            frame.command.link = ended.link;
            frame.command.operator = ended.operator;
        }
    }
}

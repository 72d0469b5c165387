//! What in a URL says that it carries data out.

use crate::address::{Written, decode};
use crate::candidate::Form;
use crate::encoded;
use crate::rules::{COMMAND, ENCODED, OPAQUE, PLACEHOLDER, PROSE, Rule, SUBDOMAIN, TELLING};
use crate::scheme::Scheme;
use crate::words;

/// From what size on something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Characters of base64, hex or base32 that decode to text.
    pub(crate) encoded: usize,
    /// Words of plain text.
    pub(crate) words: usize,
    /// Characters of a value that looks random.
    pub(crate) opaque: usize,
    /// Bytes of a host's name in front of its last two labels.
    pub(crate) subdomain: usize,
}

/// The shortest value that a telling name is believed for: `?password=1` and `?secret=yes` say nothing.
const SHORTEST_TOLD: usize = 4;

/// The longest name in a placeholder.
const LONGEST_NAME: usize = 48;

/// Different characters that a long value has if it is random. Of 256 random base64 digits about 63 are different, of as
/// many letters of prose about 25.
const RANDOM_DISTINCT: usize = 32;

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// The rules, each once.
    rules: Vec<&'static Rule>,
    /// Words of plain text in all values.
    words: usize,
    /// Whether some parameter is to be filled in with what its name does not tell.
    pub(crate) has_vague_placeholder: bool,
}

impl Evidence {
    /// The evidence in a URL.
    pub(crate) fn of(written: Written<'_>, limits: &Limits) -> Self {
        let mut evidence = Self::default();
        evidence.read(written, limits, true);
        if evidence.words >= limits.words {
            evidence.add(&PROSE);
        }
        evidence
    }

    /// The rules that something speaks for, each once.
    pub(crate) fn rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// Adds a rule.
    fn add(&mut self, rule: &'static Rule) {
        if !self.rules.iter().any(|seen| seen.id == rule.id) {
            self.rules.push(rule);
        }
    }

    /// Reads all parts of a URL, and with `is_outer` those of the URLs that are encoded in it.
    fn read(&mut self, written: Written<'_>, limits: &Limits, is_outer: bool) {
        self.host(written.host, limits);
        self.piece("", written.userinfo, limits, false, is_outer);
        let (rest, fragment) = written.rest.split_once('#').unwrap_or((written.rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        for piece in path.split(['/', '\\', ';']) {
            let (key, value) = piece.split_once('=').unwrap_or(("", piece));
            self.piece(key, value, limits, false, is_outer);
        }
        for piece in query.split('&').chain(fragment.split('&')) {
            let (key, value) = piece.split_once('=').unwrap_or(("", piece));
            self.piece(key, value, limits, true, is_outer);
        }
    }

    /// Reads one value and the name that it has.
    fn piece(&mut self, key: &str, written: &str, limits: &Limits, is_query: bool, is_outer: bool) {
        if written.is_empty() {
            return;
        }
        if written.len() >= SHORTEST_TOLD && words::is_telling(key.as_bytes()) {
            self.add(&TELLING);
        }
        // Most values are a plain word.
        if written.bytes().any(|byte| b"%+ {[<$`".contains(&byte)) {
            let value = decode(written, is_query);
            self.placeholders(&value, is_query || !key.is_empty());
            self.commands(&value);
            let counts = |word: &&[u8]| word.iter().any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
            let words = value.split(u8::is_ascii_whitespace).filter(counts).count();
            if words > 1 {
                self.words += words;
            }
        }
        self.encodings(written, limits, is_query, is_outer);
        // A value without a name reads as a name without a value if padding ends it.
        self.encodings(key, limits, is_query, is_outer);
    }

    /// Looks for text in an encoding, and for long random values.
    fn encodings(&mut self, written: &str, limits: &Limits, is_query: bool, is_outer: bool) {
        if written.len() < limits.encoded.min(limits.opaque) {
            return;
        }
        // Where `+` stands for a space, base64 has it as a digit.
        let digit = |byte: &u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'_') || (is_query && *byte == b'/')
        };
        let undecoded = decode(written, false);
        for run in undecoded.split(|byte| !digit(byte)) {
            if run.len() >= limits.opaque && is_random(run) {
                self.add(&OPAQUE);
            }
            if let Some(text) = encoded::text(run, limits.encoded) {
                match inner_url(&text) {
                    // A redirect or a proxy for images: what counts is what that URL carries.
                    Some(inner) if is_outer => self.read(inner, limits, false),
                    _ => self.add(&ENCODED),
                }
            }
        }
    }

    /// Reads the labels of a host's name in front of its last two.
    fn host(&mut self, host: &str, limits: &Limits) {
        self.placeholders(host.as_bytes(), false);
        self.commands(host.as_bytes());
        let labels: Vec<&str> = host.split('.').collect();
        let Some(labels) = labels.len().checked_sub(2).and_then(|end| labels.get(..end)) else { return };
        let joined = labels.concat();
        let carries = labels.iter().any(|label| encoded::text(label.as_bytes(), limits.encoded).is_some())
            || encoded::text(joined.as_bytes(), limits.encoded).is_some();
        if carries {
            self.add(&SUBDOMAIN);
        } else if joined.len() >= limits.subdomain {
            self.add(&OPAQUE);
        }
    }

    /// Looks for names in brackets: `{data}`, `{{data}}`, `${data}`, `[DATA]`, `<data>`. In a parameter, others may mean
    /// data too; in a path they are identifiers.
    fn placeholders(&mut self, value: &[u8], is_parameter: bool) {
        let mut rest = value;
        while let Some(at) = memchr::memchr3(b'{', b'[', b'<', rest) {
            let open = rest[at];
            let close = match open {
                b'{' => b'}',
                b'[' => b']',
                _ => b'>',
            };
            rest = &rest[at + 1..];
            let window = &rest[..rest.len().min(LONGEST_NAME)];
            let Some(length) = memchr::memchr(close, window) else { continue };
            let name = window[..length].trim_ascii();
            let is_name = name.first().is_some_and(u8::is_ascii_alphabetic)
                && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' '));
            if open == b'<' && words::is_pseudonym(name) {
                continue;
            }
            if is_name && words::is_data(name) {
                self.add(&PLACEHOLDER);
            } else if is_name && is_parameter {
                self.has_vague_placeholder = true;
            }
        }
    }

    /// Looks for commands that print data: `$(…)`, `` `…` ``.
    fn commands(&mut self, value: &[u8]) {
        let mut begins = memchr::memchr2_iter(b'$', b'`', value).filter_map(|at| match value[at..] {
            [b'$', b'(', ..] => value.get(at + 2..),
            [b'`', ..] => value.get(at + 1..),
            _ => None,
        });
        if begins.any(words::prints_data) {
            self.add(&COMMAND);
        }
    }
}

/// The URL that a text is, if it is one and nothing else.
fn inner_url(text: &str) -> Option<Written<'_>> {
    let scheme = text.find("://")?;
    let is_url = text.starts_with("http") && scheme <= 5 && !text.contains(char::is_whitespace);
    is_url.then(|| Written::of(Form::Scheme(Scheme::Network, scheme + 1), text))
}

/// Whether a long value is random rather than made of words.
fn is_random(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in value {
        seen[usize::from(*byte)] = true;
    }
    let hex = value.iter().all(u8::is_ascii_hexdigit);
    hex || seen.into_iter().filter(|seen| *seen).count() >= RANDOM_DISTINCT
}

//! From text to tokens. Total: every text has tokens. Linear: every byte is passed once, and what is open at the end (a
//! string, a comment) takes the rest.
//!
//! Sources: `PostgreSQL`, "Lexical Structure"; `MySQL`, "Language Structure" (comments, string literals); SQL Server,
//! "Transact-SQL syntax conventions"; Oracle, "Basic Elements of Oracle SQL"; `SQLite`, "Tokens" and "SQL Comment Syntax".
//! Where they differ, what the most of them agree on is taken, and where a difference decides what is inside a string, the
//! caller lexes the text both ways.

use memchr::{memchr, memmem};

use super::token::{Class, Key, Token};

/// Searches for the end of a dollar-quoted string that may fail, each at the cost of the whole text.
const FAILED_SEARCHES: usize = 8;

/// What a text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Where it begins, in bytes: behind the quote that a value closes.
    pub(super) from: usize,
    /// Whether a backslash escapes a quote inside a string, as in `MySQL`.
    pub(super) backslash: bool,
}

/// The tokens of a text.
pub(super) fn lex(text: &str, reading: Reading) -> Vec<Token> {
    let lexer = Lexer { text: text.as_bytes(), at: reading.from, backslash: reading.backslash, failed: 0 };
    lexer.run()
}

struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    backslash: bool,
    failed: usize,
}

impl Lexer<'_> {
    fn run(mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        while let Some(byte) = self.text.get(self.at) {
            let start = self.at;
            self.at += 1;
            if let Some(class) = self.token(*byte, start) {
                tokens.push(Token { class, start, end: self.at });
            }
        }
        tokens
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or_default()
    }

    /// Goes on while bytes are such.
    fn pass(&mut self, such: impl Fn(u8) -> bool) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !such(*byte)).unwrap_or(rest.len());
    }

    /// The token that begins with `byte`, which has been passed; `None` for blanks.
    fn token(&mut self, byte: u8, start: usize) -> Option<Class> {
        Some(match byte {
            b'\'' | b'"' | b'`' => self.string(byte),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(0).is_ascii_digit() => self.number(),
            b'-' if self.peek(0) == b'-' => self.line_comment(),
            // A temporary table in SQL Server, a JSON operator in PostgreSQL; else MySQL's comment.
            b'#' if is_word(self.peek(0)) => self.word(start),
            b'#' if matches!(self.peek(0), b'>' | b'-') && self.peek(0) != self.peek(1) => Class::Operator,
            b'#' => self.line_comment(),
            b'/' if self.peek(0) == b'*' => self.block_comment(),
            b'*' if self.peek(0) == b'/' => {
                // The end of a conditional comment.
                self.at += 1;
                return None;
            }
            b'@' => {
                self.pass(|byte| byte == b'@' || is_word(byte));
                Class::Variable
            }
            b'?' => Class::Variable,
            b':' if is_word(self.peek(0)) => {
                self.pass(is_word);
                Class::Variable
            }
            b'$' => self.dollar(),
            b',' => Class::Comma,
            b'.' => Class::Dot,
            b'(' => Class::Open,
            b')' => Class::Close,
            b';' => Class::Semicolon,
            b'|' | b'&' if self.peek(0) == byte => {
                self.at += 1;
                Class::Logic
            }
            b'=' | b'<' | b'>' | b'!' | b'~' | b'^' => {
                self.pass(|byte| matches!(byte, b'=' | b'<' | b'>'));
                let length = self.at - start;
                if length == 1 && matches!(byte, b'!' | b'~' | b'^') { Class::Operator } else { Class::Comparison }
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'&' | b'[' | b']' | b'{' | b'}' | b':' => Class::Operator,
            _ if is_word(byte) => self.word(start),
            _ => return None,
        })
    }

    fn word(&mut self, start: usize) -> Class {
        self.pass(|byte| is_word(byte) || byte == b'$');
        Class::Word(Key::of(&self.text[start..self.at]))
    }

    /// A number. What follows it without a blank is a word of its own, as `1UNION` is to `MySQL` and SQL Server.
    fn number(&mut self) -> Class {
        if self.text[self.at - 1] == b'0' && matches!(self.peek(0), b'x' | b'X') && self.peek(1).is_ascii_hexdigit() {
            self.at += 1;
            self.pass(|byte| byte.is_ascii_hexdigit());
            return Class::Number;
        }
        self.pass(|byte| byte.is_ascii_digit() || byte == b'.');
        if matches!(self.peek(0), b'e' | b'E')
            && (self.peek(1).is_ascii_digit() || (matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit()))
        {
            self.at += 2;
            self.pass(|byte| byte.is_ascii_digit());
        }
        Class::Number
    }

    /// A string behind its quote; a doubled quote is one of its characters.
    fn string(&mut self, quote: u8) -> Class {
        while let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            if *byte == b'\\' && self.backslash && quote != b'`' {
                self.at = self.text.len().min(self.at + 1);
            } else if *byte == quote {
                if self.peek(0) != quote {
                    return Class::Text { closed: true };
                }
                self.at += 1;
            }
        }
        Class::Text { closed: false }
    }

    fn line_comment(&mut self) -> Class {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
        Class::Comment { closed: false }
    }

    fn block_comment(&mut self) -> Class {
        if self.peek(1) == b'!' {
            self.at += 2;
            // `/*!50000 …`: from which version on.
            self.pass(|byte| byte.is_ascii_digit());
            return Class::Conditional;
        }
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let end = memmem::find(rest, b"*/");
        self.at = end.map_or(self.text.len(), |end| self.at + 1 + end + 2);
        Class::Comment { closed: end.is_some() }
    }

    /// `PostgreSQL`'s `$tag$…$tag$`, or a parameter.
    fn dollar(&mut self) -> Class {
        let start = self.at - 1;
        self.pass(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if self.peek(0) == b'$' && self.failed < FAILED_SEARCHES {
            let tag = &self.text[start..=self.at];
            match memmem::find(&self.text[self.at + 1..], tag) {
                Some(end) => {
                    self.at += 1 + end + tag.len();
                    return Class::Text { closed: true };
                }
                None => self.failed += 1,
            }
        }
        Class::Variable
    }
}

/// Whether a byte belongs to a name. All of a character beyond ASCII does.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

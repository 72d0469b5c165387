//! Small readers of token sequences. Each looks at a bounded number of tokens from where it begins.

use std::ops::Range;

use super::functions::{self, Effect, Followed};
use super::lexer::{Reading, lex};
use super::token::{Class, Key, Token};

/// Tokens that one construction may have in front of or behind what is looked for: parentheses, signs.
const NOISE: usize = 12;

/// Tokens of the arguments of a call that are passed over.
const CALL: usize = 48;

/// Words of English that a name in a statement is not.
const ARTICLES: &[&str] = &[
    "a", "all", "an", "and", "any", "both", "each", "her", "his", "its", "me", "my", "no", "of", "one", "our", "some",
    "that", "the", "their", "these", "this", "those", "us", "your",
];

/// The kind of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// It reads.
    Read,
    /// It changes rows.
    Write,
    /// It changes what there is, who may do what, or runs something.
    Rule,
}

/// A text as tokens, without its comments.
pub(super) struct Phrase<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// Its comments.
    pub(super) comments: Vec<Token>,
}

/// Whether a text begins as a statement of SQL does.
pub(crate) fn begins_statement(text: &str) -> bool {
    // A statement shows what it is in its first words; a hundred bytes hold those.
    let head = &text[..text.floor_char_boundary(256)];
    Phrase::new(head, Reading { from: 0, backslash: false }).statement(0).is_some()
}

impl<'t> Phrase<'t> {
    pub(super) fn new(text: &'t str, reading: Reading) -> Self {
        let is_comment = |token: &Token| matches!(token.class, Class::Comment { .. });
        let (comments, tokens) = lex(text, reading).into_iter().partition(is_comment);
        Self { text, tokens, comments }
    }

    pub(super) fn class(&self, at: usize) -> Option<Class> {
        self.tokens.get(at).map(|token| token.class)
    }

    pub(super) fn key(&self, at: usize) -> Key {
        self.tokens.get(at).map_or(Key::None, Token::key)
    }

    fn is(&self, at: usize, class: Class) -> bool {
        self.class(at) == Some(class)
    }

    /// The text of a token.
    pub(super) fn word(&self, at: usize) -> &'t str {
        self.tokens.get(at).and_then(|token| self.text.get(token.span())).unwrap_or_default()
    }

    /// From the first byte of a token to the last of another, which stands before `end`.
    pub(super) fn span(&self, from: usize, end: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let last = end.max(from + 1).min(self.tokens.len());
        start..last.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end)
    }

    /// The comment that ends the text, if one does: nothing of the statement stands behind it.
    pub(super) fn tail(&self) -> Option<&Token> {
        let last = self.comments.last()?;
        self.tokens.last().is_none_or(|token| token.end <= last.start).then_some(last)
    }

    /// Whether a token is a name that could be that of a table.
    pub(super) fn is_name(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        match token.class {
            Class::Text { .. } => true,
            // Brackets of SQL Server.
            Class::Operator => self.word(at) == "[",
            Class::Word(Key::None) => !ARTICLES.iter().any(|word| word.eq_ignore_ascii_case(self.word(at))),
            Class::Word(key) => matches!(key, Key::User | Key::Role | Key::Data | Key::Index | Key::Time),
            _ => false,
        }
    }

    /// Passes over a constant, with signs and parentheses around it.
    pub(super) fn constant(&self, mut at: usize) -> Option<usize> {
        let most = at + NOISE;
        while at < most && matches!(self.class(at), Some(Class::Open | Class::Operator | Class::Word(Key::Not))) {
            at += 1;
        }
        at = match self.class(at)? {
            Class::Number | Class::Text { .. } | Class::Word(Key::Null | Key::True | Key::False) => at + 1,
            Class::Word(_) if self.is(at + 1, Class::Open) => self.call(at)?,
            _ => return None,
        };
        let most = at + NOISE;
        while at < most && self.is(at, Class::Close) {
            at += 1;
        }
        Some(at)
    }

    /// Passes over a call: a word and what stands in parentheses behind it.
    fn call(&self, at: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in at + 1..at + CALL {
            match self.class(at)? {
                Class::Open => depth += 1,
                Class::Close if depth <= 1 => return Some(at + 1),
                Class::Close => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// Passes over what compares two values.
    pub(super) fn comparison(&self, mut at: usize) -> Option<usize> {
        if self.key(at) == Key::Not {
            at += 1;
        }
        match self.class(at)? {
            Class::Comparison
            | Class::Word(Key::Like | Key::Ilike | Key::Rlike | Key::Regexp | Key::In | Key::Between) => Some(at + 1),
            Class::Word(Key::Is) => Some(at + 1 + usize::from(self.key(at + 1) == Key::Not)),
            Class::Word(Key::Sounds) if self.key(at + 1) == Key::Like => Some(at + 2),
            _ => None,
        }
    }

    /// Passes over a comparison of two constants.
    pub(super) fn constants_compared(&self, at: usize) -> Option<usize> {
        self.constant(self.comparison(self.constant(at)?)?)
    }

    /// Whether what stands behind a `SELECT` is what one selects, and not a word of a sentence.
    pub(super) fn is_selection(&self, mut at: usize) -> bool {
        if matches!(self.key(at), Key::All | Key::Distinct) {
            at += 1;
        }
        if self.key(at) == Key::Top {
            at += 2;
        }
        let prose_follows = self.tokens.get(at + 1).is_some_and(Token::is_name);
        match self.class(at) {
            Some(Class::Number) => !prose_follows,
            Some(Class::Text { .. }) => !prose_follows || self.key(at + 2) == Key::From,
            Some(
                Class::Variable | Class::Open | Class::Conditional | Class::Word(Key::Null | Key::Case | Key::Not),
            ) => true,
            Some(Class::Operator) => matches!(self.word(at), "*" | "-" | "+" | "~" | "["),
            Some(Class::Word(_)) => match self.class(at + 1) {
                Some(
                    Class::Open | Class::Dot | Class::Comma | Class::Logic | Class::Operator | Class::Word(Key::Into),
                ) => true,
                Some(Class::Word(Key::As | Key::From)) => self.is_name(at + 2),
                None => self.tail().is_some(),
                _ => false,
            },
            _ => false,
        }
    }

    /// What kind of statement begins at a token, if one does.
    pub(super) fn statement(&self, at: usize) -> Option<Verb> {
        let next = self.key(at + 1);
        let name = |ahead: usize| self.is_name(at + ahead);
        let ends = |ahead: usize| matches!(self.class(at + ahead), None | Some(Class::Semicolon));
        let (verb, is_one) = match self.key(at) {
            Key::Select => (Verb::Read, self.is_selection(at + 1)),
            Key::With => (Verb::Read, name(1) && self.key(at + 2) == Key::As && self.is(at + 3, Class::Open)),
            Key::Explain | Key::Show => {
                (Verb::Read, matches!(next, Key::Select | Key::Table | Key::Database | Key::Grant))
            }
            Key::Insert | Key::Replace | Key::Merge => (Verb::Write, next == Key::Into && name(2)),
            Key::Update => (Verb::Write, name(1) && (2..7).any(|ahead| self.key(at + ahead) == Key::Set)),
            // `delete from cart button` is what a button is called.
            Key::Delete => (Verb::Write, next == Key::From && name(2) && (!name(3) || self.key(at + 4) == Key::Where)),
            Key::Load => (Verb::Rule, next == Key::Data),
            Key::Bulk => (Verb::Rule, next == Key::Insert),
            Key::Drop | Key::Alter | Key::Create | Key::Rename => (Verb::Rule, self.object(at + 1).is_some()),
            Key::Truncate => (Verb::Rule, next == Key::Table || (name(1) && ends(2))),
            Key::Exec | Key::Execute | Key::Call => (Verb::Rule, self.is_called(at + 1)),
            Key::Declare => (Verb::Rule, self.is(at + 1, Class::Variable)),
            Key::Waitfor => (Verb::Rule, matches!(next, Key::Delay | Key::Time)),
            Key::Shutdown => (Verb::Rule, ends(1) || next == Key::With),
            Key::Grant | Key::Revoke => {
                (Verb::Rule, (2..16).any(|ahead| matches!(self.key(at + ahead), Key::To | Key::On | Key::From)))
            }
            Key::Copy => (Verb::Rule, (name(1) || self.is(at + 1, Class::Open)) && self.copies(at).is_some()),
            Key::Attach => {
                (Verb::Rule, next == Key::Database || matches!(self.class(at + 1), Some(Class::Text { .. })))
            }
            Key::Set => {
                (Verb::Read, self.is(at + 1, Class::Variable) || (name(1) && self.is(at + 2, Class::Comparison)))
            }
            _ => return None,
        };
        is_one.then_some(verb)
    }

    /// The kind of object that a `CREATE`, `ALTER`, `DROP` or `RENAME` names, within the next words.
    pub(super) fn object(&self, at: usize) -> Option<Key> {
        // `CREATE OR REPLACE`, `UNIQUE`, `GLOBAL TEMPORARY`: words, but no article, which would make it a sentence.
        let is_article = |at: usize| ARTICLES.iter().any(|word| word.eq_ignore_ascii_case(self.word(at)));
        let words = (at..at + 5).take_while(|at| matches!(self.class(*at), Some(Class::Word(_))));
        words.take_while(|at| !is_article(*at)).map(|at| self.key(at)).find(|key| {
            matches!(
                key,
                Key::Table
                    | Key::Database
                    | Key::Schema
                    | Key::View
                    | Key::Index
                    | Key::User
                    | Key::Role
                    | Key::Login
                    | Key::Function
                    | Key::Procedure
                    | Key::Trigger
            )
        })
    }

    /// Whether what stands behind an `EXEC` is what one runs, and not a word of a sentence.
    fn is_called(&self, at: usize) -> bool {
        match self.class(at) {
            Some(Class::Variable | Class::Open) => true,
            Some(Class::Text { .. }) => !self.tokens.get(at + 1).is_some_and(Token::is_name),
            Some(Class::Word(_)) => {
                self.word(at).contains('_')
                    || matches!(
                        self.class(at + 1),
                        Some(Class::Dot | Class::Open | Class::Text { .. } | Class::Variable)
                    )
            }
            _ => false,
        }
    }

    /// Where a `COPY` says from or to where, within the next words.
    pub(super) fn copies(&self, at: usize) -> Option<usize> {
        (at..at + 64)
            .take_while(|at| self.class(*at).is_some_and(|class| class != Class::Semicolon))
            .find(|at| matches!(self.key(*at), Key::From | Key::To))
    }

    /// What the function or package at a token does.
    pub(super) fn effect(&self, at: usize) -> Option<Effect> {
        let token = self.tokens.get(at)?;
        if !token.is_name() {
            return None;
        }
        let followed = match self.class(at + 1) {
            // A word of English is not called with a blank before its parenthesis: `Sleep (2014)` is a title.
            Some(Class::Open) if self.word(at).contains('_') || self.is_adjacent(at) => Followed::Call,
            Some(Class::Dot) => Followed::Dot,
            _ => Followed::Other,
        };
        functions::effect_of(self.word(at), followed)
    }

    /// Whether the next token follows without a blank.
    fn is_adjacent(&self, at: usize) -> bool {
        self.tokens.get(at).zip(self.tokens.get(at + 1)).is_some_and(|(one, next)| one.end == next.start)
    }

    /// Whether the token is the name of a catalogue.
    pub(super) fn is_catalogue(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_name) && functions::is_catalogue(self.word(at))
    }
}

/// The readings of a text as a statement: with and without backslashes that escape, where that makes a difference.
pub(super) fn readings(text: &str, from: usize) -> impl Iterator<Item = Reading> {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let differ = rest.windows(2).any(|pair| matches!(pair, [b'\\', b'\'' | b'"' | b'\\']));
    [false, true]
        .into_iter()
        .filter(move |backslash| differ || !backslash)
        .map(move |backslash| Reading { from, backslash })
}

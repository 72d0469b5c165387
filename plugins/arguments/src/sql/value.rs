//! SQL in an argument that takes a value.
//!
//! The statement that the value goes into is not known, so the value is read three ways: as it stands, behind its first
//! single quote, and behind its first double quote, as if the statement had opened one. A value that closes a quote it did
//! not open and goes on as an expression is an injection; a name such as `O'Brien` closes one and does not.

use memchr::memchr;

use super::functions::Effect;
use super::lexer::Reading;
use super::phrase::{Phrase, readings};
use super::token::{Class, Key, Token};
use crate::rules::{self, Hit, Rule};

/// Finds injections of SQL in a value.
pub(crate) fn judge(text: &str, hits: &mut Vec<Hit>) {
    let behind = |quote| memchr(quote, text.as_bytes()).map(|at| (at + 1, true));
    let beginnings = [Some((0, false)), behind(b'\''), behind(b'"')];
    for (from, quoted) in beginnings.into_iter().flatten() {
        for reading in readings(text, from) {
            Value { phrase: Phrase::new(text, reading), quoted, reading }.judge(hits);
        }
    }
}

/// A value, read one way.
struct Value<'t> {
    phrase: Phrase<'t>,
    /// It is read from behind a quote.
    quoted: bool,
    reading: Reading,
}

impl Value<'_> {
    fn judge(&self, hits: &mut Vec<Hit>) {
        for at in 0..self.phrase.tokens.len() {
            self.shape(at, hits);
        }
        self.truncation(hits);
        if self.quoted {
            self.breakout(hits);
        } else if self.phrase.statement(0).is_some() {
            hits.push(Hit::new(&rules::INJECTED_STATEMENT, self.phrase.span(0, self.phrase.tokens.len())));
        }
    }

    fn hit(&self, rule: &'static Rule, from: usize, end: usize) -> Hit {
        Hit::new(rule, self.phrase.span(from, end))
    }

    /// The shape that begins at a token, if one does.
    fn shape(&self, at: usize, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        let Some(class) = phrase.class(at) else { return };
        match class {
            Class::Logic | Class::Word(Key::Or | Key::And | Key::Xor | Key::Having | Key::Where | Key::When) => {
                self.condition(at, class, hits);
            }
            Class::Word(Key::If) if phrase.class(at + 1) == Some(Class::Open) => {
                if let Some(end) = phrase.constants_compared(at + 2) {
                    hits.push(self.hit(&rules::INJECTED_TAUTOLOGY, at, end));
                }
            }
            Class::Word(Key::Union) => self.union(at, hits),
            Class::Word(Key::Into) if matches!(phrase.key(at + 1), Key::Outfile | Key::Dumpfile) => {
                hits.push(self.hit(&rules::INJECTED_FUNCTION, at, at + 2));
            }
            Class::Word(Key::Waitfor) if matches!(phrase.key(at + 1), Key::Delay | Key::Time) => {
                hits.push(self.hit(&rules::INJECTED_FUNCTION, at, at + 3));
            }
            Class::Word(Key::Procedure) if phrase.key(at + 1) == Key::Analyse => {
                hits.push(self.hit(&rules::INJECTED_PROBE, at, at + 2));
            }
            Class::Word(Key::Order | Key::Group) if phrase.key(at + 1) == Key::By => self.probe(at, hits),
            Class::Semicolon if phrase.statement(at + 1).is_some() => {
                hits.push(self.hit(&rules::INJECTED_STACKED, at, phrase.tokens.len()));
            }
            Class::Open if phrase.key(at + 1) == Key::Select && phrase.is_selection(at + 2) => {
                hits.push(self.hit(&rules::INJECTED_SUBQUERY, at, at + 3));
            }
            Class::Conditional if at + 1 < phrase.tokens.len() => {
                hits.push(self.hit(&rules::INJECTED_PROBE, at, at + 2).sure(80));
            }
            Class::Variable if phrase.word(at).len() > 3 && phrase.word(at).starts_with("@@") => {
                hits.push(self.hit(&rules::INJECTED_CATALOGUE, at, at + 1));
            }
            Class::Word(Key::None) => self.name(at, hits),
            _ => {}
        }
    }

    /// What follows a word that a condition follows.
    fn condition(&self, at: usize, class: Class, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        if let Some(end) = phrase.constants_compared(at + 1) {
            hits.push(self.hit(&rules::INJECTED_TAUTOLOGY, at, end));
            return;
        }
        let chooses = matches!(class, Class::Logic | Class::Word(Key::Or | Key::And | Key::Xor | Key::Having));
        let Some(end) = phrase.constant(at + 1).filter(|end| chooses && *end == phrase.tokens.len()) else { return };
        // `or 1 --`: without the comment, `1 or 2` is a choice of a person's.
        let whole = self.quoted && matches!(phrase.word(at + 1), "1" | "true" | "TRUE");
        if phrase.tail().is_some() {
            hits.push(self.hit(&rules::INJECTED_TAUTOLOGY, at, end).sure(80));
        } else if whole && at <= 1 {
            hits.push(self.hit(&rules::INJECTED_TAUTOLOGY, at, end).sure(60));
        }
    }

    fn union(&self, at: usize, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        let mut next = at + 1;
        while next < at + 6
            && matches!(
                phrase.class(next),
                Some(Class::Word(Key::All | Key::Distinct) | Class::Open | Class::Conditional)
            )
        {
            next += 1;
        }
        // "Union select committee" is a sentence, `UNION ALL SELECT` at the end a probe.
        let cut = next + 1 == phrase.tokens.len() && (next > at + 1 || phrase.tail().is_some());
        if phrase.key(next) == Key::Select && (cut || phrase.is_selection(next + 1)) {
            hits.push(self.hit(&rules::INJECTED_UNION, at, phrase.tokens.len()));
        }
    }

    /// `ORDER BY 3`, which asks how many columns there are.
    fn probe(&self, at: usize, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        let Some(end) = phrase.constant(at + 2) else { return };
        let behind_value =
            at > 0 && matches!(phrase.class(at - 1), Some(Class::Number | Class::Close | Class::Text { .. }));
        if self.quoted || phrase.tail().is_some() {
            hits.push(self.hit(&rules::INJECTED_PROBE, at, end).sure(85));
        } else if at == 0 || behind_value {
            hits.push(self.hit(&rules::INJECTED_PROBE, at, end));
        }
    }

    /// A name that an ordinary value has not.
    fn name(&self, at: usize, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        if let Some(effect) = phrase.effect(at) {
            let confidence = if effect == Effect::Error { 80 } else { rules::INJECTED_FUNCTION.confidence };
            hits.push(self.hit(&rules::INJECTED_FUNCTION, at, at + 2).sure(confidence));
        } else if phrase.is_catalogue(at) {
            let read = at > 0 && matches!(phrase.key(at - 1), Key::From | Key::Join | Key::Into);
            if read || phrase.class(at + 1) == Some(Class::Dot) {
                hits.push(self.hit(&rules::INJECTED_CATALOGUE, at, at + 1));
            }
        }
    }

    /// A comment that ends the value and says nothing: it is there for what the statement had behind it.
    fn truncation(&self, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        let Some(tail) = phrase.tail() else { return };
        let said = phrase.text.get(tail.span()).unwrap_or_default();
        if !says_nothing(said) {
            return;
        }
        let closes = |class: Class| matches!(class, Class::Close | Class::Semicolon);
        let quiet = phrase.tokens.iter().rev().take_while(|token| closes(token.class)).count();
        let only_closes = quiet == phrase.tokens.len();
        let behind_quote =
            phrase.tokens.iter().rev().nth(quiet).is_some_and(|token| token.class == (Class::Text { closed: true }));
        let start = phrase.tokens.len().checked_sub(quiet.max(1)).map_or(tail.start, |at| phrase.tokens[at].start);
        if self.quoted && only_closes {
            // The quote itself is part of it.
            hits.push(Hit::new(&rules::INJECTED_TRUNCATION, self.reading.from - 1..tail.end).sure(80));
        } else if behind_quote || (quiet > 0 && !only_closes) {
            hits.push(Hit::new(&rules::INJECTED_TRUNCATION, start.min(tail.start)..tail.end).sure(65));
        }
    }

    /// Whether a comment is there to cut a statement off: it says nothing, or is one that no glob or heading begins.
    fn cuts(&self, tail: &Token) -> bool {
        let said = self.phrase.text.get(tail.span()).unwrap_or_default();
        says_nothing(said) || said.starts_with("--")
    }

    /// A quote is closed, and an expression goes on.
    fn breakout(&self, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        let tokens = &phrase.tokens;
        let first = tokens.iter().take_while(|token| token.class == Class::Close).count();
        let Some(token) = tokens.get(first) else { return };
        let word = matches!(
            token.key(),
            Key::And
                | Key::Or
                | Key::Xor
                | Key::Like
                | Key::Rlike
                | Key::Regexp
                | Key::In
                | Key::Between
                | Key::Is
                | Key::Having
                | Key::Where
                | Key::Group
                | Key::Order
                | Key::Limit
                | Key::Union
                | Key::Div
                | Key::Mod
                | Key::Not
                | Key::Into
        );
        let logic = token.class == Class::Logic;
        let symbol = logic || matches!(token.class, Class::Comparison | Class::Operator);
        let rest = &tokens[first + 1..];
        // Two names in a row are a sentence.
        if rest.windows(2).take(64).any(|pair| pair[0].is_name() && pair[1].is_name()) {
            return;
        }
        // A quote that the value leaves open is closed by the statement that it goes into.
        let reopens = matches!(tokens.last(), Some(Token { class: Class::Text { closed: false }, .. }));
        let compares = (first + 1..tokens.len()).take(64).any(|at| phrase.comparison(at).is_some());
        let is_call = |pair: &[Token]| {
            let called = matches!(pair[0].class, Class::Word(_)) && pair[0].end == pair[1].start;
            pair[1].class == Class::Open && called
        };
        let calls = rest.windows(2).take(64).any(is_call);
        let cut = phrase.tail().is_some_and(|tail| self.cuts(tail));
        let confidence = if cut && (word || symbol) && !rest.is_empty() {
            85
        } else if cut && token.class == Class::Comma {
            75
        } else if reopens && ((word || logic) && compares) {
            85
        } else if reopens && symbol && calls {
            75
        } else if reopens && (word || symbol) && rest.len() <= 3 && self.reading.from == 1 {
            60
        } else {
            return;
        };
        let end = phrase.tail().map_or(phrase.text.len(), |tail| tail.end);
        hits.push(Hit::new(&rules::INJECTED_BREAKOUT, self.reading.from - 1..end).sure(confidence));
    }
}

/// Whether a comment has no words in it.
fn says_nothing(comment: &str) -> bool {
    comment.bytes().filter(u8::is_ascii_alphanumeric).take(2).count() < 2
}

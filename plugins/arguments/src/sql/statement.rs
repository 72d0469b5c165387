//! Dangerous shapes in an argument that takes a whole statement. An ordinary query, however long, has none of them.

use super::functions::Effect;
use super::phrase::{Phrase, Verb, readings};
use super::token::{Class, Key, Token};
use crate::rules::{self, Hit, Rule};

/// Finds dangerous shapes in a text of SQL.
pub(crate) fn judge(text: &str, hits: &mut Vec<Hit>) {
    for reading in readings(text, 0) {
        Script { phrase: Phrase::new(text, reading) }.judge(hits);
    }
}

/// One or more statements.
struct Script<'t> {
    phrase: Phrase<'t>,
}

impl Script<'_> {
    fn judge(&self, hits: &mut Vec<Hit>) {
        let mut first = None;
        let mut start = 0;
        while start < self.phrase.tokens.len() {
            let rest = &self.phrase.tokens[start..];
            let length = rest.iter().take_while(|token| token.class != Class::Semicolon).count();
            let end = start + length;
            if length > 0 {
                let verb = self.phrase.statement(start);
                if first == Some(Verb::Read) && verb.is_some_and(|verb| verb != Verb::Read) {
                    hits.push(self.hit(&rules::SQL_STACKED, start, end));
                }
                first = first.or(verb);
                self.statement(start, end, hits);
            }
            start = end + 1;
        }
        for at in 0..self.phrase.tokens.len() {
            self.shape(at, hits);
        }
        self.truncation(hits);
    }

    fn hit(&self, rule: &'static Rule, from: usize, end: usize) -> Hit {
        Hit::new(rule, self.phrase.span(from, end))
    }

    /// What a statement as a whole does.
    fn statement(&self, start: usize, end: usize, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        let object = phrase.object(start + 1);
        let about_people = matches!(object, Some(Key::User | Key::Role | Key::Login));
        let rule = match phrase.key(start) {
            Key::Drop | Key::Truncate if phrase.statement(start).is_some() && !self.is_temporary(start) => {
                &rules::SQL_DROP
            }
            Key::Create | Key::Alter if about_people => &rules::SQL_GRANT,
            Key::Create | Key::Alter | Key::Rename if object.is_some() && !self.is_temporary(start) => {
                &rules::SQL_SCHEMA_CHANGE
            }
            Key::Grant | Key::Revoke if phrase.statement(start).is_some() => &rules::SQL_GRANT,
            Key::Delete | Key::Update if phrase.statement(start).is_some() && !self.is_bounded(start, end) => {
                &rules::SQL_UNBOUNDED
            }
            Key::Load | Key::Bulk | Key::Attach | Key::Shutdown if phrase.statement(start).is_some() => {
                &rules::SQL_OUTSIDE
            }
            Key::Copy if self.copies_outside(start) => &rules::SQL_OUTSIDE,
            _ => return,
        };
        hits.push(self.hit(rule, start, end));
    }

    /// Whether the object is one that ends with the session.
    fn is_temporary(&self, start: usize) -> bool {
        (start + 1..start + 6).any(|at| {
            let word = self.phrase.word(at);
            word.starts_with('#') || word.eq_ignore_ascii_case("temp") || word.eq_ignore_ascii_case("temporary")
        })
    }

    /// Whether a `DELETE` or `UPDATE` says which rows, by something other than a condition that always holds.
    fn is_bounded(&self, start: usize, end: usize) -> bool {
        let place = (start..end).find(|at| self.phrase.key(*at) == Key::Where);
        place.is_some_and(|at| self.always_true(at + 1).is_none_or(|after| after < end))
    }

    /// Whether a `COPY` reads or writes a file or a program of the server's, not the connection.
    fn copies_outside(&self, start: usize) -> bool {
        let Some(at) = self.phrase.copies(start) else { return false };
        self.phrase.key(at + 1) == Key::Program || matches!(self.phrase.class(at + 1), Some(Class::Text { .. }))
    }

    /// The shape that begins at a token, if one does.
    fn shape(&self, at: usize, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        match phrase.class(at) {
            Some(Class::Word(Key::Or) | Class::Logic) if phrase.word(at) != "&&" => {
                if let Some(end) = self.always_true(at + 1) {
                    hits.push(self.hit(&rules::SQL_TAUTOLOGY, at, end));
                }
            }
            Some(Class::Word(Key::Union)) => self.union(at, hits),
            Some(Class::Word(Key::Waitfor)) if matches!(phrase.key(at + 1), Key::Delay | Key::Time) => {
                hits.push(self.hit(&rules::SQL_DELAY, at, at + 3));
            }
            Some(Class::Word(Key::Into)) if matches!(phrase.key(at + 1), Key::Outfile | Key::Dumpfile) => {
                hits.push(self.hit(&rules::SQL_OUTSIDE, at, at + 3));
            }
            Some(Class::Word(Key::None)) => match phrase.effect(at) {
                Some(Effect::Delay) => hits.push(self.hit(&rules::SQL_DELAY, at, at + 2)),
                Some(Effect::Outside) => hits.push(self.hit(&rules::SQL_OUTSIDE, at, at + 2)),
                Some(Effect::Error) | None => {}
            },
            _ => {}
        }
    }

    /// Passes over a condition that holds whatever the row is: `1=1`, `'a'='a'`, `2>1`, `TRUE`, or a number at the end of a
    /// condition.
    fn always_true(&self, at: usize) -> Option<usize> {
        let phrase = &self.phrase;
        let left_end = phrase.constant(at)?;
        let compared = phrase.comparison(left_end).and_then(|right| Some((right, phrase.constant(right)?)));
        if let Some((right, end)) = compared {
            let left = self.inner(at, left_end)?;
            let right = self.inner(right, end)?;
            let numbers = left.parse::<f64>().ok().zip(right.parse::<f64>().ok());
            let same = left.eq_ignore_ascii_case(right);
            let holds = match phrase.word(left_end) {
                "=" | "==" | "<=>" => same,
                ">=" | "<=" if same => true,
                ">" | ">=" => numbers.is_some_and(|(left, right)| left > right),
                "<" | "<=" => numbers.is_some_and(|(left, right)| left < right),
                "<>" | "!=" => !same,
                _ => phrase.key(left_end) == Key::Like && same,
            };
            return holds.then_some(end);
        }
        let ends =
            matches!(phrase.class(left_end), None | Some(Class::Semicolon | Class::Word(Key::Order | Key::Limit)));
        let constant = self.inner(at, left_end)?;
        let holds = constant.eq_ignore_ascii_case("true") || constant.parse::<u64>().is_ok_and(|number| number > 0);
        (ends && holds).then_some(left_end)
    }

    /// The one constant within parentheses, in its quotes.
    fn inner(&self, from: usize, end: usize) -> Option<&str> {
        let is_constant = |token: &&Token| !matches!(token.class, Class::Open | Class::Close);
        let mut constants = self.phrase.tokens.get(from..end)?.iter().filter(is_constant);
        let constant = constants.next()?;
        if constants.next().is_some() {
            return None;
        }
        self.phrase.text.get(constant.span())
    }

    /// A UNION with a query that reads a catalogue, or whose columns are all constants, several of them padding.
    fn union(&self, at: usize, hits: &mut Vec<Hit>) {
        let phrase = &self.phrase;
        let select = at + 1 + usize::from(matches!(phrase.key(at + 1), Key::All | Key::Distinct));
        let select = select + usize::from(phrase.class(select) == Some(Class::Open));
        if phrase.key(select) != Key::Select {
            return;
        }
        let stop = |at: &usize| !matches!(phrase.class(*at), None | Some(Class::Semicolon | Class::Word(Key::Union)));
        let end = (select + 1..select + 128).take_while(stop).last().map_or(select + 1, |last| last + 1);
        if (select + 1..end).any(|at| phrase.is_catalogue(at)) {
            hits.push(self.hit(&rules::SQL_UNION, at, end).sure(85));
            return;
        }
        let columns = (select + 1..end).take_while(|at| phrase.key(*at) != Key::From);
        let mut padding = 0;
        for at in columns {
            match phrase.class(at) {
                Some(Class::Number | Class::Word(Key::Null)) => padding += 1,
                Some(Class::Comma | Class::Text { .. } | Class::Variable | Class::Open | Class::Close) => {}
                // A function such as `version()`, not a column.
                Some(Class::Word(_)) if phrase.class(at + 1) == Some(Class::Open) => {}
                _ => return,
            }
        }
        // The query before reads a table: lists of constants alone are how tables are written out. It is looked for as far
        // back as a query of some length goes, so that many UNIONs cost no more than their number.
        let reads = (at.saturating_sub(256)..at).any(|at| phrase.key(at) == Key::From);
        if reads && padding >= 2 {
            hits.push(self.hit(&rules::SQL_UNION, at, end));
        }
    }

    /// A comment that begins with the quote of a string that was closed before: `WHERE name = 'admin' --' AND …`.
    fn truncation(&self, hits: &mut Vec<Hit>) {
        for comment in &self.phrase.comments {
            let said = self.phrase.text.get(comment.span()).unwrap_or_default();
            let said = said.trim_start_matches(['-', '#', '/', '*', ' ', '+', ')']);
            let Some(quote) = said.chars().next().filter(|first| matches!(first, '\'' | '"')) else { continue };
            if said.matches(quote).count() % 2 == 1 {
                hits.push(Hit::new(&rules::SQL_TRUNCATION, comment.span()));
            }
        }
    }
}

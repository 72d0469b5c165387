//! Reading a TOML table field by field, with an error at the line for everything that is not as expected.

use std::ops::Range;

use toml_span::{
    Value,
    value::{Table, ValueInner},
};

use super::error::BundleError;
use crate::{nearest::nearest, vocabulary::Vocabulary};

/// One file while it is read. Errors are collected, so that its author sees all of them at once.
pub(crate) struct Source<'s> {
    name: &'s str,
    text: &'s str,
    pub(crate) errors: Vec<BundleError>,
}

impl<'s> Source<'s> {
    /// Starts reading the file `name`, whose content is `text`.
    pub(crate) const fn new(name: &'s str, text: &'s str) -> Self {
        Self { name, text, errors: Vec::new() }
    }

    /// Parses the text as a TOML table; `None` with an error recorded where it is not.
    pub(crate) fn table(&mut self) -> Option<Fields<'s>> {
        match toml_span::parse(self.text) {
            Ok(mut value) => self.as_table("the file", &mut value, 0..0),
            Err(error) => {
                let span = Range::from(error.span);
                self.error(span, format!("expected TOML, found that it does not parse: {error}"));
                None
            }
        }
    }

    /// Records an error at a byte range of the text.
    pub(crate) fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.errors.push(BundleError::at(self.name, self.text, span, message));
    }

    /// Records an error at a byte range of the text, and what to do about it.
    pub(crate) fn error_with_help(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(BundleError::at(self.name, self.text, span, message).help(help));
    }

    /// The value as a table; `None` with an error recorded where it is something else.
    pub(crate) fn as_table(&mut self, what: &str, value: &mut Value<'s>, key: Range<usize>) -> Option<Fields<'s>> {
        match value.take() {
            ValueInner::Table(table) => Some(Fields { table, at: key, asked: Vec::new() }),
            other => {
                self.wrong_type(what, "a table", &other, value.span.into());
                None
            }
        }
    }

    /// The word of a closed vocabulary that stands in a field; `None` with an error recorded where it is none.
    pub(crate) fn word<W: Vocabulary>(&mut self, field: &str, word: &Placed<String>) -> Option<W> {
        let known = W::ALL.iter().copied().find(|known| known.word() == word.value);
        if known.is_none() {
            let words = W::ALL.iter().map(|known| known.word());
            let all = words.clone().collect::<Vec<_>>().join(", ");
            let message = format!("field `{field}`: expected one of {all}, found `{}`", word.value);
            match nearest(&word.value, words) {
                Some(name) => self.error_with_help(word.at.clone(), message, format!("did you mean `{name}`?")),
                None => self.error(word.at.clone(), message),
            }
        }
        known
    }

    /// Records that a field has another type than it should.
    pub(crate) fn wrong_type(&mut self, what: &str, expected: &str, found: &ValueInner<'_>, span: Range<usize>) {
        let found = match found {
            ValueInner::String(text) => format!("the string `{text}`"),
            ValueInner::Integer(number) => format!("the integer {number}"),
            ValueInner::Float(number) => format!("the number {number}"),
            ValueInner::Boolean(value) => format!("`{value}`"),
            ValueInner::Array(_) => "an array".to_owned(),
            ValueInner::Table(_) => "a table".to_owned(),
        };
        self.error(span, format!("field `{what}`: expected {expected}, found {found}"));
    }
}

/// The fields of one table. What is left when [`Fields::finish`] is called is unknown, and an error.
pub(crate) struct Fields<'s> {
    table: Table<'s>,
    /// Where the table's key stands.
    pub(crate) at: Range<usize>,
    asked: Vec<&'static str>,
}

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) at: Range<usize>,
}

impl<'s> Fields<'s> {
    /// Whether a field is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// The raw value of a field.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<Value<'s>> {
        self.asked.push(name);
        self.table.remove(name)
    }

    /// Everything that is left, for tables whose keys are names.
    pub(crate) fn rest(self) -> impl Iterator<Item = (String, Range<usize>, Value<'s>)> {
        self.table.into_iter().map(|(key, value)| (key.name.into_owned(), Range::from(key.span), value))
    }

    /// A string.
    pub(crate) fn string(&mut self, source: &mut Source<'s>, name: &'static str) -> Option<Placed<String>> {
        let mut value = self.take(name)?;
        let at = Range::from(value.span);
        match value.take() {
            ValueInner::String(text) => Some(Placed { value: text.into_owned(), at }),
            other => {
                source.wrong_type(name, "a string", &other, at);
                None
            }
        }
    }

    /// A string that must be there.
    pub(crate) fn needed(&mut self, source: &mut Source<'s>, name: &'static str) -> Option<Placed<String>> {
        if !self.has(name) {
            self.asked.push(name);
            source.error(self.at.clone(), format!("field `{name}`: expected a string, found nothing"));
            return None;
        }
        self.string(source, name)
    }

    /// An integer.
    pub(crate) fn integer(&mut self, source: &mut Source<'s>, name: &'static str) -> Option<Placed<i64>> {
        let mut value = self.take(name)?;
        let at = Range::from(value.span);
        match value.take() {
            ValueInner::Integer(value) => Some(Placed { value, at }),
            other => {
                source.wrong_type(name, "an integer", &other, at);
                None
            }
        }
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, source: &mut Source<'s>, name: &'static str) -> Option<Placed<bool>> {
        let mut value = self.take(name)?;
        let at = Range::from(value.span);
        match value.take() {
            ValueInner::Boolean(value) => Some(Placed { value, at }),
            other => {
                source.wrong_type(name, "`true` or `false`", &other, at);
                None
            }
        }
    }

    /// An array of strings.
    pub(crate) fn strings(
        &mut self,
        source: &mut Source<'s>,
        name: &'static str,
    ) -> Option<Placed<Vec<Placed<String>>>> {
        let mut value = self.take(name)?;
        let at = Range::from(value.span);
        let items = match value.take() {
            ValueInner::Array(items) => items,
            other => {
                source.wrong_type(name, "an array of strings", &other, at);
                return None;
            }
        };
        let mut strings = Vec::with_capacity(items.len());
        for mut item in items {
            let at = Range::from(item.span);
            match item.take() {
                ValueInner::String(text) => strings.push(Placed { value: text.into_owned(), at }),
                other => source.wrong_type(name, "strings in this array", &other, at),
            }
        }
        Some(Placed { value: strings, at })
    }

    /// A string that `parse` understands. `expected` says what that is.
    pub(crate) fn parsed<T>(
        &mut self,
        source: &mut Source<'s>,
        name: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Placed<T>> {
        let text = self.string(source, name)?;
        let parsed = parse(&text.value);
        if parsed.is_none() {
            source.error(text.at.clone(), format!("field `{name}`: expected {expected}, found `{}`", text.value));
        }
        Some(Placed { value: parsed?, at: text.at })
    }

    /// Refuses a field that the design knows and this version does not enforce: a setting that is read and silently
    /// has no effect is worse than none.
    pub(crate) fn not_enforced(&mut self, source: &mut Source<'s>, names: &[&'static str]) {
        for name in names {
            if let Some((key, _)) = self.table.remove_entry(*name) {
                source.error_with_help(
                    key.span.into(),
                    format!(
                        "field `{name}`: expected a setting that this version enforces, found one that it does not"
                    ),
                    "remove it: a setting without effect would look like protection",
                );
            }
        }
    }

    /// Refuses whatever was not asked for, with the nearest known name.
    pub(crate) fn finish(self, source: &mut Source<'s>) {
        for key in self.table.keys() {
            let mut known = self.asked.clone();
            known.sort_unstable();
            let expected = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
            let message = format!("field `{}`: expected {expected}, found an unknown field", key.name);
            match nearest(&key.name, known.iter().copied()) {
                Some(name) => source.error_with_help(key.span.into(), message, format!("did you mean `{name}`?")),
                None => source.error(key.span.into(), message),
            }
        }
    }
}

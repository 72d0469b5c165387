//! [`Members`]: an object read back strictly, as it was written.

use super::{Object, Value, quote};

/// What was written by this program, and cannot be read back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{at}`: expected {expected}, found {found}")]
pub struct Misread {
    at: String,
    expected: &'static str,
    found: String,
}

impl Misread {
    /// A member that is something else.
    pub(crate) fn at(name: &str, expected: &'static str, found: impl Into<String>) -> Self {
        Self { at: name.to_owned(), expected, found: found.into() }
    }

    /// The same, seen from the object that `name` is a member of.
    fn within(self, name: &str) -> Self {
        let at = if self.at.is_empty() { name.to_owned() } else { format!("{name}/{}", self.at) };
        Self { at, ..self }
    }
}

/// The members of an object, to be read one by one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'o>(&'o Object);

impl<'o> Members<'o> {
    /// Those of an object that has no others than `known`.
    pub(crate) fn only(object: &'o Object, known: &[&str]) -> Result<Self, Misread> {
        match object.keys().find(|key| !known.contains(key)) {
            None => Ok(Self(object)),
            Some(key) => Err(Misread::at(&quote(key), "no such member", "one")),
        }
    }

    /// Those of an object that may have others, too.
    pub(crate) const fn among(object: &'o Object) -> Self {
        Self(object)
    }

    /// A member that may be missing, read by `read`.
    pub(crate) fn optional<T>(
        self,
        name: &str,
        read: impl FnOnce(&'o Value) -> Result<T, Misread>,
    ) -> Result<Option<T>, Misread> {
        self.0.get(name).map(|value| read(value).map_err(|error| error.within(name))).transpose()
    }

    /// A member that is there, read by `read`.
    pub(crate) fn needed<T>(
        self,
        name: &str,
        read: impl FnOnce(&'o Value) -> Result<T, Misread>,
    ) -> Result<T, Misread> {
        self.optional(name, read)?.ok_or_else(|| Misread::at(name, "a member", "none"))
    }
}

/// The object that is written there.
pub(crate) fn parse_object(json: &[u8]) -> Result<Object, Misread> {
    match super::parse(json) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(wrong("an object", &other)),
        Err(error) => Err(Misread::at("", "JSON", error.to_string())),
    }
}

/// An object.
pub(crate) fn object(value: &Value) -> Result<&Object, Misread> {
    value.as_object().ok_or_else(|| wrong("an object", value))
}

/// A text.
pub(crate) fn text(value: &Value) -> Result<&str, Misread> {
    value.as_str().ok_or_else(|| wrong("a text", value))
}

/// A text that says a `T`.
pub(crate) fn parsed<T: std::str::FromStr>(expected: &'static str) -> impl Fn(&Value) -> Result<T, Misread> {
    move |value| text(value)?.parse().map_err(|_| Misread::at("", expected, quote(text(value).unwrap_or_default())))
}

/// One of some words.
pub(crate) fn word<T: Copy>(value: &Value, words: &[T], spelled: impl Fn(T) -> &'static str) -> Result<T, Misread> {
    let found = text(value)?;
    let known = words.iter().copied().find(|known| spelled(*known) == found);
    known.ok_or_else(|| Misread::at("", "a word of its vocabulary", quote(found)))
}

/// A truth value.
pub(crate) fn flag(value: &Value) -> Result<bool, Misread> {
    value.as_bool().ok_or_else(|| wrong("a boolean", value))
}

/// A whole number that fits into a `T`.
pub(crate) fn whole<T: TryFrom<u64>>(value: &Value) -> Result<T, Misread> {
    let number = value.as_number().and_then(super::Number::as_u64).and_then(|number| number.try_into().ok());
    number.ok_or_else(|| wrong("a whole number in its range", value))
}

/// A list, each item read by `read`.
pub(crate) fn list<'v, T, C: FromIterator<T>>(
    read: impl Fn(&'v Value) -> Result<T, Misread>,
) -> impl FnOnce(&'v Value) -> Result<C, Misread> {
    move |value| value.as_array().ok_or_else(|| wrong("an array", value))?.iter().map(read).collect()
}

fn wrong(expected: &'static str, value: &Value) -> Misread {
    let found = match value {
        Value::Number(number) => number.to_string(),
        other => other.kind().to_owned(),
    };
    Misread::at("", expected, found)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::json::parse;

    #[test]
    fn what_cannot_be_read_back_is_told_with_its_place() {
        let value = parse(br#"{"a":{"b":-1,"c":["x",2]},"d":true}"#).unwrap();
        let members = Members::only(value.as_object().unwrap(), &["a", "d"]).unwrap();
        let a = |value| Members::only(object(value)?, &["b", "c"])?.needed("b", whole::<u32>);
        let told = |error: Misread| error.to_string();
        assert_eq!(
            members.needed("a", a).map_err(told),
            Err("`a/b`: expected a whole number in its range, found -1".to_owned())
        );
        let c = |value| Members::among(object(value)?).needed("c", list::<_, Vec<_>>(text));
        assert_eq!(members.needed("a", c).map_err(told), Err("`a/c`: expected a text, found 2".to_owned()));
        assert_eq!(members.needed("e", flag).map_err(told), Err("`e`: expected a member, found none".to_owned()));
        assert_eq!((members.needed("d", flag), members.optional("e", flag)), (Ok(true), Ok(None)));
        assert!(Members::only(value.as_object().unwrap(), &["a"]).is_err());
    }
}

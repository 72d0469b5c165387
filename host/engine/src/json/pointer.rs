//! JSON Pointer, RFC 6901.

use std::borrow::Cow;

use super::{Object, Value};

impl Value {
    /// The value that `pointer` names (RFC 6901), `""` being the whole; `None` if there is none, or `pointer` is not a
    /// JSON Pointer.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        tokens(pointer)?.try_fold(self, |value, token| value.at(&token?))
    }

    /// As [`pointer`](Self::pointer), to be changed in place.
    #[must_use]
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        tokens(pointer)?.try_fold(self, |value, token| value.at_mut(&token?))
    }

    /// The item or member that `token` names.
    fn at(&self, token: &str) -> Option<&Self> {
        match self {
            Self::Array(items) => items.get(array_index(token)?),
            Self::Object(object) => object.get(token),
            _ => None,
        }
    }

    /// As [`at`](Self::at), to be changed in place.
    fn at_mut(&mut self, token: &str) -> Option<&mut Self> {
        match self {
            Self::Array(items) => items.get_mut(array_index(token)?),
            Self::Object(object) => object.get_mut(token),
            _ => None,
        }
    }
}

impl Object {
    /// The value inside this object that `pointer` names (RFC 6901); `None` if there is none, also for `""`, which
    /// names the object itself.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        let mut tokens = tokens(pointer)?;
        let member = self.get(&tokens.next()??)?;
        tokens.try_fold(member, |value, token| value.at(&token?))
    }

    /// As [`pointer`](Self::pointer), to be changed in place.
    #[must_use]
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        let mut tokens = tokens(pointer)?;
        let member = self.get_mut(&tokens.next()??)?;
        tokens.try_fold(member, |value, token| value.at_mut(&token?))
    }
}

/// Appends the reference token for `key` to `pointer`.
pub(crate) fn push_token(pointer: &mut String, key: &str) {
    pointer.push('/');
    for character in key.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The tokens of `pointer`, unescaped; each is `None` if its escapes are not those of RFC 6901. `None` for a text that is
/// no pointer, since it neither is empty nor begins with a slash.
pub(crate) fn tokens(pointer: &str) -> Option<impl Iterator<Item = Option<Cow<'_, str>>>> {
    let mut tokens = pointer.split('/');
    // Before the first slash stands nothing.
    tokens.next().filter(|before| before.is_empty())?;
    Some(tokens.map(unescape))
}

/// The key that `token` spells.
fn unescape(token: &str) -> Option<Cow<'_, str>> {
    let mut pieces = token.split('~');
    let first = pieces.next()?;
    if first.len() == token.len() {
        return Some(Cow::Borrowed(token));
    }
    let mut key = first.to_owned();
    for piece in pieces {
        let (character, rest) = match piece.as_bytes().first()? {
            b'0' => ('~', piece.get(1..)?),
            b'1' => ('/', piece.get(1..)?),
            _ => return None,
        };
        key.push(character);
        key.push_str(rest);
    }
    Some(Cow::Owned(key))
}

/// The array index that `token` spells: RFC 6901 allows no leading zero, no sign.
pub(crate) fn array_index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    /// The document and the pointers of RFC 6901, section 5.
    const DOCUMENT: &str =
        r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;

    #[test]
    fn the_examples_of_the_standard_hold() {
        let document = parse(DOCUMENT.as_bytes()).unwrap_or_default();
        for (pointer, expected) in [
            ("/foo", r#"["bar","baz"]"#),
            ("/foo/0", r#""bar""#),
            ("/", "0"),
            ("/a~1b", "1"),
            ("/c%d", "2"),
            ("/e^f", "3"),
            ("/g|h", "4"),
            ("/i\\j", "5"),
            ("/k\"l", "6"),
            ("/ ", "7"),
            ("/m~0n", "8"),
            ("", DOCUMENT),
        ] {
            assert_eq!(document.pointer(pointer).map(ToString::to_string).as_deref(), Some(expected), "{pointer}");
            assert_eq!(document.clone().pointer_mut(pointer).map(|value| value.to_string()).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_pointer_that_names_nothing_finds_nothing() {
        let document = parse(DOCUMENT.as_bytes()).unwrap_or_default();
        for pointer in ["foo", "/foo/2", "/foo/-", "/foo/00", "/foo/+0", "/foo/0/x", "/m~n", "/m~2n", "/m~", "/foo/é"]
        {
            assert_eq!(document.pointer(pointer), None, "{pointer}");
        }
    }

    #[test]
    fn every_key_has_a_token_that_finds_it() {
        for key in ["", "~", "/", "~1", "a/b~c", "é"] {
            let mut object = Object::new();
            object.insert(key, true);
            let mut pointer = String::new();
            push_token(&mut pointer, key);
            assert_eq!(object.pointer(&pointer), Some(&Value::Bool(true)), "{key}");
        }
    }
}

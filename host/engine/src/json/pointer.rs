//! JSON Pointer, RFC 6901.

use std::borrow::Cow;

use super::Value;

impl Value {
    /// The value that `pointer` names (RFC 6901), `""` being the whole; `None` if there is none, or `pointer` is not a
    /// JSON Pointer.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        tokens(pointer)?.try_fold(self, |value, token| match value {
            Self::Array(items) => items.get(index(&token?)?),
            Self::Object(object) => object.get(&token?),
            _ => None,
        })
    }

    /// As [`pointer`](Self::pointer), to be changed in place.
    #[must_use]
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        tokens(pointer)?.try_fold(self, |value, token| match value {
            Self::Array(items) => items.get_mut(index(&token?)?),
            Self::Object(object) => object.get_mut(&token?),
            _ => None,
        })
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

/// The tokens of `pointer`, unescaped; each is `None` if its escapes are not those of RFC 6901.
fn tokens(pointer: &str) -> Option<impl Iterator<Item = Option<Cow<'_, str>>>> {
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
fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok())?
}

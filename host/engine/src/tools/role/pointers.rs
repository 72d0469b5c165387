//! The roles that a bundle gives, by JSON Pointers into the arguments.

use std::{collections::BTreeMap, fmt, str::FromStr};

use crate::{
    json::{self, array_index, push_token, quote},
    tools::Role,
};

/// A place in a tool's arguments: a JSON Pointer (RFC 6901) in which the token `*` stands for every index of an array.
/// In an object `*` is the key `*`, as in any pointer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<Box<str>>);

impl Pointer {
    /// The most tokens it may have: nothing stands deeper in arguments.
    pub const MAX_TOKENS: usize = json::MAX_DEPTH;
}

/// A text that is not a [`Pointer`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// It is no JSON Pointer.
    #[error("expected a JSON Pointer such as `/to` or `/items/*/url` (RFC 6901), found {0}")]
    NotOne(String),
    /// It names what cannot be there.
    #[error("expected a JSON Pointer of at most {max} tokens, found one of {0}", max = Pointer::MAX_TOKENS)]
    TooLong(usize),
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let tokens = json::tokens(text).and_then(|tokens| tokens.map(|token| Some(token?.into())).collect());
        let tokens: Vec<Box<str>> = tokens.ok_or_else(|| PointerError::NotOne(quote(text)))?;
        if tokens.len() > Self::MAX_TOKENS {
            return Err(PointerError::TooLong(tokens.len()));
        }
        Ok(Self(tokens))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.0.iter().for_each(|token| push_token(&mut text, token));
        f.pad(&text)
    }
}

/// Pointers as a tree, to be followed token by token.
#[derive(Debug, Default)]
pub(super) struct Pointers {
    /// The role of what stands here.
    pub(super) role: Option<Role>,
    next: BTreeMap<Box<str>, Self>,
}

impl Pointers {
    /// The tree of these pointers.
    pub(super) fn of(roles: &BTreeMap<Pointer, Role>) -> Self {
        let mut root = Self::default();
        for (pointer, role) in roles {
            let mut place = &mut root;
            for token in &pointer.0 {
                place = place.next.entry(token.clone()).or_default();
            }
            place.role = Some(*role);
        }
        root
    }

    /// Whether nothing is pointed at here or below.
    pub(super) fn is_empty(&self) -> bool {
        self.role.is_none() && self.next.is_empty()
    }

    /// The pointers to what stands at a key of the object here.
    pub(super) fn member(&self, key: &str) -> Option<&Self> {
        self.next.get(key)
    }

    /// The pointers to what stands at an index of the array here: those that name the index, then those that name all.
    pub(super) fn item(&self, index: usize) -> impl Iterator<Item = &Self> {
        let named = self.next.iter().find(|(token, _)| array_index(token) == Some(index)).map(|(_, next)| next);
        named.into_iter().chain(self.next.get("*"))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_pointer_is_written_as_it_was_read() {
        for text in ["", "/", "/a", "/a~1b/~0/*/0", "/é "] {
            assert_eq!(text.parse::<Pointer>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        for text in ["a", "a/b", "/~", "/~2", "$.a", "#/a"] {
            let error = text.parse::<Pointer>().unwrap_err().to_string();
            let expected = "expected a JSON Pointer such as `/to` or `/items/*/url` (RFC 6901), found ";
            assert_eq!(error, format!("{expected}`{text}`"));
        }
        assert!("/a".repeat(Pointer::MAX_TOKENS).parse::<Pointer>().is_ok());
        let error = "/a".repeat(100_000).parse::<Pointer>().unwrap_err().to_string();
        assert_eq!(error, "expected a JSON Pointer of at most 64 tokens, found one of 100000");
    }

    #[test]
    fn an_index_is_named_by_its_number_or_by_all() {
        let roles = [("/a/0", Role::Code), ("/a/*", Role::Payload), ("/a/00", Role::Selector)];
        let roles = roles.map(|(pointer, role)| (pointer.parse().unwrap(), role)).into();
        let pointers = Pointers::of(&roles);
        let of = |index| -> Vec<_> { pointers.member("a").unwrap().item(index).filter_map(|next| next.role).collect() };
        assert_eq!(of(0), [Role::Code, Role::Payload]);
        assert_eq!(of(1), [Role::Payload]);
        assert!(pointers.member("b").is_none());
    }
}

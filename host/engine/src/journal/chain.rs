//! The chain: how one record follows from the one before.
//!
//! A record is a line, `{"n":17,…,"chain":"<64 hex>"}`. What stands before its last member is its content, and `chain` is the
//! SHA-256 of the chain before, as 32 bytes, and the content. Changing, removing or moving a record breaks it there.

use sha2::{Digest as _, Sha256};

use crate::json::{Hex, Object, bytes_of};

/// A value of the chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain([u8; 32]);

/// What every record begins with, before its number.
const HEAD: &[u8] = b"{\"n\":";
/// What stands before the value of the chain.
const JOINT: &[u8] = b",\"chain\":\"";
/// What ends a line.
const END: &[u8] = b"\"}\n";
/// Hexadecimal digits of a value of the chain.
const HEX: usize = 64;

impl Chain {
    /// Before the first record.
    pub(super) const START: Self = Self([0; 32]);

    /// After a record with this content.
    fn after(self, content: &[u8]) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(content).finalize().into())
    }

    /// The value that 64 lower-case hexadecimal digits spell.
    pub(super) fn from_hex(hex: &[u8]) -> Option<Self> {
        bytes_of(hex).map(Self)
    }
}

impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(Hex::of(&self.0).as_str())
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// An object's members, without its braces.
pub(super) fn members(object: &Object) -> String {
    let text = object.to_string();
    text.get(1..text.len() - 1).unwrap_or_default().to_owned()
}

/// Writes the line of record `n`, which follows from `before`, into `line`, and gives the chain after it. `members` are the
/// record's members but for the number and the chain, as JSON without the braces, at least one.
pub(super) fn write(line: &mut Vec<u8>, n: u64, members: &[u8], before: Chain) -> Chain {
    line.clear();
    line.extend_from_slice(HEAD);
    line.extend_from_slice(n.to_string().as_bytes());
    line.push(b',');
    line.extend_from_slice(members);
    let chain = before.after(line);
    line.extend_from_slice(JOINT);
    line.extend_from_slice(Hex::of(&chain.0).as_str().as_bytes());
    line.extend_from_slice(END);
    chain
}

/// A record's line, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'l> {
    /// Its number.
    pub(super) n: u64,
    /// What the chain covers.
    content: &'l [u8],
    /// What of it stands behind the number.
    behind: &'l [u8],
    /// The chain after it, as it says.
    pub(super) chain: Chain,
}

impl<'l> Line<'l> {
    /// Takes a line apart, its line end with it; `None` if it is no record.
    pub(super) fn of(line: &'l [u8]) -> Option<Self> {
        let rest = line.strip_suffix(END)?;
        let (rest, hex) = rest.split_at_checked(rest.len().checked_sub(HEX)?)?;
        let content = rest.strip_suffix(JOINT)?;
        let numbered = content.strip_prefix(HEAD)?;
        let digits = numbered.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, behind) = numbered.split_at_checked(digits)?;
        if number.first() == Some(&b'0') || behind.first() != Some(&b',') {
            return None;
        }
        let n = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some(Self { n, content, behind, chain: Chain::from_hex(hex)? })
    }

    /// Whether it is of this kind, which is the second member of every record.
    pub(super) fn is_of(&self, kind: &str) -> bool {
        let rest = self.behind.strip_prefix(b",\"kind\":\"").and_then(|rest| rest.strip_prefix(kind.as_bytes()));
        rest.is_some_and(|rest| rest.starts_with(b"\""))
    }

    /// The chain after it, if it stood behind `before`.
    pub(super) fn behind(&self, before: Chain) -> Chain {
        before.after(self.content)
    }

    /// Whether it follows from the chain before.
    pub(super) fn follows(&self, before: Chain) -> bool {
        self.behind(before) == self.chain
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_line_is_taken_apart_as_it_was_written() {
        let mut line = Vec::new();
        let first = write(&mut line, 1, br#""kind":"x","text":"a\n""#, Chain::START);
        let read = Line::of(&line).unwrap();
        assert_eq!((read.n, read.chain), (1, first));
        assert!(read.follows(Chain::START));
        assert!(!read.follows(first));
        assert!(crate::json::parse(&line).is_ok());
    }

    #[test]
    fn what_is_no_record_is_not_taken_apart() {
        let mut line = Vec::new();
        write(&mut line, 7, br#""kind":"x""#, Chain::START);
        for end in 0..line.len() {
            assert_eq!(Line::of(&line[..end]), None, "{end}");
        }
        let text = String::from_utf8(line).unwrap();
        for (from, to) in [("{\"n\":7", "{\"n\":07"), ("{\"n\":7", "{\"n\":"), ("{\"n\":7", " {\"n\":7"), ("7,", "7 ,")]
        {
            assert_eq!(Line::of(text.replacen(from, to, 1).as_bytes()), None, "{to}");
        }
        assert_eq!(Line::of(text.to_uppercase().as_bytes()), None);
    }
}

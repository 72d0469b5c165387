//! [`Digest`]: the SHA-256 of some bytes.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, Mac as _};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::quote;

/// A SHA-256 digest (FIPS 180-4), written `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// A text that is not a [`Digest`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a digest, `sha256:` and 64 lower-case hexadecimal digits, found {found}")]
pub struct DigestError {
    found: String,
}

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// An HMAC-SHA256 (RFC 2104): a digest that nobody without the key can make, or compare with that of a guess. Written
/// `hmac-sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keyed([u8; 32]);

impl Keyed {
    /// That of a digest.
    pub(crate) fn of(digest: &Digest, key: &[u8; 32]) -> Self {
        Self(hmac(key).chain_update(digest.as_bytes()).finalize().into_bytes().into())
    }

    /// The 32 bytes.
    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Keyed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix("hmac-sha256:").and_then(|hex| bytes_of(hex.as_bytes())).map(Self).ok_or(())
    }
}

impl From<[u8; 32]> for Keyed {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Keyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hmac-sha256:")?;
        f.write_str(Hex::of(&self.0).as_str())
    }
}

impl fmt::Debug for Keyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// HMAC-SHA256 (RFC 2104) under a key: a digest that nobody without the key can make or compare.
pub(crate) fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    // INVARIANT: HMAC takes keys of any length.
    #[expect(clippy::expect_used, reason = "see above")]
    Hmac::new_from_slice(key).expect("a key of any length")
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        f.write_str(Hex::of(&self.0).as_str())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| DigestError { found: quote(text) })
    }
}

/// The digest that `text` spells.
fn parse(text: &str) -> Option<Digest> {
    bytes_of(text.strip_prefix("sha256:")?.as_bytes()).map(Digest)
}

/// 32 bytes as 64 lower-case hexadecimal digits: made at once, since a record on every event's path has several.
#[derive(Clone, Copy)]
pub(crate) struct Hex([u8; 64]);

impl Hex {
    /// The digits.
    pub(crate) fn of(bytes: &[u8; 32]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [0; 64];
        for (pair, byte) in hex.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
            *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
        }
        Self(hex)
    }

    /// The digits as text.
    pub(crate) fn as_str(&self) -> &str {
        // INVARIANT: they are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The 32 bytes that 64 lower-case hexadecimal digits spell. One spelling per value, so that texts can be compared.
pub(crate) fn bytes_of(hex: &[u8]) -> Option<[u8; 32]> {
    let (pairs, []) = hex.as_chunks::<2>() else { return None };
    let mut bytes = [0; 32];
    if pairs.len() != bytes.len() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

/// The value of one lower-case hexadecimal digit.
const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest of nothing, FIPS 180-4's empty message.
    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_digest_is_written_and_read_in_one_way() {
        assert_eq!(Digest::of([]).to_string(), EMPTY);
        assert_eq!(EMPTY.parse(), Ok(Digest::of([])));
    }

    #[test]
    fn anything_else_is_not_a_digest() {
        let upper = EMPTY.to_uppercase().replace("SHA", "sha");
        let long = format!("{EMPTY}00");
        for text in ["", "sha256:", &EMPTY[7..], &EMPTY[..70], &upper, &long, "sha256:é"] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}

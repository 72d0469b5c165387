//! Checkpoints: signed statements of how far the journal had come.
//!
//! One stands in the journal itself as a record, and covers everything before it. Kept elsewhere (anchored), it shows that
//! the journal was cut off or written anew, also by somebody who has its keys now.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use uuid::Uuid;

use super::chain::{Chain, members};
use crate::json::{self, Object, Value};

/// A signed statement: after `n` records, the chain of this journal was at this value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The journal's identity.
    journal: Uuid,
    /// How many records there were.
    pub(super) n: u64,
    /// Where the chain was.
    pub(super) chain: Chain,
    /// When, by the writer's clock.
    time: Timestamp,
    key: PublicKey,
    signature: Signature,
}

/// A public key that signs checkpoints, written `ed25519:` and 44 characters of base64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// A text that is no [`PublicKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a public key, `ed25519:` and 44 characters of base64, found something else")]
pub struct InvalidPublicKey;

impl Checkpoint {
    pub(super) fn sign(key: &SigningKey, journal: Uuid, n: u64, chain: Chain) -> Self {
        let time = Timestamp::now();
        let signature = key.sign(statement(journal, n, chain, time).as_bytes());
        Self { journal, n, chain, time, key: key.into(), signature }
    }

    /// The members of its record, `"kind":"checkpoint"` first.
    pub(super) fn members(&self) -> String {
        let mut object = Object::new();
        object.insert("kind", KIND);
        object.insert("time", self.time.to_string());
        object.insert("journal", self.journal.to_string());
        object.insert("covers", self.n);
        object.insert("at", self.chain.to_string());
        object.insert("key", self.key.to_string());
        object.insert("signature", BASE64.encode(self.signature.to_bytes()));
        members(&object)
    }

    /// The checkpoint that a line of JSON says, be it a record of the journal or one kept elsewhere; `None` if it is none.
    #[must_use]
    pub fn from_json(line: &[u8]) -> Option<Self> {
        let value = json::parse(line.trim_ascii_end()).ok()?;
        Self::of(value.as_object()?)
    }

    fn of(object: &Object) -> Option<Self> {
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let signature = BASE64.decode(text("signature")?).ok()?;
        Some(Self {
            journal: text("journal")?.parse().ok()?,
            n: object.get("covers")?.as_number()?.as_str().parse().ok()?,
            chain: Chain::from_hex(text("at")?.as_bytes())?,
            time: text("time")?.parse().ok()?,
            key: text("key")?.parse().ok()?,
            signature: Signature::from_slice(&signature).ok()?,
        })
    }

    /// Whether the signature is that of its key.
    pub(super) fn is_signed(&self) -> bool {
        let statement = statement(self.journal, self.n, self.chain, self.time);
        VerifyingKey::from_bytes(&self.key.0)
            .is_ok_and(|key| key.verify_strict(statement.as_bytes(), &self.signature).is_ok())
    }

    /// The key that it says signed it.
    #[must_use]
    pub const fn key(&self) -> PublicKey {
        self.key
    }

    /// The journal's identity.
    #[must_use]
    pub const fn journal(&self) -> Uuid {
        self.journal
    }

    /// How many records it covers.
    #[must_use]
    pub const fn covers(&self) -> u64 {
        self.n
    }
}

/// The kind of its record.
pub(super) const KIND: &str = "checkpoint";

/// What is signed. No other thing that we sign begins so.
fn statement(journal: Uuid, n: u64, chain: Chain, time: Timestamp) -> String {
    format!("guardhouse journal checkpoint 1\n{journal}\n{n}\n{chain}\n{time}\n")
}

impl From<&SigningKey> for PublicKey {
    fn from(key: &SigningKey) -> Self {
        Self(key.verifying_key().to_bytes())
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ed25519:{}", BASE64.encode(self.0))
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for PublicKey {
    type Err = InvalidPublicKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.strip_prefix("ed25519:").and_then(|text| BASE64.decode(text).ok());
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(InvalidPublicKey)?;
        VerifyingKey::from_bytes(&bytes).map(|_| Self(bytes)).map_err(|_| InvalidPublicKey)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_checkpoint_is_read_as_it_was_written_and_holds_for_nothing_else() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let made = Checkpoint::sign(&key, Uuid::now_v7(), 41, Chain::START);
        let line = format!("{{{}}}", made.members());
        let read = Checkpoint::from_json(line.as_bytes()).unwrap();
        assert_eq!(read, made);
        assert!(read.is_signed());
        for (from, to) in [("\"covers\":41", "\"covers\":40"), ("\"at\":\"00", "\"at\":\"01")] {
            let changed = line.replace(from, to);
            assert_ne!(changed, line);
            assert!(!Checkpoint::from_json(changed.as_bytes()).unwrap().is_signed(), "{to}");
        }
        assert_eq!(Checkpoint::from_json(b"{}"), None);
        let key = PublicKey::from(&key);
        assert_eq!(key.to_string().parse(), Ok(key));
    }
}

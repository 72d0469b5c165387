//! [`SealingKey`]: what seals bytes, so that nobody without it reads or changes them.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 24 bytes of random nonce, the sealed bytes, 16 bytes of tag. With a
//! nonce that long, random ones do not meet under one key.

use std::io;

use chacha20poly1305::{AeadInPlace as _, KeyInit as _, Tag, XChaCha20Poly1305, XNonce};

/// Bytes of a key.
pub(super) const KEY: usize = 32;
/// Bytes of the nonce, in front of what is sealed.
const NONCE: usize = 24;
/// Bytes of the tag, behind it.
const TAG: usize = 16;
/// How many bytes longer than what it holds a sealed text is.
pub(super) const OVERHEAD: usize = NONCE + TAG;

/// A key that seals. It is gone from memory when it is dropped.
#[derive(Clone)]
pub(crate) struct SealingKey(XChaCha20Poly1305);

impl SealingKey {
    pub(super) fn new(key: &[u8; KEY]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals `plain` for the place that `aad` names: in no other does it open. It becomes 40 bytes longer.
    ///
    /// # Errors
    /// When the system has no random numbers, or there are more than 256 GiB.
    pub(crate) fn seal(&self, aad: &[u8], plain: &[u8]) -> io::Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD);
        sealed.resize(NONCE, 0);
        getrandom::fill(&mut sealed).map_err(io::Error::other)?;
        sealed.extend_from_slice(plain);
        let (nonce, text) = sealed.split_at_mut(NONCE);
        let tag = self.0.encrypt_in_place_detached(XNonce::from_slice(nonce), aad, text);
        let tag = tag.map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// What was sealed under this key for this place; `None` if it was not, or was changed.
    pub(crate) fn open(&self, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE)?;
        let (text, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        let mut plain = text.to_vec();
        let (nonce, tag) = (XNonce::from_slice(nonce), Tag::from_slice(tag));
        self.0.decrypt_in_place_detached(nonce, aad, &mut plain, tag).ok()?;
        Some(plain)
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealingKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_under_its_key_at_its_place_only(
            key: [u8; KEY],
            other: [u8; KEY],
            plain in vec(any::<u8>(), 0..200),
            aad in vec(any::<u8>(), 0..20),
            elsewhere in vec(any::<u8>(), 0..20),
        ) {
            prop_assume!(key != other && aad != elsewhere);
            let sealing = SealingKey::new(&key);
            let sealed = sealing.seal(&aad, &plain).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + OVERHEAD);
            prop_assert_eq!(sealing.open(&aad, &sealed), Some(plain));
            prop_assert_eq!(sealing.open(&elsewhere, &sealed), None);
            prop_assert_eq!(SealingKey::new(&other).open(&aad, &sealed), None);
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_and_a_lost_end_do_not_open() {
        let key = SealingKey::new(&[7; KEY]);
        let sealed = key.seal(b"here", b"a secret").unwrap();
        for place in 0..sealed.len() {
            assert_eq!(key.open(b"here", &sealed[..place]), None, "{place} bytes");
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[place] ^= 1 << bit;
                assert_eq!(key.open(b"here", &changed), None, "bit {bit} of byte {place}");
            }
        }
    }

    #[test]
    fn equal_texts_are_not_sealed_alike_and_a_key_does_not_show() {
        let key = SealingKey::new(&[7; KEY]);
        assert_ne!(key.seal(b"", b"same").unwrap(), key.seal(b"", b"same").unwrap());
        assert_eq!(format!("{key:?}"), "SealingKey { .. }");
    }
}

//! [`Dictionary`]: every word that was seen, once, under a number.
//!
//! A word is known by 64 bits: one of at most eight bytes by these bytes, mixed; a longer one by its keyed hash (`SipHash`), so that it
//! costs no more. Whoever does not know the keys cannot choose two words with the same bits; by chance, a long word that is looked
//! up among a million is taken for another once in 10^13 times.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

use super::{addresses::Kind, forms::Form};

/// The number of a word.
pub(super) type WordId = u32;

/// What a word or a form is known by.
pub(super) type Fingerprint = u64;

/// The most words. What is new beyond them has no number, and stands nowhere.
pub(super) const MAX_WORDS: usize = (1 << 24) - 1;

/// Every word that was seen, once.
#[derive(Debug, Clone)]
pub(super) struct Dictionary {
    ids: HashTable<WordId>,
    fingerprints: Vec<Fingerprint>,
    /// Nobody outside knows its key.
    hasher: RandomState,
    /// Odd, so that no two that are multiplied by them become the same.
    keys: [u64; 2],
}

impl Default for Dictionary {
    fn default() -> Self {
        let hasher = RandomState::new();
        let keys = [hasher.hash_one(0) | 1, hasher.hash_one(1) | 1];
        Self { ids: HashTable::new(), fingerprints: Vec::new(), hasher, keys }
    }
}

impl Dictionary {
    /// What a word is known by.
    fn fingerprint(&self, word: &str) -> Fingerprint {
        if word.len() > 8 {
            return self.hasher.hash_one(word);
        }
        // No word holds a NUL, so no two are the same.
        let bytes = word.bytes().rev().fold(0_u64, |bytes, byte| bytes << 8 | u64::from(byte));
        let [first, second] = self.keys;
        let mixed = bytes.wrapping_mul(first);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(second);
        mixed ^ (mixed >> 32)
    }

    /// What a form is known by.
    pub(super) fn fingerprint_of(&self, form: Form, canonical: &str) -> Fingerprint {
        self.hasher.hash_one((form, canonical))
    }

    /// What an address is known by.
    pub(super) fn fingerprint_of_address(&self, kind: Kind, address: &str) -> Fingerprint {
        self.hasher.hash_one((kind, address))
    }

    /// The number of a word, if it was seen.
    pub(super) fn get(&self, word: &str) -> Option<WordId> {
        let fingerprint = self.fingerprint(word);
        self.ids.find(fingerprint, |id| self.fingerprints.get(*id as usize) == Some(&fingerprint)).copied()
    }

    /// The number of a word, a new one if it was not seen; `None` if there is no room.
    pub(super) fn see(&mut self, word: &str) -> Option<WordId> {
        let fingerprint = self.fingerprint(word);
        let Self { ids, fingerprints, .. } = self;
        if let Some(id) = ids.find(fingerprint, |id| fingerprints.get(*id as usize) == Some(&fingerprint)) {
            return Some(*id);
        }
        let id = u32::try_from(fingerprints.len()).ok().filter(|id| (*id as usize) < MAX_WORDS)?;
        fingerprints.push(fingerprint);
        ids.insert_unique(fingerprint, id, |id| fingerprints.get(*id as usize).copied().unwrap_or_default());
        Some(id)
    }

    /// Bytes of memory.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.ids.allocation_size() + self.fingerprints.capacity() * size_of::<Fingerprint>()
    }
}

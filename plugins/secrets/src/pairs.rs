//! A first look at two bytes, so that few positions of ordinary text are compared with many words.

/// A set of pairs of bytes: those with which some word begins. One bit per pair, made at compile time.
pub(crate) struct Pairs([u64; 1024]);

impl Pairs {
    /// No pair.
    pub(crate) const fn none() -> Self {
        Self([0; 1024])
    }

    /// This set and the bytes of `word` at `at` and behind it. A word that ends there stands for every pair that begins
    /// with its last byte.
    pub(crate) const fn with(mut self, word: &str, at: usize) -> Self {
        let bytes = word.as_bytes();
        if at + 1 < bytes.len() {
            let pair = number(bytes[at], bytes[at + 1]);
            self.0[pair / 64] |= 1 << (pair % 64);
        } else {
            let mut second = 0;
            while second < 256 / 64 {
                self.0[number(bytes[at], 0) / 64 + second] = u64::MAX;
                second += 1;
            }
        }
        self
    }

    /// Whether the pair is in the set.
    pub(crate) const fn has(&self, first: u8, second: u8) -> bool {
        let pair = number(first, second);
        self.0[pair / 64] >> (pair % 64) & 1 == 1
    }
}

/// The number of a pair.
const fn number(first: u8, second: u8) -> usize {
    (first as usize) << 8 | second as usize
}

//! The sieve: a first look that most words of a text do not pass.

/// Bits of each table of a sieve: a power of two, over twenty times the number of words, and small enough for four of them in a
/// processor's first cache.
const SIEVE: usize = 1 << 16;

/// Lets the words of some entries through, and few others: a bit for each hash of the beginning of a first word.
#[derive(Clone, Debug)]
pub(super) struct Sieve {
    /// Of words that end there: by their first eight bytes and their length.
    whole: Box<[u64]>,
    /// Of words that may go on: by their first four bytes.
    open: Box<[u64]>,
}

impl Sieve {
    /// One that lets nothing through.
    pub(super) fn new() -> Self {
        let bits = || vec![0; SIEVE / 64].into_boxed_slice();
        Self { whole: bits(), open: bits() }
    }

    /// Lets a word through, or all that begin with it.
    pub(super) fn add(&mut self, folded: &[u8], open: bool) {
        let head = folded.iter().take(8).zip([0, 8, 16, 24, 32, 40, 48, 56]);
        let head = head.fold(0, |head, (byte, shift)| head | u64::from(*byte) << shift);
        let (bits, bit) =
            if open { (&mut self.open, open_bit(head)) } else { (&mut self.whole, whole_bit(head, folded.len())) };
        bits[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether a word of ASCII passes, by its first eight folded bytes and its length.
    #[inline]
    pub(super) fn passes(&self, head: u64, length: usize) -> bool {
        let (whole, open) = (whole_bit(head, length), open_bit(head));
        (self.whole[whole / 64] >> (whole % 64) | self.open[open / 64] >> (open % 64)) & 1 == 1
    }
}

#[inline]
fn whole_bit(head: u64, length: usize) -> usize {
    ((head ^ (length as u64) << 58).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % SIEVE
}

#[inline]
fn open_bit(head: u64) -> usize {
    ((head & 0xffff_ffff).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % SIEVE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    fn passes(sieve: &Sieve, word: &[u8]) -> bool {
        let padded: Vec<u8> = word.iter().copied().chain([b' '; 8]).collect();
        fold::head(&padded).is_some_and(|(head, _)| sieve.passes(head, word.len()))
    }

    #[test]
    fn what_was_added_passes_and_little_else_does() {
        let mut sieve = Sieve::new();
        sieve.add(b"forget", false);
        sieve.add(b"mora", true);
        for (word, expected) in
            [(&b"forget"[..], true), (b"morass", true), (b"forgets", false), (b"forge", false), (b"more", false)]
        {
            assert_eq!(passes(&sieve, word), expected, "{word:?}");
        }
    }
}

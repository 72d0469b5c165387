//! Which records may be looked at, and which are only counted.

use md5::{Digest as _, Md5};

/// A part of a corpus.
///
/// Whoever improves a guard reads what it gets wrong, and so do we: of eight records in ten. The other two are never
/// shown, so that their figures are those of texts that nobody had in mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// To look at: 8 of 10.
    Look,
    /// To report: 2 of 10.
    Report,
}

impl Part {
    /// The part of the record with this `id`: the first eight hexadecimal digits of the MD5 of its UTF-8, as a number,
    /// modulo ten; 0 to 7 is to look at, 8 and 9 to report.
    ///
    /// By the identity and not by the place, so that a record stays in its part when a corpus grows. MD5 (RFC 1321),
    /// since every language and shell has it: `echo -n ID | md5sum`.
    pub(crate) fn of(id: &str) -> Self {
        if digit_of(id) < 8 { Self::Look } else { Self::Report }
    }

    /// Its place in an array with one item for each part.
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

fn digit_of(id: &str) -> u32 {
    let [a, b, c, d, ..] = <[u8; 16]>::from(Md5::digest(id));
    u32::from_be_bytes([a, b, c, d]) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_that_of_the_first_eight_digits_of_the_md5() {
        // RFC 1321, A.5: the digests of these begin d41d8cd9, 0cc175b9, 90015098, f96b697d, c3fcd3d7, 57edf4a2.
        let letters = "abcdefghijklmnopqrstuvwxyz";
        for (id, digit) in
            [("", 3), ("a", 7), ("abc", 2), ("message digest", 1), (letters, 3), (&"1234567890".repeat(8), 0)]
        {
            assert_eq!((digit_of(id), Part::of(id)), (digit, Part::Look), "{id}");
        }
        // And of all letters and digits, d174ab98.
        let all = format!("{}{letters}0123456789", letters.to_uppercase());
        assert_eq!((digit_of(&all), Part::of(&all)), (8, Part::Report));
    }

    #[test]
    fn eight_of_ten_may_be_looked_at() {
        let look = (0..10_000).filter(|number| Part::of(&format!("record-{number}")) == Part::Look).count();
        assert!((7_800..8_200).contains(&look), "{look}");
    }
}

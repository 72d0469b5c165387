//! Check digits and dates. Numbers come as ASCII digits; where letters may stand they are capitals.

/// The value of an ASCII digit.
pub(crate) fn digit(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'0'))
}

/// The number that digits say; at most 18 of them.
pub(crate) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0_u64, |number, byte| number.wrapping_mul(10).wrapping_add(u64::from(digit(*byte))))
}

/// The sum of the digits, each times its weight.
pub(crate) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(byte, weight)| digit(*byte) * weight).sum()
}

/// Luhn's formula, "modulus 10 double-add-double" (ISO/IEC 7812-1 annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| if place % 2 == 1 { doubled(digit(*byte)) } else { digit(*byte) })
        .sum();
    sum.is_multiple_of(10)
}

/// The pure system MOD 11,10 of ISO/IEC 7064.
pub(crate) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((last, digits)) = digits.split_last() else { return false };
    let rest = digits.iter().fold(10, |rest, byte| {
        let sum = (rest + digit(*byte)) % 10;
        2 * (if sum == 0 { 10 } else { sum }) % 11
    });
    (rest + digit(*last)) % 10 == 1
}

/// Whether letters and digits, read as decimal with `A` as 10 to `Z` as 35, leave 1 when divided by 97: MOD 97-10 of
/// ISO/IEC 7064, for IBAN with its first four characters moved to the end (ISO 13616-1).
pub(crate) fn mod_97(characters: impl Iterator<Item = u8>) -> bool {
    let rest = characters.fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + digit(byte)) % 97,
        _ => (rest * 100 + u32::from(byte.wrapping_sub(b'A')) + 10) % 97,
    });
    rest == 1
}

/// Verhoeff's check over the dihedral group of order 10 (J. Verhoeff, "Error Detecting Decimal Codes", 1969).
pub(crate) fn verhoeff(digits: &[u8]) -> bool {
    /// The permutation that is applied once more for each place.
    const PERMUTED: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let product = |left: u32, right: u32| match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right) % 5,
        (false, true) => 5 + (left + 5 - right) % 5,
        (false, false) => (left + 5 - right) % 5,
    };
    let check = digits.iter().rev().enumerate().fold(0, |check, (place, byte)| {
        let permuted = (0..place % 8).fold(digit(*byte) % 10, |value, _| PERMUTED[value as usize]);
        product(check, permuted)
    });
    check == 0
}

/// Whether a day of a month can be. February has 29.
pub(crate) fn is_day(month: u64, day: u64) -> bool {
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// Whether six digits are a date in the order year, month, day.
pub(crate) fn is_yymmdd(digits: &[u8]) -> bool {
    digits.len() >= 6 && is_day(number(&digits[2..4]), number(&digits[4..6]))
}

/// Whether six digits are a date in the order day, month, year.
pub(crate) fn is_ddmmyy(digits: &[u8]) -> bool {
    digits.len() >= 6 && is_day(number(&digits[2..4]), number(&digits[..2]))
}

/// Whether digits are one digit over and over, or count up or down by one (from 9 on to 0 too): what people type when
/// they mean no number in particular.
pub(crate) fn is_dummy(digits: &[u8]) -> bool {
    // A letter's value is below 260 too.
    let step = |pair: &[u8]| (digit(pair[1]) + 260 - digit(pair[0])) % 10;
    let Some(first) = digits.windows(2).map(step).next() else { return true };
    matches!(first, 0 | 1 | 9) && digits.windows(2).all(|pair| step(pair) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_check() {
        assert!(luhn(b"79927398713") && !luhn(b"79927398710"));
        assert!(verhoeff(b"2363") && !verhoeff(b"2364"), "J. Verhoeff's own example");
        assert!(mod_11_10(b"07945") && !mod_11_10(b"07946"), "ISO/IEC 7064's own example");
        let iban = b"GB82WEST12345698765432";
        assert!(mod_97(iban[4..].iter().chain(&iban[..4]).copied()));
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        for (check, valid) in [
            (luhn as fn(&[u8]) -> bool, b"79927398713".as_slice()),
            (verhoeff, b"234123412346"),
            (mod_11_10, b"86095742719"),
        ] {
            assert!(check(valid));
            for place in 0..valid.len() {
                for wrong in (b'0'..=b'9').filter(|wrong| *wrong != valid[place]) {
                    let mut digits = valid.to_vec();
                    digits[place] = wrong;
                    assert!(!check(&digits), "{place} {wrong}");
                }
            }
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert!(is_day(2, 29) && !is_day(2, 30) && !is_day(13, 1) && !is_day(0, 1) && !is_day(4, 31));
    }

    #[test]
    fn typed_at_random_is_a_dummy() {
        assert!(is_dummy(b"000000000") && is_dummy(b"123456789") && is_dummy(b"1234567890") && is_dummy(b"987654321"));
        assert!(!is_dummy(b"123456782") && !is_dummy(b"411111111"));
    }
}

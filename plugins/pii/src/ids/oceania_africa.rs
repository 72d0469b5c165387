//! Oceania and Africa.

use super::{Id, NONE, id, mod_11_down};
use crate::check::{digit, is_dummy, is_yymmdd, luhn, number, weighted};

/// The rows.
pub(super) static IDS: &[Id] = &[
    id!(
        "au-tfn",
        "An Australian tax file number",
        "ATO: weighted sum divisible by 11; one number in 11 passes",
        Critical,
        "AU",
        "99999999|999999999|999 999 999|999-999-999",
        is_tfn,
        (0, 0, 92),
        "tfn|tax file"
    ),
    id!(
        "au-medicare",
        "An Australian Medicare number",
        "Services Australia: first digit 2 to 6 and one check digit; the groups are its own",
        High,
        "AU",
        "9999999999|99999999999|9999 99999 9|9999 99999 9 9|9999-99999-9",
        is_medicare,
        (0, 75, 92),
        "medicare"
    ),
    id!(
        "au-abn",
        "An Australian business number",
        "ABR: weighted sum divisible by 89; one number in 89 passes",
        Low,
        "AU",
        "99999999999|99 999 999 999",
        is_abn,
        (0, 80, 92),
        "abn|australian business"
    ),
    id!(
        "nz-ird",
        "A New Zealand tax number (IRD)",
        "Inland Revenue: one check digit modulo 11 in two stages; one number in 11 passes",
        High,
        "NZ",
        "99999999|999999999|99-999-999|999-999-999",
        is_ird,
        (0, 0, 92),
        "ird|inland revenue"
    ),
    id!(
        "za-id",
        "A South African identity number",
        "Department of Home Affairs: date, citizenship and one check digit by Luhn; one bare number in 1,300 passes",
        Critical,
        "ZA",
        "9999999999999|999999 9999 99 9|999999 9999 999",
        is_south_african,
        (60, 90, 95),
        "id number|id no|identity number|south african|rsa id|sa id"
    ),
];

fn is_tfn(digits: &[u8]) -> bool {
    let weights: &[u32] = if digits.len() == 8 { &[10, 7, 8, 4, 6, 3, 5, 1] } else { &[1, 4, 3, 7, 5, 8, 6, 9, 10] };
    weighted(digits, weights).is_multiple_of(11) && !is_dummy(digits)
}

fn is_medicare(digits: &[u8]) -> bool {
    let sum = weighted(&digits[..8], &[1, 3, 7, 9, 1, 3, 7, 9]);
    matches!(digits[0], b'2'..=b'6') && sum % 10 == digit(digits[8]) && digits[9] != b'0'
}

fn is_abn(digits: &[u8]) -> bool {
    let sum = weighted(digits, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    // One is taken from the first digit, whose weight is 10.
    digits[0] != b'0' && (sum - 10).is_multiple_of(89)
}

fn is_ird(digits: &[u8]) -> bool {
    let mut padded = [b'0'; 9];
    padded[9 - digits.len()..].copy_from_slice(digits);
    let is_issued = (10_000_000..150_000_000).contains(&number(digits));
    let first = mod_11_down(&padded, &[3, 2, 7, 6, 5, 4, 3, 2], NONE);
    let is_second = weighted(&padded[..8], &[3, 2, 7, 6, 5, 4, 3, 2]) % 11 == 1;
    is_issued && (first || is_second && mod_11_down(&padded, &[7, 4, 3, 2, 5, 2, 7, 6], NONE))
}

fn is_south_african(digits: &[u8]) -> bool {
    is_yymmdd(digits) && matches!(digits[10], b'0'..=b'2') && luhn(digits)
}

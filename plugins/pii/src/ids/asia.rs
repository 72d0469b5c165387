//! Asia.

use super::{Id, id};
use crate::check::{digit, is_day, is_ddmmyy, is_dummy, is_yymmdd, luhn, number, verhoeff, weighted};

/// The rows.
pub(super) static IDS: &[Id] = &[
    id!(
        "in-aadhaar",
        "An Indian Aadhaar number",
        "UIDAI: one check digit by Verhoeff, the first from 2 to 9; the groups are its own",
        Critical,
        "IN",
        "999999999999|9999 9999 9999|9999-9999-9999",
        is_aadhaar,
        (0, 65, 95),
        "aadhaar|aadhar|adhaar|uidai|uid|\u{906}\u{927}\u{93e}\u{930}"
    ),
    id!(
        "in-pan",
        "An Indian permanent account number (PAN)",
        "Income Tax Department: the fourth letter is the kind of holder, P for a person; no public check",
        High,
        "IN",
        "AAAAA9999A",
        |c| b"ABCFGHJLPT".contains(&c[3]) && c[5..9].iter().any(|b| *b != b'0'),
        (75, 75, 95),
        "pan|pan card|permanent account"
    ),
    id!(
        "cn-resident-id",
        "A Chinese resident identity number",
        "GB 11643-1999: place, date and a check character by ISO/IEC 7064 MOD 11-2",
        Critical,
        "CN",
        "99999999999999999X",
        is_chinese,
        (97, 97, 98),
        "\u{8eab}\u{4efd}\u{8bc1}|\u{8eab}\u{4efd}\u{8b49}|\u{516c}\u{6c11}\u{8eab}\u{4efd}|resident id|identity card"
    ),
    id!(
        "jp-my-number",
        "A Japanese individual number (My Number)",
        "Ministry of Internal Affairs, ordinance 85 of 2014: one check digit modulo 11; one number in 11 passes",
        Critical,
        "JP",
        "999999999999|9999 9999 9999|9999-9999-9999",
        is_my_number,
        (0, 0, 92),
        "my number|mynumber|individual number|\u{30de}\u{30a4}\u{30ca}\u{30f3}\u{30d0}\u{30fc}|\
         \u{500b}\u{4eba}\u{756a}\u{53f7}"
    ),
    id!(
        "kr-rrn",
        "A Korean resident registration number",
        "Ministry of the Interior: date, sex and one check digit, which a foreigner's has two higher",
        Critical,
        "KR",
        "9999999999999|999999-9999999",
        is_checked_korean,
        (0, 85, 95),
        "rrn|resident registration|alien registration|frn|korean|\u{c8fc}\u{bbfc}\u{b4f1}\u{b85d}\u{bc88}\u{d638}|\
         \u{c8fc}\u{bbfc}\u{bc88}\u{d638}|\u{c678}\u{ad6d}\u{c778}\u{b4f1}\u{b85d}"
    ),
    id!(
        "kr-rrn",
        "A Korean resident registration number",
        "Ministry of the Interior: numbers given since October 2020 are random behind date and sex, without a check digit",
        Critical,
        "KR",
        "9999999999999|999999-9999999",
        is_korean,
        (0, 0, 85),
        "rrn|resident registration|alien registration|frn|korean|\u{c8fc}\u{bbfc}\u{b4f1}\u{b85d}\u{bc88}\u{d638}|\
         \u{c8fc}\u{bbfc}\u{bc88}\u{d638}|\u{c678}\u{ad6d}\u{c778}\u{b4f1}\u{b85d}"
    ),
    id!(
        "sg-nric",
        "A Singaporean NRIC or FIN",
        "ICA: letter, seven digits and one check letter of eleven; series M since 2022",
        Critical,
        "SG",
        "A9999999A",
        is_singaporean,
        (85, 85, 95),
        "nric|fin|identity card"
    ),
    id!(
        "th-id",
        "A Thai identity number",
        "Department of Provincial Administration: one check digit modulo 11; the groups are its own",
        Critical,
        "TH",
        "9999999999999|9-9999-99999-99-9|9 9999 99999 99 9",
        is_thai,
        (0, 92, 92),
        "thai|thai id|tnin|\u{e40}\u{e25}\u{e02}\u{e1b}\u{e23}\u{e30}\u{e08}\u{e33}\u{e15}\u{e31}\u{e27}|\
         \u{e1a}\u{e31}\u{e15}\u{e23}\u{e1b}\u{e23}\u{e30}\u{e0a}\u{e32}\u{e0a}\u{e19}"
    ),
    id!(
        "tw-id",
        "A Taiwanese identity number",
        "Ministry of the Interior: letter for the place, sex and one check digit; one word of this form in 10 passes",
        Critical,
        "TW",
        "A999999999",
        is_taiwanese,
        (0, 0, 92),
        "\u{8eab}\u{5206}\u{8b49}|\u{8eab}\u{4efd}\u{8b49}|national id|taiwan"
    ),
    id!(
        "my-nric",
        "A Malaysian identity number (MyKad)",
        "JPN: date and place; no check digit, but groups of its own",
        Critical,
        "MY",
        "999999999999|999999-99-9999",
        |n| is_yymmdd(n) && !matches!(number(&n[6..8]), 0 | 17..=20 | 69..=73 | 80 | 81 | 94..=97),
        (0, 75, 85),
        "mykad|nric|kad pengenalan|ic number|no. kp|ic no"
    ),
    id!(
        "id-nik",
        "An Indonesian identity number (NIK)",
        "Dukcapil: place and date (days from 41 on for women); no check digit",
        Critical,
        "ID",
        "9999999999999999",
        is_nik,
        (0, 0, 90),
        "nik|ktp|kartu tanda penduduk|induk kependudukan"
    ),
    id!(
        "ae-emirates-id",
        "An Emirates ID number",
        "ICP: 784, year of birth, serial and one check digit by Luhn",
        Critical,
        "AE",
        "999999999999999|999-9999-9999999-9",
        |n| n.starts_with(b"784") && matches!(number(&n[3..7]), 1900..=2099) && luhn(n),
        (85, 95, 97),
        "emirates id|eid|idn"
    ),
    id!(
        "il-id",
        "An Israeli identity number",
        "Population Authority: one check digit by Luhn; one number in 10 passes",
        Critical,
        "IL",
        "999999999|9999999-9|99999999-9",
        |n| luhn(n) && !is_dummy(n),
        (0, 0, 92),
        "teudat zehut|israeli id|\u{5ea}\u{5e2}\u{5d5}\u{5d3}\u{5ea} \u{5d6}\u{5d4}\u{5d5}\u{5ea}|\u{5ea}.\u{5d6}|\
         \u{5de}\u{5e1}\u{5e4}\u{5e8} \u{5d6}\u{5d4}\u{5d5}\u{5ea}"
    ),
    id!(
        "hk-id",
        "A Hong Kong identity card number",
        "Immigration Department: one check character modulo 11; written without its brackets",
        Critical,
        "HK",
        "A999999X|AA999999X",
        is_hong_kong,
        (0, 0, 92),
        "hkid|hong kong id|identity card|\u{8eab}\u{4efd}\u{8b49}"
    ),
];

fn is_aadhaar(digits: &[u8]) -> bool {
    digits[0] >= b'2' && verhoeff(digits) && !is_dummy(digits)
}

fn is_chinese(characters: &[u8]) -> bool {
    let sum = weighted(characters, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let is_date = matches!(number(&characters[6..10]), 1800..=2099)
        && is_day(number(&characters[10..12]), number(&characters[12..14]));
    matches!(characters[0], b'1'..=b'9') && is_date && b"10X98765432"[sum as usize % 11] == characters[17]
}

fn is_my_number(digits: &[u8]) -> bool {
    let rest = weighted(digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest <= 1 { 0 } else { 11 - rest };
    check == digit(digits[11]) && !is_dummy(digits)
}

fn is_korean(digits: &[u8]) -> bool {
    is_yymmdd(digits) && digits[6] != b'0' && digits[6] != b'9' && !is_dummy(&digits[6..])
}

fn is_checked_korean(digits: &[u8]) -> bool {
    let rest = weighted(&digits[..12], &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
    let check = if digits[6] < b'5' || digits[6] > b'8' { 11 - rest } else { 13 - rest };
    is_korean(digits) && check % 10 == digit(digits[12])
}

fn is_singaporean(characters: &[u8]) -> bool {
    let sum = weighted(&characters[1..8], &[2, 7, 6, 5, 4, 3, 2]) as usize;
    let letters = |offset: usize, letters: &[u8; 11]| letters[(sum + offset) % 11] == characters[8];
    match characters[0] {
        b'S' => letters(0, b"JZIHGFEDCBA"),
        b'T' => letters(4, b"JZIHGFEDCBA"),
        b'F' => letters(0, b"XWUTRQPNMLK"),
        b'G' => letters(4, b"XWUTRQPNMLK"),
        b'M' => letters(3, b"XWUTRQPNJLK"),
        _ => false,
    }
}

fn is_thai(digits: &[u8]) -> bool {
    let rest = weighted(&digits[..12], &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(digits[0], b'1'..=b'8') && (11 - rest) % 10 == digit(digits[12]) && !is_dummy(digits)
}

fn is_taiwanese(characters: &[u8]) -> bool {
    // The places' numbers are not in the order of their letters.
    let place =
        b"ABCDEFGHJKLMNPQRSTUVXYWZIO".iter().position(|letter| *letter == characters[0]).unwrap_or_default() + 10;
    let sum = place / 10 + 9 * (place % 10) + weighted(&characters[1..], &[8, 7, 6, 5, 4, 3, 2, 1, 1]) as usize;
    matches!(characters[1], b'1' | b'2' | b'8' | b'9') && sum.is_multiple_of(10)
}

fn is_nik(digits: &[u8]) -> bool {
    let day = number(&digits[6..8]);
    let date = [digits[6], digits[7], digits[8], digits[9], digits[10], digits[11]];
    let is_date = is_ddmmyy(&date) || is_day(number(&digits[8..10]), day.saturating_sub(40));
    matches!(number(&digits[..2]), 11..=21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=96) && is_date
}

/// A missing first letter counts as 36.
fn is_hong_kong(characters: &[u8]) -> bool {
    let Some((last, rest)) = characters.split_last() else { return false };
    let value = |byte: u8| if byte.is_ascii_digit() { digit(byte) } else { u32::from(byte - b'A') + 10 };
    let lead = if rest.len() == 7 { 9 * 36 } else { 0 };
    let sum: u32 = rest.iter().rev().zip(2..).map(|(byte, weight)| value(*byte) * weight).sum();
    let check = (11 - (sum + lead) % 11) % 11;
    if check == 10 { *last == b'A' } else { last.is_ascii_digit() && digit(*last) == check }
}

//! Western and southern Europe.

use super::{Id, NONE, id, mod_11_down};
use crate::check::{digit, is_day, is_dummy, mod_11_10, number, weighted};

/// The rows.
pub(super) static IDS: &[Id] = &[
    id!(
        "gb-nhs",
        "A British NHS number",
        "NHS Data Dictionary: one check digit modulo 11; phone numbers have the same groups",
        High,
        "GB",
        "9999999999|999 999 9999|999-999-9999",
        |n| mod_11_down(n, &[10, 9, 8, 7, 6, 5, 4, 3, 2], NONE) && !is_dummy(n),
        (0, 0, 92),
        "nhs|nhs number|nhs no|national health|patient"
    ),
    id!(
        "gb-nino",
        "A British national insurance number",
        "HMRC: NIM39110; no check digit, but letters that little else has",
        Critical,
        "GB",
        "AA999999A|AA 99 99 99 A|AA 999999 A|AA-99-99-99-A|AA 999999A",
        is_nino,
        (80, 90, 95),
        "nino|national insurance|ni number|ni no"
    ),
    id!(
        "ie-pps",
        "An Irish personal public service number",
        "Revenue: one check letter modulo 23; one of 23 random words of this form passes",
        High,
        "IE",
        "9999999A|9999999AA",
        is_pps,
        (0, 0, 92),
        "pps|ppsn|personal public service"
    ),
    id!(
        "fr-nir",
        "A French social security number (NIR)",
        "INSEE: sex, year, month, place, order and a key modulo 97",
        Critical,
        "FR",
        "999999999999999|9 99 99 99 999 999 99|9 99 99 99 999 999-99|9 99 99 9A 999 999 99|999999A99999999",
        is_nir,
        (85, 95, 97),
        "nir|insee|s\u{e9}curit\u{e9} sociale|securite sociale|secu"
    ),
    id!(
        "de-tax-id",
        "A German tax identification number",
        "BZSt; ISO/IEC 7064 MOD 11,10, and of ten digits exactly one stands twice or three times: one bare number in 290 passes",
        High,
        "DE",
        "99999999999|99 999 999 999",
        is_german_tax_id,
        (45, 85, 95),
        "steuer-id|steuerid|idnr|steueridentifikationsnummer|identifikationsnummer|steuerliche|steuernummer|tax id|\
         tax identification|tin"
    ),
    id!(
        "de-id-card",
        "The number of a German identity card or passport",
        "PAuswG section 2 and ICAO 9303-3 section 4.9: one check digit with weights 7, 3, 1",
        High,
        "DE",
        "AXXXXXXXX9|9999999999",
        is_german_card,
        (0, 0, 90),
        "personalausweis|personalausweisnummer|ausweisnummer|ausweis|ausweis-nr|reisepass|passnummer|perso|\
         seriennummer|dokumentennummer"
    ),
    id!(
        "de-social-security",
        "A German pension insurance number",
        "Deutsche Rentenversicherung, VKVV section 2: area, date, initial and one check digit",
        High,
        "DE",
        "99999999A999|99 999999 A 999",
        is_german_pension,
        (80, 92, 95),
        "rentenversicherungsnummer|sozialversicherungsnummer|versicherungsnummer|rvnr|svnr|sv-nummer"
    ),
    id!(
        "at-svnr",
        "An Austrian social insurance number",
        "Dachverband der Sozialversicherungstr\u{e4}ger: a check digit modulo 11 and a date",
        High,
        "AT",
        "9999999999|9999 999999",
        is_austrian,
        (0, 65, 92),
        "svnr|sv-nummer|sozialversicherungsnummer|versicherungsnummer"
    ),
    id!(
        "ch-ahv",
        "A Swiss social insurance number (AHV, AVS)",
        "ZAS: GS1 prefix 756 and the check digit of EAN-13; the bare number is also a Swiss bar code's",
        High,
        "CH",
        "9999999999999|999.9999.9999.99",
        is_swiss,
        (50, 95, 95),
        "ahv|avs|ahvn13|navs13|sozialversicherungsnummer"
    ),
    id!(
        "nl-bsn",
        "A Dutch citizen service number (BSN)",
        "RvIG: the eleven test; one number in 11 passes",
        Critical,
        "NL",
        "999999999|9999.99.999|9999 99 999",
        is_bsn,
        (0, 0, 92),
        "bsn|burgerservicenummer|sofinummer|sofi|citizen service number"
    ),
    id!(
        "be-national-number",
        "A Belgian national number",
        "Royal decree of 3 April 1984: date and a key modulo 97",
        Critical,
        "BE",
        "99999999999|99.99.99-999.99|99.99.99-999-99|99 99 99 999 99",
        is_belgian,
        (60, 95, 95),
        "rijksregisternummer|rijksregister|insz|niss|num\u{e9}ro national|registre national|national number"
    ),
    id!(
        "es-dni",
        "A Spanish identity number (DNI)",
        "Ministerio del Interior: one check letter modulo 23",
        Critical,
        "ES",
        "99999999A|99999999-A|99.999.999-A|99.999.999A|99999999 A",
        is_dni,
        (75, 85, 95),
        "dni|nif|documento nacional"
    ),
    id!(
        "es-nie",
        "A Spanish foreigner's identity number (NIE)",
        "Ministerio del Interior: X, Y or Z, and one check letter modulo 23",
        Critical,
        "ES",
        "A9999999A|A-9999999-A|A9999999-A",
        is_nie,
        (80, 90, 95),
        "nie|extranjero|nif"
    ),
    id!(
        "it-fiscal-code",
        "An Italian fiscal code",
        "Agenzia delle Entrate, DM 23 December 1976: names, date, sex, place and one check letter",
        Critical,
        "IT",
        "AAAAAAXXAXXAXXXA",
        is_fiscal_code,
        (97, 97, 98),
        "codice fiscale|cf|cod. fisc"
    ),
    id!(
        "pt-nif",
        "A Portuguese tax number (NIF)",
        "Portal das Finan\u{e7}as: one check digit modulo 11; one number in 11 passes",
        High,
        "PT",
        "999999999|999 999 999",
        is_portuguese,
        (0, 0, 92),
        "nif|contribuinte|n\u{fa}mero fiscal|nipc"
    ),
];

/// Estates of the dead begin with 7, people who live abroad with 45.
fn is_portuguese(digits: &[u8]) -> bool {
    let is_issued = digits[0] != b'0' && (digits[0] != b'4' || digits[1] == b'5');
    is_issued && mod_11_down(digits, &[9, 8, 7, 6, 5, 4, 3, 2], 0) && !is_dummy(digits)
}

/// The letters of the Spanish check.
const SPANISH: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn is_nino(characters: &[u8]) -> bool {
    let (first, second) = (characters[0], characters[1]);
    let barred = b"DFIQUV";
    let unused: &[&[u8; 2]] = &[b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"];
    !barred.contains(&first)
        && !barred.contains(&second)
        && second != b'O'
        && !unused.contains(&&[first, second])
        && matches!(characters[8], b'A'..=b'D')
        && !characters[2..8].iter().all(|byte| *byte == b'0')
}

fn is_pps(characters: &[u8]) -> bool {
    let extra = characters.get(8).map_or(0, |letter| if *letter == b'W' { 0 } else { u32::from(letter - b'A') + 1 });
    let sum = weighted(&characters[..7], &[8, 7, 6, 5, 4, 3, 2]) + 9 * extra;
    let letter = u32::from(characters[7] - b'A') + 1;
    extra <= 9 && letter % 23 == sum % 23 && letter <= 23 && !is_dummy(&characters[..7])
}

/// The departments of Corsica, 2A and 2B, count as 19 and 18.
fn is_nir(characters: &[u8]) -> bool {
    let mut digits: [u8; 15] = [0; 15];
    digits.copy_from_slice(&characters[..15]);
    match &characters[5..7] {
        b"2A" => digits[5..7].copy_from_slice(b"19"),
        b"2B" => digits[5..7].copy_from_slice(b"18"),
        other if other.iter().all(u8::is_ascii_digit) => {}
        _ => return false,
    }
    let is_month = matches!(number(&digits[3..5]), 1..=12 | 20..=42 | 50..=99);
    matches!(digits[0], b'1' | b'2' | b'3' | b'4' | b'7' | b'8')
        && is_month
        && 97 - number(&digits[..13]) % 97 == number(&digits[13..])
}

fn is_german_tax_id(digits: &[u8]) -> bool {
    let mut counts = [0_u8; 10];
    for byte in &digits[..10] {
        counts[digit(*byte) as usize % 10] += 1;
    }
    let repeated = counts.iter().filter(|count| **count > 1).count();
    digits[0] != b'0' && repeated == 1 && counts.iter().all(|count| *count <= 3) && mod_11_10(digits)
}

/// Weights 7, 3, 1 over digits and letters from A as 10 on.
fn is_german_card(characters: &[u8]) -> bool {
    let Some((last, rest)) = characters.split_last() else { return false };
    let is_letter = |byte: &u8| b"CFGHJKLMNPRTVWXYZ".contains(byte);
    let value = |byte: u8| if byte.is_ascii_digit() { digit(byte) } else { u32::from(byte - b'A') + 10 };
    let sum: u32 = rest.iter().zip([7, 3, 1].into_iter().cycle()).map(|(byte, weight)| value(*byte) * weight).sum();
    rest.iter().all(|byte| byte.is_ascii_digit() || is_letter(byte)) && sum % 10 == digit(*last) && !is_dummy(rest)
}

/// The initial counts as two digits, A as 01.
fn is_german_pension(characters: &[u8]) -> bool {
    let initial = u32::from(characters[8] - b'A') + 1;
    let mut digits = [0; 12];
    for (place, byte) in characters[..8].iter().enumerate() {
        digits[place] = digit(*byte);
    }
    (digits[8], digits[9]) = (initial / 10, initial % 10);
    (digits[10], digits[11]) = (digit(characters[9]), digit(characters[10]));
    let products = digits.iter().zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).map(|(digit, weight)| digit * weight);
    let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
    let day = number(&characters[2..4]);
    let is_date = is_day(number(&characters[4..6]), day) || is_day(number(&characters[4..6]), day.saturating_sub(50));
    is_date && sum % 10 == digit(characters[11])
}

fn is_austrian(digits: &[u8]) -> bool {
    // The check digit stands fourth; months beyond 12 are for days that ran out.
    let sum = weighted(digits, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
    let month = number(&digits[6..8]);
    digits[0] != b'0'
        && sum % 11 == digit(digits[3])
        && (1..=31).contains(&number(&digits[4..6]))
        && (1..=15).contains(&month)
}

fn is_swiss(digits: &[u8]) -> bool {
    let sum = weighted(digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
    digits.starts_with(b"756") && sum.is_multiple_of(10)
}

fn is_bsn(digits: &[u8]) -> bool {
    let sum = weighted(&digits[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    sum % 11 == digit(digits[8]) && !is_dummy(digits)
}

/// Of numbers of people born from 2000 on, the key is of a 2 and the number. Months have 20 or 40 added for people
/// without a residence.
fn is_belgian(digits: &[u8]) -> bool {
    let (body, key) = (number(&digits[..9]), number(&digits[9..]));
    let month = number(&digits[2..4]);
    let month = if month > 40 {
        month - 40
    } else if month > 20 {
        month - 20
    } else {
        month
    };
    let is_date = is_day(month, number(&digits[4..6]));
    is_date && (97 - body % 97 == key || 97 - (2_000_000_000 + body) % 97 == key)
}

fn is_dni(characters: &[u8]) -> bool {
    let rest = number(&characters[..8]) % 23;
    usize::try_from(rest).is_ok_and(|rest| SPANISH[rest] == characters[8]) && !is_dummy(&characters[..8])
}

fn is_nie(characters: &[u8]) -> bool {
    let leading = match characters[0] {
        b'X' => 0,
        b'Y' => 10_000_000,
        b'Z' => 20_000_000,
        _ => return false,
    };
    let rest = (leading + number(&characters[1..8])) % 23;
    usize::try_from(rest).is_ok_and(|rest| SPANISH[rest] == characters[8])
}

/// Digits may be letters of `LMNPQRSTUV` where two people would have had the same code.
fn is_fiscal_code(characters: &[u8]) -> bool {
    /// Values of `0` to `9` and of `A` to `Z` in odd places, counted from one.
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let as_digit =
        |byte: u8| b"LMNPQRSTUV".iter().position(|letter| *letter == byte).map_or(byte, |at| b"0123456789"[at]);
    let value = |byte: u8| if byte.is_ascii_digit() { digit(byte) } else { u32::from(byte - b'A') };
    let sum: u32 = characters[..15]
        .iter()
        .enumerate()
        .map(|(place, byte)| if place % 2 == 0 { ODD[value(*byte) as usize % 26] } else { value(*byte) })
        .sum();
    let day = [as_digit(characters[9]), as_digit(characters[10])];
    let is_written = [6, 7, 9, 10, 12, 13, 14].iter().all(|place| as_digit(characters[*place]).is_ascii_digit());
    let is_day = is_written && matches!(number(&day), 1..=31 | 41..=71);
    is_day && b"ABCDEHLMPRST".contains(&characters[8]) && sum % 26 == u32::from(characters[15] - b'A')
}

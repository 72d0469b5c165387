//! Eastern and south-eastern Europe, with Russia and Turkey.

use super::{Id, NONE, id, mod_11, mod_11_down};
use crate::check::{digit, is_day, is_ddmmyy, is_dummy, is_yymmdd, luhn, mod_11_10, number, weighted};

/// The rows.
pub(super) static IDS: &[Id] = &[
    id!(
        "pl-pesel",
        "A Polish PESEL number",
        "Act of 24 September 2010: date with the century in its month, and one check digit; one bare number in 90 passes",
        Critical,
        "PL",
        "99999999999",
        is_pesel,
        (0, 0, 95),
        "pesel"
    ),
    id!(
        "cz-rodne-cislo",
        "A Czech or Slovak birth number",
        "Act 133/2000 section 13: date (months from 51 on for women) and divisible by 11; the slash is its own",
        Critical,
        "CZ",
        "9999999999|999999/9999",
        is_czech,
        (0, 85, 95),
        "rodn\u{e9} \u{10d}\u{ed}slo|rodne cislo|r\u{10d}|rc|birth number"
    ),
    id!(
        "ro-cnp",
        "A Romanian personal numeric code (CNP)",
        "Law 105/1996: sex and century, date, county and one check digit",
        Critical,
        "RO",
        "9999999999999",
        is_romanian,
        (0, 0, 95),
        "cnp|cod numeric personal"
    ),
    id!(
        "bg-egn",
        "A Bulgarian uniform civil number",
        "GRAO: date with the century in its month, and one check digit",
        Critical,
        "BG",
        "9999999999",
        is_bulgarian,
        (0, 0, 95),
        "egn|\u{435}\u{433}\u{43d}|\u{415}\u{413}\u{41d}"
    ),
    id!(
        "hr-oib",
        "A Croatian personal identification number (OIB)",
        "Act on OIB, 2008; ISO/IEC 7064 MOD 11,10",
        High,
        "HR",
        "99999999999",
        |n| mod_11_10(n) && !is_dummy(n),
        (0, 0, 92),
        "oib|osobni identifikacijski"
    ),
    id!(
        "rs-jmbg",
        "A personal number of the countries that were Yugoslavia (JMBG, EM\u{160}O)",
        "Act of 1976: date, region and one check digit modulo 11",
        Critical,
        "RS",
        "9999999999999",
        is_yugoslav,
        (0, 0, 95),
        "jmbg|emso|em\u{161}o|\u{458}\u{43c}\u{431}\u{433}|\u{408}\u{41c}\u{411}\u{413}"
    ),
    id!(
        "gr-amka",
        "A Greek social security number (AMKA)",
        "Law 3655/2008: date and one check digit by Luhn",
        Critical,
        "GR",
        "99999999999",
        |n| is_ddmmyy(n) && luhn(n),
        (0, 0, 95),
        "amka|\u{3b1}\u{3bc}\u{3ba}\u{3b1}|\u{391}\u{39c}\u{39a}\u{391}"
    ),
    id!(
        "ru-snils",
        "A Russian pension insurance number (SNILS)",
        "Pension Fund: a key modulo 101",
        High,
        "RU",
        "99999999999|999-999-999 99|999-999-999-99",
        is_snils,
        (0, 92, 95),
        "\u{441}\u{43d}\u{438}\u{43b}\u{441}|\u{421}\u{41d}\u{418}\u{41b}\u{421}|snils"
    ),
    id!(
        "ru-inn",
        "A Russian taxpayer number (INN) of a person",
        "Federal Tax Service, order MMV-7-6/435: two check digits modulo 11",
        High,
        "RU",
        "999999999999",
        is_inn,
        (0, 0, 95),
        "\u{438}\u{43d}\u{43d}|\u{418}\u{41d}\u{41d}|inn"
    ),
    id!(
        "tr-kimlik",
        "A Turkish identity number",
        "N\u{fc}fus ve Vatanda\u{15f}l\u{131}k \u{130}\u{15f}leri: two check digits; one bare number in 100 passes",
        Critical,
        "TR",
        "99999999999",
        is_turkish,
        (0, 0, 95),
        "kimlik|tc|t.c.|tckn|tc kimlik|t.c. kimlik|vatanda\u{15f}l\u{131}k|turkish id"
    ),
];

/// The century is in the month: 80 for 18xx, 0 for 19xx, 20 for 20xx, 40 for 21xx, 60 for 22xx.
fn is_pesel(digits: &[u8]) -> bool {
    let sum = weighted(&digits[..10], &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    is_day(number(&digits[2..4]) % 20, number(&digits[4..6]))
        && (10 - sum % 10) % 10 == digit(digits[10])
        && !is_dummy(digits)
}

fn is_czech(digits: &[u8]) -> bool {
    let month = number(&digits[2..4]);
    let month = if month > 50 { month - 50 } else { month };
    let month = if month > 20 { month - 20 } else { month };
    // Until 1985 a rest of 10 was written as 0.
    let is_old = number(&digits[..9]) % 11 == 10 && digits[9] == b'0';
    is_day(month, number(&digits[4..6])) && (is_old || number(digits).is_multiple_of(11))
}

fn is_romanian(digits: &[u8]) -> bool {
    let rest = weighted(&digits[..12], &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let check = if rest == 10 { 1 } else { rest };
    digits[0] != b'0' && is_yymmdd(&digits[1..7]) && check == digit(digits[12])
}

fn is_bulgarian(digits: &[u8]) -> bool {
    is_day(number(&digits[2..4]) % 20, number(&digits[4..6])) && mod_11(digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6], 0)
}

fn is_yugoslav(digits: &[u8]) -> bool {
    let year = number(&digits[4..7]);
    let is_date = is_day(number(&digits[2..4]), number(&digits[..2])) && !(100..850).contains(&year);
    is_date && mod_11_down(digits, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], NONE)
}

fn is_snils(digits: &[u8]) -> bool {
    let key = weighted(&digits[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    u64::from(key) == number(&digits[9..]) && !is_dummy(&digits[..9])
}

fn is_inn(digits: &[u8]) -> bool {
    let check = |weights: &[u32], place: usize| weighted(&digits[..place], weights) % 11 % 10 == digit(digits[place]);
    check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 10) && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11) && !is_dummy(digits)
}

fn is_turkish(digits: &[u8]) -> bool {
    let sum = |places: &[usize]| places.iter().map(|place| digit(digits[*place])).sum::<u32>();
    let (odd, even) = (sum(&[0, 2, 4, 6, 8]), sum(&[1, 3, 5, 7]));
    let tenth = (7 * odd + 10 * 9 - even) % 10;
    digits[0] != b'0' && tenth == digit(digits[9]) && (odd + even + tenth) % 10 == digit(digits[10])
}

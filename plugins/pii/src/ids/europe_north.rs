//! The Nordic and Baltic countries.

use super::{Id, id};
use crate::check::{digit, is_day, is_ddmmyy, is_dummy, is_yymmdd, luhn, number, weighted};

/// The rows.
pub(super) static IDS: &[Id] = &[
    id!(
        "se-personnummer",
        "A Swedish personal identity number",
        "Skatteverket SKV 704: date and one check digit by Luhn; a plus from the hundredth birthday on",
        Critical,
        "SE",
        "9999999999|999999-9999|999999+9999",
        is_swedish,
        (0, 80, 95),
        "personnummer|pnr|personal identity|samordningsnummer|personal number"
    ),
    id!(
        "se-personnummer",
        "A Swedish personal identity number",
        "Skatteverket SKV 704: with the century; the bare digits are also a time to the minute",
        Critical,
        "SE",
        "999999999999|99999999-9999",
        is_swedish_with_century,
        (0, 75, 95),
        "personnummer|pnr|personal identity|samordningsnummer|personal number|id code"
    ),
    id!(
        "no-fodselsnummer",
        "A Norwegian birth number",
        "Skatteetaten: date (days from 41 on for D numbers) and two check digits modulo 11",
        Critical,
        "NO",
        "99999999999|999999 99999",
        is_norwegian,
        (65, 85, 95),
        "f\u{f8}dselsnummer|fodselsnummer|personnummer|d-nummer|fnr"
    ),
    id!(
        "dk-cpr",
        "A Danish personal identification number",
        "CPR-kontoret: date and a serial; since 2007 the check digit is not always kept to",
        Critical,
        "DK",
        "9999999999|999999-9999",
        is_danish,
        (0, 55, 92),
        "cpr|cpr-nummer|cpr-nr|personnummer"
    ),
    id!(
        "fi-hetu",
        "A Finnish personal identity code",
        "DVV: date, a sign for the century (new ones since 2023) and one of 31 check characters",
        Critical,
        "FI",
        "999999-999X|999999+999X|999999A999X",
        is_finnish,
        (92, 92, 97),
        "hetu|henkil\u{f6}tunnus|personbeteckning|personal identity code"
    ),
    id!(
        "ee-isikukood",
        "An Estonian or Lithuanian personal code",
        "EVS 585:2007; sex and century, date and one check digit modulo 11 in two stages",
        Critical,
        "EE",
        "99999999999",
        is_baltic,
        (0, 0, 92),
        "isikukood|asmens kodas|personal code"
    ),
];

/// Days of coordination numbers have 60 added.
fn is_swedish(digits: &[u8]) -> bool {
    let day = number(&digits[4..6]);
    let day = if day > 60 { day - 60 } else { day };
    is_day(number(&digits[2..4]), day) && luhn(digits)
}

fn is_swedish_with_century(digits: &[u8]) -> bool {
    matches!(number(&digits[..2]), 18..=20) && is_swedish(&digits[2..])
}

fn is_norwegian(digits: &[u8]) -> bool {
    let day = number(&digits[..2]);
    let month = number(&digits[2..4]);
    let is_date = is_day(if month > 40 { month - 40 } else { month }, if day > 40 { day - 40 } else { day });
    is_date
        && weighted(&digits[..10], &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

fn is_danish(digits: &[u8]) -> bool {
    is_ddmmyy(digits) && !is_dummy(digits)
}

fn is_finnish(characters: &[u8]) -> bool {
    // Where the sign of the century is a letter it stands among the characters.
    let (date, serial) = if characters.len() == 11 {
        if !matches!(characters[6], b'A'..=b'F' | b'U'..=b'Y') {
            return false;
        }
        (&characters[..6], &characters[7..10])
    } else {
        characters[..9].split_at(6)
    };
    let rest = (number(date) * 1000 + number(serial)) % 31;
    let signs = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let check = usize::try_from(rest).ok().and_then(|rest| signs.get(rest));
    is_ddmmyy(date) && number(serial) >= 2 && check == characters.last()
}

fn is_baltic(digits: &[u8]) -> bool {
    let first = weighted(&digits[..10], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = weighted(&digits[..10], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10;
    let check = if first == 10 { second } else { first };
    matches!(digits[0], b'1'..=b'8') && is_yymmdd(&digits[1..7]) && check == digit(digits[10])
}

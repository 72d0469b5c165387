//! North and South America.

use super::{Id, id, mod_11_down};
use crate::check::{digit, is_day, is_dummy, luhn, number, weighted};

/// The rows.
pub(super) static IDS: &[Id] = &[
    id!(
        "us-ssn",
        "A United States social security number",
        "SSA: randomisation of 2011, ssa.gov/employer/randomizationfaqs.html; no check digit",
        Critical,
        "US",
        "999999999|999-99-9999",
        is_ssn,
        (0, 85, 95),
        "ssn|ssns|social security|social security number|social security no|social sec|socialsecurity|soc sec|ss#|\
         seguro social|taxpayer id|tin"
    ),
    id!(
        "us-ssn",
        "A United States social security number",
        "SSA; spaces and dots are seldom, and other numbers have them too",
        Critical,
        "US",
        "999 99 9999|999.99.9999",
        is_ssn,
        (0, 65, 95),
        "ssn|social security|socialsecurity|soc sec|tin"
    ),
    id!(
        "us-itin",
        "A United States individual taxpayer identification number",
        "IRS: 900 to 999 with 50 to 65, 70 to 88, 90 to 92, 94 to 99 in the middle; no check digit",
        Critical,
        "US",
        "999999999|999-99-9999|999 99 9999",
        is_itin,
        (0, 85, 92),
        "itin|taxpayer|tax id|tin|individual taxpayer"
    ),
    id!(
        "us-medicare",
        "A United States Medicare beneficiary identifier",
        "CMS: MBI format, position by position; no check digit",
        High,
        "US",
        "9AX9AX9AA99|9AX9-AX9-AA99",
        is_mbi,
        (75, 92, 95),
        "mbi|medicare|beneficiary"
    ),
    id!(
        "ca-sin",
        "A Canadian social insurance number",
        "ESDC: one check digit by Luhn, no number begins with 0 or 8; thousands are written in the same groups",
        Critical,
        "CA",
        "999999999|999 999 999",
        is_sin,
        (0, 0, 95),
        "sin|social insurance|nas|assurance sociale|num\u{e9}ro d'assurance sociale"
    ),
    id!(
        "ca-sin",
        "A Canadian social insurance number",
        "ESDC: one check digit by Luhn; with hyphens thousands are not written",
        Critical,
        "CA",
        "999-999-999",
        is_sin,
        (0, 65, 95),
        "sin|social insurance|nas|assurance sociale"
    ),
    id!(
        "br-cpf",
        "A Brazilian taxpayer number (CPF)",
        "Receita Federal: two check digits modulo 11; one bare number in 100 passes",
        Critical,
        "BR",
        "99999999999|999.999.999-99",
        is_cpf,
        (0, 95, 95),
        "cpf|cadastro de pessoas|contribuinte"
    ),
    id!(
        "br-cnpj",
        "A Brazilian business number (CNPJ)",
        "Receita Federal: two check digits modulo 11",
        Low,
        "BR",
        "99999999999999|99.999.999/9999-99",
        is_cnpj,
        (0, 95, 95),
        "cnpj|cadastro nacional"
    ),
    id!(
        "mx-curp",
        "A Mexican population registry code (CURP)",
        "RENAPO: Instructivo normativo CURP 2006; date, sex, state and one check digit",
        Critical,
        "MX",
        "AAAA999999AAAAAAX9",
        is_curp,
        (97, 97, 98),
        "curp|registro de poblaci\u{f3}n"
    ),
    id!(
        "ar-cuit",
        "An Argentine tax number (CUIT, CUIL)",
        "AFIP: prefix and one check digit modulo 11",
        High,
        "AR",
        "99999999999|99-99999999-9",
        is_cuit,
        (0, 85, 92),
        "cuit|cuil|afip"
    ),
    id!(
        "cl-rut",
        "A Chilean identity number (RUT, RUN)",
        "Registro Civil: one check character modulo 11",
        High,
        "CL",
        "9999999X|99999999X|9999999-X|99999999-X",
        is_rut,
        (0, 0, 92),
        "rut|run|rol \u{fa}nico|c\u{e9}dula"
    ),
    id!(
        "cl-rut",
        "A Chilean identity number (RUT, RUN)",
        "Registro Civil: one check character modulo 11; the written form has dots and a hyphen",
        High,
        "CL",
        "9.999.999-X|99.999.999-X",
        is_rut,
        (0, 85, 92),
        "rut|run"
    ),
];

/// Area, group and serial of a social security number; and none of those that advertisements made unusable.
fn is_ssn(digits: &[u8]) -> bool {
    let (area, group, serial) = (number(&digits[..3]), number(&digits[3..5]), number(&digits[5..]));
    let is_void = matches!((area, group, serial), (78, 5, 1120) | (219, 9, 9999) | (457, 55, 5462));
    area != 0 && area != 666 && area < 900 && group != 0 && serial != 0 && !is_void && !is_dummy(digits)
}

fn is_sin(digits: &[u8]) -> bool {
    luhn(digits) && !matches!(digits[0], b'0' | b'8') && !is_dummy(digits)
}

fn is_itin(digits: &[u8]) -> bool {
    digits[0] == b'9' && !is_dummy(digits) && matches!(number(&digits[3..5]), 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

/// Letters of an MBI are none of S, L, O, I, B and Z.
fn is_mbi(characters: &[u8]) -> bool {
    characters[0] != b'0' && !characters.iter().any(|byte| matches!(byte, b'S' | b'L' | b'O' | b'I' | b'B' | b'Z'))
}

/// A check digit that is 0 where the rest is 0 or 1.
fn brazilian(digits: &[u8], weights: &[u32]) -> bool {
    mod_11_down(digits, weights, 0)
}

fn is_cpf(digits: &[u8]) -> bool {
    brazilian(&digits[..10], &[10, 9, 8, 7, 6, 5, 4, 3, 2])
        && brazilian(digits, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
        && !is_dummy(digits)
}

fn is_cnpj(digits: &[u8]) -> bool {
    brazilian(&digits[..13], &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
        && brazilian(digits, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
        && !is_dummy(digits)
}

/// Initials, date, sex, state, consonants, a character that tells namesakes apart, and a check digit over values in an
/// alphabet with an N that has a tilde.
fn is_curp(characters: &[u8]) -> bool {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => digit(byte),
        b'A'..=b'N' => u32::from(byte - b'A') + 10,
        _ => u32::from(byte - b'A') + 11,
    };
    let sum: u32 = (2..=18).rev().zip(characters).map(|(weight, byte)| weight * value(*byte)).sum();
    is_day(number(&characters[6..8]), number(&characters[8..10]))
        && matches!(characters[10], b'H' | b'M' | b'X')
        && (10 - sum % 10) % 10 == digit(characters[17])
}

fn is_cuit(digits: &[u8]) -> bool {
    matches!(number(&digits[..2]), 20 | 23..=27 | 30 | 33 | 34 | 50 | 51 | 55)
        && mod_11_down(digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 9)
}

fn is_rut(characters: &[u8]) -> bool {
    let Some((last, digits)) = characters.split_last() else { return false };
    let mut weights = [0; 8];
    for (weight, value) in weights[..digits.len()].iter_mut().rev().zip([2, 3, 4, 5, 6, 7, 2, 3]) {
        *weight = value;
    }
    let check = (11 - weighted(digits, &weights) % 11) % 11;
    digits[0] != b'0'
        && if check == 10 { *last == b'K' } else { last.is_ascii_digit() && digit(*last) == check }
        && !is_dummy(digits)
}

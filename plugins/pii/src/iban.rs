//! International bank account numbers.
//!
//! ISO 13616-1: a country, two check digits by MOD 97-10 of ISO/IEC 7064, and a basic account number whose length and
//! structure each country has given to the registry that SWIFT keeps. One in 97 random texts of the right form passes.

use guardhouse_guard::Severity;

use crate::check;
use crate::rule::{Kind, Rule};
use crate::text::Joiner;
use crate::written::Prefix;

/// The rule.
pub(crate) const IBAN: Rule = Rule {
    id: "iban",
    what: "An international bank account number (IBAN)",
    source: "ISO 13616-1; SWIFT IBAN registry, release 101",
    kind: Kind::BankAccount,
    severity: Severity::High,
};

/// Percent. Country, length, structure and two check digits leave next to nothing to chance.
pub(crate) const SURE: u8 = 99;

/// The structure of each country's basic account number in runs of a length and a kind: `n` digits, `a` letters, `c` either.
const COUNTRIES: &[(&str, &str)] = &[
    ("AD", "8n12c"),
    ("AE", "19n"),
    ("AL", "8n16c"),
    ("AT", "16n"),
    ("AZ", "4a20c"),
    ("BA", "16n"),
    ("BE", "12n"),
    ("BG", "4a6n8c"),
    ("BH", "4a14c"),
    ("BI", "23n"),
    ("BR", "23n1a1c"),
    ("BY", "4c4n16c"),
    ("CH", "5n12c"),
    ("CR", "18n"),
    ("CY", "8n16c"),
    ("CZ", "20n"),
    ("DE", "18n"),
    ("DJ", "23n"),
    ("DK", "14n"),
    ("DO", "4c20n"),
    ("EE", "16n"),
    ("EG", "25n"),
    ("ES", "20n"),
    ("FI", "14n"),
    ("FK", "2a12n"),
    ("FO", "14n"),
    ("FR", "10n11c2n"),
    ("GB", "4a14n"),
    ("GE", "2a16n"),
    ("GI", "4a15c"),
    ("GL", "14n"),
    ("GR", "7n16c"),
    ("GT", "24c"),
    ("HN", "4a20n"),
    ("HR", "17n"),
    ("HU", "24n"),
    ("IE", "4a14n"),
    ("IL", "19n"),
    ("IQ", "4a15n"),
    ("IS", "22n"),
    ("IT", "1a10n12c"),
    ("JO", "4a4n18c"),
    ("KW", "4a22c"),
    ("KZ", "3n13c"),
    ("LB", "4n20c"),
    ("LC", "4a24c"),
    ("LI", "5n12c"),
    ("LT", "16n"),
    ("LU", "3n13c"),
    ("LV", "4a13c"),
    ("LY", "21n"),
    ("MC", "10n11c2n"),
    ("MD", "20c"),
    ("ME", "18n"),
    ("MK", "3n10c2n"),
    ("MN", "16n"),
    ("MR", "23n"),
    ("MT", "4a5n18c"),
    ("MU", "4a19n3a"),
    ("NI", "4a20n"),
    ("NL", "4a10n"),
    ("NO", "11n"),
    ("OM", "3n16c"),
    ("PK", "4a16c"),
    ("PL", "24n"),
    ("PS", "4a21c"),
    ("PT", "21n"),
    ("QA", "4a21c"),
    ("RO", "4a16c"),
    ("RS", "18n"),
    ("RU", "14n15c"),
    ("SA", "2n18c"),
    ("SC", "4a20n3a"),
    ("SD", "14n"),
    ("SE", "20n"),
    ("SI", "15n"),
    ("SK", "20n"),
    ("SM", "1a10n12c"),
    ("SO", "19n"),
    ("ST", "21n"),
    ("SV", "4a20n"),
    ("TL", "19n"),
    ("TN", "20n"),
    ("TR", "6n16c"),
    ("UA", "6n19c"),
    ("VA", "18n"),
    ("VG", "4a16n"),
    ("XK", "16n"),
    ("YE", "4a4n18c"),
];

/// Whether this is an IBAN.
pub(crate) fn is_iban(prefix: &Prefix) -> bool {
    let [first, second, b'0'..=b'9', b'0'..=b'9', account @ ..] = prefix.characters else { return false };
    let country = [*first, *second];
    let Ok(index) = COUNTRIES.binary_search_by(|(code, _)| code.as_bytes().cmp(&country)) else { return false };
    let is_written = prefix.is_joined_alike() && !prefix.has(Joiner::Slash) && prefix.groups()[0] >= 4;
    is_written
        && has_structure(account, COUNTRIES[index].1)
        && check::mod_97(account.iter().chain(&prefix.characters[..4]).copied())
}

/// Whether an account number has a structure, and nothing behind it.
fn has_structure(mut account: &[u8], structure: &str) -> bool {
    let mut length = 0;
    for byte in structure.bytes() {
        if byte.is_ascii_digit() {
            length = length * 10 + usize::from(byte - b'0');
            continue;
        }
        let Some((run, rest)) = account.split_at_checked(length) else { return false };
        let fits = match byte {
            b'n' => run.iter().all(u8::is_ascii_digit),
            b'a' => run.iter().all(u8::is_ascii_alphabetic),
            _ => true,
        };
        if !fits {
            return false;
        }
        (account, length) = (rest, 0);
    }
    account.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_in_order_and_their_numbers_short_enough() {
        assert!(COUNTRIES.is_sorted_by(|left, right| left.0 < right.0));
        for (country, structure) in COUNTRIES {
            let lengths = structure.split(|character: char| character.is_ascii_alphabetic());
            let length: usize = lengths.filter_map(|length| length.parse::<usize>().ok()).sum();
            assert!((11..=30).contains(&length), "{country}");
        }
    }
}

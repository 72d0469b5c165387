//! Numbers of payment cards.
//!
//! ISO/IEC 7812-1: an issuer identification number, the account, and a check digit by Luhn's formula, 19 digits at most.
//! A number counts only in a range that a network issues, at a length that this network uses, since one random number in
//! ten has a valid check digit.

use guardhouse_guard::Severity;

use crate::check;
use crate::near::Words;
use crate::rule::{Kind, Rule, Sure};
use crate::text::Joiner;
use crate::written::Prefix;

/// The rule.
pub(crate) const CARD: Rule = Rule {
    id: "payment-card",
    what: "The number of a payment card",
    source: "ISO/IEC 7812-1 annex B; issuer ranges of the networks (Visa, Mastercard, American Express, Discover, JCB, \
             UnionPay, Mir, RuPay, Troy, Verve, Dankort)",
    kind: Kind::PaymentCard,
    severity: Severity::High,
};

/// A range of first digits that a network issues.
struct Range {
    /// The first six digits of its first number.
    from: u64,
    /// The first six digits of its last.
    to: u64,
    /// The usual length of a number.
    usual: usize,
    /// The longest. Other lengths than the usual count only with a name nearby or in groups.
    longest: usize,
}

/// The range of numbers that begin with `from` to `to`, both of this many digits.
const fn range(from: u64, to: u64, digits: u32, usual: usize, longest: usize) -> Range {
    let rest = 10_u64.pow(6 - digits);
    Range { from: from * rest, to: to * rest + rest - 1, usual, longest }
}

/// The ranges, in no order that matters.
const RANGES: &[Range] = &[
    range(4, 4, 1, 16, 19),             // Visa; 13 on its oldest cards
    range(51, 55, 2, 16, 16),           // Mastercard
    range(2221, 2720, 4, 16, 16),       // Mastercard, since 2017
    range(34, 34, 2, 15, 15),           // American Express
    range(37, 37, 2, 15, 15),           // American Express
    range(6011, 6011, 4, 16, 19),       // Discover
    range(644, 659, 3, 16, 19),         // Discover; RuPay, Troy and Verve within
    range(300, 305, 3, 14, 19),         // Diners Club
    range(3095, 3095, 4, 14, 19),       // Diners Club
    range(36, 36, 2, 14, 19),           // Diners Club
    range(38, 39, 2, 14, 19),           // Diners Club
    range(3528, 3589, 4, 16, 19),       // JCB
    range(62, 62, 2, 16, 19),           // UnionPay
    range(2200, 2204, 4, 16, 19),       // Mir
    range(5018, 5018, 4, 16, 19),       // Maestro
    range(5019, 5019, 4, 16, 16),       // Dankort
    range(5020, 5020, 4, 16, 19),       // Maestro
    range(5038, 5038, 4, 16, 19),       // Maestro
    range(5893, 5893, 4, 16, 19),       // Maestro
    range(6304, 6304, 4, 16, 19),       // Maestro
    range(6759, 6763, 4, 16, 19),       // Maestro
    range(508_500, 508_999, 6, 16, 16), // RuPay
    range(607, 608, 3, 16, 16),         // RuPay
    range(81, 82, 2, 16, 16),           // RuPay; UnionPay within
    range(9792, 9792, 4, 16, 16),       // Troy
    range(506_099, 506_198, 6, 16, 19), // Verve
    range(507_865, 507_964, 6, 16, 19), // Verve
];

/// The groups in which the numbers of each length are printed.
const GROUPS: &[&[usize]] = &[
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 3],
    &[4, 4, 4, 2],
    &[6, 13],
    &[8, 8],
    &[4, 3, 3, 3],
];

/// Bare: one number of 16 digits in 50 passes by chance, and numbers of 16 digits that begin so are rare elsewhere; other
/// lengths than the usual are also those of identifiers made of a time, and need more.
pub(crate) const SURE: Sure = Sure { bare: 88, written: 97, named: 98 };

/// What a card is called.
pub(crate) const WORDS: Words = Words::new(
    "card|cards|cc|ccn|pan|credit|debit|visa|mastercard|amex|american express|maestro|unionpay|diners|discover|jcb|\
     creditcard|cardnumber|kreditkarte|kreditkartennummer|kartennummer|karte|carte|carte bancaire|tarjeta|\
     cart\u{e3}o|cartao|carta|creditcardnummer|kaart|karta|karty|kort|kortnummer|kortti|kart|\
     \u{43a}\u{430}\u{440}\u{442}\u{430}|\u{43a}\u{430}\u{440}\u{442}\u{44b}|\u{41a}\u{430}\u{440}\u{442}\u{430}|\
     \u{5361}\u{53f7}|\u{4fe1}\u{7528}\u{5361}|\u{94f6}\u{884c}\u{5361}|\u{30ab}\u{30fc}\u{30c9}|\u{ce74}\u{b4dc}|\
     \u{628}\u{637}\u{627}\u{642}\u{629}",
);

/// How much speaks for a number being that of a card: its digits alone at a usual length, or only with more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Card {
    /// At the usual length of its range.
    Usual,
    /// At another that occurs.
    Unusual,
}

/// Whether this is a card's number.
pub(crate) fn card(prefix: &Prefix) -> Option<Card> {
    let digits = prefix.characters;
    if !(12..=19).contains(&digits.len()) || !prefix.is_digits() {
        return None;
    }
    let first = check::number(&digits[..6]);
    let is_in = |range: &&Range| (range.from..=range.to).contains(&first) && digits.len() <= range.longest;
    let range = RANGES.iter().find(is_in)?;
    let is_card = check::luhn(digits) && !check::is_dummy(digits);
    let may_be_short = digits.len() >= if digits[0] == b'4' { 13 } else { range.usual };
    (is_card && may_be_short).then_some(if digits.len() == range.usual { Card::Usual } else { Card::Unusual })
}

/// Whether its groups are those of a card.
pub(crate) fn is_printed(prefix: &Prefix) -> bool {
    let groups = prefix.groups();
    let count = groups.iter().take_while(|length| **length > 0).count();
    prefix.is_joined_alike() && !prefix.has(Joiner::Slash) && GROUPS.contains(&&groups[..count])
}

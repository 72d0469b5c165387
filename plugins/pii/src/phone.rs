//! Phone numbers.
//!
//! Digits alone are no phone number: what speaks for one is a plus and a country code (E.164), the groups that people
//! write (E.123), or a word nearby.
//!
//! * `countries`: the country codes and how long their numbers are.
//! * `groups`: reading what is written.

use std::ops::Range;

use guardhouse_guard::Severity;

use crate::check;
use crate::near::Words;
use crate::rule::{Kind, Rule};
use crate::text::{Joiner, Text};

mod countries;
mod groups;

use groups::Groups;

/// A number with its country code.
pub(crate) const INTERNATIONAL: Rule = Rule {
    id: "phone-international",
    what: "A phone number with its country code",
    source: "ITU-T E.164 and the list of assigned country codes; ITU-T E.123 for the written form",
    kind: Kind::Phone,
    severity: Severity::Medium,
};

/// A number of the North American Numbering Plan.
pub(crate) const NANP: Rule = Rule {
    id: "phone-nanp",
    what: "A North American phone number",
    source: "NANPA: area codes and exchanges begin with 2 to 9; ATIS-0300051 for N11 and N9X",
    kind: Kind::Phone,
    severity: Severity::Medium,
};

/// A number in the groups of some national plan.
pub(crate) const NATIONAL: Rule = Rule {
    id: "phone-national",
    what: "A phone number in a national form",
    source: "ITU-T E.123 section 2 (trunk prefix 0, area code in brackets); national numbering plans",
    kind: Kind::Phone,
    severity: Severity::Medium,
};

/// A number beside a word that says that it is one.
pub(crate) const NAMED: Rule = Rule {
    id: "phone-named",
    what: "A phone number, by the words beside it",
    source: "ITU-T E.164: at most 15 digits; subscriber numbers have 7 or more nearly everywhere",
    kind: Kind::Phone,
    severity: Severity::Medium,
};

/// What a phone number is called.
const WORDS: Words = Words::new(
    "phone|phone number|phoneno|telephone|tel|tele|mobile|mob|cell|cellphone|cellular|landline|fax|whatsapp|sms|\
     viber|call me|call us|call him|call her|call them|call at|call on|call back|callback|can call|please call|dial|\
     text me|ring me|reach me|reach us|reach him|reach her|reached at|reach you|contact number|contact me|contact us|\
     hotline|helpline|telefon|telefonnummer|telefonnr|rufnummer|handy|handynummer|mobil|mobilnummer|mobiltelefon|\
     festnetz|t\u{e9}l\u{e9}phone|t\u{e9}l|portable|num\u{e9}ro de t\u{e9}l\u{e9}phone|fixe|tel\u{e9}fono|telefono|\
     m\u{f3}vil|movil|celular|fijo|telefone|telem\u{f3}vel|cellulare|telefoon|telefoonnummer|gsm|mobiel|kom\u{f3}rka|\
     kom\u{f3}rkowy|puhelin|puhelinnumero|cep|cep telefonu|\u{442}\u{435}\u{43b}\u{435}\u{444}\u{43e}\u{43d}|\
     \u{422}\u{435}\u{43b}\u{435}\u{444}\u{43e}\u{43d}|\u{442}\u{435}\u{43b}|\u{422}\u{435}\u{43b}|\
     \u{43c}\u{43e}\u{431}|\u{7535}\u{8bdd}|\u{96fb}\u{8a71}|\u{624b}\u{673a}|\u{624b}\u{6a5f}|\u{643a}\u{5e2f}|\
     \u{96fb}\u{8a71}\u{756a}\u{53f7}|\u{c804}\u{d654}|\u{d734}\u{b300}\u{d3f0}|\u{c5f0}\u{b77d}\u{cc98}|\
     \u{647}\u{627}\u{62a}\u{641}|\u{62c}\u{648}\u{627}\u{644}|\u{92b}\u{93c}\u{94b}\u{928}|\
     \u{92e}\u{94b}\u{92c}\u{93e}\u{907}\u{932}|\u{9ab}\u{9cb}\u{9a8}|\u{5d8}\u{5dc}\u{5e4}\u{5d5}\u{5df}|\
     \u{e42}\u{e17}\u{e23}|s\u{111}t",
);

/// What was found: its rule, place and certainty in percent.
pub(crate) type Found = (&'static Rule, Range<usize>, u8);

/// The phone number whose first digit stands at `start`, where a group of digits begins.
pub(crate) fn find(text: &Text, start: usize) -> Option<Found> {
    let groups = Groups::read(text, start);
    let is_first = !groups.follows_number;
    if groups.has_plus {
        return international(text, &groups, 0);
    }
    if is_first && groups.digits().starts_with(b"00") && groups.lengths().len() > 1 {
        return international(text, &groups, 2);
    }
    let written = if is_first { nanp(text, &groups).or_else(|| national(text, &groups)) } else { None };
    let named = named(text, &groups);
    match (written, named) {
        // The word makes what the form already says surer.
        (Some((rule, span, sure)), Some((_, other, _))) if other.end <= span.end => Some((rule, span, sure.max(90))),
        (written, named) => written.or(named),
    }
}

/// A number behind a plus, or behind `00`, of which `skip` digits are no part of it.
fn international(text: &Text, groups: &Groups, skip: usize) -> Option<Found> {
    let digits = groups.digits().get(skip..)?;
    let (code, shortest, longest) = countries::of(digits)?;
    let fits = |count: usize| {
        let national = &digits[code..count - skip];
        (shortest..=longest).contains(&national.len())
            && (code != 1 || digits[0] != b'1' || is_nanp(national))
            && !check::is_dummy(national)
    };
    let count = groups.prefixes(text).filter(|(count, _)| *count > code + skip && fits(*count)).last()?;
    let lengths = groups.lengths_up_to(count.0);
    // `+12.3456789` is a coordinate.
    let is_decimal = lengths.len() == 2 && groups.joiner(0) == Some(Joiner::Dot);
    let sure = if skip > 0 { 70 } else { 90 };
    (!is_decimal).then_some((&INTERNATIONAL, groups.start..count.1, sure))
}

/// A number of the North American plan in its groups: `(212) 555-0123`, `212-555-0123`, `1.212.555.0123`.
fn nanp(text: &Text, groups: &Groups) -> Option<Found> {
    let (skip, wanted): (usize, &[usize]) = match groups.lengths() {
        [1, 3, 3, 4, ..] if groups.digits()[0] == b'1' => (1, &[1, 3, 3, 4]),
        _ => (0, &[3, 3, 4]),
    };
    let total = 10 + skip;
    let (_, end) = groups.prefixes(text).find(|(count, _)| *count == total)?;
    if groups.lengths_up_to(total) != wanted || !is_nanp(&groups.digits()[skip..total]) {
        return None;
    }
    let last = wanted.len() - 2;
    let is_alike = groups.joiner(last) == groups.joiner(last - 1);
    let sure = if groups.has_brackets {
        85
    } else {
        match groups.joiner(last)? {
            Joiner::Hyphen => 80,
            Joiner::Dot if is_alike => 75,
            Joiner::Space if is_alike => 60,
            _ => return None,
        }
    };
    Some((&NANP, groups.start..end, sure))
}

/// Whether ten digits can be a number of the North American plan: neither the area nor the exchange begins with 0 or 1 or
/// is a service code such as 911, no area has 9 in the middle, and they are not one digit over and over.
fn is_nanp(digits: &[u8]) -> bool {
    let &[area, middle, area_end, exchange, x, exchange_end, ..] = digits else { return false };
    digits.len() == 10
        && area >= b'2'
        && exchange >= b'2'
        && middle != b'9'
        && (middle, area_end) != (b'1', b'1')
        && (x, exchange_end) != (b'1', b'1')
        && !check::is_dummy(digits)
}

/// A number in the groups of another national plan.
fn national(text: &Text, groups: &Groups) -> Option<Found> {
    let fits = |(count, end): (usize, usize)| {
        let sure = national_form(groups, count)?;
        Some((&NATIONAL, groups.start..end, sure))
    };
    groups.prefixes(text).filter_map(fits).last()
}

/// How sure the first `count` digits are in the form of a national plan.
fn national_form(groups: &Groups, count: usize) -> Option<u8> {
    let digits = &groups.digits()[..count];
    let lengths = groups.lengths_up_to(count);
    let (first, rest) = lengths.split_first()?;
    if rest.is_empty() || check::is_dummy(digits) {
        return None;
    }
    let dots = (0..rest.len()).filter(|at| groups.joiner(*at) == Some(Joiner::Dot)).count();
    let slashes = (1..rest.len()).any(|at| groups.joiner(at) == Some(Joiner::Slash));
    // Dots separate the pairs of France and Belgium; else they are of dates and versions. A slash stands behind the area.
    if slashes || dots > 0 && (dots != rest.len() || rest.len() < 3) {
        return None;
    }
    if groups.has_brackets {
        // An area in brackets: Brazil, Germany, Italy and many more.
        let is_number = (8..=11).contains(&count) && (2..=5).contains(first) && (1..=4).contains(&rest.len());
        let is_trunk = matches!(lengths, [1, 2..=4, ..]) && digits[0] == b'0' && (9..=11).contains(&count);
        return (is_number && rest.iter().all(|length| *length >= 2) || is_trunk).then_some(65);
    }
    let is_trunk = digits[0] == b'0' && digits[1] != b'0' && (2..=5).contains(first);
    match lengths {
        // France and others: 0x xx xx xx xx, but not 01 02 03 04 05.
        [2, 2, 2, 2, 2] if is_trunk => {
            let pairs = |index: usize| check::number(&digits[2 * index..2 * index + 2]);
            (0..4).any(|index| pairs(index) + 1 != pairs(index + 1)).then_some(80)
        }
        // Turkey: 0 532 123 45 67.
        [1, 3, 3, 2, 2] if digits[0] == b'0' && digits[1] != b'0' => Some(70),
        // Groups of American social security numbers, and of thousands.
        [2 | 3, 2, 4] | [3, 3, 3] | [4, 2, 2] => None,
        // The trunk prefix and three groups or more; dates and numbers of books (ISBN) have other groups.
        _ if is_trunk
            && rest.len() >= 2
            && (9..=11).contains(&count)
            && rest.iter().all(|length| (2..=5).contains(length)) =>
        {
            Some(70)
        }
        // An area and a number: 030 12345678, 0171/1234567, 09-7625400.
        [_, 5..=8] if is_trunk && (9..=12).contains(&count) => Some(60),
        // Russia: 8 912 345-67-89. China: 138 1234 5678.
        [1, 3, 3, 2, 2] if digits[0] == b'8' => Some(75),
        [3, 4, 4] if digits[0] == b'1' && digits[1] >= b'3' => Some(70),
        _ => None,
    }
}

/// A number of 7 to 15 digits beside a word for it.
fn named(text: &Text, groups: &Groups) -> Option<Found> {
    let fits = |(count, _): &(usize, usize)| {
        let lengths = groups.lengths_up_to(*count);
        let digits = &groups.digits()[..*count];
        let is_date = match *lengths {
            [4, 2, 2] | [8] => {
                check::is_day(check::number(&digits[4..6]), check::number(&digits[6..8])) && digits[0] <= b'2'
            }
            [2, 2, 4] => {
                check::is_day(check::number(&digits[..2]), check::number(&digits[2..4])) || check::is_ddmmyy(digits)
            }
            _ => false,
        };
        let is_decimal = lengths.len() == 2 && groups.joiner(0) == Some(Joiner::Dot);
        let is_address = lengths.len() == 4 && (0..3).all(|at| groups.joiner(at) == Some(Joiner::Dot));
        (7..=15).contains(count) && !is_date && !is_decimal && !is_address && !check::is_dummy(digits)
    };
    let (_, end) = groups.prefixes(text).filter(fits).last()?;
    WORDS.are_near(text, groups.start, end).then_some((&NAMED, groups.start..end, 75))
}

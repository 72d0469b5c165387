//! Dates of birth: dates beside a word that says so. Most dates are nobody's birthday.

use std::ops::Range;

use guardhouse_guard::Severity;

use crate::check;
use crate::near::Words;
use crate::rule::{Kind, Rule};
use crate::text::{Joiner, Text};

/// The rule.
pub(crate) const BIRTH: Rule = Rule {
    id: "birth-date",
    what: "A date of birth",
    source: "ISO 8601-1 and the dates of the languages listed; GDPR article 4(1)",
    kind: Kind::BirthDate,
    severity: Severity::Medium,
};

/// Percent: the word may speak of another date of its line.
pub(crate) const SURE: u8 = 80;

/// The longest date with a month's name that is looked for.
const LONGEST_MONTH: usize = 12;

/// What a birth is called.
const WORDS: Words = Words::new(
    "birth|birthdate|birthday|birth date|dateofbirth|date_of_birth|dob|d.o.b|born|bday|geboren|geburtsdatum|\
     geburtstag|geb|n\u{e9} le|n\u{e9}e le|naissance|nacimiento|nacido|nacida|naci\u{f3}|nascimento|nascido|nascida|\
     nasceu|nascita|nato|nata|geboortedatum|urodzenia|urodzony|urodzona|f\u{f8}dt|f\u{f8}dselsdato|f\u{f6}dd|\
     f\u{f6}delsedatum|syntym\u{e4}aika|syntynyt|narozen\u{ed}|sz\u{fc}let\u{e9}si|do\u{11f}um|\
     \u{440}\u{43e}\u{436}\u{434}\u{435}\u{43d}\u{438}\u{44f}|\u{440}\u{43e}\u{434}\u{438}\u{43b}\u{441}\u{44f}|\
     \u{440}\u{43e}\u{434}\u{438}\u{43b}\u{430}\u{441}\u{44c}|\u{51fa}\u{751f}|\u{751f}\u{5e74}\u{6708}\u{65e5}|\
     \u{8a95}\u{751f}\u{65e5}|\u{751f}\u{65e5}|\u{c0dd}\u{b144}\u{c6d4}\u{c77c}|\
     \u{627}\u{644}\u{645}\u{64a}\u{644}\u{627}\u{62f}|\u{91c}\u{928}\u{94d}\u{92e}",
);

/// Months in English, German, French, Spanish, Italian, Portuguese and Dutch, by their first letters: what follows them in
/// a word is not looked at. Those with an accent stand as they are written.
const MONTHS: &[&str] = &[
    "jan", "feb", "f\u{e9}v", "mar", "m\u{e4}r", "maa", "mrt", "apr", "avr", "abr", "may", "mai", "mei", "mag", "jun",
    "juin", "giu", "jul", "juil", "lug", "aug", "ao\u{fb}", "ago", "sep", "set", "oct", "okt", "ott", "out", "nov",
    "dec", "d\u{e9}c", "dez", "dic", "ene", "gen",
];

/// What was found: its place and certainty.
pub(crate) type Found = (&'static Rule, Range<usize>, u8);

/// The date of birth whose first digit stands at `start`.
pub(crate) fn find(text: &Text, start: usize) -> Option<Found> {
    let (first, after) = digits(text, start)?;
    let span = match text.joiner(after) {
        Some((joiner @ (Joiner::Hyphen | Joiner::Slash | Joiner::Dot), length))
            if text.at(after + length).is_ascii_digit() =>
        {
            start..numeric(text, (first, after - start), joiner, after + length)?
        }
        _ if after - start <= 2 => with_month(text, start, first, after)?,
        _ => return None,
    };
    let is_free = !text.at(span.end).is_ascii_alphanumeric();
    (is_free && WORDS.are_near(text, span.start, span.end)).then_some((&BIRTH, span, SURE))
}

/// Where the month begins that ends before the space in front of `start`.
pub(crate) fn month_before(text: &Text, start: usize) -> Option<usize> {
    let (Joiner::Space, length) = text.joiner_before(start)? else { return None };
    let behind = text.behind(start - length, LONGEST_MONTH);
    let behind = behind.strip_suffix(b".").map_or(behind, |rest| rest);
    let word = behind.iter().rev().take_while(|byte| is_letter(**byte)).count();
    let end = start - length - usize::from(text.before(start - length) == b'.');
    is_month(&behind[behind.len() - word..]).then(|| end - word)
}

/// The number that up to four digits say, and where they end.
fn digits(text: &Text, start: usize) -> Option<(u64, usize)> {
    let mut end = start;
    while text.at(end).is_ascii_digit() {
        end += 1;
        if end - start > 4 {
            return None;
        }
    }
    (end > start).then(|| (check::number(&text.bytes()[start..end]), end))
}

/// Where a date in digits ends: `1985-03-12`, `12.3.1985`, `3/12/85`. The first number, with its length, is read.
fn numeric(text: &Text, first: (u64, usize), joiner: Joiner, second: usize) -> Option<usize> {
    let (middle, end) = digits(text, second)?;
    let (again, length) = text.joiner(end)?;
    let (last, done) = digits(text, end + length)?;
    let lengths = (first.1, end - second, done - end - length);
    let is_date = match lengths {
        (4, 1 | 2, 1 | 2) => is_year(first.0) && check::is_day(middle, last),
        (1 | 2, 1 | 2, 2 | 4) => {
            (lengths.2 == 2 || is_year(last)) && (check::is_day(middle, first.0) || check::is_day(first.0, middle))
        }
        _ => false,
    };
    let follows =
        text.joiner(done).is_some_and(|(next, length)| next == joiner && text.at(done + length).is_ascii_digit());
    (again == joiner && is_date && !follows).then_some(done)
}

/// The date with a month's name around the day that was read: `12 March 1985`, `12. März 1985`, `12 de marzo de 1985`,
/// `March 12th, 1985`.
fn with_month(text: &Text, start: usize, day: u64, after: usize) -> Option<Range<usize>> {
    if !(1..=31).contains(&day) {
        return None;
    }
    let mut at = after;
    for ordinal in [b"st", b"nd", b"rd", b"th"] {
        if text.at(at) == ordinal[0] && text.at(at + 1) == ordinal[1] {
            at += 2;
            break;
        }
    }
    if let Some(month) = month_before(text, start) {
        at += usize::from(text.at(at) == b',');
        let (Joiner::Space, length) = text.joiner(at)? else { return None };
        return Some(month..year(text, at + length)?);
    }
    at += usize::from(text.at(at) == b'.');
    let at = word_of(text, space(text, at)?);
    let end = word(text, at);
    if !is_month(&text.bytes()[at..end]) {
        return None;
    }
    let end = end + usize::from(matches!(text.at(end), b'.' | b','));
    Some(start..year(text, word_of(text, space(text, end)?))?)
}

/// Behind a space.
fn space(text: &Text, at: usize) -> Option<usize> {
    text.joiner(at).filter(|(joiner, _)| *joiner == Joiner::Space).map(|(_, length)| at + length)
}

/// Behind `de ` or `of `, if it stands at `at`.
fn word_of(text: &Text, at: usize) -> usize {
    let is_of = matches!((text.at(at), text.at(at + 1), text.at(at + 2)), (b'd', b'e', b' ') | (b'o', b'f', b' '));
    at + if is_of { 3 } else { 0 }
}

/// Where a word ends that is not longer than a month.
fn word(text: &Text, start: usize) -> usize {
    let mut end = start;
    while end - start < LONGEST_MONTH && is_letter(text.at(end)) {
        end += 1;
    }
    end
}

/// Where the year at `start` ends.
fn year(text: &Text, start: usize) -> Option<usize> {
    let (value, end) = digits(text, start)?;
    (end - start == 4 && is_year(value)).then_some(end)
}

/// Whether someone who lives, or is remembered, can be born in a year.
fn is_year(year: u64) -> bool {
    (1850..=2099).contains(&year)
}

/// Whether a byte is of a letter.
const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// Whether a word is a month: it begins as one, and is not much longer than its name can be.
fn is_month(word: &[u8]) -> bool {
    word.len() < LONGEST_MONTH
        && MONTHS
            .iter()
            .any(|month| word.get(..month.len()).is_some_and(|head| head.eq_ignore_ascii_case(month.as_bytes())))
}

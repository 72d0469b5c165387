//! Forms: numbers, dates, times and grouped identifiers, which are the same however they are written.
//!
//! | form | written | known as |
//! | --- | --- | --- |
//! | number | `1,250.00` `1.250,00` `1'250` `1250.0` `10kg` | `1250`; where a separator may be either, both |
//! | date | `2022-03-05` `05.03.2022` `3/5/22` `March 5th, 2022` `5 de marzo` | `2022-03-05`; day and month may be either where they are written with `/` |
//! | time | `17:00` `5pm` `5:00 p.m.` | `17:00` |
//! | grouped | `DE89 3704 0044` `+49 (170) 123-456` `4711-0815` | its letters and digits, without what is between |
//!
//! A date without a year is the same as one of any year. Names of months are those of English, German, French, Spanish, Italian,
//! Portuguese and Dutch, whole or as their first three letters. Signs, currencies and units are no part of a number.

use std::ops::Range;

/// What a text is the form of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Number,
    Date,
    Time,
    Grouped,
}

/// Letters and digits that a grouped identifier has: an order number has 6, an IBAN at most 34 (ISO 13616).
const GROUPED: Range<usize> = 6..35;
/// Groups of one identifier, or of one number.
const MAX_GROUPS: usize = 12;
/// Digits of a number.
const MAX_DIGITS: usize = 30;

/// What a date that was written with a year is known by besides, to be found by one without.
const ANY: &str = "any";
/// What stands for the year of a date without one.
const NONE: &str = "none";

/// January first.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janvier", "enero", "gennaio", "janeiro", "januari"],
    &["february", "februar", "février", "febrero", "febbraio", "fevereiro", "februari"],
    &["march", "märz", "mars", "marzo", "março", "maart", "mrz"],
    &["april", "avril", "abril", "aprile", "avr"],
    &["may", "mai", "mayo", "maggio", "maio", "mei"],
    &["june", "juni", "juin", "junio", "giugno", "junho"],
    &["july", "juli", "juillet", "julio", "luglio", "julho"],
    &["august", "août", "agosto", "augustus"],
    &["september", "septembre", "septiembre", "settembre", "setembro", "sept"],
    &["october", "oktober", "octobre", "octubre", "ottobre", "outubro"],
    &["november", "novembre", "noviembre", "novembro"],
    &["december", "dezember", "décembre", "diciembre", "dicembre", "dezembro"],
];

/// Gives every form in a text, and where it stands. Plain whole numbers are not among them: they are words.
pub(super) fn forms(text: &str, mut each: impl FnMut(Form, &str, Range<usize>)) {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut at = 0;
    while let Some(group) = next_group(text, at) {
        at = group.span.end;
        let joins = groups.last().is_some_and(|last| joins(text, last, &group));
        if !joins || groups.len() >= MAX_GROUPS {
            cluster(text, &groups, &mut each);
            groups.clear();
        }
        groups.push(group);
    }
    cluster(text, &groups, &mut each);
}

/// The forms of a text that is nothing else.
pub(super) fn of_value(text: &str) -> Vec<(Form, String)> {
    let text = text.trim();
    let mut found = Vec::new();
    let is_outside = |outside: Option<&str>| {
        outside.is_some_and(|outside| outside.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '@' | '_')))
    };
    forms(text, |form, canonical, span| {
        // A value with a year is not meant for any.
        let is_any = form == Form::Date && canonical.starts_with(ANY);
        if !is_any && is_outside(text.get(..span.start)) && is_outside(text.get(span.end..)) {
            found.push((form, canonical.to_owned()));
        }
    });
    // Not a word in any text that groups it.
    let plain = text.strip_prefix('+').unwrap_or(text);
    if found.is_empty() && GROUPED.contains(&plain.len()) && plain.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        found.push((Form::Grouped, plain.to_ascii_lowercase()));
    }
    found.extend(plain_number(text).map(|number| (Form::Number, number)));
    found
}

/// A run of letters and digits of ASCII, with at least one digit or of four capitals.
#[derive(Debug, Clone)]
struct Group<'t> {
    text: &'t str,
    span: Range<usize>,
}

impl Group<'_> {
    fn is_digits(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// What begins with a country and two check digits.
    fn begins_iban(&self) -> bool {
        matches!(self.text.as_bytes(), [a, b, c, d, ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && c.is_ascii_digit() && d.is_ascii_digit())
    }
}

/// The next group at or behind a place.
fn next_group(text: &str, from: usize) -> Option<Group<'_>> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let digit = next_digit(bytes, at)?;
        let before = bytes.get(from..digit)?.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let start = digit - before;
        let end = digit + bytes.get(digit..)?.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        // A bank's code of four letters is a group of an IBAN too.
        if let Some(code) = start.checked_sub(5).filter(|code| *code >= from)
            && bytes
                .get(code..start)?
                .iter()
                .enumerate()
                .all(|(index, byte)| if index == 4 { *byte == b' ' } else { byte.is_ascii_uppercase() })
            && code.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|before| *before == b' ')
        {
            return Some(Group { text: text.get(code..start - 1)?, span: code..start - 1 });
        }
        let is_word = |edge: Option<char>| edge.is_some_and(|c| !c.is_ascii() && c.is_alphanumeric());
        if is_word(text.get(..start)?.chars().next_back()) || is_word(text.get(end..)?.chars().next()) {
            // Part of a word in another script.
            at = end;
            continue;
        }
        return Some(Group { text: text.get(start..end)?, span: start..end });
    }
}

/// Where the next digit is. Most text has none, so many bytes are looked at together.
fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..at + 32) {
        if chunk.iter().fold(false, |any, byte| any | byte.is_ascii_digit()) {
            break;
        }
        at += 32;
    }
    Some(at + bytes.get(at..)?.iter().position(u8::is_ascii_digit)?)
}

/// Whether what is between two groups may part the groups of one thing.
fn joins(text: &str, one: &Group<'_>, other: &Group<'_>) -> bool {
    match text.get(one.span.end..other.span.start).unwrap_or_default().as_bytes() {
        [b',' | b':'] => {
            one.text.ends_with(|c: char| c.is_ascii_digit()) && other.text.starts_with(|c: char| c.is_ascii_digit())
        }
        [b' ' | b'-' | b'.' | b'/' | b'\''] | [b' ', b'('] | [b')', b' ' | b'-'] | [b' ', b'-' | b'/', b' '] => true,
        _ => false,
    }
}

/// The forms of groups that stand side by side.
fn cluster(text: &str, groups: &[Group<'_>], each: &mut impl FnMut(Form, &str, Range<usize>)) {
    let mut rest = groups;
    let mut whole = true;
    while let [first, behind @ ..] = rest {
        if let Some((dates, time, span, used)) = date(text, rest) {
            for date in dates {
                each(Form::Date, &date, span.clone());
            }
            if let Some(time) = time {
                each(Form::Time, &time, span.clone());
            }
            rest = rest.get(used..).unwrap_or_default();
            whole = false;
        } else if let Some((canonical, span, used)) = time(text, rest) {
            each(Form::Time, &canonical, span);
            rest = rest.get(used..).unwrap_or_default();
            whole = false;
        } else if named_date(text, first, each) {
            rest = behind;
        } else if let Some((numbers, span, used)) = number(text, rest) {
            for number in numbers {
                each(Form::Number, &number, span.clone());
            }
            rest = rest.get(used..).unwrap_or_default();
        } else {
            rest = behind;
        }
    }
    if whole {
        grouped(text, groups, each);
    }
}

/// What groups are together, if they are one identifier.
fn grouped(text: &str, groups: &[Group<'_>], each: &mut impl FnMut(Form, &str, Range<usize>)) {
    let mut give = |groups: &[Group<'_>]| {
        let ([first, .., last], false) = (groups, groups.len() < 2) else { return };
        let squeezed: String = groups.iter().map(|group| group.text).collect::<String>().to_ascii_lowercase();
        if GROUPED.contains(&squeezed.len()) {
            each(Form::Grouped, &squeezed, first.span.start..last.span.end);
        }
    };
    let is_parted = |one: &Group<'_>, other: &Group<'_>, by: &[&str]| {
        by.contains(&text.get(one.span.end..other.span.start).unwrap_or_default())
    };
    // Nothing groups by these.
    for run in groups.chunk_by(|one, other| !is_parted(one, other, &[",", ":", "'"])) {
        give(run);
        let parts: Vec<_> = run.chunk_by(|one, other| !is_parted(one, other, &[" ", " - ", " / "])).collect();
        if parts.len() > 1 {
            for part in parts {
                give(part);
            }
        }
        for (index, group) in run.iter().enumerate().filter(|(_, group)| group.begins_iban() && group.text.len() == 4) {
            let behind = run.get(index + 1..).unwrap_or_default();
            let full = behind.iter().take_while(|group| group.text.len() == 4).count();
            let last = behind.get(full).is_some_and(|group| group.text.len() < 4);
            let end = index + 1 + full + usize::from(last);
            if (index, end) != (0, run.len()) {
                give(run.get(index..end).unwrap_or_default());
            }
            if last && full > 0 {
                give(run.get(index..end - 1).unwrap_or_default());
            }
            let _ = group;
        }
    }
}

type Dates = (Vec<String>, Option<String>, Range<usize>, usize);

/// A date in digits at the beginning of groups, perhaps with a time behind it, and how many groups that is.
fn date(text: &str, groups: &[Group<'_>]) -> Option<Dates> {
    let [a, b, c, rest @ ..] = groups else { return None };
    let between = |one: &Group<'_>, other: &Group<'_>| text.get(one.span.end..other.span.start);
    let by = between(a, b).filter(|by| matches!(*by, "-" | "/" | "."))?;
    if between(b, c) != Some(by) || !a.is_digits() || !b.is_digits() {
        return None;
    }
    let (third, hour) = match c.text.split_once(['T', 't']) {
        Some((third, hour)) => (third, Some(hour)),
        None => (c.text, None),
    };
    let value = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let (first, second, last) = (value(a.text)?, value(b.text)?, value(third)?);
    let year = |text: &str, value: u32| match text.len() {
        4 => Some(value),
        2 => Some(2_000 + value),
        _ => None,
    };
    let mut dates = Vec::new();
    let mut add = |year: Option<u32>, month: u32, day: u32| {
        if let Some(year) = year {
            add_date(&mut dates, Some(year), month, day);
        }
    };
    if a.text.len() == 4 {
        add(Some(first), second, last);
    } else {
        add(year(third, last), second, first);
        if by != "." && first != second {
            add(year(third, last), first, second);
        }
    }
    if dates.is_empty() {
        return None;
    }
    let mut used = 3;
    let mut end = c.span.end;
    let mut time = None;
    if let (Some(hour), [minute, behind @ ..]) = (hour, rest)
        && between(c, minute) == Some(":")
    {
        let digits = minute.text.get(..2).and_then(value);
        time = value(hour).zip(digits).and_then(|(hour, minute)| clock(hour, minute));
        used += 1;
        end = minute.span.end;
        if let [second, ..] = behind
            && between(minute, second) == Some(":")
        {
            used += 1;
            end = second.span.end;
        }
    }
    Some((dates, time, a.span.start..end, used))
}

/// A day and a month, and the year if it is known, under the names by which they are found.
fn add_date(dates: &mut Vec<String>, year: Option<u32>, month: u32, day: u32) {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return;
    }
    match year {
        Some(year) if (1_000..10_000).contains(&year) => {
            dates.push(format!("{year:04}-{month:02}-{day:02}"));
            dates.push(format!("{ANY}-{month:02}-{day:02}"));
        }
        Some(_) => {}
        None => dates.push(format!("{NONE}-{month:02}-{day:02}")),
    }
}

/// Under which names a date of a value stands in texts.
pub(super) fn date_names(date: &str) -> [String; 2] {
    let day = date.get(date.len().saturating_sub(5)..).unwrap_or_default();
    match date.split_once('-') {
        Some((NONE, _)) => [format!("{NONE}-{day}"), format!("{ANY}-{day}")],
        _ => [date.to_owned(), format!("{NONE}-{day}")],
    }
}

fn clock(hour: u32, minute: u32) -> Option<String> {
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

/// A time at the beginning of groups, and how many groups that is.
fn time(text: &str, groups: &[Group<'_>]) -> Option<(String, Range<usize>, usize)> {
    let [first, rest @ ..] = groups else { return None };
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (hour, suffix) = first.text.split_at_checked(digits(first.text))?;
    let hour: u32 = hour.parse().ok().filter(|hour| *hour < 25)?;
    let mut used = 1;
    let mut last = first;
    let mut minute = 0;
    let mut suffix = suffix;
    let mut is_time = false;
    if let ([next, behind @ ..], true) = (rest, suffix.is_empty())
        && text.get(first.span.end..next.span.start) == Some(":")
        && digits(next.text) == 2
    {
        let (minutes, after) = next.text.split_at_checked(2)?;
        (minute, suffix, last, used, is_time) = (minutes.parse().ok()?, after, next, 2, true);
        if let [second, ..] = behind
            && text.get(next.span.end..second.span.start) == Some(":")
            && digits(second.text) == 2
        {
            (last, used) = (second, 3);
        }
    }
    let mut end = last.span.end;
    let mut half = suffix.to_ascii_lowercase();
    if half.is_empty() {
        let behind = text.get(end..).unwrap_or_default();
        let word = behind.strip_prefix(' ').unwrap_or(behind);
        let lower = word.get(..4).or_else(|| word.get(..2)).unwrap_or_default().to_ascii_lowercase();
        for (written, meant) in [("a.m.", "am"), ("p.m.", "pm"), ("am", "am"), ("pm", "pm")] {
            let more = word.get(written.len()..).and_then(|more| more.chars().next());
            if lower.starts_with(written) && !more.is_some_and(char::is_alphanumeric) {
                meant.clone_into(&mut half);
                end += behind.len() - word.len() + written.len();
                break;
            }
        }
    }
    let hour = match half.as_str() {
        "am" if hour <= 12 => hour % 12,
        "pm" if hour <= 12 => hour % 12 + 12,
        "" | "z" | "h" | "uhr" if is_time => hour,
        _ => return None,
    };
    Some((clock(hour, minute)?, first.span.start..end, used))
}

/// A number with separators or a unit at the beginning of groups, and how many groups that is.
fn number(text: &str, groups: &[Group<'_>]) -> Option<(Vec<String>, Range<usize>, usize)> {
    let [first, ..] = groups else { return None };
    let mut whole = String::new();
    let mut separators: Vec<(u8, usize)> = Vec::new();
    let mut used = 0;
    let mut end = first.span.start;
    for group in groups {
        if used > 0 {
            match text.as_bytes().get(end..group.span.start) {
                Some([by @ (b'.' | b',' | b'\'')]) => separators.push((*by, whole.len())),
                _ => break,
            }
        }
        let digits = group.text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = group.text.len() - digits.len();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || unit > 3 {
            return None;
        }
        whole.push_str(digits);
        used += 1;
        end = group.span.end;
        if unit > 0 {
            break;
        }
    }
    let has_unit = text.as_bytes().get(end.saturating_sub(1)).is_some_and(u8::is_ascii_alphabetic);
    if used == 0 || (used == 1 && !has_unit) || whole.len() > MAX_DIGITS {
        return None;
    }
    let mut numbers = Vec::new();
    // The last separator may be the decimal one, if no other is like it; and the others part thousands.
    let thousands = |separators: &[(u8, usize)], end: usize| {
        let ends = separators.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let same = separators.windows(2).all(|two| matches!(two, [(a, _), (b, _)] if a == b));
        let first = separators.first().is_none_or(|(_, at)| (1..=3).contains(at));
        same && first && separators.iter().zip(ends).all(|((_, at), end)| end - at == 3)
    };
    if let [before @ .., (by, at)] = separators.as_slice() {
        if *by != b'\'' && before.iter().all(|(other, _)| other != by) && thousands(before, *at) {
            numbers.push(decimal(whole.get(..*at)?, whole.get(*at..)?));
        }
        if thousands(&separators, whole.len()) {
            numbers.push(decimal(&whole, ""));
        }
    } else {
        numbers.push(decimal(&whole, ""));
    }
    numbers.dedup();
    (!numbers.is_empty()).then_some((numbers, first.span.start..end, used))
}

/// A number without what says nothing.
fn decimal(whole: &str, fraction: &str) -> String {
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// A number as JSON and programs write it, without its sign.
fn plain_number(text: &str) -> Option<String> {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!whole.is_empty() && text.len() <= MAX_DIGITS && is_digits(whole) && is_digits(fraction))
        .then(|| decimal(whole, fraction))
}

/// A date with a month's name, of which this may be the day.
fn named_date(text: &str, group: &Group<'_>, each: &mut impl FnMut(Form, &str, Range<usize>)) -> bool {
    let number = group.text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = group.text.get(number.len()..).unwrap_or_default().to_ascii_lowercase();
    if number.len() > 2 || !matches!(suffix.as_str(), "" | "st" | "nd" | "rd" | "th" | "er") {
        return false;
    }
    let Ok(day) = number.parse::<u32>() else { return false };
    let before = text.get(..group.span.start).unwrap_or_default().trim_end_matches([' ', '.']);
    let last = before.len() - before.chars().rev().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum::<usize>();
    if let Some(month) = before.get(last..).and_then(month) {
        give_named(text, day, month, last..group.span.end, each);
        return true;
    }
    let behind = text.get(group.span.end..).unwrap_or_default().trim_start_matches([' ', '.']);
    let of = ["of ", "de "].iter().find_map(|of| behind.strip_prefix(of)).unwrap_or(behind);
    let len = of.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum::<usize>();
    let Some(month) = of.get(..len).and_then(month) else { return false };
    give_named(text, day, month, group.span.start..text.len() - of.len() + len, each);
    true
}

/// A day and a month that stand in a text, and the year, if one is behind them.
fn give_named(text: &str, day: u32, month: u32, span: Range<usize>, each: &mut impl FnMut(Form, &str, Range<usize>)) {
    let behind = text.get(span.end..).unwrap_or_default();
    let rest = behind.trim_start_matches([' ', ',', '.']);
    let rest = rest.strip_prefix("de ").unwrap_or(rest);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let year = rest.get(..digits).filter(|digits| digits.len() == 4).and_then(|digits| digits.parse().ok());
    let end = if year.is_some() { text.len() - rest.len() + digits } else { span.end };
    let mut dates = Vec::new();
    add_date(&mut dates, year, month, day);
    for date in dates {
        each(Form::Date, &date, span.start..end);
    }
}

/// The month of a name.
fn month(name: &str) -> Option<u32> {
    if !(3..=10).contains(&name.len()) {
        return None;
    }
    let name = name.to_lowercase();
    let is = |known: &&str| **known == name || (name.chars().count() == 3 && known.starts_with(&name));
    let index = MONTHS.iter().position(|names| names.iter().any(is))?;
    u32::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(Form, String)> {
        let mut read = Vec::new();
        forms(text, |form, canonical, _| read.push((form, canonical.to_owned())));
        read
    }

    /// Whether a value is found in a text by its form.
    fn is_in(value: &str, text: &str) -> bool {
        let texts = read(text);
        of_value(value).into_iter().any(|(form, canonical)| match form {
            Form::Date => date_names(&canonical).into_iter().any(|name| texts.contains(&(form, name))),
            _ => texts.contains(&(form, canonical)),
        })
    }

    #[test]
    fn a_value_is_found_however_it_is_written() {
        for (value, text) in [
            ("1250", "a total of 1,250.00 EUR"),
            ("1250.0", "a total of 1.250,00 EUR"),
            ("1250", "1'250.00"),
            ("1250", "1,250"),
            ("1234567.5", "1,234,567.50"),
            ("98.7", "Total\t\t98.70"),
            ("50", "50.0"),
            ("10", "10kg"),
            ("50", "50EUR"),
            ("2022-03-05", "on March 5th, 2022 at"),
            ("2022-03-05", "on 5 March 2022"),
            ("2022-03-05", "am 5. März 2022"),
            ("2022-03-05", "el 5 de marzo de 2022"),
            ("2022-03-05", "05.03.2022"),
            ("2022-03-05", "3/5/2022"),
            ("2022-03-05", "5/3/22"),
            ("2022-03-05", "on the 5th of March"),
            ("March 5", "2022-03-05"),
            ("2022-03-05", "\"2022-03-05T17:00:00Z\""),
            ("17:00", "\"2022-03-05T17:00:00Z\""),
            ("17:00", "at 5pm"),
            ("17:30", "at 5:30 p.m."),
            ("5:00 PM", "um 17:00 Uhr"),
            ("DE89370400440532013000", "IBAN: DE89 3704 0044 0532 0130 00."),
            ("DE89370400440532013000", "IBAN: DE89 3704 0044 0532 0130 00 12 items"),
            ("GB29NWBK60161331926819", "to GB29 NWBK 6016 1331 9268 19 please"),
            ("+49170123456", "call +49 (170) 123-456 now"),
            ("47110815", "order 4711-0815"),
        ] {
            assert!(is_in(value, text), "{value}: {:?}; {text}: {:?}", of_value(value), read(text));
        }
    }

    #[test]
    fn what_is_another_value_is_not_found() {
        for (value, text) in [
            ("50", "50.75"),
            ("1250", "12.50"),
            ("125", "1,250"),
            ("2022-03-05", "2022-03-06"),
            ("2022-03-05", "March 5, 2023"),
            ("2022-13-05", "13.05.2022"),
            ("17:00", "at 5am"),
            ("DE89370400440532013000", "DE89 3704 0044 0532 0130 01"),
            ("47110815", "4711-0815-1"),
            ("may", "may 5"),
        ] {
            assert!(!is_in(value, text), "{value}: {:?}; {text}: {:?}", of_value(value), read(text));
        }
    }

    proptest! {
        #[test]
        fn forms_stand_where_they_say(text in "[0-9a-zA-Z ,.:'/()é年-]{0,60}|\\PC{0,40}") {
            forms(&text, |_, _, span| assert!(text.get(span).is_some()));
            of_value(&text);
        }

        #[test]
        fn a_number_is_found_in_any_grouping(cents in 0_u64..100_000_000_000) {
            let (whole, part) = (cents / 100, cents % 100);
            let digits = whole.to_string();
            let mut grouped = String::new();
            for (index, digit) in digits.chars().enumerate() {
                if index > 0 && (digits.len() - index) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let text = format!("sum {grouped}.{part:02} EUR");
            let value = format!("{whole}.{part:02}");
            prop_assert!(is_in(&value, &text), "{}: {:?}; {}: {:?}", value, of_value(&value), text, read(&text));
        }
    }
}

//! IBANs and phone numbers.

/// Characters of an IBAN (ISO 13616; the shortest in use is Norway's).
const IBAN: std::ops::RangeInclusive<usize> = 15..=34;

/// Whether `text` is an IBAN: two letters, two digits, letters and digits, in groups or not, and the remainder by 97 is
/// right (ISO 13616, by ISO 7064).
pub(super) fn is_iban(text: &str) -> bool {
    if text.len() < *IBAN.start() {
        return false;
    }
    let mut head = [0; 4];
    let mut remainder = 0;
    let mut length = 0;
    for character in text.chars().filter(|character| !character.is_whitespace() && *character != '-') {
        let Some(value) = character.to_digit(36) else { return false };
        match head.get_mut(length) {
            Some(_) if (length < 2) == character.is_ascii_digit() => return false,
            Some(place) => *place = value,
            None => remainder = append(remainder, value),
        }
        length += 1;
        if length > *IBAN.end() {
            return false;
        }
    }
    // The country and the check digits count as if they stood at the end.
    IBAN.contains(&length) && head.into_iter().fold(remainder, append) == 1
}

/// The remainder by 97 of a number with the decimal digits of `value` (below 36) appended.
const fn append(remainder: u32, value: u32) -> u32 {
    (remainder * if value < 10 { 10 } else { 100 } + value) % 97
}

/// Bytes of a phone number as people write it: 7 to 15 digits (ITU-T E.164) and what stands between them.
const PHONE: std::ops::RangeInclusive<usize> = 7..=40;
/// Groups of digits that a phone number has at most: one for every two of 15 digits, and one more.
const GROUPS: usize = 8;

/// Whether `text` is a phone number: with a country code after `+` or `00`; else with a leading 0 or an area code in
/// brackets, or in the groups of the North American plan. A plain number is none, nor is a date.
pub(super) fn is_phone(text: &str) -> bool {
    if !PHONE.contains(&text.len())
        || !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '('))
    {
        return false;
    }
    let (bracket, text) = text.strip_prefix('(').map_or((false, text), |text| (true, text));
    let (plus, text) = text.strip_prefix('+').map_or((false, text), |text| (true, text));
    let between = |character: char| {
        character.is_whitespace() || matches!(character, '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2013}')
    };
    if !text.chars().all(|character| character.is_ascii_digit() || between(character)) {
        return false;
    }
    let mut lengths = [0; GROUPS];
    let mut count = 0;
    for group in text.split(between).filter(|group| !group.is_empty()) {
        let Some(length) = lengths.get_mut(count) else { return false };
        *length = group.len();
        count += 1;
    }
    let groups = lengths.get(..count).unwrap_or_default();
    let digits: usize = groups.iter().sum();
    let zeros = text.bytes().take_while(|byte| *byte == b'0').count();
    match groups {
        _ if plus => (7..=15).contains(&digits),
        [1 | 2, 1 | 2, 4] | [4, 1 | 2, 1 | 2] => false,
        [3, 3, 4] | [1, 3, 3, 4] => true,
        _ if bracket => (7..=15).contains(&digits),
        _ if zeros == 2 => (9..=17).contains(&digits),
        // A fraction.
        [1, _] => false,
        [_] => zeros == 1 && (9..=12).contains(&digits),
        _ => zeros == 1 && (7..=13).contains(&digits),
    }
}

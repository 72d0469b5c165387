//! Addresses in a text: what a value of the same kind could have been taken for instead.

use super::forms::{self, Form};

/// A kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Mail,
    Url,
    Account,
    Phone,
}

/// Gives every address in a text, as it is compared.
pub(super) fn addresses(text: &str, mut each: impl FnMut(Kind, &str)) {
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
        let before = text.get(..at).unwrap_or_default();
        let start = before.trim_end_matches(is_name).len();
        let behind = text.get(at + 1..).unwrap_or_default();
        let host = behind.get(..behind.len() - behind.trim_start_matches(is_name).len()).unwrap_or_default();
        let host = host.trim_end_matches(['.', '-']);
        if start < at && host.contains('.') {
            each(Kind::Mail, &format!("{}@{}", before.get(start..).unwrap_or_default(), host).to_lowercase());
        }
    }
    for at in memchr::memmem::find_iter(text.as_bytes(), b"://") {
        let behind = text.get(at + 3..).unwrap_or_default();
        let end = behind.find(|c: char| c.is_whitespace() || c.is_control() || "\"'<>()[]{}\\^`|,;".contains(c));
        let address =
            behind.get(..end.unwrap_or(behind.len())).unwrap_or_default().trim_end_matches(['.', ':', '/', '!', '?']);
        if !address.is_empty() {
            each(Kind::Url, &address.to_lowercase());
        }
    }
    // Of those that begin at one place, the first is the longest.
    let mut last = None;
    forms::forms(text, |form, canonical, span| {
        let is_plus = text.get(..span.start).is_some_and(|before| before.ends_with('+'));
        if form == Form::Grouped
            && last != Some(span.start)
            && let Some(kind) = kind_of_identifier(canonical, is_plus)
        {
            last = Some(span.start);
            each(kind, canonical);
        }
    });
    // What is not grouped is one word.
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '+').filter(|word| word.len() >= 9) {
        let plain = word.trim_start_matches('+').to_ascii_lowercase();
        if let Some(kind) = kind_of_identifier(&plain, word.starts_with('+')) {
            each(kind, &plain);
        }
    }
}

/// The address that a value is, as it is compared.
pub(super) fn of_value(value: &str) -> Option<(Kind, String)> {
    let value = value.trim();
    let mut found = None;
    let mut count = 0;
    addresses(value, |kind, canonical| {
        count += 1;
        if found.is_none() {
            found = Some((kind, canonical.to_owned()));
        }
    });
    // In prose there may be one, too; but prose is no address.
    found.filter(|(kind, canonical)| match kind {
        Kind::Mail => value.len() <= canonical.len() + 64,
        Kind::Url => !value.contains(char::is_whitespace),
        Kind::Account | Kind::Phone => value.chars().filter(|c| c.is_alphanumeric()).count() == canonical.len(),
    })
}

/// An identifier without what groups it: that of an account begins with a country and two digits (ISO 13616), a phone number with
/// a plus sign (ITU-T E.123).
fn kind_of_identifier(canonical: &str, is_plus: bool) -> Option<Kind> {
    let bytes = canonical.as_bytes();
    let is_digits = bytes.iter().all(u8::is_ascii_digit);
    match bytes {
        [a, b, c, d, rest @ ..]
            if a.is_ascii_alphabetic()
                && b.is_ascii_alphabetic()
                && c.is_ascii_digit()
                && d.is_ascii_digit()
                && (10..=30).contains(&rest.len())
                && rest.iter().filter(|byte| byte.is_ascii_digit()).count() >= 8 =>
        {
            Some(Kind::Account)
        }
        _ if is_digits && is_plus && (8..=15).contains(&bytes.len()) => Some(Kind::Phone),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(Kind, String)> {
        let mut read = Vec::new();
        addresses(text, |kind, address| read.push((kind, address.to_owned())));
        read.sort_by_key(|(kind, address)| (*kind as u8, address.clone()));
        read.dedup();
        read
    }

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        for (text, value) in [
            ("Write to Ann <ANN@pay.example>.", "ann@pay.example"),
            ("see https://Pay.example/x/.", "http://pay.example/x"),
            ("IBAN DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
            ("IBAN: DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
            ("call +49 (170) 123-4567", "+491701234567"),
        ] {
            let value = of_value(value);
            assert_eq!(read(text).first(), value.as_ref(), "{text}");
            assert!(value.is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for value in [
            "Ann",
            "2022-03-05",
            "order 4711-0815",
            "12345678",
            "a@b",
            "3 items",
            "Tell ann@pay.example that we are all very late today, and that nobody has to wait for us at all",
        ] {
            assert_eq!(of_value(value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in "[a-z0-9@:/.+ é\"-]{0,60}|\\PC{0,40}") {
            addresses(&text, |_, address| assert!(!address.is_empty()));
            of_value(&text);
        }
    }
}

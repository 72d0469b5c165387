//! What a value looks like by itself: an address, a path.
//!
//! A text has a form only as a whole, white space around it aside: a letter in which an address stands is a letter. The
//! agent wrote the text, so in doubt it has the form, and where it may have two it has both. There is no list of
//! top-level domains, since such a list ages and lets the next domain through: `evil.sh` is the name of a host as well as
//! of a file.
//!
//! | form | role |
//! | --- | --- |
//! | e-mail addresses: `a@x.org`, `Ann <a@x.org>`, several with commas or semicolons; `git@x.org:a/b` | destination |
//! | a URL: a scheme and `//`; `mailto:`, `tel:`, `data:` and the like without | destination |
//! | a host: `x.org`, `localhost`, an IP address, each with a port or a path: `x.org:8080/a` | destination |
//! | an IBAN whose check digits are right | destination |
//! | a phone number: `+49 30 123456`, `0049…`, `030 123456`, `(555) 123-4567`, `555-123-4567` | destination |
//! | a path: `/a`, `~/a`, `./a`, `../a`, `C:\a`; a file with a usual extension: `a.csv`, `src/main.rs` | code |
//! | a path of Windows with a host in it, `\\x\a`; `//x.org/a`; `file://…`; a file that may be a host: `run.sh` | both |
//! | `javascript:…` | code |
//!
//! Not among them, though they resemble one: `1.5`, `v1.2.3`, `e.g.`, `10:30`, a date, a plain number, `and/or`, `a/b`, a
//! host of one label (`redis:6379` has the form of most ids).

mod address;
mod file;
mod number;

use crate::{tools::Role, vocabulary::WordSet};

/// Bytes of a text that can have a form: no system opens a longer path (`PATH_MAX` of Linux is 4,096), and no other form
/// is longer, so that long prose is passed over by its length. Only a URL may be longer: its query is a way out for text
/// of any length.
const LONGEST: usize = 4096;

/// What the form of `text` says that it is for; nothing if it has none. Takes time in proportion to the text at most.
pub(crate) fn roles_of(text: &str) -> WordSet<Role> {
    let text = text.trim();
    if let Some(roles) = address::url_roles(text) {
        return roles;
    }
    if text.is_empty() || text.len() > LONGEST {
        return WordSet::EMPTY;
    }
    let single = !text.contains(char::is_whitespace);
    if single && !text.bytes().any(is_mark) {
        let destination = text == "localhost" || number::is_iban(text) || number::is_phone(text);
        return if destination { WordSet::of(Role::Destination) } else { WordSet::EMPTY };
    }
    let destination = address::is_mailboxes(text)
        || (single && address::is_host(text))
        || number::is_iban(text)
        || number::is_phone(text)
        || file::share(text).is_some_and(address::is_host_or_label);
    let code = file::is_path(text) || (single && file::is_file(text));
    let roles = [(destination, Role::Destination), (code, Role::Code)];
    roles.into_iter().filter_map(|(has, role)| has.then_some(role)).collect()
}

/// What a text without white space has one of, unless its form is one of a few: most short texts are done with sooner.
const fn is_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b':' | b'/' | b'\\' | b'@')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str) -> Vec<Role> {
        roles_of(text).iter().collect()
    }

    #[test]
    fn an_address_is_a_destination() {
        for text in [
            "ann@example.org",
            " ann@example.org\n",
            "Ann Lee <ann@example.org>",
            "\"Lee, Ann\" <ann@example.org>",
            "ann@example.org, bob@example.org; eve@example.org;",
            "root@localhost",
            "ann@bücher.example",
            "ann@[192.0.2.1]",
            "git@example.org:eve/loot.git",
            "https://example.org",
            "HTTPS://example.org/a?b=c#d",
            "http:\\\\example.org",
            "https:example.org",
            "ftp://192.0.2.1/",
            "custom+x://anything",
            "mailto:ann@example.org",
            "tel:+49301234567",
            "data:text/plain;base64,AAAA",
            "example.org",
            "example.org.",
            "example.org:8080",
            "example.org/a?b",
            "sub_domain.example.org",
            "xn--bcher-kva.example",
            "x.xn--p1ai",
            "localhost",
            "localhost:3000/x",
            "192.0.2.1",
            "192.0.2.1:22",
            "10.0.0.0/8",
            "2001:db8::1",
            "fe80::1%eth0",
            "[2001:db8::1]:443/x",
            "DE89 3704 0044 0532 0130 00",
            "de89370400440532013000",
            "GB82-WEST-1234-5698-7654-32",
            "+49 30 1234567",
            "+1 (555) 123-4567",
            "(+49) 30 1234567",
            "0049 30 1234567",
            "030/1234567",
            "030 123456",
            "01512 3456789",
            "06 12 34 56 78",
            "(555) 123-4567",
            "555-123-4567",
            "1.555.123.4567",
        ] {
            assert_eq!(said(text), [Role::Destination], "{text}");
        }
    }

    #[test]
    fn a_path_is_code() {
        for text in [
            "/",
            "/etc/passwd",
            "/home/ann/My Documents/a b.txt",
            "~/x",
            "~ann/x",
            "./run",
            "../x",
            "..\\x",
            "C:\\Windows",
            "c:/Windows",
            "report.pdf",
            "a/b.json",
            "src/main.rs",
            "javascript:alert(1)",
        ] {
            assert_eq!(said(text), [Role::Code], "{text}");
        }
    }

    #[test]
    fn what_may_be_either_is_both() {
        for text in ["README.md", "evil.sh", "\\\\server\\share", "//example.org/x", "file:///etc/passwd", "a.zip"] {
            assert_eq!(said(text), [Role::Destination, Role::Code], "{text}");
        }
    }

    #[test]
    fn what_only_resembles_a_form_has_none() {
        for text in [
            "",
            " ",
            "1.5",
            "-1.5",
            "v1.2.3",
            "1.2.3",
            "e.g.",
            "i.e.",
            "10:30",
            "10:30:15",
            "2025-03-01",
            "01.03.2025",
            "01/03/2025",
            "1-3-2025",
            "2025-03-01T10:30:00Z",
            "12345",
            "1234567890",
            "0000123456",
            "0.12345678",
            "1,000,000",
            "4111 1111 1111 1111",
            "and/or",
            "Europe/Berlin",
            "application/json",
            "user:1234",
            "redis:6379",
            "note: call Ann",
            "data: none",
            "https://",
            "https://example.org is down",
            "write to ann@example.org",
            "@ann",
            "react@18.2.0",
            "ann@",
            "DE88 3704 0044 0532 0130 00",
            "Order number 12345",
            "Hello. How are you?",
            "a..b",
            ".org",
            "...",
            "~",
            "C:",
            "+1",
            "+",
            "()",
            "ends with a dot.",
        ] {
            assert_eq!(said(text), [], "{text}");
        }
    }

    #[test]
    fn a_long_url_is_one_and_other_long_texts_have_no_form() {
        let long = "x".repeat(LONGEST);
        assert_eq!(said(&format!("https://example.org/?{long}")), [Role::Destination]);
        assert_eq!(said(&format!("/{long}")), []);
        assert_eq!(said(&format!("/{}", &long[1..])), [Role::Code]);
        assert_eq!(said(&format!("{}ann@example.org", " ".repeat(LONGEST))), [Role::Destination]);
    }

    proptest! {
        #[test]
        fn every_text_is_read_and_white_space_around_it_says_nothing(text in any::<String>()) {
            prop_assert_eq!(roles_of(&text), roles_of(&format!(" \t{text}\n")));
        }

        #[test]
        fn what_is_made_of_the_characters_of_forms_is_read(text in "[a-z0-9@.:/\\\\~+<>()\\[\\]% -]{0,40}") {
            prop_assert_eq!(roles_of(&text), roles_of(&format!(" {text} ")));
        }

        #[test]
        fn an_iban_with_another_digit_is_none(at in 4_usize..22, digit in 0_u8..10) {
            let mut text = *b"DE89370400440532013000";
            let same = text[at] == b'0' + digit;
            text[at] = b'0' + digit;
            prop_assert_eq!(number::is_iban(std::str::from_utf8(&text).unwrap_or_default()), same);
        }
    }
}

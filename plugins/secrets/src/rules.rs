//! What is looked for: every rule, with the source of its format.
//!
//! A rule's id is stable: bundles switch rules off by it, and records name it. Lengths are those of the body behind the
//! prefix, in bytes. Severity is how much the credential opens; confidence is how seldom something else has its form.
//!
//! * `cloud`, `infrastructure`, `forges`, `messages`, `services`, `models`: tokens that have a prefix of their own, by kind of vendor.
//! * `written`: what more than a prefix tells, and which module looks for it.

use guardhouse_guard::Severity;

mod cloud;
mod forges;
mod infrastructure;
mod messages;
mod models;
mod services;
mod written;

pub(crate) use written::*;

/// The rules for tokens that have a prefix of their own. Where two prefixes begin alike, the longer one stands first.
pub(crate) const TOKENS: [&[Rule]; 6] =
    [cloud::RULES, infrastructure::RULES, forges::RULES, messages::RULES, services::RULES, models::RULES];

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// What it finds, as the message of the finding.
    pub(crate) what: &'static str,
    /// Where the format is described, or how else it is known.
    #[expect(dead_code, reason = "for the reader of the table")]
    source: &'static str,
    /// How much harm the secret does in other hands.
    pub(crate) severity: Severity,
    /// How sure a match is, in percent.
    pub(crate) confidence: u8,
    /// Whether only the name beside it says that it is a secret, not a form of its own.
    pub(crate) is_named: bool,
    /// What it looks like.
    pub(crate) form: Form,
}

/// What a credential looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// A prefix of its own and a body of one alphabet.
    Token(Token),
    /// More than that: a module of its own says what.
    Written,
}

/// A prefix of its own and a body of one alphabet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// The prefixes, each of two bytes or more.
    pub(crate) prefixes: &'static [&'static str],
    /// What the body consists of.
    pub(crate) alphabet: Alphabet,
    /// Bytes of the shortest body.
    pub(crate) min: usize,
    /// Bytes of the longest body.
    pub(crate) max: usize,
    /// Whether the prefix belongs to the secret, or only leads to it.
    pub(crate) whole: bool,
    /// What else is known of the body.
    pub(crate) check: Check,
}

/// What can be checked of a body beyond its alphabet and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Nothing.
    None,
    /// This byte stands exactly at these places.
    Marks(u8, &'static [usize]),
    /// A digit stands in it, which tells it from a long word.
    Digit,
    /// A body of 36 bytes ends in a check sum of the rest: see [`checksum`](crate::checksum). A wrong one makes the
    /// finding less sure.
    Crc32,
}

/// The bytes of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// Letters and digits.
    Alnum,
    /// Letters, digits and dot.
    AlnumDot,
    /// Base32 (RFC 4648 section 6): capitals and 2 to 7.
    Base32,
    /// Base64 (RFC 4648 section 4) without padding.
    Base64,
    /// Base64 with padding.
    Base64Pad,
    /// Base64 of both kinds with padding.
    Base64Word,
    /// Decimal digits.
    Digit,
    /// Lower-case hexadecimal digits.
    Hex,
    /// Hexadecimal digits of either case.
    HexAny,
    /// Lower-case letters and digits.
    Lower,
    /// Capitals, digits and hyphen.
    UpperHyphen,
    /// Base64url (RFC 4648 section 5) without padding.
    Url,
    /// Base64url and dot.
    UrlDot,
    /// Lower-case letters, digits and hyphen.
    UrlLower,
    /// Base64url with padding.
    UrlPad,
    /// Base64url with padding, and dot.
    UrlPadDot,
    /// Base64url, and the slash and at sign of a path.
    UrlSlash,
    /// Base64url, dot and tilde: the unreserved characters of RFC 3986.
    UrlTilde,
    /// Letters, digits and `_`.
    Word,
}

impl Alphabet {
    /// All of them, in the order of their declaration.
    pub(crate) const ALL: [Self; 19] = [
        Self::Alnum,
        Self::AlnumDot,
        Self::Base32,
        Self::Base64,
        Self::Base64Pad,
        Self::Base64Word,
        Self::Digit,
        Self::Hex,
        Self::HexAny,
        Self::Lower,
        Self::UpperHyphen,
        Self::Url,
        Self::UrlDot,
        Self::UrlLower,
        Self::UrlPad,
        Self::UrlPadDot,
        Self::UrlSlash,
        Self::UrlTilde,
        Self::Word,
    ];

    /// Whether a byte belongs to it.
    pub(crate) const fn has(self, byte: u8) -> bool {
        let alnum = byte.is_ascii_alphanumeric();
        match self {
            Self::Alnum => alnum,
            Self::AlnumDot => alnum || byte == b'.',
            Self::Base32 => matches!(byte, b'A'..=b'Z' | b'2'..=b'7'),
            Self::Base64 => alnum || matches!(byte, b'+' | b'/'),
            Self::Base64Pad => alnum || matches!(byte, b'+' | b'/' | b'='),
            Self::Base64Word => alnum || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_'),
            Self::Digit => byte.is_ascii_digit(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::HexAny => byte.is_ascii_hexdigit(),
            Self::Lower => matches!(byte, b'0'..=b'9' | b'a'..=b'z'),
            Self::UpperHyphen => matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'-'),
            Self::Url => alnum || matches!(byte, b'-' | b'_'),
            Self::UrlDot => alnum || matches!(byte, b'-' | b'_' | b'.'),
            Self::UrlLower => matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-'),
            Self::UrlPad => alnum || matches!(byte, b'-' | b'_' | b'='),
            Self::UrlPadDot => alnum || matches!(byte, b'-' | b'_' | b'=' | b'.'),
            Self::UrlSlash => alnum || matches!(byte, b'-' | b'_' | b'/' | b'@'),
            Self::UrlTilde => alnum || matches!(byte, b'-' | b'_' | b'.' | b'~'),
            Self::Word => alnum || byte == b'_',
        }
    }
}

/// A token whose prefix belongs to it.
const fn token(prefixes: &'static [&'static str], alphabet: Alphabet, min: usize, max: usize) -> Form {
    Form::Token(Token { prefixes, alphabet, min, max, whole: true, check: Check::None })
}

/// A token whose prefix belongs to it, with more to check.
const fn checked(prefixes: &'static [&'static str], alphabet: Alphabet, min: usize, max: usize, check: Check) -> Form {
    Form::Token(Token { prefixes, alphabet, min, max, whole: true, check })
}

/// A token whose prefix only leads to it.
const fn behind(prefixes: &'static [&'static str], alphabet: Alphabet, min: usize, max: usize) -> Form {
    Form::Token(Token { prefixes, alphabet, min, max, whole: false, check: Check::None })
}

/// All rules.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    TOKENS.into_iter().flatten().chain(WRITTEN.iter().copied())
}

/// The rule with an id.
pub(crate) fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_confidences_are_percent() {
        let mut ids = HashSet::new();
        for rule in all() {
            assert!(ids.insert(rule.id), "{}", rule.id);
            assert!(rule.confidence <= 100, "{}", rule.id);
        }
    }

    #[test]
    fn a_longer_prefix_stands_before_one_that_begins_it() {
        let prefixes = all().flat_map(|rule| match rule.form {
            Form::Token(token) => token.prefixes,
            Form::Written => &[],
        });
        let mut before: Vec<&str> = Vec::new();
        for prefix in prefixes {
            assert!(before.iter().all(|earlier| !prefix.starts_with(earlier)), "{prefix}");
            before.push(prefix);
        }
    }

    #[test]
    fn an_alphabet_stands_at_its_own_number() {
        for (at, alphabet) in Alphabet::ALL.into_iter().enumerate() {
            assert_eq!(alphabet as usize, at);
        }
    }
}

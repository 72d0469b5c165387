//! What is looked for: every rule, with the source of its format.
//!
//! A rule's id is stable: bundles switch rules off by it, and records name it. Lengths are those of the body behind the
//! prefix, in bytes. Severity is how much the credential opens; confidence is how seldom something else has its form.

use guardhouse_guard::Severity;

mod tokens;
mod written;

pub(crate) use tokens::RULES;
pub(crate) use written::*;

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
    /// What it looks like.
    pub(crate) form: Form,
}

/// What a credential looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// A prefix of its own and a body of one alphabet.
    Token {
        /// The prefixes, each of two bytes or more.
        prefixes: &'static [&'static str],
        /// What the body consists of.
        alphabet: Alphabet,
        /// Bytes of the shortest body.
        min: usize,
        /// Bytes of the longest body.
        max: usize,
        /// Whether the prefix belongs to the secret, or only leads to it.
        whole: bool,
    },
    /// More than that: a module of its own says what.
    Written,
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
    /// Lower-case hexadecimal digits.
    Hex,
    /// Lower-case letters and digits.
    Lower,
    /// Base64url (RFC 4648 section 5) without padding.
    Url,
    /// Base64url and dot.
    UrlDot,
    /// Lower-case letters, digits and hyphen.
    UrlLower,
    /// Base64url with padding.
    UrlPad,
    /// Base64url and the slash of a path.
    UrlSlash,
    /// Letters, digits and `_`.
    Word,
}

impl Alphabet {
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
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Lower => matches!(byte, b'0'..=b'9' | b'a'..=b'z'),
            Self::Url => alnum || matches!(byte, b'-' | b'_'),
            Self::UrlDot => alnum || matches!(byte, b'-' | b'_' | b'.'),
            Self::UrlLower => matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-'),
            Self::UrlPad => alnum || matches!(byte, b'-' | b'_' | b'='),
            Self::UrlSlash => alnum || matches!(byte, b'-' | b'_' | b'/'),
            Self::Word => alnum || byte == b'_',
        }
    }
}

/// The rule with an id.
pub(crate) fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().chain(WRITTEN.iter().copied()).find(|rule| rule.id == id)
}

/// The rules that have modules of their own.
const WRITTEN: &[&Rule] =
    &[&AWS_SECRET, &PEM, &JWT, &DISCORD, &TELEGRAM, &URL, &DATABASE_URL, &PASSWORD, &KEY, &AUTHORIZATION];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_confidences_are_percent() {
        let mut ids = HashSet::new();
        for rule in RULES.iter().chain(WRITTEN.iter().copied()) {
            assert!(ids.insert(rule.id), "{}", rule.id);
            assert!(rule.confidence <= 100, "{}", rule.id);
        }
    }

    #[test]
    fn a_longer_prefix_stands_before_one_that_begins_it() {
        let prefixes = RULES.iter().flat_map(|rule| match rule.form {
            Form::Token { prefixes, .. } => prefixes,
            Form::Written => &[],
        });
        let mut before: Vec<&str> = Vec::new();
        for prefix in prefixes {
            assert!(before.iter().all(|earlier| !prefix.starts_with(earlier)), "{prefix}");
            before.push(prefix);
        }
    }
}

//! Whether a value can be a secret at all.

use crate::pairs::Pairs;

/// What a value must be like when only its surroundings speak for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Worth {
    /// Bits of Shannon entropy per byte.
    pub(crate) entropy: f64,
}

/// Bits per byte below which even a value with the format of a key is a dummy, such as `ghp_aaaa…`.
const DUMMY: f64 = 2.5;

/// How many bits per byte a password may have less than a key: people repeat letters, and six different characters have
/// only 2.6.
const CHOSEN: f64 = 1.25;

/// What stands in documentation and templates in place of a secret, in lower case. Each is long or odd enough to be
/// seldom met in a random key.
const PLACEHOLDERS: &[&str] = &[
    "example",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "redacted",
    "replaceme",
    "replace_me",
    "replace-me",
    "replace_with",
    "replace-with",
    "insert_",
    "insert-",
    "your_",
    "your-",
    "yourkey",
    "yourtoken",
    "yourpassword",
    "yoursecret",
    "yourapi",
    "my_secret",
    "my-secret",
    "mysecret",
    "my_password",
    "mypassword",
    "dummy",
    "sample",
    "notreal",
    "not-real",
    "not_real",
    "xxxx",
    "****",
    "....",
    "____",
    "0000000",
    "1234567",
    "abcdefg",
    "deadbeef",
];

/// With which pairs of bytes a placeholder begins.
static PLACEHOLDER_PAIRS: Pairs = {
    let mut pairs = Pairs::none();
    let mut at = 0;
    while at < PLACEHOLDERS.len() {
        pairs = pairs.with(PLACEHOLDERS[at], 0);
        at += 1;
    }
    pairs
};

/// Shannon entropy of a value's bytes, in bits per byte.
pub(crate) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let of = |count: u32| {
        let share = f64::from(count) / length;
        -share * share.log2()
    };
    counts.into_iter().filter(|count| *count > 0).map(of).sum()
}

/// Whether a value stands in place of a secret.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    (1..value.len()).any(|second| {
        let at = second - 1;
        if !PLACEHOLDER_PAIRS.has(value[at].to_ascii_lowercase(), value[second].to_ascii_lowercase()) {
            return false;
        }
        let rest = &value[at..];
        let begins =
            |word: &&str| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()));
        PLACEHOLDERS.iter().any(begins)
    })
}

/// Whether a value that has the format of a key is a dummy all the same.
pub(crate) fn is_dummy(value: &[u8]) -> bool {
    entropy(value) < DUMMY || is_placeholder(value)
}

impl Worth {
    /// Whether a value may be a generated key: it looks random, mixes digits with letters, and is neither a reference to
    /// a secret kept elsewhere nor an identifier.
    pub(crate) fn may_be_key(self, value: &[u8]) -> bool {
        let mixed = value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic);
        value.len() >= 16
            && mixed
            && entropy(value) >= self.entropy
            && !is_reference(value)
            && !is_uuid(value)
            && !is_placeholder(value)
    }

    /// Whether a value may be a password that a person chose: shorter and less random than a key, but no plain word.
    pub(crate) fn may_be_password(self, value: &[u8]) -> bool {
        let odd = value.iter().any(|byte| !byte.is_ascii_alphabetic() && *byte != b'_' && *byte != b'-');
        value.len() >= 6
            && odd
            && value.iter().any(u8::is_ascii_alphabetic)
            && entropy(value) >= self.entropy - CHOSEN
            && !is_reference(value)
            && !is_uuid(value)
            && !is_placeholder(value)
    }
}

/// Whether a value names where a secret is kept rather than being one: a variable, a call, a path into settings.
fn is_reference(value: &[u8]) -> bool {
    const MARKS: &[u8] = b"(){}[]<>$";
    let begins = |word: &str| value.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()));
    let marked = match value {
        // A password may have one of these in it; a variable has them at its ends.
        [first, .., last] => MARKS.contains(first) || MARKS.contains(last) || (*first == b'%' && *last == b'%'),
        _ => true,
    };
    marked
        || value.contains(&b'(')
        || memchr::memmem::find(value, b"${").is_some()
        || memchr::memmem::find(value, b"{{").is_some()
        || ["process.env", "os.environ", "env.", "env[", "env:", "config.", "settings.", "secrets.", "vault:", "var."]
            .iter()
            .any(|word| begins(word))
}

/// Whether a value is a UUID: an identifier far more often than a secret.
fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORTH: Worth = Worth { entropy: 3.5 };

    #[test]
    fn entropy_is_the_bits_that_a_byte_carries() {
        assert!(entropy(b"aaaaaaaa").abs() < 1e-9);
        assert!((entropy(b"abababab") - 1.0).abs() < 1e-9);
        assert!((entropy(b"abcdefgh") - 3.0).abs() < 1e-9);
        assert!(entropy(b"").abs() < 1e-9);
    }

    #[test]
    fn a_reference_to_a_secret_is_none() {
        for value in
            ["${DB_PASSWORD_1}", "$PASSWORD1", "<password-1>", "get_password(1)", "process.env.DB_PASS1", "{{p1}}"]
        {
            assert!(!WORTH.may_be_password(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_plain_word_is_no_password() {
        for value in ["string", "required", "authentication", "must_be_set", "none", "********", "changeme123"] {
            assert!(!WORTH.may_be_password(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_chosen_password_is_one() {
        for value in ["hunter2!", "Tr0ub4dor&3", "correct-horse-9-staple", "s3cr3tP4ss"] {
            assert!(WORTH.may_be_password(value.as_bytes()), "{value}");
        }
    }
}

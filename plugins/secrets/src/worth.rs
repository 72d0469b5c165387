//! Whether a value can be a secret at all.

use crate::pairs::Pairs;
use crate::work;

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
    "your ",
    "fakekey",
    "faketoken",
    "fakesecret",
    "fake_",
    "fake-",
    "notasecret",
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

/// The longest value whose entropy is asked for.
const LONGEST: usize = 256;

/// The binary logarithm of each number up to [`LONGEST`]; that of zero is not asked for.
static LOG2: [f64; LONGEST + 1] = {
    let mut table = [0.0; LONGEST + 1];
    let mut number = 1;
    let mut value = 1.0;
    while number <= LONGEST {
        table[number] = log2(value);
        number += 1;
        value += 1.0;
    }
    table
};

/// The binary logarithm of a number from 1 on: halved to below two, then a digit with each squaring.
const fn log2(mut number: f64) -> f64 {
    let (mut result, mut digit) = (0.0, 1.0);
    while number >= 2.0 {
        number /= 2.0;
        result += 1.0;
    }
    while digit > 1e-12 {
        digit /= 2.0;
        number *= number;
        if number >= 2.0 {
            number /= 2.0;
            result += digit;
        }
    }
    result
}

/// Shannon entropy of a value's first [`LONGEST`] bytes, in bits per byte.
pub(crate) fn entropy(value: &[u8]) -> f64 {
    let value = &value[..value.len().min(LONGEST)];
    work::add(value.len());
    let mut counts = [0_u16; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let log2 = |count: usize| LOG2[count];
    let counted: f64 = value.iter().map(|byte| log2(usize::from(counts[usize::from(*byte)]))).sum();
    #[expect(clippy::cast_precision_loss, reason = "it counts to 256")]
    let length = value.len().max(1) as f64;
    log2(value.len()) - counted / length
}

/// Whether a value stands in place of a secret.
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    work::add(value.len());
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
            && !is_words(value)
            && !is_placeholder(value)
    }

    /// Whether a value may be a password that a person chose: shorter and less random than a key, but no plain word.
    pub(crate) fn may_be_password(self, value: &[u8]) -> bool {
        // Letters of other scripts make words too.
        let odd =
            value.iter().any(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic() && *byte != b'_' && *byte != b'-');
        value.len() >= 6
            && odd
            && value.iter().any(u8::is_ascii_alphabetic)
            && entropy(value) >= self.entropy - CHOSEN
            && !is_reference(value)
            && !is_uuid(value)
            && !is_placeholder(value)
    }
}

/// How values begin that are no secrets: names of where one is kept, and what was made of one that does not lead back to it.
const REFERENCES: &[&str] = &[
    "process.env",
    "os.environ",
    "env.",
    "env[",
    "env:",
    "config.",
    "settings.",
    "secrets.",
    "vault:",
    "var.",
    "local.",
    "data.",
    "module.",
    "props.",
    "self.",
    "this.",
    "args.",
    "arn:",
    "op://",
    "ref+",
    "sm://",
    "enc[",
    "./",
    "../",
    "~/",
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "sha1:",
    "sha256:",
    "sha512:",
    "md5:",
    "pbkdf2",
    "bcrypt",
    "scrypt:",
    "ssh-",
    "ecdsa-",
];

/// Whether a value names where a secret is kept rather than being one: a variable, a call, a path into settings, a file; or
/// what was made of one: a hash, a public key.
fn is_reference(value: &[u8]) -> bool {
    const MARKS: &[u8] = b"(){}[]<>$";
    let begins = |word: &str| value.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()));
    let first = value.first().map(u8::to_ascii_lowercase);
    let marked = match value {
        // A password may have one of these in it; a variable has them at its ends.
        [first, .., last] => MARKS.contains(first) || MARKS.contains(last) || (*first == b'%' && *last == b'%'),
        _ => true,
    };
    let is_path = value.starts_with(b"/") && value[1..].contains(&b'/');
    marked
        || is_path
        || value.contains(&b'(')
        || memchr::memmem::find(value, b"${").is_some()
        || memchr::memmem::find(value, b"://").is_some()
        || memchr::memmem::find(value, b"{{").is_some()
        || REFERENCES.iter().any(|word| word.as_bytes().first() == first.as_ref() && begins(word))
}

/// Whether a value is words and numbers with marks between: `user_session_v2`, `auth_token_987654321`.
fn is_words(value: &[u8]) -> bool {
    let is_word = |word: &[u8]| {
        let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (letters, number) = word.split_at(letters);
        let one_case = letters.iter().skip(1).all(u8::is_ascii_lowercase) || letters.iter().all(u8::is_ascii_uppercase);
        one_case && (number.len() <= 3 || letters.is_empty()) && number.iter().all(u8::is_ascii_digit)
    };
    let mut words = value.split(|byte| matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b' '));
    let (count, are_words) =
        words.try_fold(0, |count, word| is_word(word).then_some(count + 1)).map_or((0, false), |count| (count, true));
    are_words && (2..=value.len() / 3).contains(&count)
}

/// Whether a value is a UUID: an identifier far more often than a secret.
pub(crate) fn is_uuid(value: &[u8]) -> bool {
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

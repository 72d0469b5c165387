//! What the value of a setting is beside a password or key: a sentence, a signature, another setting.

/// How many bytes may close a sentence or the brackets around a value.
const CLOSING: usize = 8;

/// Words of letters and digits that a sentence about passwords may name.
const TERMS: &[&str] = &[
    "aes128", "aes256", "argon2", "argon2i", "argon2id", "base32", "base64", "bcrypt2", "ed25519", "http2", "oauth1",
    "oauth2", "pbkdf2", "pkcs12", "sha224", "sha256", "sha384", "sha512", "sha3", "utf16",
];

/// Where a value without quotes ends, of what lies between white space and other separators.
pub(crate) fn bare_end(value: &[u8]) -> usize {
    let mut end = value.len();
    // `a=b` behind it is another assignment; `=` at the end is the padding of base64.
    if let Some(at) = memchr::memchr(b'=', value)
        && value[at..].iter().any(|byte| *byte != b'=')
    {
        end = at;
    }
    // What closes a sentence or a bracket around it is not of the value.
    let closing = |byte: &&u8| matches!(**byte, b'.' | b')' | b']' | b'}');
    end - value[..end].iter().rev().take(CLOSING).take_while(closing).count()
}

/// Whether what lies between two quotes is the code between two strings: `"&password=" + password + "&x="`.
pub(crate) fn is_between_strings(value: &[u8]) -> bool {
    let is_joint = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'+' | b'.' | b','));
    is_joint(value.first()) && is_joint(value.last()) || value.starts_with(b" ")
}

/// Whether a value in quotes is a sentence rather than a password: words with spaces between and nothing odd in them.
pub(crate) fn is_sentence(value: &[u8]) -> bool {
    let is_plain =
        |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'.' | b',' | b'!' | b'?' | b'\'' | b':');
    value.contains(&b' ') && value.iter().all(is_plain)
}

/// Whether the value in `the password is VALUE` is one, rather than the next word of a sentence about passwords: it has a
/// digit, is not hyphenated (`8-character`), no number with a unit (`90days`) and no name of a method (`sha256`).
pub(crate) fn is_told(value: &[u8]) -> bool {
    let number = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let has_unit = number > 0 && value[number..].iter().all(u8::is_ascii_lowercase);
    let is_term = TERMS.iter().any(|term| value.eq_ignore_ascii_case(term.as_bytes()));
    let is_joined = value.iter().any(|byte| matches!(byte, b'-' | b'/' | b' '));
    value.iter().any(u8::is_ascii_digit) && !is_joined && !has_unit && !is_term
}

/// Whether a value is the signature of an Azure shared access signature: 32 bytes in base64, as a URL has them.
pub(crate) fn is_signature(value: &[u8]) -> bool {
    let (mut at, mut digits) = (0, 0);
    while let Some(byte) = value.get(at) {
        match (byte, value.get(at + 1..at + 3)) {
            (b'%', Some(b"2B" | b"2b" | b"2F" | b"2f")) => (at, digits) = (at + 3, digits + 1),
            (b'%', Some(b"3D" | b"3d")) => at += 3,
            (b'=', _) => at += 1,
            (byte, _) if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => {
                (at, digits) = (at + 1, digits + 1);
            }
            _ => return false,
        }
    }
    digits == 43 && value.iter().any(u8::is_ascii_digit)
}

/// Whether a value is a UUID that may be a key: not all zeros or the like.
pub(crate) fn is_uuid_key(value: &[u8]) -> bool {
    crate::worth::is_uuid(value) && crate::worth::entropy(value) > 2.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_quotes_ends_before_what_closes_around_it_and_before_the_next_setting() {
        for (text, value) in
            [("abc).", "abc"), ("abc==", "abc=="), ("abc=def", "abc"), ("abc", "abc"), ("....", ""), ("", "")]
        {
            assert_eq!(&text[..bare_end(text.as_bytes())], value, "{text}");
        }
    }

    #[test]
    fn a_sentence_about_a_password_tells_none() {
        for value in ["required", "8-character", "90days", "sha256", "case/space", "30d"] {
            assert!(!is_told(value.as_bytes()), "{value}");
        }
        for value in ["hunter2", "Tr0ub4dor&3", "2manysecrets!"] {
            assert!(is_told(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_signature_is_32_bytes_of_base64_as_a_url_has_them() {
        let digits = "Kq7vX2mP9sLbT4nRwZ8cYdF1hJgA5eU6oQiB3kVtNxS";
        assert!(is_signature(format!("{digits}%3D").as_bytes()));
        assert!(is_signature(format!("{}%2B%2f=", &digits[..41]).as_bytes()));
        assert!(!is_signature(&digits.as_bytes()[..42]));
        assert!(!is_signature(b"%%%"));
    }
}

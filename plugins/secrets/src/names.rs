//! What the name of a setting says of its value.

use crate::pairs::Pairs;

/// The longest name that is read, in bytes.
pub(crate) const LONGEST: usize = 64;

/// Ends of names whose values people choose, in small letters and without `_`, `-` and `.`, in the languages with the most
/// speakers among those that write settings and mails.
const PASSWORDS: &[&str] = &[
    "password",
    "passwd",
    "pswd",
    "pwd",
    "passphrase",
    "passcode",
    "pgpass",
    "passwort",
    "kennwort",
    "contrasena",
    "contraseña",
    "motdepasse",
    "senha",
    "wachtwoord",
    "parola",
    "haslo",
    "hasło",
    "şifre",
    "пароль",
    "密码",
    "密碼",
    "パスワード",
    "비밀번호",
    "पासवर्ड",
];

/// Ends of names whose values people choose, where another word may end in the same letters: only behind `_`, `-`, `.`, or
/// as the whole name.
const SHORT_PASSWORDS: &[&str] = &["pass", "pw"];

/// Ends of names whose values are generated.
const KEYS: &[&str] = &[
    "accesskey",
    "accountkey",
    "aeskey",
    "apikey",
    "apitoken",
    "appkey",
    "authkey",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "consumerkey",
    "credential",
    "credentials",
    "deploykey",
    "encryptionkey",
    "hmackey",
    "jwtkey",
    "masterkey",
    "privatekey",
    "privatetoken",
    "refreshtoken",
    "secret",
    "secretkey",
    "secretkeybase",
    "servicekey",
    "sessionkey",
    "sharedkey",
    "signingkey",
    "storagekey",
    "subscriptionkey",
    "token",
    "webhooksecret",
];

/// Ends of names that one of the above ends too, but that hold no secret: places in a list, guards against forgery that
/// live for one request, the words of a language model.
const HARMLESS: &[&str] = &[
    "nexttoken",
    "pagetoken",
    "pagingtoken",
    "continuationtoken",
    "cursortoken",
    "synctoken",
    "idempotencytoken",
    "clienttoken",
    "csrftoken",
    "xsrftoken",
    "antiforgerytoken",
    "authenticitytoken",
    "tokentoken",
    "stoptoken",
    "eostoken",
    "bostoken",
    "padtoken",
    "publicaccesskey",
];

/// Words in a name that say that everyone may know its value.
const PUBLIC: &[&str] = &["public", "publishable"];

/// Words in the name of a key that is a UUID. Elsewhere a UUID is an identifier far more often than a secret. Source: the
/// vendors' documentation of their API keys.
const UUID_KEYS: &[&str] = &["heroku", "hubspot", "messagebird", "postmark", "sendbird", "snyk", "squarespace"];

/// With which two bytes a name may end, in small letters.
static ENDS: Pairs = {
    let words = [PASSWORDS, SHORT_PASSWORDS, KEYS, &["authorization", "auth", "sig", "value"]];
    let mut pairs = Pairs::none();
    let mut list = 0;
    while list < words.len() {
        let mut word = 0;
        while word < words[list].len() {
            pairs = pairs.with(words[list][word], words[list][word].len() - 2);
            word += 1;
        }
        list += 1;
    }
    pairs
};

/// What a name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person chose it.
    Password,
    /// A program made it.
    Key,
    /// It is the value of an `Authorization` header.
    Authorization,
    /// It is the base64 of a user and a password.
    Basic,
    /// It is the signature of a shared access signature.
    Signature,
    /// Another setting beside it has the name: `name: API_KEY`, `value: …`.
    Value,
}

/// What a name says of its value, judged by how it ends: `db_password` is a password, `password_policy` is none. A number
/// behind the name does not matter.
pub(crate) fn kind(name: &[u8]) -> Option<Kind> {
    let numbered = name.iter().rev().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let name = &name[..name.len() - numbered];
    // The quickest way out: few names end in one of these pairs of letters.
    let [.., before, last] = name else { return None };
    if !ENDS.has(before.to_ascii_lowercase(), last.to_ascii_lowercase()) && !matches!(last, b'_' | b'-' | b'.') {
        return None;
    }
    let mut buffer = [0; LONGEST];
    let plain = plain(name, &mut buffer);
    match plain {
        b"auth" => return Some(Kind::Basic),
        b"sig" => return Some(Kind::Signature),
        b"value" | b"secretvalue" | b"stringvalue" => return Some(Kind::Value),
        _ => {}
    }
    let ends_apart = |word: &&str| {
        let head = plain.strip_suffix(word.as_bytes());
        let apart = || name.len() > word.len() && !name[name.len() - word.len() - 1].is_ascii_alphanumeric();
        head.is_some_and(|head| head.is_empty() || head.ends_with(b"db") || apart())
    };
    if ends(plain, PASSWORDS, &PASSWORD_TAILS) || SHORT_PASSWORDS.iter().any(ends_apart) {
        Some(Kind::Password)
    } else if ends(plain, KEYS, &KEY_TAILS) {
        (!ends(plain, HARMLESS, &HARMLESS_TAILS) && !has(plain, PUBLIC)).then_some(Kind::Key)
    } else {
        plain.ends_with(b"authorization").then_some(Kind::Authorization)
    }
}

/// Whether a name is one of a key that may be a UUID.
pub(crate) fn keeps_uuids(name: &[u8]) -> bool {
    has(plain(name, &mut [0; LONGEST]), UUID_KEYS) || name == b"_authToken"
}

/// A name in small letters and without marks.
fn plain<'buffer>(name: &[u8], buffer: &'buffer mut [u8; LONGEST]) -> &'buffer [u8] {
    let bytes = name.iter().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let mut length = 0;
    for (place, byte) in buffer.iter_mut().zip(bytes) {
        *place = byte.to_ascii_lowercase();
        length += 1;
    }
    &buffer[..length]
}

/// Whether a name ends in one of the words, of which the last bytes are these.
fn ends<const COUNT: usize>(name: &[u8], words: &[&str], tails: &[Tail; COUNT]) -> bool {
    let Some(last) = name.last_chunk() else {
        return words.iter().any(|word| name.ends_with(word.as_bytes()));
    };
    let last = u32::from_be_bytes(*last);
    let mut likely = tails.iter().zip(words).filter(|(tail, _)| (last ^ tail.bytes) & tail.mask == 0);
    likely.any(|(_, word)| name.ends_with(word.as_bytes()))
}

/// The last four bytes of a word, and which bits of them are the word's: most names are told apart by these alone.
#[derive(Clone, Copy, Debug)]
struct Tail {
    bytes: u32,
    mask: u32,
}

/// The last bytes of all words of a list.
const fn tails<const COUNT: usize>(words: &[&str]) -> [Tail; COUNT] {
    let mut tails = [Tail { bytes: 0, mask: 0 }; COUNT];
    let mut word = 0;
    while word < COUNT {
        let bytes = words[word].as_bytes();
        let mut at = 0;
        while at < 4 && at < bytes.len() {
            tails[word].bytes |= (bytes[bytes.len() - 1 - at] as u32) << (8 * at);
            tails[word].mask |= 0xff << (8 * at);
            at += 1;
        }
        word += 1;
    }
    tails
}

static PASSWORD_TAILS: [Tail; PASSWORDS.len()] = tails(PASSWORDS);
static KEY_TAILS: [Tail; KEYS.len()] = tails(KEYS);
static HARMLESS_TAILS: [Tail; HARMLESS.len()] = tails(HARMLESS);

/// Whether one of the words stands in a name.
fn has(name: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| name.windows(word.len()).any(|part| part == word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_judged_by_its_end() {
        for (name, expected) in [
            ("db_password", Some(Kind::Password)),
            ("PGPASSWORD", Some(Kind::Password)),
            ("password2", Some(Kind::Password)),
            ("mysql_pass", Some(Kind::Password)),
            ("pass", Some(Kind::Password)),
            ("密码", Some(Kind::Password)),
            ("compass", None),
            ("password_policy", None),
            ("API-KEY", Some(Kind::Key)),
            ("herokuApiKey", Some(Kind::Key)),
            ("publicApiKey", None),
            ("next_page_token", None),
            ("tokens", None),
            ("Proxy-Authorization", Some(Kind::Authorization)),
            ("auth", Some(Kind::Basic)),
            ("oauth", None),
            ("value", Some(Kind::Value)),
            ("d", None),
            ("", None),
        ] {
            assert_eq!(kind(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn only_some_vendors_keys_are_uuids() {
        assert!(keeps_uuids(b"HEROKU_API_KEY") && keeps_uuids(b"_authToken"));
        assert!(!keeps_uuids(b"api_key"));
    }
}

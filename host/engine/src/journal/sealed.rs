//! What is sealed to recipients: files of [age](https://age-encryption.org/v1), X25519 recipients and identities only.
//!
//! The errors of the `age` crate are never printed: their words are looked up in translations that a program that is not
//! released reads from the crate's source. Ours say as much.

use std::{
    fmt,
    fs::File,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    str::FromStr,
};

use age::{DecryptError, Decryptor, Encryptor};
use bech32::FromBase32 as _;
use thiserror::Error;

/// The most bytes of a header that is read: more than those of all the recipients that a bundle may have, which take some 120
/// bytes each, and of those that another version may allow. Every stanza of it costs each identity a key agreement.
const MAX_HEADER: usize = 16 << 10;

/// What begins the last line of a header.
const HEADER_END: &[u8] = b"\n--- ";

/// The most bytes of a file of identities that are read.
const MAX_IDENTITIES: u64 = 64 << 10;

/// Whom something is sealed to: an X25519 recipient of age, `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(age::x25519::Recipient);

/// A text is no recipient. What it is instead is not said: it may be a secret key by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidRecipient {
    /// It is something else.
    #[error("expected a recipient as `age-keygen` writes them, `age1` and 58 characters, found something else")]
    Other,
    /// Whoever sees what is sealed to it could open it: a point of low order (RFC 7748, section 6.1).
    #[error("expected a recipient that has a secret key, found one that everybody can open")]
    Public,
}

impl FromStr for Recipient {
    type Err = InvalidRecipient;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let recipient: age::x25519::Recipient = text.parse().map_err(|_| InvalidRecipient::Other)?;
        // Sealing to such a point is a panic of the crate.
        if is_shared_with_all(&recipient).ok_or(InvalidRecipient::Other)? {
            return Err(InvalidRecipient::Public);
        }
        Ok(Self(recipient))
    }
}

/// Whether any secret and this recipient agree on zero.
fn is_shared_with_all(recipient: &age::x25519::Recipient) -> Option<bool> {
    let (_, data, _) = bech32::decode(&recipient.to_string()).ok()?;
    let point: [u8; 32] = Vec::from_base32(&data).ok()?.try_into().ok()?;
    // The function makes a multiple of eight of any scalar, so that every point of low order ends at zero.
    Some(x25519_dalek::x25519([1; 32], point) == [0; 32])
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The secret keys by which content is opened: X25519 identities of age.
#[derive(Default)]
pub struct Identities(Vec<age::x25519::Identity>);

/// A file of identities cannot be read.
#[derive(Debug, Error)]
pub enum IdentitiesError {
    /// The system refuses.
    #[error("expected to read `{}`, found that {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is not such a file. What stands there is not said, since it is secret.
    #[error("{}:{line}: expected an X25519 identity as `age-keygen` writes it, `AGE-SECRET-KEY-1…`, found something else", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// There is too much of it, or nothing.
    #[error("{}: expected 1 to {MAX_IDENTITIES} bytes of identities, found {found}", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// What there is.
        found: &'static str,
    },
}

impl Identities {
    /// Reads a file as `age-keygen` writes it: an identity a line, `#` begins a comment.
    ///
    /// # Errors
    /// When it cannot be read, has more than 64 KiB, holds no identity, or anything else.
    pub fn read(path: &Path) -> Result<Self, IdentitiesError> {
        let io = |source| IdentitiesError::Io { path: path.to_owned(), source };
        let mut text = String::new();
        File::open(path).map_err(io)?.take(MAX_IDENTITIES + 1).read_to_string(&mut text).map_err(io)?;
        let length = |found| IdentitiesError::Length { path: path.to_owned(), found };
        if text.len() as u64 > MAX_IDENTITIES {
            return Err(length("more"));
        }
        let mut identities = Vec::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let identity = text.parse().map_err(|_| IdentitiesError::Line { path: path.to_owned(), line })?;
            identities.push(identity);
        }
        if identities.is_empty() { Err(length("none")) } else { Ok(Self(identities)) }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identities").field(&self.0.len()).finish()
    }
}

/// Why something was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unopened {
    /// It is sealed to others.
    ToOthers,
    /// It is not what was sealed.
    Damaged,
}

/// Seals some bytes to recipients: a binary age file. `None` if that fails, which it does without recipients only.
pub(super) fn seal(bytes: &[u8], recipients: &[Recipient]) -> Option<Vec<u8>> {
    let encryptor = Encryptor::with_recipients(recipients.iter().map(|recipient| &recipient.0 as _)).ok()?;
    let mut writer = encryptor.wrap_output(Vec::with_capacity(bytes.len() + 1_024)).ok()?;
    writer.write_all(bytes).ok()?;
    writer.finish().ok()
}

/// Opens what was sealed. It gives fewer bytes than it takes.
pub(super) fn open(sealed: &[u8], identities: &Identities) -> Result<Vec<u8>, Unopened> {
    // The crate would go on to the end of whatever claims to be a header, and keep all of it.
    let beginning = sealed.get(..MAX_HEADER).unwrap_or(sealed);
    if !beginning.windows(HEADER_END.len()).any(|bytes| bytes == HEADER_END) {
        return Err(Unopened::Damaged);
    }
    let decryptor = Decryptor::new_buffered(sealed).map_err(|_| Unopened::Damaged)?;
    let opened = decryptor.decrypt(identities.0.iter().map(|identity| identity as _));
    let mut reader = opened.map_err(|error| match error {
        DecryptError::NoMatchingKeys => Unopened::ToOthers,
        _ => Unopened::Damaged,
    })?;
    let mut bytes = Vec::with_capacity(sealed.len());
    reader.read_to_end(&mut bytes).map_err(|_| Unopened::Damaged)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use age::secrecy::ExposeSecret as _;
    use std::fs;

    use super::*;

    /// A new identity: what opens, and what is sealed to.
    fn identity() -> (Identities, Recipient) {
        let identity = age::x25519::Identity::generate();
        let recipient = Recipient(identity.to_public());
        (Identities(vec![identity]), recipient)
    }

    #[test]
    fn each_recipient_opens_what_is_sealed_and_nobody_else() {
        let (ours, theirs, others) = (identity(), identity(), identity());
        for bytes in [Vec::new(), b"Zanzibar".to_vec(), vec![7; 200_000]] {
            let sealed = seal(&bytes, &[ours.1.clone(), theirs.1.clone()]).unwrap();
            assert!(sealed.starts_with(b"age-encryption.org/v1\n"));
            assert!(!sealed.windows(8).any(|window| window == b"Zanzibar"));
            assert_eq!(open(&sealed, &ours.0).unwrap(), bytes);
            assert_eq!(open(&sealed, &theirs.0).unwrap(), bytes);
            assert_eq!(open(&sealed, &others.0), Err(Unopened::ToOthers));
            assert_eq!(open(&sealed, &Identities::default()), Err(Unopened::ToOthers));
        }
        assert_eq!(seal(b"Zanzibar", &[]), None);
    }

    #[test]
    fn what_was_changed_or_cut_off_is_not_opened() {
        let (ours, recipient) = identity();
        let sealed = seal(b"Zanzibar", &[recipient]).unwrap();
        for len in 0..sealed.len() {
            assert!(open(&sealed[..len], &ours).is_err(), "{len}");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&changed, &ours).is_err(), "{at}");
        }
    }

    #[test]
    fn a_header_without_an_end_is_not_read_on_and_on() {
        let (ours, recipient) = identity();
        let sealed = seal(b"Zanzibar", &[recipient]).unwrap();
        let text = String::from_utf8_lossy(&sealed).into_owned();
        let (magic, _) = text.split_once('\n').unwrap();
        let stanza = "-> none\nAAAA\n";
        let behind = &sealed[magic.len() + 1..];
        let within = [magic.as_bytes(), b"\n", stanza.repeat(10).as_bytes(), behind].concat();
        // Its code does not cover what was put in.
        assert_eq!(open(&within, &ours), Err(Unopened::Damaged));
        let longer = [magic.as_bytes(), b"\n", stanza.repeat(1 << 20).as_bytes(), behind].concat();
        assert_eq!(open(&longer, &ours), Err(Unopened::Damaged));
    }

    #[test]
    fn only_recipients_with_a_secret_key_are_taken() {
        let (_, recipient) = identity();
        let text = recipient.to_string();
        assert_eq!(text.parse(), Ok(recipient));
        let secret = age::x25519::Identity::generate().to_string();
        for wrong in
            ["", "age1", "ssh-ed25519 AAAA", &text[..61], &text.replacen("age1", "ago1", 1), secret.expose_secret()]
        {
            assert_eq!(wrong.parse::<Recipient>(), Err(InvalidRecipient::Other), "{wrong}");
        }
        // RFC 7748, section 6.1, and the orders' other points: https://cr.yp.to/ecdh.html#validate
        let eighth = [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
            0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ];
        let mut one = [0; 32];
        one[0] = 1;
        for point in [[0; 32], one, eighth] {
            let text = bech32::encode("age", bech32::ToBase32::to_base32(&point), bech32::Variant::Bech32).unwrap();
            assert_eq!(text.parse::<Recipient>(), Err(InvalidRecipient::Public), "{text}");
        }
    }

    #[test]
    fn identities_are_read_as_age_keygen_writes_them() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("identities");
        let (ours, theirs) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
        let [first, second] = [&ours, &theirs].map(|identity| identity.to_string().expose_secret().to_owned());
        fs::write(&path, format!("# created: 2026-11-21\n# public key: {}\n{first}\n\n{second}", ours.to_public()))
            .unwrap();
        let identities = Identities::read(&path).unwrap();
        for identity in [&ours, &theirs] {
            let sealed = seal(b"Zanzibar", &[Recipient(identity.to_public())]).unwrap();
            assert_eq!(open(&sealed, &identities).unwrap(), b"Zanzibar");
        }
        let refused = |text: &str| {
            fs::write(&path, text).unwrap();
            Identities::read(&path).unwrap_err()
        };
        assert!(matches!(refused("# nothing\n"), IdentitiesError::Length { found: "none", .. }));
        assert!(matches!(refused(&"#".repeat(65 << 10)), IdentitiesError::Length { found: "more", .. }));
        let wrong = refused(&format!("{first}\nAGE-SECRET-KEY-1QQQQ\n"));
        assert!(
            matches!(wrong, IdentitiesError::Line { line: 2, .. }) && !wrong.to_string().contains("QQQQ"),
            "{wrong}"
        );
        assert!(matches!(Identities::read(&path.join("none")), Err(IdentitiesError::Io { .. })));
    }
}

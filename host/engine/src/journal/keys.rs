//! [`Keys`]: what the journal signs, digests and seals with.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
};

use ed25519_dalek::SigningKey;
use hmac::Mac as _;
use zeroize::Zeroizing;

use super::{JournalError, private};
use crate::json::hmac;

/// Bytes of a key.
const LEN: usize = 32;

/// The journal's keys, each 32 random bytes in a file of its own: `signing.key` (Ed25519, RFC 8032) and `store.key`.
pub(super) struct Keys {
    /// Signs checkpoints.
    pub(super) signing: SigningKey,
    store: Zeroizing<[u8; LEN]>,
}

impl Keys {
    /// Reads the keys in a directory; those that are not there are made.
    pub(super) fn open(directory: &Path) -> Result<Self, JournalError> {
        private::own_directory(directory)?;
        let signing = SigningKey::from_bytes(&*key(&directory.join("signing.key"))?);
        Ok(Self { signing, store: key(&directory.join("store.key"))? })
    }

    /// Reads the keys in a directory, which must be there.
    pub(super) fn find(directory: &Path) -> Result<Self, JournalError> {
        let key = |name: &str| {
            let path = directory.join(name);
            let file = private::open(OpenOptions::new().read(true), &path);
            read(&file.map_err(JournalError::io("read", &path))?, &path)
        };
        Ok(Self { signing: SigningKey::from_bytes(&*key("signing.key")?), store: key("store.key")? })
    }

    /// A key for one purpose, out of the store's: HMAC-SHA256 of the purpose.
    pub(super) fn of(&self, purpose: &str) -> Zeroizing<[u8; LEN]> {
        Zeroizing::new(mac(&self.store, purpose.as_bytes()))
    }
}

/// HMAC-SHA256 (RFC 2104).
pub(super) fn mac(key: &[u8; LEN], bytes: &[u8]) -> [u8; LEN] {
    hmac(key).chain_update(bytes).finalize().into_bytes().into()
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// The key in a file, which is made if it is not there.
fn key(path: &Path) -> Result<Zeroizing<[u8; LEN]>, JournalError> {
    match private::open(OpenOptions::new().read(true), path) {
        Ok(file) => read(&file, path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path),
        Err(error) => Err(JournalError::io("read", path)(error)),
    }
}

fn read(file: &File, path: &Path) -> Result<Zeroizing<[u8; LEN]>, JournalError> {
    let wrong = |found| JournalError::Key {
        expected: "a key of 32 bytes that only its owner can read",
        path: path.to_owned(),
        found,
    };
    if private::is_open_to_others(file).map_err(JournalError::io("read", path))? {
        return Err(wrong("one that others can read or write".to_owned()));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LEN + 1));
    file.take(LEN as u64 + 1).read_to_end(&mut bytes).map_err(JournalError::io("read", path))?;
    let len = bytes.len();
    let key = bytes.as_slice().try_into().map(Zeroizing::new);
    key.map_err(|_| wrong(if len > LEN { "more bytes".to_owned() } else { format!("{len} bytes") }))
}

/// Makes a key, whole and synced before it has its name: a key that is lost with what it sealed is lost for good.
fn make(path: &Path) -> Result<Zeroizing<[u8; LEN]>, JournalError> {
    let mut bytes = Zeroizing::new([0; LEN]);
    getrandom::fill(&mut *bytes).map_err(|error| JournalError::io("make", path)(io::Error::other(error)))?;
    let write = |mut file: File| file.write_all(&*bytes).map(|()| file);
    private::write_whole(path, write).map_err(JournalError::io("make", path))?;
    Ok(bytes)
}

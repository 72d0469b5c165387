//! Compiled code and images on disk, so that a bundle is stationed in milliseconds the next time.
//!
//! The cache is a speed-up and never a trust boundary. Whoever can write as this user can do anything to this process
//! anyway; against everybody else the directory is ours alone. What wasmtime loads without looking (compiled code) is
//! checked against a keyed digest first, so that what was cut short, mixed up or altered is compiled anew.

use std::{
    fs,
    hash::{Hash, Hasher},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::json::{Hex, hmac};

/// The file with the key, beside the entries.
const KEY: &str = "key";
/// How entries' names end.
const ENTRY: &str = "entry";
/// Bytes of the key, of a digest, and of the digest at the front of an entry: SHA-256's.
const DIGEST: usize = 32;
/// Bytes of one entry that are read: a guard of the largest size compiles to about four times that.
const MAX_ENTRY: u64 = 512 << 20;
/// Bytes of all entries together. Beyond, those that were not used for longest go.
const MAX_TOTAL: u64 = 2 << 30;

/// A directory with what stationing a guard has come to before.
///
/// Processes may share it. An entry is written aside and renamed, so that it is there whole or not at all, and its name
/// says everything that it depends on, so that it is never out of date.
#[derive(Debug)]
pub struct Cache {
    directory: PathBuf,
    key: [u8; DIGEST],
}

/// Why a directory is no cache.
#[derive(Debug, Error)]
#[error("expected a cache in `{}`, found that {found}", directory.display())]
pub struct CacheError {
    directory: PathBuf,
    found: String,
}

/// The name of an entry: a digest of what it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EntryName([u8; DIGEST]);

impl Cache {
    /// The cache in `directory`, which is made if it is not there, for this user alone.
    ///
    /// # Errors
    /// When it cannot be made or read, or is not this user's alone: somebody else could have put entries there.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, CacheError> {
        let directory = directory.into();
        match own(&directory).and_then(|()| key(&directory)) {
            Ok(key) => Ok(Self { directory, key }),
            Err(found) => Err(CacheError { directory, found }),
        }
    }

    /// The entry's content, if there is one and it is as it was written.
    pub(super) fn read(&self, name: EntryName) -> Option<Vec<u8>> {
        let path = self.path(name);
        let found = match read_bounded(&path) {
            Ok(content) => self.checked(name, content),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => Err(error.to_string()),
        };
        match found {
            Ok(content) => {
                // What was used lately stays longest. If that cannot be written down, it goes earlier.
                let _ = fs::File::open(&path).and_then(|file| file.set_modified(SystemTime::now()));
                Some(content)
            }
            Err(found) => {
                tracing::warn!(entry = %path.display(), found, "an entry of the cache is not as it was written: not used");
                // Another process may have replaced it meanwhile, or removed it: then it is made again.
                let _ = fs::remove_file(&path);
                None
            }
        }
    }

    /// Keeps an entry. Where that is not possible, it is told, and nothing else is different.
    pub(super) fn write(&self, name: EntryName, content: &[u8]) {
        if let Err(error) = self.written(name, content) {
            let directory = self.directory.display();
            tracing::warn!(%directory, %error, "the cache cannot be written: the next start will take as long");
        }
    }

    fn written(&self, name: EntryName, content: &[u8]) -> io::Result<()> {
        self.make_room(content.len() as u64)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(&self.mac(name, content).finalize().into_bytes())?;
        file.write_all(content)?;
        file.persist(self.path(name))?;
        Ok(())
    }

    /// Removes the entries that were not used for longest, until so many bytes more have a place.
    fn make_room(&self, bytes: u64) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            // One that another process removes meanwhile is none.
            if let Ok(metadata) = entry.metadata()
                && entry.path().extension().is_some_and(|extension| extension == ENTRY)
            {
                entries.push((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len(), entry.path()));
            }
        }
        entries.sort_unstable();
        let mut total = entries.iter().map(|(_, bytes, _)| bytes).fold(bytes, |sum, bytes| sum.saturating_add(*bytes));
        for (_, bytes, path) in entries {
            if total <= MAX_TOTAL {
                break;
            }
            let _ = fs::remove_file(path);
            total = total.saturating_sub(bytes);
        }
        Ok(())
    }

    fn checked(&self, name: EntryName, mut content: Vec<u8>) -> Result<Vec<u8>, String> {
        let (mac, rest) = content.split_at_checked(DIGEST).ok_or("it is cut short")?;
        self.mac(name, rest).verify_slice(mac).map_err(|_| "its digest is another")?;
        content.drain(..DIGEST);
        Ok(content)
    }

    /// Of the name too: an entry under another's name is none.
    fn mac(&self, name: EntryName, content: &[u8]) -> Hmac<Sha256> {
        hmac(&self.key).chain_update(name.0).chain_update(content)
    }

    fn path(&self, name: EntryName) -> PathBuf {
        self.directory.join(Hex::of(&name.0).as_str()).with_extension(ENTRY)
    }
}

impl EntryName {
    /// The name of what depends on all of this and nothing else. `kind` tells entries of different formats apart.
    pub(super) fn of(kind: &str, engine: &wasmtime::Engine, digests: &[&[u8; DIGEST]]) -> Self {
        let mut sha = Sha(Sha256::new());
        kind.hash(&mut sha);
        // wasmtime's version, the target and every setting that code depends on.
        engine.precompile_compatibility_hash().hash(&mut sha);
        digests.hash(&mut sha);
        Self(sha.0.finalize().into())
    }
}

/// SHA-256 as a hasher, for what can only be hashed.
struct Sha(Sha256);

impl Hasher for Sha {
    fn write(&mut self, bytes: &[u8]) {
        // With its length, so that two writes are not another two.
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.clone().finalize();
        digest.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }
}

/// Makes the directory, or sees that it is ours.
#[cfg(unix)]
fn own(directory: &Path) -> Result<(), String> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};

    let io = |error: io::Error| error.to_string();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(io)?;
    let metadata = fs::symlink_metadata(directory).map_err(io)?;
    if !metadata.is_dir() {
        return Err("it is no directory".to_owned());
    }
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user {
        return Err(format!("it belongs to the user {}, not to {user}", metadata.uid()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(format!("others may use it (mode {:o}); make it 0700", metadata.mode() & 0o777));
    }
    Ok(())
}

#[cfg(not(unix))]
fn own(_directory: &Path) -> Result<(), String> {
    Err("this system has no way to see that it is ours alone".to_owned())
}

/// The key, made by whoever comes first.
fn key(directory: &Path) -> Result<[u8; DIGEST], String> {
    let path = directory.join(KEY);
    let read = || Some(<[u8; DIGEST]>::try_from(read_bounded(&path).ok()?).ok()).flatten();
    if let Some(key) = read() {
        return Ok(key);
    }
    let mut key = [0; DIGEST];
    getrandom::fill(&mut key).map_err(|error| error.to_string())?;
    // With another key no entry is as it was written, so a damaged one costs a compilation and nothing else.
    if path.exists() {
        let _ = fs::remove_file(&path);
    }
    let persisted = tempfile::NamedTempFile::new_in(directory).and_then(|mut file| {
        file.write_all(&key)?;
        file.persist_noclobber(&path).map_err(|error| error.error)
    });
    // Another process may have been earlier; then its key is the one.
    match persisted {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.to_string()),
        _ => read().ok_or_else(|| format!("`{KEY}` cannot be read back")),
    }
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    if fs::File::open(path)?.take(MAX_ENTRY + 1).read_to_end(&mut content)? as u64 > MAX_ENTRY {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large"));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn name(byte: u8) -> EntryName {
        EntryName([byte; DIGEST])
    }

    fn cache() -> (tempfile::TempDir, Cache) {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path().join("cache")).unwrap();
        (directory, cache)
    }

    #[test]
    fn what_was_written_is_read_also_by_another_process() {
        let (_directory, cache) = cache();
        assert_eq!(cache.read(name(1)), None);
        cache.write(name(1), b"one");
        cache.write(name(2), b"");
        let other = Cache::open(&cache.directory).unwrap();
        assert_eq!(other.read(name(1)).as_deref(), Some(&b"one"[..]));
        assert_eq!(other.read(name(2)).as_deref(), Some(&b""[..]));
    }

    #[test]
    fn an_entry_that_is_cut_short_altered_or_renamed_is_none_and_goes() {
        let (_directory, cache) = cache();
        cache.write(name(1), b"content");
        let whole = fs::read(cache.path(name(1))).unwrap();
        for length in 0..whole.len() {
            fs::write(cache.path(name(1)), &whole[..length]).unwrap();
            assert_eq!(cache.read(name(1)), None, "{length} bytes");
            assert!(!cache.path(name(1)).exists());
        }
        for place in 0..whole.len() {
            let mut altered = whole.clone();
            altered[place] ^= 1;
            fs::write(cache.path(name(1)), &altered).unwrap();
            assert_eq!(cache.read(name(1)), None, "byte {place}");
        }
        fs::write(cache.path(name(2)), &whole).unwrap();
        assert_eq!(cache.read(name(2)), None, "under another's name");
        fs::write(cache.path(name(1)), &whole).unwrap();
        assert_eq!(cache.read(name(1)).as_deref(), Some(&b"content"[..]));
    }

    #[test]
    fn with_another_key_nothing_is_read() {
        let (_directory, cache) = cache();
        cache.write(name(1), b"content");
        fs::write(cache.directory.join(KEY), b"short").unwrap();
        let other = Cache::open(&cache.directory).unwrap();
        assert_ne!(other.key, cache.key);
        assert_eq!(other.read(name(1)), None);
    }

    #[test]
    fn a_directory_that_others_may_use_is_no_cache() {
        let directory = tempfile::tempdir().unwrap();
        for mode in [0o701, 0o710, 0o777] {
            fs::set_permissions(directory.path(), fs::Permissions::from_mode(mode)).unwrap();
            let error = Cache::open(directory.path()).unwrap_err().to_string();
            assert!(error.contains(&format!("others may use it (mode {mode:o})")), "{error}");
        }
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(Cache::open(directory.path()).is_ok());
    }

    #[test]
    fn a_link_or_a_file_is_no_cache() {
        let directory = tempfile::tempdir().unwrap();
        let (link, file) = (directory.path().join("link"), directory.path().join("file"));
        std::os::unix::fs::symlink(directory.path(), &link).unwrap();
        fs::write(&file, "").unwrap();
        assert!(Cache::open(&link).is_err());
        assert!(Cache::open(&file).is_err());
    }

    #[test]
    fn processes_that_begin_at_once_agree_on_a_key() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cache");
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| Cache::open(&path).unwrap())).collect();
            for (index, cache) in (0..).zip(opened) {
                cache.join().unwrap().write(name(index), b"content");
            }
        });
        let cache = Cache::open(&path).unwrap();
        assert!((0..8).all(|index| cache.read(name(index)).is_some()));
    }
}

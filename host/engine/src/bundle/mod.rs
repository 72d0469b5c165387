//! Reading a bundle: a directory with `guardhouse.toml`, policies, guards by path and digest, pinned definitions of tools, and
//! its own tests.
//!
//! [`Bundle::read`] takes everything into memory and checks what can be checked without running anything: fields, sizes,
//! digests. What it returns no longer depends on the directory. Compiling, validating and publishing are the
//! [generation](crate::generation)'s.

mod audit;
mod cases;
mod error;
mod fields;
mod limits;
mod lock;
mod manifest;
mod memo;
mod pins;
mod places;
mod replace;
mod tools;
mod units;

use std::{
    fs,
    io::{self, Read as _},
    path::{Component, Path, PathBuf},
    sync::Arc,
};

pub use audit::{Audit, AuditContent, Durability};
pub use cases::{Case, CaseFile, Expected, ExpectedFinding, ExpectedPath, ExpectedPayload, ExpectedReason};
pub use error::{BundleError, BundleErrors};
pub use manifest::{OnFailure, PastLimit};
pub use replace::replace;

pub(crate) use limits::content as limits_content;
pub(crate) use manifest::{FILE as MANIFEST, GuardEntry, Manifest};

use crate::{json::Digest, judge::PolicyFile, tools::Pins};
use fields::Source;
use lock::Lock;

/// Bytes of a manifest, a lock or a policy file that are read: some 100 bytes for each of 100,000 policies.
const TEXT: u64 = 16 << 20;

/// A bundle as it was read.
#[derive(Debug)]
pub struct Bundle {
    pub(crate) directory: PathBuf,
    pub(crate) manifest: Manifest,
    /// The bytes of each guard, in the manifest's order.
    pub(crate) artifacts: Vec<Artifact>,
    /// Every `*.cedar` of the directory, in the order of their names.
    pub(crate) policies: Vec<PolicyFile>,
    /// The pinned definitions of tools.
    pub(crate) pins: Pins,
    /// The bundle's own tests, in the order of their files.
    pub(crate) tests: Arc<[CaseFile]>,
    /// The manifest's text, to point into.
    pub(crate) manifest_text: String,
}

/// A guard's bytes, whose digest was found to be the expected one.
#[derive(Debug)]
pub(crate) struct Artifact {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
}

/// How sure one has to be of a guard's bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// They must have the digest that the manifest or the lock gives.
    Locked,
    /// Whatever is there is what is meant: the lock is about to be written.
    Found,
}

impl Bundle {
    /// Reads the bundle in `directory`.
    ///
    /// # Errors
    /// Everything found wrong, each with its file, and line where it has one.
    pub fn read(directory: impl AsRef<Path>) -> Result<Self, BundleErrors> {
        Self::read_trusting(directory.as_ref(), Trust::Locked)
    }

    /// The bundle's own tests, in the order of their files; what a [rehearsal](crate::rehearsal) runs.
    #[must_use]
    pub fn tests(&self) -> Arc<[CaseFile]> {
        Arc::clone(&self.tests)
    }

    /// Writes `guardhouse.lock` with the digests of the guards as they are now, and returns its path. Guards whose
    /// digest stands in the manifest are left out.
    ///
    /// # Errors
    /// As [`Bundle::read`], digests that the lock had before aside; and when the file cannot be written.
    pub fn lock(directory: impl AsRef<Path>) -> Result<PathBuf, BundleErrors> {
        let bundle = Self::read_trusting(directory.as_ref(), Trust::Found)?;
        let guards = bundle.manifest.guards.iter().zip(&bundle.artifacts);
        let unlocked = guards.filter(|(entry, _)| entry.sha256.is_none());
        let lock =
            Lock { guards: unlocked.map(|(entry, artifact)| (entry.file.value.clone(), artifact.digest)).collect() };
        write(directory.as_ref(), lock::FILE, &lock.write())
    }

    /// Reads the pinned definitions of tools of the bundle in `directory`, its `tools.lock`, and nothing else of it.
    /// Where there is no such file, nothing is pinned.
    ///
    /// # Errors
    /// There is no bundle, or the file cannot be read, is longer than 64 MiB, or is not as it should be: the first ten
    /// things that are wrong with it, each with its line.
    pub fn read_pins(directory: impl AsRef<Path>) -> Result<Pins, BundleErrors> {
        let directory = directory.as_ref();
        let mut errors = Vec::new();
        if let Err(error) = fs::metadata(directory.join(manifest::FILE)) {
            errors.push(BundleError::of_file(manifest::FILE, format!("expected to read it, found that {error}")));
        }
        let pins = read_pins(directory, &mut errors);
        if errors.is_empty() { Ok(pins) } else { Err(BundleErrors::new(directory, errors)) }
    }

    /// Writes the pinned definitions of tools into the bundle in `directory`, and returns the path of the file. What was
    /// pinned there before is [replaced](replace()) whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written, or would be longer than 64 MiB, which is more than is read.
    pub fn write_pins(directory: impl AsRef<Path>, pins: &Pins) -> Result<PathBuf, BundleErrors> {
        let (directory, text) = (directory.as_ref(), pins::write(pins));
        if text.len() as u64 > pins::MAX_BYTES {
            let message = format!("expected at most {} bytes, found that the pins need more", pins::MAX_BYTES);
            return Err(BundleErrors::new(directory, vec![BundleError::of_file(pins::FILE, message)]));
        }
        write(directory, pins::FILE, &text)
    }

    /// The same without its policies, so that nothing is permitted: for what has to do with the rest of it alone.
    #[must_use]
    pub fn without_policies(self) -> Self {
        Self { policies: Vec::new(), ..self }
    }

    fn read_trusting(directory: &Path, trust: Trust) -> Result<Self, BundleErrors> {
        let failed = |errors| BundleErrors::new(directory, errors);
        let manifest_text = read_text(directory, manifest::FILE).map_err(|error| failed(vec![error]))?;
        let mut source = Source::new(manifest::FILE, &manifest_text);
        let Some(manifest) = Manifest::read(&mut source) else { return Err(failed(source.errors)) };
        let mut errors = Vec::new();
        let lock = match trust {
            Trust::Locked => read_lock(directory, &mut errors),
            Trust::Found => Lock::default(),
        };
        let mut artifacts = Vec::with_capacity(manifest.guards.len());
        for entry in &manifest.guards {
            match read_artifact(directory, &manifest_text, entry, &lock, trust) {
                Ok(artifact) => artifacts.push(artifact),
                Err(error) => errors.push(error),
            }
        }
        let policies = read_policies(directory, &mut errors);
        let pins = read_pins(directory, &mut errors);
        let tests = cases::read_all(directory, &mut errors).into();
        if !errors.is_empty() {
            return Err(failed(errors));
        }
        Ok(Self { directory: directory.to_owned(), manifest, artifacts, policies, pins, tests, manifest_text })
    }
}

fn read_lock(directory: &Path, errors: &mut Vec<BundleError>) -> Lock {
    if !directory.join(lock::FILE).exists() {
        return Lock::default();
    }
    match read_text(directory, lock::FILE) {
        Ok(text) => {
            let mut source = Source::new(lock::FILE, &text);
            let lock = Lock::read(&mut source);
            errors.append(&mut source.errors);
            lock
        }
        Err(error) => {
            errors.push(error);
            Lock::default()
        }
    }
}

fn read_pins(directory: &Path, errors: &mut Vec<BundleError>) -> Pins {
    // One that is there and cannot be read must not pass for none.
    if fs::symlink_metadata(directory.join(pins::FILE)).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Pins::new();
    }
    let pins = read_text_within(directory, pins::FILE, pins::MAX_BYTES)
        .map_err(|error| vec![error])
        .and_then(|text| pins::read(&text));
    pins.unwrap_or_else(|found| {
        errors.extend(found);
        Pins::new()
    })
}

/// Puts a text in the place of a bundle's file.
fn write(directory: &Path, name: &str, text: &str) -> Result<PathBuf, BundleErrors> {
    let path = directory.join(name);
    replace(&path, text).map_err(|error| {
        let error = BundleError::of_file(name, format!("expected to write it, found that {error}"));
        BundleErrors::new(directory, vec![error])
    })?;
    Ok(path)
}

fn read_artifact(
    directory: &Path,
    manifest_text: &str,
    entry: &GuardEntry,
    lock: &Lock,
    trust: Trust,
) -> Result<Artifact, BundleError> {
    let path = &entry.file.value;
    let wrong = |message: String| BundleError::at(manifest::FILE, manifest_text, entry.file.at.clone(), message);
    if !Path::new(path).components().all(|component| matches!(component, Component::Normal(_))) {
        return Err(wrong(format!("field `file`: expected a path inside the bundle, found `{path}`")));
    }
    let limit = entry.limits.artifact;
    let bytes = read_bounded(&directory.join(path), limit as u64).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => {
            wrong(format!("field `file`: expected at most {limit} bytes in `{path}`, found more"))
        }
        _ => wrong(format!("field `file`: expected to read `{path}`, found that {error}")),
    })?;
    let found = Digest::of(&bytes);
    match entry.sha256.or_else(|| lock.guards.get(path).copied()) {
        Some(expected) if expected != found => {
            Err(wrong(format!("field `file`: expected `{path}` with the digest {expected}, found {found}"))
                .help("if the new file is meant, say so with `guardhouse bundle lock` (or in `sha256` here)"))
        }
        None if trust == Trust::Locked => {
            Err(wrong(format!("field `file`: expected a digest for `{path}`, found none here nor in {}", lock::FILE))
                .help(format!("write it down with `guardhouse bundle lock`, or here: sha256 = \"{found}\"")))
        }
        _ => Ok(Artifact { bytes, digest: found }),
    }
}

fn read_policies(directory: &Path, errors: &mut Vec<BundleError>) -> Vec<PolicyFile> {
    let mut policies = Vec::new();
    let entries = match fs::read_dir(directory).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(error) => {
            errors.push(BundleError::of_file(".", format!("expected to list the directory, found that {error}")));
            return policies;
        }
    };
    for entry in entries {
        let path = PathBuf::from(entry.file_name());
        if path.extension().is_none_or(|extension| extension != "cedar") {
            continue;
        }
        match path.to_str() {
            Some(name) => match read_text(directory, name) {
                Ok(text) => policies.push(PolicyFile { name: name.to_owned(), text }),
                Err(error) => errors.push(error),
            },
            None => errors.push(BundleError::of_file(
                &path.to_string_lossy(),
                "expected a file name in UTF-8, found one that is not",
            )),
        }
    }
    policies.sort_by(|one, other| one.name.cmp(&other.name));
    policies
}

fn read_text(directory: &Path, name: &str) -> Result<String, BundleError> {
    read_text_within(directory, name, TEXT)
}

fn read_text_within(directory: &Path, name: &str, most: u64) -> Result<String, BundleError> {
    let bytes = read_bounded(&directory.join(name), most).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => BundleError::of_file(name, format!("expected at most {most} bytes, found more")),
        _ => BundleError::of_file(name, format!("expected to read it, found that {error}")),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        BundleError::of_file(name, format!("expected UTF-8, found other bytes from byte {at} on"))
    })
}

/// Reads a file of at most `limit` bytes; a longer one is `FileTooLarge`, without reading it whole.
fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

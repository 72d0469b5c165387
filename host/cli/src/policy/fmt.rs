//! `guardhouse policy fmt`: policy files in the one form.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use guardhouse::{
    bundle::replace,
    judge::{FormatError, PolicyFile, format},
};
use miette::{Diagnostic, IntoDiagnostic as _, WrapErr as _};
use thiserror::Error;

use crate::{Status, arguments};

/// Bytes of a file that are read: as many as a bundle reads.
const TEXT: u64 = 16 << 20;

/// How deep directories are searched.
const DEPTH: usize = 16;

/// Files that cannot be formatted, with everything that is wrong with each.
#[derive(Debug, Error, Diagnostic)]
#[error("expected policies that can be formatted, found {} that cannot; nothing was written", files(.0.len()))]
struct Unformatted(#[related] Vec<FileError>);

/// A file that cannot be formatted.
#[derive(Debug, Error, Diagnostic)]
enum FileError {
    /// It cannot be read, or not found.
    #[error("{}: expected {expected}, found {found}", path.display())]
    Read { path: PathBuf, expected: String, found: String },
    /// It is no Cedar, or the formatter would change it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Format(#[from] FormatError),
}

impl FileError {
    fn read(path: &Path, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Read { path: path.to_owned(), expected: expected.into(), found: found.into() }
    }
}

/// Formats files, or says which would change. Nothing is written before all of them are formatted.
pub(crate) fn fmt(arguments: &arguments::Fmt) -> miette::Result<Status> {
    let mut errors = Vec::new();
    let mut changed = Vec::new();
    for path in files_of(&arguments.paths, &mut errors) {
        match formatted(&path) {
            Ok(Some(text)) => changed.push((path, text)),
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(Unformatted(errors).into());
    }
    let mut out = anstream::stdout().lock();
    for (path, text) in &changed {
        if !arguments.check {
            let expected = || format!("expected to write `{}`", path.display());
            replace(path, text).into_diagnostic().wrap_err_with(expected)?;
        }
        let what = if arguments.check { "would change" } else { "formatted" };
        writeln!(out, "{what} {}", path.display()).into_diagnostic()?;
    }
    Ok(if arguments.check && !changed.is_empty() { Status::Refused } else { Status::Allowed })
}

/// The text that a file should have, if it has another.
fn formatted(path: &Path) -> Result<Option<String>, FileError> {
    let read = |error: io::Error| FileError::read(path, "a policy file", format!("that {error}"));
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|file| file.take(TEXT + 1).read_to_end(&mut bytes)).map_err(read)?;
    if bytes.len() as u64 > TEXT {
        return Err(FileError::read(path, format!("at most {TEXT} bytes"), "more"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        FileError::read(path, "UTF-8", format!("other bytes from byte {at} on"))
    })?;
    let file = PolicyFile { name: path.display().to_string(), text };
    let formatted = format(&file)?;
    Ok((formatted != file.text).then_some(formatted))
}

/// The files that are meant, each once, sorted within each directory. A directory without any is an error: a check that
/// looks at nothing finds nothing.
fn files_of(paths: &[PathBuf], errors: &mut Vec<FileError>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            match search(path, DEPTH, &mut files) {
                Ok(()) if files.len() == before => {
                    errors.push(FileError::read(path, "`*.cedar` files in the directory or below", "none"));
                }
                Ok(()) => {}
                Err(error) => errors.push(FileError::read(path, "to list the directory", format!("that {error}"))),
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.clone()));
    files
}

/// Adds the `*.cedar` files of a directory and those below it. Links to directories are not followed.
fn search(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if depth == 0 {
                return Err(io::Error::other(format!("`{}` is more than {DEPTH} levels down", path.display())));
            }
            search(&path, depth - 1, files)?;
        } else if path.extension().is_some_and(|extension| extension == "cedar") {
            files.push(path);
        }
    }
    Ok(())
}

/// `1 file`, `2 files`.
fn files(count: usize) -> String {
    format!("{count} file{}", if count == 1 { "" } else { "s" })
}

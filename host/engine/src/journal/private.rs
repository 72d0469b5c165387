//! Files and directories that only their owner can read.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

use super::JournalError;

/// Makes a directory, and those above it.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a directory, or sees that nobody but us may write in one that is there. Whoever may could put other keys in the
/// place of ours, or take away stops and segments, whatever the rights of these files are.
pub(super) fn own_directory(path: &Path) -> Result<(), JournalError> {
    make_directory(path).map_err(JournalError::io("make", path))?;
    match others(&fs::metadata(path).map_err(JournalError::io("look at", path))?) {
        Some(found) => Err(JournalError::Directory { path: path.to_owned(), found }),
        None => Ok(()),
    }
}

/// Who else may write in a directory.
#[cfg(unix)]
fn others(metadata: &fs::Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let (user, owner) = (rustix::process::geteuid().as_raw(), metadata.uid());
    if owner != user {
        return Some(format!("that it belongs to the user {owner}, not to {user}"));
    }
    let mode = metadata.mode() & 0o777;
    (mode & 0o022 != 0).then(|| format!("that others may (mode {mode:o}); make it 0700"))
}

/// Who else may write in a directory.
#[cfg(not(unix))]
fn others(_: &fs::Metadata) -> Option<String> {
    None
}

/// Opens a file as `options` say, with the owner's rights alone if it is made.
pub(super) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Has a file written so that it is there whole and on the disk, or not at all: beside its place, under another name first.
pub(super) fn write_whole(path: &Path, write: impl FnOnce(File) -> io::Result<File>) -> io::Result<()> {
    let new = path.with_extension("new");
    write(open(OpenOptions::new().write(true).create(true).truncate(true), &new)?)?.sync_all()?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), sync_directory)
}

/// Has the names in a directory reach the disk.
pub(super) fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Whether others than the owner may read or write a file.
#[cfg(unix)]
pub(super) fn is_open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Whether others than the owner may read or write a file.
#[cfg(not(unix))]
pub(super) fn is_open_to_others(_: &File) -> io::Result<bool> {
    Ok(false)
}

//! Files and directories that only their owner can read.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

/// Makes a directory, and those above it.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
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

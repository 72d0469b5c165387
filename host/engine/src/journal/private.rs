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

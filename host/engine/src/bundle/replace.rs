//! Replacing a file of a bundle, whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file, or replaces what it holds, so that whoever reads it meanwhile, and whatever ends this process
/// meanwhile, finds either the old content or the new one: it is written beside the file, synced, and renamed.
///
/// The permissions of a file that is replaced stay; a symbolic link stays one, and what it points to is replaced.
///
/// # Errors
/// The new content could not be written, or not be put in the place of the old one, which is then untouched.
pub fn replace(path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> io::Result<()> {
    let path = path.as_ref();
    let (path, old) = match path.canonicalize() {
        Ok(real) => {
            let old = fs::metadata(&real)?;
            (real, Some(old.permissions()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => (path.to_owned(), None),
        Err(error) => return Err(error),
    };
    let directory =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Path::new("."), |parent| parent);
    let mut aside = aside(directory)?;
    aside.write_all(content.as_ref())?;
    if let Some(old) = old {
        aside.as_file().set_permissions(old)?;
    }
    aside.as_file().sync_all()?;
    aside.persist(&path)?;
    Ok(())
}

/// A new file with the permissions that the process gives new files, and a name that no bundle reads.
#[cfg(unix)]
fn aside(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;

    let subject_to_the_umask = fs::Permissions::from_mode(0o666);
    tempfile::Builder::new().permissions(subject_to_the_umask).tempfile_in(directory)
}

/// A new file, with a name that no bundle reads.
#[cfg(not(unix))]
fn aside(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().tempfile_in(directory)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_file_is_written_and_replaced_and_nothing_stays_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        for content in ["old", "new"] {
            replace(&path, content).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        assert!(replace(directory.path().join("no/such"), "").is_err());
        assert!(replace(directory.path(), "").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        replace(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }
}

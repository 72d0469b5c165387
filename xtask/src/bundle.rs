//! A bundle of the repository, made ready to load: its files, its tests, and the guards that it names as they were
//! just built.
//!
//! A committed bundle has no guards in it, and no digests of them: both depend on the compiler that built them. It names a
//! guard `guards/<name>.wasm`, which is the crate `guard-<name>`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

use crate::{guards::Guard, workspace};

/// Where bundles are made ready, below the target folder.
pub(crate) const BUNDLES: &str = "bundles";

/// Copies the bundle in `folder`, which may be relative to the repository's root, to `<target>/<into>/<its name>`, puts
/// the guards in and writes its lock. Returns where it is.
pub(crate) fn assemble(
    folder: impl AsRef<Path>,
    into: &str,
    guards: &[Guard],
    guardhouse: &Path,
) -> anyhow::Result<PathBuf> {
    let from = workspace::root().join(folder);
    let name = from.file_name().with_context(|| format!("`{}` has no name", from.display()))?;
    let to = workspace::target()?.join(into).join(name);
    if to.exists() {
        fs::remove_dir_all(&to).with_context(|| format!("cannot empty `{}`", to.display()))?;
    }
    fs::create_dir_all(to.join("guards")).with_context(|| format!("cannot make `{}`", to.display()))?;
    copy_files(&from, &to)?;
    let tests = from.join("tests");
    if tests.is_dir() {
        let to = to.join("tests");
        fs::create_dir(&to).with_context(|| format!("cannot make `{}`", to.display()))?;
        copy_files(&tests, &to)?;
    }
    for guard in guards {
        if let Some(name) = guard.name.strip_prefix("guard-") {
            let copy = to.join("guards").join(name).with_extension("wasm");
            fs::copy(&guard.component, &copy).with_context(|| format!("cannot write `{}`", copy.display()))?;
        }
    }
    workspace::run(Command::new(guardhouse).args(["bundle", "lock"]).arg(&to).stdout(std::process::Stdio::null()))?;
    Ok(to)
}

/// Copies the files of one folder, and none of the folders in it.
fn copy_files(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            fs::copy(&path, to.join(name)).with_context(|| format!("cannot copy `{}`", path.display()))?;
        }
    }
    Ok(())
}

//! What building guards needs, found or installed.
//!
//! Guards are built for `wasm32-unknown-unknown`, because a module for it imports nothing but the guard contract. Its
//! standard library comes, in this order:
//!
//! 1. with the toolchain that runs this command, if its wasm target is installed;
//! 2. from rustup, which installs that target;
//! 3. from Debian's packages `rustc-web` and `rust-web-src`, a compiler and the standard library's source of the same
//!    version, out of which cargo builds the library. This is for machines that do not reach rustup's servers.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context as _, bail};

use crate::print;
use crate::workspace::{self, first_line};

/// The target of all guards.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The packages that stand in for rustup's target.
const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// Where Debian's package puts its compiler. On the `PATH` rustup's would hide it.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// How long rustup may take. It downloads 30 MB; where its servers are filtered away it would wait for minutes.
const RUSTUP_PATIENCE: Duration = Duration::from_mins(2);

/// The same where Debian's packages are installed already, so that nobody there waits at every build.
const RUSTUP_PATIENCE_WITH_DEBIAN: Duration = Duration::from_secs(20);

/// A way to build guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The toolchain that runs this command has the target.
    Active,
    /// Another compiler, with which cargo builds the standard library first.
    FromSource {
        /// The compiler, whose sysroot has the source.
        rustc: PathBuf,
        /// A linker for wasm, from the active toolchain.
        linker: PathBuf,
    },
}

/// The variable that keeps to one way, for machines that must not ask rustup's servers: `debian`.
const CHOICE: &str = "GUARDHOUSE_GUARD_TOOLCHAIN";

/// Finds what building guards needs, or installs it.
pub(crate) fn find_or_install() -> anyhow::Result<Toolchain> {
    let sysroot = active_sysroot()?;
    match env::var(CHOICE).as_deref() {
        Err(env::VarError::NotPresent) => {}
        Ok("debian") => return from_debian(&sysroot),
        other => bail!("{CHOICE}: expected `debian` or no such variable, found {other:?}"),
    }
    if has_target(&sysroot) {
        return Ok(Toolchain::Active);
    }
    let rustup = match install_by_rustup(&sysroot) {
        Ok(()) => return Ok(Toolchain::Active),
        Err(error) => error,
    };
    print::progress(format_args!("rustup did not install the target {TARGET} ({rustup:#}); trying Debian's packages"));
    match from_debian(&sysroot) {
        Ok(toolchain) => Ok(toolchain),
        Err(debian) => bail!(
            "no way to build guards for {TARGET}: rustup: {rustup:#}; Debian's packages: {debian:#}\n\
             run one of these, then this command again:\n  \
             rustup target add {TARGET}\n  \
             sudo apt-get update && sudo apt-get install {}",
            PACKAGES.join(" ")
        ),
    }
}

/// The sysroot of the toolchain that runs this command.
fn active_sysroot() -> anyhow::Result<PathBuf> {
    // Cargo and rustc lie side by side in a toolchain; a bare `rustc` may be another one.
    let beside = env::var_os("CARGO").map(|cargo| Path::new(&cargo).with_file_name("rustc"));
    let rustc = beside.filter(|rustc| rustc.is_file()).unwrap_or_else(|| "rustc".into());
    sysroot(&rustc)
}

/// The sysroot of a compiler.
fn sysroot(rustc: &Path) -> anyhow::Result<PathBuf> {
    let mut command = Command::new(rustc);
    command.args(["--print", "sysroot"]);
    for name in workspace::LIBRARIES {
        command.env_remove(name);
    }
    Ok(first_line(&mut command)?.into())
}

/// Whether a sysroot has the standard library of the target, whole: rustup writes the manifest last, and may have been
/// interrupted.
fn has_target(sysroot: &Path) -> bool {
    let manifest = sysroot.join("lib/rustlib").join(format!("manifest-rust-std-{TARGET}"));
    if rustup_name(sysroot).is_some() && !manifest.is_file() {
        return false;
    }
    let library = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let names = fs::read_dir(library).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.into_iter().any(|name| name.to_string_lossy().starts_with("libstd-"))
}

/// The name of the toolchain with this sysroot, if it is rustup's: `<home>/toolchains/<name>`.
fn rustup_name(sysroot: &Path) -> Option<&OsStr> {
    let folder = sysroot.parent()?.file_name()?;
    if folder == "toolchains" { sysroot.file_name() } else { None }
}

/// Has rustup install the target into the toolchain with this sysroot.
fn install_by_rustup(sysroot: &Path) -> anyhow::Result<()> {
    let name = rustup_name(sysroot).with_context(|| format!("`{}` is no toolchain of rustup", sysroot.display()))?;
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET, "--toolchain"]).arg(name);
    print::progress(format_args!("asking rustup for the target {TARGET}"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let has_debian = source_of(Path::new(DEBIAN_RUSTC)).is_ok();
    workspace::run_within(if has_debian { RUSTUP_PATIENCE_WITH_DEBIAN } else { RUSTUP_PATIENCE }, &mut command)?;
    if !has_target(sysroot) {
        bail!("`{}` has no standard library for it afterwards", sysroot.display());
    }
    Ok(())
}

/// Debian's compiler and source, installed if that is possible, with the linker of the toolchain with this sysroot.
fn from_debian(active: &Path) -> anyhow::Result<Toolchain> {
    let linker = linker(active)?;
    let rustc = PathBuf::from(DEBIAN_RUSTC);
    if let Err(missing) = source_of(&rustc) {
        print::progress(format_args!("{missing:#}; installing {}", PACKAGES.join(" and ")));
        install_packages()?;
        source_of(&rustc)?;
    }
    Ok(Toolchain::FromSource { rustc, linker })
}

/// The standard library's source where cargo looks for it: in the compiler's own sysroot.
fn source_of(rustc: &Path) -> anyhow::Result<PathBuf> {
    if !rustc.is_file() {
        bail!("there is no `{}`", rustc.display());
    }
    let source = sysroot(rustc)?.join("lib/rustlib/src/rust/library");
    if !source.join("std/Cargo.toml").is_file() {
        bail!("`{}` has no source of the standard library under `{}`", rustc.display(), source.display());
    }
    Ok(source)
}

/// The wasm linker that every toolchain of rustup has for its host.
fn linker(sysroot: &Path) -> anyhow::Result<PathBuf> {
    let hosts = sysroot.join("lib/rustlib");
    let folders = fs::read_dir(&hosts).with_context(|| format!("cannot read `{}`", hosts.display()))?;
    folders
        .flatten()
        .map(|host| host.path().join("bin/rust-lld"))
        .find(|linker| linker.is_file())
        .with_context(|| format!("found no `bin/rust-lld` for any host under `{}`", hosts.display()))
}

/// Installs Debian's packages, which needs root and apt.
fn install_packages() -> anyhow::Result<()> {
    if first_line(Command::new("id").arg("-u"))? != "0" {
        bail!("installing packages needs root");
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        workspace::run(&mut command)
    };
    apt(&["update", "-q"])?;
    // They conflict with Debian's ordinary `rustc`: to remove that is for its owner to decide.
    apt(&[&["install", "-y", "-q", "--no-install-recommends", "--no-remove"], PACKAGES.as_slice()].concat())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_toolchain_of_rustup_is_known_by_its_folder() {
        assert_eq!(rustup_name(Path::new("/home/a/.rustup/toolchains/stable")), Some(OsStr::new("stable")));
        assert_eq!(rustup_name(Path::new("/usr")), None);
        assert_eq!(rustup_name(Path::new("/")), None);
    }

    #[test]
    fn a_compiler_that_is_not_there_has_no_source() {
        let error = source_of(Path::new("/no/such/rustc")).unwrap_err();
        assert_eq!(error.to_string(), "there is no `/no/such/rustc`");
    }
}

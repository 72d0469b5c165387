//! Where things lie, and how to run cargo from within `cargo run`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use std::{env, thread};

use anyhow::{Context as _, bail};

use crate::print;

/// Variables that `cargo run` sets for xtask or a user for an outer build, and that would change an inner one: another
/// compiler, another target, flags that replace ours.
const CONFUSING: &[&str] = &[
    "CARGO_BIN_NAME",
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_CRATE_NAME",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
    "RUSTC",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTFLAGS",
];

/// Variables that describe xtask's own package to xtask.
const OF_THE_PACKAGE: &[&str] = &["CARGO_MANIFEST_", "CARGO_PKG_"];

/// Variables with which `cargo run` shows a program the libraries of its toolchain, where a compiler of another version
/// would find the wrong ones.
pub(crate) const LIBRARIES: &[&str] = &["DYLD_FALLBACK_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH"];

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    // INVARIANT: xtask lies in `<root>/xtask`.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The folder for everything built: `CARGO_TARGET_DIR`, or `target` in the root.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => {
            std::path::absolute(&folder).with_context(|| format!("`CARGO_TARGET_DIR` is `{}`", folder.display()))
        }
        _ => Ok(root().join("target")),
    }
}

/// The cargo that runs xtask, in the repository's root, without what the outer one left in the environment.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in env::vars_os() {
        let of_the_package = |name: &str| OF_THE_PACKAGE.iter().any(|prefix| name.starts_with(prefix));
        if name.to_str().is_some_and(|name| CONFUSING.contains(&name) || of_the_package(name)) {
            command.env_remove(name);
        }
    }
    for name in LIBRARIES {
        command.env_remove(name);
    }
    command
}

/// Builds one of the workspace's programs and returns where it is. Always with the whole workspace's features: see
/// [`crate::test`].
pub(crate) fn program(name: &str) -> anyhow::Result<PathBuf> {
    run(cargo().args(["build", "--workspace", "--bin", name]))?;
    Ok(target()?.join("debug").join(name))
}

/// A tool from the package registry of this very version, installed below the target folder if it is not there.
pub(crate) fn tool(name: &str, version: &str) -> anyhow::Result<PathBuf> {
    let tools = target()?.join("tools");
    let program = tools.join("bin").join(name);
    let found = first_line(Command::new(&program).arg("--version"));
    if !found.is_ok_and(|line| line.split_whitespace().any(|word| word == version)) {
        print::progress(format_args!("installing {name} {version}, once"));
        // Not optimised: it works for seconds, and takes minutes to optimise.
        let mut install = cargo();
        install.args(["install", name, "--version", version, "--locked", "--debug", "--force", "--root"]);
        run(install.arg(&tools).env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
    }
    Ok(program)
}

/// Runs a command that talks to the terminal itself.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot run {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed: {status}", shown(command));
    }
    Ok(())
}

/// The same, but ends the command when it takes longer than `patience`.
pub(crate) fn run_within(patience: Duration, command: &mut Command) -> anyhow::Result<()> {
    let mut child = command.spawn().with_context(|| format!("cannot run {}", shown(command)))?;
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("{} failed: {status}", shown(command));
            }
            return Ok(());
        }
        if begin.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            bail!("{} took more than {} s", shown(command), patience.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Runs a command and returns the first line that it writes.
pub(crate) fn first_line(command: &mut Command) -> anyhow::Result<String> {
    let Output { status, stdout, stderr } =
        command.output().with_context(|| format!("cannot run {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed: {status}: {}", shown(command), String::from_utf8_lossy(&stderr).trim());
    }
    let text = String::from_utf8(stdout).with_context(|| format!("{} did not write text", shown(command)))?;
    Ok(text.lines().next().unwrap_or_default().to_string())
}

/// A command as a person would type it in the repository's root.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let relative = |word| Path::new(word).strip_prefix(root()).unwrap_or(Path::new(word)).display().to_string();
    format!("`{}`", words.map(relative).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_command_that_takes_too_long_is_ended_and_named() {
        let error = run_within(Duration::from_millis(100), Command::new("sleep").arg("600")).unwrap_err();
        assert!(error.to_string().starts_with("`sleep 600` took more than"), "{error}");
    }

    #[test]
    fn a_command_that_fails_is_named() {
        let error = run_within(Duration::from_mins(1), &mut Command::new("false")).unwrap_err();
        assert!(error.to_string().starts_with("`false` failed: "), "{error}");
        let error = run_within(Duration::from_mins(1), &mut Command::new("no-such-command")).unwrap_err();
        assert_eq!(error.to_string(), "cannot run `no-such-command`");
    }
}

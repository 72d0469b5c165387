//! `cargo xtask score`: guards, and whole bundles, over labelled texts, by the program of `tests/score`.

use std::{
    fs,
    path::{self, Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

use crate::{
    bundle, guards,
    workspace::{self, run},
};

/// The bundle that sessions are judged by where none is named.
const BUNDLE: &str = "policies/default";

/// Where the bundle that is scored is made ready, below the target folder: not where others would take it for the real one.
const SCORED: &str = "scored";

/// Builds the guards and the program, makes the bundle ready if one is scored, and hands the rest of the arguments on.
pub(crate) fn score(arguments: &[&str]) -> anyhow::Result<()> {
    // The development build: a figure here is a share and not a time, and guards are compiled the same in both.
    let program = workspace::program("guardhouse-score")?;
    let mut command = Command::new(program);
    command.arg("--guards").arg(workspace::target()?.join("guards"));
    if arguments.iter().any(|argument| ["--help", "-h"].contains(argument)) {
        return run(command.arg("--help"));
    }
    let built = guards::build()?;
    let (named, rest) = bundle_of(arguments)?;
    if let Some(named) = named {
        command.arg("--bundle").arg(ready(&named, &built)?);
    }
    run(command.args(rest))
}

/// The bundle that the arguments name or mean, and the other arguments.
fn bundle_of<'a>(arguments: &[&'a str]) -> anyhow::Result<(Option<PathBuf>, Vec<&'a str>)> {
    let mut named = None;
    let mut rest = Vec::new();
    let mut arguments = arguments.iter().copied();
    while let Some(argument) = arguments.next() {
        if argument == "--bundle" {
            named = Some(arguments.next().context("expected a directory after `--bundle`, found nothing")?);
        } else if let Some(directory) = argument.strip_prefix("--bundle=") {
            named = Some(directory);
        } else {
            rest.push(argument);
        }
    }
    let of_sessions = |argument: &&str| *argument == "--sessions" || argument.starts_with("--sessions=");
    let meant = rest.iter().any(of_sessions).then(|| workspace::root().join(BUNDLE));
    Ok((named.map(path::absolute).transpose()?.or(meant), rest))
}

/// A bundle that can be loaded. A committed one has no guards in it: they are put in, and its limits of time are lifted, so
/// that what is counted does not depend on how busy the machine is. One that has guards is taken as it is.
fn ready(named: &Path, built: &[guards::Guard]) -> anyhow::Result<PathBuf> {
    if named.join("guards").exists() {
        return Ok(named.to_owned());
    }
    let copy = bundle::assemble(named, SCORED, built, &workspace::program("guardhouse")?)?;
    let manifest = copy.join("guardhouse.toml");
    let text = fs::read_to_string(&manifest).with_context(|| format!("cannot read `{}`", manifest.display()))?;
    fs::write(&manifest, lifted(text)).with_context(|| format!("cannot write `{}`", manifest.display()))?;
    Ok(copy)
}

/// A manifest under which guards have all the time that a bundle may give them. One that says itself how long they have
/// stays as it is.
fn lifted(manifest: String) -> String {
    if manifest.lines().any(|line| line.trim_start().starts_with("[limits]")) {
        return manifest;
    }
    manifest + "\n[limits]\ndeadline = \"60s\"\nwall = \"60s\"\n"
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn sessions_are_judged_by_the_default_bundle_unless_another_is_named() {
        let default = workspace::root().join(BUNDLE);
        assert_eq!(bundle_of(&["--corpus", "c"]).unwrap(), (None, vec!["--corpus", "c"]));
        assert_eq!(bundle_of(&["--sessions", "s"]).unwrap(), (Some(default), vec!["--sessions", "s"]));
        for arguments in [["--sessions=s", "--bundle", "/b"].as_slice(), &["--bundle=/b", "--sessions=s"]] {
            assert_eq!(bundle_of(arguments).unwrap(), (Some("/b".into()), vec!["--sessions=s"]));
        }
        let error = bundle_of(&["--bundle"]).unwrap_err();
        assert_eq!(error.to_string(), "expected a directory after `--bundle`, found nothing");
    }

    #[test]
    fn limits_of_time_are_lifted_unless_the_bundle_states_its_own() {
        let plain = "bundle = \"b\"\n[tools.\"s/t\"]\neffects = []\n";
        assert_eq!(lifted(plain.to_owned()), format!("{plain}\n[limits]\ndeadline = \"60s\"\nwall = \"60s\"\n"));
        let stated = "bundle = \"b\"\n[limits]\nwall = \"1s\"\n";
        assert_eq!(lifted(stated.to_owned()), stated);
    }
}

//! `cargo xtask lint`: the form of the code, and what it depends on.

use std::{path::PathBuf, process::Command};

use crate::{
    print,
    workspace::{self, cargo, run},
};

/// The release of cargo-deny that we use.
const CARGO_DENY: &str = "0.20.2";

/// Runs rustfmt, clippy with warnings as errors, and cargo-deny: bans, licences and sources; advisories too where
/// `advisories` says that their database can be reached.
pub(crate) fn lint(advisories: bool) -> anyhow::Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    run(cargo()
        .args(["doc", "--workspace", "--lib", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "--deny=warnings"))?;
    let mut deny = Command::new(cargo_deny()?);
    deny.current_dir(workspace::root()).args(["check", "bans", "licenses", "sources"]);
    if advisories {
        deny.arg("advisories");
    }
    run(&mut deny)
}

/// cargo-deny, installed below the target folder if it is not there.
fn cargo_deny() -> anyhow::Result<PathBuf> {
    let tools = workspace::target()?.join("tools");
    let program = tools.join("bin/cargo-deny");
    let is = |version: &str| {
        let found = workspace::first_line(Command::new(&program).arg("--version"));
        found.is_ok_and(|line| line.split_whitespace().any(|word| word == version))
    };
    if !is(CARGO_DENY) {
        print::progress(format_args!("installing cargo-deny {CARGO_DENY}, once"));
        // Not optimised: it reads one lock file, and takes minutes to optimise.
        let mut install = cargo();
        install.args(["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--debug", "--force", "--root"]);
        run(install.arg(&tools).env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
    }
    Ok(program)
}

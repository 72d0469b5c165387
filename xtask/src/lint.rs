//! `cargo xtask lint`: the form of the code, and what it depends on.

use std::process::Command;

use crate::workspace::{self, cargo, run};

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
    let mut deny = Command::new(workspace::tool("cargo-deny", CARGO_DENY)?);
    deny.current_dir(workspace::root()).args(["check", "bans", "licenses", "sources"]);
    if advisories {
        deny.arg("advisories");
    }
    run(&mut deny)
}

//! `cargo xtask test`: every test there is, against guards that were just built.

use crate::{guards, workspace};

/// Which tests run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    /// What every change must pass, in at most 20 minutes after the first build.
    Ordinary,
    /// These and the long ones, which are marked `ignored`.
    Full,
}

/// Builds the guards and runs the tests on them.
pub(crate) fn run(tier: Tier) -> anyhow::Result<()> {
    guards::build()?;
    let mut tests = workspace::cargo();
    tests.env(guards::FOLDER, workspace::target()?.join("guards"));
    // The whole workspace at once, here and wherever we build: cargo unites the features of the packages that it is asked
    // for, and another selection would build wasmtime anew.
    tests.args(["test", "--workspace"]);
    if tier == Tier::Full {
        tests.args(["--", "--include-ignored"]);
    }
    workspace::run(&mut tests)
}

//! `cargo xtask bench`: what Guardhouse costs, as ratios to the bare thing.

use std::process::Command;

use crate::{
    guards,
    workspace::{self, cargo, run},
};

/// Builds everything with full optimisation and prints the ratios; fails when one misses its bar.
pub(crate) fn bench() -> anyhow::Result<()> {
    guards::build()?;
    run(cargo().args(["build", "--release", "--workspace", "--bins"]))?;
    let target = workspace::target()?;
    run(Command::new(target.join("release/guardhouse-bench")).arg(target.join("guards")))
}

//! `cargo xtask soak`: what takes too long for every change. In this version: the fuzz targets.

use std::process::Command;

use anyhow::Context as _;

use crate::{print, workspace};

/// The release of cargo-fuzz that we use.
const CARGO_FUZZ: &str = "0.13.2";

/// The fuzz targets, in `fuzz/fuzz_targets`.
const TARGETS: [&str; 2] = ["json", "event"];

/// Fuzzes each target for `minutes`.
pub(crate) fn run_for(minutes: &str) -> anyhow::Result<()> {
    let minutes: u32 = minutes.parse().with_context(|| format!("expected a number of minutes, found `{minutes}`"))?;
    let cargo_fuzz = workspace::tool("cargo-fuzz", CARGO_FUZZ)?;
    for target in TARGETS {
        print::progress(format_args!("fuzzing {target} for {minutes} minutes"));
        let time = format!("-max_total_time={}", minutes.saturating_mul(60));
        // Coverage is an unstable option, so the stable compiler is told to take it; the sanitizer is for unsafe code, of
        // which there is none.
        let mut fuzz = Command::new(&cargo_fuzz);
        fuzz.current_dir(workspace::root()).args(["fuzz", "run", "--sanitizer", "none", target, "--", &time]);
        workspace::run(fuzz.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

//! `cargo xtask soak`: what takes too long for every change. In this version: the fuzz targets.

use anyhow::Context as _;

use crate::{
    print,
    workspace::{self, cargo, run},
};

/// The fuzz targets, in `fuzz/fuzz_targets`.
const TARGETS: [&str; 2] = ["json", "event"];

/// Fuzzes each target for `minutes`.
pub(crate) fn run_for(minutes: &str) -> anyhow::Result<()> {
    let minutes: u32 = minutes.parse().with_context(|| format!("expected a number of minutes, found `{minutes}`"))?;
    let has_cargo_fuzz = workspace::first_line(cargo().args(["fuzz", "--version"])).is_ok();
    if !has_cargo_fuzz {
        print::progress("installing cargo-fuzz, once");
        run(cargo().args(["install", "cargo-fuzz", "--locked"]))?;
    }
    for target in TARGETS {
        print::progress(format_args!("fuzzing {target} for {minutes} minutes"));
        let time = format!("-max_total_time={}", minutes.saturating_mul(60));
        // Coverage is an unstable option, so the stable compiler is told to take it; the sanitizer is for unsafe code, of
        // which there is none.
        run(cargo().args(["fuzz", "run", "--sanitizer", "none", target, "--", &time]).env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

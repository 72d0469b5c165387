//! `cargo xtask soak`: what takes too long for every change. Innocent and evil checks at once, a journal
//! whose writer is killed, then the fuzz targets.

use std::process::Command;

use anyhow::Context as _;

use crate::{
    guards, print,
    workspace::{self, cargo, run},
};

/// The release of cargo-fuzz that we use.
const CARGO_FUZZ: &str = "0.13.2";

/// The fuzz targets, in `fuzz/fuzz_targets`, each with what libFuzzer is told about it.
const TARGETS: [(&str, &[&str]); 9] = [
    ("json", &[]),
    ("event", &[]),
    ("tool_schema", &[]),
    ("arguments", &[]),
    ("bundle_test", &[]),
    ("journal", &[]),
    ("views", &[]),
    // Long recipes from the beginning: short ones change nothing, and a component that is right takes longest.
    ("gate", &["-len_control=0", "-max_len=1024"]),
    ("returned", &[]),
];

/// Checks for `minutes`, then fuzzes each target for as long.
pub(crate) fn run_for(minutes: &str) -> anyhow::Result<()> {
    let minutes: u32 = minutes.parse().with_context(|| format!("expected a number of minutes, found `{minutes}`"))?;
    guards::build()?;
    check(minutes)?;
    let cargo_fuzz = workspace::tool("cargo-fuzz", CARGO_FUZZ)?;
    for (target, options) in TARGETS {
        print::progress(format_args!("fuzzing {target} for {minutes} minutes"));
        let time = format!("-max_total_time={}", minutes.saturating_mul(60));
        // Coverage is an unstable option, so the stable compiler is told to take it; the sanitizer is for unsafe code, of
        // which there is none. An input that takes a minute hangs.
        let mut fuzz = Command::new(&cargo_fuzz);
        fuzz.current_dir(workspace::root()).args(["fuzz", "run", "--sanitizer", "none", target, "--", &time]);
        fuzz.arg("-timeout=60").args(options);
        run(fuzz.env("RUSTC_BOOTSTRAP", "1").env(guards::FOLDER, workspace::target()?.join("guards")))?;
    }
    Ok(())
}

/// Runs `tests/soak`.
fn check(minutes: u32) -> anyhow::Result<()> {
    run(cargo().args(["build", "--release", "--workspace", "--bins"]))?;
    print::progress(format_args!("innocent and evil checks for {minutes} minutes"));
    let target = workspace::target()?;
    let soak = || Command::new(target.join("release/guardhouse-soak"));
    run(soak().arg(target.join("guards")).arg(minutes.to_string()))?;
    print::progress(format_args!("killing what writes a journal"));
    run(soak().arg("journal").arg(target.join("guards")))
}

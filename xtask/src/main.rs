//! `cargo xtask`: everything one does with this repository, without a tool to install first.
//!
//! * `main`, `print`: the command line.
//! * `workspace`: where things lie, and cargo run inside cargo.
//! * `toolchain`: what building guards needs, found or installed.
//! * `guards`: every guard of the repository, built as a component; `bundle`: a bundle with them in it.
//! * `demo`, `test`, `lint`, `bench`, `soak`, `score`: the commands.

use std::env;
use std::process::ExitCode;

use anyhow::bail;

mod bench;
mod bundle;
mod demo;
mod guards;
mod lint;
mod print;
mod score;
mod soak;
mod test;
mod toolchain;
mod workspace;

const HELP: &str = "\
Usage: cargo xtask COMMAND

Commands:
  demo     Show three agent sessions pass a guard and policies, with every decision and its reasons.
  test     Run all tests; with --full the long ones too.
  lint     rustfmt, clippy, rustdoc, cargo-deny with known vulnerabilities where their database is reached; with
           --advisories, or GUARDHOUSE_ADVISORIES=required in the environment, it has to be.
  bench    Measure what Guardhouse costs, as ratios to bare wasmtime and bare Cedar in one run.
  soak     Run innocent and evil checks at once, kill what writes a journal, then run the fuzz targets, each for some minutes:
           --minutes N (10).
  score    What guards find in labelled texts, and what a bundle does in benign sessions: --corpus DIR, --sessions DIR;
           `cargo xtask score --help` has the rest.
  guards   Build every guard of the repository as a component, into target/guards.
  help     Print this text.

Each finds or installs what it needs. Guards need rustup's target wasm32-unknown-unknown, else Debian's packages
rustc-web and rust-web-src; with GUARDHOUSE_GUARD_TOOLCHAIN=debian rustup is not asked.

Example: cargo xtask demo
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::progress(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs the command that the arguments name.
fn run() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        // Its arguments are the program's.
        ["score", rest @ ..] => score::score(rest)?,
        [] | ["help" | "--help" | "-h"] | [_, "--help" | "-h"] => print::line(HELP.trim_end()),
        ["demo"] => demo::run()?,
        ["test"] => test::run(test::Tier::Ordinary)?,
        ["test", "--full"] => test::run(test::Tier::Full)?,
        ["lint"] => lint::lint(lint::Advisories::of_environment()?)?,
        ["lint", "--advisories"] => lint::lint(lint::Advisories::Required)?,
        ["bench"] => bench::bench()?,
        ["soak"] => soak::run_for("10")?,
        ["soak", "--minutes", minutes] => soak::run_for(minutes)?,
        ["guards"] => {
            for guard in guards::build()? {
                print::line(format_args!("{:>9} bytes  {}", guard.bytes, guard.component.display()));
            }
        }
        [command, rest @ ..] => {
            bail!("expected a command that `cargo xtask help` lists, found `{command}` with {} arguments", rest.len())
        }
    }
    Ok(())
}

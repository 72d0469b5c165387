//! `cargo xtask`: everything one does with this repository, without a tool to install first.
//!
//! * `main`, `print`: the command line.
//! * `workspace`: where things lie, and cargo run inside cargo.
//! * `toolchain`: what building guards needs, found or installed.
//! * `guards`: every guard of the repository, built as a component.

use std::env;
use std::process::ExitCode;

use anyhow::bail;

mod guards;
mod print;
mod toolchain;
mod workspace;

const HELP: &str = "\
Usage: cargo xtask COMMAND

Commands:
  guards   Build every guard of the repository as a component, into target/guards.
           Finds or installs what that needs: rustup's wasm target, else Debian's packages.
  help     Print this text.

Example: cargo xtask guards
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
        [] | ["help" | "--help" | "-h"] | [_, "--help" | "-h"] => print::line(HELP.trim_end()),
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

//! `cargo xtask score`: guards, and whole bundles, over labelled texts, through the real sandbox.
//!
//! The texts are third parties' and no part of this repository; `docs/detection.md` says where they come from, what is
//! measured and how to read it.
//!
//! * `arguments`: what can be typed.
//! * `lines`, `corpus`, `split`: texts with labels, one a line, and which of them may be looked at.
//! * `place`: which guard is scored on which texts, and where in an agent's run each text stands; `station`: a guard in a
//!   bundle of its own.
//! * `guards`: guards one by one over a corpus; `conformance`: texts without labels, on which no guard may fail.
//! * `sessions`: a whole bundle over benign sessions.
//! * `tally`, `interval`, `table`, `report`: figures; `shown`, `findings`: what stands behind them.
//!
//! Exit status: 0 where every check gave a report, 1 where a guard failed in one, 2 on an error.

mod arguments;
mod conformance;
mod corpus;
mod findings;
mod guards;
mod interval;
mod lines;
mod place;
mod report;
mod sessions;
mod shown;
mod split;
mod station;
mod table;
mod tally;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

use arguments::Arguments;

/// Whether every check gave a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// All of them.
    Whole,
    /// A guard failed in some: what is printed says in which.
    Failures,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(Status::Whole) => ExitCode::SUCCESS,
        Ok(Status::Failures) => ExitCode::from(1),
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "a program talks to the person who runs it")]
            {
                eprintln!("error: {error:#}");
            }
            ExitCode::from(2)
        }
    }
}

/// Runs what the arguments ask for, on this thread: checks one after the other, in the order of the files.
fn run(arguments: &Arguments) -> Result<Status> {
    arguments.held()?;
    let executor = tokio::runtime::Builder::new_current_thread().build()?;
    executor.block_on(async {
        match &arguments.bundle {
            Some(bundle) => sessions::run(arguments, bundle).await,
            None => guards::run(arguments).await,
        }
    })
}

//! `cargo xtask bench`: what Guardhouse costs, as ratios to the bare thing in one run. By hand, `guardhouse-bench GUARDS journal`
//! is the journal's part alone.

mod expressions;
mod guard;
mod harness;
mod journal;
mod judge;
mod memo;
mod replay;
mod station;
mod text;
mod threads;
mod tools;

use std::{env, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};

fn main() -> Result<ExitCode> {
    let guards = env::args_os().nth(1).map(PathBuf::from).context("expected the folder of the built guards")?;
    let of_journal = || -> Result<_> {
        let (recorded, mut stated) = journal::record(&guards)?;
        stated.extend(journal::throughput(&guards)?);
        stated.push(replay::rate(&guards)?);
        Ok((recorded, stated))
    };
    if env::args_os().nth(2).is_some_and(|part| part == "journal") {
        let (recorded, stated) = of_journal()?;
        return Ok(told(&[recorded], &stated));
    }
    let (mut measured, from_text) = judge::compare()?;
    measured.extend(guard::compare(&guards)?);
    measured.push(expressions::compare(&guards)?);
    measured.push(memo::in_vain(&guards)?);
    let mut stated = vec![from_text];
    stated.extend(judge::time()?);
    stated.extend(tools::time()?);
    stated.extend(memo::replay(&guards)?);
    stated.extend(threads::compare(&guards)?);
    let (ratios, speeds) = text::throughput(&guards)?;
    measured.extend(ratios);
    stated.extend(speeds);
    let (recorded, of_records) = of_journal()?;
    measured.push(recorded);
    stated.extend(of_records);
    stated.extend(text::views()?);
    stated.extend(text::all_guards(&guards)?);
    stated.extend(text::streams(&guards)?);
    stated.extend(station::time(&guards)?);
    stated.extend(station::memory(&guards)?);
    Ok(told(&measured, &stated))
}

/// Prints figures, and says whether they keep their bars.
#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn told(measured: &[harness::Measured], stated: &[harness::Stated]) -> ExitCode {
    for measured in measured {
        println!("{}", measured.line());
    }
    for stated in stated {
        println!("{}", stated.line());
    }
    let all_hold = measured.iter().all(harness::Measured::holds) && stated.iter().all(harness::Stated::holds);
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

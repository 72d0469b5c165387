//! `guardhouse-soak journal`: whether what a journal promises holds where it gets hard.
//!
//! * `kills`: a process under load is killed, and the power cut; `trouble`: the disk is full, or cannot be written;
//!   `durable`: how long an answer takes that waits for the disk.
//! * `fold`: what records say of sessions, put together without the engine; `given`: what was delivered.
//! * `child`, `load`, `bundle`: the process, its events and its policies; `parent`: how it is watched; `dice`: what is random.

mod bundle;
mod child;
mod dice;
mod durable;
mod fold;
mod given;
mod kills;
mod load;
mod parent;
mod trouble;

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};

use dice::Dice;
use kills::Kills;

/// The command.
pub(crate) const COMMAND: &str = "journal";
/// What a child is told first that writes a journal until it is killed.
const CHILD: &str = "journal-child";
/// What a child is told first that gets into trouble.
const TROUBLED: &str = "journal-troubled";
/// Kills where no other number is given.
const KILLS: u64 = 200;

/// Does what the arguments say, if they are about the journal: `journal GUARDS [KILLS [SEED]]`. Says whether they are.
///
/// # Errors
/// When something does not hold.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [COMMAND, guards, rest @ ..] => {
            let number = |at: usize| rest.get(at).map(|word| word.parse::<u64>().context("expected a number"));
            let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
            all(
                Path::new(guards),
                number(0).transpose()?.unwrap_or(KILLS),
                number(1).transpose()?.unwrap_or_else(now),
            )?;
        }
        [CHILD, directory, bundle, seed] => child::run(Path::new(directory), Path::new(bundle), seed.parse()?)?,
        [TROUBLED, kind, directory, bundle, seed] => {
            trouble::run(kind.parse()?, Path::new(directory), Path::new(bundle), seed.parse()?)?;
        }
        [COMMAND | CHILD | TROUBLED, ..] => bail!("expected `{COMMAND} GUARDS [KILLS [SEED]]`"),
        _ => return Ok(false),
    }
    Ok(true)
}

fn all(guards: &Path, kills: u64, seed: u64) -> Result<()> {
    say(&format!("journal: {kills} kills, seed {seed}"));
    let scratch = tempfile::tempdir()?;
    let bundle: PathBuf = scratch.path().join("bundle");
    std::fs::create_dir(&bundle)?;
    bundle::write(guards, &bundle)?;
    let mut dice = Dice::new(seed);
    say(&Kills::run(&bundle, kills, &mut dice)?.to_string());
    for line in trouble::all(&bundle, &mut dice)? {
        say(&line);
    }
    for line in durable::measure(&bundle)? {
        say(&line);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what was found is what this program is for")]
fn say(line: &str) {
    println!("{line}");
}

//! `cargo xtask soak`, first part: innocent and evil checks at once, for minutes.
//!
//! One engine at a time, whose guards are innocent ones within default limits and evil ones that do what the text tells
//! them. All the while every decision is held to what it should be, the process is watched, and the engine is replaced
//! by one with another configuration. It fails when a decision was wrong, an innocent check late, or anything kept.
//!
//! With `journal` as its first argument it soaks the journal instead: see there.
//!
//! * `deeds`: what the evil guards do, and what should come of it; `bundle`: all guards in one bundle, loaded.
//! * `post`: the engine in force, and its replacement; `traffic`: the checks.
//! * `latency`, `process`: what is measured; `summary`: what it came to.

mod bundle;
mod deeds;
mod journal;
mod latency;
mod post;
mod process;
mod summary;
mod traffic;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow};
use tokio::runtime::Runtime;

use post::Post;
use process::Watch;
use traffic::Traffic;

/// Between two engines: some seconds of checks, after some of compiling.
const RESTATION: Duration = Duration::from_secs(15);
/// Between two looks at the process.
const LOOK: Duration = Duration::from_secs(1);

fn main() -> Result<ExitCode> {
    let words: Vec<_> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    if journal::run(&words)? {
        return Ok(ExitCode::SUCCESS);
    }
    let mut arguments = env::args_os().skip(1);
    let guards = arguments.next().map(PathBuf::from).context("expected the folder of the built guards")?;
    let minutes = arguments.next().and_then(|minutes| minutes.to_str()?.parse().ok());
    let time = Duration::from_mins(minutes.context("expected a number of minutes")?);

    let threads = thread::available_parallelism()?.get();
    let executor = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    let traffic = Arc::new(Traffic::new(Post::new(&guards, &executor)?)?);
    let (started, mut watch) = (Instant::now(), Watch::default());
    thread::scope(|scope| -> Result<()> {
        let checks = traffic.start(&executor);
        let restationed = scope.spawn(|| {
            let done = restation(&traffic, &guards, &executor);
            traffic.stop();
            done
        });
        while started.elapsed() < time && !traffic.is_stopped() {
            // While an engine is made there are two.
            if !traffic.post().is_loading() {
                watch.look()?;
            }
            thread::sleep(LOOK);
        }
        traffic.stop();
        executor.block_on(async {
            for check in checks {
                check.await?;
            }
            Ok::<_, anyhow::Error>(())
        })?;
        restationed.join().map_err(|_panic| anyhow!("the thread that stations guards panicked"))?
    })?;
    traffic.post().retire();
    let summary = summary::of(&traffic, &watch, started.elapsed());
    #[expect(clippy::print_stdout, reason = "what was found is what this program is for")]
    {
        println!("{summary}");
    }
    Ok(if summary.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Replaces the engine now and then, until the checks stop.
fn restation(traffic: &Traffic, guards: &Path, executor: &Runtime) -> Result<()> {
    let mut last = Instant::now();
    while !traffic.is_stopped() {
        thread::sleep(LOOK);
        if last.elapsed() >= RESTATION {
            traffic.post().replace(guards, executor)?;
            last = Instant::now();
        }
    }
    Ok(())
}

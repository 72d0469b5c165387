//! How fast the guard reads: `cargo run --release -p guard-secrets --example speed -- FILE…` reads each file as one text
//! and prints megabytes a second, best of several runs, on one core.

#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::time::{Duration, Instant};

use guard_secrets::Secrets;
use guardhouse_guard::{TextGuard as _, testing};

/// Each text is read again and again for about this long.
const FOR: Duration = Duration::from_millis(300);

fn main() -> Result<(), String> {
    let guard = testing::configure::<Secrets>("")?;
    for path in std::env::args().skip(1) {
        let text = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
        let item = testing::item(&String::from_utf8_lossy(&text));
        let size = item.parts[0].body.len();
        let (begin, mut best, mut found) = (Instant::now(), Duration::MAX, 0);
        while begin.elapsed() < FOR {
            let run = Instant::now();
            found = guard.inspect(&item)?.len();
            best = best.min(run.elapsed());
        }
        #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
        let speed = size as f64 / best.as_secs_f64() / 1e6;
        println!("{speed:8.1} MB/s  {found:6} findings  {path}");
    }
    Ok(())
}

//! How long is waited, and for what it is ended.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use signal_hook::{consts::TERM_SIGNALS, flag};

/// The wait behind the first failure.
const FIRST: Duration = Duration::from_millis(250);

/// The longest wait between two attempts.
const LONGEST: Duration = Duration::from_mins(1);

/// How often is looked whether to end.
const LOOK: Duration = Duration::from_millis(50);

/// The status of a process that a second signal ends at once.
const AT_ONCE: i32 = 1;

/// Raised by SIGTERM and SIGINT. A second one ends the process where it stands.
#[derive(Debug, Clone)]
pub(super) struct End(Arc<AtomicBool>);

impl End {
    pub(super) fn by_signals() -> io::Result<Self> {
        let end = Arc::new(AtomicBool::new(false));
        for signal in TERM_SIGNALS {
            // In this order: it is armed by the first.
            flag::register_conditional_shutdown(*signal, AT_ONCE, Arc::clone(&end))?;
            flag::register(*signal, Arc::clone(&end))?;
        }
        Ok(Self(end))
    }

    pub(super) fn is_asked_for(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Sleeps, no longer than until the end is asked for.
    pub(super) fn sleep(&self, time: Duration) {
        let until = Instant::now() + time;
        while !self.is_asked_for() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            thread::sleep(left.min(LOOK));
        }
    }
}

/// Waits between attempts: each twice the one before up to a minute, and of that between a half and the whole at random, so
/// that many who lost one sink do not come back at once.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait behind one more failure, at least as long as was asked for.
    pub(super) fn next(&mut self, asked: Option<Duration>) -> Duration {
        let whole = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures += 1;
        let half = whole / 2;
        // Without random numbers, all of it.
        let random = getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
        (half + half.mul_f64(random)).max(asked.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_differ() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..40).map(|_| backoff.next(None)).collect();
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST, "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= LONGEST), "{waits:?}");
        let late = &waits[9..];
        assert!(late.iter().all(|wait| *wait >= LONGEST / 2), "{waits:?}");
        assert!(late.iter().any(|wait| *wait != late[0]), "{waits:?}");
        assert_eq!(backoff.next(Some(LONGEST * 3)), LONGEST * 3);
    }
}

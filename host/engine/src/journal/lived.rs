//! [`Lived`]: how long a journal has lived, counted so that no clock makes it old at once.
//!
//! While a process has the journal open, the monotonic clock counts, which nobody sets. From one process to the next the
//! clock that people set has to do: what it says has passed counts, but at most a day. So a clock that is ten years ahead by
//! mistake adds a day, and one that is behind adds nothing. Every record of a kind that the journal writes about itself says
//! how long that is, and the next process goes on from there.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::json::Value;

/// The member of records that says it, in milliseconds.
pub(super) const MEMBER: &str = "lived_ms";
/// The most that counts from one process to the next.
const MOST_BETWEEN: Duration = Duration::from_hours(24);

/// How long a journal has lived.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lived {
    /// Before this process opened it.
    before: Duration,
    opened: Instant,
}

impl Lived {
    /// That of a journal which said last that it had lived so long, at this time.
    pub(super) fn since(last: Option<(Duration, Timestamp)>) -> Self {
        Self {
            before: last.map_or(Duration::ZERO, |(lived, time)| up_to(Timestamp::now(), lived, time)),
            opened: Instant::now(),
        }
    }

    /// How long it has.
    pub(super) fn duration(self) -> Duration {
        self.before.saturating_add(self.opened.elapsed())
    }

    /// The same in milliseconds.
    pub(super) fn millis(self) -> u64 {
        u64::try_from(self.duration().as_millis()).unwrap_or(u64::MAX)
    }
}

fn up_to(now: Timestamp, lived: Duration, time: Timestamp) -> Duration {
    // Negative where the clock went back.
    let between = Duration::try_from(now.duration_since(time)).unwrap_or_default();
    lived.saturating_add(between.min(MOST_BETWEEN))
}

/// What a record says of it.
pub(super) fn said(record: &Value) -> Option<Duration> {
    record.as_object()?.get(MEMBER)?.as_number()?.as_str().parse().ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_clock_that_jumps_makes_a_journal_a_day_older_at_most() {
        let lived = Duration::from_hours(1_000);
        let said = "2026-11-20T12:00:00Z".parse().unwrap();
        let at = |now: &str| up_to(now.parse().unwrap(), lived, said).checked_sub(lived).unwrap();
        assert_eq!(at("2026-11-20T12:00:00.250Z"), Duration::from_millis(250));
        assert_eq!(at("2026-11-20T15:00:00Z"), Duration::from_hours(3));
        assert_eq!(at("2036-11-20T12:00:00Z"), Duration::from_hours(24), "ten years ahead");
        assert_eq!(at("1970-01-01T00:00:00Z"), Duration::ZERO, "back to the beginning");
        let most = up_to(Timestamp::MAX, Duration::MAX, Timestamp::MIN);
        assert_eq!(most, Duration::MAX);
    }

    #[test]
    fn a_journal_that_says_nothing_has_only_just_begun_to_live() {
        assert!(Lived::since(None).duration() < Duration::from_hours(1));
        assert!(Lived::since(Some((Duration::from_hours(9), Timestamp::now()))).duration() >= Duration::from_hours(9));
    }
}

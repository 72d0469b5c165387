//! What a guard's checks have come to, counted without a lock.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::{failure::FailureCause, limits::Accountant};

/// What the checks of one guard have come to since it was stationed. A guard that is asked by two interfaces about one
/// event was called twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardMetrics {
    /// Calls that came to an end in the guard, with a report or without. One whose future was dropped is not counted.
    pub calls: u64,
    /// Failures by their causes; causes that never came up are left out. The sum may be more than the calls: a guard
    /// that is not asked, because the text is too long for it, fails without a call.
    pub failures: Vec<(FailureCause, u64)>,
    /// Time by the clock, from the making of the instance to its answer, over all calls.
    pub time: Duration,
    /// The longest call.
    pub longest: Duration,
    /// Calls that ended behind the wall limit and were not interrupted: the machine was busy, or one instruction that
    /// fills or copies memory took that long.
    pub late: u64,
    /// Bytes of linear memory that the guard had at most in one call.
    pub memory: u64,
    /// How often the guard's memory grew. Growing costs more than a small check: a guard does better with enough memory
    /// from the beginning.
    pub growths: u64,
    /// Calls that were not made, because the report was remembered from an earlier one on the same item.
    pub hits: u64,
    /// Calls that were made although reports are remembered, because this one was not. Where none are, none is counted.
    pub misses: u64,
    /// Time by the clock that the calls took whose reports were used again: for each hit that of the call which it stood
    /// in for. What it took to find them is not taken off.
    pub saved: Duration,
}

impl GuardMetrics {
    /// All failures.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failures.iter().map(|(_, count)| count).sum()
    }
}

/// The counters behind [`GuardMetrics`]. Each is right by itself; read while checks run, they may be a call apart.
#[derive(Debug, Default)]
pub(super) struct Counters {
    calls: AtomicU64,
    failures: [AtomicU64; FailureCause::ALL.len()],
    nanos: AtomicU64,
    longest: AtomicU64,
    late: AtomicU64,
    memory: AtomicU64,
    growths: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
    saved: AtomicU64,
}

impl Counters {
    /// A call came to an end.
    pub(super) fn called(&self, time: Duration, late: bool, accountant: &Accountant) {
        let nanos = nanos(time);
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        // Written only where there is something to write: most calls set no record, are not late and never grow.
        raise(&self.longest, nanos);
        raise(&self.memory, accountant.memory() as u64);
        if late {
            self.late.fetch_add(1, Ordering::Relaxed);
        }
        if accountant.growths() > 0 {
            self.growths.fetch_add(u64::from(accountant.growths()), Ordering::Relaxed);
        }
    }

    /// A report was remembered, for which the guard had taken so long.
    pub(super) fn hit(&self, saved: Duration) {
        self.hits.fetch_add(1, Ordering::Relaxed);
        self.saved.fetch_add(nanos(saved), Ordering::Relaxed);
    }

    /// A report was not remembered, although some are.
    pub(super) fn missed(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    /// A check failed.
    pub(super) fn failed(&self, cause: FailureCause) {
        let counters = FailureCause::ALL.iter().zip(&self.failures);
        for (_, counter) in counters.filter(|(of, _)| **of == cause) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What they stand at.
    pub(super) fn read(&self) -> GuardMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let failures = FailureCause::ALL.iter().zip(&self.failures).map(|(cause, count)| (*cause, read(count)));
        GuardMetrics {
            calls: read(&self.calls),
            failures: failures.filter(|(_, count)| *count > 0).collect(),
            time: Duration::from_nanos(read(&self.nanos)),
            longest: Duration::from_nanos(read(&self.longest)),
            late: read(&self.late),
            memory: read(&self.memory),
            growths: read(&self.growths),
            hits: read(&self.hits),
            misses: read(&self.misses),
            saved: Duration::from_nanos(read(&self.saved)),
        }
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Sets the record, where this is one.
fn raise(record: &AtomicU64, value: u64) {
    if value > record.load(Ordering::Relaxed) {
        record.fetch_max(value, Ordering::Relaxed);
    }
}

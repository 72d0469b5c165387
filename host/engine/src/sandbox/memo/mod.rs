//! Reports that are remembered, so that what is sent again each turn (histories, definitions, documents) costs a hash.
//!
//! A guard that is granted nothing is a function of its artifact, its configuration and what it is given
//! (`wit/guard.wit`): asked again, it would say the same. What is remembered is the *report as the guard gave it*, and only
//! where it gave one: a failure may be the machine's (a deadline, no memory), so whoever failed is asked again. All that the
//! host checks of a report, it checks of a remembered one too.
//!
//! A report is found under the HMAC-SHA256 of all that it depends on ([`frame`]), with a random key that each memo draws for
//! itself. No text is kept, and nobody can choose two items that collide, or tell from a key what was inspected.
//!
//! # How much is remembered
//!
//! There are two spaces, each of half the bound. What is new goes into the *young* one; where that is full it becomes the
//! *old* one, and what was the old one is forgotten. What is found in the old one is copied into the young one. So whatever
//! was asked for among the last half bound of reports is there, nothing that was not is for long, and no list has to be
//! kept in order. Reports without findings, which nearly all are, take 168 bytes: 16 MiB hold 50,000 to 100,000 of them.

mod frame;
mod weight;

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use self::{
    frame::{Frame as _, Framed},
    weight::heap_of,
};
use super::{contract::Report, limits::Limits};
use crate::json::{Digest, hmac};

/// What a report is found under.
type Key = [u8; 32];

/// The remembered reports of all guards of a generation.
#[derive(Debug)]
pub(crate) struct Memo {
    /// With this memo's own key in it.
    mac: Hmac<Sha256>,
    /// Bytes of one of the two spaces.
    space: usize,
    spaces: Mutex<Spaces>,
}

/// How much is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoMetrics {
    /// Bytes that remembered reports take now, and their keys and tables with them. Never more than `bound`.
    pub bytes: usize,
    /// Bytes that they may take.
    pub bound: usize,
}

/// A memo as one guard sees it: its own reports.
#[derive(Debug)]
pub(super) struct GuardMemo {
    memo: Arc<Memo>,
    /// With what all the guard's keys begin with.
    mac: Hmac<Sha256>,
}

/// Where the report on one item is, or would be.
pub(super) struct Place<'m> {
    memo: &'m Memo,
    key: Key,
}

#[derive(Debug, Default)]
struct Spaces {
    young: Space,
    old: Space,
}

#[derive(Debug, Default)]
struct Space {
    reports: HashMap<Key, Kept>,
    /// Bytes of all of them.
    bytes: usize,
}

/// A remembered report.
#[derive(Debug, Clone)]
struct Kept {
    /// `None`: one that says nothing.
    report: Option<Arc<Report>>,
    /// How long the call took, in nanoseconds.
    took: u64,
}

impl Memo {
    /// Bytes where a bundle says nothing: a quarter of the memory that one guard may have in one check, for at least 50,000
    /// reports without findings, such as ten guards' on 5,000 texts.
    pub(crate) const DEFAULT: usize = 16 << 20;
    /// The fewest bytes, if any: some 200 reports in each space.
    pub(crate) const LEAST: usize = 64 << 10;
    /// The most bytes.
    pub(crate) const MAX: usize = 1 << 30;

    /// A memo of so many bytes; `None` for one of none. Where the system gives no random numbers, there is none either,
    /// and the log says so.
    pub(crate) fn new(bytes: usize) -> Option<Arc<Self>> {
        if bytes == 0 {
            return None;
        }
        let mut key = [0; 32];
        if let Err(error) = getrandom::fill(&mut key) {
            tracing::warn!(%error, "there are no random numbers: no report of a guard is remembered");
            return None;
        }
        Some(Arc::new(Self { mac: hmac(&key), space: bytes / 2, spaces: Mutex::default() }))
    }

    /// The memo as a guard sees it whose artifact and configuration have this digest. Its limits are part of what its
    /// reports depend on: a guard notices how much memory it gets.
    pub(super) fn of(self: &Arc<Self>, configured: Digest, limits: &Limits) -> GuardMemo {
        let mut mac = self.mac.clone();
        // Always as many bytes, so that nothing behind them can be taken for a part of them.
        mac.take(configured.as_bytes());
        for number in limits.numbers() {
            mac.take(&number.to_le_bytes());
        }
        GuardMemo { memo: Arc::clone(self), mac }
    }

    /// How much is remembered now.
    pub(crate) fn metrics(&self) -> MemoMetrics {
        let spaces = self.spaces();
        MemoMetrics { bytes: spaces.young.bytes + spaces.old.bytes, bound: 2 * self.space }
    }

    fn get(&self, key: &Key) -> Option<Kept> {
        let mut spaces = self.spaces();
        if let Some(kept) = spaces.young.reports.get(key) {
            return Some(kept.clone());
        }
        let kept = spaces.old.reports.get(key)?.clone();
        let gone = spaces.put(self.space, *key, kept.clone());
        drop(spaces);
        drop(gone);
        Some(kept)
    }

    fn put(&self, key: Key, kept: Kept) {
        // The lock is given back before what is forgotten is freed, which takes longer than all else here.
        let gone = self.spaces().put(self.space, key, kept);
        drop(gone);
    }

    fn spaces(&self) -> MutexGuard<'_, Spaces> {
        // INVARIANT: nothing panics while the lock is held.
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GuardMemo {
    /// Where the report on an item is, or would be.
    pub(super) fn place(&self, item: &impl Framed) -> Place<'_> {
        let mut mac = self.mac.clone();
        item.frame(&mut mac);
        Place { memo: &self.memo, key: mac.finalize().into_bytes().into() }
    }
}

impl Place<'_> {
    /// The report, if it is remembered, and how long the guard took for it.
    pub(super) fn report(&self) -> Option<(Report, Duration)> {
        let Kept { report, took } = self.memo.get(&self.key)?;
        let report = report.map_or_else(empty, |report| Report::clone(&report));
        Some((report, Duration::from_nanos(took)))
    }

    /// Remembers a report, for which the guard took so long.
    pub(super) fn keep(&self, report: &Report, took: Duration) {
        let says_nothing = report.findings.is_empty() && report.settled.is_empty();
        // A copy has no more room than it needs.
        let report = (!says_nothing).then(|| Arc::new(report.clone()));
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.memo.put(self.key, Kept { report, took });
    }
}

impl Spaces {
    /// Puts a report into the young space; returns what is forgotten for it.
    fn put(&mut self, most: usize, key: Key, kept: Kept) -> Option<Space> {
        let bytes = kept.bytes();
        // One that is larger than a space has no place; one that is there, because two checks of the same item ran at once,
        // has one.
        if bytes > most || self.young.reports.contains_key(&key) {
            return None;
        }
        let full = self.young.bytes + bytes > most;
        let gone = full.then(|| mem::replace(&mut self.old, mem::take(&mut self.young)));
        self.young.reports.insert(key, kept);
        self.young.bytes += bytes;
        gone
    }
}

impl Kept {
    /// A report's place in a table: its key, itself and a byte of the table's own.
    const SLOT: usize = size_of::<(Key, Self)>() + 1;

    /// Bytes that it takes with all that belongs to it, at most.
    fn bytes(&self) -> usize {
        // The standard library's table fills at most 7 of 8 places, and has one of twice as many beside it while it grows:
        // then there are 24 places for 7 reports, and never more.
        (Self::SLOT * 24).div_ceil(7) + self.report.as_deref().map_or(0, heap_of)
    }
}

/// The report that says nothing.
fn empty() -> Report {
    Report { findings: Vec::new(), settled: Vec::new() }
}

#[cfg(test)]
mod tests;

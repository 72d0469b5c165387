//! What one check of one guard may use, and the accountant that sees to it.

use std::time::Duration;

use wasmtime::ResourceLimiter;

use super::ticker::TICK;

/// What one check of one guard may use at most. Every field is enforced, and has a test that sees it fire.
///
/// The defaults are `bundle.md`'s. They leave an ordinary guard three orders of magnitude of room (a small one needs
/// ten microseconds and about one mebibyte) and still end a hostile one before an agent's user would notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of linear memory, over all memories of the guard together. Default 64 MiB; at most
    /// [`Limits::MAX_MEMORY`].
    pub memory: usize,
    /// Time the guard may compute, counted in ticks of a millisecond in which it ran. Default 20 ms.
    pub deadline: Duration,
    /// Time by the clock from the making of the instance to the report, host functions and yielding included; not the
    /// wait for a free slot before it. Default 50 ms.
    pub wall: Duration,
    /// Findings in one report. Default 256.
    pub findings: usize,
    /// Bytes that may cross from the guard to the host in one call, counted as wasmtime does (the size of the lifted
    /// values). Default 1 MiB.
    pub returned: usize,
    /// Bytes of log messages kept from one check, 64 more counted for each; what is beyond is dropped and counted.
    /// Default 16 KiB.
    pub log: usize,
    /// Bytes of text given to the guard in one check. A longer item is not checked and thus denied. Default 1 MiB.
    pub block: usize,
}

impl Limits {
    /// The most memory that a bundle may grant one guard: what one slot of the pool holds.
    pub const MAX_MEMORY: usize = 1 << 30;
    /// The longest guest time or wall time that a bundle may grant: a check stands in somebody's path.
    pub const MAX_TIME: Duration = Duration::from_mins(1);
    /// The most findings that a bundle may allow in one report: more than a person or a policy can use.
    pub const MAX_FINDINGS: usize = 65_536;
    /// The most bytes that a bundle may allow for a block, for what a guard returns and for what it logs.
    pub const MAX_TEXT: usize = 64 << 20;
    /// Linear memories in one guard. Components of the languages we know have one or two.
    pub(crate) const MEMORIES: usize = 4;
    /// Tables in one guard.
    pub(crate) const TABLES: usize = 16;
    /// Elements in one table.
    pub(crate) const TABLE_ELEMENTS: usize = 64 << 10;
    /// Core instances in one guard: the module, its adapters and shims.
    pub(crate) const INSTANCES: usize = 32;
    /// Bytes of stack in the guest. Fixed for the engine, because wasmtime has no limit per store.
    pub(crate) const STACK: usize = 512 << 10;
    /// Bytes of an artifact that the host is willing to compile. A Python guard has 18 MB.
    pub const ARTIFACT: usize = 64 << 20;

    /// What `describe` and `configure` may use when a guard is stationed: they may be slower than a check (they run
    /// once, off the path) and have the memory of a check.
    pub(crate) fn at_station(&self) -> Self {
        Self { deadline: Duration::from_secs(5), wall: Duration::from_secs(10), ..self.clone() }
    }

    /// The guest time in ticks, at least one.
    pub(crate) fn ticks(&self) -> u64 {
        u64::try_from(self.deadline.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u64::MAX).max(1)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 64 << 20,
            deadline: Duration::from_millis(20),
            wall: Duration::from_millis(50),
            findings: 256,
            returned: 1 << 20,
            log: 16 << 10,
            block: 1 << 20,
        }
    }
}

/// Counts memory over *all* memories of a store: wasmtime's own `StoreLimits` bounds each one alone.
#[derive(Debug)]
pub(crate) struct Accountant {
    limit: usize,
    used: usize,
    /// Set when a growth was refused: a trap that follows is then told as a want of memory.
    refused: bool,
}

impl Accountant {
    /// An accountant who grants `limit` bytes in all.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { limit, used: 0, refused: false }
    }

    /// Bytes that may be used in all.
    pub(crate) const fn limit(&self) -> usize {
        self.limit
    }

    /// Whether the guard asked for more than it may have.
    pub(crate) const fn refused(&self) -> bool {
        self.refused
    }
}

impl ResourceLimiter for Accountant {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let grown = desired.saturating_sub(current);
        let used = self.used.saturating_add(grown);
        let beyond_own_maximum = maximum.is_some_and(|maximum| desired > maximum);
        if used > self.limit {
            self.refused = true;
            return Ok(false);
        }
        if beyond_own_maximum {
            return Ok(false);
        }
        self.used = used;
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= Limits::TABLE_ELEMENTS)
    }

    fn instances(&self) -> usize {
        Limits::INSTANCES
    }

    fn tables(&self) -> usize {
        Limits::TABLES
    }

    fn memories(&self) -> usize {
        Limits::MEMORIES
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn memory_is_counted_over_all_memories() {
        let mut accountant = Accountant::new(100);
        assert!(accountant.memory_growing(0, 60, None).unwrap());
        assert!(accountant.memory_growing(0, 40, None).unwrap());
        assert!(!accountant.memory_growing(40, 41, None).unwrap());
        assert!(accountant.refused());
    }

    #[test]
    fn a_memory_at_its_own_maximum_does_not_use_up_the_limit() {
        let mut accountant = Accountant::new(100);
        assert!(!accountant.memory_growing(0, 60, Some(50)).unwrap());
        assert!(!accountant.refused());
        assert!(accountant.memory_growing(0, 100, None).unwrap());
    }

    #[test]
    fn guest_time_is_at_least_one_tick() {
        assert_eq!(Limits { deadline: Duration::from_nanos(1), ..Limits::default() }.ticks(), 1);
        assert_eq!(Limits::default().ticks(), 20);
    }
}

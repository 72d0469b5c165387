//! What one check of one guard may use, and the accountant that sees to it.

use std::time::Duration;

use wasmtime::ResourceLimiter;

use super::ticker::TICK;

/// What one guard may use at most, at its station and in each check. Every field is enforced, and has a test that sees
/// it fire.
///
/// The defaults are `bundle.md`'s where it has them. They leave an ordinary guard three orders of magnitude of room (a
/// small one needs ten microseconds and about one mebibyte) and still end a hostile one before an agent's user would
/// notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of linear memory, over all memories of the guard together. Default 64 MiB; at most
    /// [`Limits::MAX_MEMORY`].
    pub memory: usize,
    /// Linear memories. Default 4, and no more: components of the languages we know have one or two.
    pub memories: usize,
    /// Tables. Default 16, and no more: a component has one for its functions, and one or two to link its modules.
    pub tables: usize,
    /// Elements over all tables together, eight bytes each on the host. Default 65536, and no more: as many functions
    /// as a large language runtime has.
    pub elements: usize,
    /// Core instances: the module, its adapters and shims. Default 32, and no more.
    pub instances: usize,
    /// Bytes of stack for the guard's calls. Default 512 KiB, as wasmtime's own.
    pub stack: Stack,
    /// Time the guard may compute in a check, counted in ticks of a millisecond in which it ran. One instruction that
    /// fills or copies memory counts as one tick, however long it takes: `memory` bounds that, and `wall`. Default 20 ms.
    pub deadline: Duration,
    /// Time by the clock from the making of the instance, after which the guard is interrupted; host functions and
    /// yielding included, not the wait for a free slot before it. It is looked at in every tick of guest time. A report
    /// that is there is used, and one that came late is [counted](super::GuardMetrics::late): on a busy machine that
    /// happens to innocent guards too, and nothing is safer for denying what they found in order. Default 50 ms.
    pub wall: Duration,
    /// Time the guard may compute in `describe`, and in `configure`; by the clock it may take twice that. Default 5 s:
    /// they run once, off the path of requests, and a guard may compile its rules there.
    pub configure: Duration,
    /// Findings in one report. Default 256.
    pub findings: usize,
    /// Bytes that may cross from the guard to the host in one call, counted as wasmtime does (the size of the lifted
    /// values; its *host-call fuel*). Default 1 MiB.
    pub returned: usize,
    /// Bytes of log messages kept from one check, 64 more counted for each; what is beyond is dropped and counted.
    /// Default 16 KiB.
    pub log: usize,
    /// Bytes of text given to the guard in one check. A longer item is not checked and thus denied. Default 1 MiB.
    pub block: usize,
    /// Bytes of memory that `configure` leaves behind and every check begins with, in blocks of 4 KiB that are not all
    /// zeros. Default 64 MiB: the host keeps them twice.
    pub snapshot: usize,
    /// Bytes of the artifact, looked at before it is compiled: compiling is the one thing that the host does for a guard
    /// without a deadline. Default 64 MiB, and no more; a guard with `CPython` in it has 18 MB.
    pub artifact: usize,
}

/// Bytes of stack that a guard may have: a power of two from 64 KiB to 4 MiB. wasmtime fixes the stack for a whole
/// engine, so the sandbox keeps one engine for each size that is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stack {
    /// The size is 64 KiB shifted left by this.
    shift: u8,
}

impl Stack {
    /// Bytes of the smallest.
    const SMALLEST: usize = 64 << 10;
    /// How many sizes there are.
    pub(crate) const SIZES: usize = 7;
    /// The size where a bundle says nothing.
    pub(crate) const DEFAULT: Self = Self { shift: 3 };

    /// The stack of so many bytes; `None` if there is no such size.
    #[must_use]
    pub fn of_bytes(bytes: usize) -> Option<Self> {
        Self::all().find(|stack| stack.bytes() == bytes)
    }

    /// All sizes, from the smallest.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u8..).take(Self::SIZES).map(|shift| Self { shift })
    }

    /// Bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        Self::SMALLEST << self.shift
    }

    /// Its place in [`Stack::all`].
    pub(crate) const fn index(self) -> usize {
        self.shift as usize
    }
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
    /// The most linear memories.
    pub const MAX_MEMORIES: usize = 4;
    /// The most tables.
    pub const MAX_TABLES: usize = 16;
    /// The most elements.
    pub const MAX_ELEMENTS: usize = 64 << 10;
    /// The most core instances.
    pub const MAX_INSTANCES: usize = 32;
    /// Handles of resources that a guard may have at once. It gets none from the host, so these are its own; wasmtime would
    /// let it have 100,000.
    pub(crate) const HANDLES: usize = 1_024;
    /// The largest snapshot.
    pub const MAX_SNAPSHOT: usize = 256 << 20;
    /// The largest artifact.
    pub const MAX_ARTIFACT: usize = 64 << 20;

    /// What `describe` and `configure` may use when a guard is stationed.
    pub(crate) fn at_station(&self) -> Self {
        let wall = self.configure.saturating_mul(2);
        Self { deadline: self.configure, wall, ..self.clone() }
    }

    /// All of them: sizes in bytes, times in nanoseconds.
    pub(super) fn numbers(&self) -> [u128; 15] {
        // Whole, so that a new limit cannot be left out here.
        let Self {
            memory,
            memories,
            tables,
            elements,
            instances,
            stack,
            deadline,
            wall,
            configure,
            findings,
            returned,
            log,
            block,
            snapshot,
            artifact,
        } = self;
        let [deadline, wall, configure] = [deadline, wall, configure].map(Duration::as_nanos);
        let [memory, memories, tables, elements, instances, stack] =
            [*memory, *memories, *tables, *elements, *instances, stack.bytes()].map(|number| number as u128);
        let [findings, returned, log, block, snapshot, artifact] =
            [*findings, *returned, *log, *block, *snapshot, *artifact].map(|number| number as u128);
        [
            memory, memories, tables, elements, instances, stack, deadline, wall, configure, findings, returned, log,
            block, snapshot, artifact,
        ]
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
            memories: Self::MAX_MEMORIES,
            tables: Self::MAX_TABLES,
            elements: Self::MAX_ELEMENTS,
            instances: Self::MAX_INSTANCES,
            stack: Stack::DEFAULT,
            deadline: Duration::from_millis(20),
            wall: Duration::from_millis(50),
            configure: Duration::from_secs(5),
            findings: 256,
            returned: 1 << 20,
            log: 16 << 10,
            block: 1 << 20,
            snapshot: 64 << 20,
            artifact: Self::MAX_ARTIFACT,
        }
    }
}

/// What the host puts into a guard's store for itself, and does not hold against the guard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Extra {
    /// Bytes of memory.
    pub(crate) memory: usize,
    /// Memories.
    pub(crate) memories: usize,
    /// Core instances.
    pub(crate) instances: usize,
}

/// Counts what a store uses: wasmtime's own `StoreLimits` bounds each memory and each table alone.
#[derive(Debug)]
pub(crate) struct Accountant {
    limits: Granted,
    extra: Extra,
    memory: usize,
    elements: usize,
    /// Growths of a memory after its making.
    growths: u32,
    refused: Option<Refused>,
}

/// The limits that an accountant keeps.
#[derive(Debug, Clone, Copy)]
struct Granted {
    memory: usize,
    memories: usize,
    tables: usize,
    elements: usize,
    instances: usize,
}

/// What a guard asked for and did not get. A trap that follows is told as a want of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Memory beyond so many bytes.
    Memory(usize),
    /// Elements of tables beyond so many.
    Elements(usize),
}

impl Accountant {
    /// An accountant who keeps `limits`, with `extra` for the host.
    pub(crate) const fn new(limits: &Limits, extra: Extra) -> Self {
        let limits = Granted {
            memory: limits.memory,
            memories: limits.memories,
            tables: limits.tables,
            elements: limits.elements,
            instances: limits.instances,
        };
        Self { limits, extra, memory: 0, elements: 0, growths: 0, refused: None }
    }

    /// What the guard asked for and did not get.
    pub(crate) const fn refused(&self) -> Option<Refused> {
        self.refused
    }

    /// Bytes of memory that the guard has. Memories never shrink, so this is also the most that it had.
    pub(crate) const fn memory(&self) -> usize {
        self.memory.saturating_sub(self.extra.memory)
    }

    /// How often the guard's memories grew.
    pub(crate) const fn growths(&self) -> u32 {
        self.growths
    }
}

impl ResourceLimiter for Accountant {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let memory = self.memory.saturating_add(desired.saturating_sub(current));
        if memory > self.limits.memory.saturating_add(self.extra.memory) {
            self.refused = Some(Refused::Memory(self.limits.memory));
            return Ok(false);
        }
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.growths += u32::from(current > 0);
        self.memory = memory;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let elements = self.elements.saturating_add(desired.saturating_sub(current));
        if elements > self.limits.elements {
            self.refused = Some(Refused::Elements(self.limits.elements));
            return Ok(false);
        }
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.elements = elements;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.limits.instances + self.extra.instances
    }

    fn tables(&self) -> usize {
        self.limits.tables
    }

    fn memories(&self) -> usize {
        self.limits.memories + self.extra.memories
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn accountant(memory: usize, elements: usize) -> Accountant {
        Accountant::new(&Limits { memory, elements, ..Limits::default() }, Extra::default())
    }

    #[test]
    fn memory_is_counted_over_all_memories() {
        let mut accountant = accountant(100, 0);
        assert!(accountant.memory_growing(0, 60, None).unwrap());
        assert!(accountant.memory_growing(0, 40, None).unwrap());
        assert!(!accountant.memory_growing(40, 41, None).unwrap());
        assert_eq!(accountant.refused(), Some(Refused::Memory(100)));
    }

    #[test]
    fn elements_are_counted_over_all_tables() {
        let mut accountant = accountant(0, 100);
        assert!(accountant.table_growing(0, 60, None).unwrap());
        assert!(accountant.table_growing(0, 40, None).unwrap());
        assert!(!accountant.table_growing(40, 41, None).unwrap());
        assert_eq!(accountant.refused(), Some(Refused::Elements(100)));
    }

    #[test]
    fn a_memory_at_its_own_maximum_does_not_use_up_the_limit() {
        let mut accountant = accountant(100, 0);
        assert!(!accountant.memory_growing(0, 60, Some(50)).unwrap());
        assert_eq!(accountant.refused(), None);
        assert!(accountant.memory_growing(0, 100, None).unwrap());
    }

    #[test]
    fn what_the_host_adds_is_not_held_against_the_guard() {
        let extra = Extra { memory: 50, memories: 1, instances: 1 };
        let mut accountant = Accountant::new(&Limits { memory: 100, ..Limits::default() }, extra);
        assert!(accountant.memory_growing(0, 150, None).unwrap());
        assert_eq!(accountant.memory(), 100);
        assert!(!accountant.memory_growing(150, 151, None).unwrap());
        assert_eq!(accountant.memories(), Limits::MAX_MEMORIES + 1);
        assert_eq!(accountant.instances(), Limits::MAX_INSTANCES + 1);
    }

    #[test]
    fn guest_time_is_at_least_one_tick() {
        assert_eq!(Limits { deadline: Duration::from_nanos(1), ..Limits::default() }.ticks(), 1);
        assert_eq!(Limits::default().ticks(), 20);
    }

    #[test]
    fn a_stack_is_one_of_the_sizes_or_none() {
        assert_eq!(Stack::of_bytes(512 << 10), Some(Stack::DEFAULT));
        assert_eq!(Stack::all().last().map(Stack::bytes), Some(4 << 20));
        assert_eq!(Stack::of_bytes(100 << 10), None);
    }
}

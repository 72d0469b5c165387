//! The engines that all guards share, and their pools of instances.

use std::{
    ops::RangeInclusive,
    sync::{Arc, OnceLock},
};

use thiserror::Error;
use tokio::sync::Semaphore;
use wasmparser::WasmFeatures;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails};

use super::{
    cache::Cache,
    compiled::Codes,
    limits::{Limits, Stack},
    ticker::Ticker,
};

/// Checks that may run at once for each core. More wait in order of arrival: a guard computes, so more of them only share
/// the same cores in slices, and make each other late by the clock, which runs from when a check has its slot. With two,
/// a guard that uses up its default deadline leaves one beside it in time for its wall limit.
const SLOTS_PER_CORE: usize = 2;
/// The fewest slots, and the most: each has address space for a guard at its limits.
const SLOTS: RangeInclusive<usize> = 4..=64;

/// Bytes of a linear memory that stay mapped in a slot between two checks and are cleared by writing instead of by a
/// system call. With `pagemap_scan` only pages that were written are cleared. `runtime.md` measured: with 64 KiB or
/// more a fresh instance costs 10 µs, on demand 20.
const KEEP_RESIDENT: usize = 1 << 20;
/// The same where the kernel cannot tell which pages were written, so that all of it is cleared every time.
const KEEP_RESIDENT_BLIND: usize = 64 << 10;

/// Bytes of stack for host functions that a guard calls, behind the guard's own: what wasmtime leaves them by default.
const HOST_STACK: usize = 1536 << 10;

/// How instances get their memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// From a pool of address space reserved at the start, written pages found by the kernel (Linux 6.7 or later).
    PooledScanned,
    /// From the pool, without the kernel's help.
    Pooled,
    /// Mapped for each check: slower; where the pool's address space is refused.
    OnDemand,
}

/// The wasmtime engines that all guards share, with their pools and their ticker. Cheap to clone; one per process is
/// enough.
#[derive(Debug, Clone)]
pub struct Runtime {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// One for each size of stack, made when a guard with that size is stationed.
    engines: [OnceLock<(Engine, Allocation)>; Stack::SIZES],
    ticker: Ticker,
    slots: Semaphore,
    share: usize,
    codes: Codes,
    cache: Option<Cache>,
}

/// The sandbox could not be set up on this machine.
#[derive(Debug, Error)]
#[error("expected to set up the sandbox, found that {what}: {source}")]
pub struct RuntimeError {
    what: &'static str,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Runtime {
    /// Sets up the sandbox: by a pool where the machine grants its address space, on demand where not.
    ///
    /// # Errors
    /// When wasmtime refuses the machine, or no thread can be had for the ticker.
    pub fn new() -> Result<Self, RuntimeError> {
        Self::with(None)
    }

    /// The same, with a cache for what stationing guards comes to.
    ///
    /// # Errors
    /// As [`Runtime::new`].
    pub fn cached(cache: Cache) -> Result<Self, RuntimeError> {
        Self::with(Some(cache))
    }

    fn with(cache: Option<Cache>) -> Result<Self, RuntimeError> {
        let ticker = Ticker::start().map_err(|source| RuntimeError {
            what: "no thread can be started for the ticker",
            source: source.into(),
        })?;
        let inner = Inner {
            engines: std::array::from_fn(|_| OnceLock::new()),
            ticker,
            slots: Semaphore::new(slots()),
            share: slots() / 2,
            codes: Codes::default(),
            cache,
        };
        let runtime = Self { inner: Arc::new(inner) };
        runtime.engine(Stack::DEFAULT)?;
        Ok(runtime)
    }

    /// How instances get their memory here.
    #[must_use]
    pub fn allocation(&self) -> Allocation {
        // INVARIANT: the default's engine was made in `new`.
        self.engines(Stack::DEFAULT).get().map_or(Allocation::OnDemand, |(_, allocation)| *allocation)
    }

    /// The wasmtime engine for guards with this stack.
    ///
    /// # Errors
    /// When wasmtime refuses the machine.
    pub(crate) fn engine(&self, stack: Stack) -> Result<&Engine, RuntimeError> {
        let place = self.engines(stack);
        if place.get().is_none() && place.set(make(stack)?).is_ok() {
            // Another thread may have been first; then its engine is the one, and ours was never used.
            place.get().iter().for_each(|(engine, _)| self.inner.ticker.tick(engine));
        }
        // INVARIANT: set just now, if not before.
        let lost = || RuntimeError { what: "an engine was not kept", source: "a defect of the sandbox".into() };
        place.get().map(|(engine, _)| engine).ok_or_else(lost)
    }

    /// The slots. Limits are armed only after one was had.
    pub(crate) fn slots(&self) -> &Semaphore {
        &self.inner.slots
    }

    /// The slots that one guard may hold at once: half of them, so that no guard, however slow it is, keeps the others
    /// waiting for long.
    pub(crate) fn share(&self) -> usize {
        self.inner.share
    }

    /// The code of the guards that are stationed now.
    pub(super) fn codes(&self) -> &Codes {
        &self.inner.codes
    }

    /// What stationing came to before, where there is a cache.
    pub(super) fn cache(&self) -> Option<&Cache> {
        self.inner.cache.as_ref()
    }

    fn engines(&self, stack: Stack) -> &OnceLock<(Engine, Allocation)> {
        // INVARIANT: an index is below the number of sizes.
        #[expect(clippy::indexing_slicing, reason = "see above")]
        &self.inner.engines[stack.index()]
    }
}

/// Checks that may run at once.
fn slots() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores * SLOTS_PER_CORE).clamp(*SLOTS.start(), *SLOTS.end())
}

fn make(stack: Stack) -> Result<(Engine, Allocation), RuntimeError> {
    let scanned = PoolingAllocationConfig::is_pagemap_scan_available();
    let allocation = if scanned { Allocation::PooledScanned } else { Allocation::Pooled };
    match Engine::new(&config(allocation, stack)) {
        Ok(engine) => Ok((engine, allocation)),
        Err(error) => {
            tracing::warn!(%error, "no pool of instances on this machine: instances are made on demand, more slowly");
            let engine = Engine::new(&config(Allocation::OnDemand, stack))
                .map_err(|source| RuntimeError { what: "wasmtime does not start", source: source.into() })?;
            Ok((engine, Allocation::OnDemand))
        }
    }
}

/// The one configuration of wasmtime.
fn config(allocation: Allocation, stack: Stack) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .epoch_interruption(true)
        .max_wasm_stack(stack.bytes())
        // The guest's stack and room for the host functions that it calls.
        .async_stack_size(stack.bytes() + HOST_STACK)
        // Nothing that a guard needs: each is attack surface.
        .wasm_features(WasmFeatures::GC | WasmFeatures::FUNCTION_REFERENCES, false)
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .native_unwind_info(false)
        .wasm_backtrace_max_frames(None)
        // Else the environment decides.
        .wasm_backtrace_details(WasmBacktraceDetails::Disable);
    match allocation {
        Allocation::OnDemand => config.allocation_strategy(InstanceAllocationStrategy::OnDemand),
        Allocation::PooledScanned => config.allocation_strategy(pool(Enabled::Yes, KEEP_RESIDENT)),
        Allocation::Pooled => config.allocation_strategy(pool(Enabled::No, KEEP_RESIDENT_BLIND)),
    };
    config
}

/// A pool in which every slot can hold a guard at its limits, so that one guard's appetite never empties the pool for
/// another.
fn pool(scan: Enabled, resident: usize) -> InstanceAllocationStrategy {
    // One instance and one memory more than a guard may have: its image, and what the host reads that into.
    let instances = small(Limits::MAX_INSTANCES + 1);
    let memories = small(Limits::MAX_MEMORIES + 1);
    let tables = small(Limits::MAX_TABLES);
    let slots = small(slots());
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        .total_core_instances(slots * instances)
        .total_memories(slots * memories)
        .total_tables(slots * tables)
        .total_stacks(slots)
        .max_core_instances_per_component(instances)
        .max_memories_per_component(memories)
        .max_memories_per_module(memories)
        .max_tables_per_component(tables)
        .max_tables_per_module(tables)
        .max_memory_size(Limits::MAX_MEMORY)
        .table_elements(Limits::MAX_ELEMENTS)
        .linear_memory_keep_resident(resident)
        .table_keep_resident(resident)
        .pagemap_scan(scan);
    InstanceAllocationStrategy::Pooling(pool)
}

/// The constants above as the pool wants them.
const fn small(count: usize) -> u32 {
    assert!(count < u32::MAX as usize, "a count of the pool's configuration fits 32 bits");
    #[expect(clippy::cast_possible_truncation, reason = "just checked")]
    let small = count as u32;
    small
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_machine_without_address_space_still_gets_a_sandbox() {
        assert!(Engine::new(&config(Allocation::OnDemand, Stack::DEFAULT)).is_ok());
    }

    #[test]
    fn there_is_one_engine_for_each_size_of_stack() {
        let runtime = Runtime::new().unwrap();
        let small = Stack::of_bytes(64 << 10).unwrap();
        let engine = |stack| runtime.engine(stack).unwrap();
        assert!(Engine::same(engine(small), engine(small)));
        assert!(!Engine::same(engine(small), engine(Stack::DEFAULT)));
    }

    #[test]
    fn the_ticker_does_not_keep_an_engine_alive() {
        let runtime = Runtime::new().unwrap();
        let weak = runtime.engine(Stack::DEFAULT).unwrap().weak();
        drop(runtime);
        // The ticker holds the engine for an instant in each tick.
        let gone = (0..1_000).any(|_| {
            std::thread::sleep(super::super::ticker::TICK);
            weak.upgrade().is_none()
        });
        assert!(gone, "the engine outlived its runtime");
    }
}

//! The engine that all guards share, and its pool of instances.

use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::{limits::Limits, ticker};

/// Checks that may run at once in one [`Runtime`]. More wait in order of arrival: a guard computes, so more than a few
/// per core only makes all of them late.
const SLOTS: u32 = 64;

/// Bytes of a linear memory that stay mapped in a slot between two checks and are cleared by writing instead of by a
/// system call. With `pagemap_scan` only pages that were written are cleared. `runtime.md` measured: with 64 KiB or
/// more a fresh instance costs 10 µs, on demand 20.
const KEEP_RESIDENT: usize = 1 << 20;
/// The same where the kernel cannot tell which pages were written, so that all of it is cleared every time.
const KEEP_RESIDENT_BLIND: usize = 64 << 10;

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

/// The shared wasmtime engine, its pool and its ticker. Cheap to clone; one per process is enough.
#[derive(Debug, Clone)]
pub struct Runtime {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    engine: wasmtime::Engine,
    slots: Semaphore,
    allocation: Allocation,
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
        let (engine, allocation) = Self::engine()?;
        ticker::start(&engine).map_err(|source| RuntimeError {
            what: "no thread can be started for the ticker",
            source: source.into(),
        })?;
        Ok(Self { inner: Arc::new(Inner { engine, slots: Semaphore::new(SLOTS as usize), allocation }) })
    }

    /// How instances get their memory here.
    #[must_use]
    pub fn allocation(&self) -> Allocation {
        self.inner.allocation
    }

    /// The wasmtime engine.
    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner.engine
    }

    /// Waits for one of the slots. Limits are armed only after this.
    pub(crate) async fn slot(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.inner.slots.acquire().await
    }

    fn engine() -> Result<(wasmtime::Engine, Allocation), RuntimeError> {
        let scanned = PoolingAllocationConfig::is_pagemap_scan_available();
        let allocation = if scanned { Allocation::PooledScanned } else { Allocation::Pooled };
        match wasmtime::Engine::new(&config(allocation)) {
            Ok(engine) => Ok((engine, allocation)),
            Err(error) => {
                tracing::warn!(%error, "no pool of instances on this machine: instances are made on demand, more slowly");
                let engine = wasmtime::Engine::new(&config(Allocation::OnDemand))
                    .map_err(|source| RuntimeError { what: "wasmtime does not start", source: source.into() })?;
                Ok((engine, Allocation::OnDemand))
            }
        }
    }
}

/// The one configuration of wasmtime.
fn config(allocation: Allocation) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .epoch_interruption(true)
        .max_wasm_stack(Limits::STACK)
        // The guest's stack and as much again for host functions that it calls.
        .async_stack_size(Limits::STACK * 2)
        // Nothing that a guard needs: each is attack surface.
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .wasm_backtrace_max_frames(None);
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
    let (instances, memories, tables) = (small(Limits::INSTANCES), small(Limits::MEMORIES), small(Limits::TABLES));
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(SLOTS)
        .total_core_instances(SLOTS * instances)
        .total_memories(SLOTS * memories)
        .total_tables(SLOTS * tables)
        .total_stacks(SLOTS)
        .max_core_instances_per_component(instances)
        .max_memories_per_component(memories)
        .max_memories_per_module(memories)
        .max_tables_per_component(tables)
        .max_tables_per_module(tables)
        .max_memory_size(Limits::MAX_MEMORY)
        .table_elements(Limits::TABLE_ELEMENTS)
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
        assert!(wasmtime::Engine::new(&config(Allocation::OnDemand)).is_ok());
    }

    #[test]
    fn the_ticker_does_not_keep_the_engine_alive() {
        let runtime = Runtime::new().unwrap();
        let weak = runtime.wasmtime().weak();
        drop(runtime);
        // The ticker holds the engine for an instant in each tick.
        let gone = (0..1_000).any(|_| {
            std::thread::sleep(ticker::TICK);
            weak.upgrade().is_none()
        });
        assert!(gone, "the engine outlived its runtime");
    }
}

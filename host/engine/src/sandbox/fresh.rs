//! One instance, alive for one check.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::{
    Store,
    component::{ComponentExportIndex, ComponentNamedList, Instance, Lift, Lower, WasmList},
};

use super::{
    compiled::Guest,
    contract::{Description, Reach, Report},
    failure::{Failure, FailureCause, StationError},
    limits::Limits,
    metrics::Counters,
    runtime::Runtime,
    snapshot::{Capture, CaptureError, Parted, Question},
    store::{self, State},
};

/// Fuel for what the host reads from an instance at once: a page of memory with room to spare.
const READ_FUEL: usize = 4 << 20;

/// A fresh instance in a store of its own. Its methods take it by value: nothing is ever called in a store after its
/// check, and dropping it, for instance with a cancelled future, frees all it had.
pub(super) struct Fresh<'a> {
    instance: Instance,
    store: Store<State>,
    guest: &'a Guest,
    /// Held as long as the store lives: fields are dropped in their order.
    _slot: Slot<'a>,
}

/// A slot of the sandbox, and the guard's own leave to hold one.
pub(super) struct Slot<'a> {
    _slot: SemaphorePermit<'a>,
    _leave: Option<SemaphorePermit<'a>>,
}

impl<'a> Slot<'a> {
    /// Waits for the guard's own leave first, so that whoever has none stands in nobody else's way.
    pub(super) async fn wait(runtime: &'a Runtime, share: Option<&'a Semaphore>) -> Result<Self, Failure> {
        let leave = match share {
            Some(share) => Some(acquire(share).await?),
            None => None,
        };
        Ok(Self { _slot: acquire(runtime.slots()).await?, _leave: leave })
    }
}

/// Takes a permit, in order of arrival where there is none: what is given back goes to whoever waits first.
async fn acquire(semaphore: &Semaphore) -> Result<SemaphorePermit<'_>, Failure> {
    // Most checks find one free, and need no place in a queue.
    if let Ok(permit) = semaphore.try_acquire() {
        return Ok(permit);
    }
    semaphore.acquire().await.map_err(|_closed| {
        Failure::new(FailureCause::Unavailable, "expected a free slot in the sandbox, found that it was shut down")
    })
}

impl<'a> Fresh<'a> {
    /// Arms every limit, then instantiates: start functions run here.
    pub(super) async fn new(
        slot: Slot<'a>,
        name: &Arc<str>,
        guest: &'a Guest,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        let mut store = store::open(&guest.engine, name, limits, guest.extra);
        match guest.component.instantiate_async(&mut store).await {
            Ok(instance) => Ok(Self { instance, store, guest, _slot: slot }),
            Err(error) => Err(store.data().failure(&error, FailureCause::Unavailable)),
        }
    }

    /// Holds what the instance exports against the contract.
    pub(super) fn conforms(mut self) -> Result<(), StationError> {
        self.guest.exports.conform(&mut self.store, self.instance)
    }

    /// Does that before any of it is called, and asks the instance, unconfigured, to describe itself.
    pub(super) async fn describe(mut self) -> Result<Description, StationError> {
        self.guest.exports.conform(&mut self.store, self.instance)?;
        let described = self.call(&self.guest.exports.describe, ()).await;
        let (description,) = described.map_err(|failure| StationError::Failed { function: "describe", failure })?;
        Ok(description)
    }

    /// Configures the instance.
    pub(super) async fn configured(mut self, configuration: &str) -> Result<(Self, Reach), Failure> {
        let (answer,): (Result<Reach, String>,) = self.call(&self.guest.exports.configure, (configuration,)).await?;
        match answer {
            Ok(reach) => Ok((self, reach)),
            Err(words) => Err(Failure::new(
                FailureCause::Configuration,
                "expected a configuration that the guard accepts, found one that it refuses",
            )
            .said(&words)),
        }
    }

    /// Reads what the configured instance has in its memories and globals: the image that checks begin with, and its
    /// bytes. The time for it is armed anew and is the host's: `configure` may have left none of its own.
    pub(super) async fn captured(mut self, parted: &Parted, limits: &Limits) -> Result<(Vec<u8>, usize), Failure> {
        self.store.data_mut().rearm(limits);
        self.store.set_hostcall_fuel(READ_FUEL);
        let mut capture = parted.capture(limits.snapshot);
        let told = |error| match error {
            CaptureError::TooLarge => Failure::new(
                FailureCause::Snapshot,
                format!("expected `configure` to leave at most {} bytes in memory, found more", limits.snapshot),
            ),
            CaptureError::Answer => {
                Failure::new(FailureCause::Unavailable, "expected to read the configured guard's memory, found no way")
            }
        };
        let pages = self.read(Capture::SIZES, |answer| capture.sizes(answer)).await?.map_err(told)?;
        self.read(Capture::GLOBALS, |answer| capture.globals(answer)).await?.map_err(told)?;
        for page in pages {
            self.read(page, |answer| capture.page(page, answer)).await?.map_err(told)?;
        }
        Ok(capture.image())
    }

    async fn read<T>(&mut self, question: Question, take: impl FnOnce(&[u8]) -> T) -> Result<T, Failure> {
        let Some(read) = &self.guest.exports.read else {
            return Err(Failure::new(
                FailureCause::Unavailable,
                "expected a guard whose memory can be read, found none",
            ));
        };
        let (answer,): (WasmList<u8>,) = self.call(read, question).await?;
        Ok(take(answer.as_le_slice(&self.store)))
    }

    /// Calls the function at `export`, one of the contract's `inspect`s, counts the call, and says how long it took. The store is gone when the
    /// slot is given back: whoever takes that next finds room in the pool.
    pub(super) async fn inspect<P>(
        mut self,
        export: &ComponentExportIndex,
        params: P,
        counters: &Counters,
    ) -> Result<(Report, Duration), Failure>
    where
        P: ComponentNamedList + Lower + Send + Sync,
    {
        let answer: Result<(Result<Report, String>,), Failure> = self.call(export, params).await;
        let report = answer.and_then(|(answer,)| {
            answer.map_err(|words| {
                Failure::new(FailureCause::Error, "expected a report, found the guard's own error").said(&words)
            })
        });
        let state = self.store.data();
        let time = state.elapsed();
        counters.called(time, report.is_ok() && time > state.wall(), state.accountant());
        state.tell(report.as_ref().err().map(Failure::cause));
        report.map(|report| (report, time))
    }

    /// Calls an export, and says what its failure means.
    async fn call<P, R>(&mut self, export: &ComponentExportIndex, params: P) -> Result<R, Failure>
    where
        P: ComponentNamedList + Lower + Send + Sync,
        R: ComponentNamedList + Lift + Send + Sync + 'static,
    {
        let answer = match self.instance.get_typed_func::<P, R>(&mut self.store, export) {
            Ok(function) => function.call_async(&mut self.store, params).await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| self.store.data().failure(&error, FailureCause::Returned))
    }
}

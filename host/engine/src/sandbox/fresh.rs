//! One instance, alive for one check.

use tokio::sync::SemaphorePermit;
use wasmtime::{
    Store,
    component::{ComponentExportIndex, ComponentNamedList, Instance, Lift, Lower},
};

use super::{
    contract::{Description, Reach, Report},
    failure::{Failure, FailureCause, StationError},
    limits::Limits,
    station::Code,
    store::{self, State},
};

/// A fresh instance in a store of its own. Its methods take it by value: nothing is ever called in a store after its
/// check, and dropping it, for instance with a cancelled future, frees all it had.
pub(super) struct Fresh<'a> {
    instance: Instance,
    store: Store<State>,
    /// Held as long as the instance lives.
    _slot: SemaphorePermit<'a>,
}

impl<'a> Fresh<'a> {
    /// Holds what a new, unconfigured instance exports against the contract, before any of it is called.
    pub(super) async fn conforms(code: &Code) -> Result<(), StationError> {
        let made = instance(code, &code.limits.at_station()).await;
        let (mut store, instance, _slot) =
            made.map_err(|failure| StationError::Failed { function: "describe", failure })?;
        code.exports.conform(&mut store, instance)
    }

    /// Asks a new, unconfigured instance to describe itself.
    pub(super) async fn describe(code: &Code) -> Result<Description, Failure> {
        let (mut store, instance, _slot) = instance(code, &code.limits.at_station()).await?;
        let (description,) = call(&mut store, instance, &code.exports.describe, ()).await?;
        Ok(description)
    }

    /// Makes a new instance and configures it, both within `limits`.
    pub(super) async fn configured(code: &'a Code, limits: &Limits) -> Result<Self, Failure> {
        let (mut store, instance, slot) = instance(code, limits).await?;
        let configuration = (code.configuration.as_str(),);
        let (answer,): (Result<Reach, String>,) =
            call(&mut store, instance, &code.exports.configure, configuration).await?;
        match answer {
            // The reach matters to streams, which this version does not cut.
            Ok(_reach) => Ok(Self { instance, store, _slot: slot }),
            Err(words) => Err(Failure::new(
                FailureCause::Configuration,
                "expected a configuration that the guard accepts, found one that it refuses",
            )
            .said(&words)),
        }
    }

    /// Calls the function at `export`, one of the contract's `inspect`s.
    pub(super) async fn inspect<P>(mut self, export: &ComponentExportIndex, params: P) -> Result<Report, Failure>
    where
        P: ComponentNamedList + Lower + Send + Sync,
    {
        let (answer,): (Result<Report, String>,) = call(&mut self.store, self.instance, export, params).await?;
        answer.map_err(|words| {
            Failure::new(FailureCause::Error, "expected a report, found the guard's own error").said(&words)
        })
    }
}

/// Calls an export, and says what its failure means.
async fn call<P, R>(
    store: &mut Store<State>,
    instance: Instance,
    export: &ComponentExportIndex,
    params: P,
) -> Result<R, Failure>
where
    P: ComponentNamedList + Lower + Send + Sync,
    R: ComponentNamedList + Lift + Send + Sync + 'static,
{
    let answer = match instance.get_typed_func::<P, R>(&mut *store, export) {
        Ok(function) => function.call_async(&mut *store, params).await,
        Err(error) => Err(error),
    };
    answer.map_err(|error| store.data().failure(&error, FailureCause::Returned))
}

/// Waits for a slot, then arms every limit, then instantiates: start functions run here.
async fn instance<'a>(
    code: &'a Code,
    limits: &Limits,
) -> Result<(Store<State>, Instance, SemaphorePermit<'a>), Failure> {
    let slot = code.runtime.slot().await.map_err(|_closed| {
        Failure::new(FailureCause::Unavailable, "expected a free slot in the sandbox, found that it was shut down")
    })?;
    let mut store = store::open(&code.runtime, &code.name, limits);
    match code.component.instantiate_async(&mut store).await {
        Ok(instance) => Ok((store, instance, slot)),
        Err(error) => Err(store.data().failure(&error, FailureCause::Unavailable)),
    }
}

//! The only room that knows wasmtime: one fresh, limited instance per check, thrown away afterwards.
//!
//! A guard is hostile until shown otherwise. It is compiled once ([`Station`]), and every check makes a new store, arms
//! every limit *before* instantiation (start functions run there), calls `configure` and `inspect`, and drops the
//! store, whatever happened: a store is never used again, neither after its call nor after a dropped future.
//!
//! * [`Runtime`]: the shared wasmtime engine, its pool of instances and the ticker that makes deadlines fire.
//! * [`Limits`]: what one check of one guard may use at most.
//! * [`Station`]: a compiled guard, ready to be asked.
//! * [`Failure`]: why a guard gave no report; never an allow.

#[expect(
    unreachable_pub,
    reason = "written by wasmtime's macro, whose derived conversions are unsafe inside; documented in wit/guard.wit"
)]
mod contract;
mod failure;
mod fresh;
mod limits;
mod runtime;
mod station;
mod store;
mod ticker;

pub use failure::{Failure, FailureCause, StationError};
pub use limits::Limits;
pub use runtime::{Allocation, Runtime, RuntimeError};
pub use station::Station;

pub(crate) use contract::{
    Call, Definition, Item, Report,
    guardhouse::guard::types::{AttributeResult, Finding, Part, Repair, Span},
};
pub(crate) use failure::MESSAGE;

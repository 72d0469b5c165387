//! The only room that knows wasmtime: one fresh, limited instance per check, thrown away afterwards.
//!
//! A guard is hostile until shown otherwise. It is compiled once and configured once ([`Station`]), and every check makes
//! a new store, arms every limit *before* instantiation (start functions run there), forks the configured guard into
//! it, calls `inspect`, and drops the store, whatever happened: a store is never used again, neither after its call nor
//! after a dropped future. Only a check whose report is remembered from the very same item makes none.
//!
//! * [`Runtime`]: the shared wasmtime engines, their pools of instances and the ticker that makes deadlines fire.
//! * [`Cache`]: what stationing came to before, on disk.
//! * [`Limits`]: what one guard may use at most, at its station and in each check.
//! * [`Station`]: a compiled and configured guard, ready to be asked; [`Configured`] says in which of two ways.
//! * [`Failure`]: why a guard gave no report; never an allow.
//! * [`GuardMetrics`]: what a guard's checks have come to.
//! * [`MemoMetrics`]: reports that are remembered, so that the same item is not inspected twice.

mod cache;
mod compiled;
#[expect(
    unreachable_pub,
    reason = "written by wasmtime's macro, whose derived conversions are unsafe inside; documented in wit/guard.wit"
)]
mod contract;
mod failure;
mod fresh;
mod kept;
mod limits;
mod memo;
mod metrics;
mod preflight;
mod runtime;
mod snapshot;
mod station;
mod store;
mod ticker;

pub use cache::{Cache, CacheError};
pub use failure::{Failure, FailureCause, StationError};
pub use limits::{Limits, Stack};
pub use memo::MemoMetrics;
pub use metrics::GuardMetrics;
pub use runtime::{Allocation, Runtime, RuntimeError};
pub use station::{Configured, Station};

pub(crate) use contract::{
    Call, Definition, Description, Item, Report,
    guardhouse::guard::types::{AttributeParam, AttributeResult, Finding, Part, Repair, Span},
};
pub(crate) use failure::MESSAGE;
pub(crate) use memo::Memo;

//! What the tests of the whole share: bundles on disk, guards as they were built, events as JSON.
//!
//! A test writes a bundle as an operator would ([`TestBundle`]), loads an engine from it and puts events through that
//! ([`event()`]). Guards come from where `cargo xtask` built them ([`built`]), or are put together by hand where a test
//! needs one that no compiler would make ([`Handmade`]).

#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a kit for tests with it"
)]

mod bundle;
mod event;
mod handmade;
mod whole;

pub use bundle::{GENEROUS, TestBundle, built, shown, station};
pub use event::{call, codes, definition, event, input, output, result};
pub use handmade::{BlockType, Handmade, Instruction, MemArg, with_import};
pub use whole::configured_per_check;

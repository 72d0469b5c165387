//! Write a Guardhouse guard in Rust.
//!
//! A guard looks at what an AI agent is about to take in or send out and reports findings; policies decide what follows
//! from them. It is compiled to a WebAssembly component and runs in a sandbox in which, unless a bundle grants it more,
//! it can do nothing but write to the log. The contract between guard and host is `wit/guard.wit`.
//!
//! # A complete guard
//!
#![doc = concat!("```\n", include_str!("../../../tests/guests/words/src/lib.rs"), "```")]
//!
//! The crate is a `cdylib` (and an `rlib` for its tests), depends on this crate, `serde` and `schemars`, and is built by
//! `cargo xtask guards`.
//!
//! # How the parts fit
//!
//! * [`Guard`] is what every guard is: its description, its configuration, its reach.
//! * [`TextGuard`], [`CallGuard`] and [`DefinitionGuard`] are what it may inspect: one of them, or several.
//! * [`export!`] turns the type into the component's exports. It does nothing on other targets than wasm, so that a guard
//!   is also an ordinary library which `cargo test` tests natively, with the helpers of [`testing`].
//! * [`log`] writes to the host's log. A panic is written there before it becomes a trap.
//!
//! # Costs
//!
//! [`Guard::configure`] runs once, when the guard is stationed, and every check begins with a copy of the memory that it
//! left behind: compile rules and build tables there, and try them on a few samples, so that what is built lazily is built.
//! What a check writes to is copied for it, so allocate little in one: see [`Guard::reach`] for what a guard that states
//! its reach gains.

pub mod log;
pub mod testing;
pub mod view;

mod about;
#[doc(hidden)]
pub mod bindings;
#[doc(hidden)]
pub mod export;
mod finding;
mod guard;
#[cfg(target_family = "wasm")]
mod heap;
mod reach;

pub use about::{About, checkpoint};
pub use bindings::about::exports::guardhouse::guard::about::Reach;
pub use bindings::call::exports::guardhouse::guard::call_guard::Call;
pub use bindings::definition::exports::guardhouse::guard::definition_guard::Definition;
pub use bindings::text::exports::guardhouse::guard::text_guard::Item;
pub use bindings::text::guardhouse::guard::types::{Attribute, Finding, Part, Repair, Span};
pub use finding::Severity;
pub use guard::{CallGuard, DefinitionGuard, Guard, NoConfig, TextGuard};

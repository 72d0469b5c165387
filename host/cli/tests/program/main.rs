//! The program as its users meet it: real processes, real guards, real files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod audit;
mod bundle;
mod cache;
mod check;
mod content;
mod cookbook;
mod explain;
mod export;
mod memory;
mod policy;
mod rehearsal;
mod replay;
mod sessions;
mod setup;
#[cfg(unix)]
mod ship;
#[cfg(unix)]
mod sink;
mod tools;

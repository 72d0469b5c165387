//! The whole: bundles on disk, guards as they were built, the engine.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod cache;
mod calls;
mod concurrency;
mod content;
mod contract;
mod evil;
mod facts;
mod journal;
mod laws;
mod leaks;
mod limits;
mod memo;
mod misbehaving;
mod provenance;
mod rehearsal;
mod repair;
mod replay;
mod settings;
mod snapshots;
mod stationing;
mod streams;
mod tools;
mod verdicts;

/// Every checkpoint at which a guard can stand.
const EVERYWHERE: &str = r#""input", "tool-definition", "tool-call", "tool-result", "output""#;

/// Permits everything.
const PERMIT: &str = "@id(\"all\") @why(\"a test\") permit (principal, action, resource);\n";

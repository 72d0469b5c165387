//! Guardhouse: a policy engine for AI agents. This crate is what an agent platform embeds: no network, no program.
//!
//! Guards, WebAssembly components in any language, *observe*; Cedar policies *decide*; the engine *enforces* and
//! *records*. An agent's loop puts each thing that the agent is about to take in or send out through
//! [`Engine::check`](engine::Engine::check) and does only what the [`Decision`](decision::Decision) allows:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use guardhouse::{decision::Verdict, engine::Engine, event::Event};
//!
//! let engine = Engine::load("target/bundles/demo").await?;
//! let event = Event::from_json(
//!     br#"{"agent":"assistant","session":"s1","checkpoint":"input","source":"user","text":"What did I spend in March?"}"#,
//! )?;
//! match engine.check(&event).await.verdict {
//!     Verdict::Allow | Verdict::Warn => { /* the agent may read it */ }
//!     Verdict::Modify => { /* the agent may read what the decision carries in its place */ }
//!     Verdict::Escalate => { /* a person has to look first */ }
//!     Verdict::Deny => { /* the reasons say why not */ }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The path, and the rooms in its order:
//!
//! * [`event`]: what comes in, read strictly ([`json`]) and taken apart for guards ([`text`]);
//! * [`guard`]: a stationed guard; [`sandbox`], the only room that knows wasmtime, runs it, one fresh instance a check;
//! * [`judge`]: the only room that knows Cedar; facts and findings in, one of five verdicts out;
//! * [`tools`]: what is known about the tools that it is about; `session`: what is known of its session; `store`: where that
//!   is kept beside the journal;
//! * [`engine`]: the path itself; [`generation`]: everything that judges, made from a [`bundle`], immutable;
//! * [`rehearsal`]: a bundle's own tests, run on that path;
//! * [`decision`]: what comes out; [`journal`]: its record, written before the caller gets it; [`replay`]: what another bundle
//!   would have made of it.
//!
//! Whatever fails on the path denies, with the reason. Nothing on it allows by default.

pub mod bundle;
pub mod decision;
pub mod engine;
pub mod event;
pub mod generation;
pub mod guard;
pub mod journal;
pub mod json;
pub mod judge;
mod lines;
mod nearest;
pub mod rehearsal;
pub mod replay;
pub mod sandbox;
mod session;
mod store;
pub mod text;
pub mod tools;
pub mod vocabulary;

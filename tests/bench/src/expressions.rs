//! What a snapshot is worth: a guard that compiles fifty regular expressions in `configure`, against one that does next to
//! nothing. Configured in every check it would need tens of milliseconds (`runtime.md`).

use std::path::Path;

use anyhow::{Context as _, Result};
use guardhouse::engine::Engine;

use crate::{
    guard::{bench_bundle, check_by, event, finish},
    harness::{Comparison, Measured},
};

/// The tail of a manifest.
const EXPRESSIONS: &str = include_str!("rules.toml");

/// Compares a check of the one with a check of the other, on the same text.
pub(crate) fn compare(guards: &Path) -> Result<Measured> {
    let many = bench_bundle(guards, "guest-expressions", EXPRESSIONS)?;
    let trivial = bench_bundle(guards, "guest-small", "")?;
    let (many, trivial) = (finish(Engine::load(many.path()))?, finish(Engine::load(trivial.path()))?);
    let (many, trivial) = (many.generation().guards().first(), trivial.generation().guards().first());
    let (many, trivial) = (many.context("a guard")?, trivial.context("a guard")?);
    let event = event()?;
    let comparison = Comparison { name: "50 regular expressions / a trivial guard", bar: Some(3.0) };
    Ok(comparison.run(|| check_by(trivial, &event), || check_by(many, &event)))
}

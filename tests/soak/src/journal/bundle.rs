//! The bundle of the journal's soaks: one cheap guard, policies by which every verdict comes up.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use guardhouse::{
    bundle::Bundle,
    engine::Engine,
    sandbox::{Cache, Runtime},
};

/// A busy machine must not make the guard late.
const MANIFEST: &str = r#"bundle = "soak"
api = 1

[limits]
deadline = "10s"
wall = "60s"

[[guards]]
name = "small"
file = "small.wasm"
at = ["output"]
"#;

const POLICIES: &str = r#"
@id("all") @why("soak") permit (principal, action, resource);

@id("two") @message("never")
forbid (principal, action in Guardhouse::Action::"call_tool", resource == Guardhouse::Tool::"s/two");

@id("again") @message("too often in a row")
forbid (principal, action in Guardhouse::Action::"call_tool", resource) when { context.core.session.repeats > 2 };

@id("three") @verdict("escalate") @message("after some calls, a person looks")
forbid (principal, action in Guardhouse::Action::"call_tool", resource == Guardhouse::Tool::"s/three")
when { context.core.session.calls > 20 };

@id("many") @verdict("warn") @message("many calls")
forbid (principal, action in Guardhouse::Action::"call_tool", resource) when { context.core.session.calls > 10 };

@id("changed") @message("another definition")
forbid (principal, action == Guardhouse::Action::"define_tool", resource == Guardhouse::Tool::"s/three")
when { resource.changed };

@id("pattern") @verdict("modify") @redact("pattern") @message("a pattern is cut out")
forbid (principal, action == Guardhouse::Action::"send_output", resource)
when { context.core.findings.pattern.count > 0 };
"#;

/// Writes the bundle into a directory that is there, with room for what its guard is compiled to.
pub(super) fn write(guards: &Path, bundle: &Path) -> Result<()> {
    let artifact = guards.join("guest-small.wasm");
    fs::copy(&artifact, bundle.join("small.wasm")).with_context(|| format!("`{}` is not built", artifact.display()))?;
    fs::write(bundle.join("guardhouse.toml"), MANIFEST)?;
    fs::write(bundle.join("soak.cedar"), POLICIES)?;
    Bundle::lock(bundle)?;
    Ok(())
}

/// Loads it, compiled once for all processes.
pub(super) fn load(bundle: &Path) -> Result<Engine> {
    let runtime = Runtime::cached(Cache::open(bundle.with_extension("cache"))?)?;
    let executor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(executor.block_on(Engine::load_in(&runtime, bundle))?)
}

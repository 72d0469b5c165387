//! `guardhouse bundle check`: what is in a bundle, or what is wrong with it.

use std::io::Write as _;

use guardhouse::{
    bundle::Bundle,
    event::Checkpoint,
    generation::Generation,
    guard::Guard,
    json::{Object, Value},
    sandbox::{Allocation, Configured},
};
use miette::{IntoDiagnostic as _, Report};

use crate::{Status, arguments, executor::executor, sandbox};

/// Loads a bundle as the engine would, and says what is in it.
pub(crate) fn check(arguments: &arguments::BundleCheck, cache: &arguments::Cache) -> miette::Result<Status> {
    let bundle = Bundle::read(&arguments.bundle)?;
    let sandbox = sandbox::runtime(cache)?;
    let executor = executor()?;
    let generation = executor.block_on(Generation::new(&sandbox, bundle))?;
    let mut out = anstream::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", as_json(&generation)).into_diagnostic()?;
    } else {
        writeln!(out, "bundle     {}", generation.name()).into_diagnostic()?;
        writeln!(out, "generation {}", generation.digest()).into_diagnostic()?;
        writeln!(out, "policies   {}", generation.policy_count()).into_diagnostic()?;
        for guard in generation.guards() {
            let (name, version, summary) = guard.about();
            let at = guard.at().iter().map(|checkpoint| checkpoint.as_str()).collect::<Vec<_>>().join(", ");
            writeln!(out, "guard      {} ({name} {version}) at {at}: {summary}", guard.name()).into_diagnostic()?;
            match guard.configured_how() {
                Configured::Once { snapshot } => {
                    writeln!(out, "           configured once: {snapshot} bytes of memory")
                }
                Configured::PerCheck { because, .. } => {
                    writeln!(out, "           configured in every check, which is slower: it has {because}")
                }
            }
            .into_diagnostic()?;
        }
        let how = match sandbox.allocation() {
            Allocation::PooledScanned => "pooled, written pages found by the kernel",
            Allocation::Pooled => "pooled; slower than with a kernel that has PAGEMAP_SCAN (Linux 6.7)",
            Allocation::OnDemand => "on demand; slower than pooled, for which the address space was refused",
        };
        writeln!(out, "sandbox    {how}").into_diagnostic()?;
    }
    for lint in generation.lints() {
        anstream::eprintln!("{:?}", Report::new(lint.clone()));
    }
    Ok(Status::Allowed)
}

fn as_json(generation: &Generation) -> Value {
    let guard = |guard: &Guard| {
        let mut object = Object::new();
        object.insert("name", guard.name());
        object.insert("configured", guard.configured().to_string());
        object.insert("at", guard.at().iter().map(|at: &Checkpoint| at.as_str().into()).collect::<Vec<Value>>());
        object.insert("categories", guard.categories().iter().map(|name| name.as_str().into()).collect::<Vec<Value>>());
        object.insert("on_failure", guard.on_failure().as_str());
        match guard.configured_how() {
            Configured::Once { snapshot } => object.insert("snapshot", *snapshot as u64),
            Configured::PerCheck { because, .. } => object.insert("configured_per_check", because.as_str()),
        };
        Value::from(object)
    };
    let mut object = Object::new();
    object.insert("bundle", generation.name());
    object.insert("generation", generation.digest().to_string());
    object.insert("policies", generation.policy_count() as u64);
    object.insert("guards", generation.guards().iter().map(guard).collect::<Vec<Value>>());
    object.insert("lints", generation.lints().iter().map(|lint| lint.to_string().into()).collect::<Vec<Value>>());
    object.into()
}

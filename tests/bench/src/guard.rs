//! One small Rust guard: a check by us against the same calls of bare wasmtime.

use std::{fs, hint::black_box, path::Path, pin::pin, task};

use anyhow::{Context as _, Result, anyhow};
use guardhouse::{engine::Engine, event::Event, guard::Guard, text};
use wasmtime::{
    Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
    component::{Component, ComponentExportIndex, HasSelf, InstancePre, Linker},
};

use crate::harness::{Comparison, Measured};

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "guardhouse:guard/text",
        ownership: Borrowing { duplicate_if_necessary: true },
    });
}

use bindings::{
    exports::guardhouse::guard::{about::Reach, text_guard::Item},
    guardhouse::guard::{
        log::{self, Level},
        types::{self, Part, Report},
    },
};

/// Text of about 1 KB with nothing to find.
pub(crate) const TEXT: &str = include_str!("prose.txt");

/// Nothing: no limits, no accounting.
struct Bare;

impl log::Host for Bare {
    fn write(&mut self, _level: Level, _message: String) {}
}

impl types::Host for Bare {}

/// The bare calls that a check cannot do without.
pub(crate) struct BareGuard {
    component: InstancePre<Bare>,
    configure: ComponentExportIndex,
    inspect: ComponentExportIndex,
}

impl BareGuard {
    /// `interruptible`: with the checks in the guest's code that a deadline needs. Nothing ever interrupts it.
    pub(crate) fn new(artifact: &[u8], interruptible: bool) -> wasmtime::Result<Self> {
        let mut pool = PoolingAllocationConfig::new();
        let scan = if PoolingAllocationConfig::is_pagemap_scan_available() { Enabled::Yes } else { Enabled::No };
        pool.linear_memory_keep_resident(1 << 20).table_keep_resident(1 << 20).pagemap_scan(scan);
        let mut config = Config::new();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool)).epoch_interruption(interruptible);
        let engine = wasmtime::Engine::new(&config)?;
        let component = Component::from_binary(&engine, artifact)?;
        let find = |interface: &str, function: &str| {
            let instance =
                component.get_export_index(None, interface).ok_or_else(|| wasmtime::Error::msg("no such interface"))?;
            component
                .get_export_index(Some(&instance), function)
                .ok_or_else(|| wasmtime::Error::msg("no such function"))
        };
        let configure = find("guardhouse:guard/about@0.1.0", "configure")?;
        let inspect = find("guardhouse:guard/text-guard@0.1.0", "inspect")?;
        let mut linker = Linker::new(&engine);
        bindings::Text::add_to_linker::<_, HasSelf<Bare>>(&mut linker, |bare| bare)?;
        Ok(Self { component: linker.instantiate_pre(&component)?, configure, inspect })
    }

    /// A fresh store, an instance, the typed calls, drop.
    fn check(&self, configuration: Option<&str>, text: &str) -> wasmtime::Result<Report> {
        let mut store = Store::new(self.component.engine(), Bare);
        store.set_epoch_deadline(1);
        let instance = self.component.instantiate(&mut store)?;
        if let Some(configuration) = configuration {
            let configure = instance.get_typed_func::<(&str,), (Result<Reach, String>,)>(&mut store, self.configure)?;
            configure.call(&mut store, (configuration,))?.0.map_err(wasmtime::Error::msg)?;
        }
        let inspect = instance.get_typed_func::<(Item<'_>,), (Result<Report, String>,)>(&mut store, self.inspect)?;
        let part = Part {
            path: "",
            media_type: "text/plain",
            body: text,
            view: "original",
            more_before: false,
            more_after: false,
        };
        let item = Item { checkpoint: "output", source: "assistant", trusted: false, parts: &[part], attributes: &[] };
        inspect.call(&mut store, (item,))?.0.map_err(wasmtime::Error::msg)
    }
}

impl BareGuard {
    /// One check of [`TEXT`] by an instance that is configured for it, as every host must that keeps no snapshot; or by
    /// one that is not configured at all, which this guest can do without.
    pub(crate) fn finds_nothing(&self, configured: bool) {
        let report = self.check(configured.then_some("{}"), TEXT);
        assert!(black_box(report).is_ok_and(|report| report.findings.is_empty()), "the bare check finds nothing");
    }
}

/// Runs a future to its end on this thread. A check waits for nothing here but its own next tick, so an executor would
/// only add its own cost.
pub(crate) fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = task::Context::from_waker(task::Waker::noop());
    loop {
        if let task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Limits that a busy machine does not reach. They are armed like any others.
const LIMITS: &str = "[limits]\ndeadline = \"10s\"\nwall = \"30s\"\n";

/// A bundle with one guard, which permits everything. Nothing is remembered: a measurement asks the same thing many times.
pub(crate) fn bench_bundle(guards: &Path, guard: &str, more: &str) -> Result<tempfile::TempDir> {
    bundle_of(guards, guard, "\"output\"", &format!("{more}\n[memo]\nsize = \"0B\""))
}

/// The same with the guard at these checkpoints, and so many bytes for its reports.
pub(crate) fn bundle_with_memo(guards: &Path, guard: &str, at: &str, size: &str) -> Result<tempfile::TempDir> {
    bundle_of(guards, guard, at, &format!("[memo]\nsize = \"{size}\""))
}

fn bundle_of(guards: &Path, guard: &str, at: &str, more: &str) -> Result<tempfile::TempDir> {
    let bundle = tempfile::tempdir()?;
    let artifact = guards.join(guard).with_extension("wasm");
    fs::copy(&artifact, bundle.path().join("guard.wasm")).with_context(|| format!("`{guard}` is not built"))?;
    let guard = format!("[[guards]]\nname = \"guard\"\nfile = \"guard.wasm\"\nat = [{at}]\n{more}\n");
    fs::write(bundle.path().join("guardhouse.toml"), format!("bundle = \"bench\"\napi = 1\n{LIMITS}{guard}"))?;
    let permit = "@id(\"base\") @why(\"bench\") permit (principal, action, resource);\n";
    fs::write(bundle.path().join("base.cedar"), permit)?;
    guardhouse::bundle::Bundle::lock(bundle.path())?;
    Ok(bundle)
}

/// An output with [`TEXT`].
pub(crate) fn event() -> Result<Event> {
    let line = format!(r#"{{"agent":"assistant","session":"s","checkpoint":"output","text":{TEXT:?}}}"#);
    Ok(Event::from_json(line.as_bytes())?)
}

/// One check by one guard, which finds nothing.
pub(crate) fn check_by(guard: &Guard, event: &Event) {
    let inspected = finish(async {
        let parts = text::parts(event).ok()?;
        guard.inspect(event, &parts, false).await.ok()
    });
    assert!(black_box(inspected).is_some_and(|inspected| inspected.findings.is_empty()), "our check finds nothing");
}

/// Compares one guard's check, and reports the whole path beside it.
pub(crate) fn compare(guards: &Path) -> Result<Vec<Measured>> {
    let artifact = fs::read(guards.join("guest-small.wasm")).context("the guard `guest-small` is not built")?;
    let bundle = bench_bundle(guards, "guest-small", "")?;
    let engine = finish(Engine::load(bundle.path()))?;
    let guard = engine.generation().guards().first().context("the bundle has a guard")?;
    let event = event()?;
    let bare = BareGuard::new(&artifact, false).map_err(|error| anyhow!("{error:#}"))?;
    let interruptible = BareGuard::new(&artifact, true).map_err(|error| anyhow!("{error:#}"))?;
    let bare_check = || bare.finds_nothing(true);
    let text = match &event.body {
        guardhouse::event::Body::Output { text } => text.as_str(),
        _ => "",
    };
    assert_eq!(text, TEXT, "both sides see the same text");
    let our_check = || check_by(guard, &event);
    let guarded = Comparison { name: "one guard's check / bare wasmtime", bar: Some(1.25) }.run(bare_check, our_check);
    let less = Comparison { name: "one guard's check / bare, not configured", bar: None };
    let less = less.run(|| bare.finds_nothing(false), our_check);
    let fair = Comparison { name: "the same, bare with interruption compiled in", bar: None };
    let fair = fair.run(|| interruptible.finds_nothing(false), our_check);
    let path = Comparison { name: "event to decision, one guard / bare wasmtime", bar: None }.run(bare_check, || {
        let decision = finish(engine.check(&event));
        assert!(black_box(decision).reasons.is_empty(), "our check allows");
    });
    Ok(vec![guarded, less, fair, path])
}

//! Text: how fast the guards that we ship read it, and what streams hold back.

use std::{fs, hint::black_box, path::Path, time::Instant};

use anyhow::{Context as _, Result, ensure};
use guard_pii::Pii;
use guard_secrets::Secrets;
use guardhouse::{
    decision::Verdict,
    engine::Engine,
    event::Event,
    text::{GRID, Text, ViewKind, Views},
    vocabulary::Vocabulary as _,
};
use guardhouse_guard::{TextGuard, testing};

use crate::{
    guard::{TEXT, finish},
    harness::{Comparison, Measured, Spread, Stated},
};

/// The guards that read texts.
const GUARDS: [&str; 5] = ["egress", "hidden-text", "injection", "pii", "secrets"];
/// How often a stream is streamed, and a set of checks is timed.
const TIMES: usize = 21;
/// Checks of which the slowest hundredth is looked at.
const CHECKS: usize = 400;
/// Bytes of a chunk: what a model writes at once.
const CHUNK: usize = 4;

/// The guards' limits: those of time are not reached on a busy machine.
const LIMITS: &str = "[limits]\ndeadline = \"10s\"\nwall = \"30s\"\n[memo]\nsize = \"0B\"\n";

/// Prose with nothing to find, of `bytes` bytes: the sentences of [`TEXT`] in an order that does not repeat soon.
fn prose(bytes: usize) -> String {
    let sentences: Vec<&str> = TEXT.split_inclusive(['.', ',']).map(str::trim).collect();
    let mut prose = String::new();
    let mut next = 7_usize;
    while prose.len() < bytes {
        next = (next * 31 + 17) % 10_007;
        prose.extend(sentences.get(next % sentences.len().max(1)).copied());
        prose.push(if next.is_multiple_of(9) { '\n' } else { ' ' });
    }
    prose.truncate(prose.floor_char_boundary(bytes));
    prose
}

/// Source code of `bytes` bytes: the engine's own.
fn source(bytes: usize) -> Result<String> {
    let mut source = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../host/engine/src")];
    while let Some(folder) = folders.pop() {
        let mut entries = fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::path);
        for entry in entries {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && source.len() < bytes {
                source.push_str(&fs::read_to_string(path)?);
            }
        }
    }
    ensure!(source.len() >= bytes, "there is as much source code");
    source.truncate(source.floor_char_boundary(bytes));
    Ok(source)
}

/// A bundle with some of the guards at tools' results, which permits everything.
fn bundle(guards: &Path, named: &[&str]) -> Result<tempfile::TempDir> {
    let bundle = tempfile::tempdir()?;
    let mut manifest = format!("bundle = \"bench\"\napi = 1\n{LIMITS}");
    for name in named {
        let artifact = guards.join(format!("guard-{name}.wasm"));
        fs::copy(&artifact, bundle.path().join(format!("{name}.wasm")))
            .with_context(|| format!("`{name}` is not built"))?;
        let name = ["[[guards]]\nname = \"", name, "\"\nfile = \"", name, ".wasm\"\nat = [\"tool-result\"]\n"];
        manifest.extend(name);
    }
    fs::write(bundle.path().join("guardhouse.toml"), manifest)?;
    let permit = "@id(\"base\") @why(\"bench\") permit (principal, action, resource);\n";
    fs::write(bundle.path().join("base.cedar"), permit)?;
    guardhouse::bundle::Bundle::lock(bundle.path())?;
    Ok(bundle)
}

/// A tool's result with this text.
fn result(text: &str) -> Result<Event> {
    let text = guardhouse::json::Value::from(text);
    let event = format!(
        r#"{{"agent":"assistant","session":"s","checkpoint":"tool-result","server":"files","tool":"read","call":"c","text":{text}}}"#
    );
    Ok(Event::from_json(event.as_bytes())?)
}

/// `secrets` and `pii` over 256 KiB of prose and of source code, from event to decision against the same crates native on the
/// text alone, and in MB/s.
pub(crate) fn throughput(guards: &Path) -> Result<(Vec<Measured>, Vec<Stated>)> {
    let bundle = bundle(guards, &["secrets", "pii"])?;
    let engine = finish(Engine::load(bundle.path()))?;
    let (secrets, pii): (Secrets, Pii) = (configured()?, configured()?);
    let (mut measured, mut stated) = (Vec::new(), Vec::new());
    for (text, ratio, speed) in [
        (prose(GRID), "secrets + pii on prose / the same crates native", "secrets + pii in the sandbox, clean prose"),
        (
            source(GRID)?,
            "secrets + pii on source / the same crates native",
            "secrets + pii in the sandbox, source code",
        ),
    ] {
        let event = result(&text)?;
        let item = testing::item(&text);
        let native = || {
            black_box(secrets.inspect(&item).is_ok() && pii.inspect(&item).is_ok());
        };
        // From event to decision, since the host makes views once for both.
        let ours = || {
            let decision = finish(engine.check(&event));
            assert_eq!(black_box(decision).verdict, Verdict::Allow, "the guards report");
        };
        let comparison = Comparison { name: ratio, bar: None }.run(native, ours);
        #[expect(clippy::cast_precision_loss, reason = "256 KiB")]
        let bytes = text.len() as f64;
        stated.push(comparison.ours(speed, None).into_rate("MB/s", 60.0, |micros| bytes / micros));
        measured.push(comparison);
    }
    Ok((measured, stated))
}

/// All views of 256 KiB, made once for all guards that ask for them, by the host.
pub(crate) fn views() -> Result<Vec<Stated>> {
    let mut stated = Vec::new();
    for (text, name) in [(prose(GRID), "views of prose"), (source(GRID)?, "views of source code")] {
        let kinds = ViewKind::ALL.iter().copied().collect();
        let mut speeds = Spread::default();
        for _ in 0..TIMES {
            let begun = Instant::now();
            black_box(Views::of(&[Text { body: &text, at: 0, more_after: false }], kinds));
            #[expect(clippy::cast_precision_loss, reason = "256 KiB")]
            let bytes = text.len() as f64;
            speeds.push(bytes / (begun.elapsed().as_secs_f64() * 1e6));
        }
        stated.push(Stated::at_most(name, "MB/s", None, speeds));
    }
    Ok(stated)
}

fn configured<G: TextGuard>() -> Result<G> {
    testing::configure("{}").map_err(|error| anyhow::anyhow!(error))
}

/// From event to decision with every guard on 4 KB of prose: the slowest hundredth, in milliseconds.
pub(crate) fn all_guards(guards: &Path) -> Result<Vec<Stated>> {
    let bundle = bundle(guards, &GUARDS)?;
    let engine = finish(Engine::load(bundle.path()))?;
    let event = result(&prose(4 << 10))?;
    let (mut medians, mut slowest) = (Spread::default(), Spread::default());
    for _ in 0..TIMES {
        let mut times = Vec::with_capacity(CHECKS);
        for _ in 0..CHECKS {
            let begun = Instant::now();
            let decision = finish(engine.check(&event));
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            assert!(black_box(decision).findings.is_empty(), "prose has nothing to find");
        }
        medians.push(crate::harness::quantile(&times, 0.5));
        slowest.push(crate::harness::quantile(&times, 0.99));
    }
    Ok(vec![
        Stated::at_most("all text guards on 4 KB of prose, median", "ms", None, medians),
        Stated::at_most("all text guards on 4 KB of prose, 99th percentile", "ms", Some(1.0), slowest),
    ])
}

/// What a stream of prose holds back beyond its last chunk, and when its first byte goes on.
pub(crate) fn streams(guards: &Path) -> Result<Vec<Stated>> {
    let bundle = bundle(guards, &GUARDS)?;
    let manifest = bundle.path().join("guardhouse.toml");
    let text = fs::read_to_string(&manifest)?.replace("\"tool-result\"", "\"input\"");
    fs::write(&manifest, text)?;
    guardhouse::bundle::Bundle::lock(bundle.path())?;
    let engine = finish(Engine::load(bundle.path()))?;
    let event = r#"{"agent":"assistant","session":"s","checkpoint":"input","source":"document","text":""}"#;
    let event = Event::from_json(event.as_bytes())?;
    let (mut held, mut first) = (Vec::new(), Spread::default());
    let mut polls = Spread::default();
    for round in 0..TIMES {
        let prose = prose(4 << 10);
        // Other cuts in each round.
        let mut at = prose.floor_char_boundary(round % CHUNK);
        let mut stream = engine.stream(event.clone())?;
        stream.push(prose.get(..at).unwrap_or_default());
        let begun = Instant::now();
        let mut released = false;
        while at < prose.len() {
            let end = prose.ceil_char_boundary((at + CHUNK).min(prose.len()));
            let chunk = prose.get(at..end).unwrap_or_default();
            stream.push(chunk);
            at = end;
            let polled = Instant::now();
            let text = finish(stream.poll()).text;
            polls.push(polled.elapsed().as_secs_f64() * 1e6);
            if !released && !text.is_empty() {
                first.push(begun.elapsed().as_secs_f64() * 1e6);
                released = true;
            }
            #[expect(clippy::cast_precision_loss, reason = "some bytes")]
            held.push(stream.held().saturating_sub(chunk.len()) as f64);
        }
    }
    let of = |q: f64| {
        let mut spread = Spread::default();
        spread.push(crate::harness::quantile(&held, q));
        spread
    };
    Ok(vec![
        Stated::at_most("held beyond one chunk of 4 bytes, prose, median", "bytes", Some(0.0), of(0.5)),
        Stated::at_most("held beyond one chunk, prose, 99th percentile", "bytes", Some(64.0), of(0.99)),
        Stated::at_most("stream: to the first released byte", "us", None, first),
        Stated::at_most("stream: one chunk", "us", None, polls),
    ])
}

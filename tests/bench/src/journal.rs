//! The journal: what a record costs, how many there are a second, how fast a journal is verified.

use std::{
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    thread,
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};
use guardhouse::{
    bundle::Bundle,
    decision::Verdict,
    engine::Engine,
    event::Event,
    journal::{Journal, Records, Trust, verify},
    json::Digest,
};
use std::hint::black_box;
use tempfile::TempDir;

use crate::{
    guard::{bench_bundle, event, finish},
    harness::{Comparison, Measured, Spread, Stated},
};

/// How often something that takes long is done.
const TIMES: usize = 11;
/// Decisions of each thread in one go.
const DECISIONS: usize = 10_000;

/// What the record of a decision adds to it, and how long the whole path takes: one guard, 100 policies of which five apply,
/// a process-safe record.
pub(crate) fn record(guards: &Path) -> Result<(Measured, Vec<Stated>)> {
    let bundle = bench_bundle(guards, "guest-small", "")?;
    fs::write(bundle.path().join("more.cedar"), policies())?;
    Bundle::lock(bundle.path())?;
    let directory = tempfile::tempdir()?;
    let bare = finish(Engine::load(bundle.path()))?;
    let ours = finish(Engine::load(bundle.path()))?.with_journal(Journal::open(directory.path())?);
    ensure!(ours.generation().policy_count() == 100, "there are 100 policies");
    let event = event()?;
    let name = "event to decision, recorded / not";
    let measured = Comparison { name, bar: None }.run(|| allowed(&bare, &event), || allowed(&ours, &event));
    let mean = measured.ours("one guard, 100 policies, recorded process-safe: mean", None);
    let more = measured.difference("a record: CPU and write(2), mean", None);
    // A mean holds the waits for a disk that is synced at the same time; most decisions meet none.
    let name = "the median decision, recorded / not";
    let measured = Comparison { name, bar: None }.run_each(|| allowed(&bare, &event), || allowed(&ours, &event));
    let whole = measured.ours("one guard, 100 policies, recorded process-safe: median", Some(60.0));
    let record = measured.difference("a record: CPU and write(2), median", Some(8.0));
    Ok((measured, vec![whole, record, mean, more, floor(directory.path())?]))
}

/// What no record can do without: to hash and to write as many bytes as the last one has, to a file beside it.
fn floor(journal: &Path) -> Result<Stated> {
    let last = Records::of(journal)?.last().context("there are records")??;
    let mut line = last.members.to_string().into_bytes();
    line.push(b'\n');
    let bare = tempfile::NamedTempFile::new_in(journal)?;
    let mut bare = OpenOptions::new().append(true).open(bare.path())?;
    let floor = Comparison { name: "", bar: None }.run_each(
        || {
            black_box(Digest::of(black_box(&line)));
        },
        || {
            black_box(Digest::of(black_box(&line)));
            assert!(bare.write_all(&line).is_ok(), "the disk has room");
        },
    );
    Ok(floor.ours("as many bytes, hashed and written: median", None))
}

fn allowed(engine: &Engine, event: &Event) {
    assert_eq!(black_box(finish(engine.check(event))).verdict, Verdict::Allow, "the event is allowed");
}

/// 99 policies, four of which can apply to an output.
pub(crate) fn policies() -> String {
    let mut policies = String::new();
    let mut forbid = |id: &str, scope: &str, when: &str| {
        let _ = writeln!(policies, "@id(\"{id}\") @message(\"m\") forbid (principal, {scope}) when {{ {when} }};");
    };
    let output = "action == Guardhouse::Action::\"send_output\", resource";
    forbid("uninspected", output, "context.core.coverage.uninspected");
    forbid("skipped", output, "context.core.coverage.skipped");
    forbid("over", output, "context.core.budget.exceeded");
    forbid("odd", output, "context.core.anomaly.score > 90");
    for tool in 0..95 {
        let scope = format!("action in Guardhouse::Action::\"call_tool\", resource == Guardhouse::Tool::\"s/t{tool}\"");
        forbid(&format!("t{tool}"), &scope, "context.core.session.calls > 100");
    }
    policies
}

/// How many decisions are made and recorded in a second by two threads, where no guard is asked, in a session of each and in
/// one of both; and how fast the journal of them is verified.
pub(crate) fn throughput(guards: &Path) -> Result<Vec<Stated>> {
    let bundle = bench_bundle(guards, "guest-small", "")?;
    let (mut recorded, mut in_one, mut verified) = (Spread::default(), Spread::default(), Spread::default());
    for _ in 0..TIMES {
        for (sessions, rates) in [(["a", "b"], &mut recorded), (["a", "a"], &mut in_one)] {
            let directory = TempDir::new()?;
            let engine = finish(Engine::load(bundle.path()))?.with_journal(Journal::open(directory.path())?);
            let events = sessions.map(|session| {
                let line =
                    format!(r#"{{"agent":"assistant","session":"{session}","checkpoint":"note","kind":"retry"}}"#);
                Event::from_json(line.as_bytes())
            });
            let [first, second] = events;
            let events = [first?, second?];
            let begun = Instant::now();
            thread::scope(|scope| {
                for event in &events {
                    let engine = &engine;
                    scope.spawn(move || (0..DECISIONS).for_each(|_| allowed(engine, event)));
                }
            });
            #[expect(clippy::cast_precision_loss, reason = "thousands")]
            rates.push(2.0 * DECISIONS as f64 / begun.elapsed().as_secs_f64());
            drop(engine);
            let begun = Instant::now();
            let found = verify(directory.path(), &Trust::default())?;
            let seconds = begun.elapsed().as_secs_f64();
            ensure!(found.is_sound() && found.records > 2 * DECISIONS as u64, "the journal is sound: {found:?}");
            #[expect(clippy::cast_precision_loss, reason = "megabytes")]
            verified.push(found.bytes as f64 / 1e6 / seconds);
        }
    }
    Ok(vec![
        Stated::at_least("decisions recorded process-safe, two threads, no guard", "/s", 50_000.0, recorded),
        Stated::at_most("the same, both in one session", "/s", None, in_one),
        Stated::at_least("audit verify", "MB/s", 300.0, verified),
    ])
}

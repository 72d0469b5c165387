//! What remembered reports are worth: a conversation that grows turn by turn, each turn sending all of it again, judged with
//! a memo and without one; and what they cost where nothing is ever sent again.

use std::{hint::black_box, path::Path, time::Instant};

use anyhow::{Result, ensure};
use guardhouse::{decision::Verdict, engine::Engine, event::Event};

use crate::{
    guard::{TEXT, bundle_with_memo, finish},
    harness::{Comparison, Measured, Spread, Stated},
};

/// Turns of a conversation. Each adds what a user asks, a document, and what the agent answers.
const TURNS: usize = 30;
/// Conversations. Each has texts of its own, so that none finds another's reports.
const ROUNDS: usize = 15;

/// An engine with the guard `secrets` at every text, and so many bytes for its reports.
fn engine(guards: &Path, size: &str) -> Result<Engine> {
    let at = "\"input\", \"output\"";
    let bundle = bundle_with_memo(guards, "guard-secrets", at, size)?;
    Ok(finish(Engine::load(bundle.path()))?)
}

/// An event with about 1 KB of text that no other one has.
fn event(checkpoint: &str, number: usize) -> Result<Event> {
    let text = format!("{TEXT} {number}");
    let line = format!(r#"{{"agent":"assistant","session":"s",{checkpoint},"text":{text:?}}}"#);
    Ok(Event::from_json(line.as_bytes())?)
}

/// What is said in one conversation, turn by turn.
fn conversation(round: usize) -> Result<Vec<[Event; 3]>> {
    let turn = |turn: usize| {
        let number = (round * TURNS + turn) * 3;
        Ok([
            event(r#""checkpoint":"input","source":"user""#, number)?,
            event(r#""checkpoint":"input","source":"document""#, number + 1)?,
            event(r#""checkpoint":"output""#, number + 2)?,
        ])
    };
    (0..TURNS).map(turn).collect()
}

/// Microseconds of all turns, and of the last one, in which nearly everything was sent before.
fn replayed(engine: &Engine, turns: &[[Event; 3]]) -> Result<(f64, f64)> {
    let (mut all, mut last) = (0.0, 0.0);
    for turn in 1..=turns.len() {
        let sent = turns.iter().take(turn).flatten();
        let begun = Instant::now();
        for event in sent {
            let decision = black_box(finish(engine.check(event)));
            ensure!(decision.verdict == Verdict::Allow, "expected an event that is let through: {decision}");
        }
        last = begun.elapsed().as_secs_f64() * 1e6;
        all += last;
    }
    Ok((all, last))
}

/// A conversation with a memo by the same without one, first the one, then the other, exchanging who is first.
pub(crate) fn replay(guards: &Path) -> Result<Vec<Stated>> {
    let (with, without) = (engine(guards, "16MiB")?, engine(guards, "0B")?);
    let (mut whole, mut last_turn) = (Spread::default(), Spread::default());
    for round in 0..ROUNDS {
        let turns = conversation(round)?;
        let (ours, none) = if round % 2 == 0 {
            let ours = replayed(&with, &turns)?;
            (ours, replayed(&without, &turns)?)
        } else {
            let none = replayed(&without, &turns)?;
            (replayed(&with, &turns)?, none)
        };
        whole.push(ours.0 / none.0);
        last_turn.push(ours.1 / none.1);
    }
    let (mut hits, mut asked) = (0, 0);
    for guard in with.generation().guards() {
        let metrics = guard.metrics();
        hits += metrics.hits;
        asked += metrics.hits + metrics.misses;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of checks")]
    let rate = hits as f64 / asked as f64 * 100.0;
    Ok(vec![
        Stated::at_most("conversation of 30 turns, each with all before: memo / none", "x", None, whole),
        Stated::at_most("its last turn: memo / none", "x", None, last_turn),
        Stated::once("reports of it that were remembered", "%", rate),
    ])
}

/// Texts that were never sent before, with a memo and without: what looking for them in vain costs.
pub(crate) fn in_vain(guards: &Path) -> Result<Measured> {
    let (with, without) = (engine(guards, "16MiB")?, engine(guards, "0B")?);
    let (mut one, mut other) = (0, 0);
    let check = |engine: &Engine, number: &mut usize| {
        *number += 1;
        let decision = event(r#""checkpoint":"output""#, *number).map(|event| finish(engine.check(&event)));
        assert!(black_box(decision).is_ok_and(|decision| decision.verdict == Verdict::Allow), "it is let through");
    };
    let comparison = Comparison { name: "a text never sent before: memo / none", bar: None };
    Ok(comparison.run(|| check(&without, &mut one), || check(&with, &mut other)))
}

//! The load: events of many sessions, some of which several threads are at, some told again.

use std::io::{self, Write as _};

use anyhow::{Result, bail};
use guardhouse::{decision::Decision, engine::Engine, event::Event};

use super::{dice::Dice, given::Given};

/// What the guard finds.
const PATTERN: &str = "SMALL-GUARD-PATTERN";
/// Ids that stand for the same events in every process and every thread.
const LASTING: u64 = 40;

/// One thread's events.
pub(super) struct Load<'e> {
    engine: &'e Engine,
    executor: tokio::runtime::Runtime,
    dice: Dice,
    /// Names what no other thread and no other process names.
    own: String,
    count: u64,
    /// What is told again next.
    again: Option<Step>,
}

/// What is put through the engine.
#[derive(Debug, Clone)]
struct Step {
    event: Event,
    /// The pieces of a text that is told while it is written.
    pieces: Option<Vec<String>>,
}

impl<'e> Load<'e> {
    pub(super) fn new(engine: &'e Engine, seed: u64, thread: u64) -> Result<Self> {
        let executor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let dice = Dice::new(seed ^ (thread << 56));
        Ok(Self { engine, executor, dice, own: format!("{seed:x}-{thread}"), count: 0, again: None })
    }

    /// Puts one event through the engine, and writes what came of it before it returns.
    pub(super) fn step(&mut self) -> Result<Given> {
        let step = match self.again.take() {
            Some(step) => step,
            None => self.next()?,
        };
        if step.event.id.is_some() && self.dice.percent(20) {
            self.again = Some(step.clone());
        }
        let decision = self.executor.block_on(put(self.engine, &step))?;
        let given = Given::of(&step.event, &decision);
        // One call of the system, shorter than a pipe's buffer: it is there whole or not at all.
        io::stdout().lock().write_all(given.line().as_bytes())?;
        io::stdout().lock().flush()?;
        Ok(given)
    }

    fn next(&mut self) -> Result<Step> {
        self.count += 1;
        let own = format!("{}-{}", self.own, self.count);
        let (id, mut what) = match self.dice.below(100) {
            0..12 => {
                let number = self.dice.below(LASTING);
                // What stands under a lasting id is said by the id; sometimes by another, so that it is refused.
                let said = if self.dice.percent(95) { number } else { number + 1 };
                (format!(r#""id":"e{number}","#), Dice::new(said))
            }
            12..25 => (format!(r#""id":"t{own}","#), Dice::new(self.dice.any())),
            _ => (String::new(), Dice::new(self.dice.any())),
        };
        let who = self.who(&own);
        let (members, pieces) = what_is_said(&mut what);
        let event = Event::from_json(format!("{{{id}{who}{members}}}").as_bytes())?;
        Ok(Step { event, pieces })
    }

    /// Agent, session and parent.
    fn who(&mut self, own: &str) -> String {
        let (dice, mut parent) = (&mut self.dice, None);
        let mut agent = "one";
        let session = match dice.below(100) {
            0..40 => format!("shared-{}", dice.below(4)),
            40..65 => format!("own-{}-{}", self.own, dice.below(4)),
            65..80 => {
                let number = dice.below(6);
                (agent, parent) = ("helper", Some(format!("shared-{}", number % 4)));
                format!("sub-{number}")
            }
            80..90 => {
                let number = dice.below(6);
                (agent, parent) = ("helper", Some(format!("sub-{number}")));
                format!("subsub-{number}")
            }
            _ => format!("new-{own}"),
        };
        if dice.percent(2) {
            agent = "other";
        }
        if dice.percent(2) {
            parent = Some("sub-0".to_owned());
        }
        let parent = parent.map(|parent| format!(r#""parent":"{parent}","#)).unwrap_or_default();
        format!(r#""agent":"{agent}","session":"{session}",{parent}"#)
    }
}

/// The members of what an event says, and its text in pieces if it is a stream.
fn what_is_said(dice: &mut Dice) -> (String, Option<Vec<String>>) {
    let tool = |dice: &mut Dice| ["one", "two", "three", "four"][usize::try_from(dice.below(4)).unwrap_or_default()];
    let text = |dice: &mut Dice| {
        let found = if dice.percent(40) { PATTERN } else { "nothing" };
        format!("The meeting is at four, and {found} is to be brought; {}.", dice.below(3))
    };
    let members = match dice.below(100) {
        0..45 => {
            let (tool, argument) = (tool(dice), dice.below(2));
            format!(
                r#""checkpoint":"tool-call","server":"s","tool":"{tool}","call":"c","arguments":{{"x":{argument}}}"#
            )
        }
        45..58 => {
            let (tool, version) = (tool(dice), dice.below(3));
            let definition =
                format!(r#"{{"name":"{tool}","description":"{version}","inputSchema":{{"type":"object"}}}}"#);
            format!(r#""checkpoint":"tool-definition","server":"s","tool":"{tool}","definition":{definition}"#)
        }
        58..72 => format!(r#""checkpoint":"output","text":"{}""#, text(dice)),
        72..80 => format!(r#""checkpoint":"input","source":"user","text":"{}""#, text(dice)),
        80..86 => {
            let tool = tool(dice);
            format!(r#""checkpoint":"tool-result","server":"s","tool":"{tool}","call":"c","text":"{}""#, text(dice))
        }
        86..90 => r#""checkpoint":"note","kind":"retry""#.to_owned(),
        _ => {
            let pieces = (0..=dice.below(3)).map(|_| text(dice)).collect();
            return (r#""checkpoint":"output","text":"""#.to_owned(), Some(pieces));
        }
    };
    (members, None)
}

async fn put(engine: &Engine, step: &Step) -> Result<Decision> {
    let Some(pieces) = &step.pieces else { return Ok(engine.check(&step.event).await) };
    let mut stream = engine.stream(step.event.clone())?;
    for piece in pieces {
        stream.push(piece);
        if let Some(decision) = stream.poll().await.decision {
            return Ok(decision);
        }
    }
    match stream.finish().await.decision {
        Some(decision) => Ok(decision),
        None => bail!("expected a decision at the end of a stream, found none"),
    }
}

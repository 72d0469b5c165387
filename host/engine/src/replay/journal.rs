//! [`journal()`]: a journal's decisions in their order, by as many threads as there are cores, in bounded memory.
//!
//! One thread reads records and deals them out in batches, to each worker in its turn; the caller's thread takes what comes
//! back in the same turns, and so in the journal's order. Channels hold one batch each, and a batch is bounded in records
//! and in bytes, so the memory depends on the longest record and on the cores, not on the journal.

use std::{
    num::NonZero,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use super::{Recorded, Row, stored::Stored};
use crate::{
    event::Event,
    generation::Generation,
    journal::{JournalError, Record},
    json::Value,
};

/// Records that are dealt out at once: enough that threads are not woken for each.
const BATCH: usize = 256;
/// Bytes after which a batch is full, about.
const BATCH_BYTES: usize = 512 << 10;
/// The most workers: more than one thread can read for.
const WORKERS: usize = 16;

/// What becomes of one line of a journal.
#[derive(Debug)]
pub enum Step {
    /// A decision, made anew from the facts that were stored with it.
    Row(Row),
    /// A decision whose event is at hand, for a [`Trial`](super::Trial).
    Event(Box<Recorded>, Box<Event>),
    /// A decision whose record cannot be read back: its number, and why.
    Unreadable(u64, String),
    /// A line that is no record.
    Damaged(JournalError),
}

type Read = Result<Record, JournalError>;

/// Takes the decisions among `records` and makes each anew, by the policies of `generation`. `each` is given them in their
/// order, on this thread.
///
/// `whole` may know the whole event of a record. It must be that event and not what was left of it: one that was redacted
/// is another.
///
/// # Errors
/// Where the journal cannot be read any further. `each` has had what comes before.
pub fn journal(
    records: impl Iterator<Item = Read> + Send,
    generation: &Generation,
    whole: impl Fn(&Record) -> Option<Event> + Sync,
    mut each: impl FnMut(Step),
) -> Result<(), JournalError> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(WORKERS);
    let whole = &whole;
    thread::scope(|scope| {
        let (mut deal, mut back) = (Vec::with_capacity(workers), Vec::with_capacity(workers));
        for _ in 0..workers {
            let (dealt, batches) = sync_channel::<Vec<Read>>(1);
            let (done, steps) = sync_channel(1);
            scope.spawn(move || work(generation, whole, &batches, &done));
            deal.push(dealt);
            back.push(steps);
        }
        scope.spawn(move || read(records, &deal));
        for steps in back.iter().cycle() {
            // The first in its turn that has nothing more is behind the last batch.
            let Ok(steps) = steps.recv() else { break };
            steps.into_iter().try_for_each(|step| step.map(&mut each))?;
        }
        Ok(())
    })
}

/// Deals out the records of decisions, and what cannot be read, until nobody wants more.
fn read(records: impl Iterator<Item = Read>, deal: &[SyncSender<Vec<Read>>]) {
    let mut turns = deal.iter().cycle();
    let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0);
    for record in records {
        if record.as_ref().is_ok_and(|record| record.kind() != "decision") {
            continue;
        }
        let is_end = matches!(&record, Err(error) if !is_line(error));
        bytes += record.as_ref().map_or(0, |record| record.members.values().map(weight).sum());
        batch.push(record);
        if batch.len() == BATCH || bytes >= BATCH_BYTES || is_end {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            bytes = 0;
            if turns.next().is_none_or(|worker| worker.send(full).is_err()) || is_end {
                return;
            }
        }
    }
    if let Some(worker) = turns.next() {
        // Nobody is there any more where the caller has had enough.
        let _ = worker.send(batch);
    }
}

/// Whether only a line is damaged, and what follows can be read.
const fn is_line(error: &JournalError) -> bool {
    matches!(error, JournalError::NoRecord { .. })
}

/// About how many bytes a value was written in.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
    }
}

fn work(
    generation: &Generation,
    whole: &impl Fn(&Record) -> Option<Event>,
    batches: &Receiver<Vec<Read>>,
    done: &SyncSender<Vec<Result<Step, JournalError>>>,
) {
    let mut stored = Stored::of(generation);
    let mut step = |read: Read| match read {
        Ok(record) => Ok(step(&mut stored, whole, &record)),
        Err(error) if is_line(&error) => Ok(Step::Damaged(error)),
        Err(error) => Err(error),
    };
    for batch in batches {
        if done.send(batch.into_iter().map(&mut step).collect()).is_err() {
            return;
        }
    }
}

fn step(stored: &mut Stored<'_>, whole: &impl Fn(&Record) -> Option<Event>, record: &Record) -> Step {
    match Recorded::of(record) {
        Err(misread) => Step::Unreadable(record.n, misread.to_string()),
        Ok(recorded) => match whole(record) {
            Some(event) => Step::Event(Box::new(recorded), Box::new(event)),
            None => Step::Row(stored.row(&recorded)),
        },
    }
}

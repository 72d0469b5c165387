//! A whole bundle, over sessions in which nothing is wrong: in how many of them an agent or a person is disturbed.
//!
//! Per session and not per guard, since that is what people notice. The sessions are transcripts, and the benign records
//! of a corpus, each once as a session of one input of the user and once of one tool's result.
//!
//! A bundle also asks about calls by what their tools do, whatever is in them. What it does because of what guards found
//! is therefore counted apart ([`cause`]), and every policy by itself.
//!
//! * `cause`: why an event did not just pass; `count`: sessions, by what became of them; `told`: the tables.

mod cause;
mod count;
mod told;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use anyhow::{Context as _, Result, anyhow, bail};
use guardhouse::{
    bundle::Bundle,
    engine::Engine,
    event::{Checkpoint, Event, SessionId},
    generation::Generation,
    sandbox::Runtime,
};

use crate::{
    Status,
    arguments::Arguments,
    corpus::{self, File, Label, RECORDS, Record, TRANSCRIPT},
    lines::Lines,
    place::{self, GUARDS},
};
use cause::Judged;
use count::{Counts, Kind, Session};

/// Scores a bundle and prints what it comes to.
pub(crate) async fn run(arguments: &Arguments, bundle: &Path) -> Result<Status> {
    let runtime = Runtime::new()?;
    let load = async { Generation::new(&runtime, Bundle::read(bundle)?).await };
    let generation = Arc::new(load.await.map_err(|error| {
        anyhow!("the bundle `{}` does not load: {:?}", bundle.display(), miette::Report::from(error))
    })?);
    let mut run = Run { engine: Engine::of(Arc::clone(&generation)), counts: Counts::default(), session: 0 };
    if let Some(directory) = &arguments.sessions {
        let files = corpus::files(directory, "benign", TRANSCRIPT)?;
        if files.is_empty() {
            bail!("expected `*benign*.events.jsonl` below `{}`, found none", directory.display());
        }
        for file in &files {
            // An engine for each: sessions of one name in two files are two.
            run.transcript(&Engine::of(Arc::clone(&generation)), file).await?;
        }
    }
    if let Some(directory) = &arguments.corpus {
        for file in corpus::files(directory, "", RECORDS)? {
            let mut file = File::open(&file)?;
            if !GUARDS.iter().any(|guard| guard.folder == file.folder) {
                continue;
            }
            while let Some(record) = file.next()? {
                let is_counted = record.label == Some(Label::Benign)
                    && arguments.qualities().contains(record.quality.as_str())
                    && arguments.takes(record.part());
                if is_counted {
                    run.record(&file.folder, &record).await?;
                }
            }
        }
    }
    told::print(generation.name(), &run.counts, arguments)?;
    Ok(if run.counts.failed() { Status::Failures } else { Status::Whole })
}

struct Run {
    /// Judges the records.
    engine: Engine,
    counts: Counts,
    /// Each record has two sessions of its own.
    session: u64,
}

impl Run {
    /// Judges a transcript, of as many sessions as it has.
    async fn transcript(&mut self, engine: &Engine, path: &Path) -> Result<()> {
        let mut lines = Lines::open(path)?;
        let mut sessions: BTreeMap<SessionId, Session> = BTreeMap::new();
        loop {
            let event = match lines.next()? {
                None => break,
                Some(line) => Event::from_json(line),
            };
            let event = event.with_context(|| format!("{}: expected an event", lines.place()))?;
            let judged = Judged::of(engine, &event).await;
            sessions.entry(event.session.clone()).or_default().add(judged);
        }
        let name = path.file_name().map(|name| name.display().to_string()).unwrap_or_default();
        for session in sessions.into_values() {
            self.counts.add(Kind::Transcript, name.trim_end_matches(TRANSCRIPT), &session);
        }
        Ok(())
    }

    /// Judges a record, as two sessions of one event each.
    async fn record(&mut self, folder: &str, record: &Record) -> Result<()> {
        let source = format!("{folder}/{}", record.source);
        let input = place::input(record, self.session)?;
        let result = place::event_at(record, Checkpoint::ToolResult, self.session + 1)?;
        self.session += 2;
        for (kind, event) in [(Kind::Input, input), (Kind::Result, result)] {
            let mut session = Session::default();
            session.add(Judged::of(&self.engine, &event).await);
            self.counts.add(kind, &source, &session);
        }
        Ok(())
    }
}

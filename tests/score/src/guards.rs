//! Guards one by one, over a corpus.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use guardhouse::sandbox::Runtime;
use serde::Serialize;

use crate::{
    Status,
    arguments::Arguments,
    conformance::Conformance,
    corpus::{self, File, Label, RECORDS, Record},
    findings::FindingsFile,
    place::{self, CONFORMANCE, GUARDS},
    report::{self, GuardReport, Report},
    shown::Shown,
    station::{Seen, Stationed},
    tally::Tally,
};

/// What was not scored, and why.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PassedOver {
    /// Guards that are not built.
    pub(crate) missing: Vec<&'static str>,
    /// Records without one of the two labels.
    pub(crate) unlabelled: u64,
    /// Records of another quality, by quality.
    pub(crate) quality: BTreeMap<String, u64>,
    /// Folders on which no guard is scored.
    pub(crate) folders: BTreeSet<String>,
}

/// A run.
struct Run<'a> {
    arguments: &'a Arguments,
    qualities: BTreeSet<&'a str>,
    guards: Vec<Stationed>,
    /// For each guard.
    tallies: Vec<Tally>,
    /// For each guard.
    conformance: Vec<Conformance>,
    /// By folder, where several guards share one: what any of them finds.
    together: BTreeMap<&'static str, Tally>,
    passed: PassedOver,
    findings: Option<FindingsFile>,
    shown: Option<Shown>,
    /// Each event has a session of its own.
    session: u64,
}

/// Scores every guard that is built and prints what it comes to.
pub(crate) async fn run(arguments: &Arguments) -> Result<Status> {
    let directory = arguments.corpus.as_deref().context("expected `--corpus`, found nothing")?;
    let files = corpus::files(directory, "", RECORDS)?;
    if files.is_empty() {
        bail!("expected `*.jsonl` below `{}`, found none", directory.display());
    }
    let mut run = Run::new(arguments).await?;
    for file in &files {
        run.file(File::open(file)?).await?;
    }
    run.finish()
}

impl<'a> Run<'a> {
    async fn new(arguments: &'a Arguments) -> Result<Self> {
        let names = GUARDS.map(|guard| guard.name);
        if let Some(unknown) = arguments.only.iter().find(|name| !names.contains(&name.as_str())) {
            bail!("expected a guard that is scored ({}), found `{unknown}`", names.join(", "));
        }
        let runtime = Runtime::new()?;
        let (mut guards, mut passed) = (Vec::new(), PassedOver::default());
        for scored in GUARDS {
            if arguments.only.is_empty() || arguments.only.iter().any(|name| name == scored.name) {
                match Stationed::new(&runtime, &arguments.guards, scored).await? {
                    Some(guard) => guards.push(guard),
                    None => passed.missing.push(scored.name),
                }
            }
        }
        Ok(Self {
            arguments,
            qualities: arguments.qualities(),
            tallies: vec![Tally::default(); guards.len()],
            conformance: vec![Conformance::default(); guards.len()],
            guards,
            together: BTreeMap::new(),
            passed,
            findings: arguments.findings.as_deref().map(FindingsFile::create).transpose()?,
            shown: arguments.show.map(|show| Shown::new(show, arguments.limit)),
            session: 0,
        })
    }

    async fn file(&mut self, mut file: File) -> Result<()> {
        if file.folder == CONFORMANCE {
            while let Some(record) = file.next()? {
                self.conforms(&record).await?;
            }
        } else if let Some(scored) = GUARDS.iter().find(|guard| guard.folder == file.folder) {
            while let Some(record) = file.next()? {
                self.labelled(scored.folder, &record).await?;
            }
        } else {
            self.passed.folders.insert(file.folder);
        }
        Ok(())
    }

    /// Shows a record with a label to every guard of its folder.
    async fn labelled(&mut self, folder: &'static str, record: &Record) -> Result<()> {
        let Some(label) = record.label else {
            self.passed.unlabelled += 1;
            return Ok(());
        };
        if !self.qualities.contains(record.quality.as_str()) {
            *self.passed.quality.entry(record.quality.clone()).or_default() += 1;
            return Ok(());
        }
        let part = record.part();
        if !self.arguments.takes(part) {
            return Ok(());
        }
        let (mut asked, mut any) = (0, Seen::default());
        for (guard, tally) in self.guards.iter().zip(&mut self.tallies) {
            if guard.scored.folder != folder {
                continue;
            }
            self.session += 1;
            let event = place::event(record, guard.scored.at, self.session)?;
            let seen = guard.see(&event, self.arguments.min_confidence).await;
            tally.count(label, &record.source, part).add(label, seen.found(), seen.failure.is_some());
            if let Some(shown) = &mut self.shown {
                shown.record(guard.scored.name, record, label, &seen);
            }
            asked += 1;
            any.join(seen);
        }
        if asked > 1 {
            // One that failed has not found anything, another may have.
            let failed = any.failure.is_some() && !any.found();
            let tally = self.together.entry(folder).or_default();
            tally.count(label, &record.source, part).add(label, any.found(), failed);
        }
        if asked > 0
            && let Some(findings) = &mut self.findings
        {
            findings.write(&record.id, &any)?;
        }
        Ok(())
    }

    /// Shows a record without a label to every guard, wherever that is asked.
    async fn conforms(&mut self, record: &Record) -> Result<()> {
        if self.shown.is_some() {
            return Ok(());
        }
        for (guard, conformance) in self.guards.iter().zip(&mut self.conformance) {
            for checkpoint in guard.scored.at {
                self.session += 1;
                let event = place::event_at(record, *checkpoint, self.session)?;
                conformance.add(record, *checkpoint, &guard.see(&event, 0).await);
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Status> {
        if let Some(findings) = self.findings {
            findings.finish()?;
        }
        if let Some(shown) = self.shown {
            shown.finish(&self.passed);
            return Ok(Status::Whole);
        }
        let columns = self.arguments.columns();
        let figures = |tally: &Tally| (tally.figures(Label::Attack, columns), tally.figures(Label::Benign, columns));
        let mut guards = Vec::new();
        for ((guard, tally), conformance) in self.guards.iter().zip(&self.tallies).zip(&self.conformance) {
            let (attack, benign) = figures(tally);
            let name = guard.scored.name.to_owned();
            let longest = Some(u64::try_from(guard.longest().as_micros()).unwrap_or(u64::MAX));
            let conformance = conformance.clone();
            guards.push(GuardReport { guard: name, folder: guard.scored.folder, attack, benign, longest, conformance });
        }
        for (folder, tally) in &self.together {
            let (attack, benign) = figures(tally);
            let names: Vec<_> =
                self.guards.iter().map(|guard| guard.scored).filter(|scored| scored.folder == *folder).collect();
            let guard = names.iter().map(|scored| scored.name).collect::<Vec<_>>().join(" or ");
            let conformance = Conformance::default();
            guards.push(GuardReport { guard, folder, attack, benign, longest: None, conformance });
        }
        let report =
            Report { columns: columns.iter().map(|column| column.name).collect(), guards, passed: self.passed };
        report::print(&report, self.arguments)?;
        Ok(if report.has_failures() { Status::Failures } else { Status::Whole })
    }
}

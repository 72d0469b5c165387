//! What can be typed.

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Result, bail};
use clap::{Parser, ValueEnum};

use crate::split::Part;

/// Scores guards, or a whole bundle, on labelled texts.
///
/// Guards one by one, over a corpus: for each source of texts the share of attacks that the guard finds, or of benign
/// texts that it reports wrongly, and the average over the sources. With a bundle or sessions: the whole bundle, over
/// sessions in which nothing is wrong.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask score",
    override_usage = "cargo xtask score --corpus DIR [OPTIONS]\n       cargo xtask score --sessions DIR [--corpus DIR] [--bundle DIR] [OPTIONS]",
    after_help = "\
Exit status: 0 if every check gave a report, 1 if a guard failed in one, 2 on an error.

Examples:
  cargo xtask score --corpus ~/corpora
  cargo xtask score --corpus ~/corpora --guard secrets --show misses --limit 5
  cargo xtask score --corpus ~/corpora --markdown
  cargo xtask score --sessions ~/transcripts --corpus ~/corpora --bundle policies/default"
)]
pub(crate) struct Arguments {
    /// Where the built guards are
    #[arg(long, value_name = "DIR", hide = true)]
    pub(crate) guards: PathBuf,

    /// Score every `*.jsonl` below this directory; the name of the folder that a file lies in says what it is about
    #[arg(long, value_name = "DIR", required_unless_present = "sessions")]
    pub(crate) corpus: Option<PathBuf>,

    /// Only these guards
    #[arg(long = "guard", value_name = "NAME", conflicts_with = "bundle")]
    pub(crate) only: Vec<String>,

    /// Which part of the records is scored: the one whose records may be looked at, the one whose figures are reported, or
    /// all as one [default: both, side by side; the one to report with --markdown and for a bundle]
    #[arg(long, value_name = "PART")]
    pub(crate) part: Option<Choice>,

    /// Only records of these qualities, as their corpus rates them; a record that is not rated counts as `high`
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "high,medium")]
    pub(crate) quality: Vec<String>,

    /// Count only findings of which the guard is at least so sure, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100), conflicts_with = "bundle")]
    pub(crate) min_confidence: u8,

    /// Print records instead of figures: attacks that a guard misses, or benign ones that it reports. Never those of the
    /// part to report
    #[arg(long, value_name = "WHICH", conflicts_with_all = ["bundle", "json", "markdown"])]
    pub(crate) show: Option<Show>,

    /// Of each source, print at most so many records
    #[arg(long, value_name = "N", default_value_t = 10, requires = "show")]
    pub(crate) limit: usize,

    /// Write what was found in each record to this file, one JSON object a line: `id`, `categories`, `types`
    #[arg(long, value_name = "FILE", conflicts_with = "bundle")]
    pub(crate) findings: Option<PathBuf>,

    /// Score this bundle as a whole, on benign sessions and on the benign records of the corpus, each of which is a session
    /// [default with --sessions: policies/default]
    #[arg(long, value_name = "DIR")]
    pub(crate) bundle: Option<PathBuf>,

    /// Score the bundle on every `*benign*.events.jsonl` below this directory: transcripts as `guardhouse check` reads them
    #[arg(long, value_name = "DIR", requires = "bundle")]
    pub(crate) sessions: Option<PathBuf>,

    /// Print JSON
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,

    /// Print tables in Markdown
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// Which part of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// The part whose records may be looked at
    Look,
    /// The part whose figures are reported, and whose records nobody looks at
    Report,
    /// Both as one
    All,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    /// Attacks in which a guard found nothing
    Misses,
    /// Benign records in which a guard found something
    FalseAlarms,
}

/// A column of figures: the parts that are counted in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    /// What it is called.
    pub(crate) name: &'static str,
    /// What is counted in it.
    pub(crate) parts: &'static [Part],
}

const LOOK: Column = Column { name: "look", parts: &[Part::Look] };
const REPORT: Column = Column { name: "report", parts: &[Part::Report] };
const ALL: Column = Column { name: "all", parts: &[Part::Look, Part::Report] };

impl Arguments {
    /// Refuses what may be typed and is not to be done.
    pub(crate) fn held(&self) -> Result<()> {
        if self.show.is_some() && self.part == Some(Choice::Report) {
            bail!(
                "expected `--show` without `--part report`, found both: the records of that part are not shown. Whoever \
                 reads what a guard misses there will mend it, and the figures of that part are then no better than \
                 those of the part to look at"
            );
        }
        Ok(())
    }

    /// The columns of the figures.
    pub(crate) fn columns(&self) -> &'static [Column] {
        match self.part {
            Some(Choice::Look) => &[LOOK],
            Some(Choice::Report) => &[REPORT],
            Some(Choice::All) => &[ALL],
            None if self.show.is_some() => &[LOOK],
            None if self.markdown || self.bundle.is_some() => &[REPORT],
            None => &[LOOK, REPORT],
        }
    }

    /// Whether records of this part are scored at all.
    pub(crate) fn takes(&self, part: Part) -> bool {
        self.columns().iter().any(|column| column.parts.contains(&part))
    }

    /// The qualities that count.
    pub(crate) fn qualities(&self) -> BTreeSet<&str> {
        self.quality.iter().map(String::as_str).collect()
    }
}

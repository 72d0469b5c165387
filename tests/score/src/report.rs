//! What a run over a corpus came to, for people, for documents and for programs.

use std::fmt::Display;

use anyhow::Result;
use serde::Serialize;

use crate::{
    arguments::Arguments,
    conformance::Conformance,
    corpus::Label,
    guards::PassedOver,
    interval::Rate,
    table::Table,
    tally::{Figure, Figures},
};

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    /// The names of the columns of figures.
    pub(crate) columns: Vec<&'static str>,
    /// Each guard; and, where several share a folder, all of these together.
    pub(crate) guards: Vec<GuardReport>,
    /// What was not scored.
    #[serde(flatten)]
    pub(crate) passed: PassedOver,
}

/// What it came to for one guard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct GuardReport {
    /// Its name; several, joined by `or`, for what any of them finds.
    pub(crate) guard: String,
    /// The folder.
    pub(crate) folder: &'static str,
    /// Recall, if there are attacks.
    pub(crate) attack: Option<Figures>,
    /// False alarms, if there are benign records.
    pub(crate) benign: Option<Figures>,
    /// Microseconds of its longest call, by the clock; `None` for several guards.
    #[serde(rename = "longest_micros")]
    pub(crate) longest: Option<u64>,
    /// Texts without labels.
    pub(crate) conformance: Conformance,
}

impl GuardReport {
    /// Its figures for both labels, as far as there are any.
    fn labels(&self) -> impl Iterator<Item = (Label, &Figures)> {
        [(Label::Attack, &self.attack), (Label::Benign, &self.benign)]
            .into_iter()
            .filter_map(|(label, figures)| Some((label, figures.as_ref()?)))
    }
}

impl Report {
    /// Whether a guard failed in a check.
    pub(crate) fn has_failures(&self) -> bool {
        self.guards.iter().any(|guard| {
            let failed = |(_, figures): (_, &Figures)| figures.average.values().any(|figure| figure.failed > 0);
            guard.conformance.failed > 0 || guard.labels().any(failed)
        })
    }

    /// The averages of all guards.
    fn averages(&self) -> Table {
        let rows = self.guards.iter().flat_map(|guard| {
            guard.labels().map(|(label, figures)| {
                let name = format!("{}: {}", guard.guard, what(label));
                self.row(name, |column| figures.average.get(column).copied(), true)
            })
        });
        Table { head: self.head("guard", true), rows: rows.collect() }
    }

    /// The sources of one guard and one label, and their average.
    fn sources(&self, figures: &Figures) -> Table {
        let rows = figures.sources.iter();
        let mut rows: Vec<_> =
            rows.map(|row| self.row(row.source.clone(), |column| row.figures.get(column).copied(), false)).collect();
        let average = format!("average of {} sources", figures.sources.len());
        rows.push(self.row(average, |column| figures.average.get(column).copied(), false));
        Table { head: self.head("source", false), rows }
    }

    fn head(&self, first: &str, with_sources: bool) -> Vec<String> {
        let mut head = vec![first.to_owned()];
        for column in &self.columns {
            let of = if self.columns.len() > 1 { format!(" ({})", told(column)) } else { String::new() };
            if with_sources {
                head.push("sources".to_owned());
            }
            head.extend(["records".to_owned(), format!("rate, 95 %{of}")]);
        }
        head
    }

    fn row(&self, first: String, figure: impl Fn(&str) -> Option<Figure>, with_sources: bool) -> Vec<String> {
        let mut row = vec![first];
        for column in &self.columns {
            let figure = figure(column);
            if with_sources {
                row.push(figure.map_or_else(String::new, |figure| figure.sources.to_string()));
            }
            row.push(figure.map_or_else(String::new, |figure| figure.records.to_string()));
            row.push(figure.map_or_else(String::new, |figure| {
                let failed = if figure.failed > 0 { format!(", {} FAILED", figure.failed) } else { String::new() };
                format!("{}{failed}", percent(figure.rate))
            }));
        }
        row
    }

    /// What is said beside the figures.
    fn notes(&self, with_times: bool) -> Vec<String> {
        let PassedOver { missing, unlabelled, quality, folders } = &self.passed;
        let mut notes = Vec::new();
        for GuardReport { guard, longest, conformance, .. } in &self.guards {
            let Some(longest) = longest else { continue };
            let (checks, failed) = (conformance.checks, conformance.failed);
            if checks > 0 {
                notes.push(format!("{guard}: {checks} checks of texts without labels, {failed} failed"));
            }
            if with_times {
                #[expect(clippy::cast_precision_loss, reason = "milliseconds with one digit")]
                let longest = *longest as f64 / 1e3;
                notes.push(format!("{guard}: longest call {longest:.1} ms"));
            }
            for failure in &conformance.failures {
                notes.push(format!("{guard} FAILED: {} at {}: {}", failure.id, failure.checkpoint, failure.because));
            }
        }
        notes.extend(missing.iter().map(|guard| format!("{guard}: not built, not scored")));
        if *unlabelled > 0 {
            notes.push(format!("{unlabelled} records passed over: labelled neither `attack` nor `benign`"));
        }
        notes
            .extend(quality.iter().map(|(quality, count)| format!("{count} records passed over: quality `{quality}`")));
        notes.extend(folders.iter().map(|folder| format!("folder `{folder}` passed over: no guard is scored on it")));
        notes
    }

    fn plain(&self) -> String {
        let tables = self.guards.iter().flat_map(|guard| {
            guard.labels().map(|(label, figures)| {
                format!("{} on {}: {}\n{}", guard.guard, guard.folder, what(label), self.sources(figures).plain())
            })
        });
        let averages = format!("averages\n{}", self.averages().plain());
        tables.chain([averages, self.notes(true).join("\n")]).collect::<Vec<_>>().join("\n")
    }

    fn markdown(&self) -> String {
        let tables = self.guards.iter().flat_map(|guard| {
            guard.labels().map(|(label, figures)| {
                format!("`{}`, {}:\n\n{}", guard.guard, what(label), self.sources(figures).markdown())
            })
        });
        let notes: Vec<_> = self.notes(false).iter().map(|note| format!("* {note}")).collect();
        [self.averages().markdown()].into_iter().chain(tables).chain([notes.join("\n")]).collect::<Vec<_>>().join("\n")
    }
}

/// What a rate is, by label.
const fn what(label: Label) -> &'static str {
    match label {
        Label::Attack => "attacks found",
        Label::Benign => "benign reported",
    }
}

fn told(column: &str) -> &str {
    match column {
        "look" => "to look at",
        "report" => "to report",
        other => other,
    }
}

/// A rate with its interval, in percent.
pub(crate) fn percent(Rate { share, low, high }: Rate) -> String {
    format!("{:.1} % ({:.1} to {:.1})", share * 100.0, low * 100.0, high * 100.0)
}

/// Prints a report in the form that the arguments ask for.
pub(crate) fn print(report: &Report, arguments: &Arguments) -> Result<()> {
    if arguments.json {
        line(serde_json::to_string_pretty(report)?);
    } else if arguments.markdown {
        line(report.markdown().trim_end());
    } else {
        line(report.plain().trim_end());
    }
    Ok(())
}

/// Prints a line of results.
#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
pub(crate) fn line(text: impl Display) {
    println!("{text}");
}

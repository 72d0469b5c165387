//! Counts, and the figures that they come to.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{arguments::Column, corpus::Label, interval::Rate, split::Part};

/// What a guard made of the records of one source.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    /// The records.
    pub(crate) records: u64,
    /// Those that count as found: in an attack something was found, in a benign record something was found or the guard
    /// failed. A failed check counts against the guard.
    pub(crate) hits: u64,
    /// Those in which the guard failed.
    pub(crate) failed: u64,
}

impl Count {
    /// One record more.
    pub(crate) fn add(&mut self, label: Label, found: bool, failed: bool) {
        self.records += 1;
        self.failed += u64::from(failed);
        self.hits += u64::from(if failed { label == Label::Benign } else { found });
    }

    fn and(self, other: Self) -> Self {
        Self { records: self.records + other.records, hits: self.hits + other.hits, failed: self.failed + other.failed }
    }
}

/// Counts by label, source and part.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally(BTreeMap<Label, BTreeMap<String, [Count; 2]>>);

impl Tally {
    /// The count of a source in one part.
    pub(crate) fn count(&mut self, label: Label, source: &str, part: Part) -> &mut Count {
        let sources = self.0.entry(label).or_default();
        let parts = sources.entry(source.to_owned()).or_default();
        // INVARIANT: there is one for each part.
        #[expect(clippy::indexing_slicing, reason = "see above")]
        &mut parts[part.index()]
    }

    /// The figures of one label, if there is a record of it.
    pub(crate) fn figures(&self, label: Label, columns: &[Column]) -> Option<Figures> {
        let of = |column: &Column, counts: &[Count; 2]| {
            let counts = column.parts.iter().filter_map(|part| counts.get(part.index()));
            Figure::of(counts.fold(Count::default(), |sum, count| sum.and(*count)))
        };
        let sources = self.0.get(&label)?.iter().map(|(source, counts)| Row {
            source: source.clone(),
            figures: columns.iter().filter_map(|column| Some((column.name, of(column, counts)?))).collect(),
        });
        let sources: Vec<Row> = sources.filter(|row| !row.figures.is_empty()).collect();
        let average = columns.iter().filter_map(|column| {
            let figures: Vec<Figure> = sources.iter().filter_map(|row| row.figures.get(column.name).copied()).collect();
            Some((column.name, Figure::average(&figures)?))
        });
        let average = average.collect();
        (!sources.is_empty()).then_some(Figures { average, sources })
    }
}

/// The figures of one guard and one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// The average over the sources, by the columns' names.
    pub(crate) average: BTreeMap<&'static str, Figure>,
    /// Of each source.
    pub(crate) sources: Vec<Row>,
}

/// The figures of one source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) source: String,
    /// By the columns' names; none where it has no records.
    pub(crate) figures: BTreeMap<&'static str, Figure>,
}

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// How many sources it is of.
    pub(crate) sources: usize,
    /// How many records.
    pub(crate) records: u64,
    /// How many of them count as found.
    pub(crate) hits: u64,
    /// In how many of them the guard failed.
    pub(crate) failed: u64,
    /// The share of hits in one source; the average of these shares over several.
    #[serde(flatten)]
    pub(crate) rate: Rate,
}

impl Figure {
    /// That of one source; `None` where it has no records.
    pub(crate) fn of(Count { records, hits, failed }: Count) -> Option<Self> {
        Rate::wilson(hits, records).map(|rate| Self { sources: 1, records, hits, failed, rate })
    }

    /// The average over sources, each with the same weight; `None` where there are none.
    pub(crate) fn average(figures: &[Self]) -> Option<Self> {
        let rates: Vec<Rate> = figures.iter().map(|figure| figure.rate).collect();
        let sum = |of: fn(&Self) -> u64| figures.iter().map(of).sum();
        Some(Self {
            sources: figures.len(),
            records: sum(|figure| figure.records),
            hits: sum(|figure| figure.hits),
            failed: sum(|figure| figure.failed),
            rate: Rate::average(&rates)?,
        })
    }
}

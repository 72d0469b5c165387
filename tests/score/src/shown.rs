//! The records behind the figures, for whoever improves a guard. Those of the part to report are never among them.

use std::collections::BTreeMap;

use guardhouse::text::reveal;

use crate::{
    arguments::Show,
    corpus::{Label, Record},
    guards::PassedOver,
    report::line,
    split::Part,
    station::Seen,
};

/// Bytes of a text that are printed.
const TEXT: usize = 1_000;

/// Prints records.
pub(crate) struct Shown {
    show: Show,
    limit: usize,
    /// How many there were, by guard and source.
    count: BTreeMap<(&'static str, String), usize>,
}

impl Shown {
    /// Prints at most `limit` records of each source.
    pub(crate) const fn new(show: Show, limit: usize) -> Self {
        Self { show, limit, count: BTreeMap::new() }
    }

    /// Prints a record if it is one of those to be shown.
    pub(crate) fn record(&mut self, guard: &'static str, record: &Record, label: Label, seen: &Seen) {
        let wanted = match self.show {
            Show::Misses => label == Label::Attack && !seen.found(),
            Show::FalseAlarms => label == Label::Benign && seen.found(),
        };
        // Whatever the arguments say.
        if !wanted || record.part() != Part::Look {
            return;
        }
        let count = self.count.entry((guard, record.source.clone())).or_default();
        *count += 1;
        if *count > self.limit {
            return;
        }
        let rules: Vec<_> = seen.rules.iter().map(String::as_str).collect();
        let found = match (&seen.failure, rules.as_slice()) {
            (Some(failure), _) => failure.clone(),
            (None, []) => "nothing".to_owned(),
            (None, rules) => rules.join(", "),
        };
        let kind = [&record.surface, &record.cls].map(|word| if word.is_empty() { "-" } else { word });
        line(format_args!("{guard}  {}  {}  {}  {}: {found}", record.source, record.id, kind[0], kind[1]));
        line(format_args!("    {}\n", reveal(&record.text, TEXT)));
    }

    /// Prints how many there were.
    pub(crate) fn finish(self, passed: &PassedOver) {
        let what = match self.show {
            Show::Misses => "missed",
            Show::FalseAlarms => "reported wrongly",
        };
        for ((guard, source), count) in &self.count {
            line(format_args!("{guard}  {source}: {count} {what}, {} shown", self.limit.min(*count)));
        }
        for guard in &passed.missing {
            line(format_args!("{guard}: not built"));
        }
    }
}

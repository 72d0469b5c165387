//! [`Summary`]: how many decisions would change, and which.

use std::collections::BTreeMap;

use super::{NotReplayable, Row};
use crate::{
    decision::Verdict,
    json::{Object, Value},
};

/// How many decisions would change, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many there are in all.
    pub decisions: u64,
    /// How many have the same verdict.
    pub same: u64,
    /// How many of these have it for other reasons.
    pub same_for_other_reasons: u64,
    /// How many have another verdict, by the old and the new one.
    pub changed: BTreeMap<(Verdict, Verdict), u64>,
    /// Of how many it is not known, by the [word](NotReplayable::as_str) of why.
    pub not_replayable: BTreeMap<&'static str, u64>,
    /// The bundle's verdicts, of those of which they are known.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Lines of a journal that are no records.
    pub damaged: u64,
    /// The first of the decisions that have another verdict.
    pub first: Vec<Row>,
    /// How many of them are kept.
    keep: usize,
}

impl Summary {
    /// Nothing counted yet. At most `keep` of the changed decisions will be kept.
    #[must_use]
    pub fn keeping(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Counts one decision.
    pub fn add(&mut self, row: Row) {
        self.decisions += 1;
        let new = match &row.new {
            Ok(new) => new,
            Err(why) => {
                *self.not_replayable.entry(why.as_str()).or_default() += 1;
                return;
            }
        };
        *self.verdicts.entry(new.verdict).or_default() += 1;
        if let Some(change) = row.change() {
            *self.changed.entry(change).or_default() += 1;
            if self.first.len() < self.keep {
                self.first.push(row);
            }
        } else if let Some(old) = &row.old {
            self.same += 1;
            self.same_for_other_reasons += u64::from(old.reasons != new.reasons);
        }
    }

    /// Counts a decision whose record cannot be read back.
    pub fn add_unreadable(&mut self) {
        self.decisions += 1;
        *self.not_replayable.entry(NotReplayable::Unreadable.as_str()).or_default() += 1;
    }

    /// Whether nothing would change, and that is known of all.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.changed.is_empty() && self.not_replayable.is_empty() && self.damaged == 0
    }

    /// The summary as JSON: `decisions`, `same`, `same_for_other_reasons`, `changed`, `not_replayable` and `damaged`, which are
    /// numbers; `changes`, each with `old`, `new` and `count`; `not_replayable_by` and `verdicts`, numbers by word; and `first`,
    /// [rows](Row::to_value).
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut object = Object::new();
        object.insert("decisions", self.decisions);
        object.insert("same", self.same);
        object.insert("same_for_other_reasons", self.same_for_other_reasons);
        object.insert("changed", self.changed.values().sum::<u64>());
        object.insert("not_replayable", self.not_replayable.values().sum::<u64>());
        object.insert("damaged", self.damaged);
        let change = |((old, new), count): (&(Verdict, Verdict), &u64)| {
            let mut change = Object::new();
            change.insert("old", old.as_str());
            change.insert("new", new.as_str());
            change.insert("count", *count);
            change.into()
        };
        object.insert("changes", self.changed.iter().map(change).collect::<Vec<Value>>());
        object.insert("not_replayable_by", counts(self.not_replayable.iter().map(|(why, count)| (*why, *count))));
        object.insert("verdicts", counts(self.verdicts.iter().map(|(verdict, count)| (verdict.as_str(), *count))));
        object.insert("first", self.first.iter().map(Row::to_value).collect::<Vec<_>>());
        object
    }
}

fn counts<'w>(counts: impl Iterator<Item = (&'w str, u64)>) -> Object {
    let mut object = Object::new();
    for (word, count) in counts {
        object.insert(word, count);
    }
    object
}

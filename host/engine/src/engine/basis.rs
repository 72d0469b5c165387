//! [`Basis`]: what a decision rests on.

use std::{collections::BTreeSet, time::Duration};

use super::check::Explanations;
use crate::{
    decision::Category,
    event::Event,
    journal::{Evaluated, Grounds, Mended, Streamed},
    judge::{Coverage, Evaluation, Facts},
    text::Found,
    tools::ToolProfile,
};

/// What each guard took, by its name.
pub(super) type Spent = Vec<(String, Duration)>;

/// Adds what one guard took.
pub(super) fn add(spent: &mut Spent, guard: &str, time: Duration) {
    match spent.iter_mut().find(|(known, _)| known == guard) {
        Some((_, all)) => *all += time,
        None => spent.push((guard.to_owned(), time)),
    }
}

/// What a decision rests on, kept as it is until somebody wants it written.
#[derive(Debug, Clone, Default)]
pub(super) struct Basis {
    /// The evaluation of the original.
    pub(super) original: Option<(Facts, Evaluation)>,
    /// Of what was left of it after a repair.
    pub(super) repaired: Option<Repair>,
    /// What was left of it.
    pub(super) left: Option<Event>,
    /// What each of the decision's findings says decoded.
    pub(super) decoded: Vec<Option<String>>,
    /// How it was judged, if it is a stream.
    pub(super) streamed: Option<Streamed>,
    /// What each guard took, by its name.
    pub(super) guards: Spent,
    /// What the judge took.
    pub(super) judge: Duration,
    /// Why the judge said what it said, if that is to be explained.
    pub(super) explanations: Explanations,
}

/// A repair, and what was left after it.
#[derive(Debug, Clone)]
pub(super) struct Repair {
    /// The categories that were repaired.
    pub(super) categories: BTreeSet<Category>,
    /// What guards saw in what was left.
    pub(super) found: Vec<Found>,
    pub(super) facts: Facts,
    pub(super) evaluation: Evaluation,
}

impl Basis {
    /// Adds what guards took.
    pub(super) fn took(&mut self, spent: &Spent) {
        for (guard, time) in spent {
            add(&mut self.guards, guard, *time);
        }
    }

    /// The same for a record, with what is known of the tool.
    pub(super) fn grounds(&self, tool: Option<ToolProfile>) -> Grounds<'_> {
        let Self { original, repaired, left, decoded, streamed, guards, judge, explanations: _ } = self;
        let is_inspected = |facts: &Facts| facts.coverage == Coverage { uninspected: false, skipped: false };
        Grounds {
            tool: tool.map(ToolProfile::to_object),
            original: original.as_ref().map(|(facts, evaluation)| evaluated(facts, evaluation)),
            repaired: repaired.as_ref().map(|Repair { categories, found, facts, evaluation }| Mended {
                categories,
                found,
                evaluated: evaluated(facts, evaluation),
            }),
            left: left.as_ref(),
            decoded,
            // What was left of it may not have been judged, since a guard failed on it.
            is_inspected: original.as_ref().is_some_and(|(facts, _)| is_inspected(facts))
                && left.is_some() == repaired.is_some()
                && repaired.as_ref().is_none_or(|repair| is_inspected(&repair.facts)),
            streamed: *streamed,
            guards,
            judge: *judge,
        }
    }
}

fn evaluated(facts: &Facts, evaluation: &Evaluation) -> Evaluated {
    let policies = evaluation.determining().into_iter().map(str::to_owned).collect();
    Evaluated { facts: facts.to_object(), policies }
}

//! [`Basis`]: what a decision rests on.

use std::time::Duration;

use crate::{
    decision::Finding,
    journal::{Evaluated, Grounds},
    judge::{Evaluation, Facts},
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
    /// The evaluation of what was left of it after a repair, and what guards saw in that.
    pub(super) repaired: Option<(Facts, Evaluation, Vec<Found>)>,
    /// What each guard took, by its name.
    pub(super) guards: Spent,
    /// What the judge took.
    pub(super) judge: Duration,
}

impl Basis {
    /// Adds what guards took.
    pub(super) fn took(&mut self, spent: Spent) {
        for (guard, time) in spent {
            add(&mut self.guards, &guard, time);
        }
    }

    /// The same for a record, with what is known of the tool.
    pub(super) fn grounds(&self, tool: Option<ToolProfile>) -> Grounds {
        let Self { original, repaired, guards, judge } = self;
        let of_repaired = |(facts, evaluation, findings): &(Facts, Evaluation, Vec<Found>)| -> (Evaluated, Vec<Finding>) {
            (evaluated(facts, evaluation), findings.iter().map(|found| found.finding.clone()).collect())
        };
        Grounds {
            tool: tool.map(ToolProfile::to_object),
            original: original.as_ref().map(|(facts, evaluation)| evaluated(facts, evaluation)),
            repaired: repaired.as_ref().map(of_repaired),
            guards: guards.clone(),
            judge: *judge,
        }
    }
}

fn evaluated(facts: &Facts, evaluation: &Evaluation) -> Evaluated {
    let policies = evaluation.determining().into_iter().map(str::to_owned).collect();
    Evaluated { facts: facts.to_object(), policies }
}

//! [`Basis`]: what a decision rests on.

use std::time::Duration;

use crate::{
    event::Event,
    journal::{Evaluated, Grounds},
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
    /// The evaluation of what was left of it after a repair, and what guards saw in that.
    pub(super) repaired: Option<(Facts, Evaluation, Vec<Found>)>,
    /// What was left of it.
    pub(super) left: Option<Event>,
    /// What each of the decision's findings says decoded.
    pub(super) decoded: Vec<Option<String>>,
    /// It is of a stream.
    pub(super) is_stream: bool,
    /// What each guard took, by its name.
    pub(super) guards: Spent,
    /// What the judge took.
    pub(super) judge: Duration,
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
        let Self { original, repaired, left, decoded, is_stream, guards, judge } = self;
        let is_inspected = |facts: &Facts| facts.coverage == Coverage { uninspected: false, skipped: false };
        Grounds {
            tool: tool.map(ToolProfile::to_object),
            original: original.as_ref().map(|(facts, evaluation)| evaluated(facts, evaluation)),
            repaired: repaired
                .as_ref()
                .map(|(facts, evaluation, found)| (evaluated(facts, evaluation), found.as_slice())),
            left: left.as_ref(),
            decoded,
            // What was left of it may not have been judged, since a guard failed on it.
            is_inspected: original.as_ref().is_some_and(|(facts, _)| is_inspected(facts))
                && left.is_some() == repaired.is_some()
                && repaired.as_ref().is_none_or(|(facts, ..)| is_inspected(facts)),
            is_stream: *is_stream,
            guards,
            judge: *judge,
        }
    }
}

fn evaluated(facts: &Facts, evaluation: &Evaluation) -> Evaluated {
    let policies = evaluation.determining().into_iter().map(str::to_owned).collect();
    Evaluated { facts: facts.to_object(), policies }
}

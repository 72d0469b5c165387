//! [`Grounds`]: what a decision rests on, for its record.

use std::time::Duration;

use super::inspection::Inspection;
use crate::{
    journal::{Evaluated, Grounds},
    judge::{Evaluation, Facts},
    tools::ToolProfile,
};

impl Grounds {
    /// Takes down the evaluation of the original.
    pub(super) fn of_original(&mut self, facts: &Facts, evaluation: &Evaluation) {
        self.original = Some(evaluated(facts, evaluation));
    }

    /// Takes down the evaluation of what was left of it after a repair, and what guards saw in that.
    pub(super) fn of_repaired(&mut self, inspection: &Inspection, facts: &Facts, evaluation: &Evaluation) {
        let findings = inspection.findings.iter().map(|found| found.finding.clone()).collect();
        self.repaired = Some((evaluated(facts, evaluation), findings));
    }

    /// Takes down what is known of the tool.
    pub(super) fn of_tool(&mut self, profile: ToolProfile) {
        self.tool = Some(profile.to_object());
    }

    /// Adds what guards took.
    pub(super) fn took(&mut self, spent: &[(String, Duration)]) {
        for (guard, time) in spent {
            match self.guards.iter_mut().find(|(known, _)| known == guard) {
                Some((_, all)) => *all += *time,
                None => self.guards.push((guard.clone(), *time)),
            }
        }
    }
}

fn evaluated(facts: &Facts, evaluation: &Evaluation) -> Evaluated {
    let policies = evaluation.determining().into_iter().map(str::to_owned).collect();
    Evaluated { facts: facts.to_object(), policies }
}

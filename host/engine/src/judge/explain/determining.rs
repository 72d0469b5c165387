//! Which policies a verdict rests on.

use std::collections::{BTreeMap, HashSet};

use cedar_policy::{Effect, Policy, PolicyId, PolicySet};

use super::values::Given;
use super::{ExplainedPolicy, Explanation, Fact, Part};
use crate::decision::{ReasonCode, Verdict};
use crate::judge::evaluation::Evaluation;
use crate::judge::levels::Judge;
use crate::judge::reads::{Reads, spelled};
use crate::lines::line_of;

/// The policies that a verdict rests on.
pub(super) struct Determining<'j> {
    /// Those that an explanation names.
    named: Vec<(Part, &'j Policy)>,
    /// Others whose condition could change the verdict.
    others: Vec<&'j Policy>,
}

impl<'j> Determining<'j> {
    /// Those of an evaluation.
    ///
    /// * Denied by forbids: these, all that match. A permit plays no part.
    /// * Any other forbids that match: these, and the permits that match.
    /// * Allowed: the permits that match. Besides, each forbid of the right scope could have made it stricter.
    /// * No permit matches: the permits of the right scope, of which a few are named.
    /// * Not evaluated: the policies that failed.
    pub(super) fn of(judge: &'j Judge, evaluation: &Evaluation, given: &Given) -> Self {
        let reasons = evaluation.reasons();
        if reasons.first().is_some_and(|reason| reason.code == ReasonCode::NoPermit) {
            let mut near = judge.of_right_scope(Effect::Permit, given);
            let others = near.split_off(near.len().min(Explanation::MAX_NEAR));
            return Self { named: near.into_iter().map(|policy| (Part::Near, policy)).collect(), others };
        }
        let part = match reasons.first() {
            Some(reason) if reason.code != ReasonCode::Policy => Part::Fails,
            _ => Part::Matches,
        };
        let by_name = |id: &String| judge.policy(&PolicyId::new(id));
        let policies = reasons.iter().filter_map(|reason| by_name(reason.policy.as_ref()?));
        let mut named: Vec<_> = policies.map(|policy| (part, policy)).collect();
        let mut others = Vec::new();
        if evaluation.verdict() < Verdict::Deny {
            named.extend(judge.matching_permits(given).into_iter().map(|policy| (Part::Matches, policy)));
        }
        if evaluation.verdict() == Verdict::Allow {
            others = judge.of_right_scope(Effect::Forbid, given);
        }
        Self { named, others }
    }

    /// The policies and what they read, for people.
    pub(super) fn explained(&self, judge: &Judge, given: &Given) -> (Vec<ExplainedPolicy>, Vec<Fact>) {
        let mut facts = BTreeMap::new();
        let mut policies = Vec::with_capacity(self.named.len());
        for &(part, policy) in &self.named {
            let reads = Reads::of(policy).unwrap_or_default();
            let names = reads.all().map(|(root, chain)| {
                let name = spelled(root, chain);
                facts.entry(name.clone()).or_insert_with(|| given.value(root, chain));
                name
            });
            let names = names.collect();
            policies.extend(judge.explained(part, policy, names));
        }
        (policies, facts.into_iter().map(|(name, value)| Fact { name, value }).collect())
    }

    /// The policies on whose facts the verdict may turn.
    pub(super) fn movable(&self) -> Vec<&'j Policy> {
        self.named.iter().map(|(_, policy)| *policy).chain(self.others.iter().copied()).collect()
    }
}

impl Judge {
    /// The policies of one effect whose scope fits the event, by name: whether they match is up to their conditions.
    fn of_right_scope(&self, effect: Effect, given: &Given) -> Vec<&Policy> {
        let in_scope = self.in_scope(given.scope(), given.entities());
        let mut policies: Vec<_> = in_scope.filter(|policy| policy.effect() == effect).collect();
        policies.sort_by(|a, b| a.id().cmp(b.id()));
        policies
    }

    /// The permits that match, by name.
    fn matching_permits(&self, given: &Given) -> Vec<&Policy> {
        let mut permits = self.of_right_scope(Effect::Permit, given);
        // Names are unique, which is all that Cedar refuses.
        let Ok(set) = PolicySet::from_policies(permits.iter().copied().cloned()) else { return Vec::new() };
        let answer = self.authorize(&given.request, &set, given.entities());
        // With permits alone, Cedar's reasons are those that match.
        let matching: HashSet<_> = answer.diagnostics().reason().collect();
        permits.retain(|permit| matching.contains(permit.id()));
        permits
    }

    /// A policy for people; `None` for one that nothing is known of, which is an error of this program.
    fn explained(&self, part: Part, policy: &Policy, reads: Vec<String>) -> Option<ExplainedPolicy> {
        let place = self.place(policy.id())?;
        let said = |key| policy.annotation(key).filter(|text| !text.is_empty()).map(str::to_owned);
        Some(ExplainedPolicy {
            id: policy.id().to_string(),
            part,
            forbid: self.strength(policy.id()),
            file: place.source.name().to_owned(),
            line: line_of(place.source.inner().as_bytes(), place.head.start),
            message: said("message").or_else(|| said("why")),
            reads,
        })
    }
}

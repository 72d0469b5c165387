//! From facts to a Cedar context.
//!
//! Built from restricted expressions, never through Cedar's JSON: there a string of an agent's could become an entity,
//! and it costs many times as much. Cedar evaluates what is built here anew for each request, member by member, so only what
//! some policy reads is built (`wanted`).

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cedar_policy::{EntityId, EntityTypeName, EntityUid, RestrictedExpression};

use super::facts::{Facts, Flow, Flows, Session, Standing};
use super::request::Unbuildable;
use super::seen::Findings;
use super::wanted::Wanted;
use crate::decision::Category;
use crate::vocabulary::{Vocabulary, WordSet};

/// Builds contexts for the categories of one generation.
#[derive(Debug)]
pub(super) struct ContextParts {
    categories: BTreeSet<Category>,
    standings: WordValues,
}

impl ContextParts {
    /// Builds what is built once, for these categories.
    pub(super) fn new(categories: &BTreeSet<Category>) -> Result<Self, Unbuildable> {
        Ok(Self { categories: categories.clone(), standings: WordValues::new::<Standing>("Guardhouse::Standing")? })
    }

    /// Fails where a finding has a category that the generation does not declare: no policy could read it, and it would
    /// vanish without a word.
    pub(super) fn declares(&self, findings: &Findings) -> Result<(), Unbuildable> {
        let stray = findings.categories().find(|category| !self.categories.contains(*category));
        stray.map_or(Ok(()), |stray| Err(Unbuildable::UndeclaredCategory(stray.clone())))
    }

    /// As much of `context.core` for these facts as is wanted.
    pub(super) fn core(&self, facts: &Facts, wanted: &Wanted) -> Result<RestrictedExpression, Unbuildable> {
        let Facts { session, findings, flow, coverage, task, budget, anomaly, remembered } = facts;
        let mut core = Builder::of(wanted);
        core.add("session", |wanted| Self::session(session, wanted))?;
        core.add("findings", |wanted| self.findings(findings, wanted))?;
        core.add("flow", |wanted| self.flows(flow, wanted))?;
        core.add("coverage", |wanted| {
            let mut record = Builder::of(wanted);
            record.bool("uninspected", coverage.uninspected)?;
            record.bool("skipped", coverage.skipped)?;
            record.build()
        })?;
        core.add("task", |wanted| {
            let mut record = Builder::of(wanted);
            record.bool("declared", task.declared)?;
            record.bool("fits", task.fits)?;
            record.build()
        })?;
        core.add("budget", |wanted| {
            let mut record = Builder::of(wanted);
            record.bool("exceeded", budget.exceeded)?;
            record.add("remaining", |wanted| {
                let mut record = Builder::of(wanted);
                record.long("calls", budget.remaining_calls)?;
                record.build()
            })?;
            record.build()
        })?;
        core.add("anomaly", |wanted| {
            let mut record = Builder::of(wanted);
            record.long("score", anomaly.score)?;
            record.build()
        })?;
        core.add("remembered", |wanted| {
            let mut record = Builder::of(wanted);
            record.bool("destination", remembered.destination)?;
            record.bool("call", remembered.call)?;
            record.build()
        })?;
        core.build()
    }

    /// As much of `context.from` as is wanted: of each argument where it comes from.
    pub(super) fn from<'n>(
        &self,
        arguments: impl Iterator<Item = (&'n str, &'n Flow)>,
        wanted: &Wanted,
    ) -> Result<RestrictedExpression, Unbuildable> {
        let mut from = Builder::of(wanted);
        for (name, flow) in arguments {
            from.add(name, |wanted| self.flow(flow, wanted))?;
        }
        from.build()
    }

    fn session(session: &Session, wanted: &Wanted) -> Result<RestrictedExpression, Unbuildable> {
        let mut record = Builder::of(wanted);
        record.long("calls", session.calls)?;
        record.long("repeats", session.repeats)?;
        record.bool("untrusted", session.untrusted)?;
        record.add("labels", |_| Ok(strings(&session.labels)))?;
        record.bool("full", session.full)?;
        record.build()
    }

    fn findings(&self, findings: &Findings, wanted: &Wanted) -> Result<RestrictedExpression, Unbuildable> {
        let mut record = Builder::of(wanted);
        for category in &self.categories {
            let seen = findings.get(category);
            record.add(category.as_str(), |wanted| {
                let mut record = Builder::of(wanted);
                record.long("worst", seen.map_or(-1, |seen| i64::from(u8::from(seen.worst))))?;
                record.long("confidence", seen.map_or(0, |seen| u8::from(seen.confidence)))?;
                record.long("count", seen.map_or(0, |seen| seen.count))?;
                record.long("distinct", seen.map_or(0, |seen| seen.distinct))?;
                record.build()
            })?;
        }
        record.build()
    }

    fn flows(&self, flows: &Flows, wanted: &Wanted) -> Result<RestrictedExpression, Unbuildable> {
        let Flows { any, destination, payload, selector, code } = flows;
        let mut record = Builder::of(wanted);
        for (name, flow) in
            [("any", any), ("destination", destination), ("payload", payload), ("selector", selector), ("code", code)]
        {
            record.add(name, |wanted| self.flow(flow, wanted))?;
        }
        record.build()
    }

    fn flow(&self, flow: &Flow, wanted: &Wanted) -> Result<RestrictedExpression, Unbuildable> {
        let mut record = Builder::of(wanted);
        record.add("standings", |_| Ok(self.standings.get(flow.standings)))?;
        record.add("sources", |_| Ok(strings(&flow.sources)))?;
        record.add("labels", |_| Ok(strings(&flow.labels)))?;
        record.build()
    }
}

/// A record of the members that are wanted.
struct Builder<'w> {
    wanted: &'w Wanted,
    members: Vec<(String, RestrictedExpression)>,
}

impl<'w> Builder<'w> {
    fn of(wanted: &'w Wanted) -> Self {
        Self { wanted, members: Vec::new() }
    }

    /// A member, if it is wanted; it is told what of it is.
    fn add(
        &mut self,
        name: &str,
        value: impl FnOnce(&Wanted) -> Result<RestrictedExpression, Unbuildable>,
    ) -> Result<(), Unbuildable> {
        if let Some(wanted) = self.wanted.member(name) {
            self.members.push((name.to_owned(), value(wanted)?));
        }
        Ok(())
    }

    fn bool(&mut self, name: &str, value: bool) -> Result<(), Unbuildable> {
        self.add(name, |_| Ok(RestrictedExpression::new_bool(value)))
    }

    fn long(&mut self, name: &str, value: impl Into<i64>) -> Result<(), Unbuildable> {
        self.add(name, |_| Ok(RestrictedExpression::new_long(value.into())))
    }

    fn build(self) -> Result<RestrictedExpression, Unbuildable> {
        RestrictedExpression::new_record(self.members).map_err(Unbuildable::internal)
    }
}

fn strings(strings: &BTreeSet<String>) -> RestrictedExpression {
    RestrictedExpression::new_set(strings.iter().cloned().map(RestrictedExpression::new_string))
}

/// The Cedar values of every set of one vocabulary's words.
#[derive(Debug)]
pub(super) struct WordValues {
    words: Vec<RestrictedExpression>,
    sets: Box<[OnceLock<RestrictedExpression>]>,
}

impl WordValues {
    /// The words of `W`, which Cedar knows as entities of type `name`.
    pub(super) fn new<W: Vocabulary>(name: &str) -> Result<Self, Unbuildable> {
        let entity_type: EntityTypeName = name.parse().map_err(Unbuildable::internal)?;
        let words = W::ALL
            .iter()
            .map(|word| EntityUid::from_type_name_and_id(entity_type.clone(), EntityId::new(word.word())))
            .map(RestrictedExpression::new_entity_uid)
            .collect();
        Ok(Self { words, sets: (0..WordSet::<W>::COUNT).map(|_| OnceLock::new()).collect() })
    }

    /// The Cedar value of a set: built when it is first asked for.
    pub(super) fn get<W: Vocabulary>(&self, set: WordSet<W>) -> RestrictedExpression {
        let build = || {
            RestrictedExpression::new_set(
                set.iter().filter_map(|word| self.words.get(usize::from(word.place()))).cloned(),
            )
        };
        self.sets.get(set.number()).map_or_else(build, |slot| slot.get_or_init(build).clone())
    }
}

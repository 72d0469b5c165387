//! From facts to a Cedar context.
//!
//! Built from restricted expressions, never through Cedar's JSON: there a string of an agent's could become an entity,
//! and it costs many times as much. Whatever the facts of most events share is built once per generation and cloned,
//! which costs a reference count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use cedar_policy::{EntityId, EntityTypeName, EntityUid, RestrictedExpression};

use super::facts::{Anomaly, Budget, Facts, Flow, Flows, Session, Standing};
use super::request::Unbuildable;
use super::seen::{Findings, Seen};
use crate::decision::Category;
use crate::vocabulary::{Vocabulary, WordSet};

/// The parts of a context that are built once.
#[derive(Debug)]
pub(super) struct ContextParts {
    /// `Seen` of a category without findings, under each category's name.
    unseen: BTreeMap<Category, RestrictedExpression>,
    /// `findings` of an event without findings.
    no_findings: RestrictedExpression,
    /// By the number of the set: a `Flow` with these standings, and no sources and labels.
    flows: Box<[OnceLock<RestrictedExpression>]>,
    standings: WordValues,
    /// `flow` of an event without leaves.
    empty_flows: RestrictedExpression,
    /// `flow` of a call about whose leaves nothing is known.
    ungrounded_flows: RestrictedExpression,
    neutral_budget: RestrictedExpression,
    neutral_anomaly: RestrictedExpression,
    /// `coverage`, `task` and `remembered` for each value of their two booleans.
    coverage: Pairs,
    task: Pairs,
    remembered: Pairs,
    no_strings: RestrictedExpression,
}

impl ContextParts {
    /// Builds what is built once, for these categories.
    pub(super) fn new(categories: &BTreeSet<Category>) -> Result<Self, Unbuildable> {
        let no_strings = RestrictedExpression::new_set([]);
        let standings = WordValues::new::<Standing>("Guardhouse::Standing")?;
        let none = seen(-1, 0, 0, 0)?;
        let unseen: BTreeMap<_, _> = categories.iter().map(|c| (c.clone(), none.clone())).collect();
        let mut parts = Self {
            no_findings: record(unseen.iter().map(|(c, none)| (c.as_str(), none.clone())))?,
            unseen,
            flows: (0..WordSet::<Standing>::COUNT).map(|_| OnceLock::new()).collect(),
            standings,
            empty_flows: no_strings.clone(),
            ungrounded_flows: no_strings.clone(),
            neutral_budget: budget(Budget::NEUTRAL)?,
            neutral_anomaly: anomaly(Anomaly::NEUTRAL)?,
            coverage: Pairs::new("uninspected", "skipped")?,
            task: Pairs::new("declared", "fits")?,
            remembered: Pairs::new("destination", "call")?,
            no_strings,
        };
        parts.empty_flows = parts.build_flows(&Flows::EMPTY)?;
        parts.ungrounded_flows = parts.build_flows(&Flows::ungrounded())?;
        Ok(parts)
    }

    /// `context.core` for these facts.
    ///
    /// Fails where the facts name a category that the generation does not declare, and on an error of this program.
    pub(super) fn core(&self, facts: &Facts) -> Result<RestrictedExpression, Unbuildable> {
        record([
            ("session", self.session(&facts.session)?),
            ("findings", self.findings(&facts.findings)?),
            ("flow", self.flows(&facts.flow)?),
            ("coverage", self.coverage.get(facts.coverage.uninspected, facts.coverage.skipped)),
            ("task", self.task.get(facts.task.declared, facts.task.fits)),
            ("budget", self.budget(facts.budget)?),
            ("anomaly", self.anomaly(facts.anomaly)?),
            ("remembered", self.remembered.get(facts.remembered.destination, facts.remembered.call)),
        ])
    }

    /// `context.from`: of each argument where it comes from.
    pub(super) fn from<'n>(
        &self,
        arguments: impl Iterator<Item = (&'n str, &'n Flow)>,
    ) -> Result<RestrictedExpression, Unbuildable> {
        let flows = arguments.map(|(name, flow)| Ok((name.to_owned(), self.flow(flow)?)));
        let flows = flows.collect::<Result<Vec<_>, Unbuildable>>()?;
        RestrictedExpression::new_record(flows).map_err(Unbuildable::internal)
    }

    fn session(&self, session: &Session) -> Result<RestrictedExpression, Unbuildable> {
        record([
            ("calls", long(session.calls)),
            ("repeats", long(session.repeats)),
            ("untrusted", RestrictedExpression::new_bool(session.untrusted)),
            ("labels", self.strings(&session.labels)),
            ("full", RestrictedExpression::new_bool(session.full)),
        ])
    }

    fn findings(&self, findings: &Findings) -> Result<RestrictedExpression, Unbuildable> {
        if findings.is_empty() {
            return Ok(self.no_findings.clone());
        }
        // A finding that no policy can read must not vanish.
        if let Some(stray) = findings.categories().find(|category| !self.unseen.contains_key(*category)) {
            return Err(Unbuildable::UndeclaredCategory(stray.clone()));
        }
        let mut fields = Vec::with_capacity(self.unseen.len());
        for (category, none) in &self.unseen {
            let value = findings.get(category).map_or_else(|| Ok(none.clone()), seen_value)?;
            fields.push((category.as_str(), value));
        }
        record(fields)
    }

    fn flows(&self, flows: &Flows) -> Result<RestrictedExpression, Unbuildable> {
        if *flows == Flows::EMPTY {
            Ok(self.empty_flows.clone())
        } else if is_ungrounded(flows) {
            Ok(self.ungrounded_flows.clone())
        } else {
            self.build_flows(flows)
        }
    }

    fn build_flows(&self, flows: &Flows) -> Result<RestrictedExpression, Unbuildable> {
        record([
            ("any", self.flow(&flows.any)?),
            ("destination", self.flow(&flows.destination)?),
            ("payload", self.flow(&flows.payload)?),
            ("selector", self.flow(&flows.selector)?),
            ("code", self.flow(&flows.code)?),
        ])
    }

    fn flow(&self, flow: &Flow) -> Result<RestrictedExpression, Unbuildable> {
        let build = || {
            record([
                ("standings", self.standings.get(flow.standings)),
                ("sources", self.strings(&flow.sources)),
                ("labels", self.strings(&flow.labels)),
            ])
        };
        if !flow.sources.is_empty() || !flow.labels.is_empty() {
            return build();
        }
        let Some(slot) = self.flows.get(flow.standings.number()) else { return build() };
        if let Some(made) = slot.get() {
            return Ok(made.clone());
        }
        let made = build()?;
        Ok(slot.get_or_init(|| made).clone())
    }

    fn budget(&self, value: Budget) -> Result<RestrictedExpression, Unbuildable> {
        if value == Budget::NEUTRAL { Ok(self.neutral_budget.clone()) } else { budget(value) }
    }

    fn anomaly(&self, value: Anomaly) -> Result<RestrictedExpression, Unbuildable> {
        if value == Anomaly::NEUTRAL { Ok(self.neutral_anomaly.clone()) } else { anomaly(value) }
    }

    fn strings(&self, strings: &BTreeSet<String>) -> RestrictedExpression {
        if strings.is_empty() {
            return self.no_strings.clone();
        }
        RestrictedExpression::new_set(strings.iter().cloned().map(RestrictedExpression::new_string))
    }
}

/// Whether these are the neutral flows of a call, without building those to compare.
fn is_ungrounded(flows: &Flows) -> bool {
    let Flows { any, destination, payload, selector, code } = flows;
    let only = WordSet::of(Standing::Ungrounded);
    [any, destination, payload, selector, code]
        .into_iter()
        .all(|flow| flow.standings == only && flow.sources.is_empty() && flow.labels.is_empty())
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

/// The four values of a record of two booleans.
#[derive(Debug)]
struct Pairs([RestrictedExpression; 4]);

impl Pairs {
    fn new(first: &str, second: &str) -> Result<Self, Unbuildable> {
        let pair =
            |a, b| record([(first, RestrictedExpression::new_bool(a)), (second, RestrictedExpression::new_bool(b))]);
        Ok(Self([pair(false, false)?, pair(false, true)?, pair(true, false)?, pair(true, true)?]))
    }

    fn get(&self, first: bool, second: bool) -> RestrictedExpression {
        let [neither, only_second, only_first, both] = &self.0;
        match (first, second) {
            (false, false) => neither,
            (false, true) => only_second,
            (true, false) => only_first,
            (true, true) => both,
        }
        .clone()
    }
}

fn budget(value: Budget) -> Result<RestrictedExpression, Unbuildable> {
    record([
        ("exceeded", RestrictedExpression::new_bool(value.exceeded)),
        ("remaining", record([("calls", long(value.remaining_calls))])?),
    ])
}

fn anomaly(value: Anomaly) -> Result<RestrictedExpression, Unbuildable> {
    record([("score", long(value.score))])
}

fn seen_value(found: &Seen) -> Result<RestrictedExpression, Unbuildable> {
    seen(i64::from(u8::from(found.worst)), found.confidence.into(), found.count, found.distinct)
}

fn seen(worst: i64, confidence: u8, count: u32, distinct: u32) -> Result<RestrictedExpression, Unbuildable> {
    record([
        ("worst", RestrictedExpression::new_long(worst)),
        ("confidence", long(confidence)),
        ("count", long(count)),
        ("distinct", long(distinct)),
    ])
}

fn long(value: impl Into<i64>) -> RestrictedExpression {
    RestrictedExpression::new_long(value.into())
}

fn record<'n>(
    fields: impl IntoIterator<Item = (&'n str, RestrictedExpression)>,
) -> Result<RestrictedExpression, Unbuildable> {
    RestrictedExpression::new_record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)))
        .map_err(Unbuildable::internal)
}

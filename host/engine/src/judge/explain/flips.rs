//! The single facts of `core` that could be otherwise, nearest first.
//!
//! What a host can change, or could have found otherwise, is flipped:
//!
//! * every boolean;
//! * a flow's standings, where there are leaves: all of them stand otherwise, one more does, none does any more. Of one
//!   role the change shows in `any` too, and of `any` in the roles. Standings that no policy names are alike to all of
//!   them, so the most trusted stands for the others;
//! * what was found of a category: nothing; where nothing was, a finding; its severity, confidence and counts;
//! * every other number, around the bounds that policies compare it with.
//!
//! Not flipped, because it would make no sense or is not the host's to change:
//!
//! * what is not in `core`: who the agent is, what the tool does, the arguments, and `from`, which tells of one argument
//!   what `core.flow` tells of its role;
//! * sources and labels: names without a closed vocabulary;
//! * the standings `constant`, which the tool's schema gives, and `redacted`, which a repair gives; a flow without leaves;
//! * what no event can have: a task that fits where none is declared, more rules than findings, a flow of a call with
//!   leaves that has none any more.
//!
//! **Nearest first**: a boolean, then standings, then whether anything was found of a category, then numbers
//! ([`Kind`]); within a kind the smaller change, counted in words, grades or units; then the more plausible, which is the
//! order of [`BITS`], [`FLOWS`] and [`COUNTS`], by name for categories.

use std::collections::{BTreeSet, HashSet};

use cedar_policy::Policy;

use super::bounds::Bounds;
use super::otherwise::{BITS, COUNTS, FLOWS, Otherwise, PARTS, Part, STANDINGS, Stand, number, seen, words};
use crate::decision::{Category, Confidence, Severity};
use crate::json::Value;
use crate::judge::facts::Facts;
use crate::judge::reads::Reads;
use crate::judge::seen::Seen;
use crate::vocabulary::Vocabulary as _;

/// One fact, otherwise.
#[derive(Debug, Clone)]
pub(super) struct Flip {
    /// Its chain of attributes below `context`.
    pub(super) chain: Vec<String>,
    pub(super) now: Value,
    pub(super) then: Value,
    change: Otherwise,
    nearness: Nearness,
}

/// How near a flip is: the least is the nearest.
type Nearness = (Kind, u64, usize);

/// What kind of fact is flipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bit,
    Standings,
    Found,
    Number,
}

/// The single flips of what these policies read, nearest first.
pub(super) fn flips(facts: &Facts, categories: &BTreeSet<Category>, policies: &[&Policy]) -> Vec<Flip> {
    let reads: Vec<Reads> = policies.iter().filter_map(|policy| Reads::of(policy)).collect();
    let mut search = Search { facts, bounds: Bounds::of(policies), reads, found: Vec::new() };
    search.bits();
    search.standings();
    search.counts();
    for (place, category) in categories.iter().enumerate() {
        search.category(place, category);
    }
    search.found.sort_by_key(|flip| flip.nearness);
    // Two ways to the same value: the one that was put down first.
    let mut seen = HashSet::new();
    search.found.retain(|flip| seen.insert((flip.chain.clone(), flip.then.to_string())));
    search.found
}

/// The state of [`flips`].
struct Search<'f> {
    facts: &'f Facts,
    reads: Vec<Reads>,
    bounds: Bounds,
    found: Vec<Flip>,
}

impl Search<'_> {
    /// Whether some policy reads this fact, or something that it is a part of, or a part of it.
    fn is_read(&self, chain: &[String]) -> bool {
        let touches = |read: &[String]| read.iter().zip(chain).all(|(read, name)| read == name);
        self.reads.iter().any(|reads| reads.chains().any(touches))
    }

    fn add(&mut self, chain: &[String], (now, then): (Value, Value), change: Otherwise, nearness: Nearness) {
        self.found.push(Flip { chain: chain.to_vec(), now, then, change, nearness });
    }

    fn bits(&mut self) {
        for (place, (path, at)) in BITS.into_iter().enumerate() {
            let chain = below_core(path);
            let mut flipped = self.facts.clone();
            let bit = at(&mut flipped);
            let now = *bit;
            *bit = !now;
            let impossible = flipped.task.fits && !flipped.task.declared;
            if self.is_read(&chain) && !impossible {
                self.add(&chain, (now.into(), (!now).into()), Otherwise::Bit(at), (Kind::Bit, 1, place));
            }
        }
    }

    fn standings(&mut self) {
        for (place, (path, at)) in FLOWS.into_iter().enumerate() {
            let chain = below_core(path);
            let now = at(&mut self.facts.clone()).standings;
            if !self.is_read(&chain) {
                continue;
            }
            for stand in self.stands() {
                let change = Otherwise::Standings(place, stand);
                let Some(mut flipped) = change.applied(self.facts) else { continue };
                let then = at(&mut flipped).standings;
                let distance = now.distance(then);
                if distance > 0 {
                    self.add(&chain, (words(now), words(then)), change, (Kind::Standings, distance.into(), place));
                }
            }
        }
    }

    /// What may become of leaves: by the standings that a policy names, and by the most trusted of the others, which are all
    /// alike to it.
    fn stands(&self) -> Vec<Stand> {
        let (mut tried, others): (Vec<_>, Vec<_>) =
            STANDINGS.into_iter().partition(|standing| self.bounds.names(standing.word()));
        tried.extend(others.first());
        tried.sort_unstable();
        let ways = [Stand::None, Stand::All, Stand::OneMore];
        ways.iter().flat_map(|way| tried.iter().copied().map(way)).collect()
    }

    fn counts(&mut self) {
        for (place, (path, at)) in COUNTS.into_iter().enumerate() {
            let chain = below_core(path);
            let now = *at(&mut self.facts.clone());
            for then in self.bounds.around(&chain, 0..=u32::MAX.into()) {
                if let Ok(then) = u32::try_from(then)
                    && then != now
                {
                    let nearness = (Kind::Number, now.abs_diff(then).into(), place);
                    self.add(&chain, (number(now), number(then)), Otherwise::Count(at, then), nearness);
                }
            }
        }
    }

    fn category(&mut self, place: usize, category: &Category) {
        let chain = below_core(&["findings", category.as_str()]);
        if !self.is_read(&chain) {
            return;
        }
        let place = COUNTS.len() + place;
        let Some(now) = self.facts.findings.get(category).copied() else {
            for then in self.imagined(&chain) {
                let distance = u64::from(u8::from(then.worst)) + u64::from(then.count);
                let change = Otherwise::Seen(category.clone(), Some(then));
                self.add(&chain, (seen(None), seen(Some(then))), change, (Kind::Found, distance, place));
            }
            return;
        };
        let change = Otherwise::Seen(category.clone(), None);
        self.add(&chain, (seen(Some(now)), seen(None)), change, (Kind::Found, 0, place));
        for (part, then) in self.parts(&chain, now) {
            let chain = member(&chain, part.name);
            let (before, after) = ((part.of)(&now), (part.of)(&then));
            let change = Otherwise::Seen(category.clone(), Some(then));
            self.add(&chain, (before.into(), after.into()), change, (Kind::Number, before.abs_diff(after), place));
        }
    }

    /// The parts of what was found, each around its bounds.
    fn parts(&self, chain: &[String], now: Seen) -> Vec<(&'static Part, Seen)> {
        let mut found = Vec::new();
        for part in &PARTS {
            for bound in self.bounds.around(&member(chain, part.name), 0..=u32::MAX.into()) {
                let then = (part.with)(now, bound).filter(|then| *then != now && then.distinct <= then.count);
                found.extend(then.map(|then| (part, then)));
            }
        }
        found
    }

    /// What could have been found where nothing was: one finding, certain and critical but for what policies ask of it.
    fn imagined(&self, chain: &[String]) -> Vec<Seen> {
        let one = Seen { worst: Severity::Critical, confidence: Confidence::CERTAIN, count: 1, distinct: 1 };
        std::iter::once(one).chain(self.parts(chain, one).into_iter().map(|(_, then)| then)).collect()
    }
}

impl Flip {
    /// The facts as they would be; `None` if no event can have such facts.
    pub(super) fn applied(&self, facts: &Facts) -> Option<Facts> {
        self.change.applied(facts)
    }
}

fn below_core(path: &[&str]) -> Vec<String> {
    std::iter::once(&"core").chain(path).map(|name| (*name).to_owned()).collect()
}

fn member(chain: &[String], name: &str) -> Vec<String> {
    chain.iter().map(String::as_str).chain([name]).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::super::values::{FactValue, Given};
    use super::*;
    use crate::json::Object;
    use crate::judge::reads::Root;
    use crate::judge::tests::cases;
    use crate::judge::tests::laws::{scene, sketches, text};
    use crate::judge::tests::samples::{categories, judge};

    /// Every flip of every fact: of a policy that reads the context as a whole.
    fn all_flips(facts: &Facts) -> Vec<Flip> {
        let bounds = [
            "context.core.session.calls > 3",
            "context.core.findings.secret.worst >= 3",
            "context.core.findings.secret.confidence >= 80",
            "context.core.findings.pii.count > 2",
            "context.core.findings[\"hidden-text\"].distinct == 2",
            "context.core.flow.any.standings.containsAny([Guardhouse::Standing::\"flagged\", Guardhouse::Standing::\"user\"])",
        ];
        let condition = format!("context == {{}} || {}", bounds.join(" || "));
        let policy = format!("forbid (principal, action, resource) when {{ {condition} }};");
        flips(facts, &categories().into_iter().collect(), &[&Policy::parse(None, policy).unwrap()])
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn a_flip_is_of_the_value_that_cedar_sees_to_the_value_that_cedar_will_see(scene in scene()) {
            let (judge, cast) = (judge(""), scene.cast());
            let request = scene.request(&cast);
            for flip in all_flips(&scene.facts) {
                let facts = flip.applied(&scene.facts).unwrap();
                let then = crate::judge::Request { facts: &facts, ..request };
                let seen = |request| Given::new(&judge, request).unwrap().value(Root::Context, &flip.chain);
                // Records have no order to Cedar, and one of their own to people.
                let known = |value: &Value| FactValue::Known(sorted(value));
                prop_assert_eq!(seen(&request), known(&flip.now), "{:?}", flip);
                prop_assert_eq!(seen(&then), known(&flip.then), "{:?}", flip);
                prop_assert_ne!(&flip.now, &flip.then);
            }
        }

        #[test]
        fn flips_come_nearest_first_and_each_once(scene in scene(), sketches in sketches()) {
            let judge = judge(&text(&sketches));
            let policies: Vec<_> = judge.every_policy().collect();
            let flips = flips(&scene.facts, judge.categories(), &policies);
            prop_assert!(flips.is_sorted_by_key(|flip| flip.nearness));
            for (at, flip) in flips.iter().enumerate() {
                let same = |other: &Flip| other.chain == flip.chain && other.then == flip.then;
                prop_assert!(!flips.iter().skip(at + 1).any(same), "{flip:?}");
            }
        }
    }

    fn sorted(value: &Value) -> Value {
        let Value::Object(object) = value else { return value.clone() };
        let mut names: Vec<&str> = object.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        let mut sorted = Object::new();
        for name in names {
            sorted.insert(name, object.get(name).unwrap().clone());
        }
        sorted.into()
    }

    #[test]
    fn every_fact_of_a_closed_vocabulary_can_be_flipped() {
        let facts = crate::judge::tests::samples::facts(&[]);
        let named: BTreeSet<String> =
            all_flips(&facts).iter().map(|flip| flip.chain.get(1..).unwrap().join(".")).collect();
        // A task that does not fit because none is declared, and numbers that nothing is compared with.
        let not: BTreeSet<&str> = ["task.fits", "session.repeats", "budget.remaining.calls", "anomaly.score"].into();
        let paths = BITS.iter().map(|at| at.0).chain(FLOWS.iter().map(|at| at.0)).chain(COUNTS.iter().map(|at| at.0));
        for path in paths.map(|path| path.join(".")) {
            assert_eq!(named.contains(&path), !not.contains(path.as_str()), "{path}");
        }
        assert!(named.contains("findings.secret") && named.contains("findings.hidden-text"));
    }
}

//! What the facts of `core` are if one of them is otherwise.

use crate::decision::Category;
use crate::json::{Object, Value};
use crate::judge::facts::{Facts, Flow, Flows, Standing};
use crate::judge::seen::Seen;
use crate::vocabulary::{Vocabulary as _, WordSet};

/// What is otherwise.
#[derive(Debug, Clone)]
pub(super) enum Otherwise {
    /// The boolean at this place is the other one.
    Bit(fn(&mut Facts) -> &mut bool),
    /// The count at this place is this.
    Count(fn(&mut Facts) -> &mut u32, u32),
    /// So stand the leaves of the flow with this number in [`FLOWS`].
    Standings(usize, Stand),
    /// This was found of a category.
    Seen(Category, Option<Seen>),
}

/// What becomes of the leaves of a flow, but for those whose standing cannot change.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stand {
    /// All of them stand so.
    All(Standing),
    /// One more stands so.
    OneMore(Standing),
    /// None stands so.
    None(Standing),
}

/// A place in the facts, and the chain below `core` under which policies find it.
pub(super) type At<T> = (&'static [&'static str], fn(&mut Facts) -> &mut T);

/// The booleans. What a person can do comes first, what is beyond repair last.
pub(super) const BITS: [At<bool>; 9] = [
    (&["remembered", "destination"], |facts| &mut facts.remembered.destination),
    (&["remembered", "call"], |facts| &mut facts.remembered.call),
    (&["task", "fits"], |facts| &mut facts.task.fits),
    (&["task", "declared"], |facts| &mut facts.task.declared),
    (&["coverage", "uninspected"], |facts| &mut facts.coverage.uninspected),
    (&["coverage", "skipped"], |facts| &mut facts.coverage.skipped),
    (&["budget", "exceeded"], |facts| &mut facts.budget.exceeded),
    (&["session", "untrusted"], |facts| &mut facts.session.untrusted),
    (&["session", "full"], |facts| &mut facts.session.full),
];

/// The counts that are not of findings.
pub(super) const COUNTS: [At<u32>; 4] = [
    (&["session", "calls"], |facts| &mut facts.session.calls),
    (&["session", "repeats"], |facts| &mut facts.session.repeats),
    (&["budget", "remaining", "calls"], |facts| &mut facts.budget.remaining_calls),
    (&["anomaly", "score"], |facts| &mut facts.anomaly.score),
];

/// The flows.
pub(super) const FLOWS: [At<Flow>; 5] = [
    (&["flow", "destination", "standings"], |facts| &mut facts.flow.destination),
    (&["flow", "code", "standings"], |facts| &mut facts.flow.code),
    (&["flow", "payload", "standings"], |facts| &mut facts.flow.payload),
    (&["flow", "selector", "standings"], |facts| &mut facts.flow.selector),
    (&["flow", "any", "standings"], |facts| &mut facts.flow.any),
];

/// The place in [`FLOWS`] of the flow of all leaves.
const ANY: usize = 4;

/// The standings that a value could have had, from the most trusted: a fixed one comes from the schema or a repair.
pub(super) const STANDINGS: [Standing; 6] = [
    Standing::User,
    Standing::Trusted,
    Standing::Derived,
    Standing::Ungrounded,
    Standing::Untrusted,
    Standing::Flagged,
];

/// A part of what was found of a category.
pub(super) struct Part {
    /// Its attribute.
    pub(super) name: &'static str,
    pub(super) of: fn(&Seen) -> i64,
    /// `None` for a value that it cannot have.
    pub(super) with: fn(Seen, i64) -> Option<Seen>,
}

/// The parts.
pub(super) static PARTS: [Part; 4] = [
    Part {
        name: "worst",
        of: |seen| u8::from(seen.worst).into(),
        with: |seen, worst| Some(Seen { worst: u8::try_from(worst).ok()?.try_into().ok()?, ..seen }),
    },
    Part {
        name: "confidence",
        of: |seen| u8::from(seen.confidence).into(),
        with: |seen, confidence| Some(Seen { confidence: u8::try_from(confidence).ok()?.try_into().ok()?, ..seen }),
    },
    Part {
        name: "count",
        of: |seen| seen.count.into(),
        with: |seen, count| Some(Seen { count: u32::try_from(count).ok().filter(|count| *count > 0)?, ..seen }),
    },
    Part {
        name: "distinct",
        of: |seen| seen.distinct.into(),
        // More rules have more findings.
        with: |seen, distinct| {
            let distinct = u32::try_from(distinct).ok().filter(|distinct| *distinct > 0)?;
            Some(Seen { distinct, count: seen.count.max(distinct), ..seen })
        },
    },
];

impl Otherwise {
    /// The facts as they would be; `None` if no event can have such facts.
    pub(super) fn applied(&self, facts: &Facts) -> Option<Facts> {
        let mut facts = facts.clone();
        match self {
            Self::Bit(at) => {
                let bit = at(&mut facts);
                *bit = !*bit;
            }
            Self::Count(at, then) => *at(&mut facts) = *then,
            Self::Standings(place, stand) => facts.flow = stand.applied(*place, facts.flow)?,
            Self::Seen(category, seen) => facts.findings = facts.findings.with(category.clone(), *seen),
        }
        Some(facts)
    }
}

impl Stand {
    fn applied(self, place: usize, flows: Flows) -> Option<Flows> {
        let Flows { mut any, mut destination, mut payload, mut selector, mut code } = flows;
        let roles = [&mut destination, &mut code, &mut payload, &mut selector];
        if place == ANY {
            any.standings = self.of(any.standings)?;
            // One more leaf need not have a role.
            if !matches!(self, Self::OneMore(_)) {
                for role in roles.into_iter().filter(|role| !role.standings.is_empty()) {
                    role.standings = self.of(role.standings)?;
                }
            }
        } else {
            let role = roles.into_iter().nth(place)?;
            role.standings = self.of(role.standings)?;
            // How the leaves stood before may be how one of another role still does.
            any.standings = any.standings.union(role.standings);
        }
        Some(Flows { any, destination, payload, selector, code })
    }

    /// A flow's standings then; `None` if there is no leaf that could stand otherwise, or would be none.
    fn of(self, now: WordSet<Standing>) -> Option<WordSet<Standing>> {
        let fixed: WordSet<Standing> = now.iter().filter(|word| !STANDINGS.contains(word)).collect();
        let then = match self {
            _ if now.is_empty() => return None,
            Self::All(_) if now == fixed => now,
            Self::All(word) => fixed.with(word),
            Self::OneMore(word) => now.with(word),
            Self::None(word) => now.without(word),
        };
        (!then.is_empty()).then_some(then)
    }
}

/// A count as `values` shows it.
pub(super) fn number(count: u32) -> Value {
    u64::from(count).into()
}

/// A set of words as `values` shows it.
pub(super) fn words(set: WordSet<Standing>) -> Value {
    let mut words: Vec<&str> = set.iter().map(Standing::word).collect();
    words.sort_unstable();
    words.into_iter().map(Value::from).collect::<Vec<_>>().into()
}

/// What was found of a category as `values` shows it.
pub(super) fn seen(found: Option<Seen>) -> Value {
    let mut object = Object::new();
    for part in &PARTS {
        let none = if part.name == "worst" { -1 } else { 0 };
        object.insert(part.name, found.as_ref().map_or(none, part.of));
    }
    object.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn roles_and_all_leaves_are_flipped_together() {
        let stands = |words: &[Standing]| Flow { standings: words.iter().copied().collect(), ..Flow::EMPTY };
        let flows = Flows {
            any: stands(&[Standing::Constant, Standing::Untrusted]),
            destination: stands(&[Standing::Untrusted]),
            ..Flows::EMPTY
        };
        let destination = Stand::All(Standing::User).applied(0, flows.clone()).unwrap();
        assert_eq!(destination.destination, stands(&[Standing::User]));
        assert_eq!(destination.any, stands(&[Standing::Constant, Standing::User, Standing::Untrusted]));
        let any = Stand::All(Standing::User).applied(ANY, flows.clone()).unwrap();
        assert_eq!(
            (any.any, any.destination),
            (stands(&[Standing::Constant, Standing::User]), stands(&[Standing::User]))
        );
        // Nothing would be left of the destination; and there is no code.
        assert_eq!(Stand::None(Standing::Untrusted).applied(ANY, flows.clone()), None);
        assert_eq!(Stand::All(Standing::User).applied(1, flows), None);
    }
}

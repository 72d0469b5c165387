//! The facts of one event, as policies see them in `context.core`.
//!
//! Every fact is present in every event. One that this version does not compute has a *neutral* value, written down
//! here with its reason. The rule behind them: neutral claims nothing that would loosen a decision. Where a fact could
//! err either way, neutral is the value that a careful person would assume in the dark.
//!
//! Counts are `u32`, so that a policy which adds a few of them stays inside Cedar's 64 bits.

use std::collections::BTreeSet;

use super::seen::Findings;
use crate::json::{Object, Value};
use crate::vocabulary::{Vocabulary, WordSet, vocabulary};

/// What the host knows about one event and its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The session so far.
    pub session: Session,
    /// What the guards saw in this event.
    pub findings: Findings,
    /// Where the values of a call's arguments come from.
    pub flow: Flows,
    /// What was not inspected.
    pub coverage: Coverage,
    /// The event against the session's declared task.
    pub task: Task,
    /// The event against the session's budgets.
    pub budget: Budget,
    /// The event against the agent's usual behaviour.
    pub anomaly: Anomaly,
    /// What a person approved before.
    pub remembered: Remembered,
}

impl Facts {
    /// Facts of an event of which only the guards' work and the arguments' shape are known; everything else is
    /// neutral. What a guard did is never neutral: the caller has to say it.
    #[must_use]
    pub fn new(findings: Findings, coverage: Coverage, flow: Flows) -> Self {
        Self {
            session: Session::NEUTRAL,
            findings,
            flow,
            coverage,
            task: Task::NEUTRAL,
            budget: Budget::NEUTRAL,
            anomaly: Anomaly::NEUTRAL,
            remembered: Remembered::NEUTRAL,
        }
    }
}

impl Facts {
    /// The facts as JSON, under the names that policies read them by. A fact that is neutral is left out, and so are the
    /// findings, which are told one by one.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut object = Object::new();
        let mut add = |name: &str, fact: Option<Object>| {
            if let Some(fact) = fact {
                object.insert(name, fact);
            }
        };
        let Self { session, findings: _, flow, coverage, task, budget, anomaly, remembered } = self;
        add("session", (*session != Session::NEUTRAL).then(|| session.to_object()));
        add("flow", (*flow != Flows::EMPTY).then(|| flow.to_object()));
        let Coverage { uninspected, skipped } = *coverage;
        add("coverage", (uninspected || skipped).then(|| flags([("uninspected", uninspected), ("skipped", skipped)])));
        add("task", (*task != Task::NEUTRAL).then(|| flags([("declared", task.declared), ("fits", task.fits)])));
        add(
            "budget",
            (*budget != Budget::NEUTRAL).then(|| {
                let mut object = flags([("exceeded", budget.exceeded)]);
                object.insert("remaining_calls", u64::from(budget.remaining_calls));
                object
            }),
        );
        add(
            "anomaly",
            (*anomaly != Anomaly::NEUTRAL).then(|| {
                let mut object = Object::new();
                object.insert("score", u64::from(anomaly.score));
                object
            }),
        );
        let Remembered { destination, call } = *remembered;
        add("remembered", (destination || call).then(|| flags([("destination", destination), ("call", call)])));
        object
    }
}

fn flags<const N: usize>(flags: [(&str, bool); N]) -> Object {
    let mut object = Object::new();
    for (name, flag) in flags {
        object.insert(name, flag);
    }
    object
}

fn words(words: &BTreeSet<String>) -> Vec<Value> {
    words.iter().map(|word| word.as_str().into()).collect()
}

/// The session so far, without the event itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Tool calls that were let through.
    pub calls: u32,
    /// How often in a row the same call was made.
    pub repeats: u32,
    /// Whether text that the bundle does not trust has reached the agent.
    pub untrusted: bool,
    /// The labels of everything that has reached the agent.
    pub labels: BTreeSet<String>,
    /// Whether the session's memory is full, so that what came later is not remembered.
    pub full: bool,
}

impl Session {
    /// No calls, no labels, nothing lost for want of room; but `untrusted`: nobody has watched what the agent read, and
    /// a policy must not conclude that it read nothing harmful.
    pub const NEUTRAL: Self = Self { calls: 0, repeats: 0, untrusted: true, labels: BTreeSet::new(), full: false };
}

impl Session {
    fn to_object(&self) -> Object {
        let mut object = Object::new();
        object.insert("calls", u64::from(self.calls));
        object.insert("repeats", u64::from(self.repeats));
        object.insert("untrusted", self.untrusted);
        object.insert("labels", words(&self.labels));
        object.insert("full", self.full);
        object
    }
}

/// Where a leaf of the arguments stands, from the most to the least trusted but for `Redacted`; every leaf has exactly
/// one (the precedence is that of the design's `judge.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// A value that the tool's schema fixes: an enumeration, a constant, a boolean.
    Constant,
    /// The user wrote it.
    User,
    /// It stands in a source that the bundle trusts.
    Trusted,
    /// Several passages cover it; it carries the worst of them.
    Derived,
    /// A repair wrote it.
    Redacted,
    /// It stands nowhere in what the agent read.
    Ungrounded,
    /// It stands only in text that the bundle does not trust.
    Untrusted,
    /// It stands only where a guard found something.
    Flagged,
}

vocabulary!(Standing {
    Constant => "constant",
    User => "user",
    Trusted => "trusted",
    Derived => "derived",
    Redacted => "redacted",
    Ungrounded => "ungrounded",
    Untrusted => "untrusted",
    Flagged => "flagged",
});

/// Where a group of leaves comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The standings of the leaves; empty if there are none.
    pub standings: WordSet<Standing>,
    /// The names of the sources in which they stand.
    pub sources: BTreeSet<String>,
    /// The labels of those sources.
    pub labels: BTreeSet<String>,
}

impl Flow {
    /// A flow without leaves.
    pub const EMPTY: Self = Self { standings: WordSet::EMPTY, sources: BTreeSet::new(), labels: BTreeSet::new() };

    fn ungrounded() -> Self {
        Self { standings: WordSet::of(Standing::Ungrounded), ..Self::EMPTY }
    }

    /// The flow as JSON; of sources and labels, those that there are.
    fn to_object(&self) -> Object {
        let mut object = Object::new();
        object
            .insert("standings", self.standings.iter().map(|standing| standing.word().into()).collect::<Vec<Value>>());
        for (name, set) in [("sources", &self.sources), ("labels", &self.labels)] {
            if !set.is_empty() {
                object.insert(name, words(set));
            }
        }
        object
    }
}

/// The flows of a call: of all leaves, and of those in each role. Empty for events that are not calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flows {
    /// Every leaf.
    pub any: Flow,
    /// Who or where.
    pub destination: Flow,
    /// What is sent.
    pub payload: Flow,
    /// Which record.
    pub selector: Flow,
    /// What is executed: SQL, shell, a path, an expression.
    pub code: Flow,
}

impl Flows {
    /// No leaf: a call without arguments, or an event that is not a call.
    pub const EMPTY: Self = Self {
        any: Flow::EMPTY,
        destination: Flow::EMPTY,
        payload: Flow::EMPTY,
        selector: Flow::EMPTY,
        code: Flow::EMPTY,
    };

    /// Neutral for a call with at least one leaf: `ungrounded` in every role. Nobody has looked the values up, so none
    /// is known to come from anywhere; nobody has given the parameters their roles, so each may have any.
    #[must_use]
    pub fn ungrounded() -> Self {
        Self {
            any: Flow::ungrounded(),
            destination: Flow::ungrounded(),
            payload: Flow::ungrounded(),
            selector: Flow::ungrounded(),
            code: Flow::ungrounded(),
        }
    }
}

impl Flows {
    /// The flows as JSON, but for those without leaves.
    fn to_object(&self) -> Object {
        let Self { any, destination, payload, selector, code } = self;
        let mut object = Object::new();
        for (name, flow) in
            [("any", any), ("destination", destination), ("payload", payload), ("selector", selector), ("code", code)]
        {
            if *flow != Flow::EMPTY {
                object.insert(name, flow.to_object());
            }
        }
        object
    }
}

/// What was not inspected. There is no neutral value: whoever ran the guards knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// There is a part that no stationed guard could read.
    pub uninspected: bool,
    /// A guard that failed was skipped, as the bundle allows for it.
    pub skipped: bool,
}

/// The event against the task that was declared for the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// A task was declared.
    pub declared: bool,
    /// The event lies within it.
    pub fits: bool,
}

impl Task {
    /// None declared, and so nothing fits: a permit that asks for `fits` must not be satisfied by ignorance. A forbid
    /// for what does not fit asks for `declared` too.
    pub const NEUTRAL: Self = Self { declared: false, fits: false };
}

/// The event against the budgets of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// A budget is used up.
    pub exceeded: bool,
    /// How many calls are left.
    pub remaining_calls: u32,
}

impl Budget {
    /// No budget is set, so none is exceeded and there are as many calls left as can be said (4,294,967,295).
    pub const NEUTRAL: Self = Self { exceeded: false, remaining_calls: u32::MAX };
}

/// The event against the agent's usual behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anomaly {
    /// 0 for what is usual; the more, the stranger.
    pub score: u32,
}

impl Anomaly {
    /// There is no baseline to be strange against. (A high score would make every policy on it fire on every event.)
    pub const NEUTRAL: Self = Self { score: 0 };
}

/// What a person approved earlier in the session. A fact for policies to read; it discharges nothing by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remembered {
    /// Every destination of this call.
    pub destination: bool,
    /// This very call.
    pub call: bool,
}

impl Remembered {
    /// Nothing was approved.
    pub const NEUTRAL: Self = Self { destination: false, call: false };
}

//! Why the judge decided as it did, and what nearest fact would have changed it.
//!
//! Off the path of events: clear rather than quick. What determined the verdict comes from the evaluation itself and from
//! Cedar's own account of what it was given; nothing of it is worked out a second time.
//!
//! * `determining`: which policies the verdict rests on;
//! * `values`: what they read, as Cedar saw it;
//! * `flips`: the single facts that could be otherwise, nearest first; `otherwise`: what the facts are then; `bounds`: the
//!   numbers that policies compare them with;
//! * `changes`: which of them would have changed the verdict;
//! * `write`: all of it as JSON.
//!
//! An explanation is for those who write and run policies. It says which facts would have let an event through, so a
//! surface does not give it to the agent.

mod bounds;
mod changes;
mod determining;
mod flips;
mod otherwise;
mod values;
mod write;

use crate::decision::Verdict;
use crate::json::Value;

use super::levels::Judge;
use super::policy::Strength;
use super::subject::Request;
pub use changes::Change;
use determining::Determining;
pub use values::FactValue;
use values::Given;

/// Why one evaluation ended as it did.
///
/// As JSON:
///
/// ```json
/// {"verdict":"escalate",
///  "policies":[{"id":"payments.cedar:large","part":"matches","effect":"forbid","verdict":"escalate",
///    "file":"payments.cedar","line":12,"message":"a large payment waits for a person",
///    "reads":["context.core.flow.destination.standings","context.core.remembered.destination"]}],
///  "facts":[{"fact":"context.core.flow.destination.standings","value":["ungrounded"]},
///    {"fact":"context.core.remembered.destination","value":false}],
///  "changes":[{"fact":"context.core.remembered.destination","now":false,"then":true,"verdict":"allow","policies":[]}],
///  "tried":13,"untried":0}
/// ```
///
/// In `facts`, `"absent":true` or `"withheld":true` stands in for a `value` that is not there or not shown. `verdict` is
/// there for a forbid only, `message` if the policy has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The verdict of this evaluation. The decision on the event may be stricter: a repair may fail.
    pub verdict: Verdict,
    /// The policies that it rests on: forbids before permits, the strongest first.
    pub policies: Vec<ExplainedPolicy>,
    /// What these policies read.
    pub facts: Vec<Fact>,
    /// Changes of one fact each that would have changed the verdict, nearest first, at most one for each verdict. Where
    /// the verdict is allow they make it stricter, else milder.
    pub changes: Vec<Change>,
    /// How many changes were tried: at most [`MAX_TRIED`](Self::MAX_TRIED).
    pub tried: usize,
    /// How many more could have been.
    pub untried: usize,
}

/// A policy that a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedPolicy {
    /// Its name, `<file>:<@id>`.
    pub id: String,
    /// What it has to do with the verdict.
    pub part: Part,
    /// The strength of a forbid; `None` for a permit.
    pub forbid: Option<Strength>,
    /// The file that it is written in.
    pub file: String,
    /// The line of the word `permit` or `forbid` there, from 1.
    pub line: usize,
    /// Its `@message`, else its `@why`.
    pub message: Option<String>,
    /// The facts that it reads, by name.
    pub reads: Vec<String>,
}

/// What a policy has to do with a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It matches.
    Matches,
    /// It could not be evaluated.
    Fails,
    /// It is a permit for this kind of event, and no permit matches; this one does not because of its condition.
    Near,
}

impl Part {
    /// The part's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matches => "matches",
            Self::Fails => "fails",
            Self::Near => "near",
        }
    }
}

/// Something that a policy reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// How policies write it.
    pub name: String,
    /// What it is in this event.
    pub value: FactValue,
}

impl Explanation {
    /// How many changes of one fact are tried.
    pub const MAX_TRIED: usize = 64;

    /// How many permits of the right scope are named where none matches.
    pub const MAX_NEAR: usize = 5;

    /// The explanation as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        write::explanation(self)
    }
}

impl Judge {
    /// Why [`evaluate`](Self::evaluate) says of this event what it says.
    ///
    /// Takes some hundred times as long as the evaluation, and longer with every policy that there is.
    ///
    /// Of an event that cannot be put to Cedar there is nothing to explain but what the reasons say: then the explanation
    /// has a verdict and nothing else.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>) -> Explanation {
        let evaluation = self.evaluate(request);
        let Ok(given) = Given::new(self, request) else {
            let verdict = evaluation.verdict();
            let (policies, facts, changes) = (Vec::new(), Vec::new(), Vec::new());
            return Explanation { verdict, policies, facts, changes, tried: 0, untried: 0 };
        };
        let determining = Determining::of(self, &evaluation, &given);
        let (policies, facts) = determining.explained(self, &given);
        let found = changes::search(self, request, &evaluation, &determining.movable());
        Explanation {
            verdict: evaluation.verdict(),
            policies,
            facts,
            changes: found.changes,
            tried: found.tried,
            untried: found.untried,
        }
    }
}

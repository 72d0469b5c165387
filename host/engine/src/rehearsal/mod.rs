//! A bundle's own tests, run by its generation: what an operator asks for after an edit, and a gate before one is published.
//!
//! Every case goes the whole path, [`Engine::check`], in an engine of its own: it shares the generation with the others,
//! which is immutable, and nothing else, so that no case sees what an earlier one left behind, whatever sessions and tools
//! it names. Nothing is recorded.

mod difference;
mod matching;
mod payload;
mod write;

use std::{collections::BTreeSet, sync::Arc};

pub use difference::{Difference, MissingReason, UnknownForbid};

use crate::{
    bundle::{Case, CaseFile},
    decision::{Decision, ReasonCode},
    engine::Engine,
    generation::Generation,
};

/// What came of a bundle's tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// Each file, in the order in which they were given.
    pub files: Vec<RehearsedFile>,
    /// How many forbids the generation has.
    pub forbids: usize,
    /// Those of them that matched the event of no case, in order: `<file>:<@id>`. Events that came before are not
    /// counted, since what became of them is not compared.
    pub not_fired: Vec<String>,
}

/// What came of the cases of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsedFile {
    /// Its name in the bundle.
    pub name: String,
    /// Each case, in the order of the file.
    pub outcomes: Vec<Outcome>,
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The case's name.
    pub name: String,
    /// The line on which it begins.
    pub line: usize,
    /// The decision on its event.
    pub decision: Decision,
    /// Where that is not what was expected. Empty: the case passed.
    pub differences: Vec<Difference>,
}

impl Outcome {
    /// Whether all is as expected.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Rehearsal {
    /// How many cases passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.outcomes().filter(|outcome| outcome.passed()).count()
    }

    /// How many cases failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.outcomes().filter(|outcome| !outcome.passed()).count()
    }

    fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.files.iter().flat_map(|file| &file.outcomes)
    }
}

/// Runs every case of `files`, one after the other.
pub async fn run(generation: &Arc<Generation>, files: &[CaseFile]) -> Rehearsal {
    let forbids = generation.forbids();
    let mut fired = BTreeSet::new();
    let mut rehearsed = Vec::with_capacity(files.len());
    for file in files {
        let mut outcomes = Vec::with_capacity(file.cases.len());
        for case in &file.cases {
            let outcome = judge(generation, case, &forbids).await;
            let policies = outcome.decision.reasons.iter().filter(|reason| reason.code == ReasonCode::Policy);
            fired.extend(policies.filter_map(|reason| reason.policy.clone()));
            outcomes.push(outcome);
        }
        rehearsed.push(RehearsedFile { name: file.name.clone(), outcomes });
    }
    let not_fired = forbids.iter().filter(|id| !fired.contains(**id)).map(|id| (*id).to_owned()).collect();
    Rehearsal { files: rehearsed, forbids: forbids.len(), not_fired }
}

/// Runs one case. `forbids` are the names of all of the generation's.
async fn judge(generation: &Arc<Generation>, case: &Case, forbids: &[&str]) -> Outcome {
    let engine = Engine::of(Arc::clone(generation));
    let mut differences = Vec::new();
    for (number, event) in case.before.iter().enumerate() {
        let decision = engine.check(event).await;
        differences.extend(difference::of_earlier(number, &decision));
    }
    let decision = engine.check(&case.event).await;
    differences.extend(difference::between(&case.expected, &decision, forbids));
    Outcome { name: case.name.clone(), line: case.line, decision, differences }
}

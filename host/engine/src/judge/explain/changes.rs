//! Which single fact would have changed the verdict.

use cedar_policy::Policy;

use super::Explanation;
use super::flips::flips;
use crate::decision::{ReasonCode, Verdict};
use crate::json::Value;
use crate::judge::evaluation::Evaluation;
use crate::judge::levels::Judge;
use crate::judge::reads::{Root, spelled};
use crate::judge::subject::Request;

/// If this one fact were otherwise, the verdict would be another.
///
/// The fact is one of `core`, changed as if the host had found it so: where a role's leaves stand otherwise,
/// `core.flow.any` shows it too, and the other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The fact, as policies write it.
    pub fact: String,
    /// What it is.
    pub now: Value,
    /// What it would be.
    pub then: Value,
    /// The verdict that there would be.
    pub verdict: Verdict,
    /// The forbids that would match then, the strongest first.
    pub policies: Vec<String>,
}

/// What a search found.
pub(super) struct Found {
    pub(super) changes: Vec<Change>,
    pub(super) tried: usize,
    pub(super) untried: usize,
}

/// Tries the flips of what these policies read, nearest first, and keeps the first one for each verdict.
pub(super) fn search(judge: &Judge, request: &Request<'_>, evaluation: &Evaluation, policies: &[&Policy]) -> Found {
    let flips = flips(request.facts, judge.categories(), policies);
    let tried = flips.len().min(Explanation::MAX_TRIED);
    let mut changes: Vec<Change> = Vec::new();
    for flip in flips.iter().take(tried) {
        let Some(facts) = flip.applied(request.facts) else { continue };
        let then = judge.evaluate(&Request { facts: &facts, ..*request });
        let wanted = match evaluation.verdict() {
            Verdict::Allow => then.verdict() > Verdict::Allow && !is_failure(&then),
            refused => then.verdict() < refused,
        };
        if wanted && changes.iter().all(|known| known.verdict != then.verdict()) {
            changes.push(Change {
                fact: spelled(Root::Context, &flip.chain),
                now: flip.now.clone(),
                then: flip.then.clone(),
                verdict: then.verdict(),
                policies: then.matched().iter().map(|forbid| forbid.id().to_owned()).collect(),
            });
        }
    }
    Found { changes, tried, untried: flips.len() - tried }
}

/// Whether an evaluation came to nothing: its verdict says nothing about the facts.
fn is_failure(evaluation: &Evaluation) -> bool {
    let sound = [ReasonCode::Policy, ReasonCode::NoPermit];
    evaluation.reasons().iter().any(|reason| !sound.contains(&reason.code))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::judge::tests::cases;
    use crate::judge::tests::laws::{scene, sketches, text};
    use crate::judge::tests::samples::judge;

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn a_change_that_is_made_gives_the_verdict_that_was_promised(
            sketches in sketches(), scenes in prop::collection::vec(scene(), 4),
        ) {
            let judge = judge(&text(&sketches));
            let policies: Vec<_> = judge.every_policy().collect();
            for scene in scenes {
                let cast = scene.cast();
                let request = scene.request(&cast);
                let (evaluation, explanation) = (judge.evaluate(&request), judge.explain(&request));
                prop_assert_eq!(explanation.verdict, evaluation.verdict());
                prop_assert!(explanation.tried <= Explanation::MAX_TRIED);
                for change in explanation.changes {
                    let flips = flips(&scene.facts, judge.categories(), &policies);
                    let made = |flip: &&super::super::flips::Flip| {
                        spelled(Root::Context, &flip.chain) == change.fact && flip.then == change.then
                    };
                    let facts = flips.iter().find(made).unwrap().applied(&scene.facts).unwrap();
                    let then = judge.evaluate(&Request { facts: &facts, ..request });
                    prop_assert_eq!(then.verdict(), change.verdict);
                    prop_assert_ne!(then.verdict(), evaluation.verdict());
                    prop_assert!(!is_failure(&then));
                }
            }
        }
    }
}

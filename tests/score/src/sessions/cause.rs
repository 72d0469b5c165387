//! Why an event did not just pass: because of what guards found, or because of something else.

use std::collections::BTreeMap;

use guardhouse::{
    decision::{ReasonCode, Verdict},
    engine::{Engine, Explained},
    event::Event,
};
use serde::Serialize;

/// How the facts are called that come from findings.
const FINDINGS: &str = "context.core.findings";

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    /// The verdict.
    pub(super) verdict: Verdict,
    /// Why, by the name of a policy, or of what else it was.
    pub(super) causes: BTreeMap<String, Cause>,
}

/// One reason for a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Cause {
    /// What it alone would have led to.
    pub(crate) verdict: Verdict,
    /// Whether it is about what guards found: a policy that reads a fact about findings.
    pub(crate) by_findings: bool,
    /// Whether a guard failed.
    pub(crate) failed: bool,
}

impl Judged {
    /// Judges an event, and asks which facts the policies read that determined the verdict.
    ///
    /// Explaining takes many times as long as checking, about a millisecond. To explain only where a policy is met for the
    /// first time would be quicker, but then a session would see that event twice.
    pub(super) async fn of(engine: &Engine, event: &Event) -> Self {
        let Explained { decision, original, repaired, .. } = engine.explain(event).await;
        let explained = [&original, &repaired].into_iter().flatten().flat_map(|explanation| &explanation.policies);
        let mut policies: BTreeMap<&str, Cause> = BTreeMap::new();
        for policy in explained {
            if let Some(strength) = policy.forbid {
                let by_findings = policy.reads.iter().any(|fact| fact.starts_with(FINDINGS));
                policies.insert(&policy.id, Cause { verdict: strength.into(), by_findings, failed: false });
            }
        }
        let causes = decision.reasons.iter().map(|reason| {
            let known = reason.policy.as_ref().and_then(|policy| policies.get(policy.as_str()));
            let cause = match (reason.code, known) {
                (ReasonCode::Policy, Some(known)) => *known,
                // What cannot be repaired was found.
                (code, _) => Cause {
                    verdict: if code == ReasonCode::GuardSkipped { Verdict::Allow } else { decision.verdict },
                    by_findings: code == ReasonCode::CannotRedact,
                    failed: matches!(code, ReasonCode::GuardFailed | ReasonCode::GuardSkipped),
                },
            };
            let of = reason.policy.as_ref().or(reason.guard.as_ref());
            let name = match (reason.code, of) {
                (ReasonCode::Policy, Some(policy)) => policy.clone(),
                (code, Some(of)) => format!("{code} ({of})"),
                (code, None) => code.to_string(),
            };
            (name, cause)
        });
        Self { verdict: decision.verdict, causes: causes.collect() }
    }
}

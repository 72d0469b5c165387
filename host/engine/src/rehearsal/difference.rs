//! [`Difference`]: where a decision is not what a case expects.

use super::{matching::unmatched, payload};
use crate::{
    bundle::{Expected, ExpectedFinding, ExpectedReason},
    decision::{Decision, Finding, Reason, ReasonCode, Verdict},
    json::Value,
    nearest::nearest,
};

/// One thing in which a decision is not what a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The path failed on an event that comes before the one that is judged.
    Before {
        /// The event's number, from 0.
        event: usize,
        /// How it failed.
        reason: Reason,
    },
    /// The verdict is another. The decision's reasons say why.
    Verdict {
        /// The one that was expected.
        expected: Verdict,
        /// The one that was found.
        found: Verdict,
    },
    /// The reasons are others.
    Reasons {
        /// Expected, and not found.
        missing: Vec<MissingReason>,
        /// Found, and not expected.
        unexpected: Vec<Reason>,
    },
    /// The findings are others.
    Findings {
        /// Expected, and not found.
        missing: Vec<ExpectedFinding>,
        /// Found, and not expected.
        unexpected: Vec<Finding>,
    },
    /// What stands in for the original is something else.
    Payload {
        /// Where in the decision: a JSON Pointer such as `/arguments/note`.
        at: String,
        /// What was expected there; `None`: nothing.
        expected: Option<Value>,
        /// What was found there; `None`: nothing.
        found: Option<Value>,
    },
}

/// A reason that was expected and not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingReason {
    /// The reason.
    pub reason: ExpectedReason,
    /// Where the bundle has no such forbid: that.
    pub unknown: Option<UnknownForbid>,
}

/// No forbid of the bundle has the name that a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownForbid {
    /// The forbid that was most likely meant.
    pub nearest: Option<String>,
}

/// How the path failed on an event that comes before. A verdict is no failure, nor what the bundle says to pass over.
pub(super) fn of_earlier(event: usize, decision: &Decision) -> impl Iterator<Item = Difference> {
    // Named are those that are none, so that a new code counts until somebody has thought about it.
    let verdict = |code| {
        matches!(code, ReasonCode::Policy | ReasonCode::NoPermit | ReasonCode::CannotRedact | ReasonCode::GuardSkipped)
    };
    let failures = decision.reasons.iter().filter(move |reason| !verdict(reason.code));
    failures.map(move |reason| Difference::Before { event, reason: reason.clone() })
}

/// Where `found` is not what was expected. `forbids` are the names of all forbids.
pub(super) fn between(expected: &Expected, found: &Decision, forbids: &[&str]) -> Vec<Difference> {
    let mut differences = Vec::new();
    if expected.verdict != found.verdict {
        differences.push(Difference::Verdict { expected: expected.verdict, found: found.verdict });
    }
    if let Some(expected) = &expected.reasons {
        let (missing, unexpected) = unmatched(expected, &found.reasons, ExpectedReason::is);
        if !(missing.is_empty() && unexpected.is_empty()) {
            let missing = missing.into_iter().map(|reason| missing_reason(reason, forbids)).collect();
            differences.push(Difference::Reasons { missing, unexpected: unexpected.into_iter().cloned().collect() });
        }
    }
    if let Some(expected) = &expected.findings {
        let (missing, unexpected) = unmatched(expected, &found.findings, ExpectedFinding::is);
        if !(missing.is_empty() && unexpected.is_empty()) {
            let (missing, unexpected) =
                (missing.into_iter().cloned().collect(), unexpected.into_iter().cloned().collect());
            differences.push(Difference::Findings { missing, unexpected });
        }
    }
    if let Some(expected) = &expected.payload {
        differences.extend(payload::differences(expected, found.repaired.as_ref()));
    }
    differences
}

fn missing_reason(reason: &ExpectedReason, forbids: &[&str]) -> MissingReason {
    let unknown = match reason {
        ExpectedReason::Policy(id) if !forbids.contains(&id.as_str()) => {
            Some(UnknownForbid { nearest: nearest(id, forbids.iter().copied()).map(str::to_owned) })
        }
        _ => None,
    };
    MissingReason { reason: reason.clone(), unknown }
}

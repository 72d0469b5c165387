//! A rehearsal as JSON.

use super::{Difference, MissingReason, Outcome, Rehearsal, RehearsedFile};
use crate::{
    bundle::ExpectedFinding,
    decision::{Finding, Reason},
    json::{Object, Value},
};

impl Rehearsal {
    /// The rehearsal as JSON:
    ///
    /// ```json
    /// {"passed":41,"failed":1,
    ///  "files":[{"file":"tests/payments.yaml",
    ///    "cases":[{"name":"…","line":3,"passed":false,"verdict":"warn","reasons":[…],"micros":83,"differences":[
    ///      {"in":"verdict","expected":"deny","found":"warn"},
    ///      {"in":"reasons","missing":["payments.cedar:large"],"unexpected":[{"code":"policy",…}]},
    ///      {"in":"findings","missing":[{"guard":"pii"}],"unexpected":[{"guard":"secrets",…}]},
    ///      {"in":"payload","at":"/arguments/note","expected":"…","found":"…"},
    ///      {"in":"before","event":0,"reason":{"code":"guard-failed",…}}]}]}],
    ///  "forbids":12,"not_fired":["payments.cedar:abroad"]}
    /// ```
    ///
    /// `reasons`, `unexpected` and `reason` have the form that decisions give them. In a payload, `expected` or `found` is
    /// left out where there is to be, or is, nothing.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut object = Object::new();
        object.insert("passed", self.passed() as u64);
        object.insert("failed", self.failed() as u64);
        object.insert("files", self.files.iter().map(file).collect::<Vec<_>>());
        object.insert("forbids", self.forbids as u64);
        object.insert("not_fired", self.not_fired.iter().map(|id| id.as_str().into()).collect::<Vec<Value>>());
        object
    }
}

fn file(file: &RehearsedFile) -> Value {
    let mut object = Object::new();
    object.insert("file", file.name.as_str());
    object.insert("cases", file.outcomes.iter().map(outcome).collect::<Vec<_>>());
    object.into()
}

fn outcome(outcome: &Outcome) -> Value {
    let mut object = Object::new();
    object.insert("name", outcome.name.as_str());
    object.insert("line", outcome.line as u64);
    object.insert("passed", outcome.passed());
    object.insert("verdict", outcome.decision.verdict.as_str());
    object.insert("reasons", outcome.decision.reasons.iter().map(Reason::to_value).collect::<Vec<_>>());
    object.insert("micros", outcome.decision.micros);
    if !outcome.passed() {
        object.insert("differences", outcome.differences.iter().map(Difference::to_value).collect::<Vec<_>>());
    }
    object.into()
}

impl Difference {
    /// The difference as JSON; see [`Rehearsal::to_object`].
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new();
        match self {
            Self::Before { event, reason } => {
                object.insert("in", "before");
                object.insert("event", *event as u64);
                object.insert("reason", reason.to_value());
            }
            Self::Verdict { expected, found } => {
                object.insert("in", "verdict");
                object.insert("expected", expected.as_str());
                object.insert("found", found.as_str());
            }
            Self::Reasons { missing, unexpected } => {
                let name = |missing: &MissingReason| Value::from(missing.reason.to_string());
                object.insert("in", "reasons");
                object.insert("missing", missing.iter().map(name).collect::<Vec<_>>());
                object.insert("unexpected", unexpected.iter().map(Reason::to_value).collect::<Vec<_>>());
            }
            Self::Findings { missing, unexpected } => {
                object.insert("in", "findings");
                object.insert("missing", missing.iter().map(ExpectedFinding::to_value).collect::<Vec<_>>());
                object.insert("unexpected", unexpected.iter().map(Finding::to_value).collect::<Vec<_>>());
            }
            Self::Payload { at, expected, found } => {
                object.insert("in", "payload");
                object.insert("at", at.as_str());
                for (name, value) in [("expected", expected), ("found", found)] {
                    if let Some(value) = value {
                        object.insert(name, value.clone());
                    }
                }
            }
        }
        object.into()
    }
}

//! [`Row`]: one decision, as it was and as it would be.

use super::NotReplayable;
use crate::{
    decision::{Decision, Reason, ReasonCode, Verdict},
    event::{Checkpoint, SessionId, ToolName},
    json::{Object, Value},
};

/// One decision, as it was and as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The number of its record, or of its event in the transcript, from 1.
    pub n: u64,
    /// When it was recorded, as the record says; `None` in a transcript.
    pub time: Option<String>,
    /// The session.
    pub session: SessionId,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The tool that it is about.
    pub tool: Option<ToolName>,
    /// As it was recorded, or as the other bundle has it; `None` if there is nothing to compare with.
    pub old: Option<Ruling>,
    /// As the bundle has it.
    pub new: Result<Ruling, NotReplayable>,
}

/// A verdict and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// For each reason, in alphabetical order, the policy `<file>:<@id>` that it is; where it is something else, the code, and
    /// the policy or the guard that it names: `no-permit`, `cannot-redact limits.cedar:mask`.
    pub reasons: Vec<String>,
}

impl Ruling {
    /// A verdict for these reasons.
    pub(super) fn new(verdict: Verdict, reasons: &[Reason]) -> Self {
        let mut reasons: Vec<_> = reasons.iter().map(of_one).collect();
        reasons.sort_unstable();
        Self { verdict, reasons }
    }

    /// The same of a stream.
    pub(super) fn in_a_stream(self) -> Self {
        Self { verdict: self.verdict.in_a_stream(), ..self }
    }

    fn to_value(&self) -> Value {
        let mut object = Object::new();
        object.insert("verdict", self.verdict.as_str());
        object.insert("reasons", self.reasons.iter().map(|reason| reason.as_str().into()).collect::<Vec<Value>>());
        object.into()
    }
}

impl From<&Decision> for Ruling {
    fn from(decision: &Decision) -> Self {
        Self::new(decision.verdict, &decision.reasons)
    }
}

fn of_one(reason: &Reason) -> String {
    let Reason { code, policy, guard, .. } = reason;
    match policy.as_ref().or(guard.as_ref()) {
        Some(policy) if *code == ReasonCode::Policy => policy.clone(),
        Some(from) => format!("{code} {from}"),
        None => code.to_string(),
    }
}

impl Row {
    /// The verdicts, if they are two different ones.
    #[must_use]
    pub fn change(&self) -> Option<(Verdict, Verdict)> {
        let (old, new) = (self.old.as_ref()?.verdict, self.new.as_ref().ok()?.verdict);
        (old != new).then_some((old, new))
    }

    /// The row as JSON: `n`, `time`, `session`, `checkpoint`, `tool`, `old` and `new`, each with `verdict` and `reasons`, or in
    /// place of `new` `not_replayable`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new();
        object.insert("n", self.n);
        if let Some(time) = &self.time {
            object.insert("time", time.as_str());
        }
        object.insert("session", self.session.as_str());
        object.insert("checkpoint", self.checkpoint.as_str());
        if let Some(tool) = &self.tool {
            object.insert("tool", tool.to_string());
        }
        if let Some(old) = &self.old {
            object.insert("old", old.to_value());
        }
        match &self.new {
            Ok(new) => object.insert("new", new.to_value()),
            Err(why) => object.insert("not_replayable", why.as_str()),
        };
        object.into()
    }
}

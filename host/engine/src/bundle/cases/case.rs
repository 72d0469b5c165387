//! [`Case`]: events that go in, and what is expected to come out.

use std::fmt;

use crate::{
    decision::{Category, Confidence, Finding, Reason, ReasonCode, Severity, Verdict},
    event::Event,
    json::{Object, Value},
};

/// One test of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Unique in its file; the file and the line where the file gives none.
    pub name: String,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What came before, in order. What becomes of it is not compared.
    pub before: Vec<Event>,
    /// What is judged.
    pub event: Event,
    /// What is to come of it.
    pub expected: Expected,
}

/// What a case expects of the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The verdict.
    pub verdict: Verdict,
    /// The reasons, each of them and no other, in any order. `None`: any.
    pub reasons: Option<Vec<ExpectedReason>>,
    /// The findings, each of them and no other, in any order. `None`: any.
    pub findings: Option<Vec<ExpectedFinding>>,
    /// What is to stand in for the original. `None`: anything, or nothing.
    pub payload: Option<ExpectedPayload>,
}

/// A reason that a decision is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedReason {
    /// This forbid matched: `<file>:<@id>`.
    Policy(String),
    /// There is a reason of this code, which is not [`ReasonCode::Policy`].
    Code {
        /// The code.
        code: ReasonCode,
        /// The policy or the guard that it names; `None`: any, or none.
        of: Option<String>,
    },
}

/// What a finding is to be. What is `None` may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExpectedFinding {
    /// The guard's name in the bundle.
    pub guard: Option<String>,
    /// The guard's rule.
    pub rule: Option<String>,
    /// The category.
    pub category: Option<Category>,
    /// The severity.
    pub severity: Option<Severity>,
    /// The confidence.
    pub confidence: Option<Confidence>,
    /// Where it was seen.
    pub path: Option<ExpectedPath>,
}

/// Where something is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedPath {
    /// In the event as a whole: a finding without a path.
    Whole,
    /// In the part of this path.
    Part(String),
}

/// What is to stand in for the original of a repaired event, by its checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedPayload {
    /// The text of an input, an output or a note.
    Text(String),
    /// The arguments of a call.
    Arguments(Object),
    /// A tool's definition.
    Definition(Object),
    /// A tool's result: at least one of the two.
    Result {
        /// The content blocks; one block of type `text` where the case has a `text`.
        content: Option<Vec<Value>>,
        /// The answer as data.
        structured: Option<Value>,
    },
}

impl ExpectedReason {
    /// The reason that `found` is, as exactly as a case can say it.
    #[must_use]
    pub fn of(found: &Reason) -> Self {
        match (&found.policy, found.code) {
            (Some(policy), ReasonCode::Policy) => Self::Policy(policy.clone()),
            (policy, code) => Self::Code { code, of: policy.as_ref().or(found.guard.as_ref()).cloned() },
        }
    }

    /// Whether `found` is such a reason.
    #[must_use]
    pub fn is(&self, found: &Reason) -> bool {
        match self {
            Self::Code { code, of: None } => found.code == *code,
            exact => *exact == Self::of(found),
        }
    }
}

/// As a case says it: `payments.cedar:large`, `no-permit`, `guard-failed secrets`.
impl fmt::Display for ExpectedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(policy) => f.write_str(policy),
            Self::Code { code, of: None } => code.fmt(f),
            Self::Code { code, of: Some(name) } => write!(f, "{code} {name}"),
        }
    }
}

impl ExpectedFinding {
    /// Whether `found` is such a finding.
    #[must_use]
    pub fn is(&self, found: &Finding) -> bool {
        fn agrees<T: PartialEq<F>, F>(expected: Option<&T>, found: &F) -> bool {
            expected.is_none_or(|expected| expected == found)
        }
        agrees(self.guard.as_ref(), &found.guard)
            && agrees(self.rule.as_ref(), &found.rule)
            && agrees(self.category.as_ref(), &found.category)
            && agrees(self.severity.as_ref(), &found.severity)
            && agrees(self.confidence.as_ref(), &found.confidence)
            && match &self.path {
                None => true,
                Some(ExpectedPath::Whole) => found.path.is_none(),
                Some(ExpectedPath::Part(path)) => found.path.as_ref() == Some(path),
            }
    }

    /// The members as a case writes them.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new();
        let words = [
            ("guard", self.guard.as_deref()),
            ("rule", self.rule.as_deref()),
            ("category", self.category.as_ref().map(Category::as_str)),
        ];
        for (name, word) in words {
            if let Some(word) = word {
                object.insert(name, word);
            }
        }
        if let Some(severity) = self.severity {
            object.insert("severity", u64::from(u8::from(severity)));
        }
        if let Some(confidence) = self.confidence {
            object.insert("confidence", u64::from(u8::from(confidence)));
        }
        match &self.path {
            None => {}
            Some(ExpectedPath::Whole) => {
                object.insert("path", Value::Null);
            }
            Some(ExpectedPath::Part(path)) => {
                object.insert("path", path.as_str());
            }
        }
        object.into()
    }
}

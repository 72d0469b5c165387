//! Why a guard gave no report, or was not stationed at all.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::text::tame;

/// Bytes of one message of a guard's that are kept.
pub(crate) const MESSAGE: usize = 512;

/// What kept a guard from giving a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureCause {
    /// It computed longer than its deadline.
    Deadline,
    /// The check took longer by the clock than its wall limit.
    Wall,
    /// It wanted more memory, or larger tables, than its limit, and gave up.
    Memory,
    /// It used up its stack.
    Stack,
    /// It trapped: a panic, or an instruction that cannot be executed.
    Trap,
    /// It answered with an error of its own.
    Error,
    /// It refused the configuration.
    Configuration,
    /// What it gave back could not be read: too many bytes, or not a value of the contract's type.
    Returned,
    /// Its report breaks a rule of the contract: a span outside its text, an undeclared category, and the like.
    Report,
    /// The text is longer than the block limit, so the guard was not asked.
    Block,
    /// `configure` left more in memory than the snapshot limit.
    Snapshot,
    /// The host could not make an instance.
    Unavailable,
}

impl FailureCause {
    /// Every cause.
    pub const ALL: [Self; 12] = [
        Self::Deadline,
        Self::Wall,
        Self::Memory,
        Self::Stack,
        Self::Trap,
        Self::Error,
        Self::Configuration,
        Self::Returned,
        Self::Report,
        Self::Block,
        Self::Snapshot,
        Self::Unavailable,
    ];

    /// The cause as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Wall => "wall",
            Self::Memory => "memory",
            Self::Stack => "stack",
            Self::Trap => "trap",
            Self::Error => "error",
            Self::Configuration => "configuration",
            Self::Returned => "returned",
            Self::Report => "report",
            Self::Block => "block",
            Self::Snapshot => "snapshot",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for FailureCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A guard gave no report. Whatever the cause, the event is denied unless the bundle says `on_failure = "skip"`.
///
/// It is shown in the host's words only. The guard's own may quote the text that it was looking at (a panic on a string's
/// index does), and a reason reaches the agent and the journal: see [`Failure::words`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{detail}")]
pub struct Failure {
    cause: FailureCause,
    detail: String,
    words: Option<String>,
}

impl Failure {
    /// A failure with the host's own words.
    pub(crate) fn new(cause: FailureCause, detail: impl Into<String>) -> Self {
        Self { cause, detail: detail.into(), words: None }
    }

    /// The same with the guard's own words, which are cut and tamed.
    pub(crate) fn said(self, words: &str) -> Self {
        Self { words: Some(tame(words, MESSAGE)), ..self }
    }

    /// What kept the guard from giving a report.
    #[must_use]
    pub const fn cause(&self) -> FailureCause {
        self.cause
    }

    /// What the guard itself said, for the operator's log: never for the agent, and never for the journal.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }
}

/// The guard's words behind the host's. Nothing was inspected yet, so they quote nothing.
fn quoted(words: Option<&str>) -> String {
    words.map(|words| format!(": `{words}`")).unwrap_or_default()
}

/// A guard could not be stationed.
#[derive(Debug, Error)]
pub enum StationError {
    /// The sandbox cannot be set up for it.
    #[error(transparent)]
    Runtime(#[from] super::RuntimeError),
    /// The artifact is larger than the host compiles.
    #[error("expected an artifact of at most {limit} bytes, found {found}")]
    TooLarge {
        /// [`super::Limits::artifact`].
        limit: usize,
        /// The artifact's size.
        found: usize,
    },
    /// The artifact is no component.
    #[error("expected a WebAssembly component, found {found}")]
    NotAComponent {
        /// What its first bytes say it is.
        found: &'static str,
    },
    /// It would cost too much to compile.
    #[error("expected a component with at most {limit} {what}, found more")]
    TooCostly {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        limit: usize,
    },
    /// wasmtime does not compile it.
    #[error("expected a valid WebAssembly component, found one that does not compile: {0}")]
    Invalid(String),
    /// It imports what the bundle does not grant.
    #[error("expected imports that the bundle grants (`guardhouse:guard/log` always is), found `{import}`")]
    Import {
        /// The import's name.
        import: String,
    },
    /// An interface of the contract is missing.
    #[error("expected a component that exports {expected}, found the exports {found}")]
    Export {
        /// What the contract demands.
        expected: &'static str,
        /// What the component has.
        found: String,
    },
    /// An export or import has another type than the contract says.
    #[error("expected the types of `guardhouse:guard@0.1.0`, found another in {what}: {detail}")]
    Contract {
        /// The interface.
        what: &'static str,
        /// wasmtime's own words.
        detail: String,
    },
    /// `describe` or `configure` failed.
    #[error("expected `{function}` to succeed, found that it did not: {failure}{}", quoted(failure.words()))]
    Failed {
        /// The function.
        function: &'static str,
        /// Why.
        failure: Failure,
    },
}

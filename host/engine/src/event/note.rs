//! [`Note`]: facts about an agent's work.

use super::Money;

/// A fact about an agent's work, which feeds budgets and behaviour, and is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// `usage`: what a model call cost; `tokens`, `money`, at least one of them.
    Usage(Usage),
    /// `reasoning`: what the agent thought, which is inspected like an output; `text`.
    Reasoning {
        /// The reasoning.
        text: String,
    },
    /// `error`: something of the agent's own failed; `text` may say what.
    Error {
        /// What failed.
        text: Option<String>,
    },
    /// `retry`: the agent tries something again; `text` may say what.
    Retry {
        /// What is tried again.
        text: Option<String>,
    },
}

/// What a model call cost. At least one of the two is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// Only tokens are known.
    Tokens(Tokens),
    /// Only the money is known.
    Money(Money),
    /// Both are known.
    Both(Tokens, Money),
}

/// How many tokens a model call read and wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    /// Read.
    pub input: u64,
    /// Written.
    pub output: u64,
}

impl Note {
    /// The words of all kinds of notes.
    pub(super) const KINDS: [&'static str; 4] = ["usage", "reasoning", "error", "retry"];

    /// The word of this kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Reasoning { .. } => "reasoning",
            Self::Error { .. } => "error",
            Self::Retry { .. } => "retry",
        }
    }
}

impl Usage {
    /// The tokens, if known.
    #[must_use]
    pub const fn tokens(self) -> Option<Tokens> {
        match self {
            Self::Tokens(tokens) | Self::Both(tokens, _) => Some(tokens),
            Self::Money(_) => None,
        }
    }

    /// The money, if known.
    #[must_use]
    pub const fn money(self) -> Option<Money> {
        match self {
            Self::Money(money) | Self::Both(_, money) => Some(money),
            Self::Tokens(_) => None,
        }
    }
}

//! [`Origin`]: where a text comes from, and what that says of it.

use std::collections::BTreeSet;

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// How far it is trusted.
    pub(crate) rank: Rank,
    /// The source's name: `user`, `system`, `document`, `server/tool` for a result, `definition of server/tool`.
    pub(crate) source: String,
    /// The labels that the bundle gives the source.
    pub(crate) labels: BTreeSet<String>,
}

impl Origin {
    /// A source of which nothing is known.
    pub(crate) fn unknown() -> Self {
        Self { rank: Rank::Untrusted, source: "unknown".to_owned(), labels: BTreeSet::new() }
    }
}

/// How far a text is trusted, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// The user wrote it, and the bundle trusts the user.
    User,
    /// The bundle trusts its source.
    Trusted,
    /// The bundle does not.
    Untrusted,
    /// A guard found something there.
    Flagged,
}

impl Rank {
    pub(crate) const ALL: [Self; 4] = [Self::User, Self::Trusted, Self::Untrusted, Self::Flagged];

    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Trusted => "trusted",
            Self::Untrusted => "untrusted",
            Self::Flagged => "flagged",
        }
    }
}

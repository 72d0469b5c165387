//! [`NotReplayable`]: why it is not known what a bundle would have decided.

use crate::decision::ReasonCode;

/// Why it is not known what a bundle would have decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReplayable {
    /// It was denied for this reason and not by the judge: stopped, a guard failed, too large, a refused definition.
    NotJudged(ReasonCode),
    /// The bundle has other guards there, or configures them otherwise: what they would find is not known.
    Guards,
    /// A guard failed and was skipped, and the bundle does not skip that guard.
    SkippedGuard,
    /// A finding has a category that none of the bundle's guards declares.
    Category,
    /// The bundle pins another definition of the tool than was recorded; or none, where that may have been pinned.
    Pins,
    /// The bundle says other things of what the tool does.
    ToolSettings,
    /// The bundle has policies on the action of the tool, whose definition it does not know.
    Definition,
    /// A policy of the bundle reads the arguments of the call, which are not stored.
    Arguments,
    /// The bundle asks for a repair, and it is not known what that would leave of the event.
    Repair,
    /// A stream was denied, and the bundle would have let it go on: with what is not known.
    Streamed,
    /// The record is not as this version writes it.
    Unreadable,
}

impl NotReplayable {
    /// The word, as it is counted under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotJudged(code) => code.as_str(),
            Self::Guards => "guards-differ",
            Self::SkippedGuard => "guard-was-skipped",
            Self::Category => "category-undeclared",
            Self::Pins => "pins-differ",
            Self::ToolSettings => "tool-settings-differ",
            Self::Definition => "definition-unknown",
            Self::Arguments => "reads-arguments",
            Self::Repair => "repair-unknown",
            Self::Streamed => "stream-was-denied",
            Self::Unreadable => "unreadable",
        }
    }
}

impl std::fmt::Display for NotReplayable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

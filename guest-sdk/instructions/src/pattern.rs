//! Patterns: which concepts, in which order and how near to each other, make an instruction.

use crate::Concepts;

/// What kind of instruction a pattern finds. A guard picks the kinds that it reports and gives each a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// To set earlier instructions aside.
    Override,
    /// A new task, or a new rule that holds from now on.
    NewTask,
    /// To keep something from the user.
    Secrecy,
    /// To call a tool, from within data.
    ToolSteering,
    /// To send or attach what the model knows.
    Exfiltration,
    /// Text that says it is addressed to the model.
    Address,
    /// A forged turn of a conversation.
    Forgery,
    /// To decode something and do what it says.
    Encoded,
    /// To play somebody without limits.
    Persona,
    /// To drop the limits, or to be told that they are gone.
    Unlock,
    /// Never to refuse, warn or apologise.
    NoRefusal,
    /// To give away the system prompt.
    SystemPrompt,
    /// To repeat what stands above.
    TextAbove,
    /// To call or read something else before this tool, or after it.
    Precondition,
    /// To use this tool in place of others, or to change how others are used.
    Shadowing,
    /// To read files of the user's machine that hold secrets.
    SecretFile,
    /// A parameter that is to be filled with the conversation, the system prompt or secrets.
    Filling,
}

impl Kind {
    /// How many kinds there are.
    pub(crate) const COUNT: usize = Self::Filling as usize + 1;
}

/// One pattern.
#[derive(Debug)]
pub struct Pattern {
    /// What it finds.
    pub kind: Kind,
    /// How sure a match is, in percent.
    pub confidence: u8,
    /// Whether a "not" in front of it makes it harmless: "do not ignore the rules above".
    pub negatable: bool,
    /// The concepts, in order; the first one is where the instruction begins.
    pub slots: &'static [Slot],
}

/// One place of a pattern.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// Any of these fits.
    pub concepts: Concepts,
    /// How many other words may stand before it.
    pub gap: u8,
}

/// The first place of a pattern.
pub(crate) const fn first(concepts: Concepts) -> Slot {
    Slot { concepts, gap: 0 }
}

/// A place with at most so many other words before it.
pub(crate) const fn within(gap: u8, concepts: Concepts) -> Slot {
    Slot { concepts, gap }
}

/// A pattern that a "not" in front makes harmless.
pub(crate) const fn pattern(kind: Kind, confidence: u8, slots: &'static [Slot]) -> Pattern {
    Pattern { kind, confidence, negatable: true, slots }
}

/// A pattern whose first words are a "not", or which one does not concern.
pub(crate) const fn always(kind: Kind, confidence: u8, slots: &'static [Slot]) -> Pattern {
    Pattern { kind, confidence, negatable: false, slots }
}

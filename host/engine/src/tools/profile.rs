//! What the host knows about a tool.

use crate::json::{
    Misread, Object, Value,
    members::{Members, flag, list, word},
};
use crate::vocabulary::{Vocabulary as _, WordSet, vocabulary};

/// What the host knows about a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ToolProfile {
    /// What the tool does to the world.
    pub effects: Effects,
    /// It reaches beyond what the operator controls.
    pub open_world: bool,
    /// Whether its definition is the one that was pinned.
    pub pin: Pin,
}

impl ToolProfile {
    /// A tool of which nothing is known: it may do anything, anywhere, and nobody has vouched for its definition.
    #[must_use]
    pub fn unknown() -> Self {
        Self { effects: Effects::unknown(), open_world: true, pin: Pin::Unpinned }
    }

    /// The profile as JSON: `effects`, `openWorld`, `pin`.
    #[must_use]
    pub fn to_object(self) -> Object {
        let mut object = Object::new();
        let effects = self.effects.set().iter().map(|effect| effect.word().into());
        object.insert("effects", effects.collect::<Vec<Value>>());
        object.insert("openWorld", self.open_world);
        object.insert("pin", self.pin.as_str());
        object
    }

    /// The profile that [`to_object`](Self::to_object) wrote.
    ///
    /// # Errors
    /// Where there is anything that it would not have written.
    pub fn from_object(written: &Object) -> Result<Self, Misread> {
        let profile = Members::only(written, &["effects", "openWorld", "pin"])?;
        let effects: Vec<_> = profile.needed("effects", list(|value| word(value, Effect::ALL, Effect::word)))?;
        if effects.is_empty() {
            return Err(Misread::at("effects", "at least one effect", "none"));
        }
        Ok(Self {
            effects: effects.into_iter().collect(),
            open_world: profile.needed("openWorld", flag)?,
            pin: profile.needed("pin", |value| word(value, &Pin::ALL, Pin::as_str))?,
        })
    }

    /// Whether it changes nothing: it reads, and does nothing else.
    #[must_use]
    pub fn is_read_only(self) -> bool {
        self.effects.set() == WordSet::of(Effect::Read)
    }
}

/// A tool's definition against the one that was pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pin {
    /// None is pinned, and it is the only one that the session has seen; or there is no definition at all.
    Unpinned,
    /// It is the pinned one.
    Pinned,
    /// It is not the pinned one; or none is pinned, and the session saw another one first.
    Changed,
}

impl Pin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unpinned, Self::Pinned, Self::Changed];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unpinned => "unpinned",
            Self::Pinned => "pinned",
            Self::Changed => "changed",
        }
    }
}

/// What a tool does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Reads.
    Read,
    /// Creates or changes.
    Write,
    /// Destroys.
    Delete,
    /// Sends to somebody.
    Send,
    /// Spends money.
    Spend,
    /// Runs code.
    Execute,
    /// Changes what the agent or a system may do.
    Configure,
    /// Nobody has said.
    Unknown,
}

vocabulary!(Effect {
    Read => "read",
    Write => "write",
    Delete => "delete",
    Send => "send",
    Spend => "spend",
    Execute => "execute",
    Configure => "configure",
    Unknown => "unknown",
});

/// The effects of a tool: at least one. No policy that looks for an effect would match a tool without any, so saying
/// nothing is `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Effects(WordSet<Effect>);

impl Effects {
    /// Nobody has said.
    #[must_use]
    pub fn unknown() -> Self {
        Self(WordSet::of(Effect::Unknown))
    }

    /// The effects as a set, never empty.
    #[must_use]
    pub fn set(self) -> WordSet<Effect> {
        self.0
    }
}

impl FromIterator<Effect> for Effects {
    fn from_iter<I: IntoIterator<Item = Effect>>(effects: I) -> Self {
        let set: WordSet<Effect> = effects.into_iter().collect();
        if set.is_empty() { Self::unknown() } else { Self(set) }
    }
}

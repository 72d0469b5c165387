//! What a guard author implements.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{About, Call, Definition, Finding, Item, Part, Reach};

/// What every guard is. Implement one of [`TextGuard`], [`CallGuard`] and [`DefinitionGuard`] beside it.
pub trait Guard: Sized + 'static {
    /// The configuration that a bundle may give, read from JSON; its JSON Schema is derived. A bundle that gives none
    /// gives `{}`. Put `#[serde(deny_unknown_fields)]` on it, so that a misspelt setting is an error and not silence, and
    /// `#[serde(default)]` on what may be left out. A guard without settings takes [`NoConfig`].
    type Config: DeserializeOwned + JsonSchema;

    /// What the guard is, and which texts it asks for.
    const ABOUT: About;

    /// Makes the guard from its configuration.
    ///
    /// # Errors
    ///
    /// What is wrong with the configuration, in words for the operator: the bundle does not load.
    fn configure(config: Self::Config) -> Result<Self, String>;

    /// How far the text around a position can influence a finding. The default needs whole texts, which is always right
    /// but holds back every stream to its end. See [`Reach::within`].
    fn reach(&self) -> Reach {
        Reach::WHOLE
    }

    /// How far each of those `parts` that have `more_after` is settled, in their order: a byte offset into the body on a
    /// character boundary, such that no finding that begins before it can appear, change or vanish whatever text follows.
    /// The default is empty: the host derives the offsets from [`reach`](Self::reach), which is always right.
    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        let _ = parts;
        Vec::new()
    }
}

/// A guard that reads text, at every checkpoint that it asks for.
pub trait TextGuard: Guard {
    /// Inspects a text.
    ///
    /// # Errors
    ///
    /// Why the guard could not do so. It counts as the guard's failure, never as a clean text.
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String>;
}

/// A guard that reads tool calls as a whole, before they run.
pub trait CallGuard: Guard {
    /// Inspects a call.
    ///
    /// # Errors
    ///
    /// Why the guard could not do so. It counts as the guard's failure, never as a harmless call.
    fn inspect(&self, call: &Call) -> Result<Vec<Finding>, String>;
}

/// A guard that reads what a server says of its tools, before the agent does.
pub trait DefinitionGuard: Guard {
    /// Inspects a definition.
    ///
    /// # Errors
    ///
    /// Why the guard could not do so. It counts as the guard's failure, never as a harmless definition.
    fn inspect(&self, definition: &Definition) -> Result<Vec<Finding>, String>;
}

/// The configuration of a guard that has no settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoConfig {}

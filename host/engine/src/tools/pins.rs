//! [`Pins`]: the definitions that somebody has looked at.

use std::collections::{BTreeMap, btree_map};
use std::sync::Arc;

use super::Definition;
use crate::event::{ServerName, ToolName};

/// The definitions that somebody has looked at, each tool's one.
///
/// A tool that is defined otherwise than it is pinned was changed behind its users' backs, or by an update that nobody
/// has looked at yet. Kept in a bundle's `tools.lock`, see [`Bundle::read_pins`](crate::bundle::Bundle::read_pins).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins {
    tools: BTreeMap<ToolName, Arc<Definition>>,
}

impl Pins {
    /// No pins.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The pinned definition of a tool.
    #[must_use]
    pub fn get(&self, tool: &ToolName) -> Option<&Arc<Definition>> {
        self.tools.get(tool)
    }

    /// How many tools are pinned.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    /// The pinned tools, sorted by server and tool.
    pub fn iter(&self) -> btree_map::Iter<'_, ToolName, Arc<Definition>> {
        self.tools.iter()
    }

    /// Pins what `server` says of the tool that the definition names. Returns the definition that was pinned before.
    pub fn insert(&mut self, server: ServerName, definition: Arc<Definition>) -> Option<Arc<Definition>> {
        let tool = ToolName { server, tool: definition.name().clone() };
        self.tools.insert(tool, definition)
    }

    /// Takes a tool's pin away, and returns it.
    pub fn remove(&mut self, tool: &ToolName) -> Option<Arc<Definition>> {
        self.tools.remove(tool)
    }
}

impl<'p> IntoIterator for &'p Pins {
    type Item = (&'p ToolName, &'p Arc<Definition>);
    type IntoIter = btree_map::Iter<'p, ToolName, Arc<Definition>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

//! The definitions of tools that sessions were told: in memory as long as a session holds them, and sealed in the index.

use std::{
    collections::HashMap,
    sync::{Arc, MutexGuard, PoisonError},
};

use super::{RestoreError, Sessions};
use crate::{
    event::ToolName,
    json::{self, Digest, Misread, Object},
    store::Table,
    tools::{Definition, DefinitionError},
};

impl Sessions {
    /// The definition of a tool that a server announces, shared with those who were told the same.
    ///
    /// # Errors
    /// Why the object is no definition of a tool of this name.
    pub(crate) fn announced(&self, tool: &ToolName, object: &Object) -> Result<Arc<Definition>, DefinitionError> {
        self.definitions.read(tool, object)
    }

    /// A definition that some session was told. `None`: it is known no more.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn definition(
        &self,
        tool: &ToolName,
        digest: &Digest,
        open: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Option<Arc<Definition>>, RestoreError> {
        if let Some(held) = self.definitions.get(tool, digest) {
            return Ok(Some(held));
        }
        let Some(sealed) = self.sealed_definition(digest)? else { return Ok(None) };
        let read = || {
            let value = json::parse(&open(&sealed)?).ok()?;
            let definition = self.definitions.read(tool, value.as_object()?).ok()?;
            (definition.digest() == *digest).then_some(definition)
        };
        let definition = read().ok_or_else(|| Misread::at("", "the definition that was sealed", "something else"))?;
        Ok(Some(definition))
    }

    /// Has a definition that somebody keeps be found by who needs it next, if there is room for it.
    pub(crate) fn hold(&self, definition: &Arc<Definition>) {
        let _ = self.definitions.hold(definition);
    }

    fn sealed_definition(&self, digest: &Digest) -> Result<Option<Vec<u8>>, RestoreError> {
        if let Some(sealed) = self.defined().get(digest) {
            return Ok(Some(sealed.clone()));
        }
        match &self.store {
            Some(store) => Ok(store.get(Table::Definitions, digest.as_bytes())?),
            None => Ok(None),
        }
    }

    /// Whether a definition is kept, sealed.
    ///
    /// # Errors
    /// When that cannot be read.
    pub(crate) fn is_defined(&self, digest: &Digest) -> Result<bool, RestoreError> {
        Ok(self.sealed_definition(digest)?.is_some())
    }

    /// Keeps a definition, sealed. To be called before its record is written.
    pub(crate) fn define(&self, digest: Digest, sealed: Vec<u8>) {
        if self.store.is_some() {
            self.defined().insert(digest, sealed);
        }
    }

    pub(super) fn defined(&self) -> MutexGuard<'_, HashMap<Digest, Vec<u8>>> {
        self.defined.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

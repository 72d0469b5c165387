//! The definitions that sessions were told, shared by those that were told the same.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use super::{Definition, DefinitionError};
use crate::{
    event::ToolName,
    json::{Digest, Object},
};

/// Every definition that some session holds, and perhaps some that none holds any more. Servers write them, so all of them
/// together are bounded.
#[derive(Debug, Default)]
pub struct Definitions(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    held: HashMap<Digest, Weak<Definition>>,
    /// The bytes of all of these.
    bytes: usize,
}

impl Definitions {
    /// The bytes of all different definitions, as JSON.
    pub const MAX_BYTES: usize = 256 << 20;

    /// The definition of a tool that a server announces, shared with those who were told the same.
    ///
    /// # Errors
    /// Why the object is no definition of a tool of this name.
    pub fn read(&self, tool: &ToolName, object: &Object) -> Result<Arc<Definition>, DefinitionError> {
        let digest = object.digest();
        match self.get(tool, &digest) {
            Some(held) => Ok(held),
            None => Definition::read_digested(&tool.tool, object.clone(), digest).map(Arc::new),
        }
    }

    /// The definition of this digest, if it is held and the tool's.
    #[must_use]
    pub fn get(&self, tool: &ToolName, digest: &Digest) -> Option<Arc<Definition>> {
        let held = self.state().held.get(digest).and_then(Weak::upgrade);
        held.filter(|held| *held.name() == tool.tool)
    }

    /// Counts a definition that somebody is about to hold. Says whether there is room for it.
    #[must_use]
    pub fn hold(&self, definition: &Arc<Definition>) -> bool {
        let mut state = self.state();
        if state.held.get(&definition.digest()).is_some_and(|held| held.strong_count() > 0) {
            return true;
        }
        if state.bytes + definition.bytes() > Self::MAX_BYTES {
            state.count();
        }
        if state.bytes + definition.bytes() > Self::MAX_BYTES {
            return false;
        }
        state.bytes += definition.bytes();
        state.held.insert(definition.digest(), Arc::downgrade(definition));
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // INVARIANT: nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Drops what nobody holds any more, and counts the bytes of the others.
    fn count(&mut self) {
        self.bytes = 0;
        self.held.retain(|_, held| {
            let bytes = held.upgrade().map(|definition| definition.bytes());
            self.bytes += bytes.unwrap_or_default();
            bytes.is_some()
        });
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn tool(name: &str) -> ToolName {
        format!("s/{name}").parse().unwrap()
    }

    fn object(name: &str, description: &str) -> Object {
        let mut object = Object::new();
        object.insert("name", name);
        object.insert("description", description);
        object
    }

    #[test]
    fn who_is_told_the_same_shares_it() {
        let definitions = Definitions::default();
        let one = definitions.read(&tool("t"), &object("t", "x")).unwrap();
        assert!(definitions.hold(&one));
        assert!(Arc::ptr_eq(&one, &definitions.read(&tool("t"), &object("t", "x")).unwrap()));
        assert!(definitions.read(&tool("u"), &object("t", "x")).is_err(), "a name that is not the tool's");
        assert!(definitions.get(&tool("u"), &one.digest()).is_none());
    }

    #[test]
    fn there_is_room_for_so_many_bytes_and_what_nobody_holds_takes_none() {
        let (definitions, text) = (Definitions::default(), "x".repeat(200 << 10));
        let read = |number: usize| definitions.read(&tool("t"), &object("t", &format!("{text}{number}"))).unwrap();
        let most = Definitions::MAX_BYTES / text.len();
        let mut held = Vec::new();
        for number in 0..2 * most {
            let definition = read(number);
            assert!(definitions.hold(&definition), "one at a time: {number}");
        }
        for number in 0..=most {
            let definition = read(number);
            if definitions.hold(&definition) {
                held.push(definition);
            }
        }
        assert!((most - most / 100..=most).contains(&held.len()), "{} of {most}", held.len());
        assert!(definitions.hold(&held[0]), "what is held needs no more room");
    }
}

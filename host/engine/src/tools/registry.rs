//! What sessions have been told of tools.
//!
//! A definition holds in the session in which its server announced it, and nowhere else: a session's server cannot redefine
//! a tool for another session, whatever it calls itself. What holds in all sessions is what the bundle pins.
//!
//! Servers and agents fill the registry, so everything in it is bounded. A session that was told of as many tools as are
//! remembered is told no more, and any other tool is refused in it. Where there are too many sessions, those that have been
//! idle longest are forgotten, with what was refused or changed in them; the log says so. (Definitions outlive a restart
//! when the journal carries them.)

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::definition::{Definition, DefinitionError};
use crate::event::{SessionId, ToolName};
use crate::json::{Digest, Object};

/// Definitions by session and tool. Shared by all that check events.
#[derive(Debug, Default)]
pub struct Registry(Mutex<State>);

/// What a session has been told of one tool.
#[derive(Debug, Clone)]
pub struct Told {
    /// The definition that it was told last.
    pub definition: Arc<Definition>,
    /// The digest of the one that it was told first.
    pub first: Digest,
    /// Whether the last one was let through. A tool whose definition was not is refused.
    pub accepted: bool,
}

/// What is known of a tool in a session.
#[derive(Debug, Clone)]
pub enum Known {
    /// It has been told of.
    Told(Told),
    /// It has not been told of.
    Untold,
    /// It has not been told of, and there is no room for it any more: it is refused.
    Full,
}

#[derive(Debug, Default)]
struct State {
    sessions: HashMap<SessionId, Session>,
    /// Every definition that some session holds, so that sessions share them, and perhaps some that none holds any more.
    definitions: HashMap<Digest, Weak<Definition>>,
    /// The bytes of all of these.
    bytes: usize,
    /// Tools told of, in all sessions.
    tools: usize,
    /// Counts what is asked and told, to tell which session has been idle longest.
    clock: u64,
}

#[derive(Debug, Default)]
struct Session {
    tools: HashMap<ToolName, Told>,
    /// There was no room for a tool.
    full: bool,
    used: u64,
}

impl Registry {
    /// The tools that one session may be told of. The largest collections of tools known have some 1,000.
    pub const MAX_TOOLS: usize = 4_096;
    /// The tools that all sessions together may be told of: some 100 MiB of names.
    pub const MAX_ALL_TOOLS: usize = 1 << 20;
    /// The sessions that are remembered.
    pub const MAX_SESSIONS: usize = 1 << 16;
    /// The bytes of all different definitions, as JSON.
    pub const MAX_BYTES: usize = 256 << 20;

    /// A definition, shared with those who were told the same.
    ///
    /// # Errors
    /// Why the object is no definition of a tool of this name.
    pub fn definition(&self, tool: &ToolName, object: &Object) -> Result<Arc<Definition>, DefinitionError> {
        let digest = object.digest();
        let held = self.state().definitions.get(&digest).and_then(Weak::upgrade);
        match held.filter(|held| *held.name() == tool.tool) {
            Some(held) => Ok(held),
            None => Definition::read_digested(&tool.tool, object.clone(), digest).map(Arc::new),
        }
    }

    /// What is known of a tool in a session.
    #[must_use]
    pub fn known(&self, session: &SessionId, tool: &ToolName) -> Known {
        let mut state = self.state();
        let now = state.tick();
        let Some(session) = state.sessions.get_mut(session) else { return Known::Untold };
        session.used = now;
        match session.tools.get(tool) {
            Some(told) => Known::Told(told.clone()),
            None if session.full || session.tools.len() >= Self::MAX_TOOLS => Known::Full,
            None => Known::Untold,
        }
    }

    /// Remembers what a session was told of a tool, and whether it was let through. Where there is no room for it, the tool
    /// is refused from then on, and so is every other that the session is told of later.
    pub fn tell(&self, session: &SessionId, tool: &ToolName, definition: Arc<Definition>, accepted: bool) {
        let mut state = self.state();
        let room = state.make_room(session, &definition);
        let now = state.tick();
        let State { sessions, definitions, bytes, tools, .. } = &mut *state;
        let session = sessions.entry(session.clone()).or_default();
        session.used = now;
        let first = session.tools.get(tool).map(|told| told.first);
        if !room || (first.is_none() && session.tools.len() >= Self::MAX_TOOLS) {
            session.full = true;
            // What it was told before holds no longer.
            *tools -= usize::from(session.tools.remove(tool).is_some());
            return;
        }
        if definitions.get(&definition.digest()).is_none_or(|held| held.strong_count() == 0) {
            *bytes += definition.bytes();
            definitions.insert(definition.digest(), Arc::downgrade(&definition));
        }
        let first = first.unwrap_or(definition.digest());
        *tools += usize::from(session.tools.insert(tool.clone(), Told { definition, first, accepted }).is_none());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // INVARIANT: nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// Forgets what nobody holds, then the sessions that have been idle longest, until one more tool with this definition
    /// fits. Says whether it does; `asking` is not forgotten.
    fn make_room(&mut self, asking: &SessionId, definition: &Definition) -> bool {
        let fits = |state: &Self| {
            state.bytes + definition.bytes() <= Registry::MAX_BYTES
                && state.tools < Registry::MAX_ALL_TOOLS
                && (state.sessions.len() < Registry::MAX_SESSIONS || state.sessions.contains_key(asking))
        };
        if fits(self) {
            return true;
        }
        self.count();
        while !fits(self) {
            if !self.forget(asking) {
                return false;
            }
            self.count();
        }
        true
    }

    /// Drops definitions that no session holds any more, and counts the bytes of the others.
    fn count(&mut self) {
        self.bytes = 0;
        self.definitions.retain(|_, held| {
            let bytes = held.upgrade().map(|definition| definition.bytes());
            self.bytes += bytes.unwrap_or_default();
            bytes.is_some()
        });
    }

    /// Forgets the eighth of the other sessions that has been idle longest: so many at once, that finding them is not paid
    /// for by every event. Says whether there was one.
    fn forget(&mut self, asking: &SessionId) -> bool {
        let mut idle: Vec<_> = self
            .sessions
            .iter()
            .filter(|(id, _)| *id != asking)
            .map(|(id, session)| (session.used, id.clone()))
            .collect();
        idle.sort_unstable_by_key(|(used, _)| *used);
        let count = idle.len().div_ceil(8);
        for (_, id) in idle.into_iter().take(count) {
            if let Some(session) = self.sessions.remove(&id) {
                self.tools -= session.tools.len();
            }
        }
        if count > 0 {
            tracing::warn!(
                sessions = count,
                "there are too many sessions: what the idle ones were told of tools is forgotten"
            );
        }
        count > 0
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

    use super::*;

    fn tool(name: &str) -> ToolName {
        format!("s/{name}").parse().unwrap()
    }

    fn session(name: &str) -> SessionId {
        name.parse().unwrap()
    }

    fn object(name: &str, description: &str) -> Object {
        let mut object = Object::new();
        object.insert("name", name);
        object.insert("description", description);
        object
    }

    fn tell(registry: &Registry, session: &SessionId, name: &str, description: &str, accepted: bool) {
        let definition = registry.definition(&tool(name), &object(name, description)).unwrap();
        registry.tell(session, &tool(name), definition, accepted);
    }

    fn told(registry: &Registry, session: &SessionId, name: &str) -> Told {
        match registry.known(session, &tool(name)) {
            Known::Told(told) => told,
            other => panic!("expected something that the session was told, found {other:?}"),
        }
    }

    #[test]
    fn a_session_knows_what_it_was_told_and_no_other_does() {
        let registry = Registry::default();
        let (ours, theirs) = (session("a"), session("b"));
        tell(&registry, &ours, "t", "one", true);
        tell(&registry, &theirs, "t", "two", false);
        assert_eq!(told(&registry, &ours, "t").definition.description(), Some("one"));
        assert!(!told(&registry, &theirs, "t").accepted);
        assert!(matches!(registry.known(&ours, &tool("u")), Known::Untold));
        assert!(matches!(registry.known(&session("c"), &tool("t")), Known::Untold));
    }

    #[test]
    fn the_last_definition_holds_and_the_first_is_not_forgotten() {
        let registry = Registry::default();
        let here = session("a");
        tell(&registry, &here, "t", "one", true);
        let first = told(&registry, &here, "t").first;
        tell(&registry, &here, "t", "two", false);
        let last = told(&registry, &here, "t");
        assert_eq!((last.first, last.accepted, last.definition.description()), (first, false, Some("two")));
        tell(&registry, &here, "t", "one", true);
        assert!(told(&registry, &here, "t").accepted);
    }

    #[test]
    fn sessions_that_are_told_the_same_share_it() {
        let registry = Registry::default();
        let one = registry.definition(&tool("t"), &object("t", "x")).unwrap();
        registry.tell(&session("a"), &tool("t"), Arc::clone(&one), true);
        assert!(Arc::ptr_eq(&one, &registry.definition(&tool("t"), &object("t", "x")).unwrap()));
        assert!(registry.definition(&tool("u"), &object("t", "x")).is_err(), "a name that is not the tool's");
    }

    #[test]
    fn a_session_that_was_told_of_as_many_tools_as_are_remembered_knows_no_other() {
        let registry = Registry::default();
        let here = session("a");
        let definition = registry.definition(&tool("t"), &object("t", "x")).unwrap();
        for number in 0..Registry::MAX_TOOLS {
            registry.tell(&here, &tool(&format!("t{number}")), Arc::clone(&definition), true);
        }
        registry.tell(&here, &tool("more"), Arc::clone(&definition), true);
        assert!(matches!(registry.known(&here, &tool("more")), Known::Full));
        assert!(matches!(registry.known(&here, &tool("other")), Known::Full));
        assert!(told(&registry, &here, "t0").accepted, "what it knew already, it knows");
    }

    #[test]
    fn the_sessions_that_have_been_idle_longest_give_way() {
        let registry = Registry::default();
        let definition = registry.definition(&tool("t"), &object("t", "x")).unwrap();
        for number in 0..Registry::MAX_SESSIONS {
            registry.tell(&session(&number.to_string()), &tool("t"), Arc::clone(&definition), true);
        }
        // One of the oldest is used again.
        let _ = registry.known(&session("0"), &tool("t"));
        registry.tell(&session("new"), &tool("t"), Arc::clone(&definition), true);
        assert!(matches!(registry.known(&session("1"), &tool("t")), Known::Untold));
        assert!(told(&registry, &session("0"), "t").accepted);
        assert!(told(&registry, &session("new"), "t").accepted);
        assert!(registry.state().sessions.len() <= Registry::MAX_SESSIONS);
    }

    #[test]
    fn definitions_that_nobody_holds_any_more_take_no_room() {
        let registry = Registry::default();
        let (here, text) = (session("a"), "x".repeat(200 << 10));
        // Each replaces the one before, and all of them together are more than there is room for.
        for number in 0..2 * Registry::MAX_BYTES / text.len() {
            tell(&registry, &here, "t", &format!("{text}{number}"), true);
            assert!(told(&registry, &here, "t").accepted);
        }
        assert!(registry.state().bytes <= Registry::MAX_BYTES);
    }
}

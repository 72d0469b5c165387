//! What one session has been told of tools.
//!
//! A definition holds in the session in which its server announced it, and nowhere else: a session's server cannot redefine
//! a tool for another session, whatever it calls itself. What holds in all sessions is what the bundle pins.
//!
//! Servers decide how many there are, so they are bounded: a session that was told of as many tools as are remembered is
//! told no more, and any other tool is refused in it.

use std::{collections::HashMap, sync::Arc};

use super::Definition;
use crate::{event::ToolName, json::Digest};

/// The tools that a session has been told of.
#[derive(Debug, Clone, Default)]
pub struct ToldTools {
    tools: HashMap<ToolName, Told>,
    /// There was no room for a tool.
    full: bool,
}

/// What a session has been told of one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The digest of the definition that it was told last.
    pub last: Digest,
    /// The digest of the one that it was told first.
    pub first: Digest,
    /// Whether the last one was let through. A tool whose definition was not is refused.
    pub accepted: bool,
    /// The last one itself; `None` where it has to be read again.
    pub definition: Option<Arc<Definition>>,
}

/// What is known of a tool in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It has been told of.
    Told(Told),
    /// It has not been told of.
    Untold,
    /// It has not been told of, and there is no room for it any more: it is refused.
    Full,
}

impl Known {
    /// Whether this is known of the same definition and what became of it, be that at hand or not.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Told(told), Self::Told(other)) => {
                (told.last, told.first, told.accepted) == (other.last, other.first, other.accepted)
            }
            _ => self == other,
        }
    }
}

impl ToldTools {
    /// The tools that one session may be told of. The largest collections of tools known have some 1,000.
    pub const MAX: usize = 4_096;

    /// What is known of a tool.
    #[must_use]
    pub fn known(&self, tool: &ToolName) -> Known {
        match self.tools.get(tool) {
            Some(told) => Known::Told(told.clone()),
            None if self.full || self.tools.len() >= Self::MAX => Known::Full,
            None => Known::Untold,
        }
    }

    /// Remembers what the session was told of a tool, and whether it was let through. Where there is no room for it, it is
    /// refused from then on, and so is every other that the session is told of later.
    pub fn tell(&mut self, tool: &ToolName, last: Digest, definition: Option<Arc<Definition>>, accepted: bool) {
        let first = self.tools.get(tool).map(|told| told.first);
        if first.is_none() && self.tools.len() >= Self::MAX {
            self.full = true;
            return;
        }
        let told = Told { last, first: first.unwrap_or(last), accepted, definition };
        self.tools.insert(tool.clone(), told);
    }

    /// Whether there was no room for a tool.
    pub(crate) const fn is_full(&self) -> bool {
        self.full
    }

    /// Says whether there was no room for a tool.
    pub(crate) const fn set_full(&mut self, full: bool) {
        self.full = full;
    }

    /// How many there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.tools.len()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn tool(name: &str) -> ToolName {
        format!("s/{name}").parse().unwrap()
    }

    fn told(tools: &ToldTools, name: &str) -> Told {
        match tools.known(&tool(name)) {
            Known::Told(told) => told,
            other => panic!("expected something that the session was told, found {other:?}"),
        }
    }

    #[test]
    fn the_last_definition_holds_and_the_first_is_not_forgotten() {
        let (one, two) = (Digest::of("one"), Digest::of("two"));
        let mut tools = ToldTools::default();
        assert_eq!(tools.known(&tool("t")), Known::Untold);
        tools.tell(&tool("t"), one, None, true);
        tools.tell(&tool("t"), two, None, false);
        assert_eq!(told(&tools, "t"), Told { last: two, first: one, accepted: false, definition: None });
        tools.tell(&tool("t"), one, None, true);
        assert!(told(&tools, "t").accepted);
    }

    #[test]
    fn a_session_that_was_told_of_as_many_tools_as_are_remembered_knows_no_other() {
        let (digest, mut tools) = (Digest::of("x"), ToldTools::default());
        for number in 0..ToldTools::MAX {
            tools.tell(&tool(&format!("t{number}")), digest, None, true);
        }
        tools.tell(&tool("more"), digest, None, true);
        assert_eq!(tools.known(&tool("more")), Known::Full);
        assert_eq!(tools.known(&tool("other")), Known::Full);
        assert!(told(&tools, "t0").accepted, "what it knew already, it knows");
        tools.tell(&tool("t0"), digest, None, false);
        assert!(!told(&tools, "t0").accepted, "and learns that it was refused");
    }
}

//! What a generation makes of tools: by its own settings, its pins, and the definitions that sessions are told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::event::ToolName;
use crate::json::Digest;
use crate::judge::{Judge, JudgeError, TypedTool};
use crate::tools::{Annotations, Definition, Effects, Pin, Pins, RolePlan, Settings, ToolProfile};

/// The views that are kept. One takes some KiB, most of it for the names of parameters.
const KEPT: usize = 4_096;

/// The tools of a generation.
#[derive(Debug)]
pub(crate) struct Tools {
    settings: Settings,
    pins: Pins,
    /// Views that were asked for, by tool and definition. Names and definitions come from untrusted peers: where there is
    /// no room, some view gives way, which costs its making and nothing more.
    kept: Mutex<HashMap<Key, Arc<ToolView>>>,
}

type Key = (ToolName, Option<Digest>);

/// A tool as a generation sees it under one definition, or under none.
#[derive(Debug)]
pub(crate) struct ToolView {
    /// What its server says of it, if that is known.
    pub(crate) definition: Option<Arc<Definition>>,
    /// Whether the bundle trusts what its server says of it.
    pub(crate) trusted: bool,
    /// What it does to the world.
    effects: Effects,
    /// It reaches beyond what the operator controls.
    open_world: bool,
    /// What its arguments are for.
    pub(crate) roles: RolePlan,
    /// Its calls as policies see them, where it has a definition.
    pub(crate) typed: Option<Arc<TypedTool>>,
}

impl ToolView {
    /// What policies see of the tool.
    pub(crate) fn profile(&self, pin: Pin) -> ToolProfile {
        ToolProfile { effects: self.effects, open_world: self.open_world, pin }
    }
}

impl Tools {
    pub(super) fn new(settings: Settings, pins: Pins) -> Self {
        Self { settings, pins, kept: Mutex::default() }
    }

    /// The definitions that the bundle pins.
    pub(crate) fn pins(&self) -> &Pins {
        &self.pins
    }

    /// What the bundle says of tools and of their servers.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A tool under this definition.
    ///
    /// # Errors
    ///
    /// An error of this program.
    pub(crate) fn view(
        &self,
        judge: &Judge,
        tool: &ToolName,
        definition: Option<&Arc<Definition>>,
    ) -> Result<Arc<ToolView>, JudgeError> {
        let key = (tool.clone(), definition.map(|definition| definition.digest()));
        // INVARIANT: nothing panics while the lock is held.
        if let Some(kept) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(kept));
        }
        let view = Arc::new(self.made(judge, tool, definition)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            // The order of a hash table with a secret key: no peer chooses which one goes.
            let some = kept.keys().next().cloned();
            some.and_then(|some| kept.remove(&some));
        }
        kept.insert(key, Arc::clone(&view));
        Ok(view)
    }

    fn made(
        &self,
        judge: &Judge,
        tool: &ToolName,
        definition: Option<&Arc<Definition>>,
    ) -> Result<ToolView, JudgeError> {
        let (settings, trusted) = (self.settings.of(tool), self.settings.trusts(&tool.server));
        let annotations =
            definition.map_or_else(Annotations::default, |definition| Annotations::of(definition.object()));
        let (effects, open_world) = annotations.judged(settings, trusted);
        let shape = definition.map(|definition| definition.arguments());
        let profile = ToolProfile { effects, open_world, pin: Pin::Unpinned };
        Ok(ToolView {
            roles: RolePlan::new(shape.map(|shape| &**shape), &settings.roles, trusted, profile),
            typed: shape.map(|shape| judge.type_tool(tool, shape)).transpose()?,
            definition: definition.cloned(),
            trusted,
            effects,
            open_world,
        })
    }
}

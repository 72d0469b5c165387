//! The tool that an event is about: which definition holds, and whether it may be used at all.

use std::sync::Arc;

use super::Engine;
use crate::decision::{Reason, ReasonCode};
use crate::event::{Body, Event, ToolName};
use crate::generation::ToolView;
use crate::json::Digest;
use crate::text::tame;
use crate::tools::{Definition, DefinitionError, Known, Pin, ToolProfile};

/// Bytes of what a server wrote that a message of the log may have.
const LOGGED: usize = 512;

/// The tool of one event.
#[derive(Debug, Clone)]
pub(super) struct MetTool {
    pub(super) view: Arc<ToolView>,
    pin: Pin,
}

impl MetTool {
    /// The tool that an event is about, of which this is known in the event's session: under the definition that the event
    /// brings, or that its session was told, or that the bundle pins; in this order.
    ///
    /// # Errors
    ///
    /// Why the tool is refused, whatever policies say.
    pub(super) fn of(engine: &Engine, event: &Event, known: Known) -> Result<Option<Self>, Reason> {
        let Some(tool) = event.tool() else { return Ok(None) };
        let generation = engine.generation();
        let pinned = generation.tools().pins().get(tool);
        let mut is_restored = false;
        let (definition, first) = match (&event.body, known) {
            (_, Known::Full) => {
                return Err(refused(tool, &"the session was told of more tools than are remembered"));
            }
            (Body::ToolDefinition { definition, .. }, known) => {
                let read = engine.sessions().announced(tool, definition);
                let definition = read.map_err(|error| no_definition(tool, &error))?;
                (Some(definition), if let Known::Told(told) = known { Some(told.first) } else { None })
            }
            (_, Known::Told(told)) if !told.accepted => {
                return Err(refused(tool, &"it was not let through in this session"));
            }
            (_, Known::Told(told)) => {
                is_restored = told.definition.is_none();
                let definition = match told.definition {
                    Some(definition) => definition,
                    None => engine.definition(tool, &told.last).map_err(|why| refused(tool, &why))?,
                };
                (Some(definition), Some(told.first))
            }
            (_, Known::Untold) => (pinned.cloned(), None),
        };
        let pin = match (&definition, pinned) {
            (Some(definition), Some(pinned)) if definition.digest() == pinned.digest() => Pin::Pinned,
            (Some(_), Some(_)) => Pin::Changed,
            (Some(definition), None) if first.is_some_and(|first| first != definition.digest()) => Pin::Changed,
            _ => Pin::Unpinned,
        };
        let view = generation.tools().view(generation.judge(), tool, definition.as_ref());
        let view = view.map_err(|error| refused(tool, &error))?;
        if let (true, Some(kept)) = (is_restored, &view.definition) {
            engine.sessions().hold(kept);
        }
        Ok(Some(Self { view, pin }))
    }

    /// What policies see of the tool.
    pub(super) fn profile(&self) -> ToolProfile {
        self.view.profile(self.pin)
    }

    /// Whether the bundle pins the definition.
    pub(super) fn is_pinned(&self) -> bool {
        self.pin == Pin::Pinned
    }

    /// Whether somebody vouches for the definition: the bundle pins it, or trusts the server.
    pub(super) fn is_vouched_for(&self) -> bool {
        self.pin == Pin::Pinned || self.view.trusted
    }

    /// The definition that the judge goes by.
    pub(super) fn definition(&self) -> Option<&Arc<Definition>> {
        self.view.definition.as_ref()
    }

    /// Its digest.
    pub(super) fn digest(&self) -> Option<Digest> {
        self.definition().map(|definition| definition.digest())
    }
}

/// What a server says of its tool is no definition. The reason reaches the agent, so what the server wrote is only logged.
fn no_definition(tool: &ToolName, error: &DefinitionError) -> Reason {
    let (of, error_tamed) = (tame(&tool.to_string(), LOGGED), tame(&error.to_string(), LOGGED));
    tracing::warn!(tool = of, error = error_tamed, "what a server says of its tool is refused");
    refused(tool, &error.unquoted())
}

fn refused(tool: &ToolName, because: &dyn std::fmt::Display) -> Reason {
    let message = format!("the definition of `{tool}` is refused: {because}");
    Reason::of(ReasonCode::DefinitionRefused, message)
}

//! Whether what a record rests on is what a bundle would have rested on, as far as that can be known.
//!
//! Compared are the guards that stand at the checkpoint, the tool's pin and what the bundle says of the tool. Taken as
//! recorded, since a record has nothing to compare them with: which sources guards were told to trust, the roles of
//! arguments, and for a definition that the bundle does not know what its server says of the tool.

use std::sync::Arc;

use super::{NotReplayable, Recorded};
use crate::{
    bundle::OnFailure,
    decision::ReasonCode,
    event::{Body, ToolName},
    generation::{Generation, ToolView},
    judge::TypedTool,
    tools::{Annotations, Pin, ToolProfile},
};

/// Whether the bundle's guards would have been asked, as they were.
pub(super) fn guards(generation: &Generation, recorded: &Recorded) -> Result<(), NotReplayable> {
    let asked = || generation.guards().iter().filter(|guard| guard.is_asked(&recorded.hollow));
    // Names are unique in a bundle, so as many of which each is there are the same.
    let was_asked =
        |name: &str, digest| recorded.guards.iter().any(|(known, configured)| known == name && *configured == digest);
    if asked().count() != recorded.guards.len() || !asked().all(|guard| was_asked(guard.name(), guard.configured())) {
        return Err(NotReplayable::Guards);
    }
    let skips = |name: &str| asked().any(|guard| guard.name() == name && guard.on_failure() == OnFailure::Skip);
    let mut skipped = recorded.reasons.iter().filter(|reason| reason.code == ReasonCode::GuardSkipped);
    if !skipped.all(|reason| reason.guard.as_deref().is_some_and(skips)) {
        return Err(NotReplayable::SkippedGuard);
    }
    let categories = generation.judge().categories();
    let is_declared = recorded.findings.iter().all(|finding| categories.contains(&finding.category));
    if is_declared { Ok(()) } else { Err(NotReplayable::Category) }
}

/// A tool as the bundle would have seen it.
#[derive(Debug)]
pub(super) struct FitTool {
    pub(super) profile: ToolProfile,
    pub(super) typed: Typed,
}

/// A tool as the bundle's policies see its calls.
#[derive(Debug)]
pub(super) enum Typed {
    /// Without a definition.
    No,
    /// Under a definition.
    Yes(Arc<TypedTool>),
    /// Under some definition, on which nothing depends: there is no policy on the tool's action.
    Somehow,
}

/// The tool as the bundle would have seen it, if that is as it was.
pub(super) fn tool(generation: &Generation, recorded: &Recorded, tool: &ToolName) -> Result<FitTool, NotReplayable> {
    let profile = recorded.tool.ok_or(NotReplayable::Unreadable)?;
    let pinned = generation.tools().pins().get(tool);
    let (pin, known) = match (recorded.definition, pinned) {
        // The bundle would have gone by its own.
        (None, Some(_)) => return Err(NotReplayable::Pins),
        (None, None) => (Pin::Unpinned, Some(None)),
        (Some(definition), Some(pinned)) if definition == pinned.digest() => (Pin::Pinned, Some(Some(pinned))),
        (Some(_), Some(_)) => (Pin::Changed, None),
        // It differs from another one that the bundle pinned, or that the session was told first: only the same bundle
        // knows.
        (Some(_), None) if recorded.generation == generation.digest() => (profile.pin, None),
        (Some(_), None) => (Pin::Unpinned, None),
    };
    if profile.pin != pin {
        return Err(NotReplayable::Pins);
    }
    let typed = match known {
        Some(definition) => {
            let view = generation.tools().view(generation.judge(), tool, definition);
            let view: Arc<ToolView> = view.map_err(|_| NotReplayable::Definition)?;
            if view.profile(pin) != profile {
                return Err(NotReplayable::ToolSettings);
            }
            view.typed.as_ref().map_or(Typed::No, |typed| Typed::Yes(Arc::clone(typed)))
        }
        None if !could_be(generation, tool, profile) => return Err(NotReplayable::ToolSettings),
        None => Typed::Somehow,
    };
    let is_typed = matches!(recorded.hollow.body, Body::ToolDefinition { .. } | Body::ToolCall { .. });
    match &typed {
        Typed::Somehow if is_typed && generation.judge().types(tool) => Err(NotReplayable::Definition),
        Typed::Yes(typed) if typed.reads_arguments() && matches!(recorded.hollow.body, Body::ToolCall { .. }) => {
            Err(NotReplayable::Arguments)
        }
        _ => Ok(FitTool { profile, typed }),
    }
}

/// Whether there are annotations by which the bundle would see the tool so.
fn could_be(generation: &Generation, tool: &ToolName, profile: ToolProfile) -> bool {
    let settings = generation.tools().settings();
    let (of_tool, trusted) = (settings.of(tool), settings.trusts(&tool.server));
    let hints = || [None, Some(false), Some(true)].into_iter();
    let all = hints().flat_map(|read_only| hints().map(move |destructive| (read_only, destructive)));
    let mut all = all.flat_map(|(read_only, destructive)| {
        hints().map(move |open_world| Annotations { read_only, destructive, open_world })
    });
    all.any(|hints| hints.judged(of_tool, trusted) == (profile.effects, profile.open_world))
}

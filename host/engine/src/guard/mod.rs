//! A stationed guard: the sandbox and the contract on one side, findings on the other.

mod description;
mod media;
mod report;

use std::{collections::BTreeSet, sync::Arc};

use thiserror::Error;

use crate::{
    bundle::{Artifact, GuardEntry, OnFailure},
    decision::{Category, Finding},
    event::{Body, Checkpoint, Event, Note},
    json::{Digest, Value},
    sandbox::{
        Call, Configured, Definition, Failure, FailureCause, GuardMetrics, Item, Memo, Report, Runtime, Station,
        StationError,
    },
    text::{Part, Parts, tame},
};
use description::Described;
use media::MediaRange;

/// The category of secrets: keys, tokens, passwords.
pub(crate) const SECRET: &str = "secret";

/// A guard in its place in a generation.
#[derive(Debug)]
pub struct Guard {
    station: Station,
    at: BTreeSet<Checkpoint>,
    on_failure: OnFailure,
    categories: BTreeSet<Category>,
    media: Vec<MediaRange>,
    configured: Digest,
}

/// Why a guard was not stationed.
#[derive(Debug, Error)]
pub enum GuardError {
    /// The sandbox refuses it.
    #[error(transparent)]
    Station(#[from] StationError),
    /// What it says of itself does not fit the contract, or the bundle.
    #[error("expected {expected}, found {found}")]
    Description {
        /// What the contract or the bundle demands.
        expected: &'static str,
        /// What the guard says, tamed.
        found: String,
    },
}

/// What a guard saw, and which parts it was given.
#[derive(Debug)]
pub struct Inspected {
    /// Its findings.
    pub findings: Vec<Finding>,
    /// For each part of the event, in order, whether this guard was given it.
    pub read: Vec<bool>,
}

impl Guard {
    /// Compiles, configures and describes the guard, and holds what it says of itself against the contract and its
    /// place in the bundle.
    ///
    /// # Errors
    /// [`GuardError`], which says what was expected and what was found.
    pub(crate) async fn new(runtime: &Runtime, entry: &GuardEntry, artifact: &Artifact) -> Result<Self, GuardError> {
        let configuration = Value::from(entry.config.clone());
        let text = configuration.to_string();
        let station = Station::new(runtime, &entry.name, &artifact.bytes, text, entry.limits.clone()).await?;
        let description = station.description();
        let Described { categories, media } = description::held(description)?;
        // The contract lets a guard want views, not rely on them: a host of another version knows others.
        for view in &description.views {
            let (guard, view) = (&*entry.name, tame(view, 64));
            tracing::warn!(guard, view, "this version makes no views: the guard sees originals only");
        }
        for checkpoint in &entry.at {
            stands_at(&station, *checkpoint)?;
        }
        let configured = configured_digest(artifact.digest, &configuration);
        Ok(Self { station, at: entry.at.clone(), on_failure: entry.on_failure, categories, media, configured })
    }

    /// Its name in the bundle.
    #[must_use]
    pub fn name(&self) -> &str {
        self.station.name()
    }

    /// The digest of its artifact and its configuration together (`journal.md`: *configured*).
    #[must_use]
    pub const fn configured(&self) -> Digest {
        self.configured
    }

    /// The categories that it may report.
    #[must_use]
    pub const fn categories(&self) -> &BTreeSet<Category> {
        &self.categories
    }

    /// Where it stands.
    #[must_use]
    pub const fn at(&self) -> &BTreeSet<Checkpoint> {
        &self.at
    }

    /// How its instances are configured: once, or anew in every check.
    #[must_use]
    pub const fn configured_how(&self) -> &Configured {
        self.station.configured()
    }

    /// What its checks have come to, since it was stationed.
    #[must_use]
    pub fn metrics(&self) -> GuardMetrics {
        self.station.metrics()
    }

    /// What its failure means.
    #[must_use]
    pub const fn on_failure(&self) -> OnFailure {
        self.on_failure
    }

    /// The name, version and one sentence that the guard gives of itself, tamed.
    #[must_use]
    pub fn about(&self) -> (String, String, String) {
        let description = self.station.description();
        (tame(&description.name, 64), tame(&description.version, 64), tame(&description.summary, 512))
    }

    /// Whether it reports secrets in the arguments of calls, and so in anything that looks like them.
    pub(crate) fn looks_for_secrets(&self) -> bool {
        self.categories.iter().any(|category| category.as_str() == SECRET)
            && stands_at(&self.station, Checkpoint::ToolCall).is_ok()
    }

    /// Lets the cache keep what its configuration came to, which was found to hold no secret.
    pub(crate) fn keep(&mut self) {
        self.station.keep();
    }

    /// Remembers its reports from now on.
    pub(crate) fn remember(&mut self, memo: &Arc<Memo>) {
        self.station.remember(memo, self.configured);
    }

    /// Whether this event passes by where it stands. The text of a reasoning note is inspected like an output.
    pub(crate) fn is_asked(&self, event: &Event) -> bool {
        guarded_as(event).is_some_and(|checkpoint| self.at.contains(&checkpoint))
    }

    /// Inspects the event, by every interface that the guard has for it, each in a fresh instance unless the report on the
    /// same item is remembered. `parts` are the event's; `trusted` says whether the bundle trusts their source.
    ///
    /// # Errors
    /// Why there is no report. It is never to be taken for a clean one.
    pub async fn inspect(&self, event: &Event, parts: &Parts<'_>, trusted: bool) -> Result<Inspected, Failure> {
        let inspected = self.inspected(event, parts, trusted).await;
        if let Err(failure) = &inspected {
            self.station.count_failure(failure.cause());
        }
        inspected
    }

    async fn inspected(&self, event: &Event, parts: &Parts<'_>, trusted: bool) -> Result<Inspected, Failure> {
        let read: Vec<bool> = parts.parts.iter().map(|part| self.reads(part)).collect();
        let seen: Vec<&Part<'_>> =
            parts.parts.iter().zip(&read).filter_map(|(part, read)| read.then_some(part)).collect();
        let bytes = seen.iter().map(|part| part.body.len()).fold(0_usize, usize::saturating_add);
        let limits = self.station.limits();
        if bytes > limits.block {
            return Err(Failure::new(
                FailureCause::Block,
                format!("expected at most {} bytes of text in one check, found {bytes}", limits.block),
            ));
        }
        let mut findings = Vec::new();
        for report in self.reports(event, &seen, trusted).await? {
            findings.extend(report::checked(report, self.name(), &self.categories, limits, &seen)?);
        }
        Ok(Inspected { findings, read })
    }

    fn reads(&self, part: &Part<'_>) -> bool {
        self.media.iter().any(|range| range.holds(part.media_type))
    }

    async fn reports(&self, event: &Event, seen: &[&Part<'_>], trusted: bool) -> Result<Vec<Report>, Failure> {
        let parts: Vec<_> = seen.iter().map(|part| lowered(part)).collect();
        let mut reports = Vec::new();
        if self.station.inspects_text() && !parts.is_empty() {
            let checkpoint = guarded_as(event).map_or("", Checkpoint::as_str);
            let item = Item { checkpoint, source: source_of(event), trusted, parts: &parts, attributes: &[] };
            reports.push(self.station.inspect_text(item).await?);
        }
        match &event.body {
            Body::ToolCall { tool, arguments, .. } if self.station.inspects_calls() => {
                let arguments = arguments.to_string();
                let call = Call {
                    server: tool.server.as_str(),
                    tool: tool.tool.as_str(),
                    arguments: &arguments,
                    input_schema: None,
                    parts: &parts,
                    attributes: &[],
                };
                reports.push(self.station.inspect_call(call).await?);
            }
            Body::ToolDefinition { tool, definition } if self.station.inspects_definitions() => {
                let definition = definition.to_string();
                let definition = Definition {
                    server: tool.server.as_str(),
                    tool: tool.tool.as_str(),
                    definition: &definition,
                    parts: &parts,
                    attributes: &[],
                };
                reports.push(self.station.inspect_definition(definition).await?);
            }
            _ => {}
        }
        Ok(reports)
    }
}

/// Refuses a place in which the guard would never be asked: it would silently not run.
fn stands_at(station: &Station, checkpoint: Checkpoint) -> Result<(), GuardError> {
    let description = station.description();
    if !description.checkpoints.iter().any(|listed| listed == checkpoint.as_str()) {
        return Err(GuardError::Description {
            expected: "a guard that asks for every checkpoint in `at`",
            found: format!(
                "`{checkpoint}` in `at`, where the guard asks for {}",
                tame(&description.checkpoints.join(", "), 256)
            ),
        });
    }
    let has_interface = station.inspects_text()
        || checkpoint == Checkpoint::ToolCall && station.inspects_calls()
        || checkpoint == Checkpoint::ToolDefinition && station.inspects_definitions();
    if has_interface {
        return Ok(());
    }
    Err(GuardError::Description {
        expected: "a guard with an interface for every checkpoint in `at`",
        found: format!("none for `{checkpoint}`"),
    })
}

/// The checkpoint at which guards see the event, if at any.
const fn guarded_as(event: &Event) -> Option<Checkpoint> {
    match &event.body {
        Body::Note(Note::Reasoning { .. }) => Some(Checkpoint::Output),
        Body::Note(_) => None,
        _ => Some(event.checkpoint()),
    }
}

/// Who the text comes from, in the bundle's words.
fn source_of(event: &Event) -> &str {
    match &event.body {
        Body::Input { source, .. } => source.as_str(),
        Body::ToolDefinition { tool, .. } | Body::ToolCall { tool, .. } | Body::ToolResult { tool, .. } => {
            tool.server.as_str()
        }
        Body::Output { .. } | Body::Note(_) => event.agent.as_str(),
    }
}

fn lowered<'p>(part: &'p Part<'_>) -> crate::sandbox::Part<'p> {
    crate::sandbox::Part {
        path: &part.path,
        media_type: part.media_type,
        body: part.body,
        view: "original",
        more_before: false,
        more_after: false,
    }
}

fn configured_digest(artifact: Digest, configuration: &Value) -> Digest {
    Digest::of(format!("{artifact}\n{}", configuration.canonical()))
}

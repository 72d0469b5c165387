//! A stationed guard: the sandbox and the contract on one side, findings on the other.

mod description;
mod media;
mod report;
mod shown;

use std::{collections::BTreeSet, sync::Arc};

use thiserror::Error;

use crate::{
    bundle::{Artifact, GuardEntry, OnFailure},
    decision::Category,
    event::{Body, Checkpoint, Event, Note},
    json::{Digest, Value},
    sandbox::{
        self, AttributeParam, Call, Configured, Definition, Failure, FailureCause, GuardMetrics, Item, Memo, Report,
        Runtime, Station, StationError,
    },
    text::{Excerpt, Found, Parts, Reach, ViewKind, ViewKinds, tame},
};
use description::Described;
use media::MediaRange;
use report::Held;
use shown::Shown;

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
    views: ViewKinds,
    reach: Option<Reach>,
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

/// What a guard saw in an excerpt.
#[derive(Debug)]
pub struct Inspected {
    /// Its findings.
    pub findings: Vec<Found>,
    /// For each piece of the excerpt, whether this guard was shown it.
    pub read: Vec<bool>,
    /// For each piece, up to where in its part nothing that begins before can appear, change or vanish, whatever follows.
    pub settled: Vec<usize>,
}

/// What a guard is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'e> {
    /// The event.
    pub event: &'e Event,
    /// Whether the bundle trusts the source of its text.
    pub trusted: bool,
    /// What else is known of it.
    pub about: &'e About,
}

/// What guards are told of an event beside what it carries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The JSON Schema of a call's arguments, as JSON.
    pub input_schema: Option<String>,
    /// The attributes of a call.
    pub of_call: Vec<(&'static str, String)>,
    /// The attributes of a text.
    pub of_text: Vec<(&'static str, String)>,
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
        for view in description.views.iter().filter(|view| ViewKind::named(view).is_none()) {
            let (guard, view) = (&*entry.name, tame(view, 64));
            tracing::warn!(guard, view, "this version makes no such view: the guard goes without");
        }
        let views = description.views.iter().filter_map(|view| ViewKind::named(view)).collect();
        for checkpoint in &entry.at {
            stands_at(&station, *checkpoint)?;
        }
        let configured = configured_digest(artifact.digest, &configuration);
        let (at, on_failure, reach) = (entry.at.clone(), entry.on_failure, reach_of(&station));
        Ok(Self { station, at, on_failure, categories, media, views, reach, configured })
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

    /// The views that it asks for.
    pub(crate) const fn views(&self) -> ViewKinds {
        self.views
    }

    /// How far the text around a place can influence what it finds there. `None`: it is shown whole texts.
    pub(crate) const fn reach(&self) -> Option<Reach> {
        self.reach
    }

    /// Whether it looks at calls as a whole.
    pub(crate) const fn inspects_calls(&self) -> bool {
        self.station.inspects_calls()
    }

    /// Whether it looks at this event as a whole: not at its texts alone, or not at pieces of them.
    pub(crate) fn needs_whole(&self, event: &Event) -> bool {
        self.reach.is_none()
            || matches!(event.body, Body::ToolCall { .. }) && self.station.inspects_calls()
            || matches!(event.body, Body::ToolDefinition { .. }) && self.station.inspects_definitions()
    }

    /// Inspects the event by itself, as [`look`](Self::look) does, with the views that it asks for. `parts` are the event's;
    /// `trusted` says whether the bundle trusts their source.
    ///
    /// # Errors
    /// Why there is no report. It is never to be taken for a clean one.
    pub async fn inspect(&self, event: &Event, parts: &Parts<'_>, trusted: bool) -> Result<Inspected, Failure> {
        let excerpt = Excerpt::whole(&parts.parts, self.views);
        self.look(&Asked { event, trusted, about: &About::default() }, &excerpt).await
    }

    /// Inspects an excerpt of the event's text, by every interface that the guard has for it, each in a fresh instance.
    ///
    /// # Errors
    /// Why there is no report. It is never to be taken for a clean one.
    pub async fn look(&self, asked: &Asked<'_>, excerpt: &Excerpt<'_>) -> Result<Inspected, Failure> {
        let inspected = self.looked(asked, excerpt).await;
        if let Err(failure) = &inspected {
            self.station.count_failure(failure.cause());
        }
        inspected
    }

    async fn looked(&self, asked: &Asked<'_>, excerpt: &Excerpt<'_>) -> Result<Inspected, Failure> {
        let shown = Shown::new(excerpt, &self.media, self.views);
        let limits = self.station.limits();
        let bytes = shown.bytes();
        if bytes > limits.block {
            return Err(Failure::new(
                FailureCause::Block,
                format!("expected at most {} bytes of text in one check, found {bytes}", limits.block),
            ));
        }
        let mut inspected = Inspected { findings: Vec::new(), read: shown.read(), settled: Vec::new() };
        for report in self.reports(asked, &shown.lowered()).await? {
            let Held { findings, settled } = report::held(report, self.name(), &self.categories, limits, &shown)?;
            inspected.findings.extend(findings);
            inspected.settled = shown.settled(&settled, self.reach);
        }
        if inspected.settled.is_empty() {
            inspected.settled = shown.settled(&[], self.reach);
        }
        Ok(inspected)
    }

    async fn reports(&self, asked: &Asked<'_>, parts: &[sandbox::Part<'_>]) -> Result<Vec<Report>, Failure> {
        let Asked { event, trusted, about } = *asked;
        let mut reports = Vec::new();
        if self.station.inspects_text() && !parts.is_empty() {
            let checkpoint = guarded_as(event).map_or("", Checkpoint::as_str);
            let attributes = lowered(&about.of_text);
            let item = Item { checkpoint, source: source_of(event), trusted, parts, attributes: &attributes };
            reports.push(self.station.inspect_text(item).await?);
        }
        match &event.body {
            Body::ToolCall { tool, arguments, .. } if self.station.inspects_calls() => {
                let (arguments, attributes) = (arguments.to_string(), lowered(&about.of_call));
                let call = Call {
                    server: tool.server.as_str(),
                    tool: tool.tool.as_str(),
                    arguments: &arguments,
                    input_schema: about.input_schema.as_deref(),
                    parts,
                    attributes: &attributes,
                };
                reports.push(self.station.inspect_call(call).await?);
            }
            Body::ToolDefinition { tool, definition } if self.station.inspects_definitions() => {
                let definition = definition.to_string();
                let definition = Definition {
                    server: tool.server.as_str(),
                    tool: tool.tool.as_str(),
                    definition: &definition,
                    parts,
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

fn lowered<'a>(attributes: &'a [(&'static str, String)]) -> Vec<AttributeParam<'a>> {
    attributes.iter().map(|(key, value)| AttributeParam { key, value }).collect()
}

/// The guard's reach, unless it asks for more than a text is cut for.
fn reach_of(station: &Station) -> Option<Reach> {
    let said = station.reach();
    let ahead = (said.longest? as usize).saturating_add(said.after as usize);
    let reach = Reach { before: said.before as usize, ahead };
    if reach.before <= Reach::MAX && reach.ahead <= Reach::MAX {
        return Some(reach);
    }
    let (guard, bound) = (station.name(), Reach::MAX);
    tracing::warn!(guard, bound, ?reach, "the guard's reach is longer than a text is cut for: it is shown whole texts");
    None
}

fn configured_digest(artifact: Digest, configuration: &Value) -> Digest {
    Digest::of(format!("{artifact}\n{}", configuration.canonical()))
}

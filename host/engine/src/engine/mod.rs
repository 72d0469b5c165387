//! The engine: the one path from an event to its recorded decision.

mod about;
mod basis;
mod check;
mod explained;
mod flows;
mod inspection;
mod panel;
mod stream;
mod tool;

pub use explained::Explained;
pub use stream::{NoStream, Released, Stream};

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    bundle::Bundle,
    decision::{Decision, Reason, ReasonCode, Verdict},
    event::{Body, Event},
    generation::{Generation, LoadError},
    journal::Journal,
    sandbox::Runtime,
    tools::Registry,
};
use check::{Explain, Outcome};
use tool::MetTool;

/// Judges events by one generation, and records every decision before the caller gets it.
///
/// `Send + Sync`; share it behind an `Arc` or a reference, and check as many events at once as you like.
#[derive(Debug)]
pub struct Engine {
    generation: Arc<Generation>,
    journal: Option<Journal>,
    registry: Registry,
}

impl Engine {
    /// Loads the bundle in `directory`: reads it, compiles its guards, validates its policies.
    ///
    /// Compiling takes from milliseconds to seconds of this thread's time, so call it off the path of requests.
    ///
    /// # Errors
    /// [`LoadError`], a [`miette::Diagnostic`] that points into the file. Nothing is half loaded.
    pub async fn load(directory: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::load_in(&Runtime::new()?, directory).await
    }

    /// The same in a sandbox that is there already: one with a [cache](crate::sandbox::Cache), or one that other engines
    /// share.
    ///
    /// # Errors
    /// As [`Engine::load`].
    pub async fn load_in(runtime: &Runtime, directory: impl AsRef<Path>) -> Result<Self, LoadError> {
        let bundle = Bundle::read(directory)?;
        let generation = Generation::new(runtime, bundle).await?;
        Ok(Self::of(Arc::new(generation)))
    }

    /// An engine that judges by a generation which is loaded already, and which other engines may share.
    #[must_use]
    pub fn of(generation: Arc<Generation>) -> Self {
        Self { generation, journal: None, registry: Registry::default() }
    }

    /// Records every decision in `journal` from now on. Without one, nothing is recorded.
    #[must_use]
    pub fn with_journal(mut self, journal: Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// The generation in force.
    #[must_use]
    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// Judges one event.
    ///
    /// There is always a decision: whatever goes wrong on the way, a guard that fails, a policy that cannot be evaluated,
    /// a journal that cannot be written, is a reason to deny. Carry out only what it allows: on `modify` use the repaired
    /// payload instead of the original, on `escalate` wait, on `deny` stop.
    ///
    /// Cancel-safe: a future that is dropped before it is ready has decided nothing, recorded nothing and leaves no
    /// guard running.
    pub async fn check(&self, event: &Event) -> Decision {
        self.decide(event, Explain::No).await.decision
    }

    /// Judges one event as [`check`](Self::check) does, on the very same path and recorded as ever, and says why the judge
    /// said what it said.
    ///
    /// The decision's `micros` hold what the explanation took, which is far longer than the check. The record has no
    /// explanation.
    pub async fn explain(&self, event: &Event) -> Explained {
        self.decide(event, Explain::Yes).await
    }

    async fn decide(&self, event: &Event, explain: Explain) -> Explained {
        let started = Instant::now();
        let outcome = match self.stopped(event) {
            Some(reason) => Outcome::denied(vec![reason]),
            None => check::check(&self.generation, &self.registry, event, explain).await,
        };
        self.decided(event, outcome, started.elapsed())
    }

    /// Why an event is denied whatever the generation says of it.
    fn stopped(&self, event: &Event) -> Option<Reason> {
        match self.journal.as_ref()?.stopped(event) {
            Ok(order) => order.map(|order| order.to_reason()),
            Err(error) => {
                tracing::error!(%error, "whether anything is stopped is not known, so the event is denied");
                Some(Reason::of(ReasonCode::JournalFailed, error.to_string()))
            }
        }
    }

    /// The decision with that outcome, recorded.
    fn decided(&self, event: &Event, outcome: Outcome, spent: Duration) -> Explained {
        // Also what was stopped while it was looked at.
        let outcome = match self.stopped(event) {
            Some(reason) if outcome.verdict < Verdict::Deny => Outcome { reasons: vec![reason], ..outcome.refused() },
            _ => outcome,
        };
        let mut decision = Decision {
            id: uuid::Uuid::now_v7(),
            session: event.session.clone(),
            checkpoint: event.checkpoint(),
            call: event.call().cloned(),
            verdict: outcome.verdict,
            reasons: outcome.reasons,
            findings: outcome.findings,
            repaired: outcome.repaired,
            generation: self.generation.digest(),
            definition: outcome.tool.as_ref().and_then(MetTool::digest),
            micros: u64::try_from(spent.as_micros()).unwrap_or(u64::MAX),
        };
        // No await from here on: the record and the answer come together or not at all.
        let grounds = || outcome.basis.into_grounds(outcome.tool.as_ref().map(MetTool::profile));
        if let Some(journal) = &self.journal
            && let Err(error) = journal.append(event, &decision, &grounds(), &self.generation)
        {
            tracing::error!(%error, "a decision could not be recorded, so the event is denied");
            decision.verdict = Verdict::Deny;
            decision.repaired = None;
            decision.reasons = vec![Reason::of(ReasonCode::JournalFailed, error.to_string())];
        }
        // Only now is it certain whether the agent gets to see it.
        if let (Body::ToolDefinition { tool, .. }, Some(met)) = (&event.body, &outcome.tool)
            && let Some(definition) = met.definition()
        {
            let accepted = decision.verdict <= Verdict::Modify;
            self.registry.tell(&event.session, tool, Arc::clone(definition), accepted);
        }
        Explained { decision, original: outcome.explanations.original, repaired: outcome.explanations.repaired }
    }
}

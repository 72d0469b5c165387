//! The engine: the one path from an event to its recorded decision.

mod about;
mod basis;
mod check;
mod explained;
mod flows;
mod hearing;
mod inspection;
mod moment;
mod panel;
mod stream;
mod tool;
mod turn;

pub use explained::Explained;
pub use flows::{LeafFlow, SeenIn};
pub(crate) use stream::MAX_FINDINGS;
pub use stream::{NoStream, Released, Stream};

use std::{path::Path, sync::Arc, time::Duration};

use crate::{
    bundle::Bundle,
    decision::{Decision, Reason, ReasonCode},
    event::{Event, EventId, ToolName},
    generation::{Generation, LoadError},
    journal::Journal,
    json::Digest,
    sandbox::Runtime,
    session::{Memory, Place, Sessions},
    tools::Definition,
};
use basis::Basis;
use check::{Explanations, Outcome};
use turn::{Answer, Turn};

/// Judges events by one generation, and records every decision before the caller gets it.
///
/// `Send + Sync`; share it behind an `Arc` or a reference, and check as many events at once as you like.
#[derive(Debug)]
pub struct Engine {
    generation: Arc<Generation>,
    journal: Option<Journal>,
    /// What is known of sessions where there is no journal.
    sessions: Sessions,
}

/// What is digested where there is no journal does not leave the memory, and needs no key.
const NO_KEY: [u8; 32] = [0; 32];

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
        Self { generation, journal: None, sessions: Sessions::new(None) }
    }

    /// Records every decision in `journal` from now on, and goes on with the sessions that are in it. Without one, nothing is
    /// recorded, and sessions are known as long as the engine is there.
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
    /// An event with an `id` that comes again in its session gets the decision that was recorded; another event under the
    /// same id is denied. It is for the caller to bind sessions and ids to who may name them.
    ///
    /// Cancel-safe: a future that is dropped before it is ready has decided nothing, recorded nothing and leaves no guard
    /// running; but where the bundle has every answer wait for the disk, it may be recorded.
    pub async fn check(&self, event: &Event) -> Decision {
        self.decide(event, false).await.decision
    }

    /// Judges one event as [`check`](Self::check) does, on the very same path and recorded as ever, and says why the judge
    /// said what it said.
    ///
    /// The decision's `micros` hold what the explanation took, which is far longer than the check. The record has no
    /// explanation.
    pub async fn explain(&self, event: &Event) -> Explained {
        self.decide(event, true).await
    }

    async fn decide(&self, event: &Event, explain: bool) -> Explained {
        let (decision, explanations) = match Turn::of(self, event, Duration::ZERO) {
            Ok(turn) => {
                let (answer, explanations) = turn.take(explain).await;
                (self.delivered(answer).await, explanations)
            }
            Err(reason) => (self.unrecorded(event, vec![reason]).decision, Explanations::default()),
        };
        let Explanations { original, repaired, flow } = explanations;
        Explained { decision, original, repaired, flow }
    }

    /// The decision to be given, once its record is as safe as it has to be.
    async fn delivered(&self, answer: Answer) -> Decision {
        let Answer { mut decision, recorded } = answer;
        if let (Some(journal), Some(n)) = (&self.journal, recorded)
            && let Err(error) = journal.settled(n).await
        {
            decision = decision.denied_for(journal_failed("a record may not have reached the disk", &error));
        }
        decision
    }

    /// Denies an event of whose session nothing can be said, not even by a record.
    fn unrecorded(&self, event: &Event, reasons: Vec<Reason>) -> Answer {
        let (decision, _) = self.decision(event, Outcome::denied(reasons), None, Duration::ZERO);
        Answer { decision, recorded: None }
    }

    /// The decision on an event with that outcome, and what it rests on.
    fn decision(
        &self,
        event: &Event,
        outcome: Outcome,
        definition: Option<Digest>,
        took: Duration,
    ) -> (Decision, Basis) {
        let Outcome { verdict, reasons, findings, repaired, basis } = outcome;
        let decision = Decision {
            id: uuid::Uuid::now_v7(),
            session: event.session.clone(),
            checkpoint: event.checkpoint(),
            call: event.call().cloned(),
            verdict,
            reasons,
            findings,
            repaired,
            generation: self.generation.digest(),
            definition,
            micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        };
        (decision, basis)
    }

    /// Records that a stream begins.
    fn opened(&self, event: &Event) -> Result<(), Reason> {
        let opened = self.journal.as_ref().map_or(Ok(()), |journal| journal.opened(event, &self.generation));
        opened.map_err(|error| journal_failed("a stream could not be recorded", &error))
    }

    #[cfg(test)]
    pub(crate) const fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref()
    }

    /// What is known of sessions: by the journal, if there is one.
    pub(crate) fn sessions(&self) -> &Sessions {
        self.journal.as_ref().map_or(&self.sessions, Journal::sessions)
    }

    /// The key of events' digests.
    fn key(&self) -> &[u8; 32] {
        self.journal.as_ref().map_or(&NO_KEY, Journal::digest_key)
    }

    /// The decision that was made on an event, which is in its session's memory or in the journal.
    fn answer(&self, event: &Event, id: &EventId, memory: &Memory, place: Option<Place>) -> Result<Decision, String> {
        match (&self.journal, place) {
            (Some(journal), Some(place)) => journal.decision(event, place).map_err(|error| error.to_string()),
            _ => memory.kept(id).cloned().ok_or_else(|| "it is not kept".to_owned()),
        }
    }

    /// A definition that a session was told before it was restored.
    fn definition(&self, tool: &ToolName, digest: &Digest) -> Result<Arc<Definition>, String> {
        let known = self.journal.as_ref().map(|journal| journal.definition(tool, digest)).transpose();
        let known = known.map_err(|error| error.to_string())?.flatten();
        known.ok_or_else(|| "what the session was told of it is not known any more".to_owned())
    }
}

/// Why an event is denied where the journal fails. `what` goes wrong is logged.
fn journal_failed(what: &str, error: &dyn std::error::Error) -> Reason {
    tracing::error!(%error, "{what}, so the event is denied");
    Reason::of(ReasonCode::JournalFailed, error.to_string())
}

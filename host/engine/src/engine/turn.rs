//! [`Turn`]: one event's turn in its session.
//!
//! Guards are asked while other events of the session go their way. Then the session is held: what it is is read, the judge
//! is asked, the decision is recorded, and the session changed by it; nobody else's event comes between. If the session
//! has changed meanwhile so that guards were told something that is so no more, the event is looked at anew.

use std::{
    collections::BTreeSet,
    sync::{Arc, MutexGuard},
    time::{Duration, Instant},
};

use super::{
    Engine,
    basis::Basis,
    check::{Check, Explanations, Judged, Outcome},
    hearing::heard,
    journal_failed,
    moment::Moment,
    tool::MetTool,
};
use crate::{
    decision::{Category, Decision, Reason, ReasonCode, Verdict},
    event::{Body, Checkpoint, Event, SessionId},
    journal::{Grounds, Journal, JournalError, Recording},
    judge,
    session::{Change, Digests, Heard, MAX_LINEAGE, Memory, Place, Session},
    tools::{Definition, Known},
};

/// How often an event is looked at because its session changes meanwhile.
pub(super) const MAX_LOOKS: usize = 8;

const UNREADABLE: &str = "what is known of a session cannot be read";

/// Why an event is denied that was looked at so often.
pub(super) fn kept_changing() -> Reason {
    let message = format!("the session changed {MAX_LOOKS} times while the event was looked at");
    Reason::of(ReasonCode::SessionRefused, message)
}

/// Why a stream is denied that stands for an event which was answered.
pub(super) fn answered_already() -> Reason {
    let message = "the event was answered already, and no text of a stream is kept to be given again";
    Reason::of(ReasonCode::SessionRefused, message)
}

/// Has a session read again what it has read, if it was restored.
fn recalled(engine: &Engine, session: &Session) -> Result<(), JournalError> {
    let mut memory = session.memory();
    match &engine.journal {
        Some(journal) if memory.has_unread() => journal.recall(session.id(), &mut memory),
        _ => Ok(()),
    }
}

/// One event's turn in its session.
pub(super) struct Turn<'e> {
    engine: &'e Engine,
    event: &'e Event,
    attended: Attended,
    started: Instant,
}

/// What an event keeps of its session between two turns.
#[derive(Debug, Clone)]
pub(super) struct Attended {
    session: Arc<Session>,
    /// The sessions that it works for, the nearest first.
    lineage: Arc<[SessionId]>,
    /// What is known of these.
    above: Arc<[Arc<Session>]>,
    digests: Digests,
}

/// The memory of a session and of those above it. Nobody else's event comes between as long as they are held.
struct Held<'t> {
    own: MutexGuard<'t, Memory>,
    /// The nearest first.
    above: Vec<MutexGuard<'t, Memory>>,
}

/// What an event is given in the end.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) decision: Decision,
    /// The number of its record, if it was recorded by this turn.
    pub(super) recorded: Option<u64>,
}

/// Whether an event may be judged in its session.
pub(super) enum Admission {
    /// It may: this is what is known of its tool.
    Goes(Known),
    /// It was answered before.
    Answered(Decision),
    /// It may not.
    Refused(Reason),
}

/// The record of a decision.
#[derive(Clone, Copy)]
struct Recorded {
    n: u64,
    place: Place,
    /// The slot of the key under which it holds content, if it does.
    slot: Option<u64>,
}

/// What came of judging an event once.
enum Look {
    Decided(Box<(Answer, Basis)>),
    /// Findings of these categories have to be repaired first.
    Wants(BTreeSet<Category>),
    /// What is known of the tool is not what guards were told, or the event was answered meanwhile.
    Changed,
}

impl<'e> Turn<'e> {
    /// Begins an event's turn.
    ///
    /// # Errors
    /// Why nothing can be said of its session.
    pub(super) fn of(engine: &'e Engine, event: &'e Event, spent: Duration) -> Result<Self, Reason> {
        let sessions = engine.sessions();
        let known = sessions.open(&event.session).and_then(|session| {
            let above = sessions.lineage(&session, event)?;
            Ok((session, above))
        });
        let (session, above) = known.map_err(|error| journal_failed(UNREADABLE, &error))?;
        let digests = Digests::of(event, engine.key(), engine.journal.is_some());
        for session in above.iter().chain([&session]) {
            recalled(engine, session).map_err(|error| journal_failed(UNREADABLE, &error))?;
        }
        let lineage = above.iter().map(|above| above.id().clone()).collect();
        Ok(Self::again(engine, event, Attended { session, lineage, above: above.into(), digests }, spent))
    }

    /// Another turn of the same event, on which so long was spent before.
    pub(super) fn again(engine: &'e Engine, event: &'e Event, attended: Attended, spent: Duration) -> Self {
        let now = Instant::now();
        Self { engine, event, attended, started: now.checked_sub(spent).unwrap_or(now) }
    }

    /// What has to be kept for another turn.
    pub(super) fn attended(&self) -> Attended {
        self.attended.clone()
    }

    /// Judges the event, records what comes of it, and says why if that is wanted.
    pub(super) async fn take(&self, explain: bool) -> (Answer, Explanations) {
        let plain = |answer| (answer, Explanations::default());
        // What was ordered since that look shows when it is decided; guards were asked in vain then.
        let journal = self.engine.journal.as_ref();
        if journal.is_some_and(|journal| journal.is_known_to_be_stopped(self.event, &self.attended.lineage))
            && let Some(reason) = self.stopped()
        {
            return plain(self.denied(reason));
        }
        let mut looks = 0;
        while looks < MAX_LOOKS {
            let known = match self.admission() {
                Admission::Goes(known) => known,
                Admission::Answered(decision) => {
                    // A stop is above what was answered before it.
                    let stopped = self.stopped().map(|reason| self.denied(reason));
                    return plain(stopped.unwrap_or(Answer { decision, recorded: None }));
                }
                Admission::Refused(reason) => return plain(self.denied(reason)),
            };
            let generation = &self.engine.generation;
            let (tool, refused) = match MetTool::of(self.engine, self.event, known.clone()) {
                Ok(tool) => (tool, None),
                Err(reason) => (None, Some(reason)),
            };
            let mut check = match refused {
                Some(reason) => Check::denied(generation, self.event, reason),
                None => Check::of(generation, tool.as_ref(), self.event).await,
            };
            loop {
                looks += 1;
                match self.look(&check, tool.as_ref(), &known, explain) {
                    Look::Decided(decided) => {
                        let (answer, basis) = *decided;
                        return (answer, basis.explanations);
                    }
                    Look::Wants(categories) if looks < MAX_LOOKS => check.repair(categories).await,
                    Look::Wants(_) | Look::Changed => break,
                }
            }
        }
        plain(self.denied(kept_changing()))
    }

    /// Why the event is denied whatever the generation says of it.
    pub(super) fn stopped(&self) -> Option<Reason> {
        match self.engine.journal.as_ref()?.stopped(self.event, &self.attended.lineage) {
            Ok(order) => order.map(|order| order.to_reason()),
            Err(error) => Some(journal_failed("whether anything is stopped is not known", &error)),
        }
    }

    /// Whether the event may be judged in its session.
    pub(super) fn admission(&self) -> Admission {
        let memory = self.attended.session.memory();
        self.admitted(&memory)
    }

    /// Has the session to itself, and those above it. In the order of their names, so that no two wait for each other.
    fn hold(&self) -> Held<'_> {
        let Attended { session, above, .. } = &self.attended;
        let mut all: Vec<_> = above.iter().enumerate().map(|(place, above)| (Some(place), above)).collect();
        all.push((None, session));
        all.sort_unstable_by(|(_, one), (_, other)| one.id().cmp(other.id()));
        // A session that is its own parent, whose events are refused, is held once.
        all.dedup_by(|(_, one), (_, other)| Arc::ptr_eq(one, other));
        let mut held: Vec<_> = all.into_iter().map(|(place, session)| (place, session.memory())).collect();
        held.sort_by_key(|(place, _)| *place);
        let mut held = held.into_iter().map(|(_, memory)| memory);
        // INVARIANT: the session itself is among them; `None` comes before any place.
        #[expect(clippy::expect_used, reason = "the session itself was pushed")]
        let own = held.next().expect("the session is held");
        Held { own, above: held.collect() }
    }

    fn admitted(&self, memory: &Memory) -> Admission {
        let refused = |message| Admission::Refused(Reason::of(ReasonCode::SessionRefused, message));
        if let Some(why) = memory.refuses(self.event) {
            return refused(why);
        }
        if self.attended.lineage.contains(&self.event.session) {
            return refused("expected other sessions above its own, found its own among them".to_owned());
        }
        if self.attended.lineage.len() > MAX_LINEAGE {
            return refused(format!("expected at most {MAX_LINEAGE} sessions above its own, found more"));
        }
        if let (Some(id), Some(digest)) = (&self.event.id, &self.attended.digests.event) {
            match self.engine.sessions().answered(&self.attended.session, memory, id) {
                Ok(None) => {}
                Ok(Some(answered)) if answered.digest != *digest => {
                    return refused(format!("expected the event that `{id}` stands for, found another"));
                }
                Ok(Some(answered)) => match self.engine.answer(self.event, id, memory, answered.place) {
                    Ok(decision) => return Admission::Answered(decision),
                    Err(why) => {
                        return refused(format!(
                            "the event `{id}` was answered, and its decision is not to be had: {why}"
                        ));
                    }
                },
                Err(error) => return Admission::Refused(journal_failed(UNREADABLE, &error)),
            }
        }
        Admission::Goes(self.event.tool().map_or(Known::Untold, |tool| memory.tools.known(tool)))
    }

    /// Judges what guards saw by what the session is now, and records what comes of it.
    fn look(&self, check: &Check<'_>, tool: Option<&MetTool>, known: &Known, explain: bool) -> Look {
        let mut held = self.hold();
        match self.admitted(&held.own) {
            Admission::Goes(now) if now.is_same(known) => {}
            _ => return Look::Changed,
        }
        match check.judge(&self.moment(&held, explain)) {
            Judged::Wants(categories) => Look::Wants(categories),
            Judged::Done(outcome) => Look::Decided(Box::new(self.decided(&mut held, *outcome, tool))),
        }
    }

    /// Has `judge` say what becomes of the event, by what the session is now, and records it if it says so.
    ///
    /// # Errors
    /// What `judge` says instead.
    pub(super) fn conclude<N>(&self, judge: impl FnOnce(&Moment<'_>) -> Result<Outcome, N>) -> Result<Answer, N> {
        let mut held = self.hold();
        let outcome = match self.admitted(&held.own) {
            Admission::Goes(_) => judge(&self.moment(&held, false))?,
            Admission::Answered(_) => Outcome::denied(vec![answered_already()]),
            Admission::Refused(reason) => Outcome::denied(vec![reason]),
        };
        Ok(self.decided(&mut held, outcome, None).0)
    }

    /// Records that the event is denied, whatever is known of its session.
    fn denied(&self, reason: Reason) -> Answer {
        self.decided(&mut self.hold(), Outcome::denied(vec![reason]), None).0
    }

    /// What policies are told of the session.
    pub(super) fn facts_now(&self) -> judge::Session {
        self.moment(&self.hold(), false).session
    }

    fn moment<'h>(&self, held: &'h Held<'_>, explain: bool) -> Moment<'h> {
        let past = held.own.past(self.attended.digests.call.as_ref());
        Moment::of(&held.own, held.above.iter().map(|above| &**above), past, explain)
    }

    /// The decision with that outcome, recorded, and its session changed by it.
    fn decided(&self, held: &mut Held<'_>, outcome: Outcome, tool: Option<&MetTool>) -> (Answer, Basis) {
        let Self { engine, event, .. } = self;
        let memory = &mut *held.own;
        // An order is above all else, and may have come while the event was looked at.
        let outcome = match self.stopped() {
            Some(reason) => Outcome { reasons: vec![reason], ..outcome.refused() },
            None => outcome,
        };
        if outcome.reasons.iter().any(|reason| reason.code == ReasonCode::SessionErased) {
            memory.key = None;
        }
        let (decision, basis) = engine.decision(event, outcome, tool.and_then(MetTool::digest), self.started.elapsed());
        let returned =
            basis.original.as_ref().map(|(facts, _)| (facts.session.untrusted, facts.session.labels.clone()));
        let definition = match &event.body {
            Body::ToolDefinition { .. } => tool.and_then(MetTool::definition),
            _ => None,
        };
        let goes_on = decision.verdict <= Verdict::Modify;
        let is_pinned = tool.is_some_and(MetTool::is_pinned);
        let heard = goes_on
            .then(|| heard(&engine.generation, event, is_pinned, &decision, basis.streamed.is_some()))
            .flatten()
            .filter(|heard| !memory.is_word_of_another_agent(heard, event.parent.as_ref()));
        let above = self.attended.above.first().zip(held.above.first_mut());
        let mut above = above.filter(|_| goes_on && event.checkpoint() == Checkpoint::Output);
        // No await from here on: the record, the change and the answer come together or not at all.
        let recorded = engine.journal.as_ref().map(|journal| {
            if let Some((session, memory)) = &mut above {
                engine.sessions().will_change(session, memory);
            }
            let grounds = basis.grounds(tool.map(MetTool::profile));
            self.record(journal, memory, &decision, &grounds, definition, heard.as_ref())
        });
        let recorded = match recorded.transpose() {
            Ok(recorded) => recorded,
            Err(error) => {
                let reason = journal_failed("a decision could not be recorded", &error);
                return (Answer { decision: decision.denied_for(reason), recorded: None }, basis);
            }
        };
        let slot = recorded.and_then(|recorded| recorded.slot);
        let place = recorded.map(|recorded| (recorded.n, recorded.place));
        if let Some(change) = Change::of(event, &decision, &self.attended.digests, heard, returned, slot) {
            if let (Some((_, above)), Some(returned)) = (above, change.returned()) {
                above.provenance.join(returned.0, &returned.1);
            }
            engine.sessions().change(memory, change, place, definition, &decision);
        }
        (Answer { decision, recorded: recorded.map(|recorded| recorded.n) }, basis)
    }

    /// Records a decision, with the definition that it tells the session of.
    fn record(
        &self,
        journal: &Journal,
        memory: &mut Memory,
        decision: &Decision,
        grounds: &Grounds<'_>,
        definition: Option<&Arc<Definition>>,
        heard: Option<&Heard>,
    ) -> Result<Recorded, JournalError> {
        let Self { engine, event, attended: Attended { session, digests, .. }, .. } = self;
        engine.sessions().will_change(session, memory);
        if let Some(definition) = definition {
            journal.define(definition)?;
        }
        let sealed = journal.sealed(event, decision, heard, memory)?;
        let sealed = sealed.as_ref();
        let generation = &engine.generation;
        let (n, place) = journal.append(&Recording { event, decision, grounds, generation, digests, heard, sealed })?;
        Ok(Recorded { n, place, slot: sealed.map(|sealed| sealed.slot) })
    }
}

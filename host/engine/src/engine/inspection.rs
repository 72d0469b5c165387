//! What all guards of a checkpoint make of an event.

use futures_util::future::join_all;

use crate::{
    bundle::OnFailure,
    decision::{Finding, Reason, ReasonCode},
    event::Event,
    generation::Generation,
    guard::Guard,
    judge::Coverage,
    sandbox::Failure,
    text::Parts,
};

/// The guards' work on one event.
pub(super) struct Inspection {
    /// What they saw, in the order of the guards.
    pub(super) findings: Vec<Finding>,
    /// Guards without a report whose failure means deny.
    pub(super) failed: Vec<Reason>,
    /// Guards without a report whose failure the bundle passes over.
    pub(super) skipped: Vec<Reason>,
    /// What was not inspected.
    pub(super) coverage: Coverage,
}

impl Inspection {
    /// Asks every guard that stands at the event's checkpoint. All see the same original, none another's findings.
    pub(super) async fn of(generation: &Generation, event: &Event, parts: &Parts<'_>) -> Self {
        let trusted = generation.trusts(&event.body);
        let asked: Vec<_> = generation.guards().iter().filter(|guard| guard.is_asked(event)).collect();
        let answers = join_all(asked.iter().map(|guard| guard.inspect(event, parts, trusted))).await;
        let mut inspection = Self {
            findings: Vec::new(),
            failed: Vec::new(),
            skipped: Vec::new(),
            coverage: Coverage { uninspected: false, skipped: false },
        };
        let mut read = vec![false; parts.parts.len()];
        for (guard, answer) in asked.iter().zip(answers) {
            match answer {
                Ok(inspected) => {
                    inspection.findings.extend(inspected.findings);
                    for (read, by_guard) in read.iter_mut().zip(inspected.read) {
                        *read |= by_guard;
                    }
                }
                Err(failure) => inspection.without_report(guard, &failure),
            }
        }
        inspection.coverage.skipped = !inspection.skipped.is_empty();
        inspection.coverage.uninspected = !parts.uninspectable.is_empty() || read.contains(&false);
        inspection
    }

    /// A guard gave no report. Its own words go to the operator's log and nowhere else.
    fn without_report(&mut self, guard: &Guard, failure: &Failure) {
        let (name, cause, words) = (guard.name(), failure.cause(), failure.words());
        tracing::warn!(guard = name, %cause, words, "a guard failed: {failure}");
        let (reasons, code) = match guard.on_failure() {
            OnFailure::Deny => (&mut self.failed, ReasonCode::GuardFailed),
            OnFailure::Skip => (&mut self.skipped, ReasonCode::GuardSkipped),
        };
        let message = format!("the guard failed ({cause}): {failure}");
        reasons.push(Reason { code, policy: None, guard: Some(name.to_owned()), message });
    }
}

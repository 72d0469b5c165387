//! A stream's turn in its session: it is recorded when it begins, and its decision when it ends.

use std::{convert::Infallible, time::Duration};

use super::Stream;
use crate::{
    decision::{Reason, Repaired, Verdict},
    engine::{
        basis::Basis,
        check::{Check, Judged, Outcome, findings_of},
        moment::Moment,
        turn::{Admission, Answer, Attended, MAX_LOOKS, Turn, answered_already, kept_changing},
    },
    journal::Streamed,
    judge::Session,
};

impl Stream<'_> {
    /// Begins the stream in its session, with a record of that: from now on something may go on.
    pub(super) fn begin(&mut self) -> Result<(), Reason> {
        if self.attended.is_some() {
            return Ok(());
        }
        let turn = Turn::of(self.engine, &self.event, Duration::ZERO)?;
        let attended = turn.attended();
        let admission = turn.admission();
        self.attended = Some(attended);
        match admission {
            Admission::Goes(_) => self.engine.opened(&self.event),
            Admission::Answered(_) => Err(answered_already()),
            Admission::Refused(reason) => Err(reason),
        }
    }

    /// Ends the stream as denied for these reasons.
    pub(super) async fn end_for(&mut self, reasons: Vec<Reason>) {
        (self.verdict, self.reasons) = (Verdict::Deny, reasons);
        self.conclude().await;
    }

    /// What its session is now, as policies see it.
    pub(super) fn session(&self) -> Session {
        self.attended.as_ref().map_or(Session::NEUTRAL, |attended| self.turn(attended).facts_now())
    }

    pub(super) fn turn(&self, attended: &Attended) -> Turn<'_> {
        Turn::again(self.engine, &self.event, attended.clone(), self.spent)
    }

    /// Judges the text as a whole event is, for guards that are shown whole texts.
    pub(super) async fn judge_whole(&mut self) -> Answer {
        let mut event = self.event.clone();
        if let Some(whole) = event.body.plain_text_mut() {
            *whole = std::mem::take(&mut self.buffer);
        }
        let engine = self.engine;
        let mut check = Check::of(engine.generation(), None, &event).await;
        for _ in 0..MAX_LOOKS {
            let mut repaired = None;
            let judged = self.concluded(|moment| match check.judge(moment) {
                Judged::Wants(categories) => Err(categories),
                Judged::Done(outcome) => {
                    repaired.clone_from(&outcome.repaired);
                    let verdict = outcome.verdict.in_a_stream();
                    let basis = Basis { streamed: Some(Streamed::Whole), ..outcome.basis };
                    Ok(Outcome { verdict, repaired: None, basis, ..*outcome })
                }
            });
            match judged {
                Ok(answer) => {
                    if answer.decision.verdict <= Verdict::Modify {
                        self.ready = match repaired {
                            Some(Repaired::Text(text)) => text,
                            _ => event.body.plain_text_mut().map(std::mem::take).unwrap_or_default(),
                        };
                    }
                    return answer;
                }
                Err(categories) => check.repair(categories).await,
            }
        }
        self.certainly_concluded(|_| Outcome::denied(vec![kept_changing()]))
    }

    /// Makes the decision of what was judged piece by piece.
    pub(super) async fn conclude(&mut self) {
        self.reasons.append(&mut self.skipped);
        let answer = self.certainly_concluded(|moment| {
            let facts = self.facts(&moment.session, self.findings.iter().map(|found| &found.finding));
            let evaluation = self.evaluate(&facts);
            let original = Some((facts, evaluation));
            let basis = Basis { original, streamed: Some(Streamed::InPieces), ..self.basis.clone() };
            let findings = findings_of(self.findings.clone());
            let reasons = self.reasons.clone();
            Outcome { verdict: self.verdict, findings, basis, ..Outcome::denied(reasons) }
        });
        if answer.decision.verdict != self.verdict || answer.decision.reasons != self.reasons {
            // Something above policies was found at the end, so that nothing more goes on.
            self.ready.clear();
        }
        self.give(answer).await;
    }

    /// Records what `judge` says by what the session is now, which is all there is to say.
    fn certainly_concluded(&self, judge: impl FnOnce(&Moment<'_>) -> Outcome) -> Answer {
        let Ok(answer) = self.concluded(|moment| Ok::<_, Infallible>(judge(moment)));
        answer
    }

    /// Records what `judge` says by what the session is now.
    fn concluded<N>(&self, judge: impl FnOnce(&Moment<'_>) -> Result<Outcome, N>) -> Result<Answer, N> {
        match &self.attended {
            Some(attended) => self.turn(attended).conclude(judge),
            // Nothing can be said of its session, not even by a record.
            None => Ok(self.engine.unrecorded(&self.event, judge(&Moment::unknown())?.reasons)),
        }
    }

    /// Ends the stream with a decision, which is given once its record is as safe as it has to be.
    pub(super) async fn give(&mut self, answer: Answer) {
        self.buffer = String::new();
        self.at = self.released;
        self.answer = Some(answer);
        self.deliver().await;
    }

    /// Gives the decision that was made; no text goes on that is not recorded. Where the future is dropped meanwhile, the next
    /// waits for it again.
    pub(super) async fn deliver(&mut self) {
        let Some(answer) = self.answer.clone() else { return };
        let recorded = answer.decision.reasons.clone();
        let decision = self.engine.delivered(answer).await;
        if decision.reasons != recorded {
            self.ready.clear();
        }
        self.decision = Some(decision);
    }
}

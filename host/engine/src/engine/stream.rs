//! [`Stream`]: a text that is judged and released while it is written.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use super::{
    Engine,
    check::{self, Outcome},
    inspection::{Inspection, MAX_HELD},
    panel::{Panel, Window},
};
use crate::{
    bundle::PastLimit,
    decision::{Decision, Finding, Reason, ReasonCode, Repaired, Verdict},
    event::{Body, Event},
    guard::{About, Asked},
    judge::{Coverage, Evaluation, Facts, Findings, Flows, Request, Subject},
    text::{Excerpt, Found, GRID, Piece, RunningRepair, Written},
};

/// The most findings in a stream. Each is judged with all before it.
const MAX_FINDINGS: usize = 4_096;

/// Guards are asked again about what is held once that has grown by this part of it.
const HELD_GROWS: usize = 64;

/// A text that is judged and released while it is written: an output, a reasoning note or an input that arrives in chunks.
///
/// [`push`](Self::push) takes a chunk, [`poll`](Self::poll) gives what can be released by now, [`finish`](Self::finish) the
/// rest. All guards are shown what is held with some text before it, and what is settled for the least of them is released:
/// text that nothing which follows can turn into something found. Found text is repaired where a policy asks for it, and the
/// stream ends before it where one denies it. What has been released cannot be taken back, so a policy that counts findings
/// sees those up to each, one by one; and an `escalate` is a deny, since a stream cannot wait.
///
/// **The law.** Findings and released text are the same however the text was cut into chunks.
///
/// A guard that states no reach is shown the whole text at its end: nothing is released before, and the text is then judged as
/// a whole event is.
pub struct Stream<'e> {
    engine: &'e Engine,
    /// What is written, without its text.
    event: Event,
    /// The text from some bytes before what is held.
    buffer: String,
    /// Where in the whole text the buffer begins.
    at: usize,
    /// Up to where the text is released.
    released: usize,
    /// What was released and not fetched yet.
    ready: String,
    /// The end of what was released, as it was released.
    context: String,
    /// Where the text ended when guards were last asked, and settled nothing more.
    asked: usize,
    /// Guards without a reach were given up, for more was held than may be.
    without_whole: bool,
    repair: RunningRepair,
    /// What was found so far, and what of it was left as it is.
    findings: Vec<Found>,
    left: Vec<Finding>,
    coverage: Coverage,
    skipped: Vec<Reason>,
    verdict: Verdict,
    reasons: Vec<Reason>,
    spent: Duration,
    decision: Option<Decision>,
}

/// What a stream gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Released {
    /// The text that goes on.
    pub text: String,
    /// The decision, once the stream is over: denied, or at its end. It carries no text.
    pub decision: Option<Decision>,
}

/// An event that carries no plain text cannot be streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an input, an output or a reasoning note, found another event, which is judged whole")]
pub struct NoStream;

/// Why a stream ends early.
struct Denied {
    /// What was still released.
    up_to: usize,
    reasons: Vec<Reason>,
}

impl Engine {
    /// Opens a stream. The text that `event` carries is its beginning.
    ///
    /// # Errors
    /// If it is no event of plain text.
    pub fn stream(&self, mut event: Event) -> Result<Stream<'_>, NoStream> {
        let buffer = event.body.plain_text_mut().map(std::mem::take).ok_or(NoStream)?;
        Ok(Stream {
            engine: self,
            event,
            buffer,
            at: 0,
            released: 0,
            ready: String::new(),
            context: String::new(),
            asked: 0,
            without_whole: false,
            repair: RunningRepair::default(),
            findings: Vec::new(),
            left: Vec::new(),
            coverage: Coverage { uninspected: false, skipped: false },
            skipped: Vec::new(),
            verdict: Verdict::Allow,
            reasons: Vec::new(),
            spent: Duration::ZERO,
            decision: None,
        })
    }
}

impl Stream<'_> {
    /// Takes the next chunk. After the stream is over, nothing is taken.
    pub fn push(&mut self, chunk: &str) {
        if self.decision.is_none() {
            self.buffer.push_str(chunk);
        }
    }

    /// Bytes that are held back.
    #[must_use]
    pub fn held(&self) -> usize {
        self.end() - self.released
    }

    /// Judges what there is, and gives what can be released by now.
    ///
    /// Cancel-safe: what a dropped future was to release, the next gives.
    pub async fn poll(&mut self) -> Released {
        self.advance(false).await;
        Released { text: std::mem::take(&mut self.ready), decision: self.decision.clone() }
    }

    /// Judges the rest, and gives it with the decision, which is recorded.
    pub async fn finish(mut self) -> Released {
        self.advance(true).await;
        Released { text: std::mem::take(&mut self.ready), decision: self.decision.take() }
    }

    fn end(&self) -> usize {
        self.at + self.buffer.len()
    }

    async fn advance(&mut self, is_end: bool) {
        if self.decision.is_some() {
            return;
        }
        let started = Instant::now();
        if is_end && self.has_whole() {
            let outcome = self.judge_whole().await;
            self.spent += started.elapsed();
            return self.record(Outcome { verdict: as_in_a_stream(outcome.verdict), ..outcome });
        }
        let advanced = self.released_all(is_end).await;
        self.spent += started.elapsed();
        match advanced {
            Ok(()) if is_end => self.conclude(),
            Ok(()) => {}
            Err(Denied { up_to, reasons }) => {
                (self.verdict, self.reasons) = (Verdict::Deny, reasons);
                // Where even that cannot be, the stream ends where it is.
                let _ = self.emit_to(up_to);
                self.conclude();
            }
        }
    }

    /// Releases all that can be.
    async fn released_all(&mut self, is_end: bool) -> Result<(), Denied> {
        if self.reasons.is_empty() && self.findings.is_empty() && self.released == 0 {
            // What is denied whatever it says, is so before its first byte.
            self.judge(self.released)?;
        }
        if !is_end && self.end() - self.asked < self.held() / HELD_GROWS {
            return Ok(());
        }
        let mut window = GRID;
        loop {
            let end = self.end();
            let to = self.buffer.floor_char_boundary((self.released + window).min(end) - self.at) + self.at;
            let more_after = !is_end || to < end;
            // Nothing is held. Only an empty text is shown to guards all the same, at its end.
            if to == self.released && (more_after || to > 0) {
                return Ok(());
            }
            let progress = self.step(to, more_after).await?;
            self.trim();
            if !more_after {
                return Ok(());
            }
            if to == end {
                self.asked = end;
                return if self.held() > MAX_HELD { self.past_limit() } else { Ok(()) };
            }
            if !progress && window > MAX_HELD {
                self.past_limit()?;
            }
            // Where nothing is settled in a full window, more of the text may show why.
            window = if progress { GRID } else { window + GRID };
        }
    }

    /// What the bundle says happens where more is held than may be.
    fn past_limit(&mut self) -> Result<(), Denied> {
        if self.engine.generation().past_limit() == PastLimit::Release {
            self.coverage.uninspected = true;
            self.judge(self.released)?;
            if self.has_whole() {
                // The others can still say what is settled.
                self.without_whole = true;
                return Ok(());
            }
            let end = self.end();
            return self.emit_to(end);
        }
        let message = format!("expected guards to settle within {MAX_HELD} bytes of a stream, found more left open");
        let reason = Reason { code: ReasonCode::TooLarge, policy: None, guard: None, message };
        Err(Denied { up_to: self.released, reasons: vec![reason] })
    }

    /// The guards that are asked: those that are shown whole texts, and those that may be shown pieces.
    fn panels(&self) -> (Panel<'_>, Panel<'_>) {
        let (whole, pieces) = Panel::of(self.engine.generation(), &self.event).parted(&self.event);
        (if self.without_whole { Panel::none() } else { whole }, pieces)
    }

    fn has_whole(&self) -> bool {
        !self.panels().0.is_empty()
    }

    /// Shows guards what is held up to `to`, releases what is settled, and says whether that is anything.
    async fn step(&mut self, to: usize, more_after: bool) -> Result<bool, Denied> {
        if self.has_whole() {
            return Ok(false);
        }
        let engine = self.engine;
        let generation = engine.generation();
        let pieces = Panel::of(generation, &self.event).parted(&self.event).1;
        let about = About::default();
        let asked = Asked { event: &self.event, trusted: generation.trusts(&self.event.body), about: &about };
        let window = Window {
            path: "",
            media_type: "text/plain",
            text: &self.buffer,
            at: self.at,
            from: self.released,
            to,
            more_after,
        };
        let mut inspection = Inspection::new();
        let seen = pieces.look_at(&asked, window).await;
        let mut settled = if more_after { seen.settled.first().copied().unwrap_or(to).min(to) } else { to };
        let read = seen.read.contains(&true);
        inspection.add(seen);
        let uninspected = inspection.coverage.uninspected || !read;
        let coverage = Coverage {
            uninspected: self.coverage.uninspected || uninspected,
            skipped: self.coverage.skipped || inspection.coverage.skipped,
        };
        self.skip(inspection.skipped);
        if !inspection.failed.is_empty() {
            return Err(Denied { up_to: self.released, reasons: inspection.failed });
        }
        if coverage != self.coverage {
            self.coverage = coverage;
            self.judge(self.released)?;
        }
        let mut found = inspection.findings;
        // In the order of the text, whichever guard found it: what follows from one must not hang on what is seen at once.
        found.sort_by_key(|found| found.finding.span.map(|span| (span.start, span.end)));
        let held = self.buffer.get(self.released - self.at..to - self.at).unwrap_or_default();
        let mut clusters = self.repair.clusters(held, self.released, &found);
        if more_after {
            // Not into or right behind anything that is or may yet be repaired.
            let open = clusters.iter().position(|cluster| cluster.end >= settled);
            if let Some(open) = open {
                settled = settled.min(clusters.get(open).map_or(settled, |cluster| cluster.start));
                clusters.truncate(open);
            }
        }
        let before = self.released;
        let mut found = found.into_iter().peekable();
        for cluster in clusters {
            let end = cluster.end.min(to);
            let (mark, met, left) = (self.repair.mark(), self.findings.len(), self.left.len());
            let mut first = None;
            while let Some(found) = found.next_if(|found| starts_before(found, end)) {
                first = self.meet(&found, cluster.start)?.or(first);
            }
            if !self.release(cluster.start..end, first, left, to, more_after).await? {
                // Guards are not sure yet of what stands there now: with more of the text, all of it is done again.
                self.repair.back_to(mark);
                self.findings.truncate(met);
                self.left.truncate(left);
                return Ok(self.released > before);
            }
        }
        self.emit_to(settled.max(self.released))?;
        Ok(self.released > before)
    }

    /// Judges one more finding. The evaluation, if it asks for the finding's repair.
    ///
    /// Where that is a deny, the stream ends at `at`.
    fn meet(&mut self, found: &Found, at: usize) -> Result<Option<Evaluation>, Denied> {
        if self.findings.len() == MAX_FINDINGS {
            let message = format!("expected at most {MAX_FINDINGS} findings in a stream, found more");
            let reason = Reason { code: ReasonCode::TooLarge, policy: None, guard: None, message };
            return Err(Denied { up_to: at, reasons: vec![reason] });
        }
        self.findings.push(found.clone());
        let evaluation = self.judge(at)?;
        if !evaluation.redact().contains(&found.finding.category) {
            self.left.push(found.finding.clone());
            return Ok(None);
        }
        let covered = found.finding.span.and_then(|span| {
            self.buffer.get((span.start as usize).checked_sub(self.at)?..(span.end as usize).checked_sub(self.at)?)
        });
        let covered = covered.unwrap_or_default().to_owned();
        let added = self.repair.add(found, &covered);
        added.map_err(|error| Denied { up_to: at, reasons: vec![cannot_redact(error.to_string())] })?;
        Ok(Some(evaluation))
    }

    /// Judges the stream by all that is known of it; `up_to` is where it ends if that is a deny.
    fn judge(&mut self, up_to: usize) -> Result<Evaluation, Denied> {
        let evaluation = self.evaluation(self.findings.iter().map(|found| &found.finding));
        let reasons = evaluation.reasons();
        if evaluation.verdict() > Verdict::Modify {
            return Err(Denied { up_to, reasons });
        }
        let redact = evaluation.redact();
        let is_asked = |finding: &Finding| redact.contains(&finding.category);
        let message = if self.left.iter().any(is_asked) {
            "a policy asks for the repair of what stands further on in the stream, or went on"
        } else if evaluation.verdict() == Verdict::Modify && !self.findings.iter().any(|found| is_asked(&found.finding))
        {
            "a policy asks for a repair, and nothing was found that could be repaired"
        } else {
            ""
        };
        if !message.is_empty() {
            return Err(Denied { up_to, reasons: vec![cannot_redact(message.to_owned())] });
        }
        self.verdict = self.verdict.max(evaluation.verdict());
        for reason in reasons {
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        Ok(evaluation)
    }

    fn evaluation<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> Evaluation {
        let facts = Facts::new(Findings::tally(findings), self.coverage, Flows::EMPTY);
        let subject = match &self.event.body {
            Body::Input { source, .. } => Subject::Input(*source),
            Body::Note(note) => Subject::Note(note),
            _ => Subject::Output,
        };
        let Event { agent, user, .. } = &self.event;
        let request = Request { agent, user: user.as_ref(), subject, facts: &facts };
        self.engine.generation().judge().evaluate(&request)
    }

    /// Releases the text up to the end of a cluster, and says whether that was possible. What was repaired in it is inspected
    /// once more, as it goes on, and judged with the findings that were left before it: the first `left`.
    async fn release(
        &mut self,
        cluster: Range<usize>,
        first: Option<Evaluation>,
        left: usize,
        to: usize,
        more_after: bool,
    ) -> Result<bool, Denied> {
        // What stands before it was found to be as it may.
        self.emit_to(cluster.start)?;
        let denied = |reasons| Denied { up_to: cluster.start, reasons };
        let text = self.buffer.get(cluster.start - self.at..cluster.end - self.at).unwrap_or_default().to_owned();
        let Some(Written { text: written, replaced }) = self.repair.rewrite(&text, cluster.start) else {
            self.emit_to(cluster.end)?;
            return Ok(true);
        };
        if self.repair.rejoins(&self.context, &written, &replaced, cluster.start) {
            return Err(denied(vec![rejoined()]));
        }
        let first = first.unwrap_or_else(|| self.evaluation(self.findings.iter().map(|found| &found.finding)));
        let Some(findings) = self.again(&written, cluster.end, to, more_after).await.map_err(denied)? else {
            return Ok(false);
        };
        let left = self.left.get(..left).unwrap_or_default();
        first.after_repair(&self.evaluation(left.iter().chain(&findings))).map_err(denied)?;
        self.hand_out(&written, cluster.end);
        Ok(true)
    }

    /// What guards find in a piece as it was written anew, which stood up to `end`, between what was released and what is
    /// held behind it; also across its edges. `None` if they are not sure of it yet.
    async fn again(
        &mut self,
        written: &str,
        end: usize,
        to: usize,
        more_after: bool,
    ) -> Result<Option<Vec<Finding>>, Vec<Reason>> {
        let engine = self.engine;
        let generation = engine.generation();
        let panel = Panel::of(generation, &self.event).parted(&self.event).1;
        let behind = self.buffer.get(end - self.at..to - self.at).unwrap_or_default();
        let behind = behind.get(..behind.floor_char_boundary(panel.ahead())).unwrap_or_default();
        let more_after = more_after || end + behind.len() < to;
        let text = [&self.context, written, behind].concat();
        let about = About::default();
        let asked = Asked { event: &self.event, trusted: generation.trusts(&self.event.body), about: &about };
        // Guards are told that more stands before, if it does.
        let at = usize::from(self.released > self.context.len());
        let piece = Piece { path: "", media_type: "text/plain", body: &text, at, more_after };
        let seen = panel.look(&asked, &Excerpt::new(vec![piece], panel.views())).await;
        let within = at + self.context.len()..at + self.context.len() + written.len();
        let is_sure = !more_after || seen.settled.first().is_some_and(|settled| *settled > within.end);
        let mut inspection = Inspection::new();
        inspection.add(seen);
        self.skip(inspection.skipped);
        if !inspection.failed.is_empty() {
            return Err(inspection.failed);
        }
        let touches = |finding: &Finding| {
            finding.span.is_none_or(|span| span.start as usize <= within.end && span.end as usize >= within.start)
        };
        let findings = inspection.findings.into_iter().map(|found| found.finding).filter(touches);
        Ok(is_sure.then(|| findings.collect()))
    }

    fn skip(&mut self, skipped: Vec<Reason>) {
        self.coverage.skipped |= !skipped.is_empty();
        for reason in skipped {
            if !self.skipped.contains(&reason) {
                self.skipped.push(reason);
            }
        }
    }

    /// Releases the text up to `end` as it is.
    fn emit_to(&mut self, end: usize) -> Result<(), Denied> {
        let text = self.buffer.get(self.released - self.at..end.saturating_sub(self.at)).unwrap_or_default().to_owned();
        if self.repair.rejoins(&self.context, &text, &[], self.released) {
            return Err(Denied { up_to: self.released, reasons: vec![rejoined()] });
        }
        self.repair.pass(&text);
        self.hand_out(&text, end.max(self.released));
        Ok(())
    }

    /// Hands out what was written for the text up to `end`.
    fn hand_out(&mut self, written: &str, end: usize) {
        self.ready.push_str(written);
        self.context.push_str(written);
        self.released = end;
    }

    /// Drops what nobody is shown any more.
    fn trim(&mut self) {
        let before = Panel::of(self.engine.generation(), &self.event).before();
        let context = self.context.floor_char_boundary(self.context.len().saturating_sub(before));
        self.context.drain(..context);
        let buffered = self.buffer.floor_char_boundary((self.released - self.at).saturating_sub(before));
        self.buffer.drain(..buffered);
        self.at += buffered;
    }

    /// Judges the text as a whole event is, for guards that are shown whole texts.
    async fn judge_whole(&mut self) -> Outcome {
        let text = std::mem::take(&mut self.buffer);
        let mut event = self.event.clone();
        if let Some(whole) = event.body.plain_text_mut() {
            *whole = text;
        }
        let engine = self.engine;
        let outcome = check::check(engine.generation(), &engine.registry, &event, check::Explain::No).await;
        if outcome.verdict <= Verdict::Modify {
            self.ready = match &outcome.repaired {
                Some(Repaired::Text(text)) => text.clone(),
                _ => event.body.plain_text_mut().map(std::mem::take).unwrap_or_default(),
            };
        }
        outcome
    }

    /// Makes the decision of what was judged piece by piece.
    fn conclude(&mut self) {
        self.reasons.append(&mut self.skipped);
        let outcome = Outcome {
            verdict: self.verdict,
            reasons: std::mem::take(&mut self.reasons),
            findings: std::mem::take(&mut self.findings).into_iter().map(|found| found.finding).collect(),
            repaired: None,
            tool: None,
            explanations: check::Explanations::default(),
        };
        self.record(outcome);
    }

    /// Records the decision; no text goes on that is not recorded.
    fn record(&mut self, outcome: Outcome) {
        let verdict = outcome.verdict;
        let decision = self.engine.decided(&self.event, Outcome { repaired: None, ..outcome }, self.spent).decision;
        if decision.verdict != verdict {
            self.ready.clear();
        }
        self.buffer = String::new();
        self.at = self.released;
        self.decision = Some(decision);
    }
}

/// A stream cannot wait for a person.
const fn as_in_a_stream(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Escalate => Verdict::Deny,
        other => other,
    }
}

fn rejoined() -> Reason {
    cannot_redact("what was left after a repair came together to what was found".to_owned())
}

fn starts_before(found: &Found, end: usize) -> bool {
    found.finding.span.is_none_or(|span| (span.start as usize) < end)
}

fn cannot_redact(message: String) -> Reason {
    Reason { code: ReasonCode::CannotRedact, policy: None, guard: None, message }
}

impl std::fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("released", &self.released).field("held", &self.held()).finish_non_exhaustive()
    }
}

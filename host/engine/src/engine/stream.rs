//! [`Stream`]: a text that is judged and released while it is written.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use super::{
    Engine,
    inspection::{Inspection, MAX_HELD},
    panel::{Panel, Window},
};
use crate::{
    bundle::PastLimit,
    decision::{Decision, Finding, Reason, ReasonCode, Verdict},
    event::{Body, Event, Note},
    guard::{About, Asked},
    judge::{Coverage, Evaluation, Facts, Findings, Flows, Request, Subject},
    text::{Found, GRID, RunningRepair},
};

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
/// A guard that states no reach is shown the whole text at its end: nothing is released before.
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
        let buffer = match &mut event.body {
            Body::Input { text, .. } | Body::Output { text } | Body::Note(Note::Reasoning { text }) => {
                std::mem::take(text)
            }
            _ => return Err(NoStream),
        };
        Ok(Stream {
            engine: self,
            event,
            buffer,
            at: 0,
            released: 0,
            ready: String::new(),
            context: String::new(),
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
        let advanced = self.released_all(is_end).await;
        self.spent += started.elapsed();
        match advanced {
            Ok(()) if is_end => self.conclude(),
            Ok(()) => {}
            Err(Denied { up_to, reasons }) => {
                self.emit_to(up_to);
                (self.verdict, self.reasons) = (Verdict::Deny, reasons);
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
            if !more_after {
                return Ok(());
            }
            if to == end || window > MAX_HELD {
                return self.within_limit();
            }
            // Where nothing is settled in a full window, more of the text may show why.
            window = if progress { GRID } else { window + GRID };
        }
    }

    /// Whether no more is held than may be; else what the bundle says happens.
    fn within_limit(&mut self) -> Result<(), Denied> {
        if self.held() <= MAX_HELD {
            return Ok(());
        }
        if self.engine.generation().past_limit() == PastLimit::Release {
            self.coverage.uninspected = true;
            self.judge(self.released)?;
            self.emit_to(self.end());
            return Ok(());
        }
        let message = format!("expected guards to settle within {MAX_HELD} bytes of a stream, found more left open");
        let reason = Reason { code: ReasonCode::TooLarge, policy: None, guard: None, message };
        Err(Denied { up_to: self.released, reasons: vec![reason] })
    }

    /// Shows guards what is held up to `to`, releases what is settled, and says whether that is anything.
    async fn step(&mut self, to: usize, more_after: bool) -> Result<bool, Denied> {
        let generation = self.engine.generation();
        let (whole, pieces) = Panel::of(generation, &self.event).parted(&self.event);
        if !whole.is_empty() && more_after {
            return Ok(false);
        }
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
        let mut read = seen.read.contains(&true);
        inspection.add(seen);
        if !whole.is_empty() {
            // Nothing was released, so that this is the whole text.
            let seen = whole.look_at(&asked, window).await;
            read |= seen.read.contains(&true);
            inspection.add(seen);
        }
        let uninspected = inspection.coverage.uninspected || !read;
        let coverage = Coverage {
            uninspected: self.coverage.uninspected || uninspected,
            skipped: self.coverage.skipped || inspection.coverage.skipped,
        };
        for reason in inspection.skipped {
            if !self.skipped.contains(&reason) {
                self.skipped.push(reason);
            }
        }
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
        let progress = settled > self.released;
        let mut found = found.into_iter().peekable();
        // Findings about the text as a whole come first.
        for found in std::iter::from_fn(|| found.next_if(|found| found.finding.span.is_none())) {
            self.meet(&found, self.released)?;
        }
        for cluster in clusters {
            let end = cluster.end.min(to);
            let (mut repaired, left) = (None, self.left.len());
            while let Some(found) = found.next_if(|found| starts_before(found, end)) {
                repaired = self.meet(&found, cluster.start)?.or(repaired);
            }
            self.release(cluster.start..end, repaired.map(|first| (first, left)), to, more_after).await?;
        }
        self.emit_to(settled.max(self.released));
        Ok(progress)
    }

    /// Judges one more finding. The evaluation, if it asks for the finding's repair.
    ///
    /// Where that is a deny, the stream ends at `at`.
    fn meet(&mut self, found: &Found, at: usize) -> Result<Option<Evaluation>, Denied> {
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
        if evaluation.verdict() == Verdict::Modify
            && !self.findings.iter().any(|found| redact.contains(&found.finding.category))
        {
            let message = "a policy asks for a repair, and nothing was found that could be repaired";
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

    /// Releases the text up to the end of a cluster. What was repaired in it is inspected once more, as it goes on, and
    /// judged with what was left before it: the first evaluation that asked for a repair, and how many findings that were.
    async fn release(
        &mut self,
        cluster: Range<usize>,
        repaired: Option<(Evaluation, usize)>,
        to: usize,
        more_after: bool,
    ) -> Result<(), Denied> {
        // What stands before it was found to be as it may.
        self.emit_to(cluster.start);
        let Some((first, left)) = repaired else {
            self.emit_to(cluster.end);
            return Ok(());
        };
        let text = self.buffer.get(cluster.start - self.at..cluster.end - self.at).unwrap_or_default();
        let written = self.repair.rewrite(text, cluster.start).unwrap_or_else(|| text.to_owned());
        let again = self.again(&written, cluster.end, to, more_after).await;
        let left = self.left.get(..left).unwrap_or_default();
        let fits = again.and_then(|findings| first.after_repair(&self.evaluation(left.iter().chain(&findings))));
        fits.map_err(|reasons| Denied { up_to: cluster.start, reasons })?;
        self.hand_out(&written, cluster.end);
        Ok(())
    }

    /// What guards find in a piece as it was written anew, which stood up to `end`, between what was released and what is
    /// held behind it.
    async fn again(&self, written: &str, end: usize, to: usize, more_after: bool) -> Result<Vec<Finding>, Vec<Reason>> {
        let generation = self.engine.generation();
        let panel = Panel::of(generation, &self.event);
        let behind = self.buffer.get(end - self.at..to - self.at).unwrap_or_default();
        let behind = behind.get(..behind.floor_char_boundary(panel.ahead())).unwrap_or_default();
        let text = [&self.context, written, behind].concat();
        let about = About::default();
        let asked = Asked { event: &self.event, trusted: generation.trusts(&self.event.body), about: &about };
        let at = self.released.saturating_sub(self.context.len());
        let from = at + self.context.len();
        let more_after = more_after || end + behind.len() < to;
        let window =
            Window { path: "", media_type: "text/plain", text: &text, at, from, to: at + text.len(), more_after };
        let mut inspection = Inspection::new();
        inspection.add(panel.look_at(&asked, window).await);
        if !inspection.failed.is_empty() {
            return Err(inspection.failed);
        }
        let within = from..from + written.len();
        let findings = inspection.findings.into_iter().map(|found| found.finding);
        Ok(findings.filter(|finding| finding.span.is_none_or(|span| within.contains(&(span.start as usize)))).collect())
    }

    /// Releases the text up to `end`, repaired.
    fn emit_to(&mut self, end: usize) {
        let Some(text) = self.buffer.get(self.released - self.at..end.saturating_sub(self.at)) else { return };
        let written = self.repair.rewrite(text, self.released).unwrap_or_else(|| text.to_owned());
        self.hand_out(&written, end);
    }

    /// Hands out what was written for the text up to `end`.
    fn hand_out(&mut self, written: &str, end: usize) {
        self.ready.push_str(written);
        self.context.push_str(written);
        self.released = end;
        let before = Panel::of(self.engine.generation(), &self.event).before();
        let drop_to = |text: &str, keep: usize| text.floor_char_boundary(text.len().saturating_sub(keep));
        let context = drop_to(&self.context, before);
        self.context.drain(..context);
        let buffered = self.buffer.floor_char_boundary((self.released - self.at).saturating_sub(before));
        self.buffer.drain(..buffered);
        self.at += buffered;
    }

    /// Makes the decision and records it.
    fn conclude(&mut self) {
        self.reasons.append(&mut self.skipped);
        let outcome = super::check::Outcome {
            verdict: self.verdict,
            reasons: std::mem::take(&mut self.reasons),
            findings: std::mem::take(&mut self.findings).into_iter().map(|found| found.finding).collect(),
            repaired: None,
            tool: None,
            explanations: super::check::Explanations::default(),
        };
        let decision = self.engine.decided(&self.event, outcome, self.spent).decision;
        if decision.verdict != self.verdict {
            // It could not be recorded, so nothing more goes on.
            self.ready.clear();
        }
        self.buffer = String::new();
        self.at = self.released;
        self.decision = Some(decision);
    }
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

//! [`Stream`]: a text that is judged and released while it is written.
//!
//! Here is what is shown to guards when, and what is settled; `judging` meets what they find, `release` hands out text, `turn`
//! begins and ends it in its session.

mod judging;
mod release;
mod turn;

pub(crate) use judging::MAX_FINDINGS;

use std::time::{Duration, Instant};

use super::{
    Engine,
    basis::Basis,
    inspection::{Inspection, MAX_HELD},
    panel::{Panel, Window},
    turn::{Answer, Attended},
};
use crate::{
    bundle::PastLimit,
    decision::{Decision, Finding, Reason, ReasonCode, Verdict},
    event::Event,
    guard::{About, Asked},
    judge::Coverage,
    text::{Found, GRID, Mark, RunningRepair},
};

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
    /// Its session, once it is begun.
    attended: Option<Attended>,
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
    /// The guards that are shown whole texts, unless they were given up because more was held than may be.
    whole: Panel<'e>,
    /// The guards that may be shown pieces.
    pieces: Panel<'e>,
    repair: RunningRepair,
    /// What was found so far, and what of it was left as it is.
    findings: Vec<Found>,
    left: Vec<Finding>,
    /// What there was before the findings were met that are being looked at once more.
    begun: Option<Begun>,
    coverage: Coverage,
    skipped: Vec<Reason>,
    verdict: Verdict,
    reasons: Vec<Reason>,
    spent: Duration,
    basis: Basis,
    /// What it is given in the end, once that is made.
    answer: Option<Answer>,
    /// The decision, once its record is as safe as it has to be.
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

/// What a stream was before it met some findings.
struct Begun {
    repair: Mark,
    findings: usize,
    left: usize,
}

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
        let (whole, pieces) = Panel::of(&self.generation, &event).parted(&event);
        Ok(Stream {
            engine: self,
            event,
            attended: None,
            buffer,
            at: 0,
            released: 0,
            ready: String::new(),
            context: String::new(),
            asked: 0,
            whole,
            pieces,
            repair: RunningRepair::default(),
            findings: Vec::new(),
            left: Vec::new(),
            begun: None,
            coverage: Coverage { uninspected: false, skipped: false },
            skipped: Vec::new(),
            verdict: Verdict::Allow,
            reasons: Vec::new(),
            spent: Duration::ZERO,
            basis: Basis::default(),
            answer: None,
            decision: None,
        })
    }
}

impl Stream<'_> {
    /// Takes the next chunk. After the stream is over, nothing is taken.
    pub fn push(&mut self, chunk: &str) {
        if self.answer.is_none() {
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
        if self.answer.is_some() {
            return self.deliver().await;
        }
        let started = Instant::now();
        let begun = self.begin();
        let stopped = || self.turn(self.attended.as_ref()?).stopped();
        if let Some(reason) = begun.err().or_else(stopped) {
            // Nor does that go on which was released and not fetched.
            self.ready.clear();
            return self.end_for(vec![reason]).await;
        }
        if is_end && !self.whole.is_empty() {
            let answer = self.judge_whole().await;
            self.spent += started.elapsed();
            return self.give(answer).await;
        }
        let advanced = self.released_all(is_end).await;
        self.spent += started.elapsed();
        match advanced {
            Ok(()) if is_end => self.conclude().await,
            Ok(()) => {}
            Err(Denied { up_to, reasons }) => {
                // Where even that cannot be, the stream ends where it is.
                let _ = self.emit_to(up_to);
                self.end_for(reasons).await;
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
            if !self.whole.is_empty() {
                // The others can still say what is settled.
                self.whole = Panel::none();
                return Ok(());
            }
            let end = self.end();
            return self.emit_to(end);
        }
        let message = format!("expected guards to settle within {MAX_HELD} bytes of a stream, found more left open");
        Err(Denied { up_to: self.released, reasons: vec![Reason::of(ReasonCode::TooLarge, message)] })
    }

    /// Shows guards what is held up to `to`, releases what is settled, and says whether that is anything.
    async fn step(&mut self, to: usize, more_after: bool) -> Result<bool, Denied> {
        if !self.whole.is_empty() {
            return Ok(false);
        }
        // A dropped future may have left something undone.
        self.undo();
        let about = About::default();
        let asked = self.asked(&about);
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
        let seen = self.pieces.look_at(&asked, window).await;
        let mut settled = if more_after { seen.settled.first().copied().unwrap_or(to).min(to) } else { to };
        let read = seen.read.contains(&true);
        inspection.add(seen);
        let uninspected = inspection.coverage.uninspected || !read;
        let coverage = Coverage {
            uninspected: self.coverage.uninspected || uninspected,
            skipped: self.coverage.skipped || inspection.coverage.skipped,
        };
        self.basis.took(&inspection.spent);
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
            let left = self.left.len();
            self.begun = Some(Begun { repair: self.repair.mark(), findings: self.findings.len(), left });
            let mut first = None;
            while let Some(found) = found.next_if(|found| starts_before(found, end)) {
                first = self.meet(&found, cluster.start)?.or(first);
            }
            if !self.release(cluster.start..end, first, left, to, more_after).await? {
                // Guards are not sure yet of what stands there now: with more of the text, all of it is done again.
                self.undo();
                return Ok(self.released > before);
            }
            self.begun = None;
        }
        self.emit_to(settled.max(self.released))?;
        Ok(self.released > before)
    }

    /// Goes back to what there was before findings were met that could not be dealt with yet.
    fn undo(&mut self) {
        if let Some(Begun { repair, findings, left }) = self.begun.take() {
            self.repair.back_to(repair);
            self.findings.truncate(findings);
            self.left.truncate(left);
        }
    }

    /// What guards are asked about.
    fn asked<'a>(&'a self, about: &'a About) -> Asked<'a> {
        Asked { event: &self.event, trusted: self.engine.generation().trusts(&self.event.body), about }
    }

    /// Drops what nobody is shown any more.
    fn trim(&mut self) {
        let before = self.pieces.before();
        let context = self.context.floor_char_boundary(self.context.len().saturating_sub(before));
        self.context.drain(..context);
        let buffered = self.buffer.floor_char_boundary((self.released - self.at).saturating_sub(before));
        self.buffer.drain(..buffered);
        self.at += buffered;
    }
}

fn starts_before(found: &Found, end: usize) -> bool {
    found.finding.span.is_none_or(|span| (span.start as usize) < end)
}

impl std::fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("released", &self.released).field("held", &self.held()).finish_non_exhaustive()
    }
}

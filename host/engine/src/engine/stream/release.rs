//! What goes on of a stream: as it is, or repaired and looked at once more.

use std::ops::Range;

use super::{Denied, Stream};
use crate::{
    decision::{Finding, Reason},
    engine::{check::cannot_redact, inspection::Inspection},
    guard::About,
    judge::Evaluation,
    text::{Excerpt, Piece, Written},
};

impl Stream<'_> {
    /// Releases the text up to the end of a cluster, and says whether that was possible. What was repaired in it is inspected
    /// once more, as it goes on, and judged with the findings that were left before it: the first `left`.
    pub(super) async fn release(
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
        let Some(written) = self.repair.rewrite(&text, cluster.start) else {
            self.emit_to(cluster.end)?;
            return Ok(true);
        };
        if self.repair.rejoins(&self.context, &written, cluster.start) {
            return Err(denied(vec![rejoined()]));
        }
        let first = first.unwrap_or_else(|| self.evaluation(self.findings.iter().map(|found| &found.finding)));
        let Some(findings) = self.again(&written.text, cluster.end, to, more_after).await.map_err(denied)? else {
            return Ok(false);
        };
        let left = self.left.get(..left).unwrap_or_default();
        first.after_repair(&self.evaluation(left.iter().chain(&findings))).map_err(denied)?;
        self.hand_out(&written.text, cluster.end);
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
        let panel = &self.pieces;
        let behind = self.buffer.get(end - self.at..to - self.at).unwrap_or_default();
        let behind = behind.get(..behind.floor_char_boundary(panel.ahead())).unwrap_or_default();
        let more_after = more_after || end + behind.len() < to;
        let text = [&self.context, written, behind].concat();
        let about = About::default();
        let asked = self.asked(&about);
        // Guards are told that more stands before, if it does.
        let at = usize::from(self.released > self.context.len());
        let piece = Piece { path: "", media_type: "text/plain", body: &text, at, more_after };
        let seen = panel.look(&asked, &Excerpt::new(vec![piece], panel.views())).await;
        let within = at + self.context.len()..at + self.context.len() + written.len();
        let is_sure = !more_after || seen.settled.first().is_some_and(|settled| *settled > within.end);
        let mut inspection = Inspection::new();
        inspection.add(seen);
        self.basis.took(&inspection.spent);
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

    pub(super) fn skip(&mut self, skipped: Vec<Reason>) {
        self.coverage.skipped |= !skipped.is_empty();
        Reason::add_new(&mut self.skipped, skipped);
    }

    /// Releases the text up to `end` as it is.
    pub(super) fn emit_to(&mut self, end: usize) -> Result<(), Denied> {
        let text = self.buffer.get(self.released - self.at..end.saturating_sub(self.at)).unwrap_or_default();
        let kept = Written::kept(text.to_owned());
        if self.repair.rejoins(&self.context, &kept, self.released) {
            return Err(Denied { up_to: self.released, reasons: vec![rejoined()] });
        }
        self.repair.pass(&kept.text);
        self.hand_out(&kept.text, end.max(self.released));
        Ok(())
    }

    /// Hands out what was written for the text up to `end`.
    fn hand_out(&mut self, written: &str, end: usize) {
        self.ready.push_str(written);
        self.context.push_str(written);
        self.released = end;
    }
}

fn rejoined() -> Reason {
    cannot_redact("what was left after a repair came together to what was found")
}

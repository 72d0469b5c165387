//! What follows from what is found in a stream, one finding after the other.

use std::collections::BTreeMap;

use super::{Denied, Stream};
use crate::{
    decision::{Finding, Reason, ReasonCode, Verdict},
    engine::check::{NOTHING_TO_REPAIR, cannot_redact},
    event::Event,
    judge::{Evaluation, Facts, Findings, Flows, Request, Session, Subject},
    text::Found,
    tools::ToolProfile,
};

/// The most findings in a stream. Each is judged with all before it.
pub(crate) const MAX_FINDINGS: usize = 4_096;

/// Why what a policy asks for too late is not done.
const TOO_LATE: &str = "a policy asks for the repair of what stands further on in the stream, or went on";

impl Stream<'_> {
    /// Judges one more finding. The evaluation, if it asks for the finding's repair.
    ///
    /// Where that is a deny, the stream ends at `at`.
    pub(super) fn meet(&mut self, found: &Found, at: usize) -> Result<Option<Evaluation>, Denied> {
        if self.findings.len() == MAX_FINDINGS {
            let message = format!("expected at most {MAX_FINDINGS} findings in a stream, found more");
            return Err(Denied { up_to: at, reasons: vec![Reason::of(ReasonCode::TooLarge, message)] });
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
    pub(super) fn judge(&mut self, up_to: usize) -> Result<Evaluation, Denied> {
        let evaluation = self.evaluation(self.findings.iter().map(|found| &found.finding));
        let reasons = evaluation.reasons();
        if evaluation.verdict() > Verdict::Modify {
            return Err(Denied { up_to, reasons });
        }
        let redact = evaluation.redact();
        let is_asked = |finding: &Finding| redact.contains(&finding.category);
        if self.left.iter().any(is_asked) {
            return Err(Denied { up_to, reasons: vec![cannot_redact(TOO_LATE)] });
        }
        let is_found = self.findings.iter().any(|found| is_asked(&found.finding));
        if evaluation.verdict() == Verdict::Modify && !is_found {
            return Err(Denied { up_to, reasons: vec![cannot_redact(NOTHING_TO_REPAIR)] });
        }
        self.verdict = self.verdict.max(evaluation.verdict());
        Reason::add_new(&mut self.reasons, reasons);
        Ok(evaluation)
    }

    pub(super) fn evaluation<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> Evaluation {
        self.evaluate(&self.facts(&self.session(), findings))
    }

    /// What is known of the stream in a session that is this, with these findings.
    pub(super) fn facts<'f>(&self, session: &Session, findings: impl IntoIterator<Item = &'f Finding>) -> Facts {
        let facts = Facts::new(Findings::tally(findings), self.coverage, Flows::EMPTY);
        Facts { session: session.clone(), ..facts }
    }

    pub(super) fn evaluate(&self, facts: &Facts) -> Evaluation {
        let Event { agent, user, body, .. } = &self.event;
        let from = BTreeMap::new();
        let subject = Subject::of(body, ToolProfile::unknown(), None, &from);
        self.engine.generation().judge().evaluate(&Request { agent, user: user.as_ref(), subject, facts })
    }
}

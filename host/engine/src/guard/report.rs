//! A guard's report, held against the contract before anything uses it.

use std::{collections::BTreeSet, ops::Range};

use super::{
    Found,
    shown::{Shown, ShownText},
};
use crate::{
    decision::{Attribute, Category, Confidence, Finding, PseudonymClass, Repair, Severity, Span},
    sandbox::{self, Failure, FailureCause, Limits, MESSAGE, Report},
    text::tame,
};

/// Bytes of a rule's name, and of an attribute's key.
const NAME: usize = 128;
/// Attributes of one finding.
const ATTRIBUTES: usize = 16;

/// What a report comes to.
pub(super) struct Held {
    pub(super) findings: Vec<Found>,
    /// The settled offsets as the guard gave them.
    pub(super) settled: Vec<u32>,
}

/// A report, held against the contract; or why it is refused. One breach refuses the whole report: a guard that gets one
/// thing wrong may have missed another.
pub(super) fn held(
    report: Report,
    guard: &str,
    categories: &BTreeSet<Category>,
    limits: &Limits,
    shown: &Shown<'_>,
) -> Result<Held, Failure> {
    if report.findings.len() > limits.findings {
        return Err(refused(format!("expected at most {} findings, found {}", limits.findings, report.findings.len())));
    }
    are_settled(&report.settled, shown)?;
    let mut findings: Vec<Found> = Vec::with_capacity(report.findings.len());
    let mut reported: Vec<_> = report.findings.into_iter().map(|finding| (finding.part, finding)).collect();
    // Views stand behind the originals: what one shows a second time is told by the first.
    reported.sort_by_key(|(part, _)| *part);
    for (_, finding) in reported {
        let found = found(finding, guard, categories, shown)?;
        if !findings.iter().any(|earlier| earlier.tells(&found)) {
            findings.push(found);
        }
    }
    Ok(Held { findings, settled: report.settled })
}

/// One settled offset for each text that goes on, or none at all.
fn are_settled(settled: &[u32], shown: &Shown<'_>) -> Result<(), Failure> {
    if settled.is_empty() {
        return Ok(());
    }
    let open: Vec<_> = shown.texts().iter().filter(|text| text.more_after).collect();
    if settled.len() != open.len() {
        let found = settled.len();
        return Err(refused(match open.len() {
            0 => format!("expected no settled offsets, found {found}"),
            expected => format!("expected {expected} settled offsets or none, found {found}"),
        }));
    }
    for (offset, text) in settled.iter().zip(open) {
        if !text.body.is_char_boundary(*offset as usize) {
            let (path, len) = (shown.piece(text).path, text.body.len());
            return Err(refused(format!(
                "expected a settled offset between characters of the {len} bytes of part `{path}`, found {offset}"
            )));
        }
    }
    Ok(())
}

fn found(
    finding: sandbox::Finding,
    guard: &str,
    categories: &BTreeSet<Category>,
    shown: &Shown<'_>,
) -> Result<Found, Failure> {
    let category =
        categories.iter().find(|category| category.as_str() == finding.category).cloned().ok_or_else(|| {
            refused("expected a category of the guard's description, found another".to_owned()).said(&finding.category)
        })?;
    let severity = Severity::try_from(finding.severity).map_err(|error| refused(error.to_string()))?;
    let confidence = Confidence::try_from(finding.confidence).map_err(|error| refused(error.to_string()))?;
    let text = match finding.part {
        None => None,
        Some(index) => {
            let texts = shown.texts();
            let text = usize::try_from(index).ok().and_then(|index| texts.get(index));
            Some(text.ok_or_else(|| refused(format!("expected one of {} parts, found part {index}", texts.len())))?)
        }
    };
    let (span, decoded) = match (finding.span, text) {
        (None, None) if shown.is_cut() => {
            return Err(refused("expected a part in each finding about pieces of a text, found none".to_owned()));
        }
        (None, None) => (None, None),
        (Some(_), None) => return Err(refused("expected a part with a span, found none".to_owned())),
        (span, Some(text)) => place(span, text, shown)?,
    };
    let repair = match finding.repair {
        sandbox::Repair::Mask => Repair::Mask,
        sandbox::Repair::Remove => Repair::Remove,
        sandbox::Repair::Pseudonym(class) => {
            let known = class.parse::<PseudonymClass>();
            Repair::Pseudonym(
                known.map_err(|error| refused(format!("expected {}, found another", error.expected())).said(&class))?,
            )
        }
    };
    if finding.attributes.len() > ATTRIBUTES {
        return Err(refused(format!("expected at most {ATTRIBUTES} attributes, found {}", finding.attributes.len())));
    }
    let attribute = |attribute: sandbox::AttributeResult| Attribute {
        key: tame(&attribute.key, NAME),
        value: tame(&attribute.value, MESSAGE),
    };
    let finding = Finding {
        guard: guard.to_owned(),
        rule: tame(&finding.rule, NAME),
        category,
        severity,
        confidence,
        message: tame(&finding.message, MESSAGE),
        path: text.map(|text| shown.piece(text).path.to_owned()),
        span,
        repair,
        attributes: finding.attributes.into_iter().map(attribute).collect(),
    };
    Ok(Found { finding, decoded })
}

/// Where in the original a finding lies, and what it says decoded if it was found in a view.
fn place(
    span: Option<sandbox::Span>,
    text: &ShownText<'_>,
    shown: &Shown<'_>,
) -> Result<(Option<Span>, Option<String>), Failure> {
    let piece = shown.piece(text);
    let span = match span {
        None if piece.is_cut() => {
            return Err(refused(format!(
                "expected a span in part `{}`, which the guard sees a piece of, found none",
                piece.path
            )));
        }
        None if text.view.is_none() => return Ok((None, None)),
        None => 0..text.body.len(),
        Some(span) => span_of(span, text, piece.path)?,
    };
    let decoded = text.view.and_then(|_| text.body.get(span.clone())).map(str::to_owned);
    let original = shown.original(text, span);
    let offset = |offset| u32::try_from(offset).map_err(|_| refused("expected a span below 4 GiB".to_owned()));
    Ok((Some(Span { start: offset(original.start)?, end: offset(original.end)? }), decoded))
}

fn span_of(span: sandbox::Span, text: &ShownText<'_>, path: &str) -> Result<Range<usize>, Failure> {
    let (start, end) = (span.start as usize, span.end as usize);
    let body = text.body;
    if start < end && end <= body.len() && body.is_char_boundary(start) && body.is_char_boundary(end) {
        return Ok(start..end);
    }
    Err(refused(format!(
        "expected a span of whole characters inside the {} bytes of part `{path}`, found {start}..{end}",
        body.len(),
    )))
}

fn refused(detail: String) -> Failure {
    Failure::new(FailureCause::Report, detail)
}

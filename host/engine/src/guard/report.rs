//! A guard's report, held against the contract before anything uses it.

use std::collections::BTreeSet;

use crate::{
    decision::{Attribute, Category, Confidence, Finding, PseudonymClass, Repair, Severity, Span},
    sandbox::{self, Failure, FailureCause, Limits, MESSAGE, Report},
    text::{Part, tame},
};

/// Bytes of a rule's name, and of an attribute's key.
const NAME: usize = 128;
/// Attributes of one finding.
const ATTRIBUTES: usize = 16;

/// The findings of a report, or why it is refused. One breach refuses the whole report: a guard that gets one thing
/// wrong may have missed another.
pub(super) fn checked(
    report: Report,
    guard: &str,
    categories: &BTreeSet<Category>,
    limits: &Limits,
    parts: &[&Part<'_>],
) -> Result<Vec<Finding>, Failure> {
    if report.findings.len() > limits.findings {
        return Err(refused(format!("expected at most {} findings, found {}", limits.findings, report.findings.len())));
    }
    // No part of this version's checks has `more-after`.
    if !report.settled.is_empty() {
        return Err(refused(format!("expected no settled offsets, found {}", report.settled.len())));
    }
    report.findings.into_iter().map(|finding| finding_of(finding, guard, categories, parts)).collect()
}

fn finding_of(
    finding: sandbox::Finding,
    guard: &str,
    categories: &BTreeSet<Category>,
    parts: &[&Part<'_>],
) -> Result<Finding, Failure> {
    let category =
        categories.iter().find(|category| category.as_str() == finding.category).cloned().ok_or_else(|| {
            refused("expected a category of the guard's description, found another".to_owned()).said(&finding.category)
        })?;
    let severity = Severity::try_from(finding.severity).map_err(|error| refused(error.to_string()))?;
    let confidence = Confidence::try_from(finding.confidence).map_err(|error| refused(error.to_string()))?;
    let part = match finding.part {
        None => None,
        Some(index) => {
            let part = usize::try_from(index).ok().and_then(|index| parts.get(index)).copied();
            Some(part.ok_or_else(|| refused(format!("expected one of {} parts, found part {index}", parts.len())))?)
        }
    };
    let span = match (finding.span, part) {
        (None, _) => None,
        (Some(_), None) => return Err(refused("expected a part with a span, found none".to_owned())),
        (Some(span), Some(part)) => Some(span_of(span, part)?),
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
    Ok(Finding {
        guard: guard.to_owned(),
        rule: tame(&finding.rule, NAME),
        category,
        severity,
        confidence,
        message: tame(&finding.message, MESSAGE),
        path: part.map(|part| part.path.clone()),
        span,
        repair,
        attributes: finding.attributes.into_iter().map(attribute).collect(),
    })
}

fn span_of(span: sandbox::Span, part: &Part<'_>) -> Result<Span, Failure> {
    let (start, end) = (span.start as usize, span.end as usize);
    let body = part.body;
    if start < end && end <= body.len() && body.is_char_boundary(start) && body.is_char_boundary(end) {
        return Ok(Span { start: span.start, end: span.end });
    }
    Err(refused(format!(
        "expected a span of whole characters inside the {} bytes of part `{}`, found {start}..{end}",
        body.len(),
        part.path
    )))
}

fn refused(detail: String) -> Failure {
    Failure::new(FailureCause::Report, detail)
}

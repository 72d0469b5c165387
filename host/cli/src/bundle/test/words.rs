//! A difference in words. What tests, guards and policies wrote is tamed before it reaches a terminal or a report.

use guardhouse::{
    bundle::ExpectedFinding,
    json::Value,
    rehearsal::{Difference, MissingReason, Outcome},
    text::tame,
};

use crate::pretty::{Seen, Why};

/// Bytes of a value that are shown.
const SHOWN: usize = 160;
/// Bytes that are shown before the place where two texts part.
const BEFORE: usize = 24;
/// Entries of one list that are shown.
const ENTRIES: usize = 20;

/// What is not as expected, one line each.
pub(super) fn lines(outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for difference in &outcome.differences {
        match difference {
            Difference::Before { event, reason } => lines.push(format!("before/{event}: {}", Why(reason))),
            Difference::Verdict { expected, found } => {
                lines.push(format!("verdict: expected {expected}, found {found}"));
                let reasons = &outcome.decision.reasons;
                lines.extend(reasons.iter().take(ENTRIES).map(|reason| format!("  because {}", Why(reason))));
            }
            Difference::Reasons { missing, unexpected } => {
                lists(&mut lines, "reasons", missing.iter().map(name), unexpected.iter().map(|it| Why(it).to_string()));
            }
            Difference::Findings { missing, unexpected } => {
                let missing = missing.iter().map(ExpectedFinding::to_value).map(|it| tame(&it.to_string(), SHOWN));
                lists(&mut lines, "findings", missing, unexpected.iter().map(|it| Seen(it).to_string()));
            }
            Difference::Payload { at, expected, found } => {
                let at = tame(at.trim_start_matches('/'), SHOWN);
                let (expected, found) = (expected.as_ref(), found.as_ref());
                lines.push(format!("{at}: expected {}", value(expected, found)));
                lines.push(format!("{at}: found    {}", value(found, expected)));
            }
        }
    }
    lines
}

/// One line for each entry that is missing or unexpected.
fn lists(
    lines: &mut Vec<String>,
    what: &str,
    missing: impl Iterator<Item = String>,
    unexpected: impl Iterator<Item = String>,
) {
    lines.extend(missing.take(ENTRIES).map(|entry| format!("{what}: missing    {entry}")));
    lines.extend(unexpected.take(ENTRIES).map(|entry| format!("{what}: unexpected {entry}")));
}

/// The name of a missing reason, and whether there is no such thing.
fn name(missing: &MissingReason) -> String {
    let name = tame(&missing.reason.to_string(), SHOWN);
    match &missing.unknown {
        None => name,
        Some(unknown) => match &unknown.nearest {
            None => format!("{name} (the bundle has no such forbid)"),
            Some(nearest) => format!("{name} (the bundle has no such forbid; did you mean `{nearest}`?)"),
        },
    }
}

/// A value, of a long text that part in which it differs from `other`.
fn value(value: Option<&Value>, other: Option<&Value>) -> String {
    let Some(value) = value else { return "nothing".to_owned() };
    match (value, other) {
        (Value::String(text), Some(Value::String(other))) => {
            let same = text.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
            let start = text.floor_char_boundary(same.saturating_sub(BEFORE));
            let rest = text.get(start..).unwrap_or_default();
            let cut = if start > 0 { "…" } else { "" };
            // As JSON, in which the difference between a blank and a line's end shows.
            tame(&format!("{cut}{}", Value::from(rest)), SHOWN)
        }
        _ => tame(&value.to_string(), SHOWN),
    }
}

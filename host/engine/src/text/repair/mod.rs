//! [`repair()`]: an event without what was found in it.
//!
//! The host writes every replacement itself, out of a fixed form and a name of few characters ([`Category`],
//! [`PseudonymClass`]), and forwards the event written anew, never bytes of the original with pieces cut out.
//!
//! [`Category`]: crate::decision::Category
//! [`PseudonymClass`]: crate::decision::PseudonymClass

mod error;
mod needles;
mod placeholders;
mod regions;
mod running;
mod sought;
mod spellings;
#[cfg(test)]
mod tests;
mod written;

pub use error::CannotRedact;
pub(crate) use running::{Mark, RunningRepair};
pub(crate) use written::Written;

use self::needles::Hit;
use self::placeholders::{Pseudonyms, mask};
use self::sought::Sought;
use super::Found;
use super::parts::parts;
use super::walk::{Leaf, walk};
use crate::decision::{Finding, Repair, Severity};
use crate::event::{Body, Event, Note};
use crate::json::{self, Value};

/// A found text of at least so many bytes is repaired wherever it stands; a shorter one at its own span, and where it
/// is the whole of a string.
pub const MIN_SOUGHT_BYTES: usize = 4;

/// How many bytes the found texts of one repair may have together, each spelling of each counted. Some forty bytes of
/// memory go with each.
pub const MAX_SOUGHT_BYTES: usize = 1 << 20;

/// The event with all of `findings` repaired.
///
/// * [`Repair::Mask`] writes `[redacted:<category>]`, [`Repair::Pseudonym`] `<CLASS_1>`, [`Repair::Remove`] nothing.
/// * Pseudonyms are numbered by class, in the order in which they first stand in this event, and equal for equal text.
///   A number that stands in the original already is passed over.
/// * Repairs that overlap or touch become one repair of their union. Removing is stronger than a mask, a mask stronger
///   than a pseudonym; among masks, the one of the severest finding gives the category, then the first in `findings`.
/// * A finding with a path and no span covers its whole part.
///
/// # The law
///
/// Let a finding's text be what its span covers. After a repair,
///
/// 1. its span is gone from its part, and
/// 2. if its text has at least [`MIN_SOUGHT_BYTES`], no string of the event holds it any more, be it as it is or as
///    JSON writes it inside a string, and no [view](super::Views) of one does, other than within a replacement (a mask of
///    category `secret` holds `redacted`);
/// 3. if its text is shorter, no string of the event is equal to it: a text so short stands in others by chance, and a
///    repair that cut every `12` out of an answer would destroy it without hiding anything.
///
/// A string that is a JSON array or object stays one. Where all that cannot be had by rewriting text (it stands in a key, a
/// number, a tool's name, in encodings nested too deep), the answer is [`CannotRedact`]. Not looked at are the names in the
/// event's envelope (agent, session, user, tool, call), which are the host's and reach no reader of the repaired text, and
/// the member names that MCP gives content blocks.
///
/// The spans must be those of the [`parts()`] of this very event. Takes time in proportion to the event and the
/// findings' texts, but for sorting.
///
/// # Errors
///
/// If one of the findings cannot be repaired, or one of their texts also stands where it cannot be rewritten.
pub fn repair(event: &Event, findings: &[&Finding]) -> Result<Event, CannotRedact> {
    repair_chosen(event, findings.iter().map(|finding| Chosen { finding, decoded: None, text: None }).collect())
}

/// The same with what findings say decoded, which is then sought as well.
///
/// # Errors
///
/// As [`repair()`].
pub(crate) fn repair_found(event: &Event, found: &[&Found]) -> Result<Event, CannotRedact> {
    repair_chosen(event, found.iter().copied().map(Chosen::from).collect())
}

/// A finding that is to be repaired.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<'f> {
    /// The finding.
    pub(crate) finding: &'f Finding,
    /// What it says decoded, if it was found in a view.
    pub(crate) decoded: Option<&'f str>,
    /// What it covers, if that is in another form of the event: it is then sought wherever it stands, and the finding's path
    /// and span say nothing. For texts of at least [`MIN_SOUGHT_BYTES`]: a shorter one has no place of its own here.
    pub(crate) text: Option<&'f str>,
}

impl<'f> From<&'f Found> for Chosen<'f> {
    fn from(found: &'f Found) -> Self {
        Self { finding: &found.finding, decoded: found.decoded.as_deref(), text: None }
    }
}

/// The event with all of these repaired.
///
/// # Errors
///
/// As [`repair()`].
pub(crate) fn repair_chosen(event: &Event, mut order: Vec<Chosen<'_>>) -> Result<Event, CannotRedact> {
    let parts = parts(event)?.parts;
    if order.is_empty() {
        return Ok(event.clone());
    }
    by_strength(&mut order);
    let sought = Sought::new(&parts, &order)?;
    let mut writer = Writer { order, pseudonyms: Pseudonyms::default() };
    for part in &parts {
        writer.pseudonyms.avoid(part.body);
    }
    let mut rewritten = Vec::new();
    walk(&event.body, &mut |path: &str, leaf| {
        let hits = |text| sought.hits(text).ok_or_else(|| CannotRedact::Encoded { path: path.to_owned() });
        match leaf {
            Leaf::Text { body, .. } => {
                let regions = sought.regions(path, body, hits(body)?);
                if !regions.is_empty() {
                    let text = writer.rewrite(body, &regions, &sought);
                    let text = text.ok_or_else(|| CannotRedact::Rejoined { path: path.to_owned() })?;
                    rewritten.push((path.to_owned(), text));
                }
            }
            Leaf::Name(name) if !sought.regions(path, name, hits(name)?).is_empty() => {
                return Err(CannotRedact::Name { path: path.to_owned() });
            }
            // The path of the member would show the key.
            Leaf::Key(key) if sought.is_short(key) || !hits(key)?.is_empty() => {
                return Err(CannotRedact::Name { path: parent(path).to_owned() });
            }
            Leaf::Number(number) if sought.is_in(number.as_str()) || sought.is_in(&number.canonical()) => {
                return Err(CannotRedact::NotText { path: path.to_owned() });
            }
            Leaf::Fixed(text) if sought.is_short(text) || !hits(text)?.is_empty() => {
                return Err(CannotRedact::NotText { path: path.to_owned() });
            }
            Leaf::Name(_) | Leaf::Key(_) | Leaf::Number(_) | Leaf::Fixed(_) | Leaf::Opaque => {}
        }
        Ok(())
    })?;
    let mut repaired = event.clone();
    for (path, text) in rewritten {
        *text_at(&mut repaired.body, &path).ok_or(CannotRedact::Part { path, count: 0 })? = text;
    }
    Ok(repaired)
}

/// Puts the finding that decides first. A finding's index in this order is its rank.
fn by_strength(findings: &mut [Chosen<'_>]) {
    // Stable, so that equals keep their order.
    findings.sort_by_key(|chosen| std::cmp::Reverse(strength(chosen.finding)));
}

/// How strong a finding's repair is: by its class, then by how bad it is.
fn strength(finding: &Finding) -> (u8, Severity) {
    let class = match finding.repair {
        Repair::Remove => 2,
        Repair::Mask => 1,
        Repair::Pseudonym(_) => 0,
    };
    (class, finding.severity)
}

/// Writes texts anew.
struct Writer<'f> {
    order: Vec<Chosen<'f>>,
    pseudonyms: Pseudonyms,
}

impl Writer<'_> {
    /// `body` with `regions` replaced; `None` if the result holds outside of a replacement what was sought.
    fn rewrite(&mut self, body: &str, regions: &[Hit], sought: &Sought<'_>) -> Option<String> {
        let written = Written::new(body, regions, |_, text, rank| {
            let chosen = self.order.get(rank as usize);
            chosen.map(|chosen| replacement(chosen.finding, text, &mut self.pseudonyms)).unwrap_or_default()
        });
        // Cutting a text out can bring its two sides together to what was sought, and so can a replacement with what
        // stands beside it.
        let hits = sought.hits(&written.text)?;
        let is_clean = hits.iter().all(|hit| written.replaces(hit.start..hit.end)) && !sought.is_short(&written.text);
        // What was JSON in a string stays JSON: its reader parses it.
        (is_clean && (!is_json(body) || is_json(&written.text))).then_some(written.text)
    }
}

/// What is written in the place of `text` for a finding.
fn replacement(finding: &Finding, text: &str, pseudonyms: &mut Pseudonyms) -> String {
    match &finding.repair {
        Repair::Mask => mask(&finding.category),
        Repair::Pseudonym(class) => pseudonyms.of(class, text),
        Repair::Remove => String::new(),
    }
}

/// Whether a text is a JSON array or object, as a tool's answer often is.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && json::parse(text.as_bytes()).is_ok()
}

/// The path without its last token.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The text at the path of a part.
fn text_at<'e>(body: &'e mut Body, path: &str) -> Option<&'e mut String> {
    let value = match body {
        Body::Input { .. } | Body::Output { .. } | Body::Note(Note::Reasoning { .. }) => return body.plain_text_mut(),
        Body::Note(Note::Error { text } | Note::Retry { text }) => return text.as_mut(),
        Body::Note(Note::Usage(_)) => return None,
        Body::ToolDefinition { definition: object, .. } | Body::ToolCall { arguments: object, .. } => {
            object.pointer_mut(path)
        }
        Body::ToolResult { result, .. } => {
            if let Some(rest) = path.strip_prefix("/structured") {
                result.structured.as_mut()?.pointer_mut(rest)
            } else {
                let rest = path.strip_prefix("/content/")?;
                let (index, rest) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
                result.content.get_mut(index.parse::<usize>().ok()?)?.pointer_mut(rest)
            }
        }
    };
    match value? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

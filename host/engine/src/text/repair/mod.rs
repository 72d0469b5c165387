//! [`repair`]: an event without what was found in it.
//!
//! The host writes every replacement itself, out of a fixed form and a name of few characters ([`Category`],
//! [`PseudonymClass`]), and forwards the event written anew, never bytes of the original with pieces cut out.
//!
//! # The law
//!
//! Let a finding's text be what its span covers. After a repair,
//!
//! 1. its span is gone from its part, and
//! 2. if its text has at least [`MIN_SOUGHT_BYTES`], no string of the event holds it any more, as it is or in one of its
//!    [`spellings`], other than within a replacement (a mask of category `secret` holds `redacted` and `secret`);
//! 3. if its text is shorter, no string of the event is equal to it: a text so short stands in others by chance, and a
//!    repair that cut every `12` out of an answer would destroy it without hiding anything.
//!
//! Where that cannot be had by rewriting text (it stands in a key, a number, a tool's name, in base64), the answer is
//! [`CannotRedact`]. The names in the event's envelope (agent, session, user, tool, call) are not looked at: they are
//! the host's, and no reader of the repaired text gets them from there.
//!
//! [`Category`]: crate::decision::Category
//! [`PseudonymClass`]: crate::decision::PseudonymClass

mod needles;
mod placeholders;
mod regions;
mod spellings;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use self::needles::{Found, Needles};
use self::placeholders::{Pseudonyms, mask};
use super::parts::{Part, TooLarge, parts};
use super::walk::{Leaf, walk};
use crate::decision::{Finding, Repair, Span};
use crate::event::{Body, Event, Note};
use crate::json::{Value, quote};

/// A found text of at least so many bytes is repaired wherever it stands; a shorter one at its own span, and where it is
/// the whole of a string.
pub const MIN_SOUGHT_BYTES: usize = 4;

/// How many bytes the found texts of one repair may have together, each spelling of each counted. Some forty bytes of
/// memory go with each.
pub const MAX_SOUGHT_BYTES: usize = 1 << 20;

/// Why an event cannot be repaired. The messages say where, and never what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotRedact {
    /// A finding is about the event as a whole, so there is nothing to cut out.
    #[error("expected a finding in a part, found one about the event as a whole (rule {})", quote(rule))]
    Whole {
        /// The guard's rule.
        rule: String,
    },
    /// A finding names a part that the event does not have, or has twice.
    #[error("expected one part at {}, found {count}", quote(path))]
    Part {
        /// The path.
        path: String,
        /// How many parts have it.
        count: usize,
    },
    /// A finding's span covers nothing, or not whole characters of its part.
    #[error("expected a span of characters at {}, found bytes {} to {}", quote(path), span.start, span.end)]
    Span {
        /// The part's path.
        path: String,
        /// The span.
        span: Span,
    },
    /// It stands in a key or a name, which something else goes by.
    #[error("expected text at {}, found a name, which cannot be rewritten", quote(path))]
    Name {
        /// Where; for a key, the object's path.
        path: String,
    },
    /// It stands in a number, or in characters that are not text.
    #[error("expected text at {}, found a number or encoded data, which cannot be rewritten", quote(path))]
    NotText {
        /// Where.
        path: String,
    },
    /// What was left after the repair came together to what was found.
    #[error("expected the repair of {} to leave nothing of it, found it again in what is left", quote(path))]
    Rejoined {
        /// Where.
        path: String,
    },
    /// There is too much to be sought.
    #[error("expected at most {MAX_SOUGHT_BYTES} bytes of found text, found more")]
    TooMuch,
    /// There is more text than one check takes.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// The event with all of `findings` repaired, by the law that the [module](self) states.
///
/// * [`Repair::Mask`] writes `[redacted:<category>]`, [`Repair::Pseudonym`] `<CLASS_1>`, [`Repair::Remove`] nothing.
/// * Pseudonyms are numbered by class, in the order in which they first stand in this event, and equal for equal text.
///   A number that stands in the original already is passed over.
/// * Repairs that overlap or touch become one repair of their union. Removing is stronger than a mask, a mask stronger
///   than a pseudonym; among masks, the one of the severest finding gives the category, then the first in `findings`.
/// * A finding with a path and no span covers its whole part.
///
/// The spans must be those of the [`parts`] of this very event. Takes time in proportion to the event and the findings'
/// texts, but for sorting.
///
/// # Errors
///
/// If one of the findings cannot be repaired, or one of their texts also stands where it cannot be rewritten.
pub fn repair(event: &Event, findings: &[&Finding]) -> Result<Event, CannotRedact> {
    let parts = parts(event)?.parts;
    let order = by_strength(findings);
    let sought = Sought::new(&parts, &order)?;
    let mut writer = Writer { order, pseudonyms: Pseudonyms::default() };
    for part in &parts {
        writer.pseudonyms.avoid(part.body);
    }
    let mut rewritten = Vec::new();
    walk(&event.body, &mut |path: &str, leaf| {
        match leaf {
            Leaf::Text { body, .. } => {
                let regions = sought.regions(path, body);
                if !regions.is_empty() {
                    let text = writer.rewrite(body, &regions, &sought);
                    rewritten
                        .push((path.to_owned(), text.ok_or_else(|| CannotRedact::Rejoined { path: path.to_owned() })?));
                }
            }
            Leaf::Name(name) if !sought.regions(path, name).is_empty() => {
                return Err(CannotRedact::Name { path: path.to_owned() });
            }
            // The path of the member would show the key.
            Leaf::Key(key) if sought.stands_in(key) => {
                return Err(CannotRedact::Name { path: parent(path).to_owned() });
            }
            Leaf::Number(number) if sought.stands_in(number.as_str()) || sought.stands_in(&number.canonical()) => {
                return Err(CannotRedact::NotText { path: path.to_owned() });
            }
            Leaf::Fixed(text) if sought.stands_in(text) => {
                return Err(CannotRedact::NotText { path: path.to_owned() });
            }
            Leaf::Name(_) | Leaf::Key(_) | Leaf::Number(_) | Leaf::Fixed(_) | Leaf::Opaque => {}
        }
        Ok(())
    })?;
    let mut repaired = event.clone();
    for (path, text) in rewritten {
        *text_at(&mut repaired.body, &path).ok_or_else(|| CannotRedact::Part { path, count: 0 })? = text;
    }
    Ok(repaired)
}

/// The findings, the one that decides first. A finding's index in this order is its rank.
fn by_strength<'f>(findings: &[&'f Finding]) -> Vec<&'f Finding> {
    let strength = |finding: &Finding| match finding.repair {
        Repair::Remove => 2,
        Repair::Mask => 1,
        Repair::Pseudonym(_) => 0,
    };
    let mut order = findings.to_vec();
    // Stable, so that equals keep their order.
    order.sort_by_key(|finding| std::cmp::Reverse((strength(finding), finding.severity)));
    order
}

/// What is to be sought, by the ranks of the findings it comes from.
struct Sought<'e> {
    /// Texts that are sought in every string.
    needles: Needles,
    /// Short texts, which are compared with every string.
    short: HashMap<&'e str, u32>,
    /// The spans of short texts, by path.
    spans: HashMap<&'e str, Vec<Found>>,
}

impl<'e> Sought<'e> {
    /// Finds the text of each finding.
    fn new(parts: &'e [Part<'e>], order: &[&'e Finding]) -> Result<Self, CannotRedact> {
        let mut by_path: HashMap<&str, (&Part<'_>, usize)> = HashMap::new();
        for part in parts {
            by_path.entry(&part.path).or_insert((part, 0)).1 += 1;
        }
        // Many findings of one text, as of a name in a long list, are one text to seek.
        let mut texts: HashMap<Cow<'e, str>, u32> = HashMap::new();
        let mut bytes = 0;
        let mut seek = |text: Cow<'e, str>, rank: u32| {
            if let Some(best) = texts.get_mut(&text) {
                *best = rank.min(*best);
                return Ok(());
            }
            bytes += text.len();
            if bytes > MAX_SOUGHT_BYTES {
                return Err(CannotRedact::TooMuch);
            }
            texts.insert(text, rank);
            Ok(())
        };
        let mut short: HashMap<&str, u32> = HashMap::new();
        let mut spans: HashMap<&str, Vec<Found>> = HashMap::new();
        for (rank, finding) in (0_u32..).zip(order) {
            let Some(path) = &finding.path else { return Err(CannotRedact::Whole { rule: finding.rule.clone() }) };
            let part = match by_path.get(path.as_str()) {
                Some((part, 1)) => *part,
                other => {
                    let count = other.map_or(0, |(_, count)| *count);
                    return Err(CannotRedact::Part { path: path.clone(), count });
                }
            };
            if part.is_key {
                return Err(CannotRedact::Name { path: path.clone() });
            }
            let (range, text) = covered(part, finding.span)?;
            if text.len() < MIN_SOUGHT_BYTES {
                let best = short.entry(text).or_insert(rank);
                *best = rank.min(*best);
                spans.entry(&part.path).or_default().push(Found { start: range.start, end: range.end, rank });
                continue;
            }
            seek(Cow::Borrowed(text), rank)?;
            for spelling in spellings::spellings(text) {
                if spelling.len() >= MIN_SOUGHT_BYTES {
                    seek(Cow::Owned(spelling), rank)?;
                }
            }
        }
        let needles = Needles::new(texts.iter().map(|(text, rank)| (text.as_ref(), *rank)));
        Ok(Self { needles, short, spans })
    }

    /// What is to be replaced in the text at `path`.
    fn regions(&self, path: &str, body: &str) -> Vec<Found> {
        let mut found: Vec<_> = self.needles.find(body).collect();
        found.extend_from_slice(self.spans.get(path).map_or(&[], Vec::as_slice));
        found.extend(self.short.get(body).map(|rank| Found { start: 0, end: body.len(), rank: *rank }));
        regions::merge(found)
    }

    /// Whether anything sought stands in `text`, which cannot be rewritten.
    fn stands_in(&self, text: &str) -> bool {
        self.short.contains_key(text) || self.needles.any_in(text)
    }
}

/// What `span` covers of `part`: where, and the text.
fn covered<'e>(part: &Part<'e>, span: Option<Span>) -> Result<(Range<usize>, &'e str), CannotRedact> {
    let len = u32::try_from(part.body.len()).unwrap_or(u32::MAX);
    let span = span.unwrap_or(Span { start: 0, end: len });
    let range = span.start as usize..span.end as usize;
    match part.body.get(range.clone()) {
        Some(text) if !text.is_empty() => Ok((range, text)),
        _ => Err(CannotRedact::Span { path: part.path.clone(), span }),
    }
}

/// Writes texts anew.
struct Writer<'f> {
    order: Vec<&'f Finding>,
    pseudonyms: Pseudonyms,
}

impl Writer<'_> {
    /// `body` with `regions` replaced; `None` if the result holds outside of a replacement what was sought.
    fn rewrite(&mut self, body: &str, regions: &[Found], sought: &Sought<'_>) -> Option<String> {
        let mut text = String::with_capacity(body.len());
        let mut written = Vec::with_capacity(regions.len());
        let mut kept = 0;
        for region in regions {
            text.push_str(body.get(kept..region.start)?);
            let start = text.len();
            text.push_str(&self.replacement(body.get(region.start..region.end)?, region.rank)?);
            written.push(start..text.len());
            kept = region.end;
        }
        text.push_str(body.get(kept..)?);
        // Cutting a text out can bring its two sides together to what was sought, and so can a replacement with what
        // stands beside it.
        let mut replacements = written.iter().peekable();
        for found in sought.needles.find(&text) {
            while replacements.next_if(|replacement| replacement.end < found.end).is_some() {}
            if replacements.peek().is_none_or(|replacement| found.start < replacement.start) {
                return None;
            }
        }
        (!sought.short.contains_key(text.as_str())).then_some(text)
    }

    /// What is written in the place of `text` for the finding of that rank.
    fn replacement(&mut self, text: &str, rank: u32) -> Option<String> {
        let finding = self.order.get(rank as usize)?;
        Some(match &finding.repair {
            Repair::Mask => mask(&finding.category),
            Repair::Pseudonym(class) => self.pseudonyms.of(class, text),
            Repair::Remove => String::new(),
        })
    }
}

/// The path without its last token.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The text at the path of a part.
fn text_at<'e>(body: &'e mut Body, path: &str) -> Option<&'e mut String> {
    let value = match body {
        Body::Input { text, .. } | Body::Output { text } | Body::Note(Note::Reasoning { text }) => return Some(text),
        Body::Note(Note::Error { text } | Note::Retry { text }) => return text.as_mut(),
        Body::Note(Note::Usage(_)) => return None,
        Body::ToolDefinition { definition: object, .. } | Body::ToolCall { arguments: object, .. } => {
            object.pointer_mut(path)
        }
        Body::ToolResult { result, .. } => match path.strip_prefix("/structured") {
            Some(rest) => result.structured.as_mut()?.pointer_mut(rest),
            None => {
                let rest = path.strip_prefix("/content/")?;
                let len = rest.find('/').unwrap_or(rest.len());
                let (index, rest) = rest.split_at_checked(len)?;
                result.content.get_mut(index.parse::<usize>().ok()?)?.pointer_mut(rest)
            }
        },
    };
    match value? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

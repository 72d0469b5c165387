//! [`Content`]: what a record carries of its event beside names and digests, if its bundle has that recorded.
//!
//! A decision's record then ends with the member `content`, one of
//!
//! * `{"as":"redacted","event":{…}}`: the event without anything that a guard found in it, whatever policies ask for;
//! * `{"as":"encrypted","age":"<base64>"}`: the event's JSON in a binary age file;
//! * `{"as":"withheld","why":"…"}`: nothing, since the event could not be redacted for sure, is too long, or is a stream.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;

use super::{
    Grounds, JournalError, Mended, Record,
    sealed::{self, Identities, Unopened},
};
use crate::{
    bundle::AuditContent,
    decision::Decision,
    event::{Event, EventError},
    json::{MAX_DEPTH, Object, Value},
    text::{self, CannotRedact, Chosen, Found, MIN_SOUGHT_BYTES, TooLarge},
};

/// How deep an event stands in its record.
const DEPTH: usize = 2;

/// What a record carries of its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The event without anything that a guard found in it.
    Redacted(Object),
    /// A binary age file with the event's JSON.
    Encrypted(Vec<u8>),
    /// Nothing.
    Withheld {
        /// Why.
        why: String,
    },
}

/// The content of a record is not as it should be, or cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ContentError {
    /// The record says something else.
    #[error("record {n}: expected content as a journal has it, found something else")]
    Form {
        /// The record's number.
        n: u64,
    },
    /// There is none.
    #[error("expected content, found that it was withheld: {why}")]
    Withheld {
        /// Why.
        why: String,
    },
    /// It is encrypted, and nothing was given to open it with.
    #[error("expected an identity to open encrypted content with, found none")]
    Unopened,
    /// It is encrypted to others.
    #[error("expected the identity of one of the content's recipients, found none that opens it")]
    ToOthers,
    /// It is not what was encrypted.
    #[error("expected content as it was encrypted, found that it is damaged")]
    Damaged,
    /// It is no event.
    #[error("expected an event in the content: {0}")]
    Event(#[from] EventError),
}

impl Content {
    /// What a record carries; `None` if it carries nothing, as all do whose bundle does not ask for it.
    ///
    /// # Errors
    /// When its member `content` is none that a journal writes.
    pub fn of(record: &Record) -> Result<Option<Self>, ContentError> {
        let Some(content) = record.members.get("content") else { return Ok(None) };
        Self::read(content).map(Some).ok_or(ContentError::Form { n: record.n })
    }

    fn read(content: &Value) -> Option<Self> {
        let content = content.as_object()?;
        match content.get("as")?.as_str()? {
            "redacted" => Some(Self::Redacted(content.get("event")?.as_object()?.clone())),
            "encrypted" => Some(Self::Encrypted(STANDARD.decode(content.get("age")?.as_str()?).ok()?)),
            "withheld" => Some(Self::Withheld { why: content.get("why")?.as_str()?.to_owned() }),
            _ => None,
        }
    }

    /// The event, whole or redacted. It takes less memory than the record, which [is bounded](super::Records).
    ///
    /// # Errors
    /// When there is none, none of `identities` opens it, or what comes out is no event.
    pub fn event(&self, identities: &Identities) -> Result<Event, ContentError> {
        match self {
            Self::Redacted(event) => Ok(Event::from_value(event.clone().into())?),
            Self::Encrypted(_) if identities.is_empty() => Err(ContentError::Unopened),
            Self::Encrypted(sealed) => {
                let opened = sealed::open(sealed, identities).map_err(|error| match error {
                    Unopened::ToOthers => ContentError::ToOthers,
                    Unopened::Damaged => ContentError::Damaged,
                })?;
                Ok(Event::from_json(&opened)?)
            }
            Self::Withheld { why } => Err(ContentError::Withheld { why: why.clone() }),
        }
    }
}

/// What the record of a decision is to carry, as JSON of at most `room` bytes; `None` if it is to carry nothing.
///
/// # Errors
/// When the event cannot be encrypted.
pub(super) fn written(
    event: &Event,
    decision: &Decision,
    grounds: &Grounds<'_>,
    asked: &AuditContent,
    room: usize,
) -> Result<Option<String>, JournalError> {
    let content = match asked {
        AuditContent::None => return Ok(None),
        _ if grounds.streamed.is_some() => withheld("a stream's text is not kept"),
        AuditContent::Redacted => match redacted(event, decision, grounds) {
            Ok(event) => format!(r#"{{"as":"redacted","event":{event}}}"#),
            Err(why) => withheld(why),
        },
        AuditContent::Encrypted(recipients) => {
            let sealed = sealed::seal(event.to_string().as_bytes(), recipients).ok_or(JournalError::Unsealed)?;
            format!(r#"{{"as":"encrypted","age":"{}"}}"#, STANDARD.encode(sealed))
        }
    };
    let found = content.len();
    Ok(Some(if found > room {
        withheld(&format!("expected at most {room} bytes of content, found {found}"))
    } else {
        content
    }))
}

fn withheld(why: &str) -> String {
    let mut object = Object::new();
    object.insert("as", "withheld");
    object.insert("why", why);
    object.to_string()
}

/// The event without anything that a guard found in it, or in what was left of it after a policy's repair. The error says why
/// that cannot be had, and nothing of what was found.
fn redacted(event: &Event, decision: &Decision, grounds: &Grounds<'_>) -> Result<Value, &'static str> {
    if !grounds.is_inspected || decision.findings.len() != grounds.decoded.len() {
        return Err("guards did not look at all of it, so what is to be redacted is not known");
    }
    let with_decoded = decision.findings.iter().zip(grounds.decoded);
    let mut chosen: Vec<Chosen<'_>> =
        with_decoded.map(|(finding, decoded)| Chosen { finding, decoded: decoded.as_deref(), text: None }).collect();
    if let (Some(left), Some(Mended { found, .. })) = (grounds.left, &grounds.repaired) {
        chosen.extend(found_in_left(event, left, found)?);
    }
    let redacted = text::repair_chosen(event, chosen).map_err(|error| unredacted(&error))?.to_value();
    if redacted.depth() + DEPTH > MAX_DEPTH {
        return Err("it nests too deep to stand in a record");
    }
    Ok(redacted)
}

/// What guards found in what was left of an event after a repair, as it is to be sought in the event itself. Where something
/// stands there that does not stand in the event, its place in that is not known.
fn found_in_left<'f>(event: &Event, left: &'f Event, found: &'f [Found]) -> Result<Vec<Chosen<'f>>, &'static str> {
    let too_large = |error: TooLarge| unredacted(&error.into());
    let (original, left) = (text::parts(event).map_err(too_large)?, text::parts(left).map_err(too_large)?);
    let (original, left) = (by_path(&original.parts), by_path(&left.parts));
    let mut chosen = Vec::with_capacity(found.len());
    for Found { finding, decoded } in found {
        let decoded = decoded.as_deref();
        // A whole part, or the event as a whole: that stands where it stood.
        let (Some(path), Some(span)) = (&finding.path, finding.span) else {
            chosen.push(Chosen { finding, decoded, text: None });
            continue;
        };
        let text = left.get(path.as_str()).copied().flatten();
        let text = text.and_then(|body| body.get(span.start as usize..span.end as usize));
        let before = original.get(path.as_str()).copied().flatten();
        match (text, before) {
            (Some(text), Some(before)) if text.len() >= MIN_SOUGHT_BYTES && is_in(text, before) => {
                chosen.push(Chosen { finding, decoded, text: Some(text) });
            }
            _ => return Err("a guard found something in what a repair left that does not stand in the event"),
        }
    }
    Ok(chosen)
}

/// Why an event cannot be redacted, without the path that the error has: a key in it may be what was found.
const fn unredacted(error: &CannotRedact) -> &'static str {
    match error {
        CannotRedact::Whole { .. } => "a guard found something in the event as a whole",
        CannotRedact::Name { .. } => "what was found stands in a key or a name",
        CannotRedact::NotText { .. } => "what was found stands in a number or in encoded data",
        CannotRedact::Encoded { .. } => "what was found may stand in encodings that cannot be looked through",
        CannotRedact::TooMuch | CannotRedact::TooLarge(_) => "there is too much to be redacted",
        CannotRedact::Part { .. } | CannotRedact::Span { .. } | CannotRedact::Rejoined { .. } => {
            "what was found cannot be cut out for sure"
        }
    }
}

/// The bodies of parts by their paths; `None` for a path that two have.
fn by_path<'p, 'e>(parts: &'p [text::Part<'e>]) -> HashMap<&'p str, Option<&'e str>> {
    let mut bodies = HashMap::with_capacity(parts.len());
    for part in parts {
        bodies.entry(part.path.as_str()).and_modify(|body| *body = None).or_insert(Some(part.body));
    }
    bodies
}

fn is_in(text: &str, body: &str) -> bool {
    memchr::memmem::find(body.as_bytes(), text.as_bytes()).is_some()
}

//! `[audit]`: what a record carries of its event, and how soon the disk has it.
//!
//! ```toml
//! [audit]
//! sync_within = "50ms"       # the default, from "1ms" to "10s"; or
//! sync = "each"              # every record, before its decision is answered
//! content = "none"           # the default; or "redacted", or "encrypted", which needs
//! recipients = ["age1…"]     # public keys of age, at most 16
//! keep = "90d"               # from "1h" on; where it is not said, all is kept
//! ```
//!
//! `content` and `recipients` belong to the bundle's digest: they change what a record says, and whoever reads one has to be
//! able to tell whether content should be in it, and for whom. How it is synced and how long it is kept change nothing that is decided
//! or written, so they are no part of it.

use std::{ops::Range, time::Duration};

use toml_span::Value as Toml;

use super::{
    fields::{Fields, Source},
    units,
};
use crate::{
    journal::Recipient,
    json::{Object, Value},
};

/// The least and the most time that a record may wait for the disk.
const SYNC: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(10));

/// The least time that records are kept: a slip of a unit must not take away everything.
const KEEP: Duration = Duration::from_hours(1);

/// The most recipients. Each costs every event a key agreement.
const MAX_RECIPIENTS: usize = 16;

/// How decisions are recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// How soon the disk has a record.
    pub durability: Durability,
    /// What a record carries of its event.
    pub content: AuditContent,
    /// For how long a record is kept at least; `None`: for good.
    pub keep: Option<Duration>,
}

/// How soon the disk has a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Within this time.
    Within(Duration),
    /// Before its decision is answered.
    Each,
}

/// 50 ms: what a power cut may take is little, and the disk is asked no more than twenty times a second.
impl Default for Durability {
    fn default() -> Self {
        Self::Within(Duration::from_millis(50))
    }
}

/// What a record carries of its event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AuditContent {
    /// Nothing.
    #[default]
    None,
    /// The event without everything that a guard found in it.
    Redacted,
    /// The whole event, which each of these can open, and nobody else. At least one, none twice.
    Encrypted(Vec<Recipient>),
}

impl AuditContent {
    /// The same for the bundle's digest; `None` for the default.
    pub(crate) fn normalised(&self) -> Option<Value> {
        let mut object = Object::new();
        match self {
            Self::None => return None,
            Self::Redacted => object.insert("content", "redacted"),
            Self::Encrypted(recipients) => {
                let mut recipients: Vec<String> = recipients.iter().map(ToString::to_string).collect();
                recipients.sort_unstable();
                object.insert("content", "encrypted");
                object.insert("recipients", recipients.into_iter().map(Value::from).collect::<Vec<_>>())
            }
        };
        Some(object.into())
    }
}

/// Reads the section.
pub(super) fn read<'s>(source: &mut Source<'s>, value: Option<Toml<'s>>) -> Audit {
    let Some(mut value) = value else { return Audit::default() };
    let at = Range::from(value.span);
    let Some(mut fields) = source.as_table("audit", &mut value, at) else { return Audit::default() };
    let audit = Audit {
        durability: read_durability(source, &mut fields),
        content: read_content(source, &mut fields),
        keep: read_keep(source, &mut fields),
    };
    fields.finish(source);
    audit
}

fn read_durability<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>) -> Durability {
    let within = fields.parsed(source, "sync_within", "a time such as `\"50ms\"`", units::time);
    let each = fields.parsed(source, "sync", "`each`, or a time as `sync_within`", |text| {
        (text == "each").then_some(Durability::Each)
    });
    if let Some(within) = &within
        && !(SYNC.0..=SYNC.1).contains(&within.value)
    {
        let message = format!("field `sync_within`: expected {:?} to {:?}, found {:?}", SYNC.0, SYNC.1, within.value);
        source.error(within.at.clone(), message);
    }
    match (within, each) {
        (Some(_), Some(each)) => {
            source.error(each.at, "field `sync`: expected it or `sync_within`, found both");
            Durability::Each
        }
        (Some(within), None) => Durability::Within(within.value),
        (None, Some(each)) => each.value,
        (None, None) => Durability::default(),
    }
}

fn read_keep<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>) -> Option<Duration> {
    let keep = fields.parsed(source, "keep", "a time such as `\"90d\"`", units::time)?;
    if keep.value < KEEP {
        source.error(keep.at, format!("field `keep`: expected 1h or more, found {:?}", keep.value));
    }
    Some(keep.value)
}

fn read_content<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>) -> AuditContent {
    let is_said = fields.has("content");
    let content = fields.parsed(source, "content", "`none`, `redacted` or `encrypted`", |text| match text {
        "none" => Some(AuditContent::None),
        "redacted" => Some(AuditContent::Redacted),
        "encrypted" => Some(AuditContent::Encrypted(Vec::new())),
        _ => None,
    });
    let has_recipients = fields.has("recipients");
    let listed = fields.strings(source, "recipients");
    let (content, at) = match content {
        Some(content) => (content.value, content.at),
        // What is said of it is wrong, so whether recipients belong beside it is not known.
        None if is_said => return AuditContent::None,
        None => (AuditContent::None, 0..0),
    };
    if !matches!(content, AuditContent::Encrypted(_)) {
        if let Some(listed) = listed {
            let message = "field `recipients`: expected none, since content is not encrypted; found some";
            source.error_with_help(listed.at, message, "say `content = \"encrypted\"`, or remove them");
        }
        return content;
    }
    if !has_recipients {
        let message = "field `content`: expected `recipients` beside `encrypted`, found none: nobody could open it";
        source.error(at, message);
    }
    let mut recipients: Vec<Recipient> = Vec::new();
    let Some(listed) = listed else { return AuditContent::Encrypted(recipients) };
    if listed.value.is_empty() || listed.value.len() > MAX_RECIPIENTS {
        let found = listed.value.len();
        source
            .error(listed.at, format!("field `recipients`: expected 1 to {MAX_RECIPIENTS} recipients, found {found}"));
        return AuditContent::Encrypted(recipients);
    }
    for word in listed.value {
        match word.value.parse::<Recipient>() {
            Ok(recipient) if recipients.contains(&recipient) => {
                let message = format!("field `recipients`: expected each recipient once, found `{recipient}` again");
                source.error(word.at, message);
            }
            Ok(recipient) => recipients.push(recipient),
            // What stands here may be a secret key by mistake, so it is not repeated.
            Err(error) => source.error(word.at, format!("field `recipients`: {error}")),
        }
    }
    AuditContent::Encrypted(recipients)
}

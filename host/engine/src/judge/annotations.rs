//! What a policy's annotations say.

use std::collections::BTreeSet;
use std::ops::Range;

use cedar_policy::{Effect, Policy};

use super::fault::Fault;
use super::policy::Strength;
use super::source::Statement;
use crate::decision::Category;

/// A policy's annotations, read.
#[derive(Debug)]
pub(super) struct Annotations {
    /// `@id`, if it is one.
    pub(super) id: Option<String>,
    /// `@verdict`; deny for a forbid without one. Without meaning for a permit.
    pub(super) strength: Strength,
    /// `@redact`: at least one category if `strength` is modify, else none.
    pub(super) redact: BTreeSet<Category>,
    /// `@message`, else `@why`.
    pub(super) message: Option<String>,
}

/// The longest `@id`, in bytes.
const MAX_ID: usize = 128;

/// Reads a policy's annotations, and says what is wrong with them and where.
pub(super) fn annotations(
    policy: &Policy,
    statement: &Statement<'_>,
    declared: &BTreeSet<Category>,
) -> (Annotations, Vec<(Range<usize>, Fault)>) {
    let mut faults = Vec::new();
    let mut note = |key: &str, fault| faults.push((statement.place_of(key), fault));
    for (key, _) in policy.annotations().filter(|(key, _)| !Fault::ANNOTATIONS.contains(key)) {
        note(key, Fault::UnknownAnnotation { found: key.to_owned() });
    }
    let said = |key| policy.annotation(key).filter(|text| !text.is_empty()).map(str::to_owned);

    let id = match policy.annotation("id") {
        None => Err(Fault::MissingId),
        Some(id) if is_name(id) => Ok(id.to_owned()),
        Some(id) => Err(Fault::InvalidId { found: id.to_owned() }),
    };
    let id = id.map_err(|fault| note("id", fault)).ok();

    let permit = policy.effect() == Effect::Permit;
    let strength = match policy.annotation("verdict") {
        Some(_) if permit => Err(Fault::VerdictOnPermit),
        Some("warn") => Ok(Strength::Warn),
        Some("modify") => Ok(Strength::Modify),
        Some("escalate") => Ok(Strength::Escalate),
        Some("deny") | None => Ok(Strength::Deny),
        Some(found) => Err(Fault::UnknownVerdict { found: found.to_owned() }),
    };
    let strength = strength.map_err(|fault| note("verdict", fault));

    let mut redact = BTreeSet::new();
    match (policy.annotation("redact"), &strength) {
        // Whether `@redact` fits a `@verdict` that is none cannot be said.
        (_, Err(())) | (None, Ok(Strength::Warn | Strength::Escalate | Strength::Deny)) => {}
        (None, Ok(Strength::Modify)) => note("verdict", Fault::ModifyWithoutRedact),
        (Some(_), Ok(Strength::Warn | Strength::Escalate | Strength::Deny)) => {
            note("redact", Fault::RedactWithoutModify);
        }
        (Some(list), Ok(Strength::Modify)) => {
            for name in list.split(',').map(str::trim) {
                match declared.iter().find(|category| category.as_str() == name) {
                    Some(category) => {
                        redact.insert(category.clone());
                    }
                    None if name.is_empty() => note("redact", Fault::EmptyRedact { found: list.to_owned() }),
                    None => {
                        let fault = Fault::UndeclaredCategory { found: name.to_owned(), declared: declared.clone() };
                        note("redact", fault);
                    }
                }
            }
        }
    }
    if permit && said("why").is_none() {
        note("why", Fault::PermitWithoutWhy);
    }
    let message = said("message").or_else(|| said("why"));
    // A `@verdict` that is none does not load; deny is what it is validated as.
    (Annotations { id, strength: strength.unwrap_or(Strength::Deny), redact, message }, faults)
}

/// Whether a text can be an `@id`. Without `:`, so that `<file>:<@id>` can be taken apart at its last.
pub(super) fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(plain)
}

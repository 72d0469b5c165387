//! What a schema says that a value is for.
//!
//! | keyword | role | source |
//! | --- | --- | --- |
//! | `x-guardhouse-role`: `destination`, `payload`, `selector`, `code` | that one | ours; any other word says nothing |
//! | `format`: `email`, `idn-email` | destination | JSON Schema 2020-12 Validation, section 7.3.2 |
//! | `format`: `hostname`, `idn-hostname` | destination | section 7.3.3 |
//! | `format`: `ipv4`, `ipv6` | destination | section 7.3.4 |
//! | `format`: `uri`, `uri-reference`, `iri`, `iri-reference` | destination | section 7.3.5 |
//! | `format`: `url` | destination | in no draft, but common |
//!
//! `x-guardhouse-role` holds for the value that its schema describes, with all that is in it and has no role of its own.
//! It goes before a `format`. Where schemas refer to one another, the one that refers goes before the one referred to.

use crate::{
    json::Value,
    tools::{LeafKind, Role},
    vocabulary::Vocabulary as _,
};

/// The role that `x-guardhouse-role` names.
pub(super) fn named(word: &Value) -> Option<Role> {
    let word = word.as_str()?;
    Role::ALL.iter().copied().find(|role| role.word() == word)
}

/// What a string of this format is, and what it is for.
pub(super) fn of_format(format: Option<&Value>) -> (LeafKind, Option<Role>) {
    match format.and_then(Value::as_str).unwrap_or_default() {
        "date-time" | "date" => (LeafKind::Datetime, None),
        "ipv4" | "ipv6" => (LeafKind::Address, Some(Role::Destination)),
        "email" | "idn-email" | "hostname" | "idn-hostname" | "uri" | "uri-reference" | "iri" | "iri-reference"
        | "url" => (LeafKind::Text, Some(Role::Destination)),
        _ => (LeafKind::Text, None),
    }
}

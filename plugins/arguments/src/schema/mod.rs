//! Whether a value satisfies a JSON Schema.
//!
//! A validator of its own, since none of the libraries bounds its work: a schema is untrusted here, and one of forty
//! lines can ask for more comparisons than there are atoms. It knows the applicator and validation vocabularies of
//! draft 2020-12 (<https://json-schema.org/draft/2020-12/json-schema-core>, sections 8 and 10, and
//! <https://json-schema.org/draft/2020-12/json-schema-validation>, section 6), and of older drafts what generators still
//! write: `definitions`, `dependencies`, an array in `items` with `additionalItems`.
//!
//! * `evaluate`: one schema against one value, keyword by keyword.
//! * `applicators`, `assertions`: what the keywords say, about values inside and about the value itself.
//! * `reference`: where a `$ref` leads, within the schema only.
//! * `pattern`: patterns, matched in linear time.
//! * `number`, `equal`: arithmetic and equality of JSON values.
//! * `place`: where in schema and value the work is.
//!
//! **An answer is valid, invalid or unknown.** What the validator does not know or may not afford is unknown, and the
//! logic is carried through: `anyOf` with one valid alternative is valid whatever the others are, `not` of the unknown is
//! unknown. So a schema that cannot be checked is never taken for satisfied, nor for violated.
//!
//! `format` and the `content…` keywords are annotations, as the specification has them by default; so is a keyword that
//! nobody has defined.

use serde_json::Value;

mod applicators;
mod assertions;
mod equal;
mod evaluate;
mod number;
mod pattern;
mod place;
mod reference;
#[cfg(test)]
mod tests;

pub(crate) use reference::resolve;

/// Steps that every check may take: an evaluated keyword, a compared value or some sixteen bytes of text is one.
const BASE_STEPS: usize = 50_000;

/// Steps more for each byte of the value and of its schema, so that the work stays linear in what was given.
const STEPS_PER_BYTE: usize = 8;

/// Places that are listed at most, of mismatches and of what was not checked, each.
const MAX_LISTED: usize = 16;

/// What came of holding a value against a schema.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Where the value does not satisfy it. Empty with an empty `unchecked`: it does.
    pub(crate) mismatches: Vec<Mismatch>,
    /// What stood in the way of a full answer.
    pub(crate) unchecked: Vec<Unchecked>,
}

/// One place where a value does not satisfy its schema.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// The keyword that it fails.
    pub(crate) keyword: &'static str,
    /// A pointer to that keyword in the schema, for people: cut, and without tokens that are no plain names.
    pub(crate) schema: String,
    /// The pointer (RFC 6901) to the value.
    pub(crate) instance: String,
    /// The fault is the name of this place, not the value that stands there.
    pub(crate) is_key: bool,
}

/// Why a value was not fully held against its schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unchecked {
    /// The reason.
    pub(crate) why: Why,
    /// The keyword, or empty for the schema as a whole.
    pub(crate) keyword: &'static str,
    /// Where in the schema, as in [`Mismatch::schema`].
    pub(crate) schema: String,
}

/// Why something was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The keyword is not supported, or asks for something that is not: a pattern with look-around, a reference out of the
    /// schema.
    Unsupported,
    /// The keyword's value is not of the form that the specification asks for.
    Malformed,
    /// The schema asks for more work, or deeper nesting, than a check may take.
    Costly,
}

/// Holds `instance` against `schema`. `bytes` is the length of both as text.
pub(crate) fn check(schema: &Value, instance: &Value, bytes: usize) -> Outcome {
    let steps = BASE_STEPS.saturating_add(bytes.saturating_mul(STEPS_PER_BYTE));
    evaluate::Evaluation::new(schema, steps).run(instance)
}

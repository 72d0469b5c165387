//! Cedar's own validation, strict, and its diagnostics in our words.

use std::ops::Range;

use cedar_policy::{PolicyId, PolicySet, Schema, ValidationMode, ValidationWarning, Validator};
use miette::Diagnostic;

use super::fault::Fault;

/// How far a policy may look from the principal and the resource: at their own attributes and parents (Cedar's RFC 76).
///
/// That is what a request carries. Looking further (at a tool that is not the resource, at the groups of a user) would
/// be an evaluation error on some events or false on all of them.
const LEVEL: u32 = 1;

/// What is wrong with policies, and where in the text of each.
pub(super) fn validate(policies: &PolicySet, schema: &Schema) -> Vec<(PolicyId, Option<Range<usize>>, Fault)> {
    let validator = Validator::new(schema.clone());
    let result = validator.validate_with_level(policies, ValidationMode::Strict, LEVEL);
    let errors = result.validation_errors().map(|error| {
        let id = error.policy_id();
        let fault = Fault::Invalid { message: message(error, id), help: help(error) };
        (id.clone(), place(error).0, fault)
    });
    let warnings = result.validation_warnings().map(|warning| {
        let id = warning.policy_id();
        let message = message(warning, id);
        let fault = match warning {
            ValidationWarning::MixedScriptString(_)
            | ValidationWarning::MixedScriptIdentifier(_)
            | ValidationWarning::ConfusableIdentifier(_) => Fault::Misleading { message },
            ValidationWarning::ImpossiblePolicy(_) | ValidationWarning::InvalidActionApplication(_) => {
                Fault::Impossible { message }
            }
            // Text that shows otherwise than it reads (bidirectional controls), and what Cedar may come to warn of.
            _ => Fault::Invalid { message, help: help(warning) },
        };
        (id.clone(), place(warning).0, fault)
    });
    errors.chain(warnings).collect()
}

/// Where a diagnostic points first, and what it says there.
pub(super) fn place(diagnostic: &dyn Diagnostic) -> (Option<Range<usize>>, Option<String>) {
    let Some(label) = diagnostic.labels().and_then(|mut labels| labels.next()) else { return (None, None) };
    (Some(label.offset()..label.offset() + label.len()), label.label().map(str::to_owned))
}

/// What a diagnostic advises.
pub(super) fn help(diagnostic: &dyn Diagnostic) -> Option<String> {
    diagnostic.help().map(|help| help.to_string())
}

/// The message without the name of the policy, which the place says.
fn message(error: &dyn std::error::Error, id: &PolicyId) -> String {
    let whole = error.to_string();
    let rest = whole.strip_prefix(&format!("for policy `{id}`"));
    let rest = rest.and_then(|rest| rest.strip_prefix(", ").or_else(|| rest.strip_prefix(": ")));
    rest.map(str::to_owned).unwrap_or(whole)
}

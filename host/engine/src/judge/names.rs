//! The names in a policy that Cedar's validator would refuse in words of its own, or not at all.
//!
//! A policy that can never fire is what a guardrail must not have, so each of these is a load error, with what there is
//! instead: a category that no stationed guard reports (`context.core.findings has secert` is merely false to Cedar),
//! the action of a tool in a condition, a tool's arguments in a policy that is not on its action, `call_tool` where only its
//! group would match, a group of agents. They are recognised by how they are written; whatever is written
//! in some other way meets the validator.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fault::Fault;
use super::schema::ACTIONS;
use super::source::{Kind, Statement, Token};
use crate::decision::Category;
use crate::event::ToolName;

/// The names in a statement's body that do not stand for anything.
///
/// `typed`: the policy is on the actions of tools, and may read their arguments.
pub(super) fn unknown_names(
    statement: &Statement<'_>,
    typed: bool,
    declared: &BTreeSet<Category>,
) -> Vec<(Range<usize>, Fault)> {
    let body = &statement.body;
    let condition = scope_end(body);
    let unknown = |at| {
        let (before, tokens) = body.split_at_checked(at)?;
        let place = Place { before, in_scope: at < condition, typed };
        unknown_name(&place, tokens, declared)
    };
    (0..body.len()).filter_map(unknown).collect()
}

/// Where in a statement a name stands.
struct Place<'s, 't> {
    /// The tokens of the statement before it.
    before: &'s [Token<'t>],
    in_scope: bool,
    typed: bool,
}

/// The number of the token after the parenthesis that closes the scope.
fn scope_end(body: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in body.iter().enumerate() {
        match token.kind {
            Kind::Mark('(') => depth += 1,
            Kind::Mark(')') if depth == 1 => return at + 1,
            Kind::Mark(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    body.len()
}

/// Whether an unknown name begins with the first of these tokens.
fn unknown_name(
    place: &Place<'_, '_>,
    tokens: &[Token<'_>],
    declared: &BTreeSet<Category>,
) -> Option<(Range<usize>, Fault)> {
    let (first, rest) = tokens.split_first()?;
    let (span, fault) = match first.kind {
        Kind::Word("core") | Kind::Text("core") => {
            // `context["core"]`
            let rest = match rest {
                [Token { kind: Kind::Mark(']'), .. }, after @ ..] => after,
                _ => rest,
            };
            let (attribute, rest) = access(rest)?;
            if attribute.name != "findings" {
                return None;
            }
            let (category, _) = access(rest)?;
            if declared.iter().any(|c| c.as_str() == category.name) {
                return None;
            }
            let fault = Fault::UndeclaredCategory { found: category.name.to_owned(), declared: declared.clone() };
            (category.span, fault)
        }
        Kind::Word("context") => {
            let (attribute, _) = access(rest)?;
            if place.typed || !matches!(attribute.name, "args" | "from") {
                return None;
            }
            (attribute.span, Fault::ToolContext { found: attribute.name.to_owned() })
        }
        Kind::Word("Action") => {
            let (span, found) = entity(rest)?;
            if found == "call_tool" {
                return (!follows_in(place.before)).then_some((span, Fault::CallToolAlone));
            }
            if ACTIONS.contains(&found) || (place.in_scope && found.parse::<ToolName>().is_ok()) {
                return None;
            }
            let found = found.to_owned();
            (span, if found.contains('/') { Fault::ToolAction { found } } else { Fault::UnknownAction { found } })
        }
        Kind::Word("Group") => {
            let (span, found) = entity(rest)?;
            (span, Fault::Group { found: found.to_owned() })
        }
        _ => return None,
    };
    Some((span, fault))
}

/// Whether an entity whose type ends after these tokens is what something is asked to be `in`: by itself, or in a list.
fn follows_in(before: &[Token<'_>]) -> bool {
    let mut rest = before;
    // `Guardhouse::` and, in a list, what stands before it.
    while let [start @ .., last] = rest {
        match last.kind {
            Kind::Word("in") => return true,
            Kind::Path | Kind::Word(_) | Kind::Text(_) | Kind::Mark(',' | '[') => rest = start,
            Kind::Mark(_) => return false,
        }
    }
    false
}

/// An attribute that is read or asked for.
struct Access<'t> {
    name: &'t str,
    span: Range<usize>,
}

/// `.name`, `["name"]`, `has name` or `has "name"` at the beginning of these tokens, and what follows.
fn access<'s, 't>(tokens: &'s [Token<'t>]) -> Option<(Access<'t>, &'s [Token<'t>])> {
    match tokens {
        [
            Token { kind: Kind::Mark('.') | Kind::Word("has"), .. },
            Token { kind: Kind::Word(name), span },
            rest @ ..,
        ]
        | [Token { kind: Kind::Word("has"), .. }, Token { kind: Kind::Text(name), span }, rest @ ..]
        | [
            Token { kind: Kind::Mark('['), .. },
            Token { kind: Kind::Text(name), span },
            Token { kind: Kind::Mark(']'), .. },
            rest @ ..,
        ] => Some((Access { name, span: span.clone() }, rest)),
        _ => None,
    }
}

/// `::"id"` at the beginning of these tokens.
fn entity<'t>(tokens: &[Token<'t>]) -> Option<(Range<usize>, &'t str)> {
    match tokens {
        [Token { kind: Kind::Path, .. }, Token { kind: Kind::Text(id), span }, ..] => Some((span.clone(), id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

    use super::*;
    use crate::judge::source::statements;

    fn names(condition: &str) -> Vec<String> {
        let text = format!("forbid (principal, action, resource) when {{ {condition} }};");
        let statement = &statements(&text)[0];
        let declared = BTreeSet::from(["hidden-text".parse().unwrap(), "secret".parse().unwrap()]);
        unknown_names(statement, false, &declared).into_iter().map(|(span, _)| text[span].to_owned()).collect()
    }

    #[test]
    fn a_category_is_recognised_however_it_is_read() {
        assert_eq!(names("context.core.findings.secert.worst > 1"), ["secert"]);
        assert_eq!(names("context.core.findings[\"hiden-text\"].worst > 1"), ["\"hiden-text\""]);
        assert_eq!(
            names("context[\"core\"].findings.x.worst > 1 || context.core[\"findings\"].y.worst > 1"),
            ["x", "y"]
        );
        assert_eq!(names("context.core.findings has secert"), ["secert"]);
        assert_eq!(names("context.core.findings has \"secert\""), ["\"secert\""]);
        assert_eq!(names("context.core has findings.secert"), ["secert"]);
    }

    #[test]
    fn declared_names_are_left_alone() {
        assert!(names("context.core.findings.secret.worst > 1").is_empty());
        assert!(names("context.core.findings[\"hidden-text\"].worst > 1 // context.args").is_empty());
        assert!(names("action in Guardhouse::Action::\"call_tool\" && \"context.args\" like \"*\"").is_empty());
    }

    #[test]
    fn call_tool_is_a_group_that_actions_are_in() {
        for condition in [
            "action in Guardhouse::Action::\"call_tool\"",
            "action in [Guardhouse::Action::\"send_output\", Guardhouse::Action::\"call_tool\"]",
            "action == Guardhouse::Action::\"send_output\"",
        ] {
            assert!(names(condition).is_empty(), "{condition}");
        }
        for condition in [
            "action == Guardhouse::Action::\"call_tool\"",
            "Guardhouse::Action::\"call_tool\" != action",
            "[Guardhouse::Action::\"call_tool\"].contains(action)",
        ] {
            assert_eq!(names(condition), ["\"call_tool\""], "{condition}");
        }
    }
}

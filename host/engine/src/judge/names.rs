//! The names in a policy that Cedar's validator would refuse in words of its own, or not at all.
//!
//! A policy that can never fire is what a guardrail must not have, so each of these is a load error, with what there is
//! instead: a category that no stationed guard reports (`context.core.findings has secert` is merely false to Cedar),
//! an action of one tool, a tool's arguments, a group. They are recognised by how they are written; whatever is written
//! in some other way meets the validator.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fault::Fault;
use super::schema::ACTIONS;
use super::source::{Kind, Token};
use crate::decision::Category;

/// The names in a statement's body that do not stand for anything.
pub(super) fn unknown_names(body: &[Token<'_>], declared: &BTreeSet<Category>) -> Vec<(Range<usize>, Fault)> {
    (0..body.len()).filter_map(|at| unknown_name(body.get(at..)?, declared)).collect()
}

/// Whether an unknown name begins with the first of these tokens.
fn unknown_name(tokens: &[Token<'_>], declared: &BTreeSet<Category>) -> Option<(Range<usize>, Fault)> {
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
            if !matches!(attribute.name, "args" | "from") {
                return None;
            }
            (attribute.span, Fault::ToolContext { found: attribute.name.to_owned() })
        }
        Kind::Word("Action") => {
            let (span, found) = entity(rest)?;
            if ACTIONS.contains(&found) {
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
        unknown_names(&statement.body, &declared).into_iter().map(|(span, _)| text[span].to_owned()).collect()
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
        assert!(names("action == Guardhouse::Action::\"call_tool\" && \"context.args\" like \"*\"").is_empty());
    }
}

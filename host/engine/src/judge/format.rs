//! Policy files in one form: laid out by Cedar's own formatter, statement by statement.
//!
//! Cedar's formatter glues every comment to the statement after it, a file's heading too. So it gets one statement at a
//! time, and what stands between statements is kept here: paragraphs of comments, with one blank line between them.

use std::sync::Arc;

use cedar_policy::{Policy, PolicySet, Template};
use cedar_policy_formatter::{Config, policies_str_to_pretty};
use miette::{Diagnostic, NamedSource};
use thiserror::Error;

use super::defect::{PolicyDefect, PolicyDefects};
use super::fault::Fault;
use super::policy::PolicyFile;
use super::source::{Statement, comments, statements};
use super::validation::{help, place};

/// How a statement is laid out. The width is that of this project's own code: at Cedar's 80 columns nearly every
/// condition on the core context (`context.core.flow.destination.standings`) would be broken at its dots.
const LAYOUT: Config = Config { line_width: 120, indent_width: 2 };

/// Why a policy file was not formatted.
#[derive(Debug, Error, Diagnostic)]
pub enum FormatError {
    /// It is not Cedar.
    #[error("expected Cedar policies, found that they do not parse")]
    #[diagnostic(transparent)]
    Syntax(PolicyDefects),
    /// The formatter failed, or would have changed more than the layout.
    #[error("{file}: expected the formatter to change nothing but the layout, found that {found}")]
    #[diagnostic(help("move the comment nearest to it to a line of its own, before the policy, and try again"))]
    Unfaithful {
        /// The file's name.
        file: String,
        /// What became of it.
        found: String,
    },
}

/// The text of a policy file in its one form. Formatting it again changes nothing.
///
/// The policies stay what they are, annotations and their order in the file included, and so do the comments.
///
/// # Errors
/// The text does not parse, with everything that is wrong with it; or it holds something (a comment in an odd place)
/// that the formatter would change or lose.
pub fn format(file: &PolicyFile) -> Result<String, FormatError> {
    let before = file.text.parse::<PolicySet>().map_err(|errors| {
        let source = NamedSource::new(&file.name, Arc::from(file.text.as_str()));
        let defect = |error| {
            let (span, label) = place(error);
            PolicyDefect::new(
                source.clone(),
                span,
                Fault::Syntax { message: error.to_string(), label, help: help(error) },
            )
        };
        FormatError::Syntax(PolicyDefects::new(errors.iter().map(|error| defect(error)).collect()))
    })?;
    let unfaithful = |found: String| FormatError::Unfaithful { file: file.name.clone(), found };
    let formatted = lay_out(&file.text).map_err(unfaithful)?;
    let after =
        formatted.parse::<PolicySet>().map_err(|error| unfaithful(format!("what it wrote is wrong: {error}")))?;
    if meaning(&before).map_err(unfaithful)? != meaning(&after).map_err(unfaithful)? {
        return Err(unfaithful("a policy would mean something else".to_owned()));
    }
    if comments(&file.text) != comments(&formatted) {
        return Err(unfaithful("a comment would be lost, or stand elsewhere".to_owned()));
    }
    Ok(formatted)
}

/// The text with every statement laid out anew; else what is wrong.
fn lay_out(text: &str) -> Result<String, String> {
    let mut formatted = String::with_capacity(text.len());
    let mut end = 0;
    for statement in statements(text) {
        let span = span(&statement);
        let between = text.get(end..span.start).unwrap_or_default();
        let attached = push_comments(&mut formatted, between, end == 0);
        if !formatted.is_empty() {
            formatted.push_str(if attached { "\n" } else { "\n\n" });
        }
        let one = text.get(span.clone()).unwrap_or_default();
        let one = policies_str_to_pretty(one, &LAYOUT).map_err(|report| {
            let causes: Vec<_> = report.chain().map(ToString::to_string).collect();
            format!("it failed: {}", causes.join(": "))
        })?;
        formatted.push_str(one.trim_end());
        end = span.end;
    }
    push_comments(&mut formatted, text.get(end..).unwrap_or_default(), end == 0);
    if !formatted.is_empty() {
        formatted.push('\n');
    }
    Ok(formatted)
}

/// The bytes of a statement, from its first annotation to its `;`.
fn span(statement: &Statement<'_>) -> std::ops::Range<usize> {
    let start = statement.annotations.first().map_or(statement.head().start, |first| first.span.start);
    start..statement.body.last().map_or(start, |last| last.span.end)
}

/// Appends the comments of the text between two statements: what follows the first statement on its own line stays
/// there; the others keep their paragraphs. `opening` says that the text opens the file, so that nothing stands before
/// it. Returns whether the last comment belongs to the statement that follows, because no blank line parts them.
fn push_comments(formatted: &mut String, between: &str, opening: bool) -> bool {
    let between = between.replace("\r\n", "\n");
    let lines: Vec<_> = between.split(['\n', '\r']).map(str::trim).collect();
    let (same_line, own_lines) = if opening { (None, Some(lines.as_slice())) } else { lines.split_first().unzip() };
    if let Some(comment) = same_line.filter(|comment| !comment.is_empty()) {
        formatted.push(' ');
        formatted.push_str(comment);
    }
    let own_lines = own_lines.unwrap_or_default();
    let mut in_paragraph = false;
    for (number, line) in own_lines.iter().enumerate() {
        if line.is_empty() {
            // The last one is where the next statement begins, which parts nothing.
            in_paragraph &= number + 1 == own_lines.len();
            continue;
        }
        if !formatted.is_empty() {
            formatted.push_str(if in_paragraph { "\n" } else { "\n\n" });
        }
        formatted.push_str(line);
        in_paragraph = true;
    }
    in_paragraph
}

/// What the policies say, in the order of the file: Cedar's own JSON of each, which has neither layout nor comments.
fn meaning(policies: &PolicySet) -> Result<Vec<(String, String)>, String> {
    let policy = |policy: &Policy| Ok((policy.id().to_string(), policy.to_json().map_err(told)?.to_string()));
    let template = |one: &Template| Ok((one.id().to_string(), one.to_json().map_err(told)?.to_string()));
    let mut meaning: Vec<_> =
        policies.policies().map(policy).chain(policies.templates().map(template)).collect::<Result<_, String>>()?;
    meaning.sort_unstable();
    Ok(meaning)
}

/// An error of Cedar's as part of ours.
fn told(error: impl std::fmt::Display) -> String {
    format!("its meaning cannot be told: {error}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

    fn formatted(text: &str) -> Result<String, FormatError> {
        format(&PolicyFile { name: "test.cedar".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_file_keeps_its_paragraphs_of_comments() {
        let text = "// heading\n// of the file\r\n\n\n\n// on a\n@id(\"a\")   @why(\"b\") permit(principal,action,resource); // after a\n// next\n\n@id(\"c\") forbid(principal, action, resource)\n when {\n // why\n context.x };permit(principal,action,resource);\n//end";
        let expected = "// heading\n// of the file\n\n// on a\n@id(\"a\")\n@why(\"b\")\npermit (principal, action, resource); // after a\n\n// next\n\n@id(\"c\")\nforbid (principal, action, resource)\nwhen\n{\n  // why\n  context.x\n};\n\npermit (principal, action, resource);\n\n//end\n";
        assert_eq!(formatted(text).unwrap(), expected);
    }

    #[test]
    fn a_file_without_policies_is_its_comments() {
        assert_eq!(formatted("").unwrap(), "");
        assert_eq!(formatted("\n \n").unwrap(), "");
        assert_eq!(formatted("  // none yet\n\n\n//  indeed").unwrap(), "// none yet\n\n//  indeed\n");
    }

    #[test]
    fn what_stands_in_a_string_is_no_layout_and_no_comment() {
        let text = "@message(\"a  // b\n\n  c;\")\npermit (principal, action, resource)\nwhen { \"// x\" like \"*\\\"//\" };\n";
        assert_eq!(formatted(text).unwrap(), text);
    }

    #[test]
    fn a_text_that_is_not_cedar_is_refused_with_every_place() {
        let error = formatted("permit (principal, action, resource) when { };\nforbid (principal);").unwrap_err();
        assert!(matches!(&error, FormatError::Syntax(defects) if !defects.as_slice().is_empty()
            && defects.as_slice().iter().all(|defect| defect.file() == "test.cedar" && defect.span().is_some())));
    }

    #[test]
    fn a_comment_that_the_formatter_would_lose_is_refused() {
        let text = "permit (principal, action in [Action::\"x\", // lost\n], resource);";
        assert!(matches!(formatted(text), Err(FormatError::Unfaithful { .. })));
        assert!(formatted(&text.replace("// lost\n", "")).is_ok());
    }

    #[test]
    fn whatever_changes_a_policy_changes_its_meaning() {
        let meaning = |text: &str| meaning(&text.parse().unwrap()).unwrap();
        let text = "@id(\"a\") permit (principal, action, resource) when { context.x == \"y z\" };";
        assert_eq!(meaning(text), meaning(&text.replace(" when", "// c\n when\n\n")));
        for (old, new) in [
            ("\"a\"", "\"b\""),
            ("@id", "@ida"),
            ("permit", "forbid"),
            ("action,", "action in Action::\"a\","),
            ("when", "unless"),
            ("y z", "y  z"),
        ] {
            assert_ne!(meaning(text), meaning(&text.replace(old, new)), "{old} {new}");
        }
        let other = "forbid (principal, action, resource);";
        assert_ne!(meaning(&format!("{text}{other}")), meaning(&format!("{other}{text}")));
        assert_ne!(comments("// a\n// b"), comments("// b\n// a"));
        assert_eq!(comments("x \"// a \\\" // b\" // c \n//d"), ["// c", "//d"]);
    }

    #[test]
    fn a_formatted_file_is_formatted() {
        let once = formatted(include_str!("tests/example.cedar")).unwrap();
        assert_ne!(once, include_str!("tests/example.cedar"));
        assert_eq!(formatted(&once).unwrap(), once);
    }

    /// Cedar text with comments and line ends at places where white space stood.
    fn odd() -> impl Strategy<Value = String> {
        let text = include_str!("tests/example.cedar");
        // Only where no string and no comment is open.
        let mut gaps = Vec::new();
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let quotes = line.char_indices().scan(0, |open, (at, c)| {
                *open += usize::from(c == '"');
                Some((at, c, *open))
            });
            let before: usize = text.split_inclusive('\n').take(number).map(str::len).sum();
            if !line.starts_with("//") {
                gaps.extend(
                    quotes.filter(|(_, c, open)| c.is_whitespace() && open % 2 == 0).map(|(at, ..)| before + at),
                );
            }
        }
        let piece = prop::sample::select(vec!["\n", "\r\n", "\n\n\n", " // a\n", "\n// b\n", "\n\n//c \r\n\n", "\t"]);
        prop::collection::vec((prop::sample::select(gaps), piece), 0..8).prop_map(move |mut pieces| {
            pieces.sort_unstable();
            let mut odd = text.to_owned();
            for (at, piece) in pieces.into_iter().rev() {
                odd.insert_str(at, piece);
            }
            odd
        })
    }

    proptest! {
        #![proptest_config(crate::judge::cases())]

        #[test]
        fn formatting_twice_changes_nothing_more_and_no_comment_is_lost(text in odd()) {
            prop_assume!(text.parse::<PolicySet>().is_ok());
            // What the formatter would change is refused, and that is the exception.
            if let Ok(once) = formatted(&text) {
                prop_assert_eq!(comments(&once), comments(&text));
                prop_assert_eq!(formatted(&once).unwrap(), once);
            }
        }
    }
}

//! Where things stand in the text of a policy file.
//!
//! Cedar's public interface gives a policy's annotations and constraints, not their places. This is a scanner of
//! Cedar's tokens (its grammar's lexical rules: identifiers, string literals with backslash escapes, `//` comments,
//! Unicode white space), enough to point at an annotation and to recognise a few spellings that deserve a better
//! message than a type error. It decides nothing about what a policy means: it runs on text that Cedar has parsed.

use std::ops::Range;

/// One token and the bytes of the file it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: Kind<'t>,
    /// Half-open range of byte offsets into the file.
    pub(super) span: Range<usize>,
}

/// The tokens that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// An identifier or keyword.
    Word(&'t str),
    /// A string literal: what stands between the quotes, escapes left as they are written.
    Text(&'t str),
    /// `::`, which no other token may be mistaken for.
    Path,
    /// Any other single character; of a longer operator, each of its characters.
    Mark(char),
}

/// An annotation of a statement, such as `@id("base")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Annotation<'t> {
    /// Its name, without the `@`.
    pub(super) key: &'t str,
    /// From the `@` to the closing parenthesis.
    pub(super) span: Range<usize>,
}

/// One statement: everything up to its `;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement<'t> {
    /// Its annotations, in the order in which they are written.
    pub(super) annotations: Vec<Annotation<'t>>,
    /// What follows the annotations, the `;` included.
    pub(super) body: Vec<Token<'t>>,
}

impl Statement<'_> {
    /// Where the annotation `key` stands; where there is none, where the statement's own words begin.
    pub(super) fn place_of(&self, key: &str) -> Range<usize> {
        self.annotations.iter().find(|a| a.key == key).map_or_else(|| self.head(), |a| a.span.clone())
    }

    /// The word `permit` or `forbid`.
    pub(super) fn head(&self) -> Range<usize> {
        self.body.first().map_or(0..0, |token| token.span.clone())
    }
}

/// The statements of a policy file, in order. A `;` ends a statement and stands nowhere else in Cedar outside of
/// strings and comments, so the n-th of these is the n-th policy that Cedar parsed.
pub(super) fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    let mut tokens = tokens(text).into_iter().peekable();
    while tokens.peek().is_some() {
        let mut annotations = Vec::new();
        while let Some(at) = tokens.next_if(|t| t.kind == Kind::Mark('@')) {
            let Some(Token { kind: Kind::Word(key), span }) = tokens.next() else { break };
            let mut end = span.end;
            if tokens.next_if(|t| t.kind == Kind::Mark('(')).is_some() {
                // The value and the closing parenthesis.
                for token in tokens.by_ref().take(2) {
                    end = token.span.end;
                }
            }
            annotations.push(Annotation { key, span: at.span.start..end });
        }
        let mut body = Vec::new();
        for token in tokens.by_ref() {
            let last = token.kind == Kind::Mark(';');
            body.push(token);
            if last {
                break;
            }
        }
        found.push(Statement { annotations, body });
    }
    found
}

/// The tokens of Cedar text, white space and comments left out.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        let length = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if rest.starts_with("//") {
            at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            continue;
        } else if first == '"' {
            text_length(rest)
        } else if first == '_' || first.is_ascii_alphabetic() {
            rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, _) = rest.split_at(length);
        let kind = match first {
            '"' => Kind::Text(token.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(token)),
            '_' => Kind::Word(token),
            c if c.is_ascii_alphabetic() => Kind::Word(token),
            _ if token == "::" => Kind::Path,
            c => Kind::Mark(c),
        };
        found.push(Token { kind, span: at..at + length });
        at += length;
    }
    found
}

/// The comments of Cedar text in their order, each without the white space at its end.
pub(super) fn comments(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += if rest.starts_with('"') {
            text_length(rest)
        } else if rest.starts_with("//") {
            let (comment, _) = rest.split_at(rest.find(['\n', '\r']).unwrap_or(rest.len()));
            found.push(comment.trim_end());
            comment.len()
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    found
}

/// The bytes of the string literal that `rest` begins with, quotes included.
fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

    use super::*;
    use std::str::FromStr;

    #[test]
    fn an_annotation_is_found_with_its_value_and_without() {
        let text = "@id(\"a\") @flag\npermit (principal, action, resource);";
        let found = statements(text);
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].annotations[0].span.clone()], "@id(\"a\")");
        assert_eq!(&text[found[0].annotations[1].span.clone()], "@flag");
        assert_eq!(&text[found[0].head()], "permit");
    }

    #[test]
    fn semicolons_in_strings_and_comments_end_nothing() {
        let text = "// first; second\n@why(\"a; \\\"b\\\"; c\") permit (principal, action, resource); // ;\nforbid (principal, action, resource) when { \";\" == \"\\\\\" };";
        let found = statements(text);
        let parsed = cedar_policy::PolicySet::from_str(text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(parsed.num_of_policies(), 2);
        assert_eq!(&text[found[1].head()], "forbid");
    }

    #[test]
    fn text_that_is_no_cedar_still_ends() {
        for text in ["", "@", "@id(", "\"open", "@id(\"x", "é::☂;", "permit"] {
            let _ = statements(text);
        }
    }
}

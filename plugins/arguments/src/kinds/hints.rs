//! What a schema says of one argument.
//!
//! A schema comes from the tool's server and is not trusted: it only ever adds a kind, so that it can make the guard look
//! closer and never away.

use serde_json::Value;

use super::Kinds;
use crate::schema::resolve;

/// Schemas that are looked at for one place: alternatives, and what references lead to.
const MOST_SCHEMAS: usize = 16;

/// Bytes of a description that are read.
const DESCRIPTION: usize = 512;

/// What a `format` says: those of the specification (validation, section 7.3), and those that pydantic writes for paths.
const FORMATS: &[(&str, Kinds)] = &[
    ("uri", Kinds::ADDRESS),
    ("uri-reference", Kinds::ADDRESS),
    ("iri", Kinds::ADDRESS),
    ("iri-reference", Kinds::ADDRESS),
    ("url", Kinds::ADDRESS),
    ("hostname", Kinds::ADDRESS),
    ("idn-hostname", Kinds::ADDRESS),
    ("ipv4", Kinds::ADDRESS),
    ("ipv6", Kinds::ADDRESS),
    ("path", Kinds::PATH),
    ("file-path", Kinds::PATH),
    ("directory-path", Kinds::PATH),
    ("email", Kinds::VALUE),
    ("idn-email", Kinds::VALUE),
    ("uuid", Kinds::VALUE),
    ("date", Kinds::VALUE),
    ("time", Kinds::VALUE),
    ("date-time", Kinds::VALUE),
    ("duration", Kinds::VALUE),
    ("sql", Kinds::SQL),
    ("shell", Kinds::COMMAND),
];

/// What a `contentMediaType` says: `application/sql` (RFC 6922), and what shells' scripts go by.
const MEDIA_TYPES: &[(&str, Kinds)] = &[
    ("application/sql", Kinds::SQL),
    ("application/x-sh", Kinds::COMMAND),
    ("application/x-shellscript", Kinds::COMMAND),
    ("text/x-shellscript", Kinds::COMMAND),
    ("text/x-sh", Kinds::COMMAND),
];

/// What the words of a description say, in lower case.
const PHRASES: &[(&str, Kinds)] = &[
    ("sql query", Kinds::SQL),
    ("sql queries", Kinds::SQL),
    ("sql statement", Kinds::SQL),
    ("sql command", Kinds::SQL),
    ("sql to ", Kinds::SQL),
    ("select query", Kinds::SQL),
    ("shell command", Kinds::COMMAND),
    ("bash command", Kinds::COMMAND),
    ("powershell", Kinds::COMMAND),
    ("shell script", Kinds::COMMAND),
    ("command to run", Kinds::COMMAND),
    ("command to execute", Kinds::COMMAND),
    ("command line", Kinds::COMMAND),
    ("terminal command", Kinds::COMMAND),
    ("file path", Kinds::PATH),
    ("filepath", Kinds::PATH),
    ("path to ", Kinds::PATH),
    ("path of ", Kinds::PATH),
    ("filename", Kinds::PATH),
    ("file name", Kinds::PATH),
    ("absolute path", Kinds::PATH),
    ("relative path", Kinds::PATH),
    ("directory", Kinds::PATH),
    ("url", Kinds::ADDRESS),
    ("uri", Kinds::ADDRESS),
    ("hostname", Kinds::ADDRESS),
    ("host name", Kinds::ADDRESS),
    ("ip address", Kinds::ADDRESS),
];

/// What is known of one place: the schemas that apply to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints<'s> {
    root: Option<&'s Value>,
    schemas: Vec<&'s Value>,
}

impl<'s> Hints<'s> {
    /// Those for the arguments as a whole.
    pub(super) fn new(root: Option<&'s Value>) -> Self {
        let mut hints = Self { root, schemas: Vec::new() };
        hints.schemas.extend(root);
        hints.expand();
        hints
    }

    /// Adds what references and alternatives lead to.
    fn expand(&mut self) {
        let mut at = 0;
        while let Some(schema) = self.schemas.get(at).copied() {
            at += 1;
            // By pointers only: to look for an anchor takes a search, which each leaf would do anew.
            let reference = schema
                .get("$ref")
                .and_then(Value::as_str)
                .filter(|reference| *reference == "#" || reference.contains('/'));
            let referred = reference.and_then(|reference| resolve(self.root?, reference));
            let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| schema.get(name)?.as_array());
            for next in referred.into_iter().chain(lists.flatten()) {
                if self.schemas.len() == MOST_SCHEMAS {
                    return;
                }
                self.schemas.push(next);
            }
        }
    }

    fn below(&self, step: impl Fn(&'s Value) -> Option<&'s Value>) -> Self {
        let schemas = self.schemas.iter().filter_map(|schema| step(schema)).collect();
        let mut below = Self { root: self.root, schemas };
        below.expand();
        below
    }

    /// Those for a member of an object.
    pub(super) fn member(&self, key: &str) -> Self {
        self.below(|schema| {
            schema.get("properties").and_then(|members| members.get(key)).or_else(|| schema.get("additionalProperties"))
        })
    }

    /// Those for an item of an array.
    pub(super) fn item(&self, index: usize) -> Self {
        self.below(|schema| {
            schema.get("prefixItems").and_then(|items| items.get(index)).or_else(|| schema.get("items"))
        })
    }

    /// Whether a schema names this member.
    pub(super) fn names(&self, key: &str) -> bool {
        self.schemas.iter().any(|schema| schema.get("properties").is_some_and(|members| members.get(key).is_some()))
    }

    /// What `format` and `contentMediaType` say.
    pub(super) fn formats(&self) -> Kinds {
        let said = |keyword: &str, table: &[(&str, Kinds)]| {
            let words = self.schemas.iter().filter_map(|schema| schema.get(keyword)?.as_str());
            words.fold(Kinds::NONE, |kinds, word| {
                kinds.with(table.iter().find(|(name, _)| *name == word).map_or(Kinds::NONE, |(_, kind)| *kind))
            })
        };
        said("format", FORMATS).with(said("contentMediaType", MEDIA_TYPES))
    }

    /// What the descriptions say, and that a text with a `pattern` is a value.
    pub(super) fn described(&self) -> Kinds {
        let mut kinds = Kinds::NONE;
        for schema in &self.schemas {
            if let Some(text) = schema.get("description").and_then(Value::as_str) {
                let text = text[..text.floor_char_boundary(DESCRIPTION)].to_ascii_lowercase();
                let said = PHRASES.iter().filter(|(phrase, _)| stands_in(phrase, &text));
                kinds = said.fold(kinds, |kinds, (_, kind)| kinds.with(*kind));
            }
            if schema.get("pattern").is_some() {
                kinds = kinds.with(Kinds::VALUE);
            }
        }
        kinds
    }
}

/// Whether a phrase stands in a text and not inside a longer word, save for a plural.
fn stands_in(phrase: &str, text: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        let rest = &text.as_bytes()[at + phrase.len()..];
        let rest = rest.strip_prefix(b"s").unwrap_or(rest);
        let ends = phrase.ends_with(' ') || !letter(rest.first());
        ends && !letter(at.checked_sub(1).and_then(|before| text.as_bytes().get(before)))
    })
}

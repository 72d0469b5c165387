//! The strings of a call's arguments with the kinds of text that they are to be.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Kinds;
use super::hints::Hints;
use super::words::{Said, of_name, of_tool};
use crate::pointer;

/// One string that is judged.
#[derive(Debug)]
pub(crate) struct Leaf<'a> {
    /// The path of its part: a pointer, with `#key` behind it for a key.
    pub(crate) path: String,
    /// The text.
    pub(crate) text: &'a str,
    /// What it is to be.
    pub(crate) kinds: Kinds,
}

/// The leaves of one call.
pub(crate) struct Leaves<'a> {
    found: Vec<Leaf<'a>>,
    roles: &'a BTreeMap<String, String>,
    tool: Kinds,
}

impl<'a> Leaves<'a> {
    /// Those strings of `arguments` that are to be judged, in the order in which they stand. Recurses as deep as the
    /// arguments are nested, which the parser of JSON bounds.
    pub(crate) fn of(
        (server, tool): (&str, &str),
        arguments: &'a Value,
        schema: Option<&Value>,
        roles: &'a BTreeMap<String, String>,
    ) -> Vec<Leaf<'a>> {
        let mut leaves = Self { found: Vec::new(), roles, tool: of_tool(server, tool) };
        leaves.value(arguments, &Hints::new(schema), Said::Nothing, &mut String::new());
        leaves.found
    }

    fn value(&mut self, value: &'a Value, hints: &Hints<'_>, said: Said, path: &mut String) {
        let len = path.len();
        match value {
            Value::String(text) => {
                let kinds = self.decide(said, hints, path, text);
                self.push(path.clone(), text, kinds);
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    pointer::push(path, &index.to_string());
                    self.value(item, &hints.item(index), said, path);
                    path.truncate(len);
                }
            }
            Value::Object(members) => self.members(members, hints, said, path),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn members(&mut self, members: &'a Map<String, Value>, hints: &Hints<'_>, said: Said, path: &mut String) {
        let len = path.len();
        for (key, value) in members {
            pointer::push(path, key);
            // A key that nobody has named is a text of the agent's, of the kind of the object that it stands in.
            if let (Said::Kinds(kinds), false) = (said, hints.names(key)) {
                self.push(pointer::of_key(path), key, kinds);
            }
            let own = of_name(key);
            let said = if own == Said::Nothing { said } else { own };
            self.value(value, &hints.member(key), said, path);
            path.truncate(len);
        }
    }

    fn push(&mut self, path: String, text: &'a str, kinds: Kinds) {
        if !kinds.is_none() {
            self.found.push(Leaf { path, text, kinds });
        }
    }

    /// What a string is to be.
    fn decide(&self, said: Said, hints: &Hints<'_>, path: &str, text: &str) -> Kinds {
        let role = self.roles.get(path).map(String::as_str);
        let formats = hints.formats();
        match said {
            Said::Kinds(Kinds::VALUE) => Kinds::VALUE.with(formats).with(hints.described()),
            Said::Kinds(kinds) => kinds.with(formats),
            Said::Open(may) => {
                let kinds = may.of(self.tool).with(formats).with(hints.described());
                if kinds.is_none() { by_role(role, text, Kinds::NONE) } else { kinds }
            }
            Said::Nothing => {
                let kinds = formats.with(hints.described());
                if kinds.is_none() { by_role(role, text, Kinds::VALUE) } else { kinds }
            }
        }
    }
}

/// What the host's role says of a string of which nothing else does; `selector` is what one that selects is.
fn by_role(role: Option<&str>, text: &str, selector: Kinds) -> Kinds {
    match role {
        Some("code") => Kinds::CODE,
        Some("selector") => selector,
        // The host calls every unknown string of a tool that changes something a destination, prose too.
        Some("destination") if text.contains("://") && !text.contains(char::is_whitespace) => Kinds::ADDRESS,
        _ => Kinds::NONE,
    }
}

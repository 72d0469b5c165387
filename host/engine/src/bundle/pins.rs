//! `tools.lock`: the pinned definitions of tools, as JSON that a review can read.
//!
//! ```json
//! {
//!   "version": 1,
//!   "tools": {
//!     "bank/send_money": {
//!       "digest": "sha256:…",
//!       "definition": { … }
//!     }
//!   }
//! }
//! ```
//!
//! Tools are sorted, and so are the members of definitions, so that a change of one tool is a change of its lines alone.
//! Characters that a review would not see are written as escapes. Each definition has its digest beside it: whoever
//! edits one by hand is told, and records, which name digests, can be looked up by search.

use std::ops::Range;
use std::sync::Arc;

use super::error::BundleError;
use super::places::{Places, place_of};
use crate::event::ToolName;
use crate::json::{self, Digest, Object, Value, Visible, quote, told};
use crate::tools::{Definition, Pins};

/// The lock's file name.
pub(super) const FILE: &str = "tools.lock";

/// Bytes of a lock that are read: some 10,000 tools with long definitions.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// The version of the format.
const VERSION: u64 = 1;

/// Errors that are told of one lock. Each carries the text, to point into.
const MOST_ERRORS: usize = 10;

/// Reads the text of a lock.
pub(super) fn read(text: &str) -> Result<Pins, Vec<BundleError>> {
    let root = match json::parse(text.as_bytes()) {
        Ok(Value::Object(root)) => root,
        Ok(other) => {
            let message = format!("expected an object, found {}", other.kind());
            return Err(vec![BundleError::at(FILE, text, 0..0, message)]);
        }
        Err(error) => {
            let message = format!("expected {}, found {}", error.expected(), error.found());
            return Err(vec![BundleError::at(FILE, text, place_of(text, &error), message)]);
        }
    };
    let mut reading = Reading { text, errors: Vec::new() };
    let pins = reading.root(root);
    if reading.errors.is_empty() { Ok(pins) } else { Err(reading.errors) }
}

/// The lock as text.
pub(super) fn write(pins: &Pins) -> String {
    let mut tools = Object::new();
    for (tool, definition) in pins {
        let mut entry = Object::new();
        entry.insert("digest", definition.digest().to_string());
        entry.insert("definition", sorted(&definition.object().clone().into()));
        tools.insert(tool.to_string(), entry);
    }
    let mut root = Object::new();
    root.insert("version", VERSION);
    root.insert("tools", tools);
    format!("{:#}\n", Visible(&root.into()))
}

/// The value with the members of its objects sorted by their keys.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect::<Vec<_>>().into(),
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            let mut sorted_object = Object::new();
            for (key, value) in members {
                sorted_object.insert(key, sorted(value));
            }
            sorted_object.into()
        }
        other => other.clone(),
    }
}

/// A lock while it is read.
struct Reading<'t> {
    text: &'t str,
    errors: Vec<BundleError>,
}

impl Reading<'_> {
    /// The outermost object.
    fn root(&mut self, root: Object) -> Pins {
        let places = Places::of(self.text);
        if root.get("version").is_none() {
            self.error(0..0, format!("field `version`: expected {VERSION}, found nothing"));
        }
        if root.get("tools").is_none() {
            self.error(0..0, "field `tools`: expected an object, found nothing".to_owned());
        }
        let mut pins = Pins::new();
        for ((key, value), place) in root.into_iter().zip(places.keys) {
            match (key.as_str(), value) {
                ("version", Value::Number(number)) if number.as_u64() == Some(VERSION) => {}
                ("version", other) => {
                    self.error(place.key, format!("field `version`: expected {VERSION}, found {}", told(&other)));
                }
                ("tools", Value::Object(tools)) => {
                    for ((key, entry), place) in tools.into_iter().zip(place.inside) {
                        match tool(&key, entry) {
                            Ok((tool, definition)) => {
                                pins.insert(tool.server, Arc::new(definition));
                            }
                            Err(message) => self.error(place, message),
                        }
                    }
                }
                ("tools", other) => {
                    self.error(place.key, format!("field `tools`: expected an object, found {}", told(&other)));
                }
                (unknown, _) => {
                    let message = format!("field {}: expected `version` or `tools`", quote(unknown));
                    self.error(place.key, message);
                }
            }
        }
        pins
    }

    fn error(&mut self, span: Range<usize>, message: String) {
        if self.errors.len() < MOST_ERRORS {
            let help = "`guardhouse tools pin` writes this file; put it back as it was, or pin the tools anew";
            self.errors.push(BundleError::at(FILE, self.text, span, message).help(help));
        }
    }
}

/// The entry of one tool; else what is wrong with it.
fn tool(key: &str, entry: Value) -> Result<(ToolName, Definition), String> {
    let wrong = |message: String| format!("tool {}: {message}", quote(key));
    let tool: ToolName = key.parse().map_err(|error| wrong(format!("{error}")))?;
    let Value::Object(mut entry) = entry else {
        return Err(wrong(format!("expected an object, found {}", told(&entry))));
    };
    let digest = entry.remove("digest");
    let Some(expected) = digest.as_ref().and_then(Value::as_str).and_then(|text| text.parse::<Digest>().ok()) else {
        let found = digest.as_ref().map_or_else(|| "nothing".to_owned(), told);
        return Err(wrong(format!(
            "field `digest`: expected a digest, `sha256:` and 64 lower-case hexadecimal digits, found {found}"
        )));
    };
    let definition = match entry.remove("definition") {
        Some(Value::Object(definition)) => definition,
        other => {
            let found = other.as_ref().map_or_else(|| "nothing".to_owned(), told);
            return Err(wrong(format!("field `definition`: expected an object, found {found}")));
        }
    };
    if let Some(unknown) = entry.keys().next() {
        return Err(wrong(format!("field {}: expected `digest` or `definition`", quote(unknown))));
    }
    let definition =
        Definition::read(&tool.tool, definition).map_err(|error| wrong(format!("field `definition`: {error}")))?;
    if definition.digest() != expected {
        return Err(wrong(format!("expected a definition with the digest {expected}, found {}", definition.digest())));
    }
    Ok((tool, definition))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::event::ToolId;
    use crate::json::tests::value;

    /// Pins of the definitions, given as `server/{…}`.
    fn pins(definitions: &[&str]) -> Pins {
        let mut pins = Pins::new();
        for text in definitions {
            let (server, definition) = text.split_once('/').unwrap();
            let object = json::parse(definition.as_bytes()).unwrap().as_object().unwrap().clone();
            let tool = object.get("name").and_then(Value::as_str).unwrap().parse().unwrap();
            pins.insert(server.parse().unwrap(), Arc::new(Definition::read(&tool, object).unwrap()));
        }
        pins
    }

    fn errors(text: &str) -> Vec<String> {
        read(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_lock_reads_back_as_it_was_written() {
        let pins = pins(&[
            r#"web/{"name":"a/b","description":"x","annotations":{"z":1.50,"a":[{"d":1,"c":2}]}}"#,
            r#"bank/{"name":"pay","inputSchema":{}}"#,
        ]);
        let text = write(&pins);
        assert_eq!(read(&text).unwrap(), pins);
        let names: Vec<_> = pins.iter().map(|(tool, _)| tool.to_string()).collect();
        assert_eq!(names, ["bank/pay", "web/a/b"]);
        assert_eq!(read(&write(&Pins::new())).unwrap(), Pins::new());
    }

    #[test]
    fn a_lock_is_the_same_text_however_a_server_orders_its_members() {
        let one = pins(&[r#"s/{"name":"t","annotations":{"a":1,"b":2}}"#]);
        let other = pins(&[r#"s/{"annotations":{"b":2,"a":1},"name":"t"}"#]);
        assert_eq!(write(&one), write(&other));
    }

    #[test]
    fn nothing_in_a_lock_is_hidden_from_its_reader() {
        let hidden = pins(&["s/{\"name\":\"t\",\"description\":\"a\u{200b}\u{e0041}b\"}"]);
        let text = write(&hidden);
        assert!(text.is_ascii(), "{text}");
        assert!(text.contains(r#""description": "a\u200b\udb40\udc41b""#), "{text}");
        assert_eq!(read(&text).unwrap(), hidden);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let good = write(&pins(&[r#"s/{"name":"t","description":"old"}"#, r#"s/{"name":"u"}"#]));
        let digest = read(&good).unwrap().get(&"s/t".parse().unwrap()).unwrap().digest().to_string();
        let cases = [
            (good.replace("old", "new"), "tools.lock:4: tool `s/t`: expected a definition with the digest sha256:"),
            (
                good.replace("\"name\": \"t\"", "\"name\": \"v\""),
                "tools.lock:4: tool `s/t`: field `definition`: field `name`: expected the tool's name, `t`, found `v`",
            ),
            (good.replace("s/u", "su"), "tools.lock:11: tool `su`: expected `server/tool`, found `su`"),
            (good.replace(&digest, "sha256:12"), "tools.lock:4: tool `s/t`: field `digest`: expected a digest"),
            (
                good.replacen("\"digest\"", "\"digset\"", 1),
                "tools.lock:4: tool `s/t`: field `digest`: expected a digest, `sha256:` and 64 lower-case hexadecimal digits, found nothing",
            ),
            (
                good.replacen("\"definition\"", "\"x\": 1, \"definition\"", 1),
                "tools.lock:4: tool `s/t`: field `x`: expected `digest` or `definition`",
            ),
            (good.replace("\"version\": 1", "\"version\": 2"), "tools.lock:2: field `version`: expected 1, found `2`"),
            (
                good.replace("\"version\": 1,", "\"version\": 1, \"tool\": 1,"),
                "tools.lock:2: field `tool`: expected `version` or `tools`",
            ),
            (good.replace("\"version\": 1,", ""), "tools.lock:1: field `version`: expected 1, found nothing"),
            (
                "{\"version\":1,\n\"tools\":[]}".to_owned(),
                "tools.lock:2: field `tools`: expected an object, found an array",
            ),
            (
                "{\"version\":1,\n\"tools\":{\"s/t\":\n[]}}".to_owned(),
                "tools.lock:2: tool `s/t`: expected an object, found an array",
            ),
            ("[]".to_owned(), "tools.lock:1: expected an object, found an array"),
            (good.replace("old\"", "old"), "tools.lock:7: expected"),
            (
                good.replace("\"s/u\"", "\"s/t\""),
                "tools.lock:11: expected each key once in an object, found `s/t` again",
            ),
        ];
        for (text, expected) in cases {
            let found = errors(&text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found.concat().starts_with(expected), "{found:?} is not {expected}");
        }
    }

    #[test]
    fn only_the_first_errors_are_told() {
        let tools: Vec<_> = (0..20).map(|number| format!("\"{number}\":1")).collect();
        assert_eq!(errors(&format!("{{\"version\":1,\"tools\":{{{}}}}}", tools.join(","))).len(), MOST_ERRORS);
    }

    proptest! {
        /// Whatever a server says, if it is accepted it is read back from the lock; and no text makes reading panic.
        #[test]
        fn what_is_accepted_is_read_back(name in any::<String>(), members in prop::collection::vec((any::<String>(), value()), 0..4)) {
            prop_assume!(name.parse::<ToolId>().is_ok());
            let mut object: Object = members.into_iter().fold(Object::new(), |mut object, (key, value)| {
                object.insert(key, value);
                object
            });
            object.insert("name", name.as_str());
            let Ok(definition) = Definition::read(&name.parse().unwrap(), object) else { return Ok(()) };
            let mut pins = Pins::new();
            pins.insert("server".parse().unwrap(), Arc::new(definition));
            let text = write(&pins);
            prop_assert_eq!(&read(&text).unwrap(), &pins);
            // Cut anywhere, it is refused, and the place is inside the text.
            for (end, _) in text.trim_end().char_indices().step_by(7) {
                prop_assert!(read(text.get(..end).unwrap()).is_err());
            }
        }
    }
}

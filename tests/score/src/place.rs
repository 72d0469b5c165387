//! Which guard is scored on which texts, and where in an agent's run each text stands.
//!
//! | folder | guards | a record stands |
//! | --- | --- | --- |
//! | `secrets`, `pii`, `prompt_injection`, `exfil` | `secrets`, `pii`, `injection`, `egress` and `hidden-text` | as text where its `surface` says: `user_prompt` is an input of the user, `document` one of a document, `llm_output` an output; all else a tool's result |
//! | `mcp` | `definitions` | as a tool's definition: the text is its description, or the whole of it where it is JSON |
//! | `tool_args` | `arguments` | as an argument of a call, see [`argument`] |
//! | `conformance` | every one | at each checkpoint of the guard |
//!
//! Where a text stands depends on `surface` and `cls`, never on the label: attacks and benign texts of one kind stand in
//! the same place. Nobody is trusted, the user included.

use anyhow::{Context as _, Result};
use guardhouse::{
    event::{Checkpoint, Event},
    json::{self, Object, Value},
};

use crate::corpus::Record;

/// A guard that is scored. Its component is `guard-<name>.wasm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scored {
    /// Its name.
    pub(crate) name: &'static str,
    /// The folder of the texts that it is scored on.
    pub(crate) folder: &'static str,
    /// The checkpoints at which it is asked.
    pub(crate) at: &'static [Checkpoint],
}

/// Where guards that read any text are asked. They may well ask for more; a record stands at one of these.
const TEXT: &[Checkpoint] = &[Checkpoint::Input, Checkpoint::ToolResult, Checkpoint::Output];

/// Where the guard of what comes in stands.
const READ: &[Checkpoint] = &[Checkpoint::Input, Checkpoint::ToolResult];

/// Every guard, in the order in which figures are printed.
pub(crate) const GUARDS: [Scored; 7] = [
    Scored { name: "secrets", folder: "secrets", at: TEXT },
    Scored { name: "pii", folder: "pii", at: TEXT },
    Scored { name: "injection", folder: "prompt_injection", at: READ },
    Scored { name: "egress", folder: "exfil", at: TEXT },
    Scored { name: "hidden-text", folder: "exfil", at: TEXT },
    Scored { name: "arguments", folder: "tool_args", at: &[Checkpoint::ToolCall] },
    Scored { name: "definitions", folder: "mcp", at: &[Checkpoint::ToolDefinition] },
];

/// The folder whose texts have no labels: no guard may fail on any of them.
pub(crate) const CONFORMANCE: &str = "conformance";

/// The event that a record is for a guard that is asked `at` these checkpoints, in a session of its own.
pub(crate) fn event(record: &Record, at: &[Checkpoint], session: u64) -> Result<Event> {
    let by_surface = match record.surface.as_str() {
        "user_prompt" | "document" => Checkpoint::Input,
        "llm_output" => Checkpoint::Output,
        _ => Checkpoint::ToolResult,
    };
    let checkpoint = [by_surface, Checkpoint::ToolResult].into_iter().find(|checkpoint| at.contains(checkpoint));
    event_at(record, checkpoint.or_else(|| at.first().copied()).unwrap_or(by_surface), session)
}

/// The event that a record is at a checkpoint.
pub(crate) fn event_at(record: &Record, checkpoint: Checkpoint, session: u64) -> Result<Event> {
    let event = match checkpoint {
        Checkpoint::Input => {
            let source = if record.surface == "document" { "document" } else { "user" };
            read(checkpoint, session, [("source", source.into()), ("text", record.text.as_str().into())])
        }
        Checkpoint::ToolResult => read(checkpoint, session, result_of(record)),
        Checkpoint::ToolCall => {
            let (tool, arguments) = argument(record);
            let call = [("server", "tools".into()), ("tool", tool.into()), ("call", "c1".into())];
            read(checkpoint, session, call.into_iter().chain([("arguments", arguments.into())]))
        }
        Checkpoint::ToolDefinition => definition(record, session),
        Checkpoint::Output | Checkpoint::Note => {
            read(Checkpoint::Output, session, [("text", record.text.as_str().into())])
        }
    };
    event.with_context(|| format!("record `{}`: expected a text that can stand at `{checkpoint}`", record.id))
}

/// An input that the user wrote, whatever the record's `surface` is.
pub(crate) fn input(record: &Record, session: u64) -> Result<Event> {
    read(Checkpoint::Input, session, [("source", "user".into()), ("text", record.text.as_str().into())])
}

fn result_of(record: &Record) -> [(&'static str, Value); 4] {
    [("server", "tools".into()), ("tool", "read".into()), ("call", "c1".into()), ("text", record.text.as_str().into())]
}

/// A tool's definition. One that is written in JSON is that, under its own name, if Guardhouse takes it for one.
fn definition(record: &Record, session: u64) -> Result<Event> {
    let told = |tool: &str, definition: Object| {
        let members = [("server", "tools".into()), ("tool", tool.into()), ("definition", definition.into())];
        read(Checkpoint::ToolDefinition, session, members)
    };
    if let Ok(Value::Object(object)) = json::parse(record.text.as_bytes())
        && let Some(name) = object.get("name").and_then(Value::as_str).map(str::to_owned)
        && let Ok(event) = told(&name, object)
    {
        return Ok(event);
    }
    let mut schema = Object::new();
    schema.insert("type", "object");
    let mut definition = Object::new();
    definition.insert("name", "tool");
    definition.insert("description", record.text.as_str());
    definition.insert("inputSchema", schema);
    told("tool", definition)
}

/// The call in which a text of `tool_args` stands: the tool, and its arguments.
///
/// A text that is the JSON of all arguments is that. Any other is one argument, of a tool whose name and argument say what
/// it takes. `surface` says which; where that is only `tool_args`, `cls` says whether it is a path or an address. All else
/// is a value, one and the same for all: what is injected into statements and commands stands in a value, and so does
/// what only looks like it, a question, a sentence.
fn argument(record: &Record) -> (&'static str, Object) {
    let kind = if record.surface == "tool_args" { &record.cls } else { &record.surface };
    if kind == "tool_call_json"
        && let Ok(Value::Object(arguments)) = json::parse(record.text.as_bytes())
    {
        return ("act", arguments);
    }
    let (tool, name) = match kind.as_str() {
        "shell_command" => ("run_command", "command"),
        "sql_query" => ("run_sql", "sql"),
        "path" | "path_traversal" | "sensitive_file" => ("read_file", "path"),
        "url" | "ssrf" | "open_redirect" => ("fetch", "url"),
        _ => ("look_up", "name"),
    };
    let mut arguments = Object::new();
    arguments.insert(name, record.text.as_str());
    (tool, arguments)
}

/// Reads an event as a surface would send it.
fn read(
    checkpoint: Checkpoint,
    session: u64,
    members: impl IntoIterator<Item = (&'static str, Value)>,
) -> Result<Event> {
    let mut event = Object::new();
    event.insert("agent", "scored");
    event.insert("session", format!("s{session}"));
    event.insert("checkpoint", checkpoint.as_str());
    for (name, value) in members {
        event.insert(name, value);
    }
    Ok(Event::from_value(event.into())?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use guardhouse::event::Body;

    use super::*;

    fn record(surface: &str, cls: &str, text: &str) -> Record {
        let line = serde_json::json!({"id": "r", "source": "s", "surface": surface, "cls": cls, "text": text});
        serde_json::from_value(line).unwrap()
    }

    #[test]
    fn a_text_stands_where_its_surface_says() {
        let stands = |surface, at| event(&record(surface, "", "text"), at, 1).unwrap().checkpoint();
        assert_eq!(stands("user_prompt", TEXT), Checkpoint::Input);
        assert_eq!(stands("document", TEXT), Checkpoint::Input);
        assert_eq!(stands("llm_output", TEXT), Checkpoint::Output);
        assert_eq!(stands("mcp_exchange", TEXT), Checkpoint::ToolResult);
        // A guard that is not asked there gets it as a tool's result, or where it is asked at all.
        assert_eq!(stands("llm_output", &[Checkpoint::Input, Checkpoint::ToolResult]), Checkpoint::ToolResult);
        assert_eq!(stands("llm_output", &[Checkpoint::ToolCall]), Checkpoint::ToolCall);
    }

    #[test]
    fn a_definition_in_json_is_that_and_any_other_text_a_description() {
        let told = |text: &str| match event(&record("", "", text), &[Checkpoint::ToolDefinition], 1).unwrap().body {
            Body::ToolDefinition { tool, definition } => (tool.to_string(), Value::from(definition).to_string()),
            other => (String::new(), format!("{other:?}")),
        };
        let json = r#"{"name":"add","inputSchema":{},"x":1}"#;
        assert_eq!(told(json), ("tools/add".to_owned(), json.to_owned()));
        let plain = |text: &str| {
            let text = Value::from(text).to_string();
            let definition = format!(r#"{{"name":"tool","description":{text},"inputSchema":{{"type":"object"}}}}"#);
            ("tools/tool".to_owned(), definition)
        };
        for text in ["Adds two numbers.", "{\"name\":\"\"}", "{\"description\":\"no name\"}", "[1]", "{"] {
            assert_eq!(told(text), plain(text));
        }
    }

    #[test]
    fn attacks_and_benign_texts_of_one_kind_stand_in_the_same_argument() {
        let call = |surface: &str, cls: &str| {
            let (tool, arguments) = argument(&record(surface, cls, r#"{"a":1}"#));
            format!("{tool}{}", Value::from(arguments))
        };
        let value = r#"look_up{"name":"{\"a\":1}"}"#;
        for kind in ["sqli", "nosqli", "cmdi", "sqli_false_positive", "question", "free_text_about_shell"] {
            assert_eq!(call("tool_args", kind), value, "{kind}");
        }
        assert_eq!(call("tool_args", "path_traversal"), call("path", "relative_path"));
        assert_eq!(call("tool_args", "ssrf"), call("url", "public_url"));
        assert_eq!(call("tool_args", "tool_call_json"), r#"act{"a":1}"#);
    }
}

//! Testing a guard natively, with plain `cargo test`.
//!
//! The functions here do what the host does around a guard: they read the configuration, hand over an item and refuse a
//! finding that breaks the contract.

use serde_json::Value;

use crate::{Call, CallGuard, Definition, DefinitionGuard, Finding, Guard, Item, Part, TextGuard, checkpoint, export};

/// Configures a guard from JSON text, or from nothing, which stands for `{}`.
///
/// # Errors
///
/// What the host would show the operator: the configuration is not JSON, does not fit, or is refused by the guard.
pub fn configure<G: Guard>(config: &str) -> Result<G, String> {
    export::read(config)
}

/// Configures a text guard and has it inspect one text, met at the checkpoint `input`.
///
/// # Errors
///
/// The configuration is refused, the guard fails, or a finding breaks the contract.
pub fn inspect<G: TextGuard>(config: &str, text: &str) -> Result<Vec<Finding>, String> {
    inspect_text(&configure::<G>(config)?, &item(text))
}

/// Has a text guard inspect an item.
///
/// # Errors
///
/// The guard fails, or a finding breaks the contract.
pub fn inspect_text<G: TextGuard>(guard: &G, item: &Item) -> Result<Vec<Finding>, String> {
    accept::<G>(&item.parts, guard.inspect(item)?)
}

/// Has a call guard inspect a call.
///
/// # Errors
///
/// The guard fails, or a finding breaks the contract.
pub fn inspect_call<G: CallGuard>(guard: &G, call: &Call) -> Result<Vec<Finding>, String> {
    accept::<G>(&call.parts, guard.inspect(call)?)
}

/// Has a definition guard inspect a definition.
///
/// # Errors
///
/// The guard fails, or a finding breaks the contract.
pub fn inspect_definition<G: DefinitionGuard>(guard: &G, definition: &Definition) -> Result<Vec<Finding>, String> {
    accept::<G>(&definition.parts, guard.inspect(definition)?)
}

/// A prompt of one plain text, from the source `user`, which is not trusted.
#[must_use]
pub fn item(text: &str) -> Item {
    Item {
        checkpoint: checkpoint::INPUT.to_string(),
        source: "user".to_string(),
        trusted: false,
        parts: vec![part(String::new(), text)],
        attributes: Vec::new(),
    }
}

/// A call of `tool` on `server`, without an input schema. Its parts are the string leaves and keys of the arguments.
#[must_use]
pub fn call(server: &str, tool: &str, arguments: &Value) -> Call {
    Call {
        server: server.to_string(),
        tool: tool.to_string(),
        arguments: arguments.to_string(),
        input_schema: None,
        parts: parts(arguments),
        attributes: Vec::new(),
    }
}

/// What `server` says of `tool`. Its parts are the strings and keys of the definition.
#[must_use]
pub fn definition(server: &str, tool: &str, definition: &Value) -> Definition {
    Definition {
        server: server.to_string(),
        tool: tool.to_string(),
        definition: definition.to_string(),
        parts: parts(definition),
        attributes: Vec::new(),
    }
}

/// One whole original part of plain text.
fn part(path: String, body: &str) -> Part {
    Part {
        path,
        media_type: "text/plain".to_string(),
        body: body.to_string(),
        view: "original".to_string(),
        more_before: false,
        more_after: false,
    }
}

/// The string leaves and keys of a JSON value, each with its RFC 6901 pointer.
fn parts(value: &Value) -> Vec<Part> {
    fn collect(value: &Value, path: &str, parts: &mut Vec<Part>) {
        match value {
            Value::String(text) => parts.push(part(path.to_string(), text)),
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    collect(value, &format!("{path}/{index}"), parts);
                }
            }
            Value::Object(fields) => {
                for (key, value) in fields {
                    let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                    parts.push(part(format!("{path}#key"), key));
                    collect(value, &path, parts);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut collected = Vec::new();
    collect(value, "", &mut collected);
    collected
}

/// Passes on findings that keep the contract.
fn accept<G: Guard>(parts: &[Part], findings: Vec<Finding>) -> Result<Vec<Finding>, String> {
    for finding in &findings {
        refusal::<G>(parts, finding)
            .map_or(Ok(()), |why| Err(format!("finding of rule `{}` is refused: {why}", finding.rule)))?;
    }
    Ok(findings)
}

/// Why the host would refuse a finding, if it would.
fn refusal<G: Guard>(parts: &[Part], finding: &Finding) -> Option<String> {
    if !G::ABOUT.categories.contains(&finding.category.as_str()) {
        return Some(format!("expected a category of the description, found `{}`", finding.category));
    }
    if finding.severity > 4 {
        return Some(format!("expected a severity of at most 4, found {}", finding.severity));
    }
    if finding.confidence > 100 {
        return Some(format!("expected a confidence of at most 100, found {}", finding.confidence));
    }
    let part = match finding.part {
        None if finding.span.is_some() => return Some("it has a span and no part".to_string()),
        None => return None,
        Some(index) => index,
    };
    let Some(body) = parts.get(part as usize).map(|part| &part.body) else {
        return Some(format!("expected a part below {}, found {part}", parts.len()));
    };
    let span = finding.span?;
    let text = body.get(span.start as usize..span.end as usize);
    text.is_none_or(str::is_empty).then(|| {
        format!("expected a span of whole characters within {} bytes, found {}..{}", body.len(), span.start, span.end)
    })
}

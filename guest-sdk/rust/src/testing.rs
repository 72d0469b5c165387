//! Testing a guard natively, with plain `cargo test`.
//!
//! The functions here do what the host does around a guard: they read the configuration, hand over an item and refuse a
//! finding that breaks the contract.

use std::ops::Range;

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

/// Holds a text guard to the reach and the `settled` that it states, on one window of a text: bytes `window`, on character
/// boundaries, as the host shows a long or streamed text. What the guard finds in the window behind its `before` bytes and
/// before what it calls settled is what it finds there in the whole text. Call it from a property test, with random windows
/// of texts that hold matches.
///
/// # Errors
///
/// How the guard breaks its word, or the guard's own failure.
pub fn holds_in_window<G: TextGuard>(guard: &G, text: &str, window: Range<usize>) -> Result<(), String> {
    let reach = guard.reach();
    let Some(longest) = reach.longest else { return Ok(()) };
    let body = text.get(window.clone()).ok_or("the window cuts a character")?;
    let mut seen = item(body);
    let [part] = seen.parts.as_mut_slice() else { return Err("expected one part".to_string()) };
    part.more_before = window.start > 0;
    part.more_after = window.end < text.len();
    let (more_before, more_after) = (part.more_before, part.more_after);
    let settled = match (guard.settled(&seen.parts).as_slice(), more_after) {
        ([], false) => body.len(),
        ([], true) => body.len().saturating_sub(longest as usize + reach.after as usize),
        ([settled], true) if body.is_char_boundary(*settled as usize) => *settled as usize,
        (other, _) => {
            return Err(format!("expected one settled offset for each part with more after it, found {other:?}"));
        }
    };
    let from = if more_before { window.start + reach.before as usize } else { 0 };
    let to = if more_after { window.start + settled } else { usize::MAX };
    let seen = spans(&inspect_text(guard, &seen)?, longest, window.start)?;
    let whole = spans(&inspect_text(guard, &item(text))?, longest, 0)?;
    let held = |found: Vec<Placed>| -> Vec<Placed> {
        found.into_iter().filter(|placed| from <= placed.0.start && placed.0.start < to).collect()
    };
    let (seen, whole) = (held(seen), held(whole));
    if seen == whole {
        return Ok(());
    }
    Err(format!("expected in {window:?} what the whole text has from {from} to {to}: {whole:?}, found {seen:?}"))
}

/// Where a finding is, and all that it says.
type Placed = (Range<usize>, String);

/// The findings by place, `offset` bytes further on.
fn spans(findings: &[Finding], longest: u32, offset: usize) -> Result<Vec<Placed>, String> {
    let mut placed = Vec::new();
    for finding in findings {
        let Some((_, span)) = finding.place() else {
            return Err(format!(
                "expected a span in every finding of a guard that states its reach: `{}`",
                finding.rule
            ));
        };
        if span.len() > longest as usize {
            return Err(format!("expected at most {longest} bytes, `{}` has {}", finding.rule, span.len()));
        }
        let Finding { rule, category, severity, confidence, message, repair, attributes, .. } = finding;
        let said = format!("{rule} {category} {severity} {confidence} {message} {repair:?} {attributes:?}");
        placed.push((span.start + offset..span.end + offset, said));
    }
    placed.sort_by_key(|(span, said)| (span.start, span.end, said.clone()));
    Ok(placed)
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

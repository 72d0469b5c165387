//! `guardhouse tools list`.

use std::io::{self, Write};

use guardhouse::{
    bundle::Bundle,
    event::ToolName,
    json::{Object, Value, Visible},
    text::reveal,
    tools::Definition,
};
use miette::IntoDiagnostic as _;

use super::{short, shown};
use crate::{Status, arguments};

/// Bytes of a line that are shown of what a server wrote.
const LINE: usize = 160;

/// Parameters and annotations that are shown of one tool, of each.
const MOST: usize = 40;

/// A parameter as its schema writes it.
struct Parameter<'d> {
    name: &'d str,
    kind: String,
    required: bool,
}

/// Lists what is pinned.
pub(crate) fn list(arguments: &arguments::List) -> miette::Result<Status> {
    let pins = Bundle::read_pins(&arguments.pinned.bundle)?;
    let mut out = anstream::stdout().lock();
    if arguments.pinned.json {
        let tools = pins.iter().map(|(tool, definition)| describe(tool, definition).into());
        let mut object = Object::new();
        object.insert("tools", tools.collect::<Vec<Value>>());
        writeln!(out, "{}", Visible(&object.into())).into_diagnostic()?;
    } else {
        for (tool, definition) in &pins {
            print(&mut out, tool, definition).into_diagnostic()?;
        }
        let s = if pins.len() == 1 { "" } else { "s" };
        writeln!(out, "{} tool{s} pinned", pins.len()).into_diagnostic()?;
    }
    Ok(Status::Allowed)
}

fn print(out: &mut impl Write, tool: &ToolName, definition: &Definition) -> io::Result<()> {
    writeln!(out, "{}  {}", shown(tool), short(definition.digest()))?;
    if let Some(description) = definition.description() {
        let mut lines = description.lines().filter(|line| !line.trim().is_empty());
        let first = reveal(lines.next().unwrap_or_default().trim(), LINE);
        let more = if lines.next().is_some() { " […]" } else { "" };
        writeln!(out, "    {first}{more}")?;
    }
    let parameters = parameters(definition);
    for Parameter { name, kind, required } in parameters.iter().take(MOST) {
        let required = if *required { ", required" } else { "" };
        writeln!(out, "    - {}: {}{required}", reveal(name, LINE), reveal(kind, LINE))?;
    }
    and_more(out, parameters.len())?;
    let annotations: Vec<_> = definition.annotations().into_iter().flat_map(Object::iter).collect();
    for (name, value) in annotations.iter().take(MOST) {
        writeln!(out, "    @ {}: {}", reveal(name, LINE), reveal(&Visible(value).to_string(), LINE))?;
    }
    and_more(out, annotations.len())
}

/// Says how many of `all` were not shown, if any.
fn and_more(out: &mut impl Write, all: usize) -> io::Result<()> {
    match all.checked_sub(MOST) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "    and {more} more"),
    }
}

fn describe(tool: &ToolName, definition: &Definition) -> Object {
    let mut object = Object::new();
    object.insert("tool", tool.to_string());
    object.insert("digest", definition.digest().to_string());
    if let Some(description) = definition.description() {
        object.insert("description", description);
    }
    let parameters = parameters(definition).into_iter().map(|parameter| {
        let mut object = Object::new();
        object.insert("name", parameter.name);
        object.insert("type", parameter.kind.as_str());
        object.insert("required", parameter.required);
        object.into()
    });
    object.insert("parameters", parameters.collect::<Vec<Value>>());
    object.insert("annotations", definition.annotations().cloned().unwrap_or_default());
    object
}

/// The parameters that the schema names, in its order.
fn parameters(definition: &Definition) -> Vec<Parameter<'_>> {
    let member = |name: &str| definition.input_schema().and_then(Value::as_object).and_then(|schema| schema.get(name));
    let required: std::collections::HashSet<_> =
        member("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = member("properties").and_then(Value::as_object).into_iter().flat_map(Object::iter);
    properties.map(|(name, schema)| Parameter { name, kind: kind(schema), required: required.contains(name) }).collect()
}

/// The type of a schema as it writes it; where it writes none, the keyword that says what it allows.
fn kind(schema: &Value) -> String {
    let Some(schema) = schema.as_object() else { return "any".to_owned() };
    match schema.get("type") {
        Some(Value::String(one)) => one.clone(),
        Some(Value::Array(several)) => {
            several.iter().map(|one| one.as_str().unwrap_or("?")).collect::<Vec<_>>().join(" | ")
        }
        _ => ["$ref", "enum", "const", "anyOf", "oneOf", "allOf"]
            .into_iter()
            .find_map(|keyword| Some((keyword, schema.get(keyword)?)))
            .map_or_else(
                || "any".to_owned(),
                |(keyword, value)| match value {
                    Value::Array(_) => keyword.to_owned(),
                    other => format!("{keyword} {other}"),
                },
            ),
    }
}

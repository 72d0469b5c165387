//! The schema of one tool's action, generated from the shape of its arguments.
//!
//! In Cedar's JSON form, where names need no escapes: they come from an untrusted server.

use cedar_policy::SchemaFragment;
use serde_json::{Map, Value, json};

use super::arguments::alternative_name;
use super::request::Unbuildable;
use crate::event::ToolName;
use crate::tools::{LeafKind, Record, Shape};

/// The action of a tool whose arguments have this shape: `"server/tool" in ["call_tool"]`, with `args` and `from` beside
/// the core context. The actions of `others`, which the tool's policies name too, apply to nothing here.
pub(super) fn fragment<'t>(
    tool: &ToolName,
    arguments: &Record,
    others: impl Iterator<Item = &'t ToolName>,
) -> Result<SchemaFragment, Unbuildable> {
    let from: Map<String, Value> =
        arguments.fields.keys().map(|name| (name.to_string(), json!({ "type": "Flow" }))).collect();
    let context = json!({ "type": "Record", "attributes": {
        "core": { "type": "Core" },
        "args": record(arguments),
        "from": { "type": "Record", "attributes": from },
    }});
    let mut actions: Map<_, _> = others.map(|other| (other.to_string(), json!({}))).collect();
    actions.insert(
        tool.to_string(),
        json!({ "memberOf": [{ "id": "call_tool" }], "appliesTo": {
            "principalTypes": ["Agent"], "resourceTypes": ["Tool"], "context": context,
        }}),
    );
    let schema = json!({ "Guardhouse": { "entityTypes": {}, "actions": actions } });
    SchemaFragment::from_json_value(schema).map_err(Unbuildable::internal)
}

/// Whether policies can read a value of this shape at all.
pub(super) fn is_readable(shape: &Shape) -> bool {
    match shape {
        Shape::Leaf(_) | Shape::Record(_) | Shape::Choice(_) => true,
        Shape::Set(item) => is_readable(item),
        Shape::Opaque(_) => false,
    }
}

/// The type of an object. What cannot be read has no attribute.
fn record(record: &Record) -> Value {
    let attributes: Map<String, Value> = record
        .fields
        .iter()
        .filter_map(|(name, field)| {
            let mut attribute = type_of(&field.shape)?;
            attribute.as_object_mut()?.insert("required".to_owned(), field.required.into());
            Some((name.to_string(), attribute))
        })
        .collect();
    json!({ "type": "Record", "attributes": attributes })
}

/// The type of a value; `None` if policies cannot read it.
fn type_of(shape: &Shape) -> Option<Value> {
    Some(match shape {
        Shape::Leaf(leaf) => match leaf.kind {
            LeafKind::Bool => json!({ "type": "Boolean" }),
            LeafKind::Long => json!({ "type": "Long" }),
            LeafKind::Decimal => json!({ "type": "Extension", "name": "decimal" }),
            LeafKind::Text => json!({ "type": "String" }),
            LeafKind::Datetime => json!({ "type": "Extension", "name": "datetime" }),
            LeafKind::Address => json!({ "type": "Extension", "name": "ipaddr" }),
        },
        Shape::Set(item) => json!({ "type": "Set", "element": type_of(item)? }),
        Shape::Record(members) => record(members),
        Shape::Choice(choice) => {
            let attributes: Map<String, Value> = choice
                .shapes
                .iter()
                .filter_map(|(json_type, shape)| {
                    let mut attribute = type_of(shape)?;
                    attribute.as_object_mut()?.insert("required".to_owned(), false.into());
                    Some((alternative_name(*json_type).to_owned(), attribute))
                })
                .collect();
            json!({ "type": "Record", "attributes": attributes })
        }
        Shape::Opaque(_) => return None,
    })
}

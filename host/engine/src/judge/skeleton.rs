//! A policy to begin with, and a list of what it may read.
//!
//! The list is made from the schema that the policy will be validated against, so it names what there is. Names of tools
//! and arguments come from an untrusted server: they are written with escapes, and cannot end a comment or a string.

use std::fmt::Write as _;

use cedar_policy::{EntityId, EntityTypeName, EntityUid, SchemaFragment};
use serde_json::{Map, Value};

use super::annotations::is_name;
use super::format::format;
use super::fragment::fragment;
use super::levels::Judge;
use super::policy::{PolicyFile, Strength};
use super::reads::{Root, spelled};
use super::request::Unbuildable;
use super::typed::record;
use crate::event::ToolName;
use crate::json::quote;
use crate::tools::Shape;

/// What a new policy is to be.
#[derive(Debug, Clone, Copy)]
pub struct Skeleton<'s> {
    /// Its `@id`.
    pub id: &'s str,
    /// The strength of a forbid; `None` for a permit.
    pub forbid: Option<Strength>,
    /// The tool whose calls it is about; `None` for the calls of any tool.
    pub tool: Option<&'s ToolName>,
    /// The shape of that tool's arguments, if its definition is pinned: then the policy may read them.
    pub shape: Option<&'s Shape>,
}

/// Why there is no new policy.
#[derive(Debug, thiserror::Error)]
pub enum SkeletonError {
    /// It cannot be named so.
    #[error("expected an `@id` of 1 to 128 letters, digits, `-`, `_` and `.`, found {0}")]
    Id(String),
    /// It asks for the repair of what nobody reports.
    #[error("expected a stationed guard that reports something to repair, found none: `modify` has nothing to modify")]
    NothingToRepair,
    /// An error of this program.
    #[error("the policy could not be written: {0}")]
    Internal(String),
}

impl From<Unbuildable> for SkeletonError {
    fn from(error: Unbuildable) -> Self {
        Self::Internal(error.to_string())
    }
}

impl Judge {
    /// The text of a new policy, which loads as it stands beside policies of other names, in the form of [`format()`].
    ///
    /// What stands in it as its condition is an example: of a permit one that hardly ever holds.
    ///
    /// # Errors
    ///
    /// If its name is none, or it is to modify what no guard reports.
    pub fn skeleton(&self, skeleton: &Skeleton<'_>) -> Result<String, SkeletonError> {
        let Skeleton { id, forbid, tool, shape } = *skeleton;
        if !is_name(id) {
            return Err(SkeletonError::Id(quote(id)));
        }
        let category = self.categories().first();
        let finding = category.map(|category| {
            let chain = ["core", "findings", category.as_str()].map(str::to_owned);
            (category, spelled(Root::Context, &chain))
        });
        let (annotations, word, condition) = match (forbid, finding) {
            (None, _) => {
                ("@why(\"say here why it may be\")".to_owned(), "permit", "context.core.remembered.call".to_owned())
            }
            (Some(Strength::Modify), None) => return Err(SkeletonError::NothingToRepair),
            (Some(Strength::Modify), Some((category, found))) => {
                let annotations = format!("@verdict(\"modify\") @redact(\"{category}\")\n{MESSAGE}");
                (annotations, "forbid", format!("{found}.count > 0"))
            }
            (Some(strength), finding) => {
                let verdict = crate::decision::Verdict::from(strength);
                let condition = finding.map_or_else(
                    || "context.core.coverage.uninspected".to_owned(),
                    |(_, found)| format!("{found}.worst >= 3"),
                );
                (format!("@verdict(\"{verdict}\")\n{MESSAGE}"), "forbid", condition)
            }
        };
        let scope = match (tool, shape) {
            (None, _) => "action in Guardhouse::Action::\"call_tool\", resource".to_owned(),
            (Some(tool), None) => {
                format!("action in Guardhouse::Action::\"call_tool\", resource == {}", uid("Guardhouse::Tool", tool)?)
            }
            (Some(tool), Some(_)) => format!("action == {}, resource", uid("Guardhouse::Action", tool)?),
        };
        let typed = match (tool, shape) {
            (Some(tool), Some(shape)) => Some((tool, fragment(tool, record(shape), std::iter::empty())?)),
            _ => None,
        };
        let facts = self.facts(typed.as_ref())?;
        let text = format!(
            "@id(\"{id}\")\n{annotations}\n{word} (principal, {scope})\nwhen {{\n  // Put the condition here; this one is an example. It may read:\n{facts}  {condition}\n}};\n"
        );
        let file = PolicyFile { name: id.to_owned(), text };
        // A server's names must not keep an author from a policy, should the formatter stumble over one.
        Ok(format(&file).unwrap_or(file.text))
    }

    /// What a policy on calls may read, a comment a line.
    fn facts(&self, typed: Option<&(&ToolName, SchemaFragment)>) -> Result<String, SkeletonError> {
        let core = namespace(self.core_fragment())?;
        let mut list = Types { common: object(&core, "commonTypes"), text: String::new() };
        let entity = |name| core.pointer(&format!("/entityTypes/{name}/shape"));
        for (word, shape) in [("principal", entity("Agent")), ("resource", entity("Tool"))] {
            if let Some(shape) = shape {
                list.describe(word, shape);
            }
        }
        list.describe("context.core", &serde_json::json!({ "type": "Core" }));
        if let Some((tool, fragment)) = typed {
            let actions = namespace(fragment)?;
            let context = object(&actions, "actions")
                .and_then(|actions| actions.get(&tool.to_string()))
                .and_then(|action| action.pointer("/appliesTo/context/attributes"));
            for part in ["args", "from"] {
                if let Some(part_type) = context.and_then(|context| context.get(part)) {
                    list.describe(&format!("context.{part}"), part_type);
                }
            }
        }
        let entities = object(&core, "entityTypes").into_iter().flatten();
        let words = entities.filter_map(|(name, entity)| Some((name, entity.get("enum")?.as_array()?)));
        for (name, words) in words.filter(|(name, _)| *name != "Channel") {
            let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
            // Writing into a string cannot fail.
            let _ = writeln!(list.text, "  // Guardhouse::{name}::\"…\": {}", words.join(", "));
        }
        Ok(list.text)
    }
}

/// What a forbid of a new policy says until its author does.
const MESSAGE: &str = "@message(\"say here what a person should know\")";

/// The list of what can be read, in the making.
struct Types<'s> {
    /// Types that have a name.
    common: Option<&'s Map<String, Value>>,
    text: String,
}

impl Types<'_> {
    /// Adds a line for each record: its members that are no records, with their types.
    fn describe(&mut self, name: &str, of: &Value) {
        let Some(members) = self.record(of) else { return };
        let mut leaves = Vec::new();
        let mut records = Vec::new();
        for (member, member_type) in &members {
            let optional = if member_type.get("required") == Some(&Value::Bool(false)) { "?" } else { "" };
            let spelled = spelled_below(name, member);
            match self.record(member_type) {
                Some(_) => records.push((format!("{spelled}{optional}"), member_type)),
                None => leaves.push(format!("{}{optional} {}", member.escape_debug(), type_name(member_type))),
            }
        }
        if !leaves.is_empty() {
            // Writing into a string cannot fail.
            let _ = writeln!(self.text, "  //   {name}: {}", leaves.join(", "));
        }
        for (name, record) in records {
            self.describe(&name, record);
        }
    }

    /// The members of a record, whether or not the type has a name.
    fn record(&self, of: &Value) -> Option<Map<String, Value>> {
        let direct = of.get("attributes").and_then(Value::as_object);
        let named = || self.common?.get(base_name(of)?)?.get("attributes")?.as_object();
        direct.or_else(named).cloned()
    }
}

/// What is in the schema's one namespace.
fn namespace(fragment: &SchemaFragment) -> Result<Value, SkeletonError> {
    let mut whole = fragment.clone().to_json_value().map_err(|error| SkeletonError::Internal(error.to_string()))?;
    Ok(whole.get_mut("Guardhouse").map(Value::take).unwrap_or_default())
}

fn object<'v>(value: &'v Value, name: &str) -> Option<&'v Map<String, Value>> {
    value.get(name)?.as_object()
}

/// The name of a type, without its namespace.
fn base_name(of: &Value) -> Option<&str> {
    let name = match of.get("type")?.as_str()? {
        "EntityOrCommon" | "Entity" | "Extension" => of.get("name")?.as_str()?,
        name => name,
    };
    name.rsplit("::").next()
}

/// A type as a schema writes it.
fn type_name(of: &Value) -> String {
    match of.get("element") {
        Some(element) => format!("Set<{}>", type_name(element)),
        None => match base_name(of) {
            Some("Record") => "{…}".to_owned(),
            Some("Boolean") => "Bool".to_owned(),
            Some(name) => name.to_owned(),
            None => "?".to_owned(),
        },
    }
}

/// An attribute of what has this name.
fn spelled_below(name: &str, attribute: &str) -> String {
    let below = spelled(Root::Context, &[attribute.to_owned()]);
    format!("{name}{}", below.strip_prefix(Root::Context.word()).unwrap_or(&below))
}

/// An entity as policies write it, with whatever has to be escaped.
fn uid(entity_type: &str, tool: &ToolName) -> Result<EntityUid, SkeletonError> {
    let entity_type: EntityTypeName = entity_type.parse().map_err(Unbuildable::internal)?;
    Ok(EntityUid::from_type_name_and_id(entity_type, EntityId::new(tool.to_string())))
}

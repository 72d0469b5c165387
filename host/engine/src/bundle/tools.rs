//! `[tools."server/tool"]` and `[servers.name]`.

use std::{collections::BTreeMap, ops::Range};

use toml_span::{Value as Toml, value::ValueInner};

use super::fields::{Fields, Placed, Source};
use crate::{
    event::{ServerName, ToolName},
    tools::{Credit, Pointer, Role, ServerSettings, Settings, ToolSettings, is_label},
};

/// The key in `servers` that stands for every server that has no entry. A server of that name has none of its own.
const OTHERS: &str = "*";

/// What the manifest says of tools and of their servers.
pub(super) fn read<'s>(source: &mut Source<'s>, tools: Option<Toml<'s>>, servers: Option<Toml<'s>>) -> Settings {
    let tools = read_tools(source, tools);
    let (servers, others) = read_servers(source, servers);
    Settings::new(tools, servers, others)
}

fn read_tools<'s>(source: &mut Source<'s>, value: Option<Toml<'s>>) -> BTreeMap<ToolName, ToolSettings> {
    let mut tools = BTreeMap::new();
    let Some(fields) = named_tables(source, "tools", value) else { return tools };
    for (name, at, mut value) in fields.rest() {
        let tool = name.parse::<ToolName>();
        if tool.is_err() {
            source.error(at.clone(), format!("field `tools`: expected `server/tool`, found `{name}`"));
        }
        let Some(fields) = source.as_table(&name, &mut value, at) else { continue };
        let settings = read_tool(source, fields);
        if let Ok(tool) = tool {
            tools.insert(tool, settings);
        }
    }
    tools
}

fn read_tool<'s>(source: &mut Source<'s>, mut fields: Fields<'s>) -> ToolSettings {
    let words = fields.strings(source, "effects");
    let effects = words.map(|words| words.value.iter().filter_map(|word| source.word("effects", word)).collect());
    let open_world = fields.boolean(source, "open_world").map(|found| found.value);
    let roles = read_roles(source, &mut fields);
    let results = read_credit(source, &mut fields, "results");
    fields.not_enforced(source, &["amount"]);
    fields.finish(source);
    ToolSettings { effects, open_world, roles, results }
}

fn read_roles<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>) -> BTreeMap<Pointer, Role> {
    let mut roles = BTreeMap::new();
    let Some(fields) = named_tables(source, "roles", fields.take("roles")) else { return roles };
    for (text, at, mut value) in fields.rest() {
        let pointer = text.parse::<Pointer>().map_err(|error| {
            let message = format!("field `roles`: {error}");
            let meant = format!("/{text}");
            match meant.parse::<Pointer>() {
                Ok(meant) if !text.starts_with('/') => {
                    source.error_with_help(at, message, format!("did you mean `{meant}`?"));
                }
                _ => source.error(at, message),
            }
        });
        let at = Range::from(value.span);
        let word = match value.take() {
            ValueInner::String(word) => Placed { value: word.into_owned(), at },
            other => {
                source.wrong_type("roles", "a role for each pointer", &other, at);
                continue;
            }
        };
        if let (Some(role), Ok(pointer)) = (source.word("roles", &word), pointer) {
            roles.insert(pointer, role);
        }
    }
    roles
}

/// Whether a source is trusted, by the field of this name, and its `labels`.
pub(super) fn read_credit<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>, integrity: &'static str) -> Credit {
    let word = fields.string(source, integrity);
    let labels = fields.strings(source, "labels").map(|labels| labels.value).unwrap_or_default();
    for label in labels.iter().filter(|label| !is_label(&label.value)) {
        let expected = "expected a label of 1 to 64 of `a-z`, `0-9`, `-`, `_` and `.`";
        source.error(label.at.clone(), format!("field `labels`: {expected}, found `{}`", label.value));
    }
    Credit {
        integrity: word.and_then(|word| source.word(integrity, &word)),
        labels: labels.into_iter().map(|label| label.value).collect(),
    }
}

/// What is said of each server that is named, and of the others.
fn read_servers<'s>(
    source: &mut Source<'s>,
    value: Option<Toml<'s>>,
) -> (BTreeMap<ServerName, ServerSettings>, ServerSettings) {
    let (mut servers, mut others) = (BTreeMap::new(), ServerSettings::default());
    let Some(fields) = named_tables(source, "servers", value) else { return (servers, others) };
    for (name, at, mut value) in fields.rest() {
        let server = name.parse::<ServerName>();
        if let Err(error) = &server {
            source.error(at.clone(), format!("field `servers`: {error}"));
        }
        let Some(mut fields) = source.as_table(&name, &mut value, at) else { continue };
        let trust_annotations = fields.boolean(source, "trust_annotations").is_some_and(|found| found.value);
        let results = read_credit(source, &mut fields, "results");
        fields.finish(source);
        let settings = ServerSettings { trust_annotations, results };
        if name == OTHERS {
            others = settings;
        } else if let Ok(server) = server {
            servers.insert(server, settings);
        }
    }
    (servers, others)
}

/// A table whose keys are names.
fn named_tables<'s>(source: &mut Source<'s>, field: &str, value: Option<Toml<'s>>) -> Option<Fields<'s>> {
    let mut value = value?;
    let at = Range::from(value.span);
    source.as_table(field, &mut value, at)
}

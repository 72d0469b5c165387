//! The manifest, `guardhouse.toml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use toml_span::{Value as Toml, value::ValueInner};

use super::{
    audit::{self, Audit},
    fields::{Fields, Placed, Source},
    limits, memo, tools,
};
use crate::{
    event::{Checkpoint, Source as Origin},
    json::{self, Digest, Object},
    nearest::nearest,
    sandbox::Limits,
    tools::{Credit, Settings},
};

/// The manifest's file name.
pub(crate) const FILE: &str = "guardhouse.toml";
/// The version of the manifest's format that this version reads.
const API: i64 = 1;

/// A manifest that was understood. Paths are as written; nothing has been opened.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The bundle's name.
    pub(crate) name: String,
    /// The guards in their order.
    pub(crate) guards: Vec<GuardEntry>,
    /// What the bundle says of inputs.
    pub(crate) sources: BTreeMap<Origin, Credit>,
    /// What the bundle says of tools and their servers.
    pub(crate) tools: Settings,
    /// Bytes for reports that are remembered.
    pub(crate) memo: usize,
    /// How decisions are recorded.
    pub(crate) audit: Audit,
    /// What happens to a stream of which more is held than may be.
    pub(crate) past_limit: PastLimit,
}

/// What happens to a stream when guards leave more of it open than is held (`[streams] past_limit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PastLimit {
    /// It is denied.
    #[default]
    Deny,
    /// What is held is released without having been inspected to its end: the fact `coverage.uninspected`.
    Release,
}

/// One `[[guards]]` entry.
#[derive(Debug)]
pub(crate) struct GuardEntry {
    /// Unique in the bundle.
    pub(crate) name: String,
    /// Relative to the bundle, with where it stands.
    pub(crate) file: Placed<String>,
    /// The artifact's digest where the entry has it itself.
    pub(crate) sha256: Option<Digest>,
    /// The checkpoints that it stands at; never empty.
    pub(crate) at: BTreeSet<Checkpoint>,
    /// What its failure means.
    pub(crate) on_failure: OnFailure,
    /// What `configure` gets.
    pub(crate) config: Object,
    /// What one check may use.
    pub(crate) limits: Limits,
}

/// What it means when a guard gives no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The event is denied. The default.
    Deny,
    /// The event is judged without the guard; the decision says so, and so does the fact `coverage.skipped`.
    Skip,
}

impl OnFailure {
    /// The word in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Skip => "skip",
        }
    }
}

impl Manifest {
    /// Reads the text of a manifest. Everything wrong with it is recorded in `source`; `None` where something is.
    pub(crate) fn read(source: &mut Source<'_>) -> Option<Self> {
        let mut fields = source.table()?;
        let name = fields.needed(source, "bundle").filter(|name| {
            let usable = usable_name(&name.value);
            if !usable {
                source.error(name.at.clone(), format!("field `bundle`: expected {NAME}, found `{}`", name.value));
            }
            usable
        });
        if fields.has("api") {
            if let Some(api) = fields.integer(source, "api").filter(|api| api.value != API) {
                source.error(api.at, format!("field `api`: expected {API}, found {}", api.value));
            }
        } else {
            source.error(0..0, format!("field `api`: expected `api = {API}`, found nothing"));
        }
        let limits = fields.take("limits").map_or_else(Limits::default, |mut value| {
            let at = Range::from(value.span);
            source
                .as_table("limits", &mut value, at)
                .map_or_else(Limits::default, |fields| limits::read(source, fields, &Limits::default()))
        });
        let guards = read_guards(source, fields.take("guards"), &limits);
        let memo = memo::read(source, fields.take("memo"));
        let sources = read_sources(source, fields.take("sources"));
        let past_limit = read_streams(source, fields.take("streams"));
        let servers = fields.take("servers");
        let tools = tools::read(source, fields.take("tools"), servers);
        let audit = audit::read(source, fields.take("audit"));
        fields.not_enforced(source, &["budgets"]);
        fields.finish(source);
        let manifest = Self { name: name?.value, guards, sources, tools, memo, audit, past_limit };
        source.errors.is_empty().then_some(manifest)
    }
}

const NAME: &str = "a name of 1 to 64 of `a-z`, `0-9`, `-`, `_` and `.`";

fn usable_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
}

fn read_guards<'s>(source: &mut Source<'s>, value: Option<Toml<'s>>, limits: &Limits) -> Vec<GuardEntry> {
    let Some(mut value) = value else { return Vec::new() };
    let at = Range::from(value.span);
    let ValueInner::Array(entries) = value.take() else {
        source.error(at, "field `guards`: expected `[[guards]]` entries, found something else");
        return Vec::new();
    };
    let mut guards: Vec<GuardEntry> = Vec::with_capacity(entries.len());
    for mut entry in entries {
        let at = Range::from(entry.span);
        let Some(fields) = source.as_table("guards", &mut entry, at) else { continue };
        let Some((guard, at)) = read_guard(source, fields, limits) else { continue };
        if guards.iter().any(|other| other.name == guard.name) {
            source.error(at, format!("field `name`: expected each guard once, found `{}` again", guard.name));
        }
        guards.push(guard);
    }
    guards
}

fn read_guard<'s>(
    source: &mut Source<'s>,
    mut fields: Fields<'s>,
    limits: &Limits,
) -> Option<(GuardEntry, Range<usize>)> {
    let name = fields.needed(source, "name");
    if let Some(name) = &name
        && !usable_name(&name.value)
    {
        source.error(name.at.clone(), format!("field `name`: expected {NAME}, found `{}`", name.value));
    }
    let file = fields.needed(source, "file");
    let sha256 =
        fields.parsed(source, "sha256", "a digest, `sha256:` and 64 hexadecimal digits", |text| text.parse().ok());
    let at = read_checkpoints(source, &mut fields);
    let on_failure = fields.parsed(source, "on_failure", "`deny` or `skip`", |text| match text {
        "deny" => Some(OnFailure::Deny),
        "skip" => Some(OnFailure::Skip),
        _ => None,
    });
    fields.parsed(source, "mode", "`enforce`, the only mode of this version", |text| (text == "enforce").then_some(()));
    if let Some(grants) = fields.strings(source, "grants") {
        for grant in grants.value {
            source.error(grant.at, format!("field `grants`: expected none in this version, found `{}`", grant.value));
        }
    }
    let config = fields.take("config").map_or_else(Object::new, |mut value| {
        let at = Range::from(value.span);
        match to_json(source, &mut value) {
            Some(json::Value::Object(config)) => config,
            Some(_) => {
                source.error(at, "field `config`: expected a table, found something else");
                Object::new()
            }
            None => Object::new(),
        }
    });
    let limits = fields.take("limits").map_or_else(
        || limits.clone(),
        |mut value| {
            let at = Range::from(value.span);
            source
                .as_table("limits", &mut value, at)
                .map_or_else(|| limits.clone(), |fields| limits::read(source, fields, limits))
        },
    );
    fields.finish(source);
    let name = name?;
    let on_failure = on_failure.map_or(OnFailure::Deny, |found| found.value);
    let sha256 = sha256.map(|found| found.value);
    Some((GuardEntry { name: name.value, file: file?, sha256, at: at?, on_failure, config, limits }, name.at))
}

fn read_checkpoints<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>) -> Option<BTreeSet<Checkpoint>> {
    let found_at = fields.at.clone();
    let Some(words) = fields.strings(source, "at") else {
        source.error(found_at, "field `at`: expected an array of checkpoints, found none");
        return None;
    };
    if words.value.is_empty() {
        source.error(words.at, "field `at`: expected at least one checkpoint, found none: the guard would never run");
        return None;
    }
    let mut checkpoints = BTreeSet::new();
    for word in words.value {
        match word.value.parse::<Checkpoint>() {
            Ok(checkpoint) if checkpoint != Checkpoint::Note => {
                checkpoints.insert(checkpoint);
            }
            _ => {
                let known = GUARDED.iter().map(|checkpoint| checkpoint.as_str());
                let message = format!("field `at`: expected a checkpoint, found `{}`", word.value);
                match nearest(&word.value, known.clone()) {
                    Some(name) => source.error_with_help(word.at, message, format!("did you mean `{name}`?")),
                    None => source.error_with_help(
                        word.at,
                        message,
                        format!("the checkpoints are {}", known.collect::<Vec<_>>().join(", ")),
                    ),
                }
            }
        }
    }
    Some(checkpoints)
}

/// The checkpoints that a guard can stand at. The text of a reasoning note is checked as an output.
const GUARDED: [Checkpoint; 5] =
    [Checkpoint::Input, Checkpoint::ToolDefinition, Checkpoint::ToolCall, Checkpoint::ToolResult, Checkpoint::Output];

fn read_streams<'s>(source: &mut Source<'s>, value: Option<Toml<'s>>) -> PastLimit {
    let Some(mut value) = value else { return PastLimit::default() };
    let at = Range::from(value.span);
    let Some(mut fields) = source.as_table("streams", &mut value, at) else { return PastLimit::default() };
    let past_limit = fields.parsed(source, "past_limit", "`deny` or `release`", |text| match text {
        "deny" => Some(PastLimit::Deny),
        "release" => Some(PastLimit::Release),
        _ => None,
    });
    fields.finish(source);
    past_limit.map_or_else(PastLimit::default, |found| found.value)
}

fn read_sources<'s>(source: &mut Source<'s>, value: Option<Toml<'s>>) -> BTreeMap<Origin, Credit> {
    let mut sources = BTreeMap::new();
    let Some(mut value) = value else { return sources };
    let at = Range::from(value.span);
    let Some(mut fields) = source.as_table("sources", &mut value, at) else { return sources };
    for origin in Origin::ALL {
        let name = origin.as_str();
        let Some(mut value) = fields.take(name) else { continue };
        let at = Range::from(value.span);
        let Some(mut fields) = source.as_table(name, &mut value, at) else { continue };
        sources.insert(origin, tools::read_credit(source, &mut fields, "integrity"));
        fields.finish(source);
    }
    fields.finish(source);
    sources
}

/// A guard's configuration as the JSON that `configure` gets.
fn to_json(source: &mut Source<'_>, value: &mut Toml<'_>) -> Option<json::Value> {
    let at = Range::from(value.span);
    Some(match value.take() {
        ValueInner::String(text) => text.into_owned().into(),
        ValueInner::Integer(number) => number.into(),
        ValueInner::Boolean(value) => value.into(),
        ValueInner::Float(number) => {
            let Ok(number) = json::parse(number.to_string().as_bytes()) else {
                source.error(at, format!("field `config`: expected a finite number, found {number}"));
                return None;
            };
            number
        }
        ValueInner::Array(items) => {
            let mut array = Vec::with_capacity(items.len());
            for mut item in items {
                array.push(to_json(source, &mut item)?);
            }
            array.into()
        }
        ValueInner::Table(table) => {
            let mut object = Object::new();
            for (key, mut value) in table {
                object.insert(key.name.into_owned(), to_json(source, &mut value)?);
            }
            object.into()
        }
    })
}

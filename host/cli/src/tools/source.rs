//! Where definitions come from: transcripts, and answers of servers to `tools/list`.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use guardhouse::{
    event::{Body, NameError, ServerName, ToolId, ToolName},
    json::{self, JsonError, Object, Value},
    tools::{Definition, DefinitionError},
};
use miette::Diagnostic;
use thiserror::Error;

use super::shown;
use crate::{
    arguments,
    transcript::{Transcript, TranscriptError},
};

/// Bytes of an answer to `tools/list` that are read: as many as of a lock.
const LIST: u64 = 64 << 20;

/// The definitions of some sources, at most one of each tool.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    pub(super) tools: BTreeMap<ToolName, Arc<Definition>>,
    /// The servers that the sources speak of.
    pub(super) servers: BTreeSet<ServerName>,
    /// Where each definition stands.
    places: BTreeMap<ToolName, String>,
}

/// A source without the definitions that it should have.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum SourceError {
    /// A transcript cannot be read.
    #[error(transparent)]
    #[diagnostic(help("the answer of a server to `tools/list` is read with `--server` and its name"))]
    Transcript(#[from] TranscriptError),
    /// A list cannot be read.
    #[error("{name}: expected an answer to `tools/list`, found that {source}")]
    Read { name: String, source: io::Error },
    /// A list is too long.
    #[error("{name}: expected at most {LIST} bytes, found more")]
    TooLong { name: String },
    /// A list is not JSON.
    #[error("{name}:{}:{}: expected {}, found {}", .error.line(), .error.column(), .error.expected(), .error.found())]
    #[diagnostic(help("with `--server`, a source is the answer to one `tools/list`; transcripts are read without"))]
    Json { name: String, error: JsonError },
    /// Something in a list is not what it should be.
    #[error("{place}: expected {expected}, found {found}")]
    Wrong { place: String, expected: &'static str, found: String },
    /// A tool has a name that no tool has.
    #[error("{place}: field `name`: {error}")]
    Name { place: String, error: NameError },
    /// A tool's definition is none.
    #[error("{place}: tool `{}`: {error}", shown(.tool))]
    #[diagnostic(help("leave this tool aside with `--only`, and pin the others"))]
    Definition { place: String, tool: ToolName, error: DefinitionError },
    /// A tool has two definitions.
    #[error("expected one definition of `{}`, found two that differ: {one} and {other}", shown(.tool))]
    #[diagnostic(help("give only the source that has the right one"))]
    Two { tool: ToolName, one: String, other: String },
    /// A tool that was asked for is not there.
    #[error("expected a definition of `{}` in the sources, found none", shown(.0))]
    NotThere(ToolName),
    /// There is nothing in the sources.
    #[error("expected definitions of tools in the sources, found none")]
    #[diagnostic(help(
        "a transcript has them as `tool-definition` events; for an answer to `tools/list`, name its server with `--server`"
    ))]
    Nothing,
}

impl Definitions {
    /// Reads sources; of tools that are not in `only`, unless it is empty, nothing is read but their names.
    pub(super) fn read(arguments: &arguments::Sources, only: &[ToolName]) -> Result<Self, SourceError> {
        let mut definitions = Self::default();
        for path in &arguments.sources {
            match &arguments.server {
                Some(server) => definitions.read_list(path, server, only)?,
                None => definitions.read_transcript(path, only)?,
            }
        }
        if let Some(missing) = only.iter().find(|tool| !definitions.tools.contains_key(*tool)) {
            return Err(SourceError::NotThere(missing.clone()));
        }
        Ok(definitions)
    }

    fn read_transcript(&mut self, path: &Path, only: &[ToolName]) -> Result<(), SourceError> {
        let mut transcript = Transcript::open(path)?;
        while let Some(event) = transcript.next()? {
            if let Body::ToolDefinition { tool, definition } = event.body {
                self.add(tool, definition, transcript.place(), only)?;
            }
        }
        Ok(())
    }

    fn read_list(&mut self, path: &Path, server: &ServerName, only: &[ToolName]) -> Result<(), SourceError> {
        let (name, value) = read_json(path)?;
        self.servers.insert(server.clone());
        let (tools, pointer) = tools_of(&name, value)?;
        for (index, tool) in tools.into_iter().enumerate() {
            let place = format!("{name}: {pointer}/{index}");
            match tool_of(tool, &place) {
                Ok((id, definition)) => {
                    self.add(ToolName { server: server.clone(), tool: id }, definition, place, only)?;
                }
                // One that nobody could call cannot be the one that is asked for.
                Err(_) if !only.is_empty() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn add(&mut self, tool: ToolName, object: Object, place: String, only: &[ToolName]) -> Result<(), SourceError> {
        if !only.is_empty() && !only.contains(&tool) {
            return Ok(());
        }
        let definition = match Definition::read(&tool.tool, object) {
            Ok(definition) => Arc::new(definition),
            Err(error) => return Err(SourceError::Definition { place, tool, error }),
        };
        self.servers.insert(tool.server.clone());
        match self.tools.entry(tool) {
            Entry::Vacant(free) => {
                self.places.insert(free.key().clone(), place);
                free.insert(definition);
                Ok(())
            }
            Entry::Occupied(same) if *same.get() == definition => Ok(()),
            Entry::Occupied(first) => {
                let one = self.places.remove(first.key()).unwrap_or_default();
                Err(SourceError::Two { tool: first.key().clone(), one, other: place })
            }
        }
    }
}

/// An item of a list, and the name that it gives itself.
fn tool_of(item: Value, place: &str) -> Result<(ToolId, Object), SourceError> {
    let place = || place.to_owned();
    let Value::Object(definition) = item else {
        let found = item.kind().to_owned();
        return Err(SourceError::Wrong { place: place(), expected: "a tool, an object", found });
    };
    match definition.get("name") {
        Some(Value::String(id)) => match id.parse() {
            Ok(id) => Ok((id, definition)),
            Err(error) => Err(SourceError::Name { place: place(), error }),
        },
        other => {
            let found = other.map_or("nothing", Value::kind).to_owned();
            Err(SourceError::Wrong { place: place(), expected: "a tool with a `name`, a string", found })
        }
    }
}

/// The JSON of a file, and what to call the file; `-` is standard input.
fn read_json(path: &Path) -> Result<(String, Value), SourceError> {
    let (name, file): (_, io::Result<Box<dyn Read>>) = if path == Path::new("-") {
        ("standard input".to_owned(), Ok(Box::new(io::stdin().lock())))
    } else {
        (path.display().to_string(), File::open(path).map(|file| Box::new(file) as Box<dyn Read>))
    };
    let mut bytes = Vec::new();
    match file.and_then(|file| file.take(LIST + 1).read_to_end(&mut bytes)) {
        Err(source) => Err(SourceError::Read { name, source }),
        Ok(_) if bytes.len() as u64 > LIST => Err(SourceError::TooLong { name }),
        Ok(_) => match json::parse(bytes.trim_ascii_end()) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(SourceError::Json { name, error }),
        },
    }
}

/// The tools of an answer to `tools/list` and the pointer to them: the array alone, the result, or the response.
fn tools_of(name: &str, value: Value) -> Result<(Vec<Value>, &'static str), SourceError> {
    let wrong = |pointer: &str, expected: &'static str, found: Option<&Value>| {
        let place = if pointer.is_empty() { name.to_owned() } else { format!("{name}: {pointer}") };
        Err(SourceError::Wrong { place, expected, found: found.map_or("nothing", Value::kind).to_owned() })
    };
    let mut result = match value {
        Value::Array(tools) => return Ok((tools, "")),
        Value::Object(result) => result,
        other => return wrong("", "the result of `tools/list`, an object or an array", Some(&other)),
    };
    let mut pointer = "/tools";
    if let Some(inner) = result.remove("result") {
        pointer = "/result/tools";
        result = match inner {
            Value::Object(inner) => inner,
            other => return wrong("/result", "the result of `tools/list`, an object", Some(&other)),
        };
    }
    if result.get("nextCursor").is_some_and(|cursor| *cursor != Value::Null) {
        tracing::warn!("{name} is one page of a longer list: give the other pages too");
    }
    match result.remove("tools") {
        Some(Value::Array(tools)) => Ok((tools, pointer)),
        other => wrong(pointer, "an array of tools", other.as_ref()),
    }
}

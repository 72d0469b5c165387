//! From a JSON value to a [`Case`]. Every member is asked for by name, and an unknown one is an error.

use std::str::FromStr;

use super::{
    case::{Case, Expected, ExpectedFinding, ExpectedPath, ExpectedPayload, ExpectedReason},
    place::Defect,
};
use crate::{
    decision::{ReasonCode, Verdict},
    event::{Checkpoint, Event, EventError, ToolResult},
    json::{Number, Object, Value, quote, told},
    nearest::nearest,
};

/// Most bytes of a name: it is a heading.
const LONGEST_NAME: usize = 256;
/// Most reasons, findings and earlier events that a case may list.
const LONGEST_LIST: usize = 1_000;

/// The agent and the session of an event that names none. Every case is judged as if it were the first, so that one
/// session will do for all.
const AGENT: &str = "test";
const SESSION: &str = "test";
/// The call of a tool call or a result that names none.
const CALL: &str = "c1";

/// Reads the case that begins on `line`. `unnamed` is its name where it has none; `None`: it must have one.
pub(super) fn case(value: &Value, line: usize, unnamed: Option<String>) -> Result<Case, Defect> {
    let mut members = Members::of(value, &Path::default(), "a case, an object")?;
    let name = match (members.get("name"), unnamed) {
        (Some(value), _) => name(&members, value)?,
        (None, Some(name)) => name,
        (None, None) => return Err(members.missing("name", "a name")),
    };
    let before = members.list("before", event)?.unwrap_or_default();
    let (value, path) = members.need("event", "an event")?;
    let event = event(value, &path)?;
    let (value, path) = members.need("expect", "an object with a `verdict`")?;
    let expected = expected(value, &path, event.checkpoint())?;
    members.finish()?;
    Ok(Case { name, line, before, event, expected })
}

fn name(members: &Members<'_>, value: &Value) -> Result<String, Defect> {
    let usable = |name: &&str| (1..=LONGEST_NAME).contains(&name.len()) && !name.contains(char::is_control);
    let name = value.as_str().filter(usable).map(str::to_owned);
    name.ok_or_else(|| {
        let expected = format!("a name of 1 to {LONGEST_NAME} bytes without control characters");
        members.path.member("name").wrong(&expected, value)
    })
}

/// An event, in which what every test would say anyway may be left out.
fn event(value: &Value, path: &Path) -> Result<Event, Defect> {
    let Value::Object(members) = value else { return Err(path.wrong("an event, an object", value)) };
    let mut members = members.clone();
    let mut default = |name: &str, value: &str| {
        if members.get(name).is_none() {
            members.insert(name, value);
        }
    };
    default("agent", AGENT);
    default("session", SESSION);
    if matches!(value.pointer("/checkpoint").and_then(Value::as_str), Some("tool-call" | "tool-result")) {
        default("call", CALL);
    }
    Event::from_value(members.into()).map_err(|error| of_event(path, &error))
}

/// The event's own error, at the member that it names.
fn of_event(path: &Path, error: &EventError) -> Defect {
    let field = error.field().unwrap_or_default();
    let path_of_field =
        field.split('/').filter(|step| !step.is_empty()).fold(path.clone(), |path, step| path.member(step));
    Defect { path: path_of_field.0, message: format!("field `{path}`: {error}"), help: None }
}

fn expected(value: &Value, path: &Path, checkpoint: Checkpoint) -> Result<Expected, Defect> {
    let mut members = Members::of(value, path, "an object with a `verdict`")?;
    let verdicts = Verdict::ALL.map(Verdict::as_str);
    let (value, path) = members.need("verdict", &one_of(&verdicts))?;
    let verdict = word(value, &path, &verdicts)?;
    let reasons = members.list("reasons", reason)?;
    let findings = members.list("findings", finding)?;
    let payload = payload(&mut members, checkpoint)?;
    members.finish()?;
    Ok(Expected { verdict, reasons, findings, payload })
}

/// One of `words`, which are the spellings of `T`.
fn word<T: FromStr>(value: &Value, path: &Path, words: &[&'static str]) -> Result<T, Defect> {
    let parsed = value.as_str().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| path.wrong(&one_of(words), value).near(value.as_str(), words))
}

/// `payments.cedar:large`, `no-permit`, or `guard-failed secrets`.
fn reason(value: &Value, path: &Path) -> Result<ExpectedReason, Defect> {
    let codes: Vec<_> = ReasonCode::ALL.into_iter().filter(|code| *code != ReasonCode::Policy).collect();
    let words: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let text = value.as_str().unwrap_or_default();
    // A policy's name is that of its file, which ends so, and an id, in which there may be anything.
    if text.contains(".cedar:") && !words.iter().any(|code| text.split(' ').next() == Some(code)) {
        return Ok(ExpectedReason::Policy(text.to_owned()));
    }
    let (code, of) = text.split_once(' ').map_or((text, None), |(code, of)| (code, Some(of.to_owned())));
    let known = codes.into_iter().find(|known| known.as_str() == code);
    let expected = || format!("a policy, `<file>.cedar:<id>`, or {}", one_of(&words));
    known
        .map(|code| ExpectedReason::Code { code, of })
        .ok_or_else(|| path.wrong(&expected(), value).near(Some(code), &words))
}

fn finding(value: &Value, path: &Path) -> Result<ExpectedFinding, Defect> {
    let mut members = Members::of(value, path, "a finding, an object")?;
    let finding = ExpectedFinding {
        guard: members.text("guard")?,
        rule: members.text("rule")?,
        category: members.read("category", "a category", |value| value.as_str()?.parse().ok())?,
        severity: members.read("severity", "a whole number from 0 to 4", |value| small(value)?.try_into().ok())?,
        confidence: members
            .read("confidence", "a whole number from 0 to 100", |value| small(value)?.try_into().ok())?,
        path: members.read("path", "a string or null", |value| match value {
            Value::Null => Some(ExpectedPath::Whole),
            Value::String(path) => Some(ExpectedPath::Part(path.clone())),
            _ => None,
        })?,
    };
    members.finish()?;
    Ok(finding)
}

fn small(value: &Value) -> Option<u8> {
    value.as_number().and_then(Number::as_u64)?.try_into().ok()
}

/// The members of a decision that stand for what was repaired, as far as a decision on such an event can have them.
fn payload(members: &mut Members<'_>, checkpoint: Checkpoint) -> Result<Option<ExpectedPayload>, Defect> {
    Ok(match checkpoint {
        Checkpoint::Input | Checkpoint::Output | Checkpoint::Note => members.text("text")?.map(ExpectedPayload::Text),
        Checkpoint::ToolCall => members.object("arguments")?.map(ExpectedPayload::Arguments),
        Checkpoint::ToolDefinition => members.object("tool")?.map(ExpectedPayload::Definition),
        Checkpoint::ToolResult => {
            let text = members.text("text")?;
            let content = members.read("content", "an array", |value| Some(value.as_array()?.to_vec()))?;
            let structured = members.get("structured").cloned();
            if text.is_some() && content.is_some() {
                return Err(members.path.member("content").defect("expected either `text` or `content`, found both"));
            }
            let content = content.or_else(|| text.map(|text| ToolResult::text(text).content));
            (content.is_some() || structured.is_some()).then_some(ExpectedPayload::Result { content, structured })
        }
    })
}

/// The keys and numbers of items that lead to a value. Displayed with `/` between them.
#[derive(Debug, Clone, Default)]
struct Path(Vec<String>);

impl Path {
    fn member(&self, step: &str) -> Self {
        let mut path = self.clone();
        path.0.push(step.to_owned());
        path
    }

    /// The value is not what it should be, in a whole sentence.
    fn defect(&self, message: impl Into<String>) -> Defect {
        let message = message.into();
        let message = if self.0.is_empty() { message } else { format!("field `{self}`: {message}") };
        Defect { path: self.0.clone(), message, help: None }
    }

    /// `found` stands here, where `expected` should.
    fn wrong(&self, expected: &str, found: &Value) -> Defect {
        self.defect(format!("expected {expected}, found {}", told(found)))
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

impl Defect {
    /// With the nearest of `words`, if `found` is near to one.
    fn near(mut self, found: Option<&str>, words: &[&str]) -> Self {
        let near = found.and_then(|found| nearest(found, words.iter().copied()));
        self.help = near.map(|word| format!("did you mean `{word}`?"));
        self
    }
}

/// The members of one object, and the names of those that were asked for.
struct Members<'v> {
    object: &'v Object,
    path: Path,
    known: Vec<&'static str>,
}

impl<'v> Members<'v> {
    fn of(value: &'v Value, path: &Path, expected: &str) -> Result<Self, Defect> {
        let object = value.as_object().ok_or_else(|| path.wrong(expected, value))?;
        Ok(Self { object, path: path.clone(), known: Vec::new() })
    }

    fn get(&mut self, name: &'static str) -> Option<&'v Value> {
        self.known.push(name);
        self.object.get(name)
    }

    fn missing(&self, name: &str, expected: &str) -> Defect {
        let message = format!("field `{}`: expected {expected}, found nothing", self.path.member(name));
        Defect { path: self.path.0.clone(), message, help: None }
    }

    /// A member that must be there, and the way to it.
    fn need(&mut self, name: &'static str, expected: &str) -> Result<(&'v Value, Path), Defect> {
        let value = self.get(name).ok_or_else(|| self.missing(name, expected))?;
        Ok((value, self.path.member(name)))
    }

    /// A member of which `read` makes something, unless it is not what is `expected`.
    fn read<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&'v Value) -> Option<T>,
    ) -> Result<Option<T>, Defect> {
        let Some(value) = self.get(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.path.member(name).wrong(expected, value))
    }

    fn text(&mut self, name: &'static str) -> Result<Option<String>, Defect> {
        self.read(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    fn object(&mut self, name: &'static str) -> Result<Option<Object>, Defect> {
        self.read(name, "an object", |value| value.as_object().cloned())
    }

    /// A list, item by item.
    fn list<T>(
        &mut self,
        name: &'static str,
        mut item: impl FnMut(&'v Value, &Path) -> Result<T, Defect>,
    ) -> Result<Option<Vec<T>>, Defect> {
        let Some(items) = self.read(name, "an array", Value::as_array)? else { return Ok(None) };
        let path = self.path.member(name);
        if items.len() > LONGEST_LIST {
            return Err(path.defect(format!("expected at most {LONGEST_LIST} items, found {}", items.len())));
        }
        items
            .iter()
            .enumerate()
            .map(|(index, value)| item(value, &path.member(&index.to_string())))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Refuses a member that nobody asked for.
    fn finish(self) -> Result<(), Defect> {
        let Some(unknown) = self.object.keys().find(|key| !self.known.contains(key)) else { return Ok(()) };
        let message = format!("expected {}, found an unknown field", one_of(&self.known));
        let shown = self.path.member(quote(unknown).trim_matches('`'));
        Err(Defect { path: self.path.member(unknown).0, message: format!("field `{shown}`: {message}"), help: None }
            .near(Some(unknown), &self.known))
    }
}

/// `one of` the words, in backticks.
fn one_of(words: &[&str]) -> String {
    format!("one of {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
}

//! From JSON to an [`Event`].

use std::str::FromStr;

use super::error::list;
use super::{
    Body, Checkpoint, Event, EventError, InvalidMoney, InvalidTrace, NameError, Note, Source, Tokens, ToolName,
    ToolResult, Usage, time,
};
use crate::json::{self, MAX_DEPTH, Object, Value, quote};
use crate::nearest::nearest;

impl Event {
    /// Reads one event from JSON.
    ///
    /// # Errors
    ///
    /// If `input` is not [strict JSON](crate::json), or not one event as surfaces send it.
    pub fn from_json(input: &[u8]) -> Result<Self, EventError> {
        Self::from_value(json::parse(input)?)
    }

    /// Reads one event from a JSON value.
    ///
    /// # Errors
    ///
    /// If `value` is not one event, or nested deeper than [`MAX_DEPTH`].
    pub fn from_value(value: Value) -> Result<Self, EventError> {
        // A parsed value is not; one that was put together may be, and then its JSON could not be read back.
        if value.depth() > MAX_DEPTH {
            let expected = format!("at most {MAX_DEPTH} nested arrays and objects");
            return Err(EventError::Field { field: String::new(), expected, found: "more".to_owned() });
        }
        let Value::Object(members) = value else {
            return Err(EventError::wrong("", "an object", &value));
        };
        let mut fields = Fields { members, known: Vec::new() };
        let event = Self {
            id: fields.optional_name("id")?,
            agent: fields.name("agent")?,
            session: fields.name("session")?,
            user: fields.optional_name("user")?,
            parent: fields.optional_name("parent")?,
            time: fields.time()?,
            trace: fields.trace()?,
            body: fields.body()?,
        };
        fields.finish(event.checkpoint().as_str())?;
        Ok(event)
    }
}

/// The members of an object that have not been read yet, and the names of those that were asked for.
struct Fields {
    members: Object,
    known: Vec<&'static str>,
}

impl Fields {
    /// Takes the member `name`.
    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        // The order of the others does not matter, but there are few of them at this level unless the sender is
        // hostile, and then this is asked some twenty times.
        self.members.remove(name)
    }

    /// Takes the member `name`, or fails because `expected` is missing.
    fn need(&mut self, name: &'static str, expected: &str) -> Result<Value, EventError> {
        self.take(name).ok_or_else(|| EventError::missing(name, expected))
    }

    /// Fails if a member is left that nobody asked for; `what` had the others.
    fn finish(self, what: &str) -> Result<(), EventError> {
        let what = format!("`{what}` events");
        match self.members.keys().next() {
            Some(field) => Err(EventError::unknown(field, &what, &self.known)),
            None => Ok(()),
        }
    }

    /// A string.
    fn text(&mut self, name: &'static str) -> Result<String, EventError> {
        match self.need(name, "a string")? {
            Value::String(text) => Ok(text),
            other => Err(EventError::wrong(name, "a string", &other)),
        }
    }

    /// A string that may be left out.
    fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, EventError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(EventError::wrong(name, "a string", &other)),
        }
    }

    /// An object.
    fn object(&mut self, name: &'static str) -> Result<Object, EventError> {
        match self.need(name, "an object")? {
            Value::Object(object) => Ok(object),
            other => Err(EventError::wrong(name, "an object", &other)),
        }
    }

    /// A name.
    fn name<N: FromStr<Err = NameError>>(&mut self, name: &'static str) -> Result<N, EventError> {
        named(name, &self.text(name)?)
    }

    /// A name that may be left out.
    fn optional_name<N: FromStr<Err = NameError>>(&mut self, name: &'static str) -> Result<Option<N>, EventError> {
        self.optional_text(name)?.map(|text| named(name, &text)).transpose()
    }

    /// The time.
    fn time(&mut self) -> Result<Option<jiff::Timestamp>, EventError> {
        let read = |text: String| {
            time::parse(&text)
                .ok_or_else(|| EventError::wrong("time", "an RFC 3339 date and time with an offset", &text.into()))
        };
        self.optional_text("time")?.map(read).transpose()
    }

    /// The trace.
    fn trace(&mut self) -> Result<Option<super::Trace>, EventError> {
        let read =
            |text: String| text.parse().map_err(|_| EventError::wrong("trace", InvalidTrace::EXPECTED, &text.into()));
        self.optional_text("trace")?.map(read).transpose()
    }

    /// A word out of a list.
    fn word<T: Copy>(&mut self, name: &'static str, words: &[(&'static str, T)]) -> Result<T, EventError> {
        let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let text = match self.need(name, &format!("one of {}", list(&names)))? {
            Value::String(text) => text,
            other => return Err(EventError::wrong(name, format!("one of {}", list(&names)), &other)),
        };
        words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let hint = nearest(&text, names.iter().copied()).map(|word| format!(" (`{word}`?)")).unwrap_or_default();
            EventError::Field {
                field: name.to_owned(),
                expected: format!("one of {}{hint}", list(&names)),
                found: quote(&text),
            }
        })
    }

    /// Whatever the checkpoint says there is.
    fn body(&mut self) -> Result<Body, EventError> {
        let checkpoints = Checkpoint::ALL.map(|checkpoint| (checkpoint.as_str(), checkpoint));
        Ok(match self.word("checkpoint", &checkpoints)? {
            Checkpoint::Input => {
                let sources = Source::ALL.map(|source| (source.as_str(), source));
                Body::Input { source: self.word("source", &sources)?, text: self.text("text")? }
            }
            Checkpoint::ToolDefinition => {
                Body::ToolDefinition { tool: self.tool()?, definition: self.object("definition")? }
            }
            Checkpoint::ToolCall => {
                Body::ToolCall { tool: self.tool()?, call: self.name("call")?, arguments: self.object("arguments")? }
            }
            Checkpoint::ToolResult => {
                Body::ToolResult { tool: self.tool()?, call: self.name("call")?, result: self.result()? }
            }
            Checkpoint::Output => Body::Output { text: self.text("text")? },
            Checkpoint::Note => Body::Note(self.note()?),
        })
    }

    /// A tool's two names.
    fn tool(&mut self) -> Result<ToolName, EventError> {
        Ok(ToolName { server: self.name("server")?, tool: self.name("tool")? })
    }

    /// A tool's answer.
    fn result(&mut self) -> Result<ToolResult, EventError> {
        let text = self.optional_text("text")?;
        let content = match self.take("content") {
            None => None,
            Some(Value::Array(blocks)) => Some(blocks),
            Some(other) => return Err(EventError::wrong("content", "an array of content blocks", &other)),
        };
        let structured = self.take("structured");
        let is_error = match self.take("isError") {
            None => false,
            Some(Value::Bool(is_error)) => is_error,
            Some(other) => return Err(EventError::wrong("isError", "a boolean", &other)),
        };
        let content = match (text, content) {
            (Some(_), Some(_)) => {
                return Err(EventError::Field {
                    field: "content".to_owned(),
                    expected: "either `text` or `content`".to_owned(),
                    found: "both".to_owned(),
                });
            }
            (Some(text), None) => ToolResult::text(text).content,
            (None, Some(blocks)) => {
                blocks.iter().enumerate().try_for_each(|(index, block)| check_block(index, block))?;
                blocks
            }
            (None, None) if structured.is_some() => Vec::new(),
            (None, None) => return Err(EventError::missing("content", "`text`, `content` or `structured`")),
        };
        Ok(ToolResult { content, structured, is_error })
    }

    /// A note.
    fn note(&mut self) -> Result<Note, EventError> {
        let kinds = Note::KINDS.map(|kind| (kind, kind));
        Ok(match self.word("kind", &kinds)? {
            "usage" => Note::Usage(self.usage()?),
            "reasoning" => Note::Reasoning { text: self.text("text")? },
            "error" => Note::Error { text: self.optional_text("text")? },
            _ => Note::Retry { text: self.optional_text("text")? },
        })
    }

    /// What a model call cost.
    fn usage(&mut self) -> Result<Usage, EventError> {
        let tokens = match self.take("tokens") {
            None => None,
            Some(Value::Object(members)) => Some(tokens(members)?),
            Some(other) => return Err(EventError::wrong("tokens", "an object", &other)),
        };
        let money = match self.take("money") {
            None => None,
            Some(value) => {
                let amount = value.as_str().and_then(|text| text.parse().ok());
                Some(amount.ok_or_else(|| EventError::wrong("money", InvalidMoney::EXPECTED, &value))?)
            }
        };
        match (tokens, money) {
            (Some(tokens), Some(money)) => Ok(Usage::Both(tokens, money)),
            (Some(tokens), None) => Ok(Usage::Tokens(tokens)),
            (None, Some(money)) => Ok(Usage::Money(money)),
            (None, None) => Err(EventError::missing("tokens", "`tokens` or `money`")),
        }
    }
}

/// The name that the member `field` spells.
pub(super) fn named<N: FromStr<Err = NameError>>(field: &str, text: &str) -> Result<N, EventError> {
    text.parse().map_err(|error: NameError| EventError::Field {
        field: field.to_owned(),
        expected: error.expected().to_owned(),
        found: error.found().to_owned(),
    })
}

/// Checks that a content block is one as far as repair and inspection need it.
fn check_block(index: usize, block: &Value) -> Result<(), EventError> {
    let Value::Object(members) = block else {
        return Err(EventError::wrong(format!("content/{index}"), "a content block, an object", block));
    };
    let text_of = |name: &str| {
        let field = format!("content/{index}/{name}");
        match members.get(name) {
            Some(Value::String(text)) => Ok(text.as_str()),
            Some(other) => Err(EventError::wrong(field, "a string", other)),
            None => Err(EventError::missing(&field, "a string")),
        }
    };
    if text_of("type")? == "text" {
        text_of("text")?;
    }
    Ok(())
}

/// How many tokens were read and written.
fn tokens(members: Object) -> Result<Tokens, EventError> {
    let mut fields = Fields { members, known: Vec::new() };
    let mut count = |name: &'static str| {
        let field = format!("tokens/{name}");
        let expected = "a count of tokens, a whole number from 0";
        let value = fields.take(name).ok_or_else(|| EventError::missing(&field, expected))?;
        let number = value.as_number().and_then(json::Number::as_u64);
        number.ok_or_else(|| EventError::wrong(field, expected, &value))
    };
    let tokens = Tokens { input: count("input")?, output: count("output")? };
    match fields.members.keys().next() {
        Some(field) => Err(EventError::unknown(field, "`tokens`", &fields.known)),
        None => Ok(tokens),
    }
}

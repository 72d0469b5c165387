//! [`Chunk`]: a piece of a text that is told while it is written.

use super::read::named;
use super::{Body, Event, EventError, StreamName};
use crate::json::{self, Object, Value};

/// What one line of a transcript tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A whole event.
    Event(Event),
    /// A piece of one.
    Chunk(Chunk),
}

/// A piece of a text that is told while it is written: an output, an input or a reasoning note.
///
/// As JSON, the event with `stream` and `chunk` in the place of its `text`, and `"last": true` at its end:
///
/// ```json
/// {"agent":"assistant","session":"s1","checkpoint":"output","stream":"r1","chunk":"You spent "}
/// {"agent":"assistant","session":"s1","checkpoint":"output","stream":"r1","chunk":"12.50.","last":true}
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The stream that it belongs to.
    pub stream: StreamName,
    /// What is written; its text is this piece.
    pub event: Event,
    /// Whether the text ends with it.
    pub last: bool,
}

impl Told {
    /// Reads an event or a chunk from JSON.
    ///
    /// # Errors
    ///
    /// If `input` is not [strict JSON](crate::json), or neither of the two as surfaces send it.
    pub fn from_json(input: &[u8]) -> Result<Self, EventError> {
        match json::parse(input)? {
            Value::Object(members) if ["stream", "chunk", "last"].iter().any(|name| members.get(name).is_some()) => {
                Chunk::read(members).map(Self::Chunk)
            }
            other => Event::from_value(other).map(Self::Event),
        }
    }
}

impl Chunk {
    fn read(mut members: Object) -> Result<Self, EventError> {
        let mut text = |name: &'static str| match members.remove(name) {
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(EventError::wrong(name, "a string", &other)),
            None => Err(EventError::missing(name, "a string")),
        };
        let stream: StreamName = named("stream", &text("stream")?)?;
        let chunk = text("chunk")?;
        let last = match members.remove("last") {
            None => false,
            Some(Value::Bool(last)) => last,
            Some(other) => return Err(EventError::wrong("last", "`true` or `false`", &other)),
        };
        if let Some(text) = members.insert("text", chunk) {
            return Err(EventError::wrong("text", "either `chunk` or `text`", &text));
        }
        let event = Event::from_value(members.into())?;
        if event.body.plain_text().is_none() {
            let expected = "an input, an output or a reasoning note: other events are told whole";
            return Err(EventError::wrong("stream", expected, &stream.as_str().into()));
        }
        Ok(Self { stream, event, last })
    }

    /// Whether it can go on with a stream that this chunk began: all but the text, the time and the event's own name is
    /// the same.
    #[must_use]
    pub fn goes_on_from(&self, first: &Self) -> bool {
        let same_kind = match (&self.event.body, &first.event.body) {
            (Body::Input { source, .. }, Body::Input { source: first, .. }) => source == first,
            (a, b) => a.checkpoint() == b.checkpoint(),
        };
        let (event, first_event) = (&self.event, &first.event);
        same_kind
            && self.stream == first.stream
            && event.agent == first_event.agent
            && event.session == first_event.session
            && event.user == first_event.user
            && event.parent == first_event.parent
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn told(members: &str) -> Result<Told, String> {
        let line = format!(r#"{{"agent":"a","session":"s","checkpoint":"output",{members}}}"#);
        Told::from_json(line.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_chunk_stands_in_the_place_of_the_text() {
        let Told::Chunk(chunk) = told(r#""stream":"r1","chunk":"Hel""#).unwrap() else { unreachable!() };
        assert_eq!((chunk.stream.as_str(), chunk.last), ("r1", false));
        assert_eq!(chunk.event.body, Body::Output { text: "Hel".into() });
        let Told::Chunk(last) = told(r#""stream":"r1","chunk":"lo","last":true"#).unwrap() else { unreachable!() };
        assert!(last.last && last.goes_on_from(&chunk));
        assert!(matches!(told(r#""text":"Hello""#), Ok(Told::Event(_))));
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for (members, words) in [
            (r#""chunk":"Hel""#, "`stream`"),
            (r#""stream":"r1""#, "`chunk`"),
            (r#""stream":"r1","chunk":7"#, "a string"),
            (r#""stream":"","chunk":"x""#, "a stream's name"),
            (r#""stream":"r1","chunk":"x","text":"x""#, "either `chunk` or `text`"),
            (r#""stream":"r1","chunk":"x","last":1"#, "`true` or `false`"),
            (r#""stream":"r1","chunk":"x","other":1"#, "`other`"),
        ] {
            let refused = told(members).unwrap_err();
            assert!(refused.contains(words), "{members}: {refused}");
        }
        let call = r#"{"agent":"a","session":"s","checkpoint":"note","kind":"error","stream":"r","chunk":"x"}"#;
        assert!(Told::from_json(call.as_bytes()).unwrap_err().to_string().contains("told whole"));
    }
}

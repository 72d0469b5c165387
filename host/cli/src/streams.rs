//! The streams of a transcript: chunks in, what is released out.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
};

use guardhouse::{
    decision::Decision,
    engine::{Engine, Stream},
    event::{Chunk, Event, SessionId, StreamName},
    json::{Object, Value},
};
use miette::miette;

use crate::{Status, pretty::Pretty};

/// The most streams that may be open at once. Each holds a few KiB, or what its guards leave open.
const MAX_OPEN: usize = 1_024;

/// The streams that have begun and not ended.
pub(crate) struct Streams<'e> {
    engine: &'e Engine,
    open: BTreeMap<(SessionId, StreamName), Open<'e>>,
}

struct Open<'e> {
    first: Chunk,
    stream: Stream<'e>,
    is_over: bool,
}

/// What one chunk lets go on.
pub(crate) struct Told {
    event: Event,
    stream: StreamName,
    text: String,
    /// Once: with the chunk that ends the stream, or is denied.
    decision: Option<Decision>,
}

impl<'e> Streams<'e> {
    pub(crate) fn of(engine: &'e Engine) -> Self {
        Self { engine, open: BTreeMap::new() }
    }

    /// Takes a chunk, which stands at `place`.
    pub(crate) async fn take(&mut self, chunk: Chunk, place: &str) -> miette::Result<Told> {
        let key = (chunk.event.session.clone(), chunk.stream.clone());
        let mut open = match self.open.remove(&key) {
            Some(mut open) => {
                if !chunk.goes_on_from(&open.first) {
                    let name = &chunk.stream;
                    return Err(miette!(
                        "{place}: expected the agent, user and checkpoint that stream `{name}` began with, found others"
                    ));
                }
                open.stream.push(chunk.event.body.plain_text().unwrap_or_default());
                open
            }
            None if self.open.len() == MAX_OPEN => {
                return Err(miette!("{place}: expected at most {MAX_OPEN} open streams, found one more"));
            }
            None => {
                let stream = self.engine.stream(chunk.event.clone()).map_err(|error| miette!("{place}: {error}"))?;
                Open { first: chunk.clone(), stream, is_over: false }
            }
        };
        let (event, stream) = (chunk.event, chunk.stream);
        if chunk.last {
            let released = open.stream.finish().await;
            let decision = released.decision.filter(|_| !open.is_over);
            return Ok(Told { event, stream, text: released.text, decision });
        }
        let released = open.stream.poll().await;
        let decision = released.decision.filter(|_| !open.is_over);
        open.is_over |= decision.is_some();
        self.open.insert(key, open);
        Ok(Told { event, stream, text: released.text, decision })
    }

    /// Sees that every stream came to its end: what is held of one that did not was never judged.
    pub(crate) fn finish(self) -> miette::Result<()> {
        match self.open.into_iter().find(|(_, open)| !open.is_over) {
            None => Ok(()),
            Some(((session, stream), open)) => {
                let held = open.stream.held();
                Err(miette!(
                    "expected a last chunk of stream `{stream}` in session `{session}`, found the end of the transcript: \
                     {held} bytes of it were not released"
                ))
            }
        }
    }
}

impl Told {
    /// Whether the stream was denied with this chunk.
    pub(crate) fn is_refused(&self) -> bool {
        self.decision.as_ref().is_some_and(|decision| Status::from(decision.verdict) == Status::Refused)
    }

    /// Prints it for people.
    pub(crate) fn print(&self, out: &mut impl Write, pretty: &mut Pretty) -> io::Result<()> {
        pretty.released(out, &self.event, self.stream.as_str(), &self.text)?;
        match &self.decision {
            Some(decision) => pretty.print(out, &self.event, decision),
            None => Ok(()),
        }
    }
}

/// `{"session":"s1","stream":"r1","text":"…"}`, with `decision` once the stream is over.
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut object = Object::new();
        object.insert("session", self.event.session.as_str());
        object.insert("stream", self.stream.as_str());
        object.insert("text", self.text.as_str());
        if let Some(decision) = &self.decision {
            object.insert("decision", decision.to_value());
        }
        Value::from(object).fmt(f)
    }
}

//! The record of one decision.
//!
//! It carries names, digests, where something was found and by which rule, the facts that policies read, and the verdict with
//! its reasons. A path into arguments does name their keys. Content is in it where the bundle says so, and behind the rest
//! (`content`).

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use jiff::Timestamp;

use super::{JournalError, content, read::MAX_MEMBERS, recall::Sealed};
use crate::{
    decision::{Category, Decision, Finding, Reason},
    event::{Body, CallId, Event, EventId, SessionId, Trace, UserName},
    generation::Generation,
    json::{Object, Value, write_string},
    session::{Digests, Heard},
    text::Found,
};

/// What stands before the value of the member `content`.
const CONTENT: &str = ",\"content\":";

/// What a decision rests on, beside what it says itself.
#[derive(Debug)]
pub(crate) struct Grounds<'b> {
    /// What is known of the tool.
    pub(crate) tool: Option<Object>,
    /// What the judge was told of the event and went by; `None` if it was denied before.
    pub(crate) original: Option<Evaluated>,
    /// Of what was left of it after a repair.
    pub(crate) repaired: Option<Mended<'b>>,
    /// What was left of it.
    pub(crate) left: Option<&'b Event>,
    /// What each of the decision's findings says decoded, if it was found in a view.
    pub(crate) decoded: &'b [Option<String>],
    /// Guards looked at all of the event, and of what was left of it after a repair.
    pub(crate) is_inspected: bool,
    /// How it was judged, if it is a stream: its text is not in the event.
    pub(crate) streamed: Option<Streamed>,
    /// What each guard took, by its name.
    pub(crate) guards: &'b [(String, Duration)],
    /// What the judge took.
    pub(crate) judge: Duration,
}

/// What was left of an event after a repair.
#[derive(Debug)]
pub(crate) struct Mended<'b> {
    /// The categories that were repaired.
    pub(crate) categories: &'b BTreeSet<Category>,
    /// What guards saw in it.
    pub(crate) found: &'b [Found],
    pub(crate) evaluated: Evaluated,
}

/// How a streamed text was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Streamed {
    /// Each finding with those before it.
    InPieces,
    /// At its end, as a whole event is.
    Whole,
}

impl Streamed {
    pub(crate) const ALL: [Self; 2] = [Self::InPieces, Self::Whole];

    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InPieces => "in-pieces",
            Self::Whole => "whole",
        }
    }
}

/// One evaluation.
#[derive(Debug)]
pub(crate) struct Evaluated {
    /// The facts but for the findings, as [`Facts::to_object`](crate::judge::Facts::to_object) writes them.
    pub(crate) facts: Object,
    /// The policies that it rests on.
    pub(crate) policies: Vec<String>,
}

/// A decision and all that its record says of it.
pub(crate) struct Recording<'r> {
    pub(crate) event: &'r Event,
    pub(crate) decision: &'r Decision,
    pub(crate) grounds: &'r Grounds<'r>,
    pub(crate) generation: &'r Generation,
    pub(crate) digests: &'r Digests,
    /// What its session has read by it.
    pub(crate) heard: Option<&'r Heard>,
    /// What of the decision is sealed.
    pub(crate) sealed: Option<&'r Sealed>,
}

impl Recording<'_> {
    /// The members of the record.
    ///
    /// # Errors
    /// When its content cannot be encrypted.
    pub(super) fn members(&self) -> Result<String, JournalError> {
        members(self)
    }
}

fn members(recording: &Recording<'_>) -> Result<String, JournalError> {
    let Recording { event, decision, grounds, generation, digests, heard, sealed } = *recording;
    let mut record = Members(String::with_capacity(2_048));
    record.text("kind", "decision");
    record.shown("time", &Timestamp::now());
    record.shown("id", &decision.id);
    record.of_event(event);
    record.optional("call", decision.call.as_ref().map(CallId::as_str));
    if let Some(digest) = &digests.event {
        record.shown("digest", digest);
    }
    if let Some(call) = &digests.call {
        record.shown("call_digest", call);
    }
    record.text("verdict", decision.verdict.as_str());
    record.list("reasons", decision.reasons.iter().map(Reason::to_value));
    record.list("findings", decision.findings.iter().map(without_words));
    if let Some(tool) = &grounds.tool {
        record.json("of_tool", tool);
    }
    if let Some(evaluated) = &grounds.original {
        record.evaluated(evaluated);
    }
    if let Some(Mended { categories, found, evaluated }) = &grounds.repaired {
        record.begin("repaired");
        record.list("categories", categories.iter().map(|category| category.as_str().into()));
        record.list("findings", found.iter().map(|found| without_words(&found.finding)));
        record.evaluated(evaluated);
        record.end();
    }
    record.optional("streamed", grounds.streamed.map(Streamed::as_str));
    record.text("bundle", generation.name());
    record.shown("generation", &decision.generation);
    if let Some(definition) = &decision.definition {
        record.shown("definition", definition);
    }
    record.name("guards");
    record.0.push('[');
    for guard in generation.guards().iter().filter(|guard| guard.is_asked(event)) {
        record.item();
        record.text("name", guard.name());
        record.shown("configured", &guard.configured());
        if let Some((_, spent)) = grounds.guards.iter().find(|(name, _)| name == guard.name()) {
            record.number("micros", micros(*spent));
        }
        record.end();
    }
    record.0.push(']');
    if let Some(heard) = heard {
        record.json("heard", &heard.to_object());
    }
    if let Some(Sealed { slot, data }) = sealed {
        record.begin("sealed");
        record.number("slot", *slot);
        record.text("data", data);
        record.end();
    }
    record.number("judge_micros", micros(grounds.judge));
    record.number("micros", decision.micros);
    let room = MAX_MEMBERS.saturating_sub(record.0.len() + CONTENT.len());
    if let Some(content) = content::written(event, decision, grounds, &generation.audit().content, room)? {
        record.json("content", &content);
    }
    Ok(record.0)
}

/// The members of the record of a stream that begins.
pub(super) fn opening(event: &Event, generation: &Generation) -> String {
    let mut record = Members(String::with_capacity(512));
    record.text("kind", "stream");
    record.shown("time", &Timestamp::now());
    record.of_event(event);
    record.text("bundle", generation.name());
    record.shown("generation", &generation.digest());
    record.0
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// A finding without what its guard wrote about it: that may quote what was found, and a record carries no content.
fn without_words(finding: &Finding) -> Value {
    let mut value = finding.to_value();
    if let Value::Object(members) = &mut value {
        members.remove("message");
        members.remove("attributes");
    }
    value
}

/// Members of an object, written one after the other: a record is made on the path of every event.
struct Members(String);

/// Writing to a string cannot fail.
impl Members {
    fn name(&mut self, name: &str) {
        if !(self.0.is_empty() || self.0.ends_with('{')) {
            self.0.push(',');
        }
        let _ = write!(self.0, "\"{name}\":");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        let _ = write_string(&mut self.0, text);
    }

    fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// What needs no escape.
    fn shown(&mut self, name: &str, shown: &impl std::fmt::Display) {
        self.name(name);
        let _ = write!(self.0, "\"{shown}\"");
    }

    fn number(&mut self, name: &str, number: u64) {
        self.name(name);
        let _ = write!(self.0, "{number}");
    }

    fn json(&mut self, name: &str, json: &impl std::fmt::Display) {
        self.name(name);
        let _ = write!(self.0, "{json}");
    }

    fn list(&mut self, name: &str, items: impl Iterator<Item = Value>) {
        self.name(name);
        self.0.push('[');
        for (index, item) in items.enumerate() {
            let _ = write!(self.0, "{}{item}", if index > 0 { "," } else { "" });
        }
        self.0.push(']');
    }

    /// Begins an object in a list.
    fn item(&mut self) {
        self.0.push_str(if self.0.ends_with('[') { "{" } else { ",{" });
    }

    fn begin(&mut self, name: &str) {
        self.name(name);
        self.0.push('{');
    }

    fn end(&mut self) {
        self.0.push('}');
    }

    /// What an event is, without what it says.
    fn of_event(&mut self, event: &Event) {
        self.optional("event", event.id.as_ref().map(EventId::as_str));
        self.text("agent", event.agent.as_str());
        self.text("session", event.session.as_str());
        self.optional("user", event.user.as_ref().map(UserName::as_str));
        self.optional("parent", event.parent.as_ref().map(SessionId::as_str));
        self.optional("trace", event.trace.as_ref().map(Trace::as_str));
        self.text("checkpoint", event.checkpoint().as_str());
        match &event.body {
            Body::Input { source, .. } => self.text("source", source.as_str()),
            Body::Note(note) => self.text("note", note.kind()),
            _ => {}
        }
        if let Some(tool) = event.tool() {
            self.text("server", tool.server.as_str());
            self.text("tool", tool.tool.as_str());
        }
    }

    fn evaluated(&mut self, Evaluated { facts, policies }: &Evaluated) {
        self.json("facts", facts);
        self.list("policies", policies.iter().map(|policy| policy.as_str().into()));
    }
}

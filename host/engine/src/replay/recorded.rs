//! [`Recorded`]: the record of a decision, read back.

use std::collections::BTreeSet;

use super::{NotReplayable, Row, Ruling};
use crate::{
    decision::{Category, Finding, Reason, ReasonCode, Verdict},
    event::{Body, Checkpoint, Event, Note, Source, Tokens, ToolName, ToolResult, Usage},
    journal::{Record, Streamed},
    json::{
        Digest, Misread, Object, Value,
        members::{Members, list, object, parsed, text, word},
    },
    judge::{Facts, Findings},
    tools::ToolProfile,
};

/// The record of a decision, read back: what it rests on, and what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub(super) n: u64,
    pub(super) time: String,
    /// The event without its content, which a record does not have: no text, no argument.
    pub(super) hollow: Event,
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
    pub(super) findings: Vec<Finding>,
    /// The bundle that decided.
    pub(super) generation: Digest,
    /// The guards that were asked, each with the digest of its artifact and its configuration.
    pub(super) guards: Vec<(String, Digest)>,
    /// The definition of the tool that the judge went by.
    pub(super) definition: Option<Digest>,
    /// What was known of the tool.
    pub(super) tool: Option<ToolProfile>,
    /// What the judge was told; `None` if it was not asked.
    pub(super) facts: Option<Facts>,
    /// The same of what the repair of some categories left of the event.
    pub(super) repaired: Option<(BTreeSet<Category>, Facts)>,
    /// How it was judged, if it was a stream.
    pub(super) streamed: Option<Streamed>,
}

impl Recorded {
    /// Reads the record of a decision.
    pub(super) fn of(record: &Record) -> Result<Self, Misread> {
        let members = Members::among(&record.members);
        let findings: Vec<_> = members.needed("findings", list(Finding::from_value))?;
        let repaired = |value| {
            let repaired = Members::among(object(value)?);
            let findings: Vec<_> = repaired.needed("findings", list(Finding::from_value))?;
            let categories = repaired.needed("categories", list(parsed("a category")))?;
            Ok((categories, repaired.needed("facts", |value| facts(value, &findings))?))
        };
        Ok(Self {
            n: record.n,
            time: members.needed("time", text)?.to_owned(),
            hollow: hollow(members)?,
            verdict: members.needed("verdict", parsed("a verdict"))?,
            reasons: members.needed("reasons", list(Reason::from_value))?,
            generation: members.needed("generation", digest)?,
            guards: members.needed("guards", list(guard))?,
            definition: members.optional("definition", digest)?,
            tool: members.optional("of_tool", |value| ToolProfile::from_object(object(value)?))?,
            facts: members.optional("facts", |value| facts(value, &findings))?,
            repaired: members.optional("repaired", repaired)?,
            streamed: members.optional("streamed", |value| word(value, &Streamed::ALL, Streamed::as_str))?,
            findings,
        })
    }

    /// The reason for which it was denied by something else than the judge.
    pub(super) fn denied_otherwise(&self) -> Option<ReasonCode> {
        let otherwise = |code: &ReasonCode| match code {
            ReasonCode::GuardFailed
            | ReasonCode::JournalFailed
            | ReasonCode::TooLarge
            | ReasonCode::Stopped
            | ReasonCode::SessionRefused
            | ReasonCode::SessionErased
            | ReasonCode::DefinitionRefused => true,
            ReasonCode::Policy
            | ReasonCode::NoPermit
            | ReasonCode::PolicyError
            | ReasonCode::PolicyDoesNotFitDefinition
            | ReasonCode::NoDefinition
            | ReasonCode::CannotRedact
            | ReasonCode::GuardSkipped => false,
        };
        self.reasons.iter().map(|reason| reason.code).find(otherwise)
    }

    /// The verdict and its reasons. That guards were skipped is a fact, and no reason for a verdict.
    pub(super) fn ruling(&self) -> Ruling {
        let judged = self.reasons.iter().filter(|reason| reason.code != ReasonCode::GuardSkipped);
        Ruling::new(self.verdict, &judged.cloned().collect::<Vec<_>>())
    }

    /// The decision beside what it would be.
    pub(super) fn row(&self, new: Result<Ruling, NotReplayable>) -> Row {
        Row {
            n: self.n,
            time: Some(self.time.clone()),
            session: self.hollow.session.clone(),
            checkpoint: self.hollow.checkpoint(),
            tool: self.hollow.tool().cloned(),
            old: Some(self.ruling()),
            new,
        }
    }
}

fn digest(value: &Value) -> Result<Digest, Misread> {
    parsed("a digest")(value)
}

fn facts(value: &Value, findings: &[Finding]) -> Result<Facts, Misread> {
    Facts::from_object(object(value)?, Findings::tally(findings))
}

fn guard(value: &Value) -> Result<(String, Digest), Misread> {
    let guard = Members::among(object(value)?);
    Ok((guard.needed("name", text)?.to_owned(), guard.needed("configured", digest)?))
}

/// What a record says of its event.
fn hollow(members: Members<'_>) -> Result<Event, Misread> {
    let tool = || {
        Ok(ToolName {
            server: members.needed("server", parsed("a server's name"))?,
            tool: members.needed("tool", parsed("a tool's name"))?,
        })
    };
    let call = || members.needed("call", parsed("a call's id"));
    let body = match members.needed("checkpoint", parsed("a checkpoint"))? {
        Checkpoint::Input => {
            let source = members.needed("source", |value| word(value, &Source::ALL, Source::as_str))?;
            Body::Input { source, text: String::new() }
        }
        Checkpoint::ToolDefinition => Body::ToolDefinition { tool: tool()?, definition: Object::new() },
        Checkpoint::ToolCall => Body::ToolCall { tool: tool()?, call: call()?, arguments: Object::new() },
        Checkpoint::ToolResult => Body::ToolResult { tool: tool()?, call: call()?, result: ToolResult::text("") },
        Checkpoint::Output => Body::Output { text: String::new() },
        Checkpoint::Note => Body::Note(members.needed("note", note)?),
    };
    Ok(Event {
        id: None,
        agent: members.needed("agent", parsed("an agent's name"))?,
        session: members.needed("session", parsed("a session's id"))?,
        user: members.optional("user", parsed("a user's name"))?,
        parent: members.optional("parent", parsed("a session's id"))?,
        time: None,
        trace: None,
        body,
    })
}

fn note(value: &Value) -> Result<Note, Misread> {
    match text(value)? {
        "usage" => Ok(Note::Usage(Usage::Tokens(Tokens { input: 0, output: 0 }))),
        "reasoning" => Ok(Note::Reasoning { text: String::new() }),
        "error" => Ok(Note::Error { text: None }),
        "retry" => Ok(Note::Retry { text: None }),
        other => Err(Misread::at("", "a kind of note", crate::json::quote(other))),
    }
}

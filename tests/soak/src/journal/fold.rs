//! [`Fold`]: what a journal's records say of its sessions, put together here and not by the engine.
//!
//! A session's facts are calls that were let through, and how often in a row the call that is asked for was asked for before.
//! Every record that says what policies were told is held to what the records before it come to.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::{Context as _, Result, bail, ensure};
use guardhouse::{
    journal::{Checkpoint, Record, Records},
    json::{Object, Value},
};

use super::given::Given;

/// A decision with one of these reasons changes nothing in its session.
const OUTSIDE: [&str; 4] = ["stopped", "session-erased", "session-refused", "journal-failed"];

/// What a journal's records say.
#[derive(Debug, Default)]
pub(super) struct Fold {
    sessions: HashMap<String, Session>,
    /// Decisions by their ids: session, event, verdict.
    decisions: HashMap<String, (String, String, String)>,
    /// The last checkpoint.
    pub(super) checkpoint: Option<Checkpoint>,
    /// Records whose facts were held to those before.
    pub(super) held: u64,
    /// Of these, such as told of calls or repeats.
    pub(super) telling: u64,
}

/// What is known of one session.
#[derive(Debug, Default)]
struct Session {
    owner: Option<(String, Option<String>)>,
    calls: u64,
    last: Option<(String, u64)>,
    /// Events with an id.
    answered: HashSet<String>,
}

impl Fold {
    /// Of all records in a journal.
    pub(super) fn of(directory: &Path) -> Result<Self> {
        let mut fold = Self::default();
        let mut records = Records::of(directory)?;
        while let Some(record) = records.next() {
            let record = record?;
            match record.kind() {
                "decision" => fold.decision(&record).with_context(|| format!("record {}", record.n))?,
                "checkpoint" => fold.checkpoint = Checkpoint::from_json(records.line()),
                _ => {}
            }
        }
        Ok(fold)
    }

    /// How many decisions there are.
    pub(super) fn len(&self) -> usize {
        self.decisions.len()
    }

    /// Holds the journal to a decision that was delivered.
    pub(super) fn holds(&self, given: &Given) -> Result<()> {
        let found = self.decisions.get(&given.id);
        if given.is_unrecorded {
            let is_denied = found.is_none_or(|(_, _, verdict)| verdict == "deny");
            ensure!(
                is_denied,
                "what could not be recorded was denied, and is recorded otherwise: {given:?}, {found:?}"
            );
            return Ok(());
        }
        let expected = (given.session.clone(), given.event.clone(), given.verdict.clone());
        ensure!(found == Some(&expected), "a decision was delivered and is not recorded as such: {given:?}, {found:?}");
        Ok(())
    }

    fn decision(&mut self, record: &Record) -> Result<()> {
        let text = |name: &str| record.members.get(name).and_then(Value::as_str);
        let needed = |name: &'static str| text(name).with_context(|| format!("expected `{name}`"));
        let (name, verdict) = (needed("session")?, needed("verdict")?);
        let session = self.sessions.entry(name.to_owned()).or_default();
        let call = text("call_digest");
        let repeats = match (&session.last, call) {
            (Some((last, times)), Some(call)) if last == call => *times,
            _ => 0,
        };
        let repaired = record.members.get("repaired").and_then(Value::as_object);
        for evaluated in [Some(&record.members), repaired].into_iter().flatten() {
            let Some(facts) = evaluated.get("facts").and_then(Value::as_object) else { continue };
            let told = (fact(facts, "calls")?, fact(facts, "repeats")?);
            let expected = (session.calls, repeats);
            ensure!(
                told == expected,
                "session `{name}`: expected calls and repeats to be {expected:?}, found that policies were told {told:?}"
            );
            self.held += 1;
            self.telling += u64::from(expected != (0, 0));
        }
        let event = text("event").unwrap_or_default();
        let known =
            self.decisions.insert(needed("id")?.to_owned(), (name.to_owned(), event.to_owned(), verdict.to_owned()));
        ensure!(known.is_none(), "two records are of one decision");
        let reasons = record.members.get("reasons").and_then(Value::as_array).context("expected `reasons`")?;
        let code = |reason: &Value| reason.as_object()?.get("code")?.as_str().map(str::to_owned);
        if reasons.iter().filter_map(code).any(|code| OUTSIDE.contains(&code.as_str())) {
            ensure!(verdict == "deny", "what changes nothing in its session is denied");
            return Ok(());
        }
        session.goes_on(needed("agent")?, text("parent"), event)?;
        if text("checkpoint") == Some("tool-call") {
            let call = call.context("expected `call_digest`")?;
            session.calls += u64::from(["allow", "warn", "modify"].contains(&verdict));
            session.last = Some((call.to_owned(), repeats + 1));
        }
        Ok(())
    }
}

impl Session {
    /// Takes in whose an event is, and which.
    fn goes_on(&mut self, agent: &str, parent: Option<&str>, event: &str) -> Result<()> {
        let (owner, first) = self.owner.get_or_insert_with(|| (agent.to_owned(), parent.map(str::to_owned)));
        if owner != agent || (parent.is_some() && parent != first.as_deref()) {
            bail!("a session of `{owner}` below {first:?} went on by `{agent}` below {parent:?}");
        }
        ensure!(event.is_empty() || self.answered.insert(event.to_owned()), "the event `{event}` counted twice");
        Ok(())
    }
}

/// A fact about the session; 0 where none is told.
fn fact(facts: &Object, name: &str) -> Result<u64> {
    let Some(session) = facts.get("session") else { return Ok(0) };
    let fact = session.as_object().and_then(|session| session.get(name)?.as_number()?.as_u64());
    fact.with_context(|| format!("expected `facts.session.{name}`"))
}

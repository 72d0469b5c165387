//! The record of one decision.
//!
//! It carries no content: names, digests, where something was found and by which rule, and the verdict with its reasons. A
//! path into arguments does name their keys.

use jiff::Timestamp;

use super::keys::mac;
use crate::{
    decision::{Decision, Finding, Reason},
    event::Event,
    generation::Generation,
    json::{Digest, Object, Value},
};

/// The members of the record of a decision.
pub(super) fn members(event: &Event, decision: &Decision, generation: &Generation, key: &[u8; 32]) -> String {
    let mut record = Object::new();
    record.insert("kind", "decision");
    record.insert("time", Timestamp::now().to_string());
    record.insert("id", decision.id.to_string());
    let mut optional = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            record.insert(name, value);
        }
    };
    optional("event", event.id.as_ref().map(crate::event::EventId::as_str));
    optional("agent", Some(event.agent.as_str()));
    optional("session", Some(event.session.as_str()));
    optional("user", event.user.as_ref().map(crate::event::UserName::as_str));
    optional("parent", event.parent.as_ref().map(crate::event::SessionId::as_str));
    optional("trace", event.trace.as_ref().map(crate::event::Trace::as_str));
    optional("checkpoint", Some(decision.checkpoint.as_str()));
    optional("server", event.tool().map(|tool| tool.server.as_str()));
    optional("tool", event.tool().map(|tool| tool.tool.as_str()));
    optional("call", decision.call.as_ref().map(crate::event::CallId::as_str));
    record.insert("digest", keyed(&event.digest(), key));
    record.insert("verdict", decision.verdict.as_str());
    record.insert("reasons", decision.reasons.iter().map(Reason::to_value).collect::<Vec<_>>());
    record.insert("findings", decision.findings.iter().map(without_words).collect::<Vec<_>>());
    record.insert("repaired", decision.repaired.is_some());
    let guards = generation.guards().iter().filter(|guard| guard.is_asked(event)).map(|guard| {
        let mut object = Object::new();
        object.insert("name", guard.name());
        object.insert("configured", guard.configured().to_string());
        object.into()
    });
    record.insert("guards", guards.collect::<Vec<Value>>());
    record.insert("bundle", generation.name());
    record.insert("generation", decision.generation.to_string());
    record.insert("micros", decision.micros);
    super::tail::members(&record)
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

/// A digest that nobody without the key can compare with that of a guessed text.
fn keyed(digest: &Digest, key: &[u8; 32]) -> String {
    format!("hmac-sha256:{}", Digest::from(mac(key, digest.as_bytes())).to_string().trim_start_matches("sha256:"))
}

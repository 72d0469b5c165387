//! Decisions as events of the Open Cybersecurity Schema Framework (OCSF).
//!
//! One decision is one event of class API Activity with the profiles Security Control and AI Operation, and Trace where there
//! is one. `docs/export.md` has the table and the reasons. Names and numbers are from the schema's own source,
//! `ocsf/ocsf-schema`: `events/application/api_activity.json`, `profiles/{security_control,ai_operation,trace}.json`,
//! `objects/{ai_agent,actor,api,metadata,policy,…}.json` and the enumerations of `dictionary.json`.
//!
//! A record is not trusted to be one that we wrote: what is not as expected becomes an unknown value, and all text is written
//! as JSON strings.

use guardhouse::{
    decision::Verdict,
    json::{Object, Value},
};
use jiff::Timestamp;

use super::conditions::{objects, text};

/// The version of the schema.
const VERSION: &str = "1.9.0";
/// The category Application Activity.
const CATEGORY: u64 = 6;
/// The class API Activity: category × 1,000 + 3.
const CLASS: u64 = 6_003;
/// What an enumeration has for a value that is not in it.
const OTHER: u64 = 99;

/// The members of a record that have a place of their own, and are not said again as unmapped.
const MAPPED: [&str; 11] =
    ["n", "kind", "time", "id", "agent", "session", "user", "checkpoint", "server", "tool", "definition"];

/// A value of an enumeration, and its caption.
type Coded = (u64, &'static str);

/// The event of a decision's record, of the journal with this identity.
pub(super) fn event(record: &Object, journal: Option<&str>) -> Object {
    let verdict = text(record, "verdict").parse::<Verdict>().ok();
    let checkpoint = text(record, "checkpoint");
    let mut event = object([("category_uid", CATEGORY.into()), ("category_name", "Application Activity".into())]);
    event.insert("class_uid", CLASS);
    event.insert("class_name", "API Activity");
    event.insert("activity_id", OTHER);
    event.insert("activity_name", checkpoint);
    event.insert("type_uid", CLASS * 100 + OTHER);
    event.insert("type_name", "API Activity: Other");
    event.insert("time", milliseconds(text(record, "time")));
    event.insert("message", message(record));
    let worst =
        objects(record, "findings").max_by_key(|finding| (number(finding, "severity"), number(finding, "confidence")));
    coded(&mut event, "severity", severity(verdict, worst));
    coded(&mut event, "status", status(verdict));
    if let Some(reason) = objects(record, "reasons").next() {
        event.insert("status_code", text(reason, "code"));
        event.insert("status_detail", text(reason, "message"));
    }
    let (action, disposition) = outcome(verdict);
    coded(&mut event, "action", action);
    coded(&mut event, "disposition", disposition);
    event.insert("is_alert", verdict != Some(Verdict::Allow));
    if let Some(confidence) = worst.and_then(|finding| number(finding, "confidence")) {
        event.insert("confidence_score", confidence);
    }
    if let Some(policy) = policy(record) {
        event.insert("policy", policy);
    }
    participants(&mut event, record);
    event.insert("metadata", metadata(record, journal));
    let observables = observables(record);
    if !observables.is_empty() {
        event.insert("observables", observables);
    }
    let mut unmapped = Object::new();
    for (name, value) in record.iter().filter(|(name, _)| !MAPPED.contains(name)) {
        unmapped.insert(name, value.clone());
    }
    event.insert("unmapped", unmapped);
    event
}

/// Who did what with what: `actor`, `ai_agent`, `api`, `resources`, `src_endpoint`, `trace`.
fn participants(event: &mut Object, record: &Object) {
    let [agent, session, user] = ["agent", "session", "user"].map(|name| text(record, name));
    let [server, tool, call] = ["server", "tool", "call"].map(|name| text(record, name));
    let mut actor = object([("session", object([("uid", session.into())]).into())]);
    if !user.is_empty() {
        actor.insert("user", object([("name", user.into())]));
    }
    event.insert("actor", actor);
    let ai_agent = [("uid", agent.into()), ("name", agent.into()), ("instance_uid", session.into())];
    event.insert("ai_agent", object(ai_agent));
    event.insert("src_endpoint", object([("name", agent.into())]));
    let operation = if tool.is_empty() { text(record, "checkpoint") } else { tool };
    let mut api = object([("operation", operation.into())]);
    if !server.is_empty() {
        api.insert("service", object([("name", server.into())]));
    }
    if !call.is_empty() {
        api.insert("request", object([("uid", call.into())]));
    }
    event.insert("api", api);
    if !tool.is_empty() {
        let uid = format!("{server}/{tool}");
        let mut resource = object([("uid", uid.into()), ("name", tool.into()), ("type", "tool".into())]);
        if let Some(definition) = record.get("definition") {
            resource.insert("version", definition.clone());
        }
        event.insert("resources", vec![resource.into()]);
    }
    if let Some(trace) = trace(record) {
        event.insert("trace", object([("uid", trace.into())]));
    }
}

fn metadata(record: &Object, journal: Option<&str>) -> Object {
    let product = object([("name", "Guardhouse".into()), ("vendor_name", "Guardhouse".into())]);
    let mut profiles = vec![Value::from("ai_operation"), "security_control".into()];
    if trace(record).is_some() {
        profiles.push("trace".into());
    }
    let mut metadata =
        object([("version", VERSION.into()), ("product", product.into()), ("profiles", profiles.into())]);
    metadata.insert("uid", text(record, "id"));
    if let Some(n) = number(record, "n") {
        metadata.insert("sequence", n);
        metadata.insert("original_event_uid", n.to_string());
    }
    metadata.insert("original_time", text(record, "time"));
    metadata.insert("log_name", "journal");
    if let Some(journal) = journal {
        metadata.insert("log_source", journal);
    }
    metadata
}

/// The policy that the first reason names.
fn policy(record: &Object) -> Option<Object> {
    let reason = objects(record, "reasons").find(|reason| !text(reason, "policy").is_empty())?;
    let name = text(reason, "policy");
    let mut policy = object([("uid", name.into()), ("name", name.into())]);
    policy.insert("desc", text(reason, "message"));
    policy.insert("version", text(record, "generation"));
    policy.insert("group", object([("name", text(record, "bundle").into())]));
    policy.insert("is_applied", true);
    Some(policy)
}

/// What can be searched for over all classes of events.
fn observables(record: &Object) -> Vec<Value> {
    let observable = |name: &str, type_id: u64, kind: &str, value: &str| {
        let members =
            [("name", name.into()), ("type_id", type_id.into()), ("type", kind.into()), ("value", value.into())];
        Value::from(object(members))
    };
    let mut all = Vec::new();
    let [user, tool] = ["user", "tool"].map(|name| text(record, name));
    if !user.is_empty() {
        all.push(observable("actor.user.name", 4, "User Name", user));
    }
    if !tool.is_empty() {
        all.push(observable("resources[0].name", 38, "Resource Details Object: name", tool));
    }
    for (index, finding) in objects(record, "findings").enumerate() {
        let rule = format!("{}:{}", text(finding, "guard"), text(finding, "rule"));
        all.push(observable(&format!("unmapped.findings[{index}].rule"), OTHER, "Finding", &rule));
    }
    all
}

/// What was decided, in words.
fn message(record: &Object) -> String {
    let [verdict, checkpoint, server, tool] =
        ["verdict", "checkpoint", "server", "tool"].map(|name| text(record, name));
    let about = if tool.is_empty() { String::new() } else { format!(" {server}/{tool}") };
    let why = objects(record, "reasons").next().map(|reason| format!(": {}", text(reason, "message")));
    format!("{verdict} {checkpoint}{about}{}", why.unwrap_or_default())
}

/// `action_id` and `disposition_id`.
const fn outcome(verdict: Option<Verdict>) -> (Coded, Coded) {
    match verdict {
        Some(Verdict::Allow) => ((1, "Allowed"), (1, "Allowed")),
        Some(Verdict::Warn) => ((1, "Allowed"), (15, "Detected")),
        Some(Verdict::Modify) => ((4, "Modified"), (11, "Corrected")),
        Some(Verdict::Escalate) => ((2, "Denied"), (OTHER, "Escalated")),
        Some(Verdict::Deny) => ((2, "Denied"), (2, "Blocked")),
        None => ((0, "Unknown"), (0, "Unknown")),
    }
}

/// `status_id`: what is held back fails; whether what is let through succeeds, nobody knows yet.
const fn status(verdict: Option<Verdict>) -> Coded {
    match verdict {
        Some(Verdict::Escalate | Verdict::Deny) => (2, "Failure"),
        _ => (0, "Unknown"),
    }
}

/// `severity_id`: the worst finding's, and at least that of the verdict.
fn severity(verdict: Option<Verdict>, worst: Option<&Object>) -> Coded {
    let least = match verdict {
        Some(Verdict::Allow) => 1,
        Some(Verdict::Warn | Verdict::Modify) => 2,
        Some(Verdict::Escalate | Verdict::Deny) => 3,
        None => 0,
    };
    // Ours are 0 to 4, from info to critical.
    let found = worst.and_then(|finding| number(finding, "severity")).filter(|severity| *severity <= 4);
    match found.map_or(0, |severity| severity + 1).max(least) {
        0 => (0, "Unknown"),
        1 => (1, "Informational"),
        2 => (2, "Low"),
        3 => (3, "Medium"),
        4 => (4, "High"),
        _ => (5, "Critical"),
    }
}

/// Milliseconds since 1970; 0 for what is no time.
fn milliseconds(time: &str) -> i64 {
    time.parse().map_or(0, Timestamp::as_millisecond)
}

/// The trace's identity, out of a `traceparent` of W3C Trace Context.
fn trace(record: &Object) -> Option<&str> {
    text(record, "trace").split('-').nth(1).filter(|uid| !uid.is_empty())
}

fn number(object: &Object, name: &str) -> Option<u64> {
    object.get(name)?.as_number()?.as_u64()
}

/// Adds an enumeration's number, and its caption beside it.
fn coded(event: &mut Object, name: &str, (id, caption): Coded) {
    event.insert(format!("{name}_id"), id);
    event.insert(name, caption);
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    let mut object = Object::new();
    for (name, value) in members {
        object.insert(name, value);
    }
    object
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use guardhouse::json;

    use super::*;

    #[test]
    fn what_is_no_record_of_ours_becomes_an_event_of_unknown_values() {
        let record =
            br#"{"kind":"decision","n":-1,"time":"yesterday","verdict":{"a":1},"findings":[7,{"severity":1e9}],
            "reasons":"none","agent":"\"},{\"x","trace":"-","other":[1]}"#;
        let record = json::parse(record).unwrap();
        let event = event(record.as_object().unwrap(), None);
        let read = json::parse(event.to_string().as_bytes()).unwrap();
        assert_eq!(read, event.clone().into(), "it is JSON");
        let event = read.as_object().unwrap();
        for (pointer, expected) in [
            ("/time", "0"),
            ("/severity_id", "0"),
            ("/action_id", "0"),
            ("/disposition_id", "0"),
            ("/is_alert", "true"),
            ("/ai_agent/uid", r#""\"},{\"x""#),
            ("/unmapped/other", "[1]"),
        ] {
            assert_eq!(event.pointer(pointer).unwrap().to_string(), expected, "{pointer}");
        }
        assert_eq!((event.get("trace"), event.get("policy")), (None, None));
    }

    #[test]
    fn the_worst_finding_says_how_severe_it_is_and_the_verdict_how_severe_at_least() {
        let finding = |severity: u64| object([("severity", severity.into())]);
        let severity = |verdict, found: Option<u64>| severity(Some(verdict), found.map(finding).as_ref()).0;
        assert_eq!(severity(Verdict::Allow, None), 1);
        assert_eq!(severity(Verdict::Allow, Some(4)), 5);
        assert_eq!(severity(Verdict::Deny, Some(0)), 3);
        assert_eq!(severity(Verdict::Warn, Some(3)), 4);
    }
}

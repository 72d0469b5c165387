//! Events, as a surface would send them.

use guardhouse::{decision::Decision, event::Event};

/// The event with these members, in the session `s1` of the agent `assistant`.
#[must_use]
pub fn event(members: &str) -> Event {
    let text = format!(r#"{{"agent":"assistant","session":"s1","user":"emma",{members}}}"#);
    Event::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// An input of `source`.
#[must_use]
pub fn input(source: &str, text: &str) -> Event {
    event(&format!(r#""checkpoint":"input","source":"{source}","text":{}"#, quoted(text)))
}

/// An output.
#[must_use]
pub fn output(text: &str) -> Event {
    event(&format!(r#""checkpoint":"output","text":{}"#, quoted(text)))
}

/// A call of `bank/<tool>` with arguments in JSON.
#[must_use]
pub fn call(tool: &str, arguments: &str) -> Event {
    event(&format!(r#""checkpoint":"tool-call","server":"bank","tool":"{tool}","call":"c1","arguments":{arguments}"#))
}

/// A result of `bank/<tool>`, whose members (`"text":"…"`, `"content":[…]`) are given.
#[must_use]
pub fn result(tool: &str, members: &str) -> Event {
    event(&format!(r#""checkpoint":"tool-result","server":"bank","tool":"{tool}","call":"c1",{members}"#))
}

/// A definition of `bank/<tool>` in JSON.
#[must_use]
pub fn definition(tool: &str, definition: &str) -> Event {
    event(&format!(r#""checkpoint":"tool-definition","server":"bank","tool":"{tool}","definition":{definition}"#))
}

/// The codes of a decision's reasons, each with the policy or the guard that it names.
#[must_use]
pub fn codes(decision: &Decision) -> Vec<String> {
    let code = |reason: &guardhouse::decision::Reason| match reason.policy.as_ref().or(reason.guard.as_ref()) {
        Some(from) => format!("{} {from}", reason.code),
        None => reason.code.to_string(),
    };
    decision.reasons.iter().map(code).collect()
}

/// A JSON string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

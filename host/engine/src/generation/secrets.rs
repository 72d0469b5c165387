//! No secrets in configurations: they are written to the cache in the clear, and shown by what shows a bundle.

use crate::{
    bundle::GuardEntry,
    event::Event,
    guard::{Guard, SECRET},
    json::{Object, Value},
    text,
};

/// The guards whose configuration is refused, each with what was expected and found, in the words of a load error.
///
/// The bundle's own guards look at it, those that report [secrets](Guard::looks_for_secrets). Where there is none, nobody
/// has looked, so nothing that depends on a configuration is cached.
pub(super) async fn in_configurations(entries: &[GuardEntry], guards: &[Guard]) -> Vec<(String, String)> {
    let mut refused = Vec::new();
    for entry in entries.iter().filter(|entry| !entry.config.is_empty()) {
        for guard in guards.iter().filter(|guard| guard.looks_for_secrets()) {
            if let Err(found) = inspected(&entry.config, guard).await {
                refused.push((entry.name.clone(), found));
            }
        }
    }
    refused
}

/// Has a guard look at a configuration as at the arguments of a call: leaf by leaf.
async fn inspected(config: &Object, guard: &Guard) -> Result<(), String> {
    let name = guard.name();
    let event = call_with(config).map_err(|error| format!("expected one that can be inspected, found {error}"))?;
    let parts = text::parts(&event).map_err(|error| format!("expected one that can be inspected, found {error}"))?;
    match guard.inspect(&event, &parts, true).await {
        Ok(inspected) => match inspected
            .findings
            .iter()
            .map(|found| &found.finding)
            .find(|finding| finding.category.as_str() == SECRET)
        {
            None => Ok(()),
            Some(finding) => {
                let (rule, path) = (&finding.rule, finding.path.as_deref().unwrap_or_default());
                Err(format!("expected no secret, found one at `{path}` (rule `{rule}` of the guard `{name}`)"))
            }
        },
        Err(failure) => {
            Err(format!("expected the guard `{name}` to look for secrets in it, found that it failed: {failure}"))
        }
    }
}

fn call_with(config: &Object) -> Result<Event, crate::event::EventError> {
    let mut event = Object::new();
    for (key, value) in [
        ("agent", "guardhouse"),
        ("session", "configuration"),
        ("checkpoint", "tool-call"),
        ("server", "guardhouse"),
        ("tool", "configure"),
        ("call", "configure"),
    ] {
        event.insert(key, value);
    }
    event.insert("arguments", config.clone());
    Event::from_value(Value::from(event))
}

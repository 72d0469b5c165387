//! Which decisions are wanted.

use guardhouse::{
    event::Checkpoint,
    json::{Object, Value},
};
use jiff::Timestamp;

use crate::arguments::{Only, Part};

/// Whether a decision's record meets all conditions.
pub(super) fn meets(only: &Only, members: &Object) -> bool {
    let is = |name: &str, wanted: Option<&str>| wanted.is_none_or(|wanted| text(members, name) == wanted);
    let has = |list: &str, name: &str, wanted: Option<&str>| {
        wanted.is_none_or(|wanted| objects(members, list).any(|object| text(object, name) == wanted))
    };
    is_in(&only.part, members)
        && is("agent", only.agent.as_deref())
        && is("user", only.user.as_deref())
        && is("checkpoint", only.checkpoint.map(Checkpoint::as_str))
        && only.tool.as_ref().is_none_or(|tool| {
            text(members, "server") == tool.server.as_str() && text(members, "tool") == tool.tool.as_str()
        })
        && (only.verdict.is_empty() || only.verdict.iter().any(|verdict| verdict.as_str() == text(members, "verdict")))
        && has("findings", "category", only.category.as_deref())
        && has("reasons", "policy", only.policy.as_deref())
}

/// Whether a record is in that part of a journal.
pub(crate) fn is_in(part: &Part, members: &Object) -> bool {
    let Part { session, since, until } = part;
    let time = || text(members, "time").parse::<Timestamp>().ok();
    session.as_deref().is_none_or(|session| text(members, "session") == session)
        && since.is_none_or(|since| time().is_some_and(|time| time >= since))
        && until.is_none_or(|until| time().is_some_and(|time| time < until))
}

/// The text of a member; empty if there is none.
pub(super) fn text<'o>(object: &'o Object, name: &str) -> &'o str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The objects in a list.
pub(super) fn objects<'o>(object: &'o Object, name: &str) -> impl Iterator<Item = &'o Object> {
    object.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

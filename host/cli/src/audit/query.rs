//! `guardhouse audit query` and `guardhouse session show`: the decisions that meet some conditions.

use std::{
    io::{self, Write as _},
    path::Path,
};

use guardhouse::{
    event::Checkpoint,
    journal::{Record, Records},
    json::{Object, Value},
};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use super::line;
use crate::{Status, arguments};

/// Prints the decisions that meet all conditions, in their order.
pub(crate) fn query(arguments: &arguments::Query) -> miette::Result<Status> {
    let most = arguments.limit.unwrap_or(usize::MAX);
    print(&arguments.journal, |record| meets(arguments, &record.members), most, arguments.pretty)?;
    Ok(Status::Allowed)
}

/// Prints what happened in one session.
pub(crate) fn session(arguments: &arguments::Show) -> miette::Result<Status> {
    let session = arguments.session.as_str();
    let is_of_it = |record: &Record| text(&record.members, "session") == session;
    if print(&arguments.journal, is_of_it, usize::MAX, !arguments.json)? == 0 {
        let journal = arguments.journal.display();
        return Err(miette!("expected decisions of session `{session}` in the journal `{journal}`, found none"));
    }
    Ok(Status::Allowed)
}

/// Prints at most so many decisions that are wanted, and says how many there were.
fn print(journal: &Path, is_wanted: impl Fn(&Record) -> bool, most: usize, pretty: bool) -> miette::Result<usize> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let mut printed = 0;
    for record in Records::of(journal).into_diagnostic()? {
        let record = record.into_diagnostic()?;
        if printed == most {
            break;
        }
        if record.kind() != "decision" || !is_wanted(&record) {
            continue;
        }
        printed += 1;
        let written = if pretty { line::print(&mut out, &record) } else { writeln!(out, "{}", record.members) };
        written.into_diagnostic().wrap_err("expected to print a record")?;
    }
    out.flush().into_diagnostic().wrap_err("expected to print the records")?;
    Ok(printed)
}

fn meets(arguments: &arguments::Query, members: &Object) -> bool {
    let is = |name: &str, wanted: Option<&str>| wanted.is_none_or(|wanted| text(members, name) == wanted);
    let has = |list: &str, name: &str, wanted: Option<&str>| {
        wanted.is_none_or(|wanted| {
            let objects = members.get(list).and_then(Value::as_array).into_iter().flatten();
            objects.filter_map(Value::as_object).any(|object| text(object, name) == wanted)
        })
    };
    let time = || text(members, "time").parse::<Timestamp>().ok();
    is("session", arguments.only.session.as_deref())
        && is("agent", arguments.only.agent.as_deref())
        && is("user", arguments.only.user.as_deref())
        && is("checkpoint", arguments.only.checkpoint.map(Checkpoint::as_str))
        && arguments.only.tool.as_ref().is_none_or(|tool| {
            text(members, "server") == tool.server.as_str() && text(members, "tool") == tool.tool.as_str()
        })
        && (arguments.only.verdict.is_empty()
            || arguments.only.verdict.iter().any(|verdict| verdict.as_str() == text(members, "verdict")))
        && has("findings", "category", arguments.only.category.as_deref())
        && has("reasons", "policy", arguments.only.policy.as_deref())
        && arguments.only.since.is_none_or(|since| time().is_some_and(|time| time >= since))
        && arguments.only.until.is_none_or(|until| time().is_some_and(|time| time < until))
}

fn text<'o>(object: &'o Object, name: &str) -> &'o str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

//! One record as a line for people.

use std::io::{self, Write};

use anstyle::Style;
use guardhouse::{
    decision::Verdict,
    journal::Record,
    json::{Object, Value},
    text::tame,
};

use crate::pretty::colour;

/// Bytes of a name or a message that are shown.
const SHOWN: usize = 160;

/// Prints a decision's record: when, in which session, what became of what, and why.
pub(super) fn print(out: &mut impl Write, record: &Record) -> io::Result<()> {
    let text = |name: &str| tame(record.members.get(name).and_then(Value::as_str).unwrap_or_default(), SHOWN);
    let dim = Style::new().dimmed();
    let (time, session, checkpoint) = (text("time"), text("session"), text("checkpoint"));
    let verdict = text("verdict");
    let colour = verdict.parse::<Verdict>().map(colour).unwrap_or_default();
    let tool = match (text("server"), text("tool")) {
        (server, tool) if !tool.is_empty() => format!(" {server}/{tool}"),
        _ => String::new(),
    };
    writeln!(out, "{dim}{time}{dim:#}  {session}  {checkpoint:<16}{colour}{verdict:<9}{colour:#}{tool}")?;
    let objects = |name: &str| record.members.get(name).and_then(Value::as_array).into_iter().flatten();
    for reason in objects("reasons").filter_map(Value::as_object) {
        let [code, policy, guard, message] = ["code", "policy", "guard", "message"].map(|name| member(reason, name));
        let from = [code, policy, guard].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        writeln!(out, "    {from}: {message}")?;
    }
    for finding in objects("findings").filter_map(Value::as_object) {
        let [guard, category, rule] = ["guard", "category", "rule"].map(|name| member(finding, name));
        writeln!(out, "    {dim}{guard} found {category} ({rule}){dim:#}")?;
    }
    Ok(())
}

fn member(object: &Object, name: &str) -> String {
    tame(object.get(name).and_then(Value::as_str).unwrap_or_default(), SHOWN)
}

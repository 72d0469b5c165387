//! `guardhouse audit show`: one record whole, with its content opened if it can be.

use std::{
    io::{self, Write},
    path::Path,
};

use guardhouse::{
    journal::{Content, Identities, Record},
    json::{Object, Value, Visible},
};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use super::{line, records};
use crate::{
    Status,
    arguments::{self, Which},
};

/// Prints one record.
pub(crate) fn show(arguments: &arguments::ShowRecord) -> miette::Result<Status> {
    let identities = arguments.identity.as_deref().map(Identities::read).transpose().into_diagnostic()?;
    let record = find(&arguments.journal, arguments.record)?;
    let record = match &identities {
        Some(identities) => opened(record, identities).into_diagnostic()?,
        None => record,
    };
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let printed = if arguments.json { writeln!(out, "{}", record.members) } else { print(&mut out, record) };
    printed.and_then(|()| out.flush()).into_diagnostic().wrap_err("expected to print the record")?;
    Ok(Status::Allowed)
}

fn find(journal: &Path, wanted: Which) -> miette::Result<Record> {
    for record in records(journal)? {
        let record = record.into_diagnostic()?;
        let is_it = match wanted {
            Which::Number(n) => record.n == n,
            Which::Decision(id) => {
                let of_record = (record.kind() == "decision").then(|| record.members.get("id")).flatten();
                of_record.and_then(Value::as_str).is_some_and(|found| found.parse() == Ok(id))
            }
        };
        if is_it {
            return Ok(record);
        }
    }
    Err(miette!("expected {wanted} in the journal `{}`, found none", journal.display()))
}

/// The record with the event in the place of what it is encrypted in.
fn opened(mut record: Record, identities: &Identities) -> Result<Record, guardhouse::journal::ContentError> {
    if let Some(content @ Content::Encrypted(_)) = Content::of(&record)? {
        let event = content.event(identities)?.to_value();
        put(&mut record, "event", event);
    }
    Ok(record)
}

/// Says what encrypted content is, instead of its file.
fn put(record: &mut Record, name: &str, value: impl Into<Value>) {
    let mut content = Object::new();
    content.insert("as", "encrypted");
    content.insert(name, value);
    record.members.insert("content", content);
}

/// For people: a decision in short, and every member of the record.
fn print(out: &mut impl Write, mut record: Record) -> io::Result<()> {
    if record.kind() == "decision" {
        line::print(out, &record)?;
    }
    let sealed = record.members.get("content").and_then(Value::as_object).and_then(|content| content.get("age"));
    if let Some(sealed) = sealed.and_then(Value::as_str).map(str::len) {
        put(&mut record, "age", format!("{sealed} characters, which --identity opens"));
    }
    writeln!(out, "{:#}", Visible(&record.members.into()))
}

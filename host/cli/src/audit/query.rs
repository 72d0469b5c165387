//! `guardhouse audit query` and `guardhouse session show`: the decisions that meet some conditions.

use std::{
    io::{self, Write as _},
    path::Path,
};

use guardhouse::journal::Record;
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use super::{
    conditions::{meets, text},
    line, records,
};
use crate::{Status, arguments};

/// Prints the decisions that meet all conditions, in their order.
pub(crate) fn query(arguments: &arguments::Query) -> miette::Result<Status> {
    let most = arguments.limit.unwrap_or(usize::MAX);
    print(&arguments.journal, |record| meets(&arguments.only, &record.members), most, arguments.pretty)?;
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
    for record in records(journal)? {
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

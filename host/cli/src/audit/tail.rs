//! `guardhouse audit tail`.

use std::{
    collections::VecDeque,
    io::{self, Write},
    thread,
};

use guardhouse::journal::Record;
use miette::{IntoDiagnostic as _, WrapErr as _};

use super::{PAUSE, line, records};
use crate::{Status, arguments};

/// Prints the last decisions of a journal, and those that follow.
pub(crate) fn tail(arguments: &arguments::Tail) -> miette::Result<Status> {
    let mut records = records(&arguments.journal)?;
    let mut last = VecDeque::new();
    for record in records.by_ref() {
        let record = record.into_diagnostic()?;
        if record.kind() != "decision" {
            continue;
        }
        last.push_back(record);
        if last.len() > arguments.last {
            last.pop_front();
        }
    }
    let mut out = anstream::stdout().lock();
    let mut print = |record: &Record| -> io::Result<()> {
        if arguments.pretty {
            line::print(&mut out, record)?;
        } else {
            writeln!(out, "{}", record.members)?;
        }
        out.flush()
    };
    let mut print = |record: &Record| print(record).into_diagnostic().wrap_err("expected to print a record");
    for record in &last {
        print(record)?;
    }
    drop(last);
    if !arguments.follow {
        return Ok(Status::Allowed);
    }
    loop {
        for record in records.by_ref() {
            let record = record.into_diagnostic()?;
            if record.kind() == "decision" {
                print(&record)?;
            }
        }
        thread::sleep(PAUSE);
    }
}

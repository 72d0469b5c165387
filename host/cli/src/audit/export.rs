//! `guardhouse audit export`.

use std::{
    io::{self, Write},
    thread,
};

use guardhouse::journal::{self, Cursor, Follow, FollowError, JournalError};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use super::{
    PAUSE,
    format::{Wanted, write},
};
use crate::{
    Status,
    arguments::{self, Only},
};

/// Prints a journal's records for others to read.
pub(crate) fn export(arguments: &arguments::Export) -> miette::Result<Status> {
    if !arguments.follow {
        journal::find(&arguments.journal).into_diagnostic()?;
    }
    let follow = match &arguments.from {
        Some(path) => {
            let cursor = Cursor::read(path).into_diagnostic()?;
            let cursor = cursor.ok_or_else(|| miette!("expected a cursor in `{}`, found no file", path.display()))?;
            Follow::after(&arguments.journal, Some(cursor))
        }
        None => Follow::all(&arguments.journal),
    };
    let mut follow = follow.into_diagnostic()?;
    let wanted = if arguments.only == Only::default() { Wanted::All } else { Wanted::Decisions(&arguments.only) };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    loop {
        match follow.next() {
            Ok(Some(record)) => {
                line.clear();
                write(&mut line, arguments.format, wanted, &record, &follow);
                print(&mut out, &line)?;
            }
            Ok(None) => {
                out.flush().into_diagnostic().wrap_err("expected to print the records")?;
                if !arguments.follow {
                    return Ok(Status::Allowed);
                }
                thread::sleep(PAUSE);
            }
            // A record that it took away with it shows by the next one.
            Err(FollowError::Journal(error @ JournalError::NoRecord { .. })) => tracing::warn!("{error}"),
            Err(error) => {
                out.flush().into_diagnostic().wrap_err("expected to print the records")?;
                return Err(error).into_diagnostic();
            }
        }
    }
}

fn print(out: &mut impl Write, line: &[u8]) -> miette::Result<()> {
    out.write_all(line).into_diagnostic().wrap_err("expected to print a record")
}

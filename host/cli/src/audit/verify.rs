//! `guardhouse audit verify`.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Write},
    path::{Path, PathBuf},
};

use guardhouse::{
    journal::{self, Checkpoint, Trust, Verification},
    json::{Object, Value},
};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use crate::{Status, arguments};

/// Bytes of a checkpoint's line.
const MAX_LINE: u64 = 64 << 10;

/// Says whether a journal is sound.
pub(crate) fn verify(arguments: &arguments::Verify) -> miette::Result<Status> {
    let mut trust = Trust { key: arguments.key, anchors: Vec::new() };
    for path in &arguments.anchors {
        read_anchors(path, &mut trust.anchors)?;
    }
    if trust.anchors.is_empty() {
        // Where there are checkpoints, that nothing is there is what is found.
        journal::find(&arguments.journal).into_diagnostic()?;
    }
    let found = journal::verify(&arguments.journal, &trust).into_diagnostic()?;
    let mut out = anstream::stdout().lock();
    let told =
        if arguments.json { writeln!(out, "{}", as_json(&found)) } else { tell(&mut out, &arguments.journal, &found) };
    told.and_then(|()| out.flush()).into_diagnostic().wrap_err("expected to print what was found")?;
    Ok(if found.is_sound() { Status::Allowed } else { Status::Refused })
}

fn read_anchors(path: &PathBuf, anchors: &mut Vec<Checkpoint>) -> miette::Result<()> {
    let name = path.display();
    let file = File::open(path).into_diagnostic().wrap_err_with(|| format!("{name}: expected checkpoints"))?;
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = std::io::Read::take(&mut lines, MAX_LINE).read_until(b'\n', &mut line);
        if read.into_diagnostic().wrap_err_with(|| format!("{name}:{number}: expected a line"))? == 0 {
            break;
        }
        let checkpoint = Checkpoint::from_json(&line);
        anchors
            .push(checkpoint.ok_or_else(|| miette!("{name}:{number}: expected a checkpoint, found something else"))?);
    }
    Ok(())
}

fn tell(out: &mut impl Write, directory: &Path, found: &Verification) -> std::io::Result<()> {
    let Verification { first, retired, last, records, segments, covered, anchored, torn, .. } = found;
    let journal = found.journal.map(|journal| format!(" {journal}")).unwrap_or_default();
    writeln!(out, "journal{journal} in {}", directory.display())?;
    writeln!(out, "  {records} records in {segments} segments, the last is {last}")?;
    if let Some(n) = retired {
        writeln!(out, "  records 1 to {} were taken away by retention, as record {n} says", first - 1)?;
    }
    for key in &found.keys {
        writeln!(out, "  signed up to record {covered} by {key}")?;
    }
    if found.keys.is_empty() {
        writeln!(out, "  no checkpoint signs it")?;
    }
    match anchored {
        Some(n) => writeln!(out, "  a checkpoint kept elsewhere reaches up to record {n}")?,
        None => writeln!(out, "  no checkpoint kept elsewhere was given: an end that was cut off would not show")?,
    }
    if *torn > 0 {
        writeln!(out, "  behind record {last} stand {torn} bytes of one that is not written whole")?;
    }
    for fault in &found.faults {
        match &fault.place {
            Some((file, at)) => writeln!(out, "{file}, byte {at}: {}", fault.kind)?,
            None => writeln!(out, "{}", fault.kind)?,
        }
    }
    if found.more > 0 {
        writeln!(out, "and {} more", found.more)?;
    }
    writeln!(out, "{}", if found.is_sound() { "sound" } else { "NOT SOUND" })
}

fn as_json(found: &Verification) -> Value {
    let mut object = Object::new();
    object.insert("sound", found.is_sound());
    if let Some(journal) = found.journal {
        object.insert("journal", journal.to_string());
    }
    object.insert("first", found.first);
    if let Some(retired) = found.retired {
        object.insert("retired", retired);
    }
    object.insert("last", found.last);
    object.insert("records", found.records);
    object.insert("segments", found.segments);
    object.insert("bytes", found.bytes);
    object.insert("covered", found.covered);
    if let Some(anchored) = found.anchored {
        object.insert("anchored", anchored);
    }
    object.insert("keys", found.keys.iter().map(|key| key.to_string().into()).collect::<Vec<Value>>());
    object.insert("torn", found.torn);
    let fault = |fault: &journal::Fault| {
        let mut object = Object::new();
        if let Some((file, at)) = &fault.place {
            object.insert("file", file.as_str());
            object.insert("byte", *at);
        }
        object.insert("message", fault.kind.to_string());
        object.into()
    };
    object.insert("faults", found.faults.iter().map(fault).collect::<Vec<Value>>());
    object.insert("more", found.more);
    object.into()
}

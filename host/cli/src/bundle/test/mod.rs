//! `guardhouse bundle test`: a bundle's own tests.
//!
//! `words` says a difference to people, `pretty` prints a whole run for them, `junit` writes it for CI.

mod junit;
mod pretty;
mod words;

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    sync::Arc,
};

use guardhouse::{
    bundle::{Bundle, CaseFile},
    generation::Generation,
    json::Object,
    rehearsal::{self, Rehearsal},
};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use crate::{Status, arguments, executor::executor, sandbox};

/// Whether the forbids that no test makes fire are told, and are a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coverage {
    /// Some tests were left out, so nothing can be said.
    Unknown,
    Told,
    Required,
}

/// Runs the tests and prints what came of them.
pub(crate) fn test(arguments: &arguments::BundleTest, cache: &arguments::Cache) -> miette::Result<Status> {
    let bundle = Bundle::read(&arguments.bundle)?;
    let tests = bundle.tests();
    let selected = arguments.filter.as_deref().map(|text| select(&tests, text)).transpose()?;
    let sandbox = sandbox::runtime(cache)?;
    let executor = executor()?;
    let generation = Arc::new(executor.block_on(Generation::new(&sandbox, bundle))?);
    let rehearsal = executor.block_on(rehearsal::run(&generation, selected.as_deref().unwrap_or(&tests)));
    let coverage = match (&selected, arguments.require_coverage) {
        (Some(_), _) => Coverage::Unknown,
        (None, true) => Coverage::Required,
        (None, false) => Coverage::Told,
    };

    if let Some(path) = &arguments.junit {
        let written = File::create(path).and_then(|file| {
            let mut file = BufWriter::new(file);
            junit::write(&mut file, generation.name(), &rehearsal, coverage)?;
            file.flush()
        });
        written.into_diagnostic().wrap_err_with(|| format!("expected to write `{}`", path.display()))?;
    }
    let mut out = anstream::stdout().lock();
    let printed = if arguments.json {
        writeln!(out, "{}", as_json(&generation, &rehearsal, coverage))
    } else {
        pretty::print(&mut out, &rehearsal, coverage)
    };
    printed.and_then(|()| out.flush()).into_diagnostic().wrap_err("expected to print what came of the tests")?;

    let uncovered = coverage == Coverage::Required && !rehearsal.not_fired.is_empty();
    Ok(if rehearsal.failed() > 0 || uncovered { Status::Refused } else { Status::Allowed })
}

/// The cases that have `text` in their name, or all of a file that has. To find none is an error: a misspelt filter would
/// otherwise pass.
fn select(files: &[CaseFile], text: &str) -> miette::Result<Vec<CaseFile>> {
    let mut selected = files.to_vec();
    for file in &mut selected {
        if !file.name.contains(text) {
            file.cases.retain(|case| case.name.contains(text));
        }
    }
    selected.retain(|file| !file.cases.is_empty());
    if selected.is_empty() {
        let all: usize = files.iter().map(|file| file.cases.len()).sum();
        return Err(miette!(
            "--filter: expected a test with `{text}` in its name or its file's, found none among {all}"
        ));
    }
    Ok(selected)
}

/// The rehearsal's own JSON, after what was rehearsed.
fn as_json(generation: &Generation, rehearsal: &Rehearsal, coverage: Coverage) -> Object {
    let mut object = Object::new();
    object.insert("bundle", generation.name());
    object.insert("generation", generation.digest().to_string());
    for (name, value) in rehearsal.to_object() {
        if coverage != Coverage::Unknown || !matches!(name.as_str(), "forbids" | "not_fired") {
            object.insert(name, value);
        }
    }
    object
}

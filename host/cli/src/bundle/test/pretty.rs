//! What came of a bundle's tests, for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use guardhouse::{
    rehearsal::{Outcome, Rehearsal},
    text::tame,
};

use super::{Coverage, words};

/// Bytes of a name that are shown.
const NAME: usize = 256;

/// Prints each failed case with its differences, the counts, and the forbids that no test makes fire.
pub(super) fn print(out: &mut impl Write, rehearsal: &Rehearsal, coverage: Coverage) -> io::Result<()> {
    for file in &rehearsal.files {
        for outcome in file.outcomes.iter().filter(|outcome| !outcome.passed()) {
            failed(out, &file.name, outcome)?;
        }
    }
    let (passed, failed) = (rehearsal.passed(), rehearsal.failed());
    if passed + failed == 0 {
        writeln!(out, "no tests")?;
    } else {
        let files = rehearsal.files.len();
        let colour = if failed == 0 { AnsiColor::Green } else { AnsiColor::Red };
        let bold = Style::new().bold().fg_color(Some(colour.into()));
        writeln!(out, "{bold}{passed} passed, {failed} failed{bold:#} in {files} file{}", plural(files))?;
    }
    if coverage != Coverage::Unknown && !rehearsal.not_fired.is_empty() {
        let (silent, all) = (rehearsal.not_fired.len(), rehearsal.forbids);
        writeln!(out, "no test makes {silent} of {all} forbid{} fire:", plural(all))?;
        for id in &rehearsal.not_fired {
            writeln!(out, "  {}", tame(id, NAME))?;
        }
    }
    Ok(())
}

fn failed(out: &mut impl Write, file: &str, outcome: &Outcome) -> io::Result<()> {
    let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let place = format!("{}:{}", tame(file, NAME), outcome.line);
    // A case without a name has its place for one.
    let name = Some(tame(&outcome.name, NAME)).filter(|name| *name != place);
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    writeln!(out, "{red}FAILED{red:#} {place}{name}")?;
    for line in words::lines(outcome) {
        writeln!(out, "       {line}")?;
    }
    Ok(())
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

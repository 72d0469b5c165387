//! What came of a bundle's tests as `JUnit` XML, which CI systems show: one suite a file, one case a case.
//!
//! There is no standard; the elements and attributes are those that the systems have in common, with the `file` and `line`
//! that pytest added and several read.

use std::{
    io::{self, Write},
    time::Duration,
};

use guardhouse::{
    rehearsal::{Outcome, Rehearsal, RehearsedFile},
    text::tame,
};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{Coverage, words};

/// Bytes of a name.
const NAME: usize = 256;
/// Bytes of what is said of one case.
const WORDS: usize = 64 << 10;

/// Writes the report. Where coverage is required, each forbid that no test makes fire is a failed case of a suite
/// `coverage`.
pub(super) fn write(out: &mut impl Write, bundle: &str, rehearsal: &Rehearsal, coverage: Coverage) -> io::Result<()> {
    let uncovered: &[String] = if coverage == Coverage::Required { &rehearsal.not_fired } else { &[] };
    let tests = count(rehearsal.passed() + rehearsal.failed() + uncovered.len());
    let failures = count(rehearsal.failed() + uncovered.len());
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = xml.create_element("testsuites");
    let suites = suites.with_attributes([
        ("name", bundle),
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
    ]);
    suites.write_inner_content(|xml| {
        for file in &rehearsal.files {
            suite(xml, file)?;
        }
        if uncovered.is_empty() { Ok(()) } else { silent(xml, uncovered) }
    })?;
    xml.into_inner().write_all(b"\n")
}

/// The suite of one file.
fn suite(xml: &mut Writer<impl Write>, file: &RehearsedFile) -> io::Result<()> {
    let name = clean(&file.name);
    let tests = count(file.outcomes.len());
    let failures = count(file.outcomes.iter().filter(|outcome| !outcome.passed()).count());
    let time = seconds(file.outcomes.iter().map(|outcome| outcome.decision.micros).sum());
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", name.as_str()),
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
        ("time", time.as_str()),
    ]);
    suite.write_inner_content(|xml| file.outcomes.iter().try_for_each(|outcome| case(xml, &name, outcome)))?;
    Ok(())
}

fn case(xml: &mut Writer<impl Write>, file: &str, outcome: &Outcome) -> io::Result<()> {
    let (name, line) = (clean(&outcome.name), count(outcome.line));
    let time = seconds(outcome.decision.micros);
    let case = xml.create_element("testcase").with_attributes([
        ("name", name.as_str()),
        ("classname", file),
        ("file", file),
        ("line", line.as_str()),
        ("time", time.as_str()),
    ]);
    if outcome.passed() {
        case.write_empty()?;
    } else {
        let lines: Vec<_> = words::lines(outcome).iter().map(|line| clean_to(line, WORDS)).collect();
        case.write_inner_content(|xml| failure(xml, &lines))?;
    }
    Ok(())
}

/// The suite of what no test makes fire.
fn silent(xml: &mut Writer<impl Write>, forbids: &[String]) -> io::Result<()> {
    let failures = count(forbids.len());
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", "coverage"),
        ("tests", failures.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
        ("time", "0"),
    ]);
    suite.write_inner_content(|xml| {
        for forbid in forbids {
            let name = clean(forbid);
            let case = xml.create_element("testcase");
            let case = case.with_attributes([("name", name.as_str()), ("classname", "coverage"), ("time", "0")]);
            case.write_inner_content(|xml| failure(xml, &["no test makes this forbid fire".to_owned()]))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// What is said of a failure, the first line of it as its heading.
fn failure(xml: &mut Writer<impl Write>, lines: &[String]) -> io::Result<()> {
    let heading = lines.first().map_or("", String::as_str);
    let failure = xml.create_element("failure").with_attributes([("message", heading), ("type", "difference")]);
    failure.write_text_content(BytesText::new(&lines.join("\n")))?;
    Ok(())
}

fn clean(text: &str) -> String {
    clean_to(text, NAME)
}

/// Tamed, and without the two characters besides controls that XML 1.0 cannot hold, escaped or not (section 2.2).
fn clean_to(text: &str, bound: usize) -> String {
    tame(text, bound).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn count(number: usize) -> String {
    number.to_string()
}

/// Microseconds in seconds.
fn seconds(micros: u64) -> String {
    format!("{:.6}", Duration::from_micros(micros).as_secs_f64())
}

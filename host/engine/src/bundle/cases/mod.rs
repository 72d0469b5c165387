//! A bundle's own tests: events in, and the decision that is expected.
//!
//! Every `tests/*.jsonl`, `tests/*.yaml` and `tests/*.yml` of a bundle holds cases: JSON lines hold one a line, YAML is a
//! list of them. Notes (`*.md`), hidden files and editors' copies (`*~`) may stand beside them; anything else there is an
//! error, since a test with a misspelt ending would silently not run. In YAML:
//!
//! ```yaml
//! - name: a secret does not leave through a tool
//!   before:
//!     - { checkpoint: input, source: user, text: Answer ticket 4711. }
//!   event:
//!     checkpoint: tool-call
//!     server: tickets
//!     tool: reply
//!     arguments: { text: "use AKIA…" }
//!   expect:
//!     verdict: deny
//!     reasons: ["limits.cedar:secret-leaves"]
//!     findings: [{ guard: secrets, path: /text }]
//! ```
//!
//! * `name`: unique in the file. In JSON lines it may be left out; file and line are then the name.
//! * `before`: events that come first. What becomes of them is not compared, but that the path fails on one (a guard, a
//!   policy that cannot be evaluated) is.
//! * `event`: what is judged. Events are those of [`Event`](crate::event::Event), in which `agent` and `session`
//!   (`test`) and `call` (`c1`) may be left out, and nothing else.
//! * `expect`, of which only `verdict` must be there; what is left out is not compared:
//!   * `reasons`: these and no others, in any order: a policy's name, `<file>.cedar:<id>`; a code (`no-permit`); or a code
//!     with the policy or guard that it is to name (`guard-failed secrets`);
//!   * `findings`: these and no others, in any order; of each its `guard`, `rule`, `category`, `severity`, `confidence`
//!     or `path` (`null`: in the event as a whole);
//!   * what was repaired, as the decision has it: `text`; `arguments` of a call; `tool`, a definition; `text` or `content`,
//!     and `structured`, of a result.
//!
//! No case sees what another left behind, whatever sessions and tools they name: see [`rehearsal`](crate::rehearsal).
//! Tests do not change how an event is judged, so they are no part of a generation's digest: a new test makes no new
//! generation.

mod case;
mod jsonl;
mod place;
mod read;
mod scalar;
#[cfg(test)]
mod tests;
mod yaml;

use std::{
    collections::{HashMap, hash_map::Entry},
    fs, io,
    path::Path,
};

pub use case::{Case, Expected, ExpectedFinding, ExpectedPath, ExpectedPayload, ExpectedReason};

use super::{BundleError, read_text};
use crate::json::{Value, quote};
use place::Place;

/// The folder of a bundle that holds its tests.
const FOLDER: &str = "tests";
/// Defects of one file that are told; each carries the file's text.
const MOST_ERRORS: usize = 10;

/// One file of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// Its name in the bundle, such as `tests/payments.yaml`.
    pub name: String,
    /// The cases in their order.
    pub cases: Vec<Case>,
}

/// How cases are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    JsonLines,
    Yaml,
}

impl Format {
    /// The format of a file by its name.
    fn of(name: &str) -> Option<Self> {
        match Path::new(name).extension()?.to_str()? {
            "jsonl" => Some(Self::JsonLines),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

impl CaseFile {
    /// Reads the text of a file, of which `name` tells the format: JSON lines, unless it ends in `.yaml` or `.yml`.
    ///
    /// # Errors
    /// What is wrong with it: the first defect of each case, and ten of them at most.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<BundleError>> {
        let file = Self { name: name.to_owned(), cases: Vec::new() };
        let mut reading = Reading { text, file, errors: Vec::new(), names: HashMap::new(), line: 1, counted: 0 };
        match Format::of(name) {
            Some(Format::Yaml) => {
                if let Err(refusal) = yaml::read(text, |value, place| reading.case(value, place, Format::Yaml)) {
                    let error = BundleError::at(name, text, refusal.at, refusal.message);
                    reading.error(match refusal.help {
                        Some(help) => error.help(help),
                        None => error,
                    });
                }
            }
            Some(Format::JsonLines) | None => {
                for line in jsonl::lines(text) {
                    match line {
                        Ok((value, place)) => reading.case(&value, &place, Format::JsonLines),
                        Err((at, message)) => reading.error(BundleError::at(name, text, at, message)),
                    }
                }
            }
        }
        if reading.errors.is_empty() { Ok(reading.file) } else { Err(reading.errors) }
    }
}

/// One reading of one file.
struct Reading<'t> {
    text: &'t str,
    file: CaseFile,
    errors: Vec<BundleError>,
    /// The names so far, each with its line.
    names: HashMap<String, usize>,
    /// The line, from 1, of the byte up to which lines were counted.
    line: usize,
    counted: usize,
}

impl Reading<'_> {
    /// Reads the next case.
    fn case(&mut self, value: &Value, place: &Place, format: Format) {
        let line = self.line_of(place.at.start);
        let unnamed = (format == Format::JsonLines).then(|| format!("{}:{line}", self.file.name));
        let error = |at, message: String| BundleError::at(&self.file.name, self.text, at, message);
        match read::case(value, line, unnamed) {
            Err(defect) => {
                let error = error(place.find(value, &defect.path), defect.message);
                self.error(match defect.help {
                    Some(help) => error.help(help),
                    None => error,
                });
            }
            Ok(case) => match self.names.entry(case.name.clone()) {
                Entry::Occupied(first) => {
                    let (name, first) = (quote(&case.name), first.get());
                    let message = format!(
                        "field `name`: expected a name of its own, found {name}, which the case on line {first} has"
                    );
                    let error = error(place.find(value, &["name".to_owned()]), message);
                    self.error(error);
                }
                Entry::Vacant(free) => {
                    free.insert(line);
                    self.file.cases.push(case);
                }
            },
        }
    }

    fn error(&mut self, error: BundleError) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        }
    }

    /// The line of a byte that does not stand before one that was asked for earlier.
    fn line_of(&mut self, byte: usize) -> usize {
        let between = self.text.get(self.counted..byte).unwrap_or_default();
        self.line += between.matches('\n').count();
        self.counted = byte.max(self.counted);
        self.line
    }
}

/// Reads every file of cases in a bundle, in the order of their names. A bundle without any is in order.
pub(super) fn read_all(directory: &Path, errors: &mut Vec<BundleError>) -> Vec<CaseFile> {
    let entries = match fs::read_dir(directory.join(FOLDER)).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            errors.push(BundleError::of_file(FOLDER, format!("expected to list the directory, found that {error}")));
            return Vec::new();
        }
    };
    let mut names: Vec<_> = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.') && !name.ends_with('~'));
    names.retain(|name| Path::new(name).extension().is_none_or(|extension| extension != "md"));
    names.sort_unstable();
    let mut files = Vec::with_capacity(names.len());
    for name in names {
        let name = format!("{FOLDER}/{name}");
        if Format::of(&name).is_none() {
            let message = "expected tests, `*.jsonl`, `*.yaml` or `*.yml`, or a note, `*.md`, found something else";
            errors.push(BundleError::of_file(&name, message));
            continue;
        }
        match read_text(directory, &name).map_err(|error| vec![error]).and_then(|text| CaseFile::read(&name, &text)) {
            Ok(file) => files.push(file),
            Err(found) => errors.extend(found),
        }
    }
    files
}

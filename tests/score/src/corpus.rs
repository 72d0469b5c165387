//! Texts with labels, as JSON lines.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::{Deserialize, Serialize};

use crate::{lines::Lines, split::Part};

/// How the names of files with records end.
pub(crate) const RECORDS: &str = ".jsonl";

/// How those of transcripts end, which may lie beside them.
pub(crate) const TRANSCRIPT: &str = ".events.jsonl";

/// Folders inside one another that are gone through.
const DEPTH: usize = 16;

/// One text. What else a line has is another's business.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Record {
    /// Its identity, which says which part it belongs to.
    pub(crate) id: String,
    /// Where it comes from. Figures are given for each source.
    pub(crate) source: String,
    /// What it is, if it is one of the two.
    #[serde(default, deserialize_with = "label")]
    pub(crate) label: Option<Label>,
    /// The text.
    pub(crate) text: String,
    /// How sure its corpus is of the label: `high`, `medium`, `low`. Not rated: `high`.
    #[serde(default = "high")]
    pub(crate) quality: String,
    /// Where it would stand: `user_prompt`, `tool_output`, `sql_query` and the like.
    #[serde(default)]
    pub(crate) surface: String,
    /// What kind of text it is among those of its source.
    #[serde(default)]
    pub(crate) cls: String,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Label {
    /// What a guard is there to find.
    Attack,
    /// What it is to leave alone.
    Benign,
}

/// Any other label, and none, is no error: such records are counted and passed over.
fn label<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Label>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)?.as_str() {
        Some("attack") => Some(Label::Attack),
        Some("benign") => Some(Label::Benign),
        _ => None,
    })
}

fn high() -> String {
    "high".to_owned()
}

impl Record {
    /// The part that it belongs to.
    pub(crate) fn part(&self) -> Part {
        Part::of(&self.id)
    }
}

/// One file of records.
pub(crate) struct File {
    lines: Lines,
    /// The name of the folder that it lies in.
    pub(crate) folder: String,
}

impl File {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        // An absolute path has a folder with a name, also where the corpus was given as `.`.
        let absolute = fs::canonicalize(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let folder = absolute.parent().and_then(Path::file_name).map(|name| name.display().to_string());
        Ok(Self { lines: Lines::open(path)?, folder: folder.unwrap_or_default() })
    }

    /// The next record; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Record>> {
        let read = match self.lines.next()? {
            None => return Ok(None),
            Some(line) => serde_json::from_slice(line),
        };
        // The error's own line is always the first; its column is the line's.
        let expected = "expected a record with the strings `id`, `source` and `text`";
        read.map(Some).map_err(|found| anyhow!("{}: {expected}, found that {found}", self.lines.place()))
    }
}

/// Every file below `directory` whose name ends with `end` and has `word` in it, in the order of their paths.
pub(crate) fn files(directory: &Path, word: &str, end: &str) -> Result<Vec<PathBuf>> {
    let is = |name: &str| name.ends_with(end) && name.contains(word);
    let mut found = Vec::new();
    let mut folders = vec![(directory.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        if depth > DEPTH {
            bail!("expected at most {DEPTH} folders inside one another, found more: `{}`", folder.display());
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))? {
            let path = entry.with_context(|| format!("cannot read `{}`", folder.display()))?.path();
            if path.is_dir() {
                folders.push((path, depth + 1));
            } else if path.file_name().and_then(OsStr::to_str).is_some_and(is) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

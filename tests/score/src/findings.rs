//! What was found, record by record, for other programs.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::station::Seen;

/// JSON lines, one record each: its `id`, the `categories` of the findings in it, and `types`, their rules.
pub(crate) struct FindingsFile {
    path: PathBuf,
    file: BufWriter<File>,
}

impl FindingsFile {
    /// Makes the file, or empties it.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    /// One record more.
    pub(crate) fn write(&mut self, id: &str, seen: &Seen) -> Result<()> {
        let line = json!({ "id": id, "categories": seen.categories, "types": seen.rules });
        writeln!(self.file, "{line}").with_context(|| format!("cannot write `{}`", self.path.display()))
    }

    /// Writes what is left to write.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.file.flush().with_context(|| format!("cannot write `{}`", self.path.display()))
    }
}

//! A file line by line, in bounded memory.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

/// Bytes of one line. An event's text is at most 16 MiB ([`guardhouse::text::Parts::MAX_BYTES`]), and JSON may write a
/// byte in six.
const LINE: u64 = 100 << 20;

/// The lines of a file that are not blank. At most one is held at a time.
pub(crate) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    number: u64,
    line: Vec<u8>,
}

impl Lines {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Ok(Self { path: path.to_owned(), file: BufReader::new(file), number: 0, line: Vec::new() })
    }

    /// Where the line that was read last stands: the file and the line.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.path.display(), self.number)
    }

    /// The next line; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>> {
        loop {
            self.number += 1;
            self.line.clear();
            // A line of unusual length is not kept for the rest of the file.
            self.line.shrink_to(64 << 10);
            let read = self.file.by_ref().take(LINE + 1).read_until(b'\n', &mut self.line);
            match read.with_context(|| format!("cannot read {}", self.place()))? {
                0 => return Ok(None),
                read if read as u64 > LINE => {
                    bail!("{}: expected a line of at most {LINE} bytes, found a longer one", self.place())
                }
                _ if self.line.trim_ascii().is_empty() => {}
                _ => return Ok(Some(self.line.trim_ascii_end())),
            }
        }
    }
}

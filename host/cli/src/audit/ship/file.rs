//! A sink that is a file: lines are appended and synced.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use super::Answer;

/// Bytes that are looked at at once for the end of a line.
const BLOCK: u64 = 64 << 10;

/// The most bytes of one line: a record is at most 64 MiB, and its OCSF event little longer.
const MAX_LINE: u64 = 256 << 20;

/// The file.
pub(super) struct FileSink {
    path: PathBuf,
    /// Open, and at the end of a line; `None` before the first batch and after one that failed.
    file: Option<File>,
}

impl FileSink {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), file: None }
    }

    /// Appends lines, so that the disk has them.
    pub(super) fn deliver(&mut self, lines: &[u8]) -> Answer {
        match self.append(lines) {
            Ok(()) => Answer::Delivered,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Answer::Refused(error.to_string()),
            Err(error) => Answer::Later { why: error.to_string(), after: None },
        }
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => open(&self.path)?,
        };
        file.write_all(lines)?;
        file.sync_all()?;
        self.file = Some(file);
        Ok(())
    }
}

/// Opens the file, or makes it, and takes the beginning of a line from its end that was left by whoever was killed: the
/// cursor stands before it, so it comes again whole.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let end = file.seek(SeekFrom::End(0))?;
    let lines = end_of_lines(&mut file, end)?;
    if lines < end {
        let mut first = [0; 2];
        file.seek(SeekFrom::Start(lines))?;
        let read = file.read(&mut first)?;
        if !b"{\"".starts_with(first.get(..read).unwrap_or_default()) {
            let found = "expected a file of JSON lines, found one that ends in the midst of another line";
            return Err(io::Error::new(io::ErrorKind::InvalidData, found));
        }
        tracing::warn!("took {} bytes of a line that was not written whole from the end of the sink", end - lines);
        file.set_len(lines)?;
    }
    // The name has to be there after a power cut, too.
    if let Some(directory) = std::path::absolute(path)?.parent() {
        File::open(directory)?.sync_all()?;
    }
    Ok(file)
}

/// Where the last line end is, in a file of so many bytes; 0 if there is none.
fn end_of_lines(file: &mut File, end: u64) -> io::Result<u64> {
    let mut block = Vec::new();
    let mut to = end;
    while to > 0 {
        if end - to > MAX_LINE {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "expected lines, found a longer one than any record",
            ));
        }
        let from = to.saturating_sub(BLOCK);
        file.seek(SeekFrom::Start(from))?;
        block.clear();
        io::Read::by_ref(file).take(to - from).read_to_end(&mut block)?;
        if let Some(place) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(from + place as u64 + 1);
        }
        to = from;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::fs;

    use super::*;

    #[test]
    fn what_was_written_of_a_line_goes_before_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sink");
        let long = format!("{{\"n\":1}}\n{{\"n\":{}", "2".repeat(200_000));
        for (before, after) in [("", ""), ("{\"n\":1}\n", "{\"n\":1}\n"), (&long, "{\"n\":1}\n"), ("{", "")] {
            fs::write(&path, before).unwrap();
            assert!(matches!(FileSink::new(&path).deliver(b"{\"n\":2}\n"), Answer::Delivered));
            assert_eq!(fs::read_to_string(&path).unwrap(), format!("{after}{{\"n\":2}}\n"));
        }
    }

    #[test]
    fn a_file_of_something_else_is_not_touched() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sink");
        fs::write(&path, "dear diary,\ntoday").unwrap();
        assert!(matches!(FileSink::new(&path).deliver(b"{\"n\":2}\n"), Answer::Refused(_)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "dear diary,\ntoday");
    }
}

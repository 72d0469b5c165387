//! Segments: the files of a journal.
//!
//! `00000001.jsonl`, `00000002.jsonl`, …: the last is written, the others are closed. A closed one may be compressed, to
//! `00000001.jsonl.zst` (Zstandard, RFC 8878).

use std::{
    fs::{self, File},
    io::{self, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

/// One file of a journal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment {
    pub(super) number: u64,
    pub(super) path: PathBuf,
    pub(super) is_compressed: bool,
}

impl Segment {
    /// The one with this number, as it is when it is written.
    pub(super) fn new(directory: &Path, number: u64) -> Self {
        Self { number, path: directory.join(format!("{number:08}.jsonl")), is_compressed: false }
    }

    fn named(directory: &Path, name: &str) -> Option<Self> {
        let (number, is_compressed) = match name.strip_suffix(".zst") {
            Some(name) => (name.strip_suffix(".jsonl")?, true),
            None => (name.strip_suffix(".jsonl")?, false),
        };
        let is_number = number.len() >= 8 && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = is_number.then(|| number.parse().ok())??;
        Some(Self { number, path: directory.join(name), is_compressed })
    }

    /// All that are in a directory, in their order. Of one that is there both plain and compressed, the plain one: the other
    /// is not finished.
    pub(super) fn all(directory: &Path) -> io::Result<Vec<Self>> {
        let mut segments = Vec::new();
        for entry in fs::read_dir(directory)? {
            let name = entry?.file_name();
            segments.extend(name.to_str().and_then(|name| Self::named(directory, name)));
        }
        segments.sort_by_key(|segment| (segment.number, segment.is_compressed));
        segments.dedup_by_key(|segment| segment.number);
        Ok(segments)
    }

    /// Its lines, also if it was compressed since it was listed.
    pub(super) fn read(&self) -> io::Result<Box<dyn Read + Send>> {
        match File::open(&self.path) {
            Ok(file) if self.is_compressed => Ok(Box::new(zstd::Decoder::new(file)?)),
            Ok(file) => Ok(Box::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.is_compressed => {
                Ok(Box::new(zstd::Decoder::new(File::open(self.path.with_extension("jsonl.zst"))?)?))
            }
            Err(error) => Err(error),
        }
    }

    /// Its lines from a place on, in bytes.
    pub(super) fn read_from(&self, at: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.path)?;
        if self.is_compressed {
            let mut lines = zstd::Decoder::new(file)?;
            io::copy(&mut lines.by_ref().take(at), &mut io::sink())?;
            return Ok(Box::new(lines));
        }
        file.seek(SeekFrom::Start(at))?;
        Ok(Box::new(file))
    }
}

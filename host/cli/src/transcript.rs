//! Reading transcripts: JSON lines, one event each, in bounded memory.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, BufRead, BufReader, Read as _},
    path::Path,
};

use guardhouse::event::{Event, EventError, Told};
use thiserror::Error;

/// Bytes of one line. An event's text is at most 16 MiB ([`guardhouse::text::Parts::MAX_BYTES`]), and JSON may write a
/// byte in six.
const LINE: u64 = 100 << 20;

/// Events one by one. At most one line is held at a time.
pub(crate) struct Transcript {
    name: String,
    lines: Box<dyn BufRead>,
    number: u64,
    line: Vec<u8>,
}

/// A transcript that cannot be read any further.
#[derive(Debug, Error)]
pub(crate) enum TranscriptError {
    /// The file cannot be opened.
    #[error("{name}: expected a transcript that can be opened: {source}")]
    Open { name: String, source: io::Error },
    /// A line cannot be read.
    #[error("{name}:{line}: expected a line that can be read: {source}")]
    Read { name: String, line: u64, source: io::Error },
    /// A line is too long.
    #[error("{name}:{line}: expected a line of at most {LINE} bytes, found a longer one")]
    TooLong { name: String, line: u64 },
    /// A line is no event.
    #[error("{name}:{line}{}", told(error))]
    Event { name: String, line: u64, error: EventError },
    /// A chunk of a stream stands where only whole events are read.
    #[error("{name}:{line}: expected a whole event, found a chunk of a stream")]
    Chunk { name: String, line: u64 },
    /// What should be one event is none.
    #[error("{name}: {error}")]
    OneEvent { name: String, error: EventError },
}

/// The error behind the file and the line; JSON's own lines are of no use inside one line, its columns are.
fn told(error: &EventError) -> String {
    match error {
        EventError::Json(json) => format!(":{}: expected {}, found {}", json.column(), json.expected(), json.found()),
        other => format!(": {other}"),
    }
}

/// Reads one event: from a file, which may spread it over lines; from standard input, if that is `-`; or from JSON itself.
pub(crate) fn event(path_or_json: &OsStr) -> Result<Event, TranscriptError> {
    let bytes = path_or_json.as_encoded_bytes();
    let (name, json) = if bytes.trim_ascii_start().starts_with(b"{") {
        ("the event".to_owned(), bytes.to_vec())
    } else {
        let Transcript { name, lines, mut line, .. } = Transcript::open(Path::new(path_or_json))?;
        let read = lines.take(LINE + 1).read_to_end(&mut line);
        let read = read.map_err(|source| TranscriptError::Read { name: name.clone(), line: 1, source })?;
        if read as u64 > LINE {
            return Err(TranscriptError::TooLong { name, line: 1 });
        }
        (name, line)
    };
    Event::from_json(&json).map_err(|error| TranscriptError::OneEvent { name, error })
}

impl Transcript {
    /// Opens a file; `-` is standard input.
    pub(crate) fn open(path: &Path) -> Result<Self, TranscriptError> {
        let (name, lines): (_, Box<dyn BufRead>) = if path == Path::new("-") {
            ("standard input".to_owned(), Box::new(io::stdin().lock()))
        } else {
            let name = path.display().to_string();
            match File::open(path) {
                Ok(file) => (name, Box::new(BufReader::new(file))),
                Err(source) => return Err(TranscriptError::Open { name, source }),
            }
        };
        Ok(Self { name, lines, number: 0, line: Vec::new() })
    }

    /// Where the event that was read last stands: the file and the line.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.name, self.number)
    }

    /// The next event; `None` at the end. Blank lines are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, TranscriptError> {
        match self.next_told()? {
            None => Ok(None),
            Some(Told::Event(event)) => Ok(Some(event)),
            Some(Told::Chunk(_)) => Err(TranscriptError::Chunk { name: self.name.clone(), line: self.number }),
        }
    }

    /// The next event or chunk of a stream; `None` at the end.
    pub(crate) fn next_told(&mut self) -> Result<Option<Told>, TranscriptError> {
        loop {
            self.number += 1;
            self.line.clear();
            // A line of unusual length is not kept for the rest of the transcript.
            self.line.shrink_to(64 << 10);
            let (name, line) = (&self.name, self.number);
            let read = self.lines.as_mut().take(LINE + 1).read_until(b'\n', &mut self.line);
            let read = read.map_err(|source| TranscriptError::Read { name: name.clone(), line, source })?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 > LINE {
                return Err(TranscriptError::TooLong { name: name.clone(), line });
            }
            // Without the line's end, so that an event that is cut short is told to end where it does.
            let event = self.line.trim_ascii_end();
            if event.is_empty() {
                continue;
            }
            return match Told::from_json(event) {
                Ok(told) => Ok(Some(told)),
                Err(error) => Err(TranscriptError::Event { name: name.clone(), line, error }),
            };
        }
    }
}

//! An answer as it lies in a guard's memory, by the canonical ABI of the component model, and what is wrong with it.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// The categories of the guard's description.
pub const CATEGORIES: &[&str] = &["secret", "nothing"];

/// Where in the guard's memory the pointer to its answer lies, and behind it the answer: in its third page, behind what
/// the host hands over.
pub const BASE: u32 = 0x2_0000;
/// Bytes from [`BASE`] on that an answer can fill: what is left of the guard's memory, less than the text that says so
/// may fill before it.
const ROOM: usize = 24 << 10;

/// Bytes of the result of `inspect`: its discriminant, and the two lists of a report.
const RESULT: u32 = 20;
/// Bytes of a finding, and of an attribute.
const FINDING: u32 = 68;
const ATTRIBUTE: u32 = 16;

/// What the guard is told to answer: a report or an error, mostly well formed, and then some bytes of it overwritten.
#[derive(Arbitrary, Debug)]
pub struct Answer {
    outcome: Result<Report, Vec<u8>>,
    /// Where, modulo the length, and with what.
    overwritten: Vec<(u16, u8)>,
}

#[derive(Arbitrary, Debug)]
struct Report {
    findings: Vec<Finding>,
    settled: Vec<u32>,
}

#[derive(Arbitrary, Debug)]
struct Finding {
    rule: Vec<u8>,
    category: Category,
    severity: u8,
    confidence: u8,
    message: Vec<u8>,
    part: Option<u32>,
    span: Option<(u32, u32)>,
    repair: Repair,
    attributes: Vec<(Vec<u8>, Vec<u8>)>,
}

#[derive(Arbitrary, Debug)]
enum Category {
    First,
    Second,
    Other(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
enum Repair {
    Mask,
    Pseudonym(Vec<u8>),
    Remove,
}

impl Answer {
    /// An answer with one finding and nothing wrong.
    pub fn innocent() -> Self {
        let finding = Finding {
            rule: b"rule".to_vec(),
            category: Category::First,
            severity: 3,
            confidence: 90,
            message: b"a message".to_vec(),
            part: Some(1),
            span: Some((0, 2)),
            repair: Repair::Mask,
            attributes: vec![(b"key".to_vec(), b"value".to_vec())],
        };
        Self { outcome: Ok(Report { findings: vec![finding], settled: Vec::new() }), overwritten: Vec::new() }
    }

    /// The memory from [`BASE`] on.
    pub fn memory(&self) -> Vec<u8> {
        let mut memory = Memory(Vec::new());
        let pointer = memory.room(4);
        let result = memory.room(RESULT);
        memory.word(pointer, result);
        match &self.outcome {
            Ok(report) => {
                memory.byte(result, 0);
                memory.list(result + 4, FINDING, &report.findings, Finding::write);
                memory.list(result + 12, 4, &report.settled, |settled, memory, at| memory.word(at, *settled));
            }
            Err(words) => {
                memory.byte(result, 1);
                memory.text(result + 4, words);
            }
        }
        let mut memory = memory.0;
        memory.truncate(ROOM);
        for (at, byte) in &self.overwritten {
            let at = usize::from(*at) % memory.len();
            memory[at] = *byte;
        }
        memory
    }
}

impl Finding {
    fn write(&self, memory: &mut Memory, at: u32) {
        memory.text(at, &self.rule);
        match &self.category {
            Category::First => memory.text(at + 8, CATEGORIES[0].as_bytes()),
            Category::Second => memory.text(at + 8, CATEGORIES[1].as_bytes()),
            Category::Other(other) => memory.text(at + 8, other),
        }
        memory.byte(at + 16, self.severity);
        memory.byte(at + 17, self.confidence);
        memory.text(at + 20, &self.message);
        if let Some(part) = self.part {
            memory.byte(at + 28, 1);
            memory.word(at + 32, part);
        }
        if let Some((start, end)) = self.span {
            memory.byte(at + 36, 1);
            memory.word(at + 40, start);
            memory.word(at + 44, end);
        }
        match &self.repair {
            Repair::Mask => memory.byte(at + 48, 0),
            Repair::Pseudonym(class) => {
                memory.byte(at + 48, 1);
                memory.text(at + 52, class);
            }
            Repair::Remove => memory.byte(at + 48, 2),
        }
        memory.list(at + 60, ATTRIBUTE, &self.attributes, |(key, value), memory, at| {
            memory.text(at, key);
            memory.text(at + 8, value);
        });
    }
}

/// The guard's memory from [`BASE`] on, as it is filled. Addresses are the guard's.
struct Memory(Vec<u8>);

impl Memory {
    /// Makes room, and says where.
    fn room(&mut self, bytes: u32) -> u32 {
        let start = self.0.len().next_multiple_of(4);
        self.0.resize(start + bytes as usize, 0);
        BASE + u32::try_from(start).expect("a length of few bytes")
    }

    /// Writes a byte, if it lies in what is filled.
    fn byte(&mut self, at: u32, byte: u8) {
        if let Some(place) = self.0.get_mut((at - BASE) as usize) {
            *place = byte;
        }
    }

    fn word(&mut self, at: u32, word: u32) {
        for (at, byte) in (at..).zip(word.to_le_bytes()) {
            self.byte(at, byte);
        }
    }

    /// Writes a text, and a pointer and length to it.
    fn text(&mut self, at: u32, text: &[u8]) {
        let length = u32::try_from(text.len()).expect("a length of few bytes");
        let start = self.room(length);
        self.word(at, start);
        self.word(at + 4, length);
        for (at, byte) in (start..).zip(text) {
            self.byte(at, *byte);
        }
    }

    /// Writes the items of a list, and a pointer and length to it.
    fn list<T>(&mut self, at: u32, bytes: u32, items: &[T], write: impl Fn(&T, &mut Self, u32)) {
        let count = u32::try_from(items.len()).expect("a length of few items");
        let start = self.room(bytes * count);
        self.word(at, start);
        self.word(at + 4, count);
        for (index, item) in (0..).zip(items) {
            write(item, self, start + index * bytes);
        }
    }
}

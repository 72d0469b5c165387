//! The reader: texts in, instructions out.

use std::ops::Range;

use crate::lexicon::Lexicon;
use crate::machine::{CONTEXT, Candidate, Grammar, LONGEST_CORE, Machine};
use crate::pattern::{Kind, Pattern};
use crate::{matches, scan};

/// Bytes before an instruction that can influence whether it is one: three matches of which each moves the next, what makes
/// the first of them harmless, and a word.
pub const BEFORE: u32 = 1024;

/// Bytes of the longest instruction that is reported.
pub const LONGEST: u32 = 512;

/// Bytes after an instruction that can influence it: a match that begins in it and ends behind it, and how its sentence
/// ends.
pub const AFTER: u32 = 512;

// Three matches, what stands before the first of them, and the label, quotation mark or phrase at its beginning.
const _: () = assert!(BEFORE as usize >= 3 * LONGEST_CORE + CONTEXT + 64);
const _: () = assert!(LONGEST as usize == matches::LONGEST);
const _: () = assert!(AFTER as usize >= LONGEST_CORE + 128);

/// An instruction in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What it asks for.
    pub kind: Kind,
    /// How sure that is, in percent.
    pub confidence: u8,
    /// From its first word to the end of its sentence, at most [`LONGEST`] bytes.
    pub span: Range<usize>,
}

/// Finds instructions of some kinds.
#[derive(Clone, Debug)]
pub struct Reader {
    lexicon: Lexicon,
    grammar: Grammar,
    floor: u8,
    marks: bool,
}

impl Reader {
    /// A reader for the patterns that `is_wanted` picks by their kind, which reports no match of less confidence than
    /// `floor`. Forged turns ([`Kind::Forgery`]) include the marks of chat templates.
    pub fn new(is_wanted: impl Fn(Kind) -> bool, floor: u8) -> Self {
        let wanted = |pattern: &&'static Pattern| is_wanted(pattern.kind);
        let grammar = Grammar::new(crate::patterns::all().filter(wanted));
        Self { lexicon: Lexicon::new(grammar.begins()), grammar, floor, marks: is_wanted(Kind::Forgery) }
    }

    /// The instructions in a text, in order, none overlapping another.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Instruction> {
        self.read(text, false).0.into_iter().map(instruction).collect()
    }

    /// A byte of a text that may go on, on a character boundary, such that no instruction that begins before it can appear,
    /// change or vanish whatever follows.
    #[must_use]
    pub fn settled(&self, text: &str) -> usize {
        // What was settled long ago need not be read again: what is open begins at most so far from the end.
        let tail = text.len().saturating_sub((BEFORE + LONGEST + AFTER) as usize);
        let tail = text.floor_char_boundary(tail);
        let rest = text.get(tail..).unwrap_or_default();
        let (placed, open) = self.read(rest, true);
        // One whose end is open is not settled, nor is one into which another may yet come.
        let unsettled = placed.iter().filter(|found| found.is_open || found.seen >= open);
        let settled = unsettled.map(|found| found.span.start).fold(open, usize::min);
        tail + rest.floor_char_boundary(settled)
    }

    /// The matches in a text, and where the first thing begins that more text could complete or undo.
    fn read(&self, text: &str, more: bool) -> (Vec<matches::Placed>, usize) {
        let mut machine = Machine::new(&self.grammar, text, self.marks);
        let scanned = scan::scan(&self.lexicon, text, more, &mut machine);
        let mut open = machine.pending(scanned.to).fold(scanned.open, usize::min);
        let Machine { mut candidates, doubts, .. } = machine;
        candidates.retain(|found| {
            if found.confidence < self.floor {
                return false;
            }
            if !found.is_quoted {
                return true;
            }
            let end = matches::sentence_end(text, found.end, found.end + CONTEXT).at;
            if more && end + PHRASE > text.len() {
                open = open.min(found.start);
            }
            !is_named(found, end, &doubts)
        });
        (matches::place(candidates, text), open)
    }
}

/// The longest phrase that makes a quotation harmless, in bytes.
const PHRASE: usize = 64;

/// Whether a match is quoted by a sentence that goes on to talk about attacks: `"…" is what an attacker would write`.
fn is_named(found: &Candidate, end: usize, doubts: &[usize]) -> bool {
    let next = doubts.partition_point(|doubt| *doubt < found.end);
    doubts.get(next).is_some_and(|doubt| *doubt < end)
}

fn instruction(placed: matches::Placed) -> Instruction {
    Instruction { kind: placed.candidate.kind(), confidence: placed.candidate.confidence, span: placed.span }
}

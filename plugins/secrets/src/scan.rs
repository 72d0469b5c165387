//! What one scan of a text has seen so far: secrets, and where the text ends too early to tell.

use std::ops::Range;

use crate::rules::{Alphabet, Rule};
use crate::runs::{Runs, Until};
use crate::worth::{self, Worth};

/// How many bytes at the end of a body are looked at to tell a dummy: enough for any, and a bound for long ones.
const JUDGED: usize = 64;

/// A secret in a text.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Which rule found it.
    pub(crate) rule: &'static Rule,
    /// Where it is.
    pub(crate) span: Range<usize>,
    /// How sure it is, in percent: the rule's word, unless a check digit said more.
    pub(crate) confidence: u8,
}

/// One scan of a text.
///
/// Every search looks only at what is near: what it finds at a place depends on at most [`BEFORE`](crate::BEFORE) bytes in
/// front of it and never on another search. Where the text ends before a search can tell, it says from where on a finding
/// may yet come of it: that is what a stream holds back.
#[derive(Debug)]
pub(crate) struct Scan<'text> {
    /// The text.
    pub(crate) text: &'text [u8],
    /// What a value must be like when only its surroundings speak for it.
    pub(crate) worth: Worth,
    /// The secrets, those of each search in the order of the text.
    pub(crate) hits: Vec<Hit>,
    /// From where on more text can make a finding, change one or take it back: the end of the text, if nothing is open.
    pub(crate) open: usize,
    runs: Runs,
    /// The end of a body that was judged last, and whether it is a dummy's.
    judged: (Range<usize>, bool),
}

impl<'text> Scan<'text> {
    /// A scan that has seen nothing.
    pub(crate) fn new(text: &'text [u8], worth: Worth) -> Self {
        Self { text, worth, hits: Vec::new(), open: text.len(), runs: Runs::default(), judged: (0..0, true) }
    }

    /// Takes a finding that may yet begin at `start`, once there is more text.
    pub(crate) fn hold(&mut self, start: usize) {
        self.open = self.open.min(start);
    }

    /// Takes a secret. One that lies in the secret taken last is left out: it would not be reported, and without it there
    /// are never more hits than a fraction of the text.
    pub(crate) fn found(&mut self, rule: &'static Rule, span: Range<usize>) {
        self.found_with(rule, span, rule.confidence);
    }

    /// The same, with a confidence of its own.
    pub(crate) fn found_with(&mut self, rule: &'static Rule, span: Range<usize>, confidence: u8) {
        if !self.covers(rule, &span) {
            self.hits.push(Hit { rule, span, confidence });
        }
    }

    /// Whether the secret taken last is of the same kind, by name or by form, and this lies in it.
    pub(crate) fn covers(&self, rule: &Rule, span: &Range<usize>) -> bool {
        self.hits.last().is_some_and(|last| {
            let is_in = last.span.start <= span.start && span.end <= last.span.end;
            is_in && last.rule.is_named == rule.is_named && last.swallows()
        })
    }

    /// Whether the end of a body is a dummy's. Bodies that end at the same place are judged once.
    pub(crate) fn is_dummy(&mut self, body: Range<usize>) -> bool {
        let judged = body.end - body.len().min(JUDGED)..body.end;
        if self.judged.0 != judged {
            let is_dummy = worth::is_dummy(&self.text[judged.clone()]);
            self.judged = (judged, is_dummy);
        }
        self.judged.1
    }

    /// Where the run of an alphabet ends that begins at `from` or before it. Each byte is looked at once for each alphabet,
    /// however often this is asked with growing `from`.
    pub(crate) fn run(&mut self, alphabet: Alphabet, from: usize) -> usize {
        self.runs.end(self.text, alphabet, from)
    }

    /// Where the next byte stands, at `from` or behind it, that ends a value, or the end of the text. The same holds.
    pub(crate) fn until(&mut self, until: Until, from: usize) -> usize {
        self.runs.until(self.text, until, from)
    }

    /// The text from `from` on, of at most `most` bytes.
    pub(crate) fn ahead(&self, from: usize, most: usize) -> &'text [u8] {
        let from = from.min(self.text.len());
        &self.text[from..self.text.len().min(from + most)]
    }
}

impl Hit {
    /// The longest secret that others may lie in without being reported: what is found at a place would otherwise depend
    /// on text far in front of it.
    pub(crate) const SWALLOWING: usize = 512;

    /// Whether secrets that lie in this one are left out.
    pub(crate) fn swallows(&self) -> bool {
        self.span.len() <= Self::SWALLOWING
    }
}

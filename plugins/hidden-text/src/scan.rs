//! What a scan of one text has found so far, and from where on it is not sure.

use std::ops::Range;

use crate::LONGEST;
use crate::character::BLANK;
use crate::rules::Rule;

/// One hidden thing.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// The rule that found it.
    pub(crate) rule: &'static Rule,
    /// Where it is.
    pub(crate) span: Range<usize>,
    /// What else there is to say: how many characters, or what hides it. Never the text.
    pub(crate) note: Note,
}

/// What a finding says beside its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nothing.
    None,
    /// How many characters are hidden.
    Characters(usize),
    /// What hides the text, in words of this guard's own.
    By(&'static str),
}

/// A scan of one text.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// Invisible characters and control sequences, in order, none overlapping another.
    pub(crate) hits: Vec<Hit>,
    /// Text that markup hides: each at most [`LONGEST`] bytes long. They may lie in one another.
    pub(crate) extents: Vec<Hit>,
    /// From here on more text could change what was found.
    pub(crate) hold: usize,
    /// Where the last control that erases ends: what stood before it is gone.
    pub(crate) erased: usize,
    /// Comments that begin so are allowed.
    pub(crate) allow_comments: &'a [String],
    more_after: bool,
    disabled: &'a [&'static Rule],
}

impl<'a> Scan<'a> {
    /// A scan that has found nothing yet.
    pub(crate) fn new(
        text: &'a str,
        more_after: bool,
        disabled: &'a [&'static Rule],
        allow_comments: &'a [String],
    ) -> Self {
        Self {
            text,
            hits: Vec::new(),
            extents: Vec::new(),
            hold: text.len(),
            erased: 0,
            allow_comments,
            more_after,
            disabled,
        }
    }

    /// Says that what begins here could not be decided before the end of the text.
    pub(crate) fn undecided(&mut self, at: usize) {
        if self.more_after {
            self.hold = self.hold.min(at);
        }
    }

    /// Takes characters or a control sequence, [`LONGEST`] bytes at most.
    pub(crate) fn hit(&mut self, rule: &'static Rule, span: Range<usize>, note: Note) {
        if self.is_on(rule) {
            self.hits.push(Hit { rule, span, note });
        }
    }

    /// Takes a run of invisible characters of any length: its head by this rule. What lies deeper in it than [`LONGEST`] is
    /// taken one by one and by a rule that does not depend on the head: only so is a finding there the same for every
    /// window onto the text.
    pub(crate) fn run(&mut self, rule: &'static Rule, deep: &'static Rule, span: Range<usize>) {
        let head = self.head(&span);
        let characters = self.text[head.clone()].chars().count();
        self.hit(rule, head.clone(), Note::Characters(characters));
        self.deep(deep, head.end..span.end);
    }

    /// Takes what lies deep in a run, one by one.
    pub(crate) fn deep(&mut self, rule: &'static Rule, span: Range<usize>) {
        let text = self.text;
        for (at, character) in text[span.clone()].char_indices().filter(|(_, character)| *character != BLANK) {
            let at = span.start + at;
            self.hit(rule, at..at + character.len_utf8(), Note::Characters(1));
        }
    }

    /// The first part of a span, up to [`LONGEST`] bytes.
    pub(crate) fn head(&self, span: &Range<usize>) -> Range<usize> {
        span.start..self.text.floor_char_boundary(span.end.min(span.start + LONGEST))
    }

    /// Takes text that markup hides; what is longer than [`LONGEST`] is cut.
    pub(crate) fn extent(&mut self, rule: &'static Rule, span: Range<usize>, by: &'static str) {
        if self.is_on(rule) && !span.is_empty() {
            let span = self.head(&span);
            self.extents.push(Hit { rule, span, note: Note::By(by) });
        }
    }

    /// Whether a rule is not switched off.
    pub(crate) fn is_on(&self, rule: &Rule) -> bool {
        self.disabled.iter().all(|off| off.id != rule.id)
    }

    /// The character before an offset.
    pub(crate) fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    /// The character at an offset.
    pub(crate) fn after(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }
}

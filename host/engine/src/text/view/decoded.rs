//! [`Decoding`]: what a decoder makes of a text.

use std::ops::Range;

use super::offsets::Offsets;

/// A text to be decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) body: &'t str,
    /// Where `body` begins in the whole text.
    pub(super) at: usize,
    /// Whether the end of `body` is not the end of the text.
    pub(super) more_after: bool,
}

/// What a decoder makes of a text.
#[derive(Debug, Default)]
pub(super) struct Decoding {
    /// Each decoded text; none where decoding changes nothing.
    pub(super) texts: Vec<Decoded>,
    /// Up to where in the source whatever follows cannot change what was decoded: its length, unless more follows and
    /// something has begun at its end.
    pub(super) settled: usize,
}

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Decoded {
    pub(super) body: String,
    pub(super) offsets: Offsets,
    /// Whether it goes on where more of the source follows.
    pub(super) more_after: bool,
    /// Where the source ends, or this was cut.
    pub(super) end: usize,
}

impl Decoded {
    /// Where in the source the byte at `at` comes from; behind the last, where this was cut.
    pub(super) fn start(&self, at: usize) -> usize {
        if at < self.body.len() { self.offsets.start(at) } else { self.end }
    }
}

/// Writes a decoded text that is the source but for some places.
pub(super) struct Rewriting<'t> {
    source: &'t str,
    decoded: Decoded,
    /// The source up to here is written.
    done: usize,
}

impl<'t> Rewriting<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        Self { source, decoded: Decoded::default(), done: 0 }
    }

    /// Writes `text` for `span` of the source, which lies behind all that was replaced before.
    pub(super) fn replace(&mut self, span: Range<usize>, text: &str) {
        self.copy_to(span.start);
        if !text.is_empty() {
            self.decoded.offsets.replace(self.decoded.body.len(), span.clone());
            self.decoded.body.push_str(text);
        }
        self.done = span.end;
    }

    fn copy_to(&mut self, end: usize) {
        if let Some(kept) = self.source.get(self.done..end).filter(|kept| !kept.is_empty()) {
            self.decoded.offsets.copy(self.decoded.body.len(), self.done);
            self.decoded.body.push_str(kept);
        }
    }

    /// The decoding of the source up to `settled`; `more_after` says whether the source goes on.
    pub(super) fn finish(mut self, settled: usize, more_after: bool) -> Decoding {
        if self.done == 0 {
            return Decoding { texts: Vec::new(), settled };
        }
        self.copy_to(settled);
        self.decoded.more_after = more_after;
        self.decoded.end = settled;
        Decoding { texts: vec![self.decoded], settled }
    }
}

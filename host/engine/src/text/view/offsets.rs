//! [`Offsets`]: from a decoded text back to what it was decoded from.

use std::ops::Range;

/// Where the bytes of a decoded text come from.
///
/// A list of steps in the order of the text, each either copied byte by byte or written in the place of an escape. What
/// was dropped belongs to no step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Offsets {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    /// Where it begins in the decoded text. It ends where the next begins.
    decoded: usize,
    /// Where it begins in the source.
    source: usize,
    /// Bytes of the source that it stands for; `None`: as many as it has, one for one.
    escape: Option<usize>,
}

impl Offsets {
    /// The next bytes of the decoded text, from `decoded`, are those of the source from `source`.
    pub(super) fn copy(&mut self, decoded: usize, source: usize) {
        let goes_on = self.steps.last().is_some_and(|step| {
            step.escape.is_none() && source.checked_sub(step.source) == decoded.checked_sub(step.decoded)
        });
        if !goes_on {
            self.push(Step { decoded, source, escape: None });
        }
    }

    /// The next bytes of the decoded text, from `decoded`, stand for `source` as a whole.
    pub(super) fn replace(&mut self, decoded: usize, source: Range<usize>) {
        self.push(Step { decoded, source: source.start, escape: Some(source.len()) });
    }

    fn push(&mut self, step: Step) {
        // A step that came to nothing.
        if self.steps.last().is_some_and(|last| last.decoded == step.decoded) {
            self.steps.pop();
        }
        self.steps.push(step);
    }

    /// The bytes of the source that `decoded` comes from: the least range that holds all of them.
    pub(super) fn source(&self, decoded: Range<usize>) -> Range<usize> {
        let start = self.start(decoded.start);
        let end = match decoded.end.checked_sub(1) {
            Some(last) if decoded.end > decoded.start => {
                let step = self.step(last);
                step.source + step.escape.unwrap_or(decoded.end - step.decoded)
            }
            _ => start,
        };
        start..end
    }

    /// Where in the source the byte at `decoded` comes from, or the escape that it is part of.
    pub(super) fn start(&self, decoded: usize) -> usize {
        let step = self.step(decoded);
        step.source + if step.escape.is_some() { 0 } else { decoded - step.decoded }
    }

    /// The step that holds a byte of the decoded text.
    fn step(&self, decoded: usize) -> Step {
        let behind = self.steps.partition_point(|step| step.decoded <= decoded);
        let step = behind.checked_sub(1).and_then(|at| self.steps.get(at)).copied();
        step.unwrap_or(Step { decoded: 0, source: 0, escape: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_goes_back_to_what_it_was_decoded_from() {
        // `a%41b` without its last `\u{200b}`, and a `c`.
        let mut offsets = Offsets::default();
        offsets.copy(0, 0);
        offsets.replace(1, 1..4);
        offsets.copy(2, 4);
        offsets.copy(3, 8);
        assert_eq!(offsets.source(0..1), 0..1);
        assert_eq!(offsets.source(1..2), 1..4);
        assert_eq!(offsets.source(0..3), 0..5);
        assert_eq!(offsets.source(2..4), 4..9);
        assert_eq!(offsets.source(3..4), 8..9);
        assert_eq!(offsets.start(2), 4);
    }

    #[test]
    fn what_goes_on_as_it_was_is_one_step() {
        let mut offsets = Offsets::default();
        offsets.copy(0, 5);
        offsets.copy(3, 8);
        assert_eq!(offsets.steps.len(), 1);
        assert_eq!(offsets.source(1..9), 6..14);
    }
}

//! Making findings.

use std::ops::Range;

use crate::{Attribute, Finding, Repair, Span};

/// How much harm a finding would do if it is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Severity {
    /// Worth knowing.
    Info = 0,
    /// A nuisance.
    Low = 1,
    /// Needs attention.
    Medium = 2,
    /// Does damage.
    High = 3,
    /// Does damage that cannot be undone.
    Critical = 4,
}

impl Finding {
    /// A finding of `rule`, the guard's own stable name for what matched, in `category`, one of those in
    /// [`About::categories`](crate::About). It is about the whole item, of medium severity, certain, repaired by a mask,
    /// and its message is empty.
    #[must_use]
    pub fn new(rule: impl Into<String>, category: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            category: category.into(),
            severity: Severity::Medium as u8,
            confidence: 100,
            message: String::new(),
            part: None,
            span: None,
            repair: Repair::Mask,
            attributes: Vec::new(),
        }
    }

    /// Sets how bad the finding is if it is right.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity as u8;
        self
    }

    /// Sets how sure the guard is, in percent. The host refuses more than 100.
    #[must_use]
    pub fn confidence(mut self, percent: u8) -> Self {
        self.confidence = percent;
        self
    }

    /// Sets the sentence for people. It must not repeat the text that was found.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Says where: bytes `span` of the body of the part with index `part`. The host refuses a span that is empty, leaves
    /// the body or cuts a character.
    #[must_use]
    pub fn at(mut self, part: usize, span: Range<usize>) -> Self {
        self.span = Some(Span { start: narrow(span.start), end: narrow(span.end) });
        self.in_part(part)
    }

    /// Says where: the part with index `part`.
    #[must_use]
    pub fn in_part(mut self, part: usize) -> Self {
        self.part = Some(narrow(part));
        self
    }

    /// Says how the host may repair the span.
    #[must_use]
    pub fn repair(mut self, repair: Repair) -> Self {
        self.repair = repair;
        self
    }

    /// Adds one more thing to say. A key stands at most once.
    #[must_use]
    pub fn attribute(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push(Attribute { key: key.into(), value: value.into() });
        self
    }

    /// The part and the bytes of its body that the finding is about, if it is about some.
    #[must_use]
    pub fn place(&self) -> Option<(usize, Range<usize>)> {
        let (part, span) = (self.part?, self.span?);
        Some((part as usize, span.start as usize..span.end as usize))
    }
}

/// An offset as the contract has it. One beyond 4 GiB becomes the largest there is, which the host refuses as outside the
/// text: no guard has as much memory.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

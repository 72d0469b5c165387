//! How far the text around a match can influence it.

use crate::Reach;

impl Reach {
    /// The guard needs whole texts: the host never cuts them, and nothing is released from a stream before its end.
    pub const WHOLE: Self = Self { before: 0, longest: None, after: 0 };

    /// No finding is longer than `longest` bytes, and whether it is one depends on `before` bytes in front of it and
    /// `after` bytes behind it. Four bytes on either side cover a word boundary: one character of any length.
    #[must_use]
    pub const fn within(before: u32, longest: u32, after: u32) -> Self {
        Self { before, longest: Some(longest), after }
    }
}

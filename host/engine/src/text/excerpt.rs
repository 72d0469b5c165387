//! [`Excerpt`]: what guards are shown of an event's text in one check.

use super::{Part, Text, ViewKinds, Views};

/// Bytes of a long text that guards are shown at once, besides what stands before it. A quarter of the default limit: so
/// that the default deadline (20 ms) is kept by a guard that reads 15 MB/s.
pub const GRID: usize = 256 << 10;

/// Bytes before a place that can influence what views say of it: a word of [`view`](super::view), with room to spare.
pub(crate) const VIEWS_BEFORE: usize = 256;

/// How far the text around a place can influence whether guards find something there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Bytes before a finding.
    pub before: usize,
    /// Bytes from the beginning of a finding: the longest, and what stands behind it.
    pub ahead: usize,
}

impl Reach {
    /// The most bytes to either side. A guard that asks for more is shown whole texts: cutting them would save nothing.
    pub const MAX: usize = 64 << 10;
}

/// A piece of a part, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'e> {
    /// The part's path.
    pub path: &'e str,
    /// The part's media type.
    pub media_type: &'e str,
    /// The text.
    pub body: &'e str,
    /// Where it begins in the part, in bytes.
    pub at: usize,
    /// Whether its end is not the end of the part.
    pub more_after: bool,
}

impl<'e> Piece<'e> {
    /// All of a part.
    #[must_use]
    pub fn whole(part: &'e Part<'_>) -> Self {
        Self { path: &part.path, media_type: part.media_type, body: part.body, at: 0, more_after: false }
    }

    /// Whether it is not all of its part.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.at > 0 || self.more_after
    }
}

/// Pieces of an event's text, with their views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt<'e> {
    /// The pieces.
    pub pieces: Vec<Piece<'e>>,
    /// Their views.
    pub views: Views,
}

impl<'e> Excerpt<'e> {
    /// The pieces with the views of `wanted`.
    #[must_use]
    pub fn new(pieces: Vec<Piece<'e>>, wanted: ViewKinds) -> Self {
        let text = |piece: &Piece<'e>| Text { body: piece.body, at: piece.at, more_after: piece.more_after };
        let texts: Vec<_> = pieces.iter().map(text).collect();
        Self { views: Views::of(&texts, wanted), pieces }
    }

    /// Whole parts with the views of `wanted`.
    #[must_use]
    pub fn whole(parts: &'e [Part<'_>], wanted: ViewKinds) -> Self {
        Self::new(parts.iter().map(Piece::whole).collect(), wanted)
    }

    /// Bytes of the pieces.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.body.len()).fold(0, usize::saturating_add)
    }
}

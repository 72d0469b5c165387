//! What one guard is shown of an excerpt, and the way back from its answer.

use std::ops::Range;

use super::MediaRange;
use crate::sandbox;
use crate::text::{Excerpt, Piece, Reach, View, ViewKinds};
use crate::vocabulary::Vocabulary as _;

/// The texts that one guard is shown: the pieces that it reads, then the views of these that it asks for.
pub(super) struct Shown<'x> {
    excerpt: &'x Excerpt<'x>,
    texts: Vec<ShownText<'x>>,
}

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct ShownText<'x> {
    pub(super) piece: usize,
    /// The view, and its number in the excerpt.
    pub(super) view: Option<(usize, &'x View)>,
    pub(super) body: &'x str,
    pub(super) more_after: bool,
}

impl<'x> Shown<'x> {
    pub(super) fn new(excerpt: &'x Excerpt<'x>, media: &[MediaRange], wanted: ViewKinds) -> Self {
        let reads = |piece: &Piece<'_>| media.iter().any(|range| range.holds(piece.media_type));
        let pieces = excerpt.pieces.iter().enumerate().filter(|(_, piece)| reads(piece));
        let originals = pieces.map(|(index, piece)| ShownText {
            piece: index,
            view: None,
            body: piece.body,
            more_after: piece.more_after,
        });
        let views = excerpt
            .views
            .iter()
            .enumerate()
            .filter(|(_, view)| view.kinds.is_subset(wanted) && excerpt.pieces.get(view.text).is_some_and(reads));
        let views = views.map(|(index, view)| ShownText {
            piece: view.text,
            view: Some((index, view)),
            body: view.body(),
            more_after: view.more_after(),
        });
        Self { texts: originals.chain(views).collect(), excerpt }
    }

    /// The texts in the order in which the guard counts them.
    pub(super) fn texts(&self) -> &[ShownText<'x>] {
        &self.texts
    }

    /// Whether some piece is not all of its part.
    pub(super) fn is_cut(&self) -> bool {
        self.excerpt.pieces.iter().any(Piece::is_cut)
    }

    /// Bytes of the originals.
    pub(super) fn bytes(&self) -> usize {
        let originals = self.texts.iter().filter(|text| text.view.is_none());
        originals.map(|text| text.body.len()).fold(0, usize::saturating_add)
    }

    pub(super) fn piece(&self, text: &ShownText<'_>) -> &'x Piece<'x> {
        // INVARIANT: made from the pieces' own indices.
        const NONE: &Piece<'_> = &Piece { path: "", media_type: "", body: "", at: 0, more_after: false };
        self.excerpt.pieces.get(text.piece).unwrap_or(NONE)
    }

    /// The texts as the contract has them.
    pub(super) fn lowered(&self) -> Vec<sandbox::Part<'x>> {
        let lowered = self.texts.iter().map(|text| {
            let piece = self.piece(text);
            sandbox::Part {
                path: piece.path,
                media_type: piece.media_type,
                body: text.body,
                view: text.view.map_or("original", |(_, view)| view.kind.word()),
                more_before: piece.at > 0,
                more_after: text.more_after,
            }
        });
        lowered.collect()
    }

    /// For each piece, whether the guard is shown it.
    pub(super) fn read(&self) -> Vec<bool> {
        let mut read = vec![false; self.excerpt.pieces.len()];
        for text in &self.texts {
            if let Some(read) = read.get_mut(text.piece) {
                *read = true;
            }
        }
        read
    }

    /// The bytes of its part that a part of a text comes from.
    pub(super) fn original(&self, text: &ShownText<'_>, span: Range<usize>) -> Range<usize> {
        let at = self.piece(text).at;
        let span = match text.view {
            None => span,
            Some((index, _)) => self.excerpt.views.original(index, span),
        };
        span.start + at..span.end + at
    }

    /// Up to where each piece is settled, as an offset into its part: what the guard says of its texts, or what its reach
    /// says if that is more, brought back to the original; and at most as far as the views are settled.
    ///
    /// `said` has an offset for each text that goes on, or is empty.
    pub(super) fn settled(&self, said: &[u32], reach: Option<Reach>) -> Vec<usize> {
        let pieces = self.excerpt.pieces.iter().enumerate();
        let mut settled: Vec<usize> =
            pieces.map(|(index, piece)| piece.at + self.excerpt.views.settled(index)).collect();
        let open = self.texts.iter().filter(|text| text.more_after);
        for (index, text) in open.enumerate() {
            let by_reach = reach.map_or(0, |reach| text.body.len().saturating_sub(reach.ahead));
            let offset = said.get(index).map_or(0, |said| *said as usize).max(by_reach);
            let offset = text.body.floor_char_boundary(offset);
            let original = match text.view {
                None => offset,
                Some((index, _)) => self.excerpt.views.position(index, offset),
            };
            if let Some(least) = settled.get_mut(text.piece) {
                *least = (*least).min(self.piece(text).at + original);
            }
        }
        settled
    }
}

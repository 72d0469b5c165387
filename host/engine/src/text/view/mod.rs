//! Views: what a text says once it is decoded, with the way back to the original.
//!
//! Injection, secrets, egress, hidden text and provenance all need decoding, and so does an author who writes ten lines; so
//! the host does it, once for all guards of a check. What each view is: `unescaped`, `unhidden`, `encoded` (`base64`, `hex`).
//!
//! Views are made of views, [`DEPTH`] deep. Together they have at most [`GROWTH`] times the bytes of the texts, and there
//! are at most [`MAX_VIEWS`]. Where a bound cuts, [`Views::is_incomplete`] says so: it becomes the fact
//! `coverage.uninspected`.

mod decoded;
mod encoded;
mod offsets;
#[cfg(test)]
mod tests;
mod unescaped;
mod unhidden;

use std::ops::Range;

use self::decoded::{Decoded, Decoding, Source};
use crate::vocabulary::{Vocabulary as _, WordSet, vocabulary};

/// How deep views are made of views.
pub const DEPTH: usize = 2;
/// How many times the bytes of the texts their views may have together.
pub const GROWTH: usize = 4;
/// The most views of one check.
pub const MAX_VIEWS: usize = 64;
/// A run of an encoding is decoded in blocks of at most so many bytes, which begin at the multiples of it in the text: a
/// stream holds back no more of a run than one.
pub(crate) const BLOCK: usize = 16 << 10;

/// A way of decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewKind {
    /// The whole text, its escapes decoded.
    Unescaped,
    /// The whole text as a reader sees it, in one alphabet.
    Unhidden,
    /// A run of base64.
    Base64,
    /// A run of hexadecimal digits.
    Hex,
}

vocabulary!(ViewKind {
    Unescaped => "unescaped",
    Unhidden => "unhidden",
    Base64 => "base64",
    Hex => "hex",
});

/// Ways of decoding.
pub type ViewKinds = WordSet<ViewKind>;

impl ViewKind {
    /// The way of decoding of that name; `None` where this version knows none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == name)
    }

    fn decode(self, source: Source<'_>) -> Decoding {
        match self {
            Self::Unescaped => unescaped::decode(source),
            Self::Unhidden => unhidden::decode(source),
            Self::Base64 => encoded::base64(source),
            Self::Hex => encoded::hex(source),
        }
    }
}

/// A text, or a piece of one, that views are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'t> {
    /// The text.
    pub body: &'t str,
    /// Where it begins in the whole text, in bytes.
    pub at: usize,
    /// Whether more of the text follows, or may yet follow.
    pub more_after: bool,
}

/// A text once it is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Which of the texts it is a view of.
    pub text: usize,
    /// How it was decoded last.
    pub kind: ViewKind,
    /// All the ways that led to it. It is shown to those who ask for all of these.
    pub kinds: ViewKinds,
    /// What it was made of, if that is a view itself.
    of: Option<usize>,
    decoded: Decoded,
}

impl View {
    /// The decoded text.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.decoded.body
    }

    /// Whether it goes on where more of the text follows.
    #[must_use]
    pub const fn more_after(&self) -> bool {
        self.decoded.more_after
    }
}

/// The views of some texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Views {
    made: Vec<View>,
    settled: Vec<usize>,
    is_incomplete: bool,
}

impl Views {
    /// Makes the views of `texts` in the ways of `wanted`. Takes time in proportion to the texts.
    #[must_use]
    pub fn of(texts: &[Text<'_>], wanted: ViewKinds) -> Self {
        let mut views = Self { settled: texts.iter().map(|text| text.body.len()).collect(), ..Self::default() };
        if wanted.is_empty() {
            return views;
        }
        let bytes = texts.iter().map(|text| text.body.len()).fold(0_usize, usize::saturating_add);
        let mut room = bytes.saturating_mul(GROWTH);
        for (index, text) in texts.iter().enumerate() {
            let source = Source { body: text.body, at: text.at, more_after: text.more_after };
            for kind in wanted.iter() {
                let Decoding { texts, settled } = kind.decode(source);
                views.settle(index, settled);
                if texts.is_empty() && settled < text.body.len() {
                    // It has begun to differ where it was cut: what views of it will say hangs on that as well.
                    let body = text.body.get(..settled).unwrap_or_default();
                    for kind in wanted.iter() {
                        views.settle(index, kind.decode(Source { body, ..source }).settled);
                    }
                }
                views.add(index, None, kind, texts, &mut room);
            }
        }
        let mut shown = 0..views.made.len();
        for depth in 2..=DEPTH + 1 {
            for of in shown.clone() {
                for kind in wanted.iter() {
                    let Some(view) = views.made.get(of) else { break };
                    let source = Source { body: view.body(), at: 0, more_after: view.more_after() };
                    let Decoding { texts, settled } = kind.decode(source);
                    let (text, settled) = (view.text, views.position(of, settled));
                    if depth > DEPTH {
                        let kinds = view.kinds.with(kind);
                        views.is_incomplete |=
                            texts.iter().any(|decoded| !views.is_shown(text, Some(of), kinds, decoded));
                        continue;
                    }
                    views.settle(text, settled);
                    views.add(text, Some(of), kind, texts, &mut room);
                }
            }
            shown = shown.end..views.made.len();
        }
        views
    }

    fn settle(&mut self, text: usize, settled: usize) {
        if let Some(least) = self.settled.get_mut(text) {
            *least = (*least).min(settled);
        }
    }

    fn add(&mut self, text: usize, of: Option<usize>, kind: ViewKind, texts: Vec<Decoded>, room: &mut usize) {
        let kinds = of.and_then(|of| self.made.get(of)).map_or(ViewKinds::EMPTY, |view| view.kinds).with(kind);
        for decoded in texts {
            if decoded.body.is_empty() || self.is_shown(text, of, kinds, &decoded) {
                continue;
            }
            let left = room.checked_sub(decoded.body.len()).filter(|_| self.made.len() < MAX_VIEWS);
            let Some(left) = left else {
                self.is_incomplete = true;
                continue;
            };
            *room = left;
            self.made.push(View { text, kind, kinds, of, decoded });
        }
    }

    /// Whether whoever would be shown this is shown the same already: two ways often lead to one text.
    fn is_shown(&self, text: usize, of: Option<usize>, kinds: ViewKinds, decoded: &Decoded) -> bool {
        let place = |of, decoded: &Decoded| self.original_of(of, decoded.offsets.source(0..decoded.body.len()));
        self.made.iter().any(|view| {
            view.text == text
                && view.decoded.body == decoded.body
                && view.kinds.is_subset(kinds)
                && place(view.of, &view.decoded) == place(of, decoded)
        })
    }

    /// The views, those of texts before those of views.
    pub fn iter(&self) -> impl Iterator<Item = &View> {
        self.made.iter()
    }

    /// Whether there is something that was not decoded: too deep, too much, too many.
    #[must_use]
    pub const fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// Up to where in a text its views cannot change, whatever follows: its length, unless more follows and something has
    /// begun at its end.
    #[must_use]
    pub fn settled(&self, text: usize) -> usize {
        self.settled.get(text).copied().unwrap_or_default()
    }

    /// The bytes of its text that a part of a view comes from: the least range that holds all of them.
    #[must_use]
    pub fn original(&self, view: usize, span: Range<usize>) -> Range<usize> {
        self.original_of(Some(view), span)
    }

    fn original_of(&self, mut view: Option<usize>, mut span: Range<usize>) -> Range<usize> {
        while let Some(shown) = view.and_then(|view| self.made.get(view)) {
            span = shown.decoded.offsets.source(span);
            view = shown.of;
        }
        span
    }

    /// Where in its text the byte at `at` of a view comes from. Behind the last, where the view was cut.
    #[must_use]
    pub fn position(&self, view: usize, at: usize) -> usize {
        let (mut view, mut at) = (Some(view), at);
        while let Some(shown) = view.and_then(|view| self.made.get(view)) {
            at = shown.decoded.start(at);
            view = shown.of;
        }
        at
    }
}

/// Bytes of the next block that are decoded with each, so that what stands across its edge is in one view.
const OVERLAP: usize = 4 << 10;

/// Whether a text has no control characters but line ends and tabs.
fn is_text(text: &str) -> bool {
    text.chars().all(is_printed)
}

fn is_printed(char: char) -> bool {
    !char.is_control() || matches!(char, '\t' | '\n' | '\r')
}

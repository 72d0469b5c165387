//! A text, read so that one knows what its end decided.
//!
//! Everything that looks forward in a text does so through [`Text`]. When a look meets the end, whatever was being looked
//! for could come out differently if more text followed; `Text` remembers where the first such thing begins. That is all
//! that `settled` needs, and no search can forget to tell it.

use std::cell::Cell;

/// A text under inspection.
#[derive(Debug)]
pub(crate) struct Text<'t> {
    bytes: &'t [u8],
    /// Where that begins which is being looked for.
    origin: Cell<usize>,
    /// Where the first thing begins whose search met the end.
    live: Cell<usize>,
    /// How many bytes were looked at.
    #[cfg(test)]
    looks: Cell<usize>,
}

/// A character that joins the groups of a written number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Joiner {
    /// A space of any width that stays on its line: U+0020, U+00A0, U+2007, U+2009, U+202F.
    Space = 1,
    /// A hyphen or a short dash: U+002D, U+2010 to U+2013.
    Hyphen = 2,
    /// A full stop.
    Dot = 3,
    /// A slash.
    Slash = 4,
    /// A plus, which is a century sign in some national identifiers.
    Plus = 5,
}

impl<'t> Text<'t> {
    /// A text that nobody has looked at.
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            origin: Cell::new(0),
            live: Cell::new(text.len()),
            #[cfg(test)]
            looks: Cell::new(0),
        }
    }

    /// All of it. Only for searches whose outcome does not depend on what follows the text.
    pub(crate) fn bytes(&self) -> &'t [u8] {
        self.bytes
    }

    /// Says that what is looked for from now on begins at `origin` or behind it.
    pub(crate) fn look_from(&self, origin: usize) {
        self.origin.set(origin);
    }

    /// Where the first thing begins that the text's end left open; the text's length if there is none.
    pub(crate) fn live(&self) -> usize {
        self.live.get()
    }

    /// The byte at `at`, or 0 behind the end: that byte ends everything that is looked for here.
    pub(crate) fn at(&self, at: usize) -> u8 {
        self.count(1);
        if let Some(byte) = self.bytes.get(at) {
            return *byte;
        }
        self.live.set(self.live.get().min(self.origin.get()));
        0
    }

    /// The byte in front of `at`, or 0 at the beginning.
    pub(crate) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).and_then(|at| self.bytes.get(at)).copied().unwrap_or_default()
    }

    /// Up to `most` bytes from `from` on.
    pub(crate) fn ahead(&self, from: usize, most: usize) -> &'t [u8] {
        self.count(most);
        if self.bytes.len() < from + most {
            self.at(self.bytes.len());
        }
        let end = self.bytes.len().min(from + most);
        self.bytes.get(from..end).unwrap_or_default()
    }

    /// Up to `most` bytes in front of `to`.
    pub(crate) fn behind(&self, to: usize, most: usize) -> &'t [u8] {
        self.count(most);
        self.bytes.get(to.saturating_sub(most)..to).unwrap_or_default()
    }

    /// Counts bytes that are looked at, where a test asks how many there were.
    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "only tests count"))]
    fn count(&self, bytes: usize) {
        #[cfg(test)]
        self.looks.set(self.looks.get() + bytes);
        #[cfg(not(test))]
        let _ = bytes;
    }

    /// How many bytes were looked at.
    #[cfg(test)]
    pub(crate) fn looks(&self) -> usize {
        self.looks.get()
    }

    /// The joiner that begins at `at`, and its length.
    pub(crate) fn joiner(&self, at: usize) -> Option<(Joiner, usize)> {
        match self.at(at) {
            b' ' => Some((Joiner::Space, 1)),
            b'-' => Some((Joiner::Hyphen, 1)),
            b'.' => Some((Joiner::Dot, 1)),
            b'/' => Some((Joiner::Slash, 1)),
            b'+' => Some((Joiner::Plus, 1)),
            0xc2 if self.at(at + 1) == 0xa0 => Some((Joiner::Space, 2)),
            0xe2 if self.at(at + 1) == 0x80 => wide(self.at(at + 2)),
            _ => None,
        }
    }

    /// The joiner that ends at `at`, and its length.
    pub(crate) fn joiner_before(&self, at: usize) -> Option<(Joiner, usize)> {
        match self.behind(at, 3) {
            [.., b' '] => Some((Joiner::Space, 1)),
            [.., b'-'] => Some((Joiner::Hyphen, 1)),
            [.., b'.'] => Some((Joiner::Dot, 1)),
            [.., b'/'] => Some((Joiner::Slash, 1)),
            [.., b'+'] => Some((Joiner::Plus, 1)),
            [.., 0xc2, 0xa0] => Some((Joiner::Space, 2)),
            [0xe2, 0x80, last] => wide(*last),
            _ => None,
        }
    }
}

/// The joiner whose UTF-8 is `e2 80` and this byte.
fn wide(last: u8) -> Option<(Joiner, usize)> {
    match last {
        0x87 | 0x89 | 0xaf => Some((Joiner::Space, 3)),
        0x90..=0x93 => Some((Joiner::Hyphen, 3)),
        _ => None,
    }
}

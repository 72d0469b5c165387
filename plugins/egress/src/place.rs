//! How a URL is used, by what stands in front of it.

use std::ops::Range;

use crate::bounds::SPACE;
use crate::html;
use crate::markdown;

/// What becomes of a URL when the text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is fetched without a click: an image, a style sheet, a frame.
    Fetch,
    /// It is the definition of a markdown reference. An image anywhere in the text may name it.
    Definition,
    /// It is the destination of a link or a form.
    Link,
    /// It stands in the text as it is.
    Mention,
}

impl Use {
    /// Whether it is fetched, or may be, without a click.
    pub(crate) fn is_fetch(self) -> bool {
        matches!(self, Self::Fetch | Self::Definition)
    }
}

/// What ends a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closer {
    /// Space, and whatever closes what was opened before it or in it.
    Word,
    /// Space, or the parenthesis that closes a markdown destination.
    Parenthesis,
    /// The angle bracket that closes a markdown destination or an autolink.
    Angle,
    /// This quote, around the value of an attribute.
    Quote(u8),
    /// Space or the end of the tag: an attribute without quotes.
    Tag,
    /// This quote, or space or a comma: one of several in `srcset`.
    List(Option<u8>),
    /// A quote or the parenthesis that closes `url(` in a style.
    Style,
}

/// The place of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// How the URL is used.
    pub(crate) used: Use,
    /// What ends it.
    pub(crate) closer: Closer,
    /// Where the markdown image begins that it is the destination of.
    pub(crate) image: Option<usize>,
}

impl Place {
    /// A place without more to it.
    pub(crate) const fn new(used: Use, closer: Closer) -> Self {
        Self { used, closer, image: None }
    }

    /// The place of a URL that begins at `at`.
    pub(crate) fn of(text: &[u8], at: usize) -> Self {
        let head = &text[..at];
        let angle = head.last() == Some(&b'<');
        let before = if angle { &head[..at - 1] } else { head };
        let opened = trim_back(before);
        match opened {
            [.., b']', b'('] => {
                let image = markdown::image_before(opened);
                let closer = if angle { Closer::Angle } else { Closer::Parenthesis };
                return Self { used: if image.is_some() { Use::Fetch } else { Use::Link }, closer, image };
            }
            [.., b']', b':'] => {
                return Self::new(Use::Definition, if angle { Closer::Angle } else { Closer::Word });
            }
            _ if angle => return Self::new(Use::Mention, Closer::Angle),
            _ => {}
        }
        if is_style(opened) {
            return Self::new(Use::Fetch, Closer::Style);
        }
        html::attribute(text, at).unwrap_or(Self::new(Use::Mention, Closer::Word))
    }

    /// Whether somebody wrote this to be a URL, so that what only might be one is.
    pub(crate) fn is_destination(&self) -> bool {
        self.used != Use::Mention
    }
}

/// The text without the space at its end, as far as the guard looks.
pub(crate) fn trim_back(head: &[u8]) -> &[u8] {
    let space = head.iter().rev().take(SPACE).take_while(|byte| byte.is_ascii_whitespace()).count();
    &head[..head.len() - space]
}

/// Whether a style's `url(` or `@import` opens the URL behind this, with or without a quote and what escapes it.
fn is_style(opened: &[u8]) -> bool {
    let unquoted = match opened {
        [rest @ .., b'\\', b'"' | b'\''] | [rest @ .., b'"' | b'\''] => rest,
        all => all,
    };
    let function = trim_back(unquoted);
    ends_with(function, b"url(") || (unquoted.len() < opened.len() && ends_with(function, b"@import"))
}

/// Whether a text ends with a word, in any case.
fn ends_with(text: &[u8], word: &[u8]) -> bool {
    text.len().checked_sub(word.len()).is_some_and(|at| text[at..].eq_ignore_ascii_case(word))
}

/// The part of a text that ends at `at`, at most `longest` bytes of it, and where it begins.
pub(crate) fn window(at: usize, longest: usize) -> Range<usize> {
    at.saturating_sub(longest)..at
}

//! [`Written`]: a text, written anew.

use std::ops::Range;

use super::needles::Hit;

pub(crate) struct Written {
    pub(crate) text: String,
    /// Where in it replacements stand, in order.
    replaced: Vec<Range<usize>>,
}

impl Written {
    /// A text that goes on as it is.
    pub(crate) const fn kept(text: String) -> Self {
        Self { text, replaced: Vec::new() }
    }

    /// `body` with each of `regions` replaced by what is given for the text that is kept before it, the text that it covers
    /// and its rank. The regions lie in `body`, in order and apart; were one not so, text would be missing and nothing left over.
    pub(super) fn new(body: &str, regions: &[Hit], mut replacement: impl FnMut(&str, &str, u32) -> String) -> Self {
        let mut text = String::with_capacity(body.len());
        let mut replaced = Vec::with_capacity(regions.len());
        let mut done = 0;
        for region in regions {
            let kept = body.get(done..region.start).unwrap_or_default();
            text.push_str(kept);
            let start = text.len();
            let covered = body.get(region.start..region.end).unwrap_or_default();
            text.push_str(&replacement(kept, covered, region.rank));
            replaced.push(start..text.len());
            done = region.end;
        }
        text.push_str(body.get(done..).unwrap_or_default());
        Self { text, replaced }
    }

    /// Whether nothing in it was replaced.
    pub(super) const fn is_kept(&self) -> bool {
        self.replaced.is_empty()
    }

    /// Whether a range of it lies within one replacement.
    pub(super) fn replaces(&self, range: Range<usize>) -> bool {
        let behind = self.replaced.partition_point(|replaced| replaced.end < range.end);
        self.replaced.get(behind).is_some_and(|replaced| replaced.start <= range.start)
    }
}

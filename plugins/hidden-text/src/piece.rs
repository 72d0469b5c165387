//! Findings out of what was found: none overlaps another, and each depends on the text close by alone.
//!
//! Hidden elements lie in one another and hide invisible characters. What is invisible wherever it stands goes first. The
//! rest of what markup hides is cut wherever something hidden in it begins or ends, and each piece belongs to what began
//! last before it: this needs no knowledge of what lies further back than the longest finding.

use std::ops::Range;

use guardhouse_guard::{Finding, Repair};

use crate::prose;
use crate::scan::{Hit, Note, Scan};

/// The findings of a scan, in the order of the text.
pub(crate) fn all(scan: Scan) -> Vec<Hit> {
    let text = scan.text;
    let mut pieces = cut(scan.extents, &scan.hits);
    pieces.retain(|piece| prose::has_letters(&text[piece.span.clone()]));
    pieces.extend(scan.hits);
    pieces.sort_by_key(|piece| piece.span.start);
    pieces
}

/// How far the text of a scan is settled: up to where something is undecided, or to the beginning of the piece that this may
/// make longer or shorter.
pub(crate) fn settled(scan: Scan) -> usize {
    let hold = scan.hold;
    if hold == scan.text.len() {
        return hold;
    }
    let pieces = cut(scan.extents, &scan.hits);
    let reaches = |span: &Range<usize>| span.start < hold && span.end >= hold;
    pieces.iter().map(|piece| &piece.span).filter(|span| reaches(span)).map(|span| span.start).fold(hold, usize::min)
}

/// What the extents cover without the hits, in pieces.
fn cut(mut extents: Vec<Hit>, hits: &[Hit]) -> Vec<Hit> {
    extents.sort_by_key(|extent| extent.span.start);
    let mut pieces = Vec::new();
    let mut open: Vec<Hit> = Vec::new();
    let mut at = 0;
    let mut extents = extents.into_iter();
    loop {
        let next = extents.next();
        let to = next.as_ref().map_or(usize::MAX, |next| next.span.start);
        while at < to {
            let Some(last) = open.last() else { break };
            if last.span.end <= at {
                open.pop();
            } else {
                let end = last.span.end.min(to);
                without(hits, &Hit { span: at..end, ..last.clone() }, &mut pieces);
                at = end;
            }
        }
        let Some(next) = next else { return pieces };
        at = at.max(next.span.start);
        open.push(next);
    }
}

/// Takes what is left of a piece without the hits in it.
fn without(hits: &[Hit], piece: &Hit, pieces: &mut Vec<Hit>) {
    let mut at = piece.span.start;
    let first = hits.partition_point(|hit| hit.span.end <= at);
    for hit in hits[first..].iter().take_while(|hit| hit.span.start < piece.span.end) {
        if at < hit.span.start {
            pieces.push(Hit { span: at..hit.span.start, ..piece.clone() });
        }
        at = hit.span.end;
    }
    if at < piece.span.end {
        pieces.push(Hit { span: at..piece.span.end, ..piece.clone() });
    }
}

impl Hit {
    /// The finding in the part with this index.
    pub(crate) fn finding(self, part: usize) -> Finding {
        let finding = Finding::new(self.rule.id, self.rule.category)
            .severity(self.rule.severity)
            .confidence(self.rule.confidence)
            .message(self.rule.what)
            .repair(Repair::Remove)
            .at(part, self.span);
        match self.note {
            Note::None => finding,
            Note::Characters(count) => finding.attribute("characters", count.to_string()),
            Note::By(by) => finding.attribute("by", by),
        }
    }
}

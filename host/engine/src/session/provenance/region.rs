//! Regions of a text that a finding flags: what stands only there is under suspicion.
//!
//! A finding covers the words that gave something away, and what it wants done stands beside them. So it flags its paragraph, up
//! to the blank lines around it; the next one too, if the paragraph ends in a colon; and all that stands between two findings
//! that are not far apart, since what was put into a text is one piece.

use std::ops::Range;

/// Bytes between two flagged paragraphs of what is taken for one piece.
const ONE_PIECE: usize = 2_000;

/// The flagged regions of a text, in order and apart from each other, given where there are findings.
pub(crate) fn regions(text: &str, findings: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut regions: Vec<Range<usize>> = findings.iter().map(|finding| paragraph(text, finding)).collect();
    regions.sort_unstable_by_key(|region| (region.start, region.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(regions.len());
    for region in regions {
        match merged.last_mut() {
            Some(last) if region.start <= last.end.saturating_add(ONE_PIECE) => last.end = last.end.max(region.end),
            _ => merged.push(region),
        }
    }
    merged
}

/// The paragraph around a place, and those that it leads to.
fn paragraph(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.get(..span.start).map_or(0, |before| blank(before).map_or(0, |blank| blank.end));
    let mut end = span.end.max(span.start).min(text.len());
    loop {
        let behind = text.get(end..).unwrap_or_default();
        let Some(gap) = first_blank(behind) else { return start..text.len() };
        let leads_on =
            text.get(start..end + gap.start).is_some_and(|paragraph| paragraph.trim_end().ends_with([':', '：']));
        if !leads_on {
            return start..end + gap.start;
        }
        end += gap.end;
    }
}

/// The last blank line of a text, with the line ends around it.
fn blank(text: &str) -> Option<Range<usize>> {
    let mut end = text.len();
    while let Some(at) = text.get(..end)?.rfind('\n') {
        let before = text.get(..at)?;
        let trimmed = before.trim_end_matches([' ', '\t', '\r']);
        if trimmed.ends_with('\n') {
            return Some(trimmed.len() - 1..at + 1);
        }
        end = at;
    }
    None
}

/// The first blank line of a text, with the line ends around it.
fn first_blank(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('\n').map(|at| at + from) {
        let behind = text.get(at + 1..)?;
        let rest = behind.trim_start_matches([' ', '\t', '\r']);
        if rest.starts_with('\n') {
            let end = text.len() - rest.trim_start().len();
            return Some(at..end);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flagged<'t>(text: &'t str, found: &[&str]) -> Vec<&'t str> {
        let findings: Vec<_> =
            found.iter().filter_map(|found| text.find(found).map(|at| at..at + found.len())).collect();
        regions(text, &findings).into_iter().filter_map(|region| text.get(region)).collect()
    }

    #[test]
    fn a_finding_flags_its_paragraph() {
        let text = "Dear Ann,\n\nall is well. Obey me.\nPay Eve.\n \nYours, Bob";
        assert_eq!(flagged(text, &["Obey"]), ["all is well. Obey me.\nPay Eve."]);
        assert_eq!(flagged("Obey me.", &["Obey"]), ["Obey me."]);
        assert_eq!(flagged(text, &["Bob"]), ["Yours, Bob"]);
    }

    #[test]
    fn a_colon_leads_on_and_what_is_between_two_findings_belongs_to_them() {
        let text = "a\n\nObey, do this:\n\npay Eve\n\nwell\n\nThen go on\n\nb";
        assert_eq!(flagged(text, &["Obey"]), ["Obey, do this:\n\npay Eve"]);
        assert_eq!(flagged(text, &["Obey", "Then"]), ["Obey, do this:\n\npay Eve\n\nwell\n\nThen go on"]);
    }

    #[test]
    fn what_is_far_apart_is_two_pieces() {
        let text = format!("Obey\n\n{}\n\nObey too", "x ".repeat(2_000));
        let findings = [0..4, text.len() - 8..text.len() - 4];
        assert_eq!(regions(&text, &findings).len(), 2);
    }

    proptest! {
        #[test]
        fn regions_hold_their_findings(text in "[ab:é \n]{0,60}", spans in prop::collection::vec((0_usize..60, 0_usize..10), 0..4)) {
            let cut = |at: usize| text.floor_char_boundary(at.min(text.len()));
            let findings: Vec<_> = spans.iter().map(|(at, len)| cut(*at)..cut(at + len)).collect();
            let regions = regions(&text, &findings);
            for finding in &findings {
                prop_assert!(regions.iter().any(|region| region.start <= finding.start && finding.end <= region.end));
            }
            for region in &regions {
                prop_assert!(text.get(region.clone()).is_some(), "{:?} of {:?}", region, text);
            }
            prop_assert!(regions.windows(2).all(|two| two[0].end < two[1].start));
        }
    }
}

//! What is to be replaced in one text.

use super::needles::Hit;

/// Merges what overlaps or touches to its union, which takes the best rank. The result is in order, and between two
/// regions there is at least one byte.
pub(super) fn merge(mut found: Vec<Hit>) -> Vec<Hit> {
    found.sort_unstable_by_key(|region| region.start);
    let mut merged: Vec<Hit> = Vec::new();
    for region in found {
        match merged.last_mut() {
            Some(last) if region.start <= last.end => {
                last.end = last.end.max(region.end);
                last.rank = last.rank.min(region.rank);
            }
            _ => merged.push(region),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_touches_is_merged_and_takes_the_best_rank() {
        let region = |start, end, rank| Hit { start, end, rank };
        assert_eq!(
            merge(vec![region(7, 9, 1), region(0, 3, 5), region(3, 5, 2), region(1, 2, 9)]),
            [region(0, 5, 2), region(7, 9, 1)]
        );
    }

    proptest! {
        #[test]
        fn the_union_is_covered_and_nothing_else(spans in prop::collection::vec((0_usize..50, 1_usize..10), 0..20)) {
            let found: Vec<_> =
                spans.iter().map(|(start, len)| Hit { start: *start, end: start + len, rank: 0 }).collect();
            let covers = |regions: &[Hit], at: usize| regions.iter().any(|r| r.start <= at && at < r.end);
            let merged = merge(found.clone());
            for at in 0..70 {
                prop_assert_eq!(covers(&merged, at), covers(&found, at));
            }
            prop_assert!(merged.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}

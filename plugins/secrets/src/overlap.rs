//! Which of several secrets that overlap are reported, and how far each goes.
//!
//! What is reported at a place must not depend on text far in front of it, or a stream would say something else than the
//! whole text. So no decision here rests on another:
//!
//! * A value found by its name gives way to a credential with a form of its own that overlaps it.
//! * A secret that lies in another of at most [`Hit::SWALLOWING`] bytes is left out.
//! * Otherwise the first ends where the second begins. That also holds for a long secret, a PEM key or a large JWT, in
//!   which another begins: in a real one that happens by chance less than once in a hundred thousand.

use std::cmp::Reverse;

use crate::scan::Hit;

/// What is reported of the hits of a scan, in the order of the text, none overlapping another.
pub(crate) fn resolve(mut hits: Vec<Hit>) -> Vec<Hit> {
    // What was found first stands first where two cover the same bytes.
    hits.sort_by_key(|hit| (hit.span.start, Reverse(hit.span.end)));
    let gives_way = gives_way(&hits);
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    // The ends of the short hits met so far that end last, with a form and by name. They begin before the hit that is asked
    // about; if one also ends behind it, that one lies in it.
    let (mut formed, mut named) = (0, 0);
    for (hit, gives_way) in hits.into_iter().zip(gives_way) {
        let covered = if hit.rule.is_named { &mut named } else { &mut formed };
        if hit.span.end <= *covered {
            continue;
        }
        if hit.swallows() {
            *covered = hit.span.end;
        }
        if gives_way {
            continue;
        }
        if let Some(last) = kept.last_mut() {
            last.span.end = last.span.end.min(hit.span.start);
        }
        kept.push(hit);
    }
    kept.retain(|hit| !hit.span.is_empty());
    kept
}

/// Which of the sorted hits were found by their name and overlap one with a form of its own that is short, or begins in
/// them.
fn gives_way(hits: &[Hit]) -> Vec<bool> {
    let mut gives_way = vec![false; hits.len()];
    let (mut short_end, mut long_start) = (0, None);
    for (hit, gives_way) in hits.iter().zip(&mut gives_way) {
        if hit.rule.is_named {
            *gives_way = hit.span.start < short_end || long_start == Some(hit.span.start);
        } else if hit.swallows() {
            short_end = short_end.max(hit.span.end);
        } else {
            long_start = Some(hit.span.start);
        }
    }
    let mut next_start = usize::MAX;
    for (hit, gives_way) in hits.iter().zip(&mut gives_way).rev() {
        if hit.rule.is_named {
            *gives_way |= next_start < hit.span.end;
        } else {
            next_start = hit.span.start;
        }
    }
    gives_way
}

/// Up to where nothing of what a scan found can still change, given from where on something is open: a finding that goes on
/// behind that place may yet be cut off there or left out.
pub(crate) fn settled(hits: &[Hit], open: usize) -> usize {
    hits.iter().filter(|hit| hit.span.end > open).map(|hit| hit.span.start).fold(open, usize::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{JWT, PASSWORD, Rule, URL};

    fn hit(rule: &'static Rule, start: usize, end: usize) -> Hit {
        Hit { rule, span: start..end, confidence: 90 }
    }

    fn spans(hits: Vec<Hit>) -> Vec<(&'static str, usize, usize)> {
        resolve(hits).into_iter().map(|hit| (hit.rule.id, hit.span.start, hit.span.end)).collect()
    }

    #[test]
    fn a_value_found_by_its_name_gives_way_to_what_has_a_form() {
        assert_eq!(spans(vec![hit(&PASSWORD, 0, 20), hit(&JWT, 5, 30)]), [("jwt", 5, 30)]);
        assert_eq!(spans(vec![hit(&PASSWORD, 10, 40), hit(&JWT, 5, 30)]), [("jwt", 5, 30)]);
        assert_eq!(spans(vec![hit(&PASSWORD, 0, 5), hit(&JWT, 5, 30)]), [("password", 0, 5), ("jwt", 5, 30)]);
    }

    #[test]
    fn what_lies_in_another_is_left_out_and_what_sticks_out_ends_it() {
        assert_eq!(spans(vec![hit(&URL, 0, 20), hit(&JWT, 5, 20)]), [("url-password", 0, 20)]);
        assert_eq!(spans(vec![hit(&URL, 0, 20), hit(&JWT, 5, 21)]), [("url-password", 0, 5), ("jwt", 5, 21)]);
        assert_eq!(spans(vec![hit(&URL, 0, 20), hit(&JWT, 0, 20)]), [("url-password", 0, 20)]);
    }

    #[test]
    fn a_long_secret_swallows_nothing() {
        let found = spans(vec![hit(&JWT, 0, 600), hit(&URL, 50, 60), hit(&PASSWORD, 55, 58)]);
        assert_eq!(found, [("jwt", 0, 50), ("url-password", 50, 60)]);
    }

    #[test]
    fn a_finding_that_may_yet_be_cut_is_not_settled() {
        let hits = [hit(&JWT, 0, 10), hit(&URL, 12, 30), hit(&JWT, 25, 50)];
        assert_eq!(settled(&hits, 60), 60);
        assert_eq!(settled(&hits, 50), 50);
        assert_eq!(settled(&hits, 49), 25);
        assert_eq!(settled(&hits, 26), 12);
        assert_eq!(settled(&hits, 11), 11);
    }
}

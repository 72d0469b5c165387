//! Which of what was expected was found, one to one.

/// What of `expected` and what of `found` stays over when as many as possible are paired of which `is` holds.
///
/// One that could be several of those found does not take the only one that another could be: a greatest matching by
/// augmenting paths (Kuhn), in time of the product of the lengths for each of `expected`, and in general far less.
pub(super) fn unmatched<'e, 'f, E, F>(
    expected: &'e [E],
    found: &'f [F],
    is: impl Fn(&E, &F) -> bool,
) -> (Vec<&'e E>, Vec<&'f F>) {
    let candidates: Vec<Vec<usize>> = expected
        .iter()
        .map(|expected| {
            (0..found.len()).filter(|&index| found.get(index).is_some_and(|found| is(expected, found))).collect()
        })
        .collect();
    let mut pairs = Pairs { candidates, taken_by: vec![None; found.len()] };
    let mut missing = Vec::new();
    for (index, expected) in expected.iter().enumerate() {
        if !pairs.place(index) {
            missing.push(expected);
        }
    }
    let unexpected = found.iter().zip(&pairs.taken_by).filter(|(_, taken)| taken.is_none()).map(|(found, _)| found);
    (missing, unexpected.collect())
}

struct Pairs {
    /// By each that was expected: those found that it could be.
    candidates: Vec<Vec<usize>>,
    /// By each that was found: the one expected that it is taken for.
    taken_by: Vec<Option<usize>>,
}

impl Pairs {
    /// Finds a place for one more that was expected, by moving others if it must; by breadth, so without recursion.
    fn place(&mut self, newcomer: usize) -> bool {
        let mut seen = vec![false; self.taken_by.len()];
        // Each place that was reached, and the step by which: its index here is the step's own.
        let mut steps: Vec<(usize, Option<usize>)> = Vec::new();
        let mut queue = vec![(newcomer, None)];
        let mut next = 0;
        while let Some(&(expected, by)) = queue.get(next) {
            next += 1;
            for &place in self.candidates.get(expected).into_iter().flatten() {
                match seen.get_mut(place) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                let step = steps.len();
                steps.push((place, by));
                let Some(other) = self.taken_by.get(place).copied().flatten() else {
                    self.shift(&steps, step, newcomer);
                    return true;
                };
                queue.push((other, Some(step)));
            }
        }
        false
    }

    /// Moves everybody on the way to the last step one place on, and the newcomer to the first.
    fn shift(&mut self, steps: &[(usize, Option<usize>)], last: usize, newcomer: usize) {
        let mut step = Some(last);
        while let Some((place, by)) = step.and_then(|step| steps.get(step)).copied() {
            let before = by.and_then(|by| steps.get(by)).map(|(place, _)| *place);
            let occupant = before.map_or(Some(newcomer), |before| self.taken_by.get(before).copied().flatten());
            if let Some(taken) = self.taken_by.get_mut(place) {
                *taken = occupant;
            }
            step = by;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::unmatched;

    /// The least number of `expected` that stay over, by trying everything. A bit is a number that one could be.
    fn least(expected: &[u8], found: u8) -> usize {
        match expected.split_first() {
            None => 0,
            Some((first, rest)) => {
                let without = 1 + least(rest, found);
                let with =
                    (0..8).filter(|bit| first & found & (1 << bit) != 0).map(|bit| least(rest, found & !(1 << bit)));
                with.min().map_or(without, |with| with.min(without))
            }
        }
    }

    #[test]
    fn what_could_be_several_leaves_the_only_one_to_another() {
        let is = |expected: &&[u8], found: &u8| expected.contains(found);
        let expected: [&[u8]; 3] = [&[1, 2], &[1], &[2, 3]];
        assert_eq!(unmatched(&expected, &[1, 2, 3], is), (vec![], vec![]));
        assert_eq!(unmatched(&expected, &[1, 9], is).1, [&9]);
        assert_eq!(unmatched(&expected, &[], is).0.len(), 3);
    }

    proptest! {
        #[test]
        fn as_many_as_possible_are_paired(expected in prop::collection::vec(any::<u8>(), 0..7), count in 0_u8..8) {
            let found: Vec<u8> = (0..count).collect();
            let all = found.iter().fold(0, |all, bit| all | (1 << bit));
            let (missing, unexpected) = unmatched(&expected, &found, |expected, bit| expected & (1 << bit) != 0);
            prop_assert_eq!(missing.len(), least(&expected, all));
            prop_assert_eq!(expected.len() - missing.len(), found.len() - unexpected.len());
        }
    }
}

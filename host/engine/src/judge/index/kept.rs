//! The slices that were asked for lately.
//!
//! Which slices there are is up to the policies, but which are asked for is up to untrusted peers. So what is kept is
//! bounded in number and in bytes, and a slice earns its place by being used: each use gives it a credit, up to
//! [`MOST_CREDIT`]; where room is needed, a hand goes round over the kept slices, takes one credit from each that it
//! passes and removes the first that has none. Whoever asks for one slice after another, each once, displaces the
//! likes of these and none that is used now and then. A slice that is not kept is made again, at a cost that grows
//! with the policies that are in it and with no others.
//!
//! Nobody waits for a slice to be made: the lock is held to look one up, by any number of threads at once, or to put
//! one in its place.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use indexmap::IndexMap;

use super::{Signature, Slice};

/// The most slices that are kept.
const MOST_SLICES: usize = 4_096;
/// The most bytes that the kept slices may take, as [`KeptSlices::keep`] is told.
const MOST_BYTES: usize = 64 << 20;
/// How many uses of a slice are remembered: so many times the hand passes a slice that is not used any more.
const MOST_CREDIT: u8 = 7;
/// How many slices the hand passes at most for the sake of one. Where that makes no room, the new one is not kept.
const MOST_PASSED: usize = 16;

/// The slices that were asked for lately.
#[derive(Debug, Default)]
pub(super) struct KeptSlices(RwLock<Table>);

#[derive(Debug, Default)]
struct Table {
    slices: IndexMap<Signature, Kept>,
    bytes: usize,
    /// Which slice it may be that gives way next.
    hand: usize,
}

#[derive(Debug)]
struct Kept {
    slice: Arc<Slice>,
    bytes: usize,
    credit: AtomicU8,
}

impl KeptSlices {
    /// The slice of a signature, if it is kept.
    pub(super) fn get(&self, signature: &Signature) -> Option<Arc<Slice>> {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Kept { slice, credit, .. } = table.slices.get(signature)?;
        // Threads that get in between each other's steps lose a credit or two, which is of no account.
        let before = credit.load(Ordering::Relaxed);
        if before < MOST_CREDIT {
            credit.store(before + 1, Ordering::Relaxed);
        }
        Some(Arc::clone(slice))
    }

    /// Keeps the slice of a signature, which takes about so many `bytes`, if there is room or can be made.
    pub(super) fn keep(&self, signature: Signature, slice: &Arc<Slice>, bytes: usize) {
        if bytes > MOST_BYTES {
            return;
        }
        // What gives way goes when the lock is gone: it may be large.
        let mut gone = Vec::new();
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if table.slices.contains_key(&signature) {
            return;
        }
        for _ in 0..MOST_PASSED {
            if table.has_room(bytes) {
                break;
            }
            gone.extend(table.pass());
        }
        if table.has_room(bytes) {
            table.bytes += bytes;
            table.slices.insert(signature, Kept { slice: Arc::clone(slice), bytes, credit: AtomicU8::new(0) });
        }
    }

    /// How many slices are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).slices.len()
    }
}

impl Table {
    fn has_room(&self, bytes: usize) -> bool {
        self.slices.len() < MOST_SLICES && self.bytes.saturating_add(bytes) <= MOST_BYTES
    }

    /// Moves the hand by one slice, which loses a credit or, having none, its place.
    fn pass(&mut self) -> Option<Kept> {
        if self.hand >= self.slices.len() {
            self.hand = 0;
        }
        let (_, kept) = self.slices.get_index_mut(self.hand)?;
        let credit = kept.credit.get_mut();
        let removed = match credit.checked_sub(1) {
            Some(left) => {
                *credit = left;
                None
            }
            // The newest takes its place, and so has a whole round to earn a credit.
            None => self.slices.swap_remove_index(self.hand).map(|(_, kept)| kept),
        };
        self.hand += 1;
        self.bytes = self.bytes.saturating_sub(removed.as_ref().map_or(0, |kept| kept.bytes));
        removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::index::position::Key;
    use crate::judge::wanted::Wanted;
    use cedar_policy::PolicySet;

    fn signature(number: usize) -> Signature {
        Signature([vec![Key::ANY], vec![Key::ANY], vec![Key(number)]])
    }

    fn empty() -> Arc<Slice> {
        Arc::new(Slice { all: PolicySet::new(), permits: PolicySet::new(), wanted: Wanted::NOTHING })
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let (kept, slice) = (KeptSlices::default(), empty());
        for number in 0..3 * MOST_SLICES {
            kept.keep(signature(number), &slice, 0);
        }
        assert_eq!(kept.len(), MOST_SLICES);
        let heavy = KeptSlices::default();
        for number in 0..100 {
            heavy.keep(signature(number), &slice, MOST_BYTES / 10);
        }
        assert_eq!(heavy.len(), 10);
        heavy.keep(signature(100), &slice, MOST_BYTES + 1);
        assert_eq!(heavy.len(), 10);
        // The last ones are there, so the first ones gave way.
        assert!(kept.get(&signature(3 * MOST_SLICES - 1)).is_some());
        assert!(heavy.get(&signature(99)).is_some());
        assert!(heavy.get(&signature(100)).is_none());
    }

    #[test]
    fn a_slice_that_is_used_is_not_displaced_by_ever_new_ones() {
        let (kept, slice) = (KeptSlices::default(), empty());
        let used = signature(0);
        for number in 0..20 * MOST_SLICES {
            kept.keep(signature(number), &slice, 0);
            // Used once while the hand goes round once, it keeps its place.
            if number % MOST_SLICES == 1 {
                assert!(kept.get(&used).is_some(), "{number}");
            }
        }
    }

    #[test]
    fn a_slice_that_is_used_no_more_gives_way() {
        let (kept, slice) = (KeptSlices::default(), empty());
        kept.keep(signature(0), &slice, 0);
        for _ in 0..1_000 {
            assert!(kept.get(&signature(0)).is_some());
        }
        for number in 1..10 * MOST_SLICES {
            kept.keep(signature(number), &slice, 0);
        }
        assert!(kept.get(&signature(0)).is_none());
    }

    #[test]
    fn room_for_a_large_slice_is_made_in_the_end() {
        let (kept, slice) = (KeptSlices::default(), empty());
        for number in 1..=MOST_SLICES {
            kept.keep(signature(number), &slice, MOST_BYTES / MOST_SLICES);
        }
        let asked = (0..MOST_SLICES).take_while(|_| {
            kept.keep(signature(0), &slice, MOST_BYTES / 2);
            kept.get(&signature(0)).is_none()
        });
        assert!(asked.count() < MOST_SLICES / MOST_PASSED);
    }
}

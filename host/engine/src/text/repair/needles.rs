//! [`Needles`]: many texts, sought in one pass.

use std::collections::HashMap;

/// Texts to be sought, each with a rank.
///
/// An automaton after Aho and Corasick (1975), of which only the longest text that ends at a place is asked for: it
/// covers all shorter ones that end there. The `aho-corasick` crate lists those too, at every state; with nested texts
/// (`a`, `aa`, `aaa`, …), which a sender can bring about, the lists take memory in the square of the texts. This
/// takes memory in proportion to them, and time in proportion to what is searched.
pub(super) struct Needles {
    states: Vec<State>,
    /// From a state (upper bits) and a byte (lowest eight) to a state. Hashed with a random number of the process, so
    /// that a sender cannot choose bytes that collide.
    edges: HashMap<u64, u32>,
    /// From the root by a byte. Ordinary text hardly ever leaves the root.
    first: Box<[u32; 256]>,
}

/// A state: a text that one of the needles begins with.
#[derive(Clone, Copy)]
struct State {
    /// The longest proper suffix of the text that is a state as well.
    fallback: u32,
    /// The length of the longest needle that the text ends with; 0 if there is none.
    longest: u32,
    /// The best (least) rank of the needles that the text ends with.
    rank: u32,
    /// The length of the text.
    depth: u32,
}

/// A needle found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// The best rank of those that end there.
    pub(super) rank: u32,
}

const ROOT: u32 = 0;

impl Needles {
    /// Makes texts ready to be sought; empty ones are ignored. The less a rank, the better.
    ///
    /// Their lengths together must fit 32 bits, which the caller's bound sees to.
    pub(super) fn new<'t>(texts: impl IntoIterator<Item = (&'t str, u32)>) -> Self {
        let root = State { fallback: ROOT, longest: 0, rank: u32::MAX, depth: 0 };
        let mut needles = Self { states: vec![root], edges: HashMap::new(), first: Box::new([ROOT; 256]) };
        // How each state but the root is reached: its length, the state before, the byte.
        let mut steps = Vec::new();
        for (text, rank) in texts {
            let mut state = ROOT;
            for (length, byte) in (1_u32..).zip(text.bytes()) {
                let next = needles.edge(state, byte).unwrap_or_else(|| {
                    let new = number(needles.states.len());
                    needles.states.push(State { depth: length, ..root });
                    needles.link(state, byte, new);
                    steps.push((length, new, state, byte));
                    new
                });
                state = next;
            }
            if let Some(end) = needles.states.get_mut(place(state)).filter(|_| state != ROOT) {
                end.longest = number(text.len());
                end.rank = end.rank.min(rank);
            }
        }
        // The shorter a state, the sooner: a fallback is always shorter.
        steps.sort_unstable_by_key(|(length, ..)| *length);
        for (_, state, before, byte) in steps {
            let fallback = if before == ROOT { ROOT } else { needles.step(needles.state(before).fallback, byte) };
            let shorter = needles.state(fallback);
            if let Some(state) = needles.states.get_mut(place(state)) {
                state.fallback = fallback;
                state.rank = state.rank.min(shorter.rank);
                if state.longest == 0 {
                    state.longest = shorter.longest;
                }
            }
        }
        needles
    }

    /// For each place in `text` at which needles end, in order, the longest of them.
    pub(super) fn find(&self, text: &str) -> impl Iterator<Item = Hit> {
        let mut at = ROOT;
        text.bytes().zip(1..).filter_map(move |(byte, end)| {
            at = self.step(at, byte);
            let state = self.state(at);
            (state.longest > 0).then(|| Hit { start: end - place(state.longest), end, rank: state.rank })
        })
    }

    /// How many bytes at the end of `text` a needle begins with: what follows may make one of them.
    pub(super) fn begun(&self, text: &str) -> usize {
        place(self.state(text.bytes().fold(ROOT, |at, byte| self.step(at, byte))).depth)
    }

    /// Whether any needle stands in `text`.
    pub(super) fn any_in(&self, text: &str) -> bool {
        self.find(text).next().is_some()
    }

    /// The state after `byte` in `state`.
    fn step(&self, mut state: u32, byte: u8) -> u32 {
        loop {
            match self.edge(state, byte) {
                Some(next) => return next,
                None if state == ROOT => return ROOT,
                None => state = self.state(state).fallback,
            }
        }
    }

    fn edge(&self, state: u32, byte: u8) -> Option<u32> {
        if state == ROOT {
            return self.first.get(usize::from(byte)).copied().filter(|next| *next != ROOT);
        }
        self.edges.get(&key(state, byte)).copied()
    }

    fn link(&mut self, state: u32, byte: u8, next: u32) {
        if state != ROOT {
            self.edges.insert(key(state, byte), next);
        } else if let Some(place) = self.first.get_mut(usize::from(byte)) {
            *place = next;
        }
    }

    fn state(&self, state: u32) -> State {
        // INVARIANT: states are only numbered by pushing them.
        self.states.get(place(state)).copied().unwrap_or(State { fallback: ROOT, longest: 0, rank: u32::MAX, depth: 0 })
    }
}

/// The key of an edge.
fn key(state: u32, byte: u8) -> u64 {
    u64::from(state) << 8 | u64::from(byte)
}

/// The index of a state.
const fn place(state: u32) -> usize {
    // `usize` has at least 32 bits wherever wasmtime runs.
    state as usize
}

/// A count of states or bytes, which the caller keeps below 32 bits.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same by looking at every place for every text.
    fn naive(texts: &[String], text: &str) -> Vec<Hit> {
        (1..=text.len())
            .filter_map(|end| {
                let ending = (0_u32..).zip(texts).filter(|(_, needle)| {
                    !needle.is_empty() && text.as_bytes().get(..end).is_some_and(|t| t.ends_with(needle.as_bytes()))
                });
                let rank = ending.clone().map(|(rank, _)| rank).min()?;
                let longest = ending.map(|(_, needle)| needle.len()).max()?;
                Some(Hit { start: end - longest, end, rank })
            })
            .collect()
    }

    proptest! {
        #[test]
        fn finds_what_a_naive_search_finds(
            texts in prop::collection::vec("[abé]{0,5}", 0..6),
            text in "[abcé]{0,40}",
        ) {
            let needles = Needles::new(texts.iter().map(String::as_str).zip(0..));
            prop_assert_eq!(needles.find(&text).collect::<Vec<_>>(), naive(&texts, &text));
        }
    }

    #[test]
    fn nested_texts_take_memory_in_proportion_to_their_length() {
        let longest = "a".repeat(2_000);
        let texts = (1..=longest.len()).filter_map(|len| longest.get(..len));
        let needles = Needles::new(texts.zip(0..));
        assert_eq!(needles.states.len(), 2_001);
        assert_eq!(needles.find(&longest).count(), 2_000);
    }
}

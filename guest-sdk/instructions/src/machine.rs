//! The machine that follows all patterns at once, in one pass.
//!
//! Every slot of every pattern is a state, and a bit. A word with a meaning advances the states whose slot it fits, if the
//! slot before is filled and near enough; most words of ordinary prose advance none. Where a slot is filled twice the later
//! one counts, so how a word is judged depends on at most [`LONGEST_CORE`] bytes before it, and on [`CONTEXT`] more for what
//! makes an instruction harmless.

use crate::concepts::{COUNT, Concepts};
use crate::pattern::{Kind, Pattern};
use crate::scan::{Sink, Token};

/// The most bytes from the first to the last word of a match.
pub(crate) const LONGEST_CORE: usize = 256;

/// The most bytes between words that make an instruction harmless and the instruction.
pub(crate) const CONTEXT: usize = 128;

/// The most half words between a "not" and what it denies: one word, since "do not hesitate to" denies nothing.
const DENIAL: u32 = 2;

/// By how much talk about attacks lowers the confidence in a match that follows it in the sentence.
const DOUBT: u8 = 40;

/// Words of 64 bits that hold a bit per state.
const WIDTH: usize = 8;

/// A bit per state.
type Bits = [u64; WIDTH];

/// The patterns, ready to be followed.
#[derive(Clone, Debug)]
pub(crate) struct Grammar {
    patterns: Vec<&'static Pattern>,
    /// What each state is.
    states: Vec<Place>,
    /// The states that a concept fits.
    fitting: Box<[Bits]>,
    /// The states that begin a pattern.
    first: Bits,
    /// Concepts that a pattern begins with.
    begins: Concepts,
}

/// What a state is: a slot of a pattern.
#[derive(Clone, Copy, Debug)]
struct Place {
    pattern: u16,
    /// What fits the state behind it.
    next: Concepts,
    is_first: bool,
    is_last: bool,
    /// Half words that may stand before it.
    gap: u32,
}

/// How far a pattern has got.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    start: usize,
    end: usize,
    to: u32,
    context: Context,
}

/// What stands before the first word.
#[derive(Clone, Copy, Debug, Default)]
struct Context {
    is_denied: bool,
    is_doubted: bool,
    is_quoted: bool,
}

/// A match.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The pattern, or none for a mark.
    pub(crate) pattern: Option<&'static Pattern>,
    pub(crate) confidence: u8,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) is_quoted: bool,
}

impl Grammar {
    /// Patterns that have more slots together than there are states are left out from the end; a test holds the shared
    /// ones below that.
    pub(crate) fn new(patterns: impl IntoIterator<Item = &'static Pattern>) -> Self {
        let mut grammar = Self {
            patterns: Vec::new(),
            states: Vec::new(),
            fitting: vec![[0; WIDTH]; COUNT].into_boxed_slice(),
            first: [0; WIDTH],
            begins: Concepts::NONE,
        };
        for pattern in patterns {
            if grammar.states.len() + pattern.slots.len() <= WIDTH * 64 {
                grammar.add(pattern);
            }
        }
        grammar
    }

    fn add(&mut self, pattern: &'static Pattern) {
        let number = u16::try_from(self.patterns.len()).unwrap_or(u16::MAX);
        for (at, slot) in pattern.slots.iter().enumerate() {
            let state = self.states.len();
            for concept in slot.concepts.numbers() {
                self.fitting[concept][state / 64] |= 1 << (state % 64);
            }
            if at == 0 {
                self.first[state / 64] |= 1 << (state % 64);
                self.begins = self.begins.or(slot.concepts);
            }
            let is_last = at + 1 == pattern.slots.len();
            let gap = u32::from(slot.gap) * 2;
            let next = pattern.slots.get(at + 1).map_or(Concepts::NONE, |slot| slot.concepts);
            self.states.push(Place { pattern: number, next, is_first: at == 0, is_last, gap });
        }
        self.patterns.push(pattern);
    }

    /// The concepts that matter also where no pattern has begun.
    pub(crate) fn begins(&self) -> Concepts {
        self.begins.or(Concepts::NOT).or(Concepts::META).or(Concepts::EXAMPLE)
    }

    /// How many states there are.
    #[cfg(test)]
    pub(crate) fn states(&self) -> usize {
        self.states.len()
    }
}

/// One run over a text.
#[derive(Debug)]
pub(crate) struct Machine<'a> {
    grammar: &'a Grammar,
    text: &'a [u8],
    marks: bool,
    alive: Bits,
    /// What could advance some state that is alive.
    wanted: Concepts,
    /// What matters where nothing has begun.
    begins: Concepts,
    /// The half words behind which no state can be advanced.
    until: u32,
    states: Box<[State]>,
    /// The phrase that reaches furthest, and where it ends.
    phrase: (usize, Concepts),
    /// Where the last "not" ended, in half words and bytes.
    denial: Option<(u32, usize)>,
    /// Where the last talk about attacks ended.
    doubt: Option<usize>,
    /// Where what leads to a quotation ended.
    example: Option<usize>,
    /// Where there is talk about attacks.
    pub(crate) doubts: Vec<usize>,
    pub(crate) candidates: Vec<Candidate>,
}

impl<'a> Machine<'a> {
    /// A run over `text`, which reports marks or does not.
    pub(crate) fn new(grammar: &'a Grammar, text: &'a str, marks: bool) -> Self {
        Self {
            grammar,
            text: text.as_bytes(),
            marks,
            alive: [0; WIDTH],
            wanted: Concepts::NONE,
            begins: grammar.begins(),
            until: 0,
            states: vec![State::default(); grammar.states.len()].into_boxed_slice(),
            phrase: (0, Concepts::NONE),
            denial: None,
            doubt: None,
            example: None,
            doubts: Vec::new(),
            candidates: Vec::new(),
        }
    }

    /// Where patterns begin that what follows the text may complete, by a word with so many half words before it.
    pub(crate) fn pending(&self, half_words: u32) -> impl Iterator<Item = usize> {
        let length = self.text.len();
        let states = self.grammar.states.iter().zip(self.grammar.states.iter().skip(1)).enumerate();
        states.filter_map(move |(number, (_, next))| {
            let state = self.states.get(number)?;
            let is_alive = self.alive[number / 64] >> (number % 64) & 1 == 1;
            let is_near = half_words <= state.to.saturating_add(next.gap) && length - state.start < LONGEST_CORE;
            (is_alive && is_near).then_some(state.start)
        })
    }

    /// Advances one state by a word. Says whether the pattern is complete.
    fn advance(&mut self, number: usize, token: &Token, context: &mut Option<Context>) -> Option<Candidate> {
        let place = *self.grammar.states.get(number)?;
        let state = if place.is_first {
            let context = *context.get_or_insert_with(|| self.context(token));
            State { start: token.start, end: token.end, to: token.to, context }
        } else {
            let before = *self.states.get(number.checked_sub(1)?)?;
            if token.from > before.to.saturating_add(place.gap) || token.end - before.start > LONGEST_CORE {
                self.alive[(number - 1) / 64] &= !(1 << ((number - 1) % 64));
                return None;
            }
            if token.start < before.end || token.from < before.to {
                return None;
            }
            State { end: token.end, to: token.to, ..before }
        };
        if !place.is_last {
            *self.states.get_mut(number)? = state;
            self.alive[number / 64] |= 1 << (number % 64);
            self.wanted = self.wanted.or(place.next);
            let gap = self.grammar.states.get(number + 1).map_or(0, |next| next.gap);
            self.until = self.until.max(token.to.saturating_add(gap));
            return None;
        }
        let pattern = *self.grammar.patterns.get(usize::from(place.pattern))?;
        if pattern.negatable && state.context.is_denied {
            return None;
        }
        let doubt = if state.context.is_doubted { DOUBT } else { 0 };
        Some(Candidate {
            pattern: Some(pattern),
            confidence: pattern.confidence.saturating_sub(doubt),
            start: state.start,
            end: state.end,
            is_quoted: state.context.is_quoted,
        })
    }

    fn context(&self, token: &Token) -> Context {
        let near = |end: Option<usize>| end.is_some_and(|end| end <= token.start && token.start - end <= CONTEXT);
        let is_quoted = self.is_quoted(token.start);
        let is_denied = self.denial.is_some_and(|(to, end)| {
            let between = self.text.get(end..token.start).unwrap_or_default();
            let is_clause = between.iter().any(|byte| matches!(byte, b',' | b';' | b':' | b'(' | b'-'));
            between.len() <= CONTEXT / 2 && !is_clause && end <= token.start && token.from <= to.saturating_add(DENIAL)
        });
        Context { is_denied, is_doubted: near(self.doubt) || (is_quoted && near(self.example)), is_quoted }
    }

    /// Whether a quotation mark stands right before a byte.
    fn is_quoted(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or_default();
        let quotes = ["\"", "'", "`", "\u{201c}", "\u{2018}", "\u{ab}", "\u{201e}", "\u{300c}", "\u{300e}"];
        quotes.iter().any(|quote| before.ends_with(quote.as_bytes()))
    }
}

impl Sink for Machine<'_> {
    fn word(&mut self, mut token: Token) {
        // "not" in "do not" is no second one.
        if token.start < self.phrase.0 {
            token.concepts = token.concepts.without(self.phrase.1);
        }
        if token.end > self.phrase.0 {
            self.phrase = (token.end, token.concepts);
        }
        if token.concepts.is_none() {
            return;
        }
        if token.from > self.until && !self.wanted.is_none() {
            (self.alive, self.wanted) = ([0; WIDTH], Concepts::NONE);
        }
        if token.concepts.meets(self.wanted.or(self.grammar.begins)) {
            let mut fitting = [0; WIDTH];
            for concept in token.concepts.numbers() {
                for (all, bits) in fitting.iter_mut().zip(self.grammar.fitting[concept]) {
                    *all |= bits;
                }
            }
            let mut context = None;
            let mut best: Option<Candidate> = None;
            // From the last state to the first, so that one word does not fill two slots of a pattern.
            for block in (0..WIDTH).rev() {
                let carry = block.checked_sub(1).map_or(0, |before| self.alive[before] >> 63);
                let mut next = fitting[block] & (self.alive[block] << 1 | carry | self.grammar.first[block]);
                while next != 0 {
                    let bit = 63 - next.leading_zeros() as usize;
                    next &= !(1 << bit);
                    if let Some(found) = self.advance(block * 64 + bit, &token, &mut context)
                        && best.as_ref().is_none_or(|best| best.rank() < found.rank())
                    {
                        best = Some(found);
                    }
                }
            }
            self.candidates.extend(best);
        }
        if token.concepts.meets(Concepts::NOT) {
            self.denial = Some((token.to, token.end));
        }
        if token.concepts.meets(Concepts::META) {
            self.doubt = Some(token.end);
        }
        if token.concepts.meets(Concepts::EXAMPLE) {
            self.example = Some(token.end);
        }
        if token.concepts.meets(Concepts::META.or(Concepts::EXAMPLE)) {
            self.doubts.push(token.start);
        }
    }

    fn mark(&mut self, start: usize, end: usize) {
        if self.marks {
            self.candidates.push(Candidate { pattern: None, confidence: MARK, start, end, is_quoted: false });
        }
    }

    fn stop(&mut self) {
        self.alive = [0; WIDTH];
        self.wanted = Concepts::NONE;
        self.until = 0;
        self.denial = None;
        self.doubt = None;
        self.example = None;
    }

    #[inline]
    fn wanted(&self, half_words: u32) -> Concepts {
        if half_words <= self.until { self.wanted.or(self.begins) } else { self.begins }
    }

    #[inline]
    fn is_awake(&self, half_words: u32) -> bool {
        half_words <= self.until
    }
}

/// How sure a mark is to be a forged turn: texts about chat templates hold them too.
const MARK: u8 = 75;

impl Candidate {
    /// What it asks for. A mark forges a turn.
    pub(crate) fn kind(&self) -> Kind {
        self.pattern.map_or(Kind::Forgery, |pattern| pattern.kind)
    }

    /// What decides between matches that end at one word: confidence, then how much is matched.
    pub(crate) fn rank(&self) -> (u8, std::cmp::Reverse<usize>) {
        (self.confidence, std::cmp::Reverse(self.start))
    }
}

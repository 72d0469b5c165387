//! Configure once, fork per check: a guard is parted into its *code* and its *image*.
//!
//! The image is what `configure` changes: the memories and the globals. In the parted guard it is a core module that the
//! component imports, so the code is compiled once, however many configurations are stationed, and a configuration
//! costs its memory and no code. `configure` runs once, in an instance with the initial image; what it left behind is
//! read back, becomes the image of that configuration, and every check begins with a copy of it, which the machine makes
//! page by page as pages are written.
//!
//! Not every guard can be parted ([`Whole`]); one that cannot is configured anew in every instance, with equal
//! findings. `docs/decisions/0007-parted-guards.md` has the reasons.
//!
//! Nothing here is trusted to be right about a hostile component: wasmtime validates and compiles what comes out, and
//! the checks on imports and exports are made on that.

mod component;
mod image;
mod layout;
mod module;

use std::fmt;

use super::failure::MESSAGE;
use crate::text::tame;
pub(super) use component::{IMAGE_IMPORT, READ_EXPORT};
use image::{MemoryState, State};
use layout::{Layout, PAGE, Run};

/// How the image of a guard is laid out, and what is needed to make the first one.
#[derive(Debug)]
pub(super) struct Parted {
    /// The code with start functions, where it has any: the instance that is configured runs them.
    pub(super) starting: Option<Vec<u8>>,
    layout: Layout,
    initial: State,
}

/// Why a guard cannot be parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole(String);

impl Whole {
    /// It cannot be parted because it has this, in words that may come from the artifact.
    pub(super) fn because(what: &str) -> Self {
        Self(tame(what, MESSAGE))
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<wasmparser::BinaryReaderError> for Whole {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::because(&error.to_string())
    }
}

/// Parts a guard: the component without its state and without start functions, and the rest.
///
/// # Errors
/// [`Whole`]: its state is not only in memories and globals with plain initial values, or cannot be read.
pub(super) fn part(artifact: &[u8]) -> Result<(Vec<u8>, Parted), Whole> {
    let component::PartedComponent { code, starting, layout } = component::part(artifact)?;
    let initial = State::initial(&layout).ok_or_else(|| Whole::because("a memory of more than 32 bits"))?;
    Ok((code, Parted { starting, layout, initial }))
}

impl Parted {
    /// The image that an unconfigured instance begins with, and that can be read.
    pub(super) fn initial_image(&self) -> Vec<u8> {
        image::readable(&self.layout, &self.initial)
    }

    /// Bytes of the memory in [`Parted::initial_image`] that the guard does not have.
    pub(super) fn scratch(&self) -> usize {
        image::scratch_pages(&self.layout) as usize * PAGE as usize
    }

    /// Begins to read the image of an instance that was configured, of at most `limit` bytes.
    pub(super) fn capture(&self, limit: usize) -> Capture<'_> {
        Capture { layout: &self.layout, limit, bytes: 0, state: State::default() }
    }
}

/// A question to the instance whose image is read: the parameters of [`READ_EXPORT`].
pub(super) type Question = (u32, u32);

/// The state of an instance as it is read, question by question.
pub(super) struct Capture<'a> {
    layout: &'a Layout,
    limit: usize,
    bytes: usize,
    state: State,
}

/// What kept an image from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CaptureError {
    /// It is larger than the limit.
    TooLarge,
    /// The instance's answer is not of the length that was asked for.
    Answer,
}

impl Capture<'_> {
    /// The first two questions.
    pub(super) const SIZES: Question = (image::SIZES, 0);
    /// See above.
    pub(super) const GLOBALS: Question = (image::GLOBALS, 0);

    /// Takes the answer to [`Capture::SIZES`], and says which pages are to be asked for.
    pub(super) fn sizes(&mut self, answer: &[u8]) -> Result<Vec<Question>, CaptureError> {
        let (sizes, rest) = answer.as_chunks::<4>();
        if sizes.len() != self.layout.memories.len() || !rest.is_empty() {
            return Err(CaptureError::Answer);
        }
        let mut questions = Vec::new();
        for (index, size) in (0_u32..).zip(sizes) {
            let pages = u32::from_le_bytes(*size);
            self.state.memories.push(MemoryState { pages, runs: Vec::new() });
            questions.extend((0..pages).map(|page| (image::MEMORY + index, page)));
        }
        Ok(questions)
    }

    /// Takes the answer to [`Capture::GLOBALS`].
    pub(super) fn globals(&mut self, mut answer: &[u8]) -> Result<(), CaptureError> {
        for global in &self.layout.globals {
            let (bytes, rest) = answer.split_at_checked(global.value.size() as usize).ok_or(CaptureError::Answer)?;
            self.state.globals.push(global.value.with_bytes(bytes).ok_or(CaptureError::Answer)?);
            answer = rest;
        }
        if answer.is_empty() { Ok(()) } else { Err(CaptureError::Answer) }
    }

    /// Takes the answer to one of the questions of [`Capture::sizes`]: a page.
    pub(super) fn page(&mut self, (what, page): Question, answer: &[u8]) -> Result<(), CaptureError> {
        let memory = (what as usize).checked_sub(image::MEMORY as usize);
        let state = memory.and_then(|memory| self.state.memories.get_mut(memory)).ok_or(CaptureError::Answer)?;
        if answer.len() != PAGE as usize {
            return Err(CaptureError::Answer);
        }
        let first = page.checked_mul(PAGE).ok_or(CaptureError::Answer)?;
        for (offset, block) in (first..).step_by(image::BLOCK).zip(answer.chunks(image::BLOCK)) {
            if block.iter().all(|byte| *byte == 0) {
                continue;
            }
            self.bytes += block.len();
            match state.runs.last_mut() {
                Some(run) if run.offset as usize + run.bytes.len() == offset as usize => run.bytes.extend(block),
                _ => state.runs.push(Run { offset, bytes: block.to_vec() }),
            }
        }
        if self.bytes > self.limit { Err(CaptureError::TooLarge) } else { Ok(()) }
    }

    /// The image that checks begin with, and the bytes of memory in it.
    pub(super) fn image(self) -> (Vec<u8>, usize) {
        (image::forked(self.layout, &self.state), self.bytes)
    }
}

//! How texts instruct a language model: the knowledge that guards share.
//!
//! * [`Concepts`]: what a word means for an instruction, in whatever language.
//! * `lexicon`: the words of twenty languages, each with its concepts. One file a language.
//! * [`Kind`] and `patterns`: which concepts, in which order and how near, make an instruction. One file a purpose.
//! * [`Reader`]: texts in, instructions out. Inside, `fold` gives words one spelling, `scan` finds them in one pass, `mark`
//!   knows the tokens of chat templates, `machine` follows all patterns at once, `matches` makes spans of what it finds.
//!
//! Patterns are built from the nature of an instruction (someone tells a model to set something aside, to keep something
//! from somebody, to hand something out) and not from sentences that were seen somewhere.
//!
//! Everything is linear in the text: each byte is read once, and how far anything looks from there is bounded.

mod concepts;
mod fold;
mod lexicon;
mod machine;
mod mark;
mod matches;
mod pattern;
mod patterns;
mod reader;
mod scan;
mod word;

pub use concepts::Concepts;
pub use pattern::{Kind, Pattern, Slot};
pub use reader::{AFTER, BEFORE, Instruction, LONGEST, Reader};

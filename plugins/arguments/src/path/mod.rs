//! Paths: climbs out of where they begin, in every encoding that a reader may decode, and places that no tool is asked
//! for.
//!
//! * `symbol`: the characters of a path, decoded, each with where it stands.
//! * `climb`: its segments and where they lead.
//! * `roots`: the folders that a bundle allows.
//! * `judge`: what is reported.

mod climb;
mod judge;
mod roots;
mod symbol;
#[cfg(test)]
mod tests;

pub(crate) use judge::{judge, judge_value};
pub(crate) use roots::Roots;

//! Text: the parts that guards inspect, and the repair of what they find.

mod parts;
mod repair;
mod tame;
#[cfg(test)]
mod tests;
mod walk;

pub use parts::{Part, Parts, TooLarge, parts};
pub use repair::{CannotRedact, MAX_SOUGHT_BYTES, MIN_SOUGHT_BYTES, repair};
pub(crate) use tame::acts_on_its_reader;
pub use tame::{reveal, tame};

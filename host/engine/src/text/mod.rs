//! Text: the parts that guards inspect, their views, and the repair of what they find.

mod excerpt;
mod found;
mod parts;
mod repair;
mod tame;
#[cfg(test)]
mod tests;
mod view;
mod walk;

pub(crate) use excerpt::VIEWS_BEFORE;
pub use excerpt::{Excerpt, GRID, Piece, Reach};
pub use found::Found;
pub(crate) use parts::sayings;
pub use parts::{Part, Parts, TooLarge, parts};
pub use repair::{CannotRedact, MAX_SOUGHT_BYTES, MIN_SOUGHT_BYTES, repair};
pub(crate) use repair::{Chosen, Mark, RunningRepair, Written, repair_chosen, repair_found};
pub(crate) use tame::acts_on_its_reader;
pub use tame::{reveal, tame};
pub use view::{DEPTH, GROWTH, MAX_VIEWS, Text, View, ViewKind, ViewKinds, Views};

//! Text: the parts that guards inspect, and the repair of what they find.

mod parts;
mod walk;

pub use parts::{Part, Parts, TooLarge, parts};

//! What a parameter of a tool is for: what the bundle says of it, what the tool's definition says, what its name says,
//! what its value looks like, and what follows from all that for each leaf of a call's arguments.

mod form;
mod leaves;
mod plan;
mod pointers;
mod words;

pub use leaves::{ArgumentLeaf, Path, Said};
pub use plan::RolePlan;
pub use pointers::{Pointer, PointerError};

//! The tool registry: what is known about tools, and how sure it is.

mod leaf;
mod profile;
pub mod schema;
mod shape;

pub use leaf::{Leaf, LeafKind, Takes};
pub use profile::{Effect, Effects, Pin, ToolProfile};
pub use shape::{Because, Choice, Field, JsonType, Opaque, Record, Role, Shape};

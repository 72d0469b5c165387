//! The tool registry: what is known about tools, and how sure it is.

mod profile;
mod shape;

pub use profile::{Effect, Effects, Pin, ToolProfile};
pub use shape::{Because, Choice, Field, JsonType, Leaf, LeafKind, Opaque, Record, Role, Shape};

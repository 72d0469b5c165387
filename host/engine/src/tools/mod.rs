//! The tool registry: what is known about tools, and how sure it is.

mod profile;
mod role;
mod shape;

pub use profile::{Effect, Effects, Pin, ToolProfile};
pub use role::{ArgumentLeaf, Path, Pointer, PointerError, RolePlan, Said};
pub use shape::{Because, Choice, Field, JsonType, Leaf, LeafKind, Opaque, Record, Role, Shape};

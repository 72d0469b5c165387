//! The tool registry: what is known about tools, and how sure it is.

mod definition;
mod pins;
mod profile;
mod registry;
mod shape;

pub use definition::{Definition, DefinitionError};
pub use pins::Pins;
pub use profile::{Effect, Effects, Pin, ToolProfile};
pub use registry::{Known, Registry, Told};
pub use shape::{Because, Choice, Field, JsonType, Leaf, LeafKind, Opaque, Record, Role, Shape};

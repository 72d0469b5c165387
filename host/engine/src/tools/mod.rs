//! The tool registry: what is known about tools, and how sure it is.

mod annotations;
mod definition;
mod pins;
mod profile;
mod registry;
mod role;
mod settings;
mod shape;

pub use annotations::Annotations;
pub use definition::{Definition, DefinitionError};
pub use pins::Pins;
pub use profile::{Effect, Effects, Pin, ToolProfile};
pub use registry::{Known, Registry, Told};
pub use role::{ArgumentLeaf, Path, Pointer, PointerError, RolePlan, Said};
pub use settings::{Settings, ToolSettings};
pub use shape::{Because, Choice, Field, JsonType, Leaf, LeafKind, Opaque, Record, Role, Shape};

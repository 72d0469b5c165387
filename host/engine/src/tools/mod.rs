//! The tool registry: what is known about tools, and how sure it is.

mod action;
mod annotations;
mod credit;
mod definition;
mod definitions;
mod leaf;
mod pins;
mod profile;
mod role;
pub mod schema;
mod settings;
mod shape;
mod told;
mod unfit;

pub use action::{Action, Asked};
pub use annotations::Annotations;
pub(crate) use credit::is_label;
pub use credit::{Credit, Integrity};
pub use definition::{Definition, DefinitionError};
pub use definitions::Definitions;
pub use leaf::{Leaf, LeafKind, Takes};
pub use pins::Pins;
pub use profile::{Effect, Effects, Pin, ToolProfile};
pub use role::{ArgumentLeaf, Path, Pointer, PointerError, RolePlan, Said};
pub use settings::{ServerSettings, Settings, ToolSettings};
pub use shape::{Because, Choice, Field, JsonType, Opaque, Record, Role, Shape};
pub use told::{Known, Told, ToldTools};

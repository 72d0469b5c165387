//! [`RolePlan`]: what is known of the roles of a tool's parameters before it is called.

use std::collections::BTreeMap;

use super::{
    pointers::{Pointer, Pointers},
    words::role_of_name,
};
use crate::tools::{JsonType, Leaf, Role, Shape, ToolProfile};

/// What is known of the roles of a tool's parameters before it is called: everything that depends only on the bundle and
/// on the tool's definition. [`leaves`](Self::leaves) applies it to the arguments of a call.
#[derive(Debug)]
pub struct RolePlan {
    /// What the definition says, where there is one.
    pub(super) known: Option<Known>,
    /// What the bundle says.
    pub(super) pointers: Pointers,
    /// The bundle trusts what the tool's server says.
    pub(super) trusted: bool,
    /// The tool may do more than read, so that a string of which nobody knows the role counts as a destination.
    pub(super) changes: bool,
}

impl RolePlan {
    /// The plan for a tool: the shape of its arguments if it has a definition, the roles that the bundle gives, whether
    /// the bundle trusts the tool's server, and what is known of the tool.
    #[must_use]
    pub fn new(shape: Option<&Shape>, roles: &BTreeMap<Pointer, Role>, trusted: bool, profile: ToolProfile) -> Self {
        let known = shape.map(Known::of);
        Self { known, pointers: Pointers::of(roles), trusted, changes: !profile.is_read_only() }
    }
}

/// What a definition says of one place in the arguments: a [`Shape`], with what the names of members say.
#[derive(Debug)]
pub(super) enum Known {
    /// One value.
    Leaf(Leaf),
    /// An array of these.
    Items(Box<Self>),
    /// An object with these members and perhaps others, and what the schema says that the others are for.
    Members(BTreeMap<Box<str>, Member>, Option<Role>),
    /// One of these, by the value's type.
    Choice(BTreeMap<JsonType, Self>),
    /// Anything, and what the schema says that is for.
    Anything(Option<Role>),
}

/// What a definition says of a member of an object.
#[derive(Debug)]
pub(super) struct Member {
    /// What its name says that it is for.
    pub(super) named: Option<Role>,
    /// What is known of its value.
    pub(super) known: Known,
}

impl Known {
    /// As deep a recursion as the shape is deep, which whoever read the schema has bounded.
    fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Leaf(leaf) => Self::Leaf(leaf.clone()),
            Shape::Set(items) => Self::Items(Box::new(Self::of(items))),
            Shape::Record(record) => {
                let members = record.fields.iter().map(|(name, field)| {
                    (name.clone(), Member { named: role_of_name(name), known: Self::of(&field.shape) })
                });
                Self::Members(members.collect(), record.role)
            }
            Shape::Choice(choice) => {
                Self::Choice(choice.shapes.iter().map(|(kind, shape)| (*kind, Self::of(shape))).collect())
            }
            Shape::Opaque(opaque) => Self::Anything(opaque.role),
        }
    }

    /// What is said of a value of this type: the alternative for it. `None` where no alternative is.
    pub(super) fn of_type(&self, kind: Option<JsonType>) -> Option<&Self> {
        match self {
            Self::Choice(shapes) => shapes.get(&kind?)?.of_type(kind),
            other => Some(other),
        }
    }
}

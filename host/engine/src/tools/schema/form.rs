//! [`Form`]: what a schema allows, by JSON type, while it is being read.
//!
//! A [`Shape`](crate::tools::Shape) cannot be met with another one any more: it has forgotten the required members that
//! no property names, and whether what is opaque may still become clear. A form borrows from the schema.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::tools::{Because, JsonType, LeafKind, Role};

/// What a schema allows.
#[derive(Debug, PartialEq)]
pub(super) struct Form<'s> {
    /// It allows `null`.
    pub(super) null: bool,
    /// What it allows of each other type. A type that is not here is not allowed.
    pub(super) slots: BTreeMap<JsonType, Slot<'s>>,
}

/// What a schema allows of one JSON type.
#[derive(Debug, PartialEq)]
pub(super) struct Slot<'s> {
    /// What it is for, and all that is in it and has no role of its own.
    pub(super) role: Option<Role>,
    /// More narrows it, or something in it, than `content` says.
    pub(super) vague: bool,
    /// What it may be.
    pub(super) content: Content<'s>,
}

/// The values of one JSON type that a schema allows.
#[derive(Debug, PartialEq)]
pub(super) enum Content<'s> {
    /// A boolean, a number or a string.
    Leaf(LeafKind, Values<'s>),
    /// An array of such items.
    Items(Box<Form<'s>>),
    /// An object. With no named member, any object.
    Members(Members<'s>),
    /// What has no shape. [`Because::Any`] is every value of the type.
    Opaque(Because),
}

/// The values that a leaf may have: see [`tools::leaf`](crate::tools::Leaf).
#[derive(Debug, PartialEq)]
pub(super) enum Values<'s> {
    /// These, of which there is at least one. Numbers in their canonical spelling.
    Listed(BTreeSet<Cow<'s, str>>),
    /// Any; strings of at least so many code points and of at most so many.
    Lengths(u32, u32),
}

/// The members of an object.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Members<'s> {
    /// Those that have a schema.
    pub(super) named: BTreeMap<&'s str, Form<'s>>,
    /// Those that must be there, whether or not they have a schema.
    pub(super) required: BTreeSet<&'s str>,
}

impl<'s> Form<'s> {
    /// No value.
    pub(super) fn nothing() -> Self {
        Self { null: false, slots: BTreeMap::new() }
    }

    /// Every value.
    pub(super) fn any() -> Self {
        let mut form = Self::nothing();
        form.null = true;
        for (json, content) in [
            (JsonType::Bool, Content::any(LeafKind::Bool)),
            (JsonType::Number, Content::any(LeafKind::Decimal)),
            (JsonType::String, Content::any(LeafKind::Text)),
            (JsonType::Array, Content::Opaque(Because::Any)),
            (JsonType::Object, Content::Members(Members::default())),
        ] {
            form.slots.insert(json, Slot::of(content));
        }
        form
    }

    /// A schema that cannot be read: it may allow anything.
    pub(super) fn opaque(because: Because) -> Self {
        let mut form = Self::any();
        for slot in form.slots.values_mut() {
            slot.content = Content::Opaque(because);
        }
        form
    }

    /// The values of one type.
    pub(super) fn of(json: JsonType, slot: Slot<'s>) -> Self {
        Self { null: false, slots: BTreeMap::from([(json, slot)]) }
    }
}

impl<'s> Slot<'s> {
    /// Such a value, and nothing more said of it.
    pub(super) fn of(content: Content<'s>) -> Self {
        Self { role: None, vague: false, content }
    }
}

impl<'s> Content<'s> {
    /// Every value of a leaf's type.
    pub(super) fn any(kind: LeafKind) -> Self {
        Self::Leaf(kind, Values::Lengths(0, u32::MAX))
    }

    /// The only values of a leaf, if they are listed.
    pub(super) fn listed(&self) -> Option<&BTreeSet<Cow<'s, str>>> {
        match self {
            Self::Leaf(_, Values::Listed(listed)) => Some(listed),
            _ => None,
        }
    }
}

//! What one schema *or* another allows: `anyOf`, `oneOf`, arrays of types, enumerations.
//!
//! Joining is commutative and associative, so the order of alternatives means nothing. What comes out allows all that
//! the alternatives allow, with one deliberate exception: a member that only one of two objects names keeps the schema
//! that it has there, although the other object may have anything under a name that it does not mention. Servers do not
//! mean that, and a value that makes use of it is merely not representable.

use super::form::{Content, Form, Members, Slot, Values};
use crate::tools::{Because, JsonType, LeafKind, Role, leaf::code_points};

impl<'s> Form<'s> {
    /// What this form or `other` allows.
    pub(super) fn join(mut self, other: Self) -> Self {
        if self.slots.is_empty() {
            return Self { null: self.null || other.null, ..other };
        }
        self.null |= other.null;
        for (json, slot) in other.slots {
            self.add(json, slot);
        }
        self
    }

    /// Allows what `slot` has of the type `json` besides.
    pub(super) fn add(&mut self, json: JsonType, slot: Slot<'s>) {
        let slot = match self.slots.remove(&json) {
            Some(mine) => mine.join(slot),
            None => slot,
        };
        self.slots.insert(json, slot);
    }
}

impl Slot<'_> {
    fn join(self, other: Self) -> Self {
        // Whether a text that is put inside an array or object in place of another fits depends on which of the
        // alternatives the rest of the value satisfies. Nobody asks that.
        let (content, vague) = match (self.content, other.content) {
            (Content::Leaf(kind, values), Content::Leaf(other_kind, others)) => {
                let (values, vague) = values.join(self.vague, others, other.vague);
                (Content::Leaf(either_kind(kind, other_kind), values), vague)
            }
            (Content::Items(items), Content::Items(others)) => (Content::Items(Box::new(items.join(*others))), true),
            // Whether a member is there has nothing to do with its text.
            (Content::Members(members), Content::Members(others))
                if members.named.is_empty() && others.named.is_empty() =>
            {
                (members.join(others), self.vague || other.vague)
            }
            (Content::Members(members), Content::Members(others)) => (members.join(others), true),
            (Content::Opaque(because), Content::Opaque(other)) => (Content::Opaque(because.max(other)), true),
            (Content::Opaque(because), _) | (_, Content::Opaque(because)) => (Content::Opaque(because), true),
            // Not of one JSON type, so never in one slot.
            _ => (Content::Opaque(Because::Any), true),
        };
        Self { role: either_role(self.role, other.role), vague, content }
    }
}

impl Values<'_> {
    /// The values of either, and whether more narrows them than that says; `vague` and `other_vague` say so of each.
    ///
    /// Lengths from 1 to 2 or from 5 to 9 become lengths from 1 to 9, of which more is to be said. Nothing more is if
    /// one side alone has all of them.
    fn join(self, vague: bool, other: Self, other_vague: bool) -> (Self, bool) {
        match (self, other) {
            (Self::Listed(mut listed), Self::Listed(others)) => {
                listed.extend(others);
                (Self::Listed(listed), vague || other_vague)
            }
            (this, other) => {
                let ((least, most), (other_least, other_most)) = (this.lengths(), other.lengths());
                let all = Self::Lengths(least.min(other_least), most.max(other_most));
                let whole = !vague && this == all || !other_vague && other == all;
                (all, !whole)
            }
        }
    }

    /// The least length and the greatest.
    fn lengths(&self) -> (u32, u32) {
        match self {
            Self::Lengths(least, most) => (*least, *most),
            Self::Listed(listed) => {
                let lengths = || listed.iter().map(|value| code_points(value));
                (lengths().min().unwrap_or_default(), lengths().max().unwrap_or_default())
            }
        }
    }
}

impl<'s> Members<'s> {
    /// The members that either names, as either has them. Required is what both require. Where one of them is any
    /// object, so is the whole.
    fn join(mut self, other: Self) -> Content<'s> {
        if self.named.is_empty() != other.named.is_empty() {
            return Content::Opaque(Because::Any);
        }
        self.required.retain(|name| other.required.contains(name));
        for (name, form) in other.named {
            let form = match self.named.remove(name) {
                Some(mine) => mine.join(form),
                None => form,
            };
            self.named.insert(name, form);
        }
        Content::Members(self)
    }
}

/// The type that has the values of both, which are of one JSON type.
fn either_kind(kind: LeafKind, other: LeafKind) -> LeafKind {
    match kind {
        _ if kind == other => kind,
        LeafKind::Bool => LeafKind::Bool,
        LeafKind::Long | LeafKind::Decimal => LeafKind::Decimal,
        LeafKind::Text | LeafKind::Datetime | LeafKind::Address => LeafKind::Text,
    }
}

/// What a value is for that is for one or for the other: a destination if one is a destination, which is the strictest;
/// else both, or it is not known, which is stricter than the rest.
pub(super) fn either_role(role: Option<Role>, other: Option<Role>) -> Option<Role> {
    let is = |wanted| role == wanted || other == wanted;
    if is(Some(Role::Destination)) { Some(Role::Destination) } else { role.filter(|_| role == other) }
}

//! What one schema *and* another allow: `allOf`, `$ref` with siblings, keywords beside alternatives.

use super::form::{Content, Form, Members, Slot, Values};
use crate::tools::{Because, LeafKind, Role, leaf::code_points};

impl Form<'_> {
    /// What both this form and `other` allow.
    pub(super) fn meet(mut self, mut other: Self) -> Self {
        self.null &= other.null;
        for (json, slot) in std::mem::take(&mut self.slots) {
            let met = other.slots.remove(&json).and_then(|other| slot.meet(other));
            if let Some(slot) = met {
                self.slots.insert(json, slot);
            }
        }
        self
    }
}

impl Slot<'_> {
    /// `None` if there is no such value.
    fn meet(self, other: Self) -> Option<Self> {
        let vague = self.vague || other.vague;
        let content = match (self.content, other.content) {
            // All else that is opaque stays so: what cannot be read may narrow what can be.
            (Content::Opaque(Because::Any), content) | (content, Content::Opaque(Because::Any)) => content,
            (Content::Opaque(because), Content::Opaque(other)) => Content::Opaque(because.max(other)),
            (Content::Opaque(because), _) | (_, Content::Opaque(because)) => Content::Opaque(because),
            (Content::Leaf(kind, values), Content::Leaf(other, others)) => {
                Content::Leaf(both_kinds(kind, other)?, values.meet(others)?)
            }
            (Content::Items(items), Content::Items(others)) => Content::Items(Box::new(items.meet(*others))),
            (Content::Members(members), Content::Members(others)) => Content::Members(members.meet(others)),
            // Not of one JSON type, so never in one slot.
            _ => Content::Opaque(Because::Any),
        };
        Some(Self { role: both_roles(self.role, other.role), vague, content })
    }
}

impl Values<'_> {
    /// The values of both; `None` if there are none.
    fn meet(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Listed(mut listed), Self::Listed(others)) => {
                listed.retain(|value| others.contains(value));
                (!listed.is_empty()).then_some(Self::Listed(listed))
            }
            (Self::Listed(mut listed), Self::Lengths(least, most))
            | (Self::Lengths(least, most), Self::Listed(mut listed)) => {
                listed.retain(|value| (least..=most).contains(&code_points(value)));
                (!listed.is_empty()).then_some(Self::Listed(listed))
            }
            (Self::Lengths(least, most), Self::Lengths(other_least, other_most)) => {
                let (least, most) = (least.max(other_least), most.min(other_most));
                (least <= most).then_some(Self::Lengths(least, most))
            }
        }
    }
}

impl Members<'_> {
    /// The members that either names. Each has to satisfy both, and is required if either requires it.
    fn meet(mut self, other: Self) -> Self {
        self.required.extend(other.required);
        for (name, form) in other.named {
            let form = match self.named.remove(name) {
                Some(mine) => mine.meet(form),
                None => form,
            };
            self.named.insert(name, form);
        }
        self
    }
}

/// The type of the values of both, which are of one JSON type; `None` for a date that is an address.
fn both_kinds(kind: LeafKind, other: LeafKind) -> Option<LeafKind> {
    match (kind, other) {
        _ if kind == other => Some(kind),
        (LeafKind::Text, kind) | (kind, LeafKind::Text) => Some(kind),
        (LeafKind::Long, _) | (_, LeafKind::Long) => Some(LeafKind::Long),
        _ => None,
    }
}

/// What a value is for of which two schemas say it. Where they differ, one of them, whatever their order.
fn both_roles(role: Option<Role>, other: Option<Role>) -> Option<Role> {
    // `Destination`, the strictest, is the least.
    match (role, other) {
        (Some(role), Some(other)) => Some(role.min(other)),
        _ => role.or(other),
    }
}

//! From a [`Form`] to the [`Shape`] that is kept.

use std::collections::BTreeMap;

use super::form::{Content, Form, Slot, Values};
use super::join::either_role;
use crate::tools::leaf::Values as Kept;
use crate::tools::{Because, Choice, Field, JsonType, Leaf, Opaque, Record, Role, Shape};

/// How many types a [`JsonType`] tells apart.
const TYPES: usize = 5;

/// What is handed down to all that stands inside an array or an object.
#[derive(Clone, Copy, Default)]
struct Around {
    /// What a value is for whose own schema does not say so.
    role: Option<Role>,
    /// More narrows it than its own schema says.
    vague: bool,
}

impl Form<'_> {
    /// The shape of the arguments of a tool, which are always an object: a record, which may be empty, or opaque.
    pub(super) fn into_arguments(mut self) -> Shape {
        let Some(slot) = self.slots.remove(&JsonType::Object) else {
            return Shape::Opaque(Opaque { because: Because::Nothing, role: None });
        };
        let role = slot.role;
        match slot.finish(Around::default()) {
            Shape::Opaque(Opaque { because: Because::Any, .. }) => Shape::Record(Record { role, ..Record::default() }),
            shape => shape,
        }
    }

    /// The shape of the values that are not `null`.
    fn finish(self, around: Around) -> Shape {
        let mut shapes: BTreeMap<_, _> =
            self.slots.into_iter().map(|(json, slot)| (json, slot.finish(around))).collect();
        if shapes.len() == 1
            && let Some((_, shape)) = shapes.pop_first()
        {
            return shape;
        }
        // A choice among all types, with nothing said of arrays and objects, is no choice.
        let any = shapes.len() == TYPES && {
            let opaque = |json| matches!(shapes.get(&json), Some(Shape::Opaque(_)));
            opaque(JsonType::Array) && opaque(JsonType::Object)
        };
        let opaque = |shape: &Shape| match shape {
            Shape::Opaque(opaque) => Some(opaque.because),
            _ => None,
        };
        if !any && shapes.values().any(|shape| opaque(shape).is_none()) {
            return Shape::Choice(Choice { shapes });
        }
        let nothing = if self.null { Because::Null } else { Because::Nothing };
        let because = shapes.values().filter_map(opaque).max().unwrap_or(nothing);
        let role = shapes.values().map(Shape::role).reduce(either_role).flatten();
        Shape::Opaque(Opaque { because, role })
    }
}

impl Slot<'_> {
    fn finish(self, around: Around) -> Shape {
        let role = self.role.or(around.role);
        let around = Around { role, vague: self.vague || around.vague };
        let opaque = |because| Shape::Opaque(Opaque { because, role });
        match self.content {
            Content::Leaf(kind, values) => {
                let vague = around.vague && kind.json_type() == JsonType::String;
                Shape::Leaf(Leaf { kind, role, values: values.finish(), vague })
            }
            Content::Opaque(because) => opaque(because),
            Content::Members(members) if members.named.is_empty() => opaque(Because::Any),
            Content::Members(members) => {
                let field = |(name, form): (&str, Form<'_>)| {
                    let required = !form.null && members.required.contains(name);
                    (name.into(), Field { shape: form.finish(around), required })
                };
                Shape::Record(Record { fields: members.named.into_iter().map(field).collect(), role })
            }
            Content::Items(items) => {
                let null = items.null;
                match items.finish(around) {
                    Shape::Opaque(items) => Shape::Opaque(items),
                    items if null => Shape::Opaque(Opaque { because: Because::Null, role: items.role() }),
                    items => Shape::Set(Box::new(items)),
                }
            }
        }
    }
}

impl Values<'_> {
    fn finish(self) -> Kept {
        match self {
            Self::Listed(listed) => Kept::Listed(listed.into_iter().map(Into::into).collect()),
            Self::Lengths(least, most) => Kept::Lengths(least, most),
        }
    }
}

//! [`Shape`]: what the arguments of a tool look like, as far as policies can read them.
//!
//! Read from the JSON Schema of a tool's definition, which an untrusted server wrote. A shape says no more than what is
//! needed to give each value one type: a value that does not have its shape is *not representable*, and a policy that
//! reads it denies. Constraints that only narrow a type (`minimum`, `pattern`, …) are not part of it, but for what
//! [`Leaf::takes`] needs.

use std::collections::BTreeMap;

use super::{Leaf, Takes};
use crate::{json::Value, vocabulary::vocabulary};

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    Leaf(Leaf),
    /// An array whose items all have one shape, which is not opaque. Policies see a set: neither order nor repetition.
    Set(Box<Shape>),
    /// An object with these members. Others may be there; policies do not see them.
    Record(Record),
    /// One of several shapes, told apart by the JSON type of the value.
    Choice(Choice),
    /// Anything: policies cannot read it.
    Opaque(Opaque),
}

/// The members of an object that its schema names, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The members. A name is any string of at most [`MAX_NAME`](super::schema::MAX_NAME) bytes.
    pub fields: BTreeMap<Box<str>, Field>,
    /// What the schema says that the object as a whole is for, and so each member that it does not name. The named
    /// ones have roles of their own, this one if no other.
    pub role: Option<Role>,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What its value looks like.
    pub shape: Shape,
    /// It is always there, and never `null`. For policies, a member that is `null` is not there.
    pub required: bool,
}

/// At least two shapes, one for each JSON type that the value may have. At least one of them is not opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The shapes by JSON type. Each is a shape of values of that type, and none is a choice.
    pub shapes: BTreeMap<JsonType, Shape>,
}

/// The types of JSON values that a [`Choice`] tells apart; `null` is an absent member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonType {
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A value that policies cannot read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opaque {
    /// Why, in a few words for a policy's author: "it may be any value".
    pub because: Because,
    /// What the schema itself says it is for, and all that is in it.
    pub role: Option<Role>,
}

/// Why a schema has no shape. Where there are several reasons, the last of this list counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Because {
    /// It allows any value, or says of an array or an object only that it is one.
    #[error("its schema does not say what it holds")]
    Any,
    /// `null` is all that it allows, or is allowed as an item of an array.
    #[error("its schema allows `null`, which policies cannot read")]
    Null,
    /// It gives items of an array different schemas by their place. Policies see arrays as sets.
    #[error("its schema tells the items of an array apart by their place")]
    Tuple,
    /// It refers to itself.
    #[error("its schema refers to itself")]
    Recursive,
    /// It refers to what is not there, or to another document.
    #[error("its schema refers to something that is not in the definition")]
    Reference,
    /// It has more members, or is nested deeper, than is read.
    #[error("its schema is larger than what is read")]
    TooLarge,
    /// It allows no value at all, or is no schema.
    #[error("its schema is not one that any value satisfies")]
    Nothing,
}

/// What a parameter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Who or where.
    Destination,
    /// What is sent.
    Payload,
    /// Which record.
    Selector,
    /// What is executed: SQL, shell, a path, an expression.
    Code,
}

vocabulary!(Role {
    Destination => "destination",
    Payload => "payload",
    Selector => "selector",
    Code => "code",
});

impl JsonType {
    /// The type of `value`; `None` for `null`.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(Self::Bool),
            Value::Number(_) => Some(Self::Number),
            Value::String(_) => Some(Self::String),
            Value::Array(_) => Some(Self::Array),
            Value::Object(_) => Some(Self::Object),
        }
    }
}

/// Steps from a value's shape to that of a value inside it.
///
/// What is inside an opaque value is opaque for the same reason and has the same role, so there each step stays.
impl Shape {
    /// The shape of this value if it is of the type `json`: itself, or what a choice has for it. `None` if the schema
    /// does not allow that type.
    #[must_use]
    pub fn of(&self, json: JsonType) -> Option<&Self> {
        match self {
            Self::Leaf(leaf) => (leaf.kind.json_type() == json).then_some(self),
            Self::Set(_) => (json == JsonType::Array).then_some(self),
            Self::Record(_) => (json == JsonType::Object).then_some(self),
            Self::Choice(choice) => choice.shapes.get(&json),
            Self::Opaque(_) => Some(self),
        }
    }

    /// The shape of the member `name`, this being an object. `None` if the schema does not name it, or allows no
    /// object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        match self.of(JsonType::Object)? {
            Self::Record(record) => record.fields.get(name).map(|field| &field.shape),
            opaque => Some(opaque),
        }
    }

    /// The shape of each item, this being an array. `None` if the schema allows no array.
    #[must_use]
    pub fn items(&self) -> Option<&Self> {
        match self.of(JsonType::Array)? {
            Self::Set(items) => Some(items),
            opaque => Some(opaque),
        }
    }

    /// What the schema says that this value is for, if it is a leaf or opaque; of an object, what its unnamed members
    /// are for.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Leaf(leaf) => leaf.role,
            Self::Record(record) => record.role,
            Self::Opaque(opaque) => opaque.role,
            Self::Set(_) | Self::Choice(_) => None,
        }
    }

    /// Whether the schema allows `text` for this value, everything else being as it is.
    #[must_use]
    pub fn takes(&self, text: &str) -> Takes {
        match self.of(JsonType::String) {
            None => Takes::No,
            Some(Self::Leaf(leaf)) => leaf.takes(text),
            Some(_) => Takes::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::LeafKind;

    fn text() -> Shape {
        Shape::Leaf(Leaf::new(LeafKind::Text))
    }

    fn record() -> Shape {
        let field = Field { shape: text(), required: true };
        Shape::Record(Record { fields: BTreeMap::from([("to".into(), field)]), role: None })
    }

    #[test]
    fn a_choice_is_resolved_by_the_type_of_the_value() {
        let shapes = BTreeMap::from([(JsonType::String, text()), (JsonType::Object, record())]);
        let choice = Shape::Choice(Choice { shapes });
        assert_eq!(choice.of(JsonType::String), Some(&text()));
        assert_eq!(choice.of(JsonType::Array), None);
        assert_eq!(choice.member("to"), Some(&text()));
        assert_eq!(choice.items(), None);
        assert_eq!(choice.takes("emma"), Takes::Yes);
    }

    #[test]
    fn a_step_leads_only_where_the_type_allows() {
        assert_eq!(Shape::Set(Box::new(record())).items(), Some(&record()));
        assert_eq!(Shape::Set(Box::new(record())).member("to"), None);
        assert_eq!(record().member("from"), None);
        assert_eq!(text().items(), None);
        assert_eq!(record().takes("emma"), Takes::No);
    }

    #[test]
    fn below_an_opaque_value_all_is_opaque_with_its_role() {
        let opaque = Shape::Opaque(Opaque { because: Because::Any, role: Some(Role::Code) });
        let below = opaque.member("query").and_then(Shape::items).and_then(|item| item.of(JsonType::String));
        assert_eq!(below, Some(&opaque));
        assert_eq!(below.and_then(Shape::role), Some(Role::Code));
        assert_eq!(opaque.takes("select 1"), Takes::Unknown);
    }
}

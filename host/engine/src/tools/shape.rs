//! [`Shape`]: what the arguments of a tool look like, as far as policies can read them.
//!
//! Read from the JSON Schema of a tool's definition, which an untrusted server wrote. A shape says no more than what is
//! needed to give each value one type: a value that does not have its shape is *not representable*, and a policy that
//! reads it denies. Constraints that only narrow a type (`minimum`, `pattern`, …) are not part of it.

use std::collections::BTreeMap;

use crate::vocabulary::vocabulary;

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    Leaf(Leaf),
    /// An array whose items all have one shape. Policies see a set: neither order nor repetition.
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
    /// The members.
    pub fields: BTreeMap<Box<str>, Field>,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What its value looks like.
    pub shape: Shape,
    /// It is always there, and never `null`. For policies, a member that is `null` is not there.
    pub required: bool,
}

/// At least two shapes, one for each JSON type that the value may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The shapes by JSON type. Each is a shape of values of that type.
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

/// What is known of one value that is neither an array nor an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its type.
    pub kind: LeafKind,
    /// The schema fixes the value: an enumeration, a constant, a boolean.
    pub constant: bool,
    /// What the schema itself says it is for: by `x-guardhouse-role`, else by its `format`.
    pub role: Option<Role>,
}

/// The type of a leaf, and what policies see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeafKind {
    /// `boolean`: `Bool`.
    Bool,
    /// `integer`: `Long`.
    Long,
    /// `number`: `decimal`, with at most four decimals.
    Decimal,
    /// `string`: `String`.
    Text,
    /// `string` of the format `date-time` or `date`: `datetime`.
    Datetime,
    /// `string` of the format `ipv4` or `ipv6`: `ipaddr`.
    Address,
}

/// A value that policies cannot read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opaque {
    /// Why, in a few words for a policy's author: "it may be any value".
    pub because: Because,
    /// What the schema itself says it is for.
    pub role: Option<Role>,
}

/// Why a schema has no shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Because {
    /// It allows any value, or an object with any members.
    #[error("its schema allows any value")]
    Any,
    /// It allows no value at all, or is no schema.
    #[error("its schema is not one that any value satisfies")]
    Nothing,
    /// It refers to itself.
    #[error("its schema refers to itself")]
    Recursive,
    /// It refers to what is not there, or to another document.
    #[error("its schema refers to something that is not in the definition")]
    Reference,
    /// Its alternatives have one JSON type and different shapes.
    #[error("its schema has alternatives that cannot be told apart by their JSON type")]
    Ambiguous,
    /// It has more members, or is nested deeper, than is read.
    #[error("its schema is larger than what is read")]
    TooLarge,
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

//! From the JSON Schema of a tool's definition to the [`Shape`] of its arguments.
//!
//! Drafts 4 to 2020-12, as far as tool servers use them:
//!
//! | keyword | is read as |
//! | --- | --- |
//! | `type`, a word or an array of words | its types; without it, those that `properties`, `items`, `prefixItems`, `enum` or `const` imply |
//! | `integer`, `number`, `boolean` | `Long`, `Decimal`, `Bool` |
//! | `string` and `format` | `Datetime` (`date-time`, `date`), `Address` (`ipv4`, `ipv6`), else `Text` |
//! | `properties`, `required` | a record; an object without `properties` is opaque, but for the arguments themselves |
//! | `items`, and `prefixItems` if all are the same | a set |
//! | `enum`, `const` | the values, which [`Leaf::fixes`](super::Leaf::fixes) then knows; of arrays and objects the type |
//! | `$ref` to `#`, or `#/` and a JSON Pointer | that schema, met with the keywords beside it |
//! | `allOf` | what all have in common: objects have all their members |
//! | `anyOf`, `oneOf` | what either allows: one shape for each JSON type |
//! | `null`, `nullable` | a member that may be `null` is not required |
//! | `minLength`, `maxLength` | for [`Leaf::takes`](super::Leaf::takes) |
//! | `x-guardhouse-role`, `format` | the [`Role`](super::Role): see `role.rs` |
//! | all others | nothing; those that may narrow strings make `takes` say [`Unknown`](super::Takes::Unknown) |
//!
//! Who wrote the schema is not trusted, so whatever it says is read in one pass, in bounded time and space, and what has
//! no shape is [opaque](super::Opaque) for a [reason](super::Because), by itself: what stands beside it is read as ever.
//! The bounds:
//!
//! * [`MAX_READ`] in all, so that references cannot multiply what is read;
//! * [`MAX_DEPTH`] arrays and objects inside one another, and [`MAX_NESTED`] schemas;
//! * in one schema, [`MAX_KEYWORDS`] keywords, [`MAX_MEMBERS`] members with names of [`MAX_NAME`] bytes,
//!   [`MAX_ALTERNATIVES`] alternatives, and [`MAX_LISTED`] listed values of [`MAX_VALUE`] bytes.
//!
//! Any name that is not too long is the name of a member like any other: empty, with quotes, `__entity`. One that is
//! too long is left out, like the members that the schema does not name.

mod finish;
mod form;
mod join;
mod keywords;
mod leaves;
mod meet;
mod reader;
mod reference;
mod role;
#[cfg(test)]
mod tests;

use super::Shape;
use crate::json::Value;

/// How much of a schema is read. A schema counts as one each time that it is read, also through a reference, and so do
/// each word in an array of types, each required name, each listed value, each name of a member; then once more every
/// 16 keywords of a schema, and every 64 bytes of a name or a listed value.
///
/// The largest schemas of public tool servers need some hundreds. What is beyond is [`TooLarge`](super::Because::TooLarge),
/// and members are read in the order of their names. A shape has at most twice as many shapes in it.
pub const MAX_READ: usize = 4_096;

/// How many arrays and objects may stand inside one another, the arguments themselves not counted: as deep as a policy
/// would want to read, and low enough for recursion over a shape.
pub const MAX_DEPTH: usize = 16;

/// How many schemas may be read inside one another, which bounds the stack. At each depth there are often three: a
/// member, its alternative that is not `null`, and what that refers to.
pub const MAX_NESTED: usize = 3 * MAX_DEPTH;

/// The most keywords of one schema. 2020-12 has 60, of which one schema would use ten.
pub const MAX_KEYWORDS: usize = 64;

/// The most members of one object, and names in one `required`; of more, the object is too large, or nothing is
/// required. Generated interfaces to large services have up to about 200.
pub const MAX_MEMBERS: usize = 512;

/// The most bytes in the name of a member. People who write policies have to spell it.
pub const MAX_NAME: usize = 128;

/// The most schemas in one `anyOf`, `oneOf`, `allOf` or `prefixItems`. Some servers write enumerations like that, one
/// constant after the other.
pub const MAX_ALTERNATIVES: usize = 512;

/// The most values of one `enum`. There are about 600 time zones, 250 countries and 180 currencies. Of a longer one
/// only the `type` beside it is used.
pub const MAX_LISTED: usize = 1_024;

/// The most bytes of a string in an `enum`, and of a `const`.
pub const MAX_VALUE: usize = 1_024;

/// The shape of a tool's arguments, from the `inputSchema` of its definition.
///
/// A [record](super::Record), which is empty if the schema names no members or is missing; or opaque, if it cannot be
/// read. Takes time in proportion to what is read, whatever the schema.
#[must_use]
pub fn arguments(input_schema: Option<&Value>) -> Shape {
    let any = Value::Bool(true);
    let schema = input_schema.unwrap_or(&any);
    reader::Reader::new(schema).schema(schema, 0).into_arguments()
}

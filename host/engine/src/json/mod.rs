//! JSON, read strictly and written exactly.
//!
//! Every byte of JSON that reaches Guardhouse from outside is read by [`parse()`], and by nothing else: two parsers
//! that disagree are a way round a policy. One that keeps the last of two equal keys judges `alice` while the tool,
//! which keeps the first, pays `bob`.
//!
//! What [`parse()`] refuses although RFC 8259 leaves it open, or allows it:
//!
//! * a key that an object already has, at any depth;
//! * arrays and objects nested deeper than [`MAX_DEPTH`];
//! * escapes of lone surrogates, invalid UTF-8, a byte-order mark;
//! * a number of more than [`Number::MAX_LEN`] bytes, with an exponent beyond ±[`Number::MAX_EXPONENT`], or greater
//!   than the greatest double (most languages read it as an infinity, which is not JSON).
//!
//! Numbers keep the text they were written in, and are compared and digested by their exact decimal value: a double
//! would give 9007199254740993 and 9007199254740992 one digest, and an approval for one account would cover the other.
//! `-0` equals `0`, as in RFC 8785.
//!
//! # Why not serde
//!
//! There is no `Deserialize` here, since it would let any lenient parser in. [`Value`] does implement `Serialize`, but
//! `Display` is the way to write JSON. Serde's data model has no decimal number, and the two features of `serde_json`
//! that add one (`arbitrary_precision`, `raw_value`) do it by an object with a magic key, which the whole program's
//! `serde_json::Value` then honours, also when an agent sends it. So `Serialize` writes a number that serde can carry
//! exactly, and fails on any other; `Display` writes every number as it was written.

mod canonical;
mod difference;
mod digest;
mod error;
pub(crate) mod members;
mod number;
mod object;
mod parse;
mod pointer;
#[cfg(test)]
pub(crate) mod tests;
mod value;
mod visible;
mod write;

pub(crate) use canonical::{Loose, digest_of};
pub use difference::{Change, differences};
pub use digest::{Digest, DigestError};
pub(crate) use digest::{Hex, Keyed, bytes_of, hmac};
pub use error::JsonError;
pub(crate) use error::{quote, told};
pub use members::Misread;
pub use number::Number;
pub use object::Object;
pub use parse::parse;
pub(crate) use pointer::{array_index, push_token, tokens};
pub use value::Value;
pub use visible::Visible;
pub(crate) use write::write_string;

/// How many arrays and objects may stand inside one another.
///
/// A scalar on its own has depth 0, `[]` and `{}` have depth 1, `[[]]` has depth 2. Low enough that recursion over a
/// value needs no stack of note, and more than any protocol we carry uses.
pub const MAX_DEPTH: usize = 64;

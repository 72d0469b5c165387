//! `[memo]`: how much of what guards reported is remembered.
//!
//! ```toml
//! [memo]
//! size = "16MiB"  # the default, for the reports of all guards together; "0B": every guard is asked every time
//! ```
//!
//! It changes how long a check takes and nothing else, so it is no part of the bundle's digest.

use std::ops::Range;

use toml_span::Value as Toml;

use super::{fields::Source, units};
use crate::sandbox::Memo;

/// Reads the bytes.
pub(super) fn read<'s>(source: &mut Source<'s>, value: Option<Toml<'s>>) -> usize {
    let Some(mut value) = value else { return Memo::DEFAULT };
    let at = Range::from(value.span);
    let Some(mut fields) = source.as_table("memo", &mut value, at) else { return Memo::DEFAULT };
    let size = fields.parsed(source, "size", "a size such as `\"16MiB\"`, or `\"0B\"` for none", units::size);
    fields.finish(source);
    let Some(size) = size else { return Memo::DEFAULT };
    if size.value != 0 && !(Memo::LEAST..=Memo::MAX).contains(&size.value) {
        let (least, most) = (Memo::LEAST, Memo::MAX);
        let message = format!("field `size`: expected 0B, or a size from {least}B to {most}B, found {}B", size.value);
        source.error(size.at, message);
    }
    size.value
}

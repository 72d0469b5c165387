//! What a schema says of values that are neither arrays nor objects.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::form::{Content, Form, Members, Slot, Values};
use super::keywords::Keywords;
use super::role;
use crate::json::{Number, Value};
use crate::tools::{Because, JsonType, LeafKind};

/// What the keywords of strings allow; `None` if that is nothing.
pub(super) fn text<'s>(keywords: &Keywords<'s>) -> Option<Slot<'s>> {
    let (kind, role) = role::of_format(keywords.format);
    let bound = |keyword: Option<&Value>| keyword.and_then(Value::as_number).and_then(Number::as_u64);
    // A bound beyond 32 bits is no bound for a text that is held here, and no text reaches it from below.
    let least = bound(keywords.min_length).map_or(0, |least| u32::try_from(least).unwrap_or(u32::MAX));
    let most = bound(keywords.max_length).map_or(u32::MAX, |most| u32::try_from(most).unwrap_or(u32::MAX));
    let read = |keyword: Option<&Value>| keyword.is_none() || bound(keyword).is_some();
    let vague = !read(keywords.min_length) || !read(keywords.max_length);
    (least <= most).then_some(Slot { role, vague, content: Content::Leaf(kind, Values::Lengths(least, most)) })
}

/// The one value `value`. Of an array or an object only its type.
pub(super) fn constant(value: &Value) -> Form<'_> {
    let only = |kind, value| Slot::of(Content::Leaf(kind, Values::Listed(BTreeSet::from([value]))));
    let (json, slot) = match value {
        Value::Null => return Form { null: true, ..Form::nothing() },
        Value::Bool(_) => (JsonType::Bool, Slot::of(Content::any(LeafKind::Bool))),
        Value::Number(number) => {
            let kind = if number.as_i64().is_some() { LeafKind::Long } else { LeafKind::Decimal };
            (JsonType::Number, only(kind, Cow::Owned(number.canonical())))
        }
        Value::String(text) => (JsonType::String, only(LeafKind::Text, Cow::Borrowed(text.as_str()))),
        Value::Array(_) => (JsonType::Array, Slot { vague: true, ..Slot::of(Content::Opaque(Because::Any)) }),
        Value::Object(_) => (JsonType::Object, Slot { vague: true, ..Slot::of(Content::Members(Members::default())) }),
    };
    Form::of(json, slot)
}

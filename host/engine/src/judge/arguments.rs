//! A call's arguments as `context.args`.
//!
//! Built value by value from the shape of the tool's definition, never through Cedar's JSON: there an agent's
//! `{"__entity": …}` becomes an entity and `{"__extn": …}` a value of an extension. Here both are objects with odd member
//! names, which no shape has.
//!
//! A value that does not have its shape cannot be represented exactly, and is left out. A policy would take it for absent,
//! so every policy that reads it has to deny instead: `typed` sees to that.

use std::net::IpAddr;

use cedar_policy::RestrictedExpression;

use super::extension::Extension;
use super::fragment::is_readable;
use super::request::Unbuildable;
use super::wanted::Wanted;
use crate::event::time;
use crate::json::{Number, Object, Value};
use crate::tools::{Because, Choice, JsonType, LeafKind, Record, Shape};

/// How many items an array may have to be read by policies. Cedar sorts and compares them all.
const MAX_ITEMS: usize = 1_024;

/// A call's arguments, as far as policies can read them.
#[derive(Debug)]
pub(super) struct Arguments<'e> {
    /// The arguments, by name.
    pub(super) values: RestrictedExpression,
    /// Those that could not be represented, and why.
    pub(super) lost: Vec<(&'e str, Lost)>,
}

/// Why a value cannot be represented. It never quotes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    /// A member that the schema requires is not there.
    #[error("the definition requires it, and it is not there")]
    Missing,
    /// It has another type than the schema says.
    #[error("the definition says {expected}, and it is {found}")]
    Type {
        /// What the shape asks for, with its article.
        expected: &'static str,
        /// What it is, with its article.
        found: &'static str,
    },
    /// An integer beyond 64 bits, or no integer.
    #[error("it is no integer of 64 bits")]
    Integer,
    /// A number that a Cedar decimal does not hold.
    #[error("it has more than four decimals, or lies beyond ±922337203685477.5807")]
    Decimal,
    /// No date and time of the years 0 to 9999.
    #[error("it is no RFC 3339 date, or date and time with an offset")]
    Time,
    /// No address.
    #[error("it is no IP address")]
    Address,
    /// More items than are read.
    #[error("it has more than 1,024 items")]
    Items,
    /// A value of a type of which the schema says too little, where it says enough of another type.
    #[error("{0}")]
    Opaque(Because),
}

/// The arguments of a call whose definition says that they have the shape `record`, as far as they are wanted.
pub(super) fn arguments<'e>(record: &'e Record, found: &Object, wanted: &Wanted) -> Result<Arguments<'e>, Unbuildable> {
    let mut lost = Vec::new();
    let mut values = Vec::new();
    for (name, field) in record.fields.iter().filter(|(name, _)| wanted.member(name).is_some()) {
        match member(&field.shape, field.required, found.get(name)) {
            Ok(Some(value)) => values.push((name.to_string(), value)),
            Ok(None) => {}
            Err(why) => lost.push((&**name, why)),
        }
    }
    let values = RestrictedExpression::new_record(values).map_err(Unbuildable::internal)?;
    Ok(Arguments { values, lost })
}

/// A member's value; `None` for one that may be absent and is. One that policies cannot read is never lost.
fn member(shape: &Shape, required: bool, value: Option<&Value>) -> Result<Option<RestrictedExpression>, Lost> {
    match (shape, value) {
        (shape, _) if !is_readable(shape) => Ok(None),
        (_, None | Some(Value::Null)) if required => Err(Lost::Missing),
        (_, None | Some(Value::Null)) => Ok(None),
        (shape, Some(value)) => represented(shape, value).map(Some),
    }
}

fn represented(shape: &Shape, value: &Value) -> Result<RestrictedExpression, Lost> {
    match shape {
        Shape::Leaf(leaf) => scalar(leaf.kind, value),
        Shape::Set(item) => set(item, value),
        Shape::Record(record) => object(record, value),
        Shape::Choice(choice) => alternative(choice, value),
        Shape::Opaque(opaque) => Err(Lost::Opaque(opaque.because)),
    }
}

fn scalar(kind: LeafKind, value: &Value) -> Result<RestrictedExpression, Lost> {
    let wrong = |expected| Lost::Type { expected, found: value.kind() };
    let text = || value.as_str().ok_or_else(|| wrong("a string"));
    let number = || value.as_number().ok_or_else(|| wrong("a number"));
    Ok(match kind {
        LeafKind::Bool => RestrictedExpression::new_bool(value.as_bool().ok_or_else(|| wrong("a boolean"))?),
        LeafKind::Long => RestrictedExpression::new_long(number()?.as_i64().ok_or(Lost::Integer)?),
        LeafKind::Decimal => Extension::Decimal.value(decimal(number()?).ok_or(Lost::Decimal)?),
        LeafKind::Text => RestrictedExpression::new_string(text()?.to_owned()),
        LeafKind::Datetime => Extension::Datetime.value(datetime(text()?).ok_or(Lost::Time)?),
        LeafKind::Address => Extension::Ip.value(address(text()?).ok_or(Lost::Address)?),
    })
}

fn set(item: &Shape, value: &Value) -> Result<RestrictedExpression, Lost> {
    let items = value.as_array().ok_or(Lost::Type { expected: "an array", found: value.kind() })?;
    if items.len() > MAX_ITEMS {
        return Err(Lost::Items);
    }
    let items = items.iter().map(|value| represented(item, value)).collect::<Result<Vec<_>, _>>()?;
    Ok(RestrictedExpression::new_set(items))
}

/// An object's members. Those that its schema does not name are not represented; no policy can name them.
fn object(record: &Record, value: &Value) -> Result<RestrictedExpression, Lost> {
    let found = value.as_object().ok_or(Lost::Type { expected: "an object", found: value.kind() })?;
    let mut members = Vec::with_capacity(record.fields.len());
    for (name, field) in &record.fields {
        if let Some(value) = member(&field.shape, field.required, found.get(name))? {
            members.push((name.to_string(), value));
        }
    }
    record_of(members)
}

/// A record with the one member that is named after the value's JSON type.
///
/// Where policies cannot read that one, the value is lost. A record without members would look like a value of a type that
/// a policy on another alternative need not care for: a policy on the address that is a text would pass over a list of them.
fn alternative(choice: &Choice, value: &Value) -> Result<RestrictedExpression, Lost> {
    let found = JsonType::of(value).and_then(|json_type| Some((json_type, choice.shapes.get(&json_type)?)));
    let (json_type, shape) = found.ok_or(Lost::Type { expected: "one of several types", found: value.kind() })?;
    record_of(vec![(alternative_name(json_type).to_owned(), represented(shape, value)?)])
}

/// The member that policies find an alternative under: JSON Schema's word for the type.
pub(super) const fn alternative_name(json_type: JsonType) -> &'static str {
    match json_type {
        JsonType::Bool => "boolean",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "array",
        JsonType::Object => "object",
    }
}

fn record_of(members: Vec<(String, RestrictedExpression)>) -> Result<RestrictedExpression, Lost> {
    // INVARIANT: names come from a map, so none is there twice, which is all that Cedar refuses.
    RestrictedExpression::new_record(members).map_err(|_| Lost::Type { expected: "an object", found: "none" })
}

/// A number as Cedar writes decimals, if it is one exactly.
fn decimal(number: &Number) -> Option<String> {
    let value = number.as_ten_thousandths()?;
    let (sign, magnitude) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    Some(format!("{sign}{}.{:04}", magnitude / 10_000, magnitude % 10_000))
}

/// A date, or a date and time, as Cedar writes it: in UTC, cut to the millisecond.
fn datetime(text: &str) -> Option<String> {
    // `2026-01-02` is one to Cedar too, at midnight.
    if text.len() == "2026-01-02".len() {
        return text.parse::<jiff::civil::Date>().ok().map(|date| date.to_string());
    }
    let written = format!("{:.3}", time::parse(text)?);
    (written.len() == "2026-01-02T03:04:05.000Z".len()).then_some(written)
}

/// An address as Cedar writes it. One of IPv4 in IPv6's clothes (`::ffff:10.0.0.1`) is the IPv4 address that it reaches,
/// so that it does not slip past a policy on a range.
fn address(text: &str) -> Option<String> {
    Some(match text.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        // Cedar does not read the mixed form that the standard library writes for some.
        IpAddr::V6(address) => address.segments().map(|segment| format!("{segment:x}")).join(":"),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::net::{Ipv4Addr, Ipv6Addr};
    use std::str::FromStr as _;

    use cedar_policy::{Context, EvalResult};
    use proptest::prelude::*;

    use super::*;
    use crate::json;

    fn number(text: &str) -> Number {
        json::parse(text.as_bytes()).unwrap().as_number().unwrap().clone()
    }

    /// What Cedar makes of an expression.
    fn evaluated(expression: RestrictedExpression) -> EvalResult {
        Context::from_pairs([("x".to_owned(), expression)]).unwrap().get("x").unwrap()
    }

    #[test]
    fn a_decimal_is_exact_or_none() {
        for (text, expected) in [
            ("12.5", Some("12.5000")),
            ("-0.0001", Some("-0.0001")),
            ("1e3", Some("1000.0000")),
            ("922337203685477.5807", Some("922337203685477.5807")),
            ("-922337203685477.5808", Some("-922337203685477.5808")),
            ("922337203685477.5808", None),
            ("0.12345", None),
            ("0.1234567891", None),
        ] {
            assert_eq!(decimal(&number(text)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_time_is_the_same_moment_in_cedar() {
        for (text, expected) in [
            ("2026-01-02T03:04:05+05:30", Some("2026-01-01T21:34:05.000Z")),
            ("2026-01-02T03:04:05.1239Z", Some("2026-01-02T03:04:05.123Z")),
            ("2026-01-02", Some("2026-01-02")),
            ("2026-02-30", None),
            ("2026-01-02T03:04:05", None),
            ("0000-01-01T00:00:00+23:59", None),
            ("tomorrow", None),
        ] {
            assert_eq!(datetime(text).as_deref(), expected, "{text}");
            if let Some(written) = expected {
                let _ = evaluated(RestrictedExpression::new_datetime(written));
            }
        }
    }

    #[test]
    fn an_address_is_the_one_that_it_reaches() {
        for (text, expected) in [
            ("10.0.0.1", Some("10.0.0.1")),
            ("::ffff:10.0.0.1", Some("10.0.0.1")),
            ("2001:db8::1", Some("2001:db8:0:0:0:0:0:1")),
            ("::1", Some("0:0:0:0:0:0:0:1")),
            ("10.1", None),
            ("10.0.0.0/8", None),
            ("010.0.0.1", None),
        ] {
            assert_eq!(address(text).as_deref(), expected, "{text}");
            if let Some(written) = expected {
                let _ = evaluated(RestrictedExpression::new_ip(written));
            }
        }
    }

    proptest! {
        #![proptest_config(crate::judge::cases())]

        #[test]
        fn cedar_reads_every_decimal_that_is_written(value in any::<i64>()) {
            let places = format!("{}{}.{:04}", if value < 0 { "-" } else { "" }, value.unsigned_abs() / 10_000, value.unsigned_abs() % 10_000);
            let written = decimal(&number(&places)).unwrap();
            prop_assert_eq!(number(&written), number(&places));
            let EvalResult::ExtensionValue(read) = evaluated(RestrictedExpression::new_decimal(&written)) else {
                return Err(TestCaseError::fail("expected a decimal"));
            };
            prop_assert!(read.contains(written.trim_end_matches('0').trim_end_matches('.')), "{} {}", read, written);
        }

        #[test]
        fn cedar_reads_every_address_that_is_written(bits in any::<u128>(), small in any::<u32>()) {
            for text in [Ipv6Addr::from(bits).to_string(), Ipv4Addr::from(small).to_string()] {
                let written = address(&text).unwrap();
                prop_assert_eq!(IpAddr::from_str(&written).unwrap(), IpAddr::from_str(&text).unwrap().to_canonical());
                let _ = evaluated(RestrictedExpression::new_ip(&written));
            }
        }
    }
}

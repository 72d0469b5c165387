//! What a plain scalar of YAML means: the core schema of YAML 1.2.2, section 10.3.2.

use crate::json::{self, Value, quote};

/// The value of a scalar without quotation marks. A number must be written as JSON writes it, else what was found is
/// returned: `0o17` and `017` are one number to one reader of YAML, another to the next, and a string to a third.
pub(super) fn plain(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
        _ if is_number(text) => json::parse(text.as_bytes()).map_err(|_| quote(text)),
        _ => Ok(text.into()),
    }
}

/// Whether the core schema reads a number, an infinity or NaN.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let radix = |prefix: &str, digits: fn(char) -> bool| {
        text.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(digits))
    };
    matches!(text, ".nan" | ".NaN" | ".NAN")
        || matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || radix("0o", |digit| digit.is_digit(8))
        || radix("0x", |digit| digit.is_ascii_hexdigit())
        || is_decimal(unsigned)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some = !whole.is_empty() || !fraction.is_empty();
    some && is_digits(whole)
        && is_digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && is_digits(exponent))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_core_schema_decides_what_a_plain_scalar_is() {
        for (text, json) in [
            ("", "null"),
            ("~", "null"),
            ("NULL", "null"),
            ("True", "true"),
            ("false", "false"),
            ("0", "0"),
            ("-12.50", "-12.50"),
            ("1e5", "1e5"),
            ("9007199254740993", "9007199254740993"),
            ("0.1234567890123456789", "0.1234567890123456789"),
        ] {
            let value = plain(text).unwrap();
            assert_eq!(value.to_string(), json, "{text}");
        }
        for string in [
            "no",
            "off",
            "y",
            "tRUE",
            "nUll",
            "2026-11-21",
            "12:30:45",
            "1_000",
            "1.2.3",
            "0xfg",
            "0o8",
            "-0x1f",
            "1e",
            "e5",
            ".",
            "+",
            "-",
            "..",
            "NaN",
            "Infinity",
            "<<",
            "-.5.",
            "٣",
        ] {
            assert_eq!(plain(string), Ok(string.into()), "{string}");
        }
    }

    #[test]
    fn a_number_that_json_writes_in_another_way_is_refused() {
        for text in
            ["+1", "007", "-01", ".5", "1.", "1.e3", "0x1F", "0o17", ".inf", "-.INF", "+.Inf", ".nan", ".NaN", "1e999"]
        {
            assert_eq!(plain(text), Err(quote(text)), "{text}");
        }
    }
}

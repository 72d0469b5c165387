//! Arithmetic of JSON numbers: exact for integers of 64 bits, in IEEE 754 doubles for all others.

use std::cmp::Ordering;

use serde_json::Number;

/// How far a quotient may be from an integer to count as one, relative to its size: some rounding errors of a double.
const ROUNDING: f64 = 1e-12;

/// A number as an integer, where it is one without rounding.
pub(super) fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// Whether a number is an integer: also one that is written with a fraction of zero (validation, section 6.1.1).
pub(super) fn is_integer(number: &Number) -> bool {
    integer(number).is_some() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// How two numbers compare.
pub(super) fn compare(left: &Number, right: &Number) -> Option<Ordering> {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// Whether `number` divided by `factor` is an integer; `None` if the factor is not above zero.
pub(super) fn is_multiple(number: &Number, factor: &Number) -> Option<bool> {
    match (integer(number), integer(factor)) {
        (_, Some(factor)) if factor <= 0 => None,
        (Some(number), Some(factor)) => Some(number % factor == 0),
        _ => {
            let (number, factor) = (number.as_f64()?, factor.as_f64()?);
            if factor <= 0.0 {
                return None;
            }
            let quotient = number / factor;
            Some(quotient.is_finite() && (quotient - quotient.round()).abs() <= ROUNDING * quotient.abs().max(1.0))
        }
    }
}

/// A keyword's value as a count: an integer of at least zero, however it is written.
pub(super) fn count(number: &Number) -> Option<u64> {
    number.as_u64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && (0.0..1e15).contains(float))?;
        // Exact: an integer below 2^53.
        format!("{float:.0}").parse().ok()
    })
}

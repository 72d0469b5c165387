//! [`Money`]: an amount, exactly.

use std::fmt;
use std::str::FromStr;

use crate::json::quote;

/// An amount of money in the bundle's one currency: exact, never negative, below a thousand million, to nine decimals.
///
/// It is written as a decimal string, since a JSON number loses cents in most languages: `"0.0041"`. A negative one
/// is refused, as an agent could win its budget back with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    nanos: u64,
}

/// A text that is not [`Money`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, found {found}", Self::EXPECTED)]
pub struct InvalidMoney {
    found: String,
}

impl InvalidMoney {
    /// What would have been accepted.
    pub(super) const EXPECTED: &'static str =
        "an amount as a decimal string, with 1 to 9 digits before the point and at most 9 after it";
}

impl Money {
    /// How many decimals an amount may have.
    const DECIMALS: usize = 9;

    /// The amount in thousand-millionths.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.nanos
    }
}

impl FromStr for Money {
    type Err = InvalidMoney;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let number = |digits: &str| -> Option<u64> {
            let plain = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok())?
        };
        // Filled up with zeros, the decimals are the nanos.
        let nanos = number(fraction).and_then(|_| number(&format!("{fraction:0<0$}", Self::DECIMALS)));
        match (number(whole), nanos) {
            // INVARIANT: both have at most nine digits, so the sum is below 10^18.
            (Some(whole), Some(nanos)) => Ok(Self { nanos: whole * 1_000_000_000 + nanos }),
            _ => Err(InvalidMoney { found: quote(text) }),
        }
    }
}

/// Without the zeros at the end of the decimals.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, nanos) = (self.nanos / 1_000_000_000, self.nanos % 1_000_000_000);
        if nanos == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{nanos:09}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact() {
        for (text, nanos, written) in [
            ("0.0041", 4_100_000, "0.0041"),
            ("100.00", 100_000_000_000, "100"),
            ("999999999.999999999", 999_999_999_999_999_999, "999999999.999999999"),
            ("0", 0, "0"),
        ] {
            assert_eq!(text.parse(), Ok(Money { nanos }), "{text}");
            assert_eq!(Money { nanos }.to_string(), written);
        }
    }

    #[test]
    fn nothing_but_a_plain_amount_is_one() {
        for text in ["", "-1", "+1", ".5", "1.", "1e3", "1,5", "1000000000", "0.0000000001", "1.5.0", " 1", "٣"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }
}

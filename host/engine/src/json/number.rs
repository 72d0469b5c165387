//! [`Number`]: a decimal number, exactly as written.

use std::fmt;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};

/// A JSON number, kept in the text it was written in.
///
/// Equality is by exact value: `1`, `1.0` and `10e-1` are equal, 9007199254740993 and 9007199254740992 are not.
#[derive(Clone)]
pub struct Number {
    // INVARIANT: a number by RFC 8259, section 6, within the bounds that `json` documents.
    text: Box<str>,
}

/// The value of a number: `digits` × 10^`exponent`, negated if `negative`. Each value has one such form.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    /// Decimal digits that neither begin nor end with a zero; none for zero, which then is not negative and has
    /// exponent 0.
    digits: String,
    exponent: i64,
}

impl Number {
    /// The most bytes a number may be written in. Any double needs at most 24, a 2,048-bit integer 617.
    pub const MAX_LEN: usize = 1_000;

    /// The greatest exponent, and with a minus sign the least, that may be written. It is far beyond any double
    /// (±324), and keeps arithmetic on exponents trivial.
    pub const MAX_EXPONENT: u32 = 100_000;

    /// The number that `text` spells, or what of our bounds it breaks: what was expected, and what was found.
    ///
    /// `text` must be a number by RFC 8259, which the parser has seen to.
    pub(super) fn checked(text: &str) -> Result<Self, (String, String)> {
        if text.len() > Self::MAX_LEN {
            let expected = format!("a number of at most {} bytes", Self::MAX_LEN);
            return Err((expected, format!("one of {}", text.len())));
        }
        let exponent = text.split_once(['e', 'E']).map_or("0", |(_, exponent)| exponent);
        let magnitude = exponent.trim_start_matches(['+', '-']).trim_start_matches('0');
        // More digits than the bound has, or a greater number.
        if magnitude.len() > 6 || magnitude.parse().is_ok_and(|magnitude: u32| magnitude > Self::MAX_EXPONENT) {
            return Err((format!("an exponent within ±{}", Self::MAX_EXPONENT), super::quote(exponent)));
        }
        // Rust's conversion rounds correctly whatever the length, so this is infinite exactly when the number rounds
        // to more than the greatest double.
        if text.parse().is_ok_and(f64::is_infinite) {
            return Err(("a number no greater than the greatest double".to_owned(), super::quote(text)));
        }
        Ok(Self { text: text.into() })
    }

    /// The number as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The exact value if it is an integer of 64 bits, however it was written (`1`, `1.0`, `1e0`); else `None`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.scaled(0)
    }

    /// The exact value if it is an integer from 0 that fits 64 bits, however it was written; else `None`.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        u64::try_from(self.decimal().times_ten_to(0)?).ok()
    }

    /// The exact value in ten-thousandths, which is what a Cedar `decimal` holds: `None` if it has more than four
    /// decimals or lies beyond 64 bits (±922337203685477.5807, and one more below).
    #[must_use]
    pub fn as_ten_thousandths(&self) -> Option<i64> {
        self.scaled(4)
    }

    /// The value × 10^`places`, if that is an integer of 64 bits.
    fn scaled(&self, places: i64) -> Option<i64> {
        i64::try_from(self.decimal().times_ten_to(places)?).ok()
    }

    /// The one spelling that all numbers of this value share.
    ///
    /// It is laid out by the rules of ECMA-262 `Number::toString`, which RFC 8785 prescribes, over the exact digits
    /// instead of those of the nearest double: `0`, `-12.5`, `100000000000000000000`, `1e+21`, `0.000001`, `1e-7`.
    /// So it is RFC 8785's own text for every number that is written with the digits a double prints with.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.decimal().to_string()
    }

    /// The value of the text.
    fn decimal(&self) -> Decimal {
        let (negative, text) = match self.text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, &*self.text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = String::with_capacity(whole.len() + fraction.len());
        digits.push_str(whole);
        digits.push_str(fraction);
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Decimal { negative: false, digits: String::new(), exponent: 0 };
        }
        let trailing_zeros = digits.len() - digits.trim_end_matches('0').len();
        // INVARIANT: lengths are at most `MAX_LEN` and the exponent was bounded, so nothing here can overflow or fail.
        let exponent = exponent.parse::<i64>().unwrap_or_default() - signed(fraction.len()) + signed(trailing_zeros);
        Decimal { negative, digits: significant.to_owned(), exponent }
    }
}

/// `length`, which is at most [`Number::MAX_LEN`], with a sign.
fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

impl Decimal {
    /// The value × 10^`places` if it is an integer of at most 20 digits, which is more than 64 bits hold.
    fn times_ten_to(&self, places: i64) -> Option<i128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let zeros = u32::try_from(self.exponent + places).ok()?;
        if self.digits.len() + usize::try_from(zeros).ok()? > 20 {
            return None;
        }
        let magnitude = self.digits.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(zeros)?)?;
        Some(if self.negative { -magnitude } else { magnitude })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// As many zeros as `count` says; each caller's count is below 22.
        fn zeros(count: i64) -> &'static str {
            const ZEROS: &str = "0000000000000000000000";
            usize::try_from(count).ok().and_then(|count| ZEROS.get(..count)).unwrap_or(ZEROS)
        }
        let digits = self.digits.as_str();
        if digits.is_empty() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        // The names of ECMA-262: k digits, and the value lies below 10^n.
        let k = signed(digits.len());
        let n = k + self.exponent;
        if k <= n && n <= 21 {
            write!(f, "{digits}{}", zeros(n - k))
        } else if 0 < n && n <= 21 {
            let (whole, fraction) = digits.split_at(usize::try_from(n).unwrap_or(digits.len()));
            write!(f, "{whole}.{fraction}")
        } else if -6 < n && n <= 0 {
            write!(f, "0.{}{digits}", zeros(-n))
        } else {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            write!(f, "{first}{point}{rest}e{:+}", n - 1)
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.decimal() == other.decimal()
    }
}

impl Eq for Number {}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self { text: number.to_string().into() }
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self { text: number.to_string().into() }
    }
}

/// The number as it was written.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Fails on a number that serde's data model cannot carry exactly: an integer beyond 64 bits, or a decimal that is not
/// the shortest spelling of a double. `Display` writes every number.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(integer) = self.as_i64() {
            return serializer.serialize_i64(integer);
        }
        if let Some(integer) = self.as_u64() {
            return serializer.serialize_u64(integer);
        }
        match self.text.parse::<f64>() {
            // Serializers print the shortest digits that read back as the same double. Of decimals with at most
            // `f64::DIGITS` digits no two are one normal double, so the shortest are these; with 17 there may be two
            // that are as short and as near, of which one serializer prints the one and another the other.
            Ok(double) if double.is_normal() && self.decimal().digits.len() <= f64::DIGITS as usize => {
                serializer.serialize_f64(double)
            }
            _ => Err(S::Error::custom(format_args!("the number `{self}` cannot be carried exactly by serde"))),
        }
    }
}

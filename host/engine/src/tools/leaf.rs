//! [`Leaf`]: a value that is neither an array nor an object, and what its schema says of it.

use super::{JsonType, Role};
use crate::json::Value;

/// What is known of one value that is neither an array nor an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its type.
    pub kind: LeafKind,
    /// What the schema itself says it is for: by `x-guardhouse-role`, else by its `format`.
    pub role: Option<Role>,
    /// Which values of its type the schema allows, or more than it allows if `vague`.
    pub(super) values: Values,
    /// It is a string, and something else in the schema narrows it too: a pattern, a format, a condition.
    pub(super) vague: bool,
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

/// The values that a leaf may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    /// These and no others, in order, each once: strings as they are, numbers in their canonical spelling.
    Listed(Box<[Box<str>]>),
    /// Any; strings of at least so many code points and of at most so many.
    Lengths(u32, u32),
}

/// Whether a schema allows a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// What is known of the schema does not tell. Whoever is about to send the text had better not.
    Unknown,
}

impl LeafKind {
    /// The JSON type of its values.
    #[must_use]
    pub fn json_type(self) -> JsonType {
        match self {
            Self::Bool => JsonType::Bool,
            Self::Long | Self::Decimal => JsonType::Number,
            Self::Text | Self::Datetime | Self::Address => JsonType::String,
        }
    }
}

impl Leaf {
    /// A leaf of which nothing but the type is known: any value of it is allowed.
    #[must_use]
    pub fn new(kind: LeafKind) -> Self {
        Self { kind, role: None, values: Values::ANY, vague: false }
    }

    /// Whether the schema, and not the agent, determines what can stand here, and `value` is one that it lists: a
    /// boolean, or a value of an enumeration.
    ///
    /// Never true of a value that the schema does not list: the schema determines nothing about that one, and the agent
    /// may have it from anywhere.
    #[must_use]
    pub fn fixes(&self, value: &Value) -> bool {
        match (value, &self.values) {
            (Value::Bool(_), _) => self.kind == LeafKind::Bool,
            (Value::String(text), Values::Listed(listed)) => {
                self.kind.json_type() == JsonType::String && lists(listed, text)
            }
            (Value::Number(number), Values::Listed(listed)) => {
                self.kind.json_type() == JsonType::Number && lists(listed, &number.canonical())
            }
            _ => false,
        }
    }

    /// Whether the schema allows `text` here, everything else being as it is.
    #[must_use]
    pub fn takes(&self, text: &str) -> Takes {
        let allowed = match &self.values {
            _ if self.kind.json_type() != JsonType::String => false,
            Values::Listed(listed) => lists(listed, text),
            Values::Lengths(least, most) => (*least..=*most).contains(&code_points(text)),
        };
        match (allowed, self.vague) {
            (false, _) => Takes::No,
            (true, true) => Takes::Unknown,
            (true, false) => Takes::Yes,
        }
    }
}

impl Values {
    /// All of them.
    pub(super) const ANY: Self = Self::Lengths(0, u32::MAX);
}

/// The length of a string as JSON Schema counts it (2020-12 Validation, section 6.3), with `u32::MAX` for all that is
/// longer.
pub(super) fn code_points(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn lists(listed: &[Box<str>], value: &str) -> bool {
    listed.binary_search_by(|other| (**other).cmp(value)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(kind: LeafKind, values: Values, vague: bool) -> Leaf {
        Leaf { values, vague, ..Leaf::new(kind) }
    }

    fn listed(values: &[&str]) -> Values {
        Values::Listed(values.iter().copied().map(Into::into).collect())
    }

    #[test]
    fn a_length_is_counted_in_code_points() {
        let leaf = leaf(LeafKind::Text, Values::Lengths(2, 3), false);
        for (text, takes) in
            [("é", Takes::No), ("éé", Takes::Yes), ("\u{1f600}ab", Takes::Yes), ("e\u{301}e\u{301}", Takes::No)]
        {
            assert_eq!(leaf.takes(text), takes, "{text}");
        }
    }

    #[test]
    fn what_is_narrowed_otherwise_too_is_never_allowed_for_sure() {
        let leaf = leaf(LeafKind::Text, listed(&["eur", "usd"]), true);
        assert_eq!(leaf.takes("eur"), Takes::Unknown);
        assert_eq!(leaf.takes("chf"), Takes::No);
    }

    #[test]
    fn only_a_listed_value_or_a_boolean_is_fixed() {
        let number = |text: &str| crate::json::parse(text.as_bytes()).unwrap_or_default();
        let currency = leaf(LeafKind::Text, listed(&["eur", "usd"]), false);
        assert!(currency.fixes(&Value::from("usd")));
        assert!(!currency.fixes(&Value::from("DE02 1203 0000 0000 2020 51")));
        assert!(leaf(LeafKind::Decimal, listed(&["1.5", "2"]), false).fixes(&number("15e-1")));
        assert!(!leaf(LeafKind::Text, listed(&["1.5", "2"]), false).fixes(&number("2")));
        assert!(!leaf(LeafKind::Long, listed(&["2"]), false).fixes(&Value::from("2")));
        assert!(Leaf::new(LeafKind::Bool).fixes(&Value::from(true)));
        assert!(!Leaf::new(LeafKind::Text).fixes(&Value::from("usd")));
        assert!(!Leaf::new(LeafKind::Text).fixes(&Value::from(true)));
    }

    #[test]
    fn no_text_is_a_number() {
        assert_eq!(leaf(LeafKind::Long, listed(&["1"]), false).takes("1"), Takes::No);
        assert_eq!(Leaf::new(LeafKind::Bool).takes("true"), Takes::No);
    }
}

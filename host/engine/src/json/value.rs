//! [`Value`]: one JSON value.

use super::{Number, Object};

/// One JSON value.
///
/// Two values are equal when they say the same: objects whatever the order of their members, numbers whatever their
/// spelling. Equal values, and only they, have equal [digests](Value::digest).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, exactly as written.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Object),
}

impl Value {
    /// The text of a string; `None` for any other value.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number; `None` for any other value.
    #[must_use]
    pub const fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The truth value of a boolean; `None` for any other value.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The items of an array; `None` for any other value.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The object; `None` for any other value.
    #[must_use]
    pub const fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// What this is, with its article, for a message: `a string`, `an array`, `null`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// How many arrays and objects stand inside one another, counted as [`MAX_DEPTH`](super::MAX_DEPTH) says.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Self::Array(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(object) => 1 + object.values().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::Array(items)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn depth_counts_containers_not_scalars() {
        for (text, depth) in [("1", 0), ("[]", 1), ("{}", 1), ("[[],1]", 2), (r#"{"a":[{"b":"c"}]}"#, 3)] {
            assert_eq!(parse(text.as_bytes()).map(|value| value.depth()), Ok(depth), "{text}");
        }
    }

    #[test]
    fn equality_ignores_order_and_spelling_and_nothing_else() {
        let equal = |a: &str, b: &str| parse(a.as_bytes()) == parse(b.as_bytes());
        assert!(equal(r#"{"a":1,"b":[1.50]}"#, r#"{ "b": [15e-1], "a": 1.0 }"#));
        assert!(!equal("[1,2]", "[2,1]"));
        assert!(!equal("9007199254740993", "9007199254740992"));
        assert!(!equal(r#""1""#, "1"));
    }
}

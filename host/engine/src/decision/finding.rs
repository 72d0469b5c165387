//! [`Finding`]: what a guard saw.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::json::{Object, Value, quote};

/// What a guard saw in one event. It never says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The guard's name in the bundle.
    pub guard: String,
    /// The guard's rule.
    pub rule: String,
    /// One of the categories that the guard declares.
    pub category: Category,
    /// How bad it would be.
    pub severity: Severity,
    /// How sure the guard is.
    pub confidence: Confidence,
    /// What was seen, for a person.
    pub message: String,
    /// The path of the [part](crate::text::Part) it was seen in: `""` where the event is one plain text. `None`: in
    /// the event as a whole.
    pub path: Option<String>,
    /// Where in the part; `None`: all of it, and always without a path.
    pub span: Option<Span>,
    /// How the host is to repair it, should a policy ask for that.
    pub repair: Repair,
    /// What else the guard says, in its order.
    pub attributes: Vec<Attribute>,
}

/// A name and a value that a guard gives with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The name; a guard may give one name more than once.
    pub key: String,
    /// The value.
    pub value: String,
}

/// A half-open range of UTF-8 byte offsets into the body of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// How a finding is repaired. The host writes the text: a guard that could choose it could write to the agent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Repair {
    /// `[redacted:<category>]` in its place.
    Mask,
    /// A numbered name of this class in its place, such as `<EMAIL_1>`.
    Pseudonym(PseudonymClass),
    /// Nothing in its place.
    Remove,
}

/// How bad what was seen would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 0: worth knowing.
    Info,
    /// 1.
    Low,
    /// 2.
    Medium,
    /// 3.
    High,
    /// 4.
    Critical,
}

/// How sure a guard is, in percent: 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

impl Confidence {
    /// 100 percent.
    pub const CERTAIN: Self = Self(100);
}

/// A number beyond what its type allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a {what} from 0 to {most}, found {found}")]
pub struct OutOfRange {
    what: &'static str,
    most: u8,
    found: u8,
}

/// What kind of thing was seen, such as `secret`: 1 to 64 of `a-z`, `0-9`, `-` and `_`, of which the first is a letter.
///
/// Policies name it, and it stands in placeholders, which an agent reads: hence so few characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(Arc<str>);

/// The class of a pseudonym, such as `EMAIL`: 1 to 32 of `A-Z`, `0-9` and `_`, of which the first is a letter.
///
/// It stands in placeholders, which an agent reads: hence so few characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PseudonymClass(Arc<str>);

/// A text that is not a [`Category`] or not a [`PseudonymClass`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct InvalidWord {
    expected: &'static str,
    found: String,
}

impl InvalidWord {
    /// What was expected, without what was found: that may be a guard's word.
    pub(crate) const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl Finding {
    /// The finding as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = Object::new();
        object.insert("guard", self.guard.as_str());
        object.insert("rule", self.rule.as_str());
        object.insert("category", self.category.as_str());
        object.insert("severity", u64::from(u8::from(self.severity)));
        object.insert("confidence", u64::from(u8::from(self.confidence)));
        if let Some(span) = self.span {
            let mut range = Object::new();
            range.insert("start", u64::from(span.start));
            range.insert("end", u64::from(span.end));
            object.insert("span", range);
        }
        if let Some(path) = &self.path {
            object.insert("path", path.as_str());
        }
        object.insert("message", self.message.as_str());
        object.insert("repair", self.repair.to_value());
        if !self.attributes.is_empty() {
            let attribute = |attribute: &Attribute| {
                let mut object = Object::new();
                object.insert("key", attribute.key.as_str());
                object.insert("value", attribute.value.as_str());
                object.into()
            };
            object.insert("attributes", self.attributes.iter().map(attribute).collect::<Vec<_>>());
        }
        object.into()
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl Repair {
    /// `"mask"`, `"remove"` or `{"pseudonym":"EMAIL"}`.
    fn to_value(&self) -> Value {
        match self {
            Self::Mask => "mask".into(),
            Self::Remove => "remove".into(),
            Self::Pseudonym(class) => {
                let mut object = Object::new();
                object.insert("pseudonym", class.as_str());
                object.into()
            }
        }
    }
}

impl TryFrom<u8> for Severity {
    type Error = OutOfRange;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            0 => Ok(Self::Info),
            1 => Ok(Self::Low),
            2 => Ok(Self::Medium),
            3 => Ok(Self::High),
            4 => Ok(Self::Critical),
            found => Err(OutOfRange { what: "severity", most: 4, found }),
        }
    }
}

impl From<Severity> for u8 {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => 0,
            Severity::Low => 1,
            Severity::Medium => 2,
            Severity::High => 3,
            Severity::Critical => 4,
        }
    }
}

impl TryFrom<u8> for Confidence {
    type Error = OutOfRange;

    fn try_from(percent: u8) -> Result<Self, Self::Error> {
        if percent > 100 {
            return Err(OutOfRange { what: "confidence", most: 100, found: percent });
        }
        Ok(Self(percent))
    }
}

impl From<Confidence> for u8 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

impl Category {
    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PseudonymClass {
    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Category {
    type Err = InvalidWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = text.bytes();
        let valid = text.len() <= 64
            && bytes.next().is_some_and(|first| first.is_ascii_lowercase())
            && bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
        let expected = "a category, 1 to 64 of `a-z`, `0-9`, `-` and `_`, beginning with a letter";
        if valid { Ok(Self(text.into())) } else { Err(InvalidWord { expected, found: quote(text) }) }
    }
}

impl FromStr for PseudonymClass {
    type Err = InvalidWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = text.bytes();
        let valid = text.len() <= 32
            && bytes.next().is_some_and(|first| first.is_ascii_uppercase())
            && bytes.all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
        let expected = "a pseudonym's class, 1 to 32 of `A-Z`, `0-9` and `_`, beginning with a letter";
        if valid { Ok(Self(text.into())) } else { Err(InvalidWord { expected, found: quote(text) }) }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PseudonymClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_and_confidence_end_where_the_contract_says() {
        assert!((0..=4).all(|number| Severity::try_from(number).map(u8::from) == Ok(number)));
        assert!(Severity::try_from(5).is_err());
        assert!(Confidence::try_from(100).is_ok());
        assert_eq!(
            Confidence::try_from(101).map_err(|error| error.to_string()),
            Err("expected a confidence from 0 to 100, found 101".to_owned())
        );
    }

    #[test]
    fn a_word_that_an_agent_will_read_cannot_carry_a_message() {
        for text in ["", "Secret", "1st", "a b", "a]", "é", &"a".repeat(65)] {
            assert!(text.parse::<Category>().is_err(), "{text}");
        }
        for text in ["", "Email", "_A", "A>", "A B", &"A".repeat(33)] {
            assert!(text.parse::<PseudonymClass>().is_err(), "{text}");
        }
        assert!("prompt-injection".parse::<Category>().is_ok());
        assert!("CREDIT_CARD".parse::<PseudonymClass>().is_ok());
    }
}

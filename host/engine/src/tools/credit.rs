//! [`Credit`]: how far a bundle trusts what a source says, and which labels it carries.

use std::collections::BTreeSet;

use crate::{
    json::{Object, Value},
    vocabulary::{Vocabulary as _, vocabulary},
};

/// Whether what a source says is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Integrity {
    /// It is the operator's own word, or as good.
    Trusted,
    /// It may say anything.
    #[default]
    Untrusted,
}

vocabulary!(Integrity {
    Trusted => "trusted",
    Untrusted => "untrusted",
});

/// What a bundle says of a source: an input, or the results of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credit {
    /// Whether it is trusted. `None`: nothing is said.
    pub integrity: Option<Integrity>,
    /// What its text carries wherever it goes, such as `confidential`.
    pub labels: BTreeSet<String>,
}

/// The most bytes of a label.
pub(crate) const MAX_LABEL: usize = 64;

/// Whether a text is a label: 1 to 64 of `a-z`, `0-9`, `-`, `_` and `.`.
pub(crate) fn is_label(text: &str) -> bool {
    (1..=MAX_LABEL).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
}

impl Credit {
    /// Whether it is trusted; what nothing is said of is not.
    #[must_use]
    pub fn integrity(&self) -> Integrity {
        self.integrity.unwrap_or_default()
    }

    /// Adds what is said to an object, for the digest of the bundle. `name`: what the integrity is called there.
    pub(crate) fn write(&self, name: &str, content: &mut Object) {
        if let Some(integrity) = self.integrity {
            content.insert(name, integrity.word());
        }
        if !self.labels.is_empty() {
            content.insert("labels", self.labels.iter().map(|label| label.as_str().into()).collect::<Vec<Value>>());
        }
    }
}

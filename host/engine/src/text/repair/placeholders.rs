//! The texts that the host writes in the place of what it takes out.

use std::collections::{HashMap, HashSet};

use crate::decision::{Category, PseudonymClass};

/// The mask of a category.
pub(super) fn mask(category: &Category) -> String {
    format!("[redacted:{category}]")
}

/// Numbers pseudonyms: by class, in the order of first appearance, the same for the same text.
#[derive(Default)]
pub(super) struct Pseudonyms {
    /// What looks like a pseudonym in the original. One that stands there already must not be given to something else,
    /// or whoever wrote it would stand for what it hides.
    taken: HashSet<String>,
    given: HashMap<(PseudonymClass, String), String>,
    last: HashMap<PseudonymClass, u32>,
}

impl Pseudonyms {
    /// Takes note of what looks like a pseudonym in an original text.
    pub(super) fn avoid(&mut self, text: &str) {
        /// A class, an underscore and a number of 32 bits.
        const LONGEST: usize = 32 + 1 + 10;
        for start in memchr::memchr_iter(b'<', text.as_bytes()) {
            let rest = text.as_bytes().get(start + 1..).unwrap_or_default();
            let len = rest.iter().take_while(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')).take(LONGEST + 1);
            let end = start + 1 + len.count();
            if let Some(name) = text.get(start..=end).filter(|name| is_numbered(name)) {
                self.taken.insert(name.to_owned());
            }
        }
    }

    /// The pseudonym of `text` in `class`.
    pub(super) fn of(&mut self, class: &PseudonymClass, text: &str) -> String {
        let key = (class.clone(), text.to_owned());
        if let Some(name) = self.given.get(&key) {
            return name.clone();
        }
        let last = self.last.entry(class.clone()).or_default();
        let name = loop {
            *last += 1;
            let name = format!("<{class}_{last}>");
            if !self.taken.contains(&name) {
                break name;
            }
        };
        self.given.insert(key, name.clone());
        name
    }
}

/// Whether this ends like a pseudonym: with a number.
fn is_numbered(name: &str) -> bool {
    let number = name.strip_suffix('>').and_then(|name| name.rsplit_once('_')).map(|(_, number)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn equal_texts_have_one_name_and_others_the_next() {
        let (email, name) = ("EMAIL".parse().unwrap(), "NAME".parse().unwrap());
        let mut pseudonyms = Pseudonyms::default();
        assert_eq!(pseudonyms.of(&email, "a@x"), "<EMAIL_1>");
        assert_eq!(pseudonyms.of(&email, "b@x"), "<EMAIL_2>");
        assert_eq!(pseudonyms.of(&name, "a@x"), "<NAME_1>");
        assert_eq!(pseudonyms.of(&email, "a@x"), "<EMAIL_1>");
    }

    #[test]
    fn a_name_that_somebody_wrote_is_not_given() {
        let mut pseudonyms = Pseudonyms::default();
        pseudonyms.avoid("é<<EMAIL_1>, <EMAIL_2 >, <EMAIL_3>");
        let email = "EMAIL".parse().unwrap();
        assert_eq!(pseudonyms.of(&email, "a@x"), "<EMAIL_2>");
        assert_eq!(pseudonyms.of(&email, "b@x"), "<EMAIL_4>");
    }
}

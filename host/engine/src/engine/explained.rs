//! [`Explained`]: a decision and why the judge said what it said.

use std::fmt;

use super::flows::LeafFlow;
use crate::{
    decision::Decision,
    json::{Object, Value},
    judge::Explanation,
};

/// A decision and why the judge said what it said.
///
/// As JSON, written by `Display`: the [decision](Decision) with a member `explanation`, an object of the explanations
/// that there are:
///
/// ```json
/// {"id":"…","verdict":"modify","…":"…","explanation":{"original":{"verdict":"modify","…":"…"},"repaired":{"…":"…"}}}
/// ```
///
/// [`Explanation`] has the shape of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The decision.
    pub decision: Decision,
    /// Of the judge's evaluation of the event. `None` where the judge was not asked, because a guard failed or the event is
    /// too large: the decision's reasons say all there is to say.
    pub original: Option<Explanation>,
    /// Of its evaluation of what a repair left of the event. `None` where nothing was repaired.
    pub repaired: Option<Explanation>,
    /// Where the values of a call's arguments come from, or the text that an agent says. Empty for other events.
    pub flow: Vec<LeafFlow>,
}

impl Explained {
    /// The decision as JSON, with its explanation.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut explanation = Object::new();
        for (name, explained) in [("original", &self.original), ("repaired", &self.repaired)] {
            if let Some(explained) = explained {
                explanation.insert(name, explained.to_value());
            }
        }
        if !self.flow.is_empty() {
            explanation.insert("flow", self.flow.iter().map(|leaf| leaf.to_object().into()).collect::<Vec<Value>>());
        }
        let mut value = self.decision.to_value();
        if let Value::Object(decision) = &mut value {
            decision.insert("explanation", explanation);
        }
        value
    }
}

/// One line of JSON.
impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

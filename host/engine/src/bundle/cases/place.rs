//! Where the values of a case stand in their file, for errors.

use std::ops::Range;

use crate::json::Value;

/// Where a value stands, and where what is within it does.
#[derive(Debug)]
pub(super) struct Place {
    /// The bytes to point at: those of a scalar, the first line of an array or an object.
    pub(super) at: Range<usize>,
    /// What is within, in its order. Empty where only the whole was placed.
    pub(super) within: Vec<Within>,
}

/// A member of an object, or an item of an array.
#[derive(Debug)]
pub(super) struct Within {
    /// The bytes of a member's key; for an item those of the item.
    pub(super) key: Range<usize>,
    /// The value.
    pub(super) place: Place,
}

/// What is wrong with a case, and with which value of it.
#[derive(Debug)]
pub(super) struct Defect {
    /// The value, by keys and numbers of items from the case down.
    pub(super) path: Vec<String>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Place {
    /// A value of which only the whole was placed.
    pub(super) const fn whole(at: Range<usize>) -> Self {
        Self { at, within: Vec::new() }
    }

    /// Where `path` leads from here, or as far towards it as was placed. `value` is what stands here.
    ///
    /// Points at a scalar with its key, and at the key alone of anything larger.
    pub(super) fn find(&self, value: &Value, path: &[String]) -> Range<usize> {
        let (mut place, mut value, mut at) = (self, value, self.at.clone());
        for step in path {
            let next = match value {
                Value::Object(members) => {
                    members.iter().zip(&place.within).find(|((key, _), _)| key == step).map(|((_, v), w)| (v, w))
                }
                Value::Array(items) => {
                    let index = step.parse::<usize>().ok();
                    index.and_then(|index| items.get(index).zip(place.within.get(index)))
                }
                _ => None,
            };
            let Some((inner, within)) = next else { break };
            let nested = matches!(inner, Value::Object(_) | Value::Array(_));
            // A value that is not there stands wherever the reader noticed.
            let end = within.place.at.end.max(within.key.end);
            at = if nested { within.key.clone() } else { within.key.start..end };
            (place, value) = (&within.place, inner);
        }
        at
    }
}

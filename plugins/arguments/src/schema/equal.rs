//! Equality of JSON values (core, section 4.2.2), counted in steps.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::evaluate::Steps;
use super::number;

/// Whether two values are equal; `None` if the steps run out. Recurses as deep as the values are nested, which the parser
/// of JSON bounds.
pub(super) fn equal(left: &Value, right: &Value, steps: &mut Steps) -> Option<bool> {
    steps.take(1)?;
    Some(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => number::compare(left, right) == Some(Ordering::Equal),
        (Value::String(left), Value::String(right)) if left.len() == right.len() => {
            steps.take_bytes(left.len())?;
            left == right
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (left, right) in left.iter().zip(right) {
                if !equal(left, right, steps)? {
                    return Some(false);
                }
            }
            true
        }
        (Value::Object(left), Value::Object(right)) if left.len() == right.len() => {
            for (key, left) in left {
                let Some(right) = right.get(key) else { return Some(false) };
                if !equal(left, right, steps)? {
                    return Some(false);
                }
            }
            true
        }
        _ => false,
    })
}

/// Whether no two of the items are equal; `None` if the steps run out. Only items of one hash are compared: the hash is
/// no secret, but whoever makes many collide only runs out of steps.
pub(super) fn are_unique(items: &[Value], steps: &mut Steps) -> Option<bool> {
    let mut hashes = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        hashes.push((hash(item, steps)?, index));
    }
    hashes.sort_unstable();
    for (at, (hash, index)) in hashes.iter().enumerate() {
        for (_, other) in hashes[at + 1..].iter().take_while(|(other, _)| other == hash) {
            if equal(&items[*index], &items[*other], steps)? {
                return Some(false);
            }
        }
    }
    Some(true)
}

/// A hash that is the same for equal values; `None` if the steps run out.
fn hash(value: &Value, steps: &mut Steps) -> Option<u64> {
    steps.take(1)?;
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Bool(value) => value.hash(&mut hasher),
        // As doubles, so that 1 and 1.0 meet; those that only meet there are told apart by `equal`. Zero has two signs.
        Value::Number(value) => value.as_f64().map(|value| (value + 0.0).to_bits()).hash(&mut hasher),
        Value::String(text) => {
            steps.take_bytes(text.len())?;
            text.hash(&mut hasher);
        }
        Value::Array(items) => {
            for item in items {
                hash(item, steps)?.hash(&mut hasher);
            }
        }
        Value::Object(members) => {
            // A sum does not depend on the order of the members.
            let mut sum = 0_u64;
            for (key, value) in members {
                steps.take_bytes(key.len())?;
                let mut member = DefaultHasher::new();
                key.hash(&mut member);
                hash(value, steps)?.hash(&mut member);
                sum = sum.wrapping_add(member.finish());
            }
            sum.hash(&mut hasher);
        }
    }
    Some(hasher.finish())
}

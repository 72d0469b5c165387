//! What changed from one value to another, by pointer.

use super::{Value, push_token};

/// How one place of a value differs from the same place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'v> {
    /// Only the second has it.
    Added(&'v Value),
    /// Only the first has it.
    Removed(&'v Value),
    /// They have different values there.
    Replaced {
        /// The first's.
        before: &'v Value,
        /// The second's.
        after: &'v Value,
    },
}

/// Calls `found` for every place at which `after` differs from `before`, with its JSON Pointer (RFC 6901); not at all
/// if the two are equal.
///
/// Taken in their order as the operations `add`, `remove` and `replace` of a JSON Patch (RFC 6902), the changes make
/// `before` into `after`. Objects are compared by member. Arrays are compared after what they share at both ends is
/// left out: item by item, and then as many items removed, the last one first, or added, as one has more.
///
/// Takes time in proportion to both values, times how deep they are. How much is kept of what is found is the caller's to bound: a pointer is
/// as long as the keys on its way, and there may be as many changes as there are values.
pub fn differences<'v>(before: &'v Value, after: &'v Value, mut found: impl FnMut(&str, Change<'v>)) {
    compare(before, after, &mut String::new(), &mut found);
}

/// As [`differences`], for the values at `pointer`.
fn compare<'v>(before: &'v Value, after: &'v Value, pointer: &mut String, found: &mut dyn FnMut(&str, Change<'v>)) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, before) in old.iter() {
                at(pointer, key, |pointer| match new.get(key) {
                    Some(after) => compare(before, after, pointer, found),
                    None => found(pointer, Change::Removed(before)),
                });
            }
            for (key, after) in new.iter().filter(|(key, _)| old.get(key).is_none()) {
                at(pointer, key, |pointer| found(pointer, Change::Added(after)));
            }
        }
        (Value::Array(old), Value::Array(new)) => compare_items(old, new, pointer, found),
        _ if before == after => {}
        _ => found(pointer, Change::Replaced { before, after }),
    }
}

/// As [`differences`], for the arrays at `pointer`.
fn compare_items<'v>(
    old: &'v [Value],
    new: &'v [Value],
    pointer: &mut String,
    found: &mut dyn FnMut(&str, Change<'v>),
) {
    let first = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(first..).unwrap_or_default(), new.get(first..).unwrap_or_default());
    let shared = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, _) = old.split_at(old.len() - shared);
    let (new, _) = new.split_at(new.len() - shared);
    for (index, (before, after)) in old.iter().zip(new).enumerate() {
        at(pointer, &(first + index).to_string(), |pointer| compare(before, after, pointer, found));
    }
    for (index, before) in old.iter().enumerate().skip(new.len()).rev() {
        at(pointer, &(first + index).to_string(), |pointer| found(pointer, Change::Removed(before)));
    }
    for (index, after) in new.iter().enumerate().skip(old.len()) {
        at(pointer, &(first + index).to_string(), |pointer| found(pointer, Change::Added(after)));
    }
}

/// Does something at the member or item `token` of what is at `pointer`.
fn at(pointer: &mut String, token: &str, something: impl FnOnce(&mut String)) {
    let here = pointer.len();
    push_token(pointer, token);
    something(pointer);
    pointer.truncate(here);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::super::{parse, tests::value};
    use super::*;

    /// The changes as lines.
    fn told(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (parse(before.as_bytes()).unwrap(), parse(after.as_bytes()).unwrap());
        let mut lines = Vec::new();
        differences(&before, &after, |pointer, change| {
            lines.push(match change {
                Change::Added(after) => format!("{pointer} + {after}"),
                Change::Removed(before) => format!("{pointer} - {before}"),
                Change::Replaced { before, after } => format!("{pointer} {before} > {after}"),
            });
        });
        lines
    }

    /// Changes `value` as RFC 6902 says. A reference implementation, of no use on values that it does not fit.
    fn apply(value: &mut Value, pointer: &str, change: Change<'_>) {
        if let Change::Replaced { after, .. } = change {
            *value.pointer_mut(pointer).unwrap() = after.clone();
            return;
        }
        let (parent, token) = pointer.rsplit_once('/').unwrap();
        let token = token.replace("~1", "/").replace("~0", "~");
        match (value.pointer_mut(parent).unwrap(), change) {
            (Value::Object(object), Change::Added(after)) => assert_eq!(object.insert(token, after.clone()), None),
            (Value::Object(object), _) => assert!(object.remove(&token).is_some()),
            (Value::Array(items), Change::Added(after)) => items.insert(token.parse().unwrap(), after.clone()),
            (Value::Array(items), _) => drop(items.remove(token.parse().unwrap())),
            (other, _) => assert_eq!(*other, Value::Array(Vec::new()), "nothing can be put into what is at `{parent}`"),
        }
    }

    #[test]
    fn a_change_is_told_where_it_is() {
        assert_eq!(
            told(r#"{"a":1,"b":{"c/d":"x"},"e":0}"#, r#"{"e":0.0,"b":{"c/d":"y"},"f":[]}"#),
            ["/a - 1", r#"/b/c~1d "x" > "y""#, "/f + []"]
        );
        assert_eq!(told("1", "2"), [" 1 > 2"]);
        assert_eq!(told("[]", "{}"), [" [] > {}"]);
    }

    #[test]
    fn an_item_put_into_an_array_is_one_change() {
        assert_eq!(told(r#"["a","b","c"]"#, r#"["a","x","b","c"]"#), [r#"/1 + "x""#]);
        assert_eq!(told(r#"["a","b","c","d"]"#, r#"["a","d"]"#), [r#"/2 - "c""#, r#"/1 - "b""#]);
        assert_eq!(told("[1,1]", "[1]"), ["/1 - 1"]);
        assert_eq!(told("[[1],2]", "[[3],2]"), ["/0/0 1 > 3"]);
    }

    proptest! {
        #[test]
        fn the_changes_make_one_value_into_the_other(before in value(), after in value()) {
            let mut changed = before.clone();
            differences(&before, &after, |pointer, change| apply(&mut changed, pointer, change));
            prop_assert_eq!(&changed, &after);
        }

        #[test]
        fn there_is_no_change_only_where_there_is_none(value in value(), other in value()) {
            let count = |before: &Value, after: &Value| {
                let mut changes = 0;
                differences(before, after, |_, _| changes += 1);
                changes
            };
            prop_assert_eq!(count(&value, &value), 0);
            prop_assert_eq!(count(&value, &other) == 0, value == other);
        }

        /// Values that are much alike: the same items and members, some left out.
        #[test]
        fn the_changes_of_what_is_alike_make_one_into_the_other(
            items in prop::collection::vec((value(), any::<[bool; 4]>()), 0..8)
        ) {
            let part = |one: usize, other: usize| {
                let chosen = |index: usize| {
                    items.iter().filter(move |(_, there)| there.get(index) == Some(&true)).map(|(value, _)| value.clone())
                };
                let mut object = super::super::Object::new();
                for (key, value) in chosen(one).enumerate() {
                    object.insert(key.to_string(), value);
                }
                Value::Array(chosen(other).chain([object.into()]).collect())
            };
            let (before, after) = (part(0, 1), part(2, 3));
            let mut changed = before.clone();
            differences(&before, &after, |pointer, change| apply(&mut changed, pointer, change));
            prop_assert_eq!(&changed, &after);
        }
    }
}

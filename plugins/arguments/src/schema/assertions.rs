//! Keywords that say something of the value itself (validation, section 6).

use std::cmp::Ordering;

use serde_json::Value;

use super::evaluate::{Answer, At, Evaluation};
use super::pattern::Matched;
use super::{Why, equal, number};

/// What a keyword about sizes counts, and whether it is the least or the most.
struct Size {
    keyword: &'static str,
    actual: fn(&Value) -> Option<usize>,
    most: bool,
}

/// The keywords about sizes.
const SIZES: &[Size] = &[
    Size { keyword: "maxItems", actual: items, most: true },
    Size { keyword: "maxLength", actual: characters, most: true },
    Size { keyword: "maxProperties", actual: members, most: true },
    Size { keyword: "minItems", actual: items, most: false },
    Size { keyword: "minLength", actual: characters, most: false },
    Size { keyword: "minProperties", actual: members, most: false },
];

/// How a number may compare with a bound.
type Holds = fn(Ordering) -> bool;

/// The keywords about the size of a number.
const BOUNDS: &[(&str, Holds)] = &[
    ("exclusiveMaximum", Ordering::is_lt),
    ("exclusiveMinimum", Ordering::is_gt),
    ("maximum", Ordering::is_le),
    ("minimum", Ordering::is_ge),
];

fn items(value: &Value) -> Option<usize> {
    value.as_array().map(Vec::len)
}

fn members(value: &Value) -> Option<usize> {
    value.as_object().map(serde_json::Map::len)
}

/// The length of a string, in characters (section 6.3.1).
fn characters(value: &Value) -> Option<usize> {
    value.as_str().map(|text| text.chars().count())
}

impl<'s> Evaluation<'s> {
    /// What a keyword says of the value itself. One that is in no table is an annotation.
    pub(super) fn assertion(&mut self, at: At<'s, '_, '_>, keyword: &str, said: &'s Value) -> Answer {
        match keyword {
            "type" => self.kind(at, said),
            "enum" => self.listed(at, said),
            "const" => self.constant(at, said),
            "multipleOf" => self.multiple(at, said),
            "pattern" => self.pattern(at, said),
            "required" => self.required(at, said),
            "dependentRequired" => self.dependent_required(at, said),
            "uniqueItems" => self.unique_items(at, said),
            _ => {
                if let Some(size) = SIZES.iter().find(|size| size.keyword == keyword) {
                    return self.size(at, size, said);
                }
                match BOUNDS.iter().find(|(name, _)| *name == keyword) {
                    Some((name, holds)) => self.bound(at, name, said, *holds),
                    None => Answer::Valid,
                }
            }
        }
    }

    fn hold(&mut self, at: At<'s, '_, '_>, keyword: &'static str, holds: bool) -> Answer {
        if holds { Answer::Valid } else { self.invalid(at, keyword) }
    }

    fn kind(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let holds = match said {
            Value::String(kind) => is_of(kind, at.value),
            Value::Array(kinds) => {
                if self.steps.take(kinds.len()).is_none() {
                    return self.costly(at, "type");
                }
                kinds.iter().try_fold(false, |holds, kind| Some(holds | is_of(kind.as_str()?, at.value)?))
            }
            _ => None,
        };
        match holds {
            Some(holds) => self.hold(at, "type", holds),
            None => self.malformed(at, "type"),
        }
    }

    fn listed(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(values) = said.as_array() else { return self.malformed(at, "enum") };
        for value in values {
            match equal::equal(value, at.value, &mut self.steps) {
                Some(true) => return Answer::Valid,
                Some(false) => {}
                None => return self.costly(at, "enum"),
            }
        }
        self.invalid(at, "enum")
    }

    fn constant(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        match equal::equal(said, at.value, &mut self.steps) {
            Some(holds) => self.hold(at, "const", holds),
            None => self.costly(at, "const"),
        }
    }

    fn multiple(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Value::Number(factor) = said else { return self.malformed(at, "multipleOf") };
        let Value::Number(value) = at.value else { return Answer::Valid };
        match number::is_multiple(value, factor) {
            Some(holds) => self.hold(at, "multipleOf", holds),
            None => self.malformed(at, "multipleOf"),
        }
    }

    fn bound(&mut self, at: At<'s, '_, '_>, keyword: &'static str, said: &'s Value, holds: Holds) -> Answer {
        let Value::Number(bound) = said else { return self.malformed(at, keyword) };
        let Value::Number(value) = at.value else { return Answer::Valid };
        self.hold(at, keyword, number::compare(value, bound).is_some_and(holds))
    }

    fn size(&mut self, at: At<'s, '_, '_>, size: &Size, said: &'s Value) -> Answer {
        let bound = match said {
            Value::Number(bound) => number::count(bound),
            _ => None,
        };
        let Some(bound) = bound else { return self.malformed(at, size.keyword) };
        if at.value.as_str().is_some_and(|text| self.steps.take_bytes(text.len()).is_none()) {
            return self.costly(at, size.keyword);
        }
        let Some(actual) = (size.actual)(at.value) else { return Answer::Valid };
        let actual = u64::try_from(actual).unwrap_or(u64::MAX);
        self.hold(at, size.keyword, if size.most { actual <= bound } else { actual >= bound })
    }

    fn pattern(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Value::String(pattern) = said else { return self.malformed(at, "pattern") };
        let Value::String(text) = at.value else { return Answer::Valid };
        match self.patterns.matches(pattern, text, &mut self.steps) {
            Matched::Known(holds) => self.hold(at, "pattern", holds),
            Matched::Unsupported => self.unknown(Why::Unsupported, "pattern", at.schema),
            Matched::Costly => self.costly(at, "pattern"),
        }
    }

    fn required(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(names) = said.as_array() else { return self.malformed(at, "required") };
        self.has_all(at, names, "required")
    }

    /// Whether an object has all these members.
    pub(super) fn has_all(&mut self, at: At<'s, '_, '_>, names: &'s [Value], keyword: &'static str) -> Answer {
        let Value::Object(members) = at.value else { return Answer::Valid };
        if self.steps.take(names.len()).is_none() {
            return self.costly(at, keyword);
        }
        let has = names.iter().try_fold(true, |has, name| Some(has & members.contains_key(name.as_str()?)));
        match has {
            Some(has) => self.hold(at, keyword, has),
            None => self.malformed(at, keyword),
        }
    }

    fn dependent_required(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(lists) = said.as_object() else { return self.malformed(at, "dependentRequired") };
        let Value::Object(members) = at.value else { return Answer::Valid };
        let mut answer = Answer::Valid;
        for key in members.keys() {
            if self.steps.take(1).is_none() {
                return answer.and(self.costly(at, "dependentRequired"));
            }
            answer = answer.and(match lists.get(key) {
                None => Answer::Valid,
                Some(Value::Array(names)) => self.has_all(at, names, "dependentRequired"),
                Some(_) => self.malformed(at, "dependentRequired"),
            });
        }
        answer
    }

    fn unique_items(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Value::Bool(unique) = said else { return self.malformed(at, "uniqueItems") };
        let (true, Value::Array(items)) = (unique, at.value) else { return Answer::Valid };
        match equal::are_unique(items, &mut self.steps) {
            Some(holds) => self.hold(at, "uniqueItems", holds),
            None => self.costly(at, "uniqueItems"),
        }
    }
}

/// Whether a value is of a type, by the name that schemas have for it; `None` if there is no such type.
fn is_of(kind: &str, value: &Value) -> Option<bool> {
    Some(match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "integer" => matches!(value, Value::Number(number) if number::is_integer(number)),
        _ => return None,
    })
}

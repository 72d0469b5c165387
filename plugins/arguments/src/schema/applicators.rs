//! Keywords that apply schemas: to the same value, or to values inside it (core, section 10).
//!
//! Every loop ends when the steps are used up; what it had not reached is then unknown.

use serde_json::{Map, Value};

use super::evaluate::{Answer, At, Evaluation};
use super::pattern::Matched;
use super::place::Place;
use super::reference::{cost, resolve};
use super::{Why, number};

impl<'s> Evaluation<'s> {
    pub(super) fn reference(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(reference) = said.as_str() else { return self.malformed(at, "$ref") };
        if self.steps.take(cost(self.root, reference)).is_none() {
            return self.costly(at, "$ref");
        }
        let Some(schema) = resolve(self.root, reference) else {
            return self.unknown(Why::Unsupported, "$ref", at.schema);
        };
        self.evaluate(schema, &Place::Key(at.schema, "$ref"), at.value, at.instance)
    }

    pub(super) fn all_of(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(schemas) = said.as_array() else { return self.malformed(at, "allOf") };
        let place = Place::Key(at.schema, "allOf");
        let mut answer = Answer::Valid;
        for (index, schema) in schemas.iter().enumerate() {
            answer = answer.and(self.evaluate(schema, &Place::Index(&place, index), at.value, at.instance));
            if self.is_spent() {
                break;
            }
        }
        answer
    }

    /// How many of the alternatives are valid (counted up to two) and how many unknown.
    fn alternatives(&mut self, at: At<'s, '_, '_>, schemas: &'s [Value], enough: usize) -> (usize, usize) {
        let (mut valid, mut unknown) = (0, 0);
        for schema in schemas {
            match self.tentatively(|this| this.evaluate(schema, at.schema, at.value, at.instance)) {
                Answer::Valid => valid += 1,
                Answer::Unknown => unknown += 1,
                Answer::Invalid => {}
            }
            if valid == enough || self.is_spent() {
                break;
            }
        }
        (valid, unknown)
    }

    pub(super) fn any_of(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(schemas) = said.as_array() else { return self.malformed(at, "anyOf") };
        match self.alternatives(at, schemas, 1) {
            (1.., _) => Answer::Valid,
            _ if self.is_spent() => self.costly(at, "anyOf"),
            (0, 1..) => Answer::Unknown,
            (0, 0) => self.invalid(at, "anyOf"),
        }
    }

    pub(super) fn one_of(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(schemas) = said.as_array() else { return self.malformed(at, "oneOf") };
        match self.alternatives(at, schemas, 2) {
            (2.., _) => self.invalid(at, "oneOf"),
            _ if self.is_spent() => self.costly(at, "oneOf"),
            (_, 1..) => Answer::Unknown,
            (1, 0) => Answer::Valid,
            (0, 0) => self.invalid(at, "oneOf"),
        }
    }

    pub(super) fn not(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        match self.tentatively(|this| this.evaluate(said, at.schema, at.value, at.instance)) {
            Answer::Valid => self.invalid(at, "not"),
            Answer::Invalid => Answer::Valid,
            Answer::Unknown => Answer::Unknown,
        }
    }

    pub(super) fn conditional(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let branch = |this: &mut Self, keyword: &'static str| match at.object.get(keyword) {
            Some(schema) => this.evaluate(schema, &Place::Key(at.schema, keyword), at.value, at.instance),
            None => Answer::Valid,
        };
        match self.tentatively(|this| this.evaluate(said, at.schema, at.value, at.instance)) {
            Answer::Valid => branch(self, "then"),
            Answer::Invalid => branch(self, "else"),
            Answer::Unknown => {
                let then = self.tentatively(|this| branch(this, "then"));
                let otherwise = self.tentatively(|this| branch(this, "else"));
                match (then, otherwise) {
                    (Answer::Valid, Answer::Valid) => Answer::Valid,
                    (Answer::Invalid, Answer::Invalid) => self.invalid(at, "if"),
                    _ => Answer::Unknown,
                }
            }
        }
    }

    pub(super) fn properties(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(schemas) = said.as_object() else { return self.malformed(at, "properties") };
        let Value::Object(members) = at.value else { return Answer::Valid };
        let place = Place::Key(at.schema, "properties");
        self.members(members, "properties", at, |this, key, value| {
            let Some(schema) = schemas.get(key) else { return Answer::Valid };
            this.evaluate(schema, &Place::Key(&place, key), value, &Place::Key(at.instance, key))
        })
    }

    pub(super) fn pattern_properties(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(schemas) = said.as_object() else { return self.malformed(at, "patternProperties") };
        let Value::Object(members) = at.value else { return Answer::Valid };
        let place = Place::Key(at.schema, "patternProperties");
        self.members(members, "patternProperties", at, |this, key, value| {
            let mut answer = Answer::Valid;
            for (pattern, schema) in schemas {
                let next = match this.patterns.matches(pattern, key, &mut this.steps) {
                    Matched::Known(false) => Answer::Valid,
                    Matched::Known(true) => {
                        this.evaluate(schema, &Place::Key(&place, pattern), value, &Place::Key(at.instance, key))
                    }
                    Matched::Unsupported => this.unknown(Why::Unsupported, "patternProperties", at.schema),
                    Matched::Costly => return this.costly(at, "patternProperties"),
                };
                answer = answer.and(next);
            }
            answer
        })
    }

    pub(super) fn additional_properties(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Value::Object(members) = at.value else { return Answer::Valid };
        if *said == Value::Bool(true) {
            return Answer::Valid;
        }
        let named = at.object.get("properties").and_then(Value::as_object);
        let patterns = at.object.get("patternProperties").and_then(Value::as_object);
        let place = Place::Key(at.schema, "additionalProperties");
        self.members(members, "additionalProperties", at, |this, key, value| {
            if named.is_some_and(|named| named.contains_key(key)) {
                return Answer::Valid;
            }
            for pattern in patterns.into_iter().flat_map(Map::keys) {
                match this.patterns.matches(pattern, key, &mut this.steps) {
                    Matched::Known(true) => return Answer::Valid,
                    Matched::Known(false) => {}
                    Matched::Unsupported => {
                        return this.unknown(Why::Unsupported, "patternProperties", at.schema);
                    }
                    Matched::Costly => return this.costly(at, "additionalProperties"),
                }
            }
            if *said == Value::Bool(false) {
                return this.invalid_name(at, "additionalProperties", key);
            }
            this.evaluate(said, &place, value, &Place::Key(at.instance, key))
        })
    }

    pub(super) fn property_names(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Value::Object(members) = at.value else { return Answer::Valid };
        self.members(members, "propertyNames", at, |this, key, _| {
            let name = Value::String(key.to_string());
            match this.tentatively(|this| this.evaluate(said, at.schema, &name, at.instance)) {
                Answer::Invalid => this.invalid_name(at, "propertyNames", key),
                other => other,
            }
        })
    }

    /// `dependentSchemas`, and `dependencies` of older drafts, which may also list names.
    pub(super) fn dependent_schemas(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(schemas) = said.as_object() else { return self.malformed(at, "dependentSchemas") };
        let Value::Object(members) = at.value else { return Answer::Valid };
        let place = Place::Key(at.schema, "dependentSchemas");
        self.members(members, "dependentSchemas", at, |this, key, _| match schemas.get(key) {
            None => Answer::Valid,
            Some(Value::Array(names)) => this.has_all(at, names, "dependencies"),
            Some(schema) => this.evaluate(schema, &Place::Key(&place, key), at.value, at.instance),
        })
    }

    /// Does `each` for every member of an object.
    fn members<'v>(
        &mut self,
        members: &'v Map<String, Value>,
        keyword: &'static str,
        at: At<'s, '_, '_>,
        mut each: impl FnMut(&mut Self, &'v str, &'v Value) -> Answer,
    ) -> Answer {
        let mut answer = Answer::Valid;
        for (key, value) in members {
            if self.steps.take(1).is_none() {
                return answer.and(self.costly(at, keyword));
            }
            answer = answer.and(each(self, key, value));
        }
        answer
    }

    pub(super) fn prefix_items(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Some(schemas) = said.as_array() else { return self.malformed(at, "prefixItems") };
        self.tuple(at, schemas, "prefixItems")
    }

    fn tuple(&mut self, at: At<'s, '_, '_>, schemas: &'s [Value], keyword: &'static str) -> Answer {
        let Value::Array(items) = at.value else { return Answer::Valid };
        let place = Place::Key(at.schema, keyword);
        let mut answer = Answer::Valid;
        for (index, (schema, item)) in schemas.iter().zip(items).enumerate() {
            if self.is_spent() {
                return answer.and(self.costly(at, keyword));
            }
            let next = self.evaluate(schema, &Place::Index(&place, index), item, &Place::Index(at.instance, index));
            answer = answer.and(next);
        }
        answer
    }

    pub(super) fn items(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        // Before draft 2020-12, what is now `prefixItems`.
        if let Value::Array(schemas) = said {
            return self.tuple(at, schemas, "items");
        }
        let first = at.object.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        self.rest(at, said, first, "items")
    }

    pub(super) fn additional_items(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        match at.object.get("items") {
            Some(Value::Array(schemas)) => self.rest(at, said, schemas.len(), "additionalItems"),
            _ => Answer::Valid,
        }
    }

    /// Items from `first` on.
    fn rest(&mut self, at: At<'s, '_, '_>, schema: &'s Value, first: usize, keyword: &'static str) -> Answer {
        let Value::Array(items) = at.value else { return Answer::Valid };
        let place = Place::Key(at.schema, keyword);
        let mut answer = Answer::Valid;
        for (index, item) in items.iter().enumerate().skip(first) {
            if self.is_spent() {
                return answer.and(self.costly(at, keyword));
            }
            answer = answer.and(self.evaluate(schema, &place, item, &Place::Index(at.instance, index)));
        }
        answer
    }

    pub(super) fn contains(&mut self, at: At<'s, '_, '_>, said: &'s Value) -> Answer {
        let Value::Array(items) = at.value else { return Answer::Valid };
        let bound = |keyword: &str| match at.object.get(keyword) {
            None => Some(None),
            Some(Value::Number(number)) => number::count(number).map(Some),
            Some(_) => None,
        };
        let Some(least) = bound("minContains") else { return self.malformed(at, "minContains") };
        let Some(most) = bound("maxContains") else { return self.malformed(at, "maxContains") };
        let (mut valid, mut unknown) = (0_u64, 0_u64);
        for (index, item) in items.iter().enumerate() {
            let place = Place::Index(at.instance, index);
            match self.tentatively(|this| this.evaluate(said, at.schema, item, &place)) {
                Answer::Valid => valid += 1,
                Answer::Unknown => unknown += 1,
                Answer::Invalid => {}
            }
            if self.is_spent() {
                return self.costly(at, "contains");
            }
        }
        let (least, most) = (least.unwrap_or(1), most.unwrap_or(u64::MAX));
        if valid > most {
            return self.invalid(at, "maxContains");
        }
        if valid + unknown < least {
            return self.invalid(at, "contains");
        }
        if valid >= least && valid + unknown <= most { Answer::Valid } else { Answer::Unknown }
    }
}

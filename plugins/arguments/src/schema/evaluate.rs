//! One schema against one value.

use serde_json::{Map, Value};

use super::pattern::Patterns;
use super::place::Place;
use super::{MAX_LISTED, Mismatch, Outcome, Unchecked, Why};

/// How deep schemas may be applied within one another. Arguments nest at most 64 deep (the host's own bound), and a
/// schema takes one or two levels for each of theirs; whoever goes deeper refers to itself.
const MAX_DEPTH: usize = 160;

/// What is known of a value and a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The value satisfies it.
    Valid,
    /// It does not.
    Invalid,
    /// It cannot be told.
    Unknown,
}

impl Answer {
    /// Both must hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Invalid, _) | (_, Self::Invalid) => Self::Invalid,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Valid, Self::Valid) => Self::Valid,
        }
    }
}

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Self::Valid } else { Self::Invalid }
    }
}

/// The steps that are left.
#[derive(Debug)]
pub(super) struct Steps(usize);

impl Steps {
    /// Takes `count` of them; `None` if there are not so many left, and then none are.
    pub(super) fn take(&mut self, count: usize) -> Option<()> {
        let left = self.0.checked_sub(count);
        self.0 = left.unwrap_or(0);
        left.map(|_| ())
    }

    /// Takes those for handling so many bytes of text.
    pub(super) fn take_bytes(&mut self, bytes: usize) -> Option<()> {
        self.take(bytes / 16)
    }
}

/// A check under way.
pub(super) struct Evaluation<'s> {
    pub(super) root: &'s Value,
    pub(super) steps: Steps,
    pub(super) patterns: Patterns<'s>,
    /// Before draft 2019-09, nothing beside a `$ref` counted.
    reference_alone: bool,
    depth: usize,
    outcome: Outcome,
}

/// A schema and a value, with their places.
#[derive(Clone, Copy)]
pub(super) struct At<'s, 'v, 'p> {
    pub(super) schema: &'p Place<'p>,
    pub(super) instance: &'p Place<'p>,
    pub(super) object: &'s Map<String, Value>,
    pub(super) value: &'v Value,
}

impl<'s> Evaluation<'s> {
    pub(super) fn new(root: &'s Value, steps: usize) -> Self {
        let draft = root.get("$schema").and_then(Value::as_str).unwrap_or_default();
        Self {
            root,
            steps: Steps(steps),
            patterns: Patterns::default(),
            reference_alone: draft.contains("json-schema.org/draft-0"),
            depth: 0,
            outcome: Outcome::default(),
        }
    }

    pub(super) fn run(mut self, instance: &Value) -> Outcome {
        let answer = self.evaluate(self.root, &Place::Root, instance, &Place::Root);
        if answer == Answer::Valid {
            // What could not be checked made no difference.
            return Outcome::default();
        }
        self.outcome
    }

    /// Holds `value` against `schema`.
    pub(super) fn evaluate(
        &mut self,
        schema: &'s Value,
        schema_place: &Place<'_>,
        value: &Value,
        place: &Place<'_>,
    ) -> Answer {
        let object = match schema {
            Value::Bool(true) => return Answer::Valid,
            Value::Bool(false) => return self.refuse("false", schema_place, place),
            Value::Object(object) => object,
            _ => return self.unknown(Why::Malformed, "", schema_place),
        };
        if self.depth >= MAX_DEPTH || self.steps.take(1 + object.len()).is_none() {
            return self.unknown(Why::Costly, "", schema_place);
        }
        self.depth += 1;
        let answer = self.keywords(At { schema: schema_place, instance: place, object, value });
        self.depth -= 1;
        answer
    }

    /// Every keyword of a schema.
    fn keywords(&mut self, at: At<'s, '_, '_>) -> Answer {
        if let Some(reference) = at.object.get("$ref")
            && self.reference_alone
        {
            return self.reference(at, reference);
        }
        let mut answer = Answer::Valid;
        for (keyword, said) in at.object {
            answer = answer.and(self.keyword(at, keyword, said));
        }
        answer
    }

    /// What one keyword says. Those that go with another are left to that one.
    fn keyword(&mut self, at: At<'s, '_, '_>, keyword: &str, said: &'s Value) -> Answer {
        match keyword {
            "$ref" => self.reference(at, said),
            "allOf" => self.all_of(at, said),
            "anyOf" => self.any_of(at, said),
            "oneOf" => self.one_of(at, said),
            "not" => self.not(at, said),
            "if" => self.conditional(at, said),
            "properties" => self.properties(at, said),
            "patternProperties" => self.pattern_properties(at, said),
            "additionalProperties" => self.additional_properties(at, said),
            "propertyNames" => self.property_names(at, said),
            "dependentSchemas" | "dependencies" => self.dependent_schemas(at, said),
            "prefixItems" => self.prefix_items(at, said),
            "items" => self.items(at, said),
            "additionalItems" => self.additional_items(at, said),
            "contains" => self.contains(at, said),
            // They hold only beside `contains`, which looks at them.
            "minContains" | "maxContains" => Answer::Valid,
            // An embedded schema with a base of its own, against which its references would have to be read.
            "$id" if !self.is_root(at.object) && said.as_str().is_some_and(|id| !id.starts_with('#')) => {
                self.unknown(Why::Unsupported, "$id", at.schema)
            }
            "unevaluatedProperties" if at.value.is_object() && *said != Value::Bool(true) => {
                self.unknown(Why::Unsupported, "unevaluatedProperties", at.schema)
            }
            "unevaluatedItems" if at.value.is_array() && *said != Value::Bool(true) => {
                self.unknown(Why::Unsupported, "unevaluatedItems", at.schema)
            }
            "$dynamicRef" => self.unknown(Why::Unsupported, "$dynamicRef", at.schema),
            "$recursiveRef" => self.unknown(Why::Unsupported, "$recursiveRef", at.schema),
            _ => self.assertion(at, keyword, said),
        }
    }

    fn is_root(&self, object: &Map<String, Value>) -> bool {
        self.root.as_object().is_some_and(|root| std::ptr::eq(root, object))
    }

    /// The value does not satisfy this keyword.
    pub(super) fn invalid(&mut self, at: At<'_, '_, '_>, keyword: &'static str) -> Answer {
        self.refuse(keyword, &Place::Key(at.schema, keyword), at.instance)
    }

    fn refuse(&mut self, keyword: &'static str, schema: &Place<'_>, instance: &Place<'_>) -> Answer {
        self.list(|| Mismatch { keyword, schema: schema.shown(), instance: instance.pointer(), is_key: false });
        Answer::Invalid
    }

    /// The name of a member is not allowed.
    pub(super) fn invalid_name(&mut self, at: At<'_, '_, '_>, keyword: &'static str, key: &str) -> Answer {
        let member = Place::Key(at.instance, key);
        let schema = Place::Key(at.schema, keyword);
        self.list(|| Mismatch { keyword, schema: schema.shown(), instance: member.pointer(), is_key: true });
        Answer::Invalid
    }

    fn list(&mut self, mismatch: impl FnOnce() -> Mismatch) {
        if self.outcome.mismatches.len() < MAX_LISTED {
            self.outcome.mismatches.push(mismatch());
        }
    }

    /// It cannot be told.
    pub(super) fn unknown(&mut self, why: Why, keyword: &'static str, schema: &Place<'_>) -> Answer {
        let unchecked = &mut self.outcome.unchecked;
        if unchecked.len() < MAX_LISTED && unchecked.iter().all(|other| other.why != why || other.keyword != keyword) {
            unchecked.push(Unchecked { why, keyword, schema: schema.shown() });
        }
        Answer::Unknown
    }

    /// A keyword whose value has not the form that it must have.
    pub(super) fn malformed(&mut self, at: At<'_, '_, '_>, keyword: &'static str) -> Answer {
        self.unknown(Why::Malformed, keyword, &Place::Key(at.schema, keyword))
    }

    /// The steps ran out at this keyword.
    pub(super) fn costly(&mut self, at: At<'_, '_, '_>, keyword: &'static str) -> Answer {
        self.unknown(Why::Costly, keyword, &Place::Key(at.schema, keyword))
    }

    /// Whether the steps are used up.
    pub(super) fn is_spent(&self) -> bool {
        self.steps.0 == 0
    }

    /// Does `step` without listing the mismatches that it finds: they are those of an alternative.
    pub(super) fn tentatively(&mut self, step: impl FnOnce(&mut Self) -> Answer) -> Answer {
        let listed = self.outcome.mismatches.len();
        let answer = step(self);
        self.outcome.mismatches.truncate(listed);
        answer
    }
}

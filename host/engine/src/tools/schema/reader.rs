//! [`Reader`]: from a schema to its [`Form`].

use std::collections::BTreeSet;

use super::form::{Content, Form, Members, Slot};
use super::keywords::Keywords;
use super::{
    MAX_ALTERNATIVES, MAX_DEPTH, MAX_LISTED, MAX_MEMBERS, MAX_NAME, MAX_NESTED, MAX_READ, MAX_VALUE, leaves, reference,
    role,
};
use crate::json::Value;
use crate::tools::{Because, JsonType, LeafKind};

/// Reads one definition's schema.
///
/// What it reads, and in which order, does not depend on the order of the members of any object, so neither does what
/// is left unread.
pub(super) struct Reader<'s> {
    /// What `#` refers to.
    root: &'s Value,
    /// How much may still be read, as [`MAX_READ`] counts it.
    left: usize,
    /// The schemas that are being read, the outermost first.
    open: Vec<&'s Value>,
    /// The schema that is being read is in a document of its own, whose references are not to `root`.
    embedded: bool,
}

impl<'s> Reader<'s> {
    /// A reader of the schema `root`.
    pub(super) fn new(root: &'s Value) -> Self {
        Self { root, left: MAX_READ, open: Vec::new(), embedded: false }
    }

    /// What `schema` allows of a value inside `depth` arrays and objects.
    pub(super) fn schema(&mut self, schema: &'s Value, depth: usize) -> Form<'s> {
        if self.open.iter().any(|open| std::ptr::eq(*open, schema)) {
            return Form::opaque(Because::Recursive);
        }
        if depth > MAX_DEPTH || self.open.len() >= MAX_NESTED || !self.spend(1) {
            return Form::opaque(Because::TooLarge);
        }
        let object = match schema {
            Value::Bool(true) => return Form::any(),
            Value::Object(object) => object,
            _ => return Form::nothing(),
        };
        let Some(keywords) = Keywords::of(object).filter(|_| self.spend(object.len() / 16)) else {
            return Form::opaque(Because::TooLarge);
        };
        let around = self.embedded;
        self.embedded |= keywords.embedded && !self.open.is_empty();
        self.open.push(schema);
        let form = self.keywords(&keywords, depth);
        self.open.pop();
        self.embedded = around;
        form
    }

    /// Takes `cost` off what may still be read, or all of it if it is less.
    fn spend(&mut self, cost: usize) -> bool {
        let left = self.left.checked_sub(cost);
        self.left = left.unwrap_or_default();
        left.is_some()
    }

    /// What all keywords of one schema allow together.
    fn keywords(&mut self, keywords: &Keywords<'s>, depth: usize) -> Form<'s> {
        let mut forms = Met(None);
        if !keywords.leave_all_to_others() {
            forms.add(self.types(keywords, depth));
        }
        for listed in [keywords.constant.map(std::slice::from_ref), keywords.listed.map(list)].into_iter().flatten() {
            forms.add(self.listed(listed, keywords.types.is_some()));
        }
        if let Some(reference) = keywords.reference {
            forms.add(self.reference(reference, depth));
        }
        if let Some(schemas) = keywords.all_of {
            forms.add(self.all_of(schemas, depth));
        }
        if let Some(schemas) = keywords.any_of {
            forms.add(self.any_of(list(schemas), depth));
        }
        if let Some(schemas) = keywords.one_of {
            forms.add(self.one_of(list(schemas), depth));
        }
        let mut form = forms.all();
        form.null |= keywords.nullable;
        let role = keywords.role.and_then(role::named);
        for slot in form.slots.values_mut() {
            slot.role = role.or(slot.role);
            slot.vague |= keywords.vague;
        }
        form
    }

    /// What a schema allows by its types, and by the keywords that belong to one of them.
    ///
    /// Without `type`, keywords that name members or items imply one. Strictly, `properties` alone allows a string too;
    /// no server means that.
    fn types(&mut self, keywords: &Keywords<'s>, depth: usize) -> Form<'s> {
        let mut form = Form::nothing();
        match keywords.types {
            Some(Value::String(word)) => self.add_type(&mut form, word, keywords, depth),
            Some(types) => {
                // There are no more words than these.
                for word in list(types).iter().take(TYPES.len() + 1).filter_map(Value::as_str) {
                    if self.spend(1) {
                        self.add_type(&mut form, word, keywords, depth);
                    } else {
                        return Form::opaque(Because::TooLarge);
                    }
                }
            }
            None => {
                let object = keywords.properties.is_some();
                let array = keywords.items.is_some() || keywords.prefix_items.is_some();
                let any = keywords.listed.is_some() || keywords.constant.is_some() || !object && !array;
                for word in TYPES {
                    if any || object && word == "object" || array && word == "array" {
                        self.add_type(&mut form, word, keywords, depth);
                    }
                }
            }
        }
        form
    }

    /// Adds the values of the type `word` to `form`; none if it is not a type.
    fn add_type(&mut self, form: &mut Form<'s>, word: &str, keywords: &Keywords<'s>, depth: usize) {
        let (json, slot) = match word {
            "null" => return form.null = true,
            "boolean" => (JsonType::Bool, Slot::of(Content::any(LeafKind::Bool))),
            "integer" => (JsonType::Number, Slot::of(Content::any(LeafKind::Long))),
            "number" => (JsonType::Number, Slot::of(Content::any(LeafKind::Decimal))),
            "string" => match leaves::text(keywords) {
                Some(slot) => (JsonType::String, slot),
                None => return,
            },
            "array" => (JsonType::Array, Slot::of(self.array(keywords, depth))),
            "object" => (JsonType::Object, Slot::of(self.object(keywords, depth))),
            _ => return,
        };
        form.add(json, slot);
    }

    /// What the keywords of arrays allow.
    fn array(&mut self, keywords: &Keywords<'s>, depth: usize) -> Content<'s> {
        let (places, rest) = match (keywords.prefix_items, keywords.items) {
            (Some(places), rest) => (list(places), rest),
            // Before 2020-12.
            (None, Some(Value::Array(places))) => (places.as_slice(), keywords.additional_items),
            (None, items) => (<&[Value]>::default(), items),
        };
        if places.len() > MAX_ALTERNATIVES {
            return Content::Opaque(Because::TooLarge);
        }
        // No more items, or any more: no schema names them.
        let rest = rest.filter(|rest| **rest != Value::Bool(false));
        let mut same: Option<Form<'s>> = None;
        for schema in places.iter().chain(rest) {
            let items = self.schema(schema, depth + 1);
            if same.as_ref().is_some_and(|same| *same != items) {
                return Content::Opaque(Because::Tuple);
            }
            same = Some(items);
        }
        same.map_or(Content::Opaque(Because::Any), |items| Content::Items(Box::new(items)))
    }

    /// What the keywords of objects allow.
    fn object(&mut self, keywords: &Keywords<'s>, depth: usize) -> Content<'s> {
        // As if it were not there if it is too long: then nothing is known to be required.
        let required = keywords.required.map(list).filter(|names| names.len() <= MAX_MEMBERS);
        let required = required.unwrap_or_default().iter().filter_map(Value::as_str).filter(|name| is_readable(name));
        let required: BTreeSet<_> = required.collect();
        let mut members: Vec<_> = match keywords.properties {
            None => Vec::new(),
            Some(Value::Object(named)) if named.len() > MAX_MEMBERS => return Content::Opaque(Because::TooLarge),
            Some(Value::Object(named)) => named.iter().filter(|(name, _)| is_readable(name)).collect(),
            Some(_) => return Content::Opaque(Because::Nothing),
        };
        // All names before any member, so that a member that takes all there is leaves the others their names.
        let costs = required.iter().copied().chain(members.iter().map(|(name, _)| *name)).map(cost);
        if !self.spend(costs.sum()) {
            return Content::Opaque(Because::TooLarge);
        }
        members.sort_unstable_by_key(|(name, _)| *name);
        let named = members.into_iter().map(|(name, schema)| (name, self.schema(schema, depth + 1))).collect();
        Content::Members(Members { named, required })
    }

    /// The values of an enumeration. `typed` says that the schema names the types of its values besides.
    fn listed(&mut self, listed: &'s [Value], typed: bool) -> Form<'s> {
        let long = |value: &Value| value.as_str().is_some_and(|text| text.len() > MAX_VALUE);
        if listed.len() > MAX_LISTED || listed.iter().any(long) {
            if !typed {
                return Form::opaque(Because::TooLarge);
            }
            let mut form = Form::any();
            form.slots.values_mut().for_each(|slot| slot.vague = true);
            return form;
        }
        let mut form = Form::nothing();
        for value in listed {
            if !self.spend(cost(value.as_str().unwrap_or_default())) {
                return Form::opaque(Because::TooLarge);
            }
            form = form.join(leaves::constant(value));
        }
        form
    }

    /// What a reference allows.
    fn reference(&mut self, reference: &'s Value, depth: usize) -> Form<'s> {
        let target = reference.as_str().filter(|_| !self.embedded);
        match target.and_then(|reference| reference::target(self.root, reference)) {
            Some(target) => self.schema(target, depth),
            None => Form::opaque(Because::Reference),
        }
    }

    /// What all of `schemas` allow.
    fn all_of(&mut self, schemas: &'s Value, depth: usize) -> Form<'s> {
        match schemas {
            Value::Array(schemas) if schemas.len() > MAX_ALTERNATIVES => Form::opaque(Because::TooLarge),
            Value::Array(schemas) => {
                let mut forms = Met(None);
                for schema in schemas {
                    forms.add(self.schema(schema, depth));
                }
                forms.all()
            }
            _ => Form::nothing(),
        }
    }

    /// What one or more of `schemas` allow.
    fn any_of(&mut self, schemas: &'s [Value], depth: usize) -> Form<'s> {
        if schemas.len() > MAX_ALTERNATIVES {
            return Form::opaque(Because::TooLarge);
        }
        schemas.iter().fold(Form::nothing(), |form, schema| form.join(self.schema(schema, depth)))
    }

    /// What exactly one of `schemas` allows: no more than [`any_of`](Self::any_of).
    fn one_of(&mut self, schemas: &'s [Value], depth: usize) -> Form<'s> {
        if schemas.len() > MAX_ALTERNATIVES {
            return Form::opaque(Because::TooLarge);
        }
        let mut form = Form::nothing();
        let (mut texts, mut listed) = (0, Some(0));
        for schema in schemas {
            let alternative = self.schema(schema, depth);
            if let Some(slot) = alternative.slots.get(&JsonType::String) {
                texts += 1;
                listed = listed.zip(slot.content.listed()).map(|(all, listed)| all + listed.len());
            }
            form = form.join(alternative);
        }
        // What several alternatives allow is not allowed, unless they list what they allow and share nothing.
        if let Some(slot) = form.slots.get_mut(&JsonType::String).filter(|_| texts > 1) {
            slot.vague |= listed.is_none() || listed != slot.content.listed().map(BTreeSet::len);
        }
        form
    }
}

/// Forms of which all hold. Without any, every value is allowed; that form is large, and seldom needed.
struct Met<'s>(Option<Form<'s>>);

impl<'s> Met<'s> {
    fn add(&mut self, form: Form<'s>) {
        self.0 = Some(match self.0.take() {
            Some(others) => others.meet(form),
            None => form,
        });
    }

    fn all(self) -> Form<'s> {
        self.0.unwrap_or_else(Form::any)
    }
}

/// The types that JSON Schema names, but for `integer`, whose values `number` has.
const TYPES: [&str; 6] = ["null", "boolean", "number", "string", "array", "object"];

/// The items of an array; none of any other value, which then allows nothing.
fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_default()
}

/// What it takes to keep `text`, as [`MAX_READ`] counts it.
fn cost(text: &str) -> usize {
    1 + text.len() / 64
}

/// Whether a member of that name can be read.
fn is_readable(name: &str) -> bool {
    name.len() <= MAX_NAME
}

//! [`Keywords`]: the keywords of one schema, sorted out in one pass.

use super::MAX_KEYWORDS;
use crate::json::{Object, Value};

/// The keywords of one schema that say what its values look like, and whether there are others.
///
/// Their values are as they were sent: each is judged where it is read.
#[derive(Default)]
pub(super) struct Keywords<'s> {
    pub(super) types: Option<&'s Value>,
    pub(super) listed: Option<&'s Value>,
    pub(super) constant: Option<&'s Value>,
    pub(super) format: Option<&'s Value>,
    pub(super) min_length: Option<&'s Value>,
    pub(super) max_length: Option<&'s Value>,
    pub(super) properties: Option<&'s Value>,
    pub(super) required: Option<&'s Value>,
    pub(super) items: Option<&'s Value>,
    pub(super) prefix_items: Option<&'s Value>,
    pub(super) additional_items: Option<&'s Value>,
    pub(super) reference: Option<&'s Value>,
    pub(super) all_of: Option<&'s Value>,
    pub(super) any_of: Option<&'s Value>,
    pub(super) one_of: Option<&'s Value>,
    pub(super) role: Option<&'s Value>,
    /// `null` is allowed besides, by `nullable` of `OpenAPI` 3.0.
    pub(super) nullable: bool,
    /// It is a document of its own, so that `#` is not the definition's root.
    pub(super) embedded: bool,
    /// Something else in it may narrow strings, itself or inside.
    pub(super) vague: bool,
}

impl<'s> Keywords<'s> {
    /// The keywords of `schema`; `None` if it has more than [`MAX_KEYWORDS`].
    pub(super) fn of(schema: &'s Object) -> Option<Self> {
        let mut keywords = Self::default();
        if schema.len() > MAX_KEYWORDS {
            return None;
        }
        for (keyword, value) in schema.iter() {
            keywords.add(keyword, value);
        }
        Some(keywords)
    }

    /// Whether only other schemas, to which this one refers or which it combines, say what its values look like.
    pub(super) fn leave_all_to_others(&self) -> bool {
        let own = [self.types, self.format, self.min_length, self.max_length, self.properties, self.required];
        let more = [self.items, self.prefix_items, self.listed, self.constant];
        own.iter().chain(&more).all(Option::is_none)
    }

    fn add(&mut self, keyword: &str, value: &'s Value) {
        let place = match keyword {
            "type" => &mut self.types,
            "enum" => &mut self.listed,
            "const" => &mut self.constant,
            "minLength" => &mut self.min_length,
            "maxLength" => &mut self.max_length,
            "properties" => &mut self.properties,
            "required" => &mut self.required,
            "items" => &mut self.items,
            "prefixItems" => &mut self.prefix_items,
            "additionalItems" => &mut self.additional_items,
            // The dynamic ones are followed by nobody here: their values are not taken for pointers.
            "$ref" => &mut self.reference,
            "$dynamicRef" | "$recursiveRef" => return self.reference = Some(&Value::Null),
            "allOf" => &mut self.all_of,
            "anyOf" => &mut self.any_of,
            "oneOf" => &mut self.one_of,
            "x-guardhouse-role" => &mut self.role,
            "format" => {
                self.vague = true;
                &mut self.format
            }
            "nullable" => return self.nullable = *value == Value::Bool(true),
            // With a fragment alone it names a place, in drafts 4 to 7.
            "$id" | "id" => return self.embedded |= value.as_str().is_some_and(|id| !id.starts_with('#')),
            _ => return self.vague |= !leaves_strings_alone(keyword, value),
        };
        *place = Some(value);
    }
}

/// Whether a keyword that is not read is known to hold for whatever strings stand in a value. All that are not known may
/// narrow them: `pattern`, `not`, `if`, `uniqueItems`, and whatever a later draft brings.
fn leaves_strings_alone(keyword: &str, value: &Value) -> bool {
    match keyword {
        // As schemas they may hold for members that another schema names.
        "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems" => value.as_bool().is_some(),
        other => is_annotation(other) || is_of_numbers(other),
    }
}

/// Whether a keyword tells people about a value, or where other schemas are: 2020-12 Core, section 8, and Validation,
/// section 9, with their forerunners; `OpenAPI` 3.0; extensions.
fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "description"
            | "default"
            | "examples"
            | "example"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "$comment"
            | "$schema"
            | "$defs"
            | "definitions"
            | "$anchor"
            | "$dynamicAnchor"
            | "$recursiveAnchor"
            | "$vocabulary"
            | "discriminator"
    ) || keyword.starts_with("x-")
}

/// Whether a keyword is about numbers, or about how many items or which members there are: 2020-12 Validation, section 6.
fn is_of_numbers(keyword: &str) -> bool {
    matches!(
        keyword,
        "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "multipleOf"
            | "minItems"
            | "maxItems"
            | "minProperties"
            | "maxProperties"
            | "dependentRequired"
            | "propertyNames"
    )
}

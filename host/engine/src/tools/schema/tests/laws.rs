//! What holds for every schema.

use proptest::prelude::*;

use super::model::model;
use super::*;
use crate::json::Object;
use crate::tools::{JsonType, LeafKind, Takes};

/// Whether `value`, which is not `null`, has the shape, in whatever part of it that is not opaque.
fn has(shape: &Shape, value: &Value) -> bool {
    match (shape.of(JsonType::of(value).unwrap()), value) {
        (None, _) => false,
        (Some(Shape::Set(items)), Value::Array(values)) => values.iter().all(|value| has(items, value)),
        (Some(Shape::Record(record)), Value::Object(object)) => {
            record.fields.iter().all(|(name, field)| match object.get(name).filter(|value| **value != Value::Null) {
                Some(value) => has(&field.shape, value),
                None => !field.required,
            })
        }
        (Some(Shape::Leaf(leaf)), Value::Number(number)) => {
            (leaf.kind == LeafKind::Decimal || number.as_i64().is_some())
                && (leaf.fixes(value) || matches!(leaf.values, Values::Lengths(..)))
        }
        (Some(Shape::Leaf(leaf)), Value::String(text)) => leaf.takes(text) != Takes::No,
        (Some(_), _) => true,
    }
}

/// `value` with the members of all objects the other way round.
pub(super) fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(reversed).collect::<Vec<_>>().into(),
        Value::Object(object) => {
            let members: Vec<_> = object.iter().collect();
            let mut reverse = Object::new();
            for (key, value) in members.into_iter().rev() {
                reverse.insert(key, reversed(value));
            }
            reverse.into()
        }
        scalar => scalar.clone(),
    }
}

/// What is nearly a schema.
fn soup() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "string",
        "integer",
        "object",
        "array",
        "null",
        "a",
        "b",
        "date",
        "uri",
        "destination",
        "#",
        "#/$defs/a",
        "#/$defs/b",
        "#/properties/a",
        "https://example.com",
        "",
    ]);
    let keyword = prop::sample::select(vec![
        "type",
        "enum",
        "const",
        "format",
        "minLength",
        "maxLength",
        "properties",
        "required",
        "items",
        "prefixItems",
        "additionalItems",
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "oneOf",
        "x-guardhouse-role",
        "nullable",
        "$id",
        "not",
        "$defs",
        "a",
        "b",
    ]);
    let leaf = prop_oneof![
        3 => word.prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => (-1..9_i64).prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 96, 5, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            3 => prop::collection::vec((keyword.clone(), inner), 0..6).prop_map(|members| {
                let mut object = Object::new();
                for (keyword, value) in members {
                    object.insert(keyword, value);
                }
                object.into()
            }),
        ]
    })
}

/// The schema of arguments that has `alternatives` in `keyword` for its member `a`.
fn alternatives(keyword: &str, alternatives: &[String]) -> Shape {
    shape(&format!(r#"{{"properties":{{"a":{{"{keyword}":[{}]}}}}}}"#, alternatives.join(",")))
}

proptest! {
    #[test]
    fn whatever_is_read_keeps_the_laws_and_the_bounds(schema in prop_oneof![soup(), crate::json::tests::value()]) {
        let shape = arguments(Some(&schema));
        assert_lawful(&shape);
        prop_assert!(matches!(shape, Shape::Record(_) | Shape::Opaque(_)));
        prop_assert_eq!(arguments(Some(&schema)), shape);
    }

    #[test]
    fn the_order_of_members_means_nothing(schema in soup()) {
        prop_assert_eq!(arguments(Some(&reversed(&schema))), arguments(Some(&schema)));
    }

    #[test]
    fn annotations_mean_nothing(model in model()) {
        let annotations = r##","title":"T","description":"do as I say","default":{"enum":["x"]},"examples":[{"$ref":"#"}]"##;
        prop_assert_eq!(arguments(Some(&model.arguments(annotations))), arguments(Some(&model.arguments(""))));
    }

    #[test]
    fn a_value_that_satisfies_the_schema_has_the_shape(model in model(), picks in prop::collection::vec(any::<u8>(), 40)) {
        let shape = arguments(Some(&model.arguments("")));
        let mut object = Object::new();
        object.insert("a", model.value(&mut picks.into_iter()));
        let value = Value::from(object);
        prop_assert!(has(&shape, &value), "{} has not the shape {}", value, told(&shape));
    }

    #[test]
    fn the_order_of_alternatives_and_their_brackets_mean_nothing(a in model(), b in model(), c in model()) {
        // Without references: these have no place for definitions.
        let [a, b, c] = [a, b, c].map(|model| model.schema("", &mut Vec::new()));
        let any = |these: &[&String]| format!(r#"{{"anyOf":[{}]}}"#, these.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(","));
        let flat = alternatives("anyOf", &[a.clone(), b.clone(), c.clone()]);
        prop_assert_eq!(&alternatives("anyOf", &[c.clone(), a.clone(), b.clone()]), &flat);
        prop_assert_eq!(&alternatives("anyOf", &[any(&[&a, &b]), c.clone()]), &flat);
        prop_assert_eq!(&alternatives("anyOf", &[a.clone(), any(&[&c, &b])]), &flat);
        prop_assert_eq!(alternatives("allOf", &[c.clone(), b.clone()]), alternatives("allOf", &[b, c]));
    }
}

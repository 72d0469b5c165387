//! Cases from the specification's words, and schemas that ask for too much.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};

use super::{Outcome, Why, check};

fn held(schema: &Value, instance: &Value) -> Outcome {
    check(schema, instance, schema.to_string().len() + instance.to_string().len())
}

/// `true`, `false`, or `None` where it cannot be told.
fn holds(schema: &Value, instance: &Value) -> Option<bool> {
    let outcome = held(schema, instance);
    match (outcome.mismatches.is_empty(), outcome.unchecked.is_empty()) {
        (true, true) => Some(true),
        (false, _) => Some(false),
        (true, false) => None,
    }
}

/// Schemas with values that satisfy them and values that do not.
#[expect(clippy::too_many_lines, reason = "a table, one case a line or two")]
fn cases() -> Vec<(Value, Vec<Value>, Vec<Value>)> {
    vec![
        (json!(true), vec![json!(1)], vec![]),
        (json!(false), vec![], vec![json!(1)]),
        (json!({"type": "integer"}), vec![json!(1), json!(1.0), json!(-3)], vec![json!(1.5), json!("1"), json!(true)]),
        (json!({"type": ["string", "null"]}), vec![json!("a"), json!(null)], vec![json!(0), json!([])]),
        (
            json!({"enum": [1, "a", {"b": [1]}]}),
            vec![json!(1.0), json!({"b": [1]})],
            vec![json!({"b": [2]}), json!("b")],
        ),
        (
            json!({"const": 9_007_199_254_740_993_i64}),
            vec![json!(9_007_199_254_740_993_i64)],
            vec![json!(9_007_199_254_740_992_i64)],
        ),
        (json!({"multipleOf": 0.01}), vec![json!(0.07), json!(4), json!("x")], vec![json!(0.075)]),
        (json!({"multipleOf": 3}), vec![json!(9), json!(0)], vec![json!(10)]),
        (
            json!({"minimum": 1, "exclusiveMaximum": 3}),
            vec![json!(1), json!(2.9), json!("z")],
            vec![json!(0), json!(3)],
        ),
        (json!({"maximum": 1, "exclusiveMinimum": 0}), vec![json!(1)], vec![json!(0), json!(2)]),
        (
            json!({"minLength": 2, "maxLength": 3}),
            vec![json!("äö"), json!("💩💩"), json!(1)],
            vec![json!("ä"), json!("abcd")],
        ),
        (json!({"pattern": "^a+$"}), vec![json!("aa"), json!(1)], vec![json!("ab")]),
        (json!({"pattern": "b"}), vec![json!("abc")], vec![json!("ac")]),
        (json!({"minItems": 1, "maxItems": 2}), vec![json!([1]), json!({})], vec![json!([]), json!([1, 2, 3])]),
        (
            json!({"uniqueItems": true}),
            vec![json!([1, "1", [1], {"a": 1}])],
            vec![json!([1, 1.0]), json!([{"a": 1, "b": 2}, {"b": 2, "a": 1}])],
        ),
        (
            json!({"prefixItems": [{"type": "string"}], "items": {"type": "number"}}),
            vec![json!(["a", 1]), json!([])],
            vec![json!([1]), json!(["a", "b"])],
        ),
        (json!({"items": [{"type": "string"}], "additionalItems": false}), vec![json!(["a"])], vec![json!(["a", 1])]),
        (
            json!({"contains": {"const": 1}, "minContains": 2, "maxContains": 3}),
            vec![json!([1, 1, 2])],
            vec![json!([1]), json!([1, 1, 1, 1])],
        ),
        (json!({"contains": {"const": 1}, "minContains": 0}), vec![json!([])], vec![]),
        (json!({"required": ["a"]}), vec![json!({"a": null}), json!([])], vec![json!({})]),
        (
            json!({"properties": {"a": {"type": "string"}}, "additionalProperties": false}),
            vec![json!({"a": "x"})],
            vec![json!({"a": 1}), json!({"b": 1})],
        ),
        (
            json!({"patternProperties": {"^x-": {"type": "number"}}, "additionalProperties": false}),
            vec![json!({"x-a": 1})],
            vec![json!({"x-a": "1"}), json!({"a": 1})],
        ),
        (json!({"propertyNames": {"maxLength": 1}}), vec![json!({"a": 1})], vec![json!({"ab": 1})]),
        (
            json!({"minProperties": 1, "maxProperties": 1}),
            vec![json!({"a": 1})],
            vec![json!({}), json!({"a": 1, "b": 2})],
        ),
        (
            json!({"dependentRequired": {"a": ["b"]}}),
            vec![json!({"b": 1}), json!({"a": 1, "b": 1})],
            vec![json!({"a": 1})],
        ),
        (
            json!({"dependentSchemas": {"a": {"minProperties": 2}}}),
            vec![json!({"a": 1, "b": 1})],
            vec![json!({"a": 1})],
        ),
        (json!({"allOf": [{"minimum": 1}, {"maximum": 2}]}), vec![json!(1)], vec![json!(0), json!(3)]),
        (json!({"anyOf": [{"type": "string"}, {"minimum": 2}]}), vec![json!("a"), json!(2)], vec![json!(1)]),
        (json!({"oneOf": [{"minimum": 1}, {"maximum": 2}]}), vec![json!(0), json!(3)], vec![json!(1)]),
        (json!({"oneOf": [{"type": "string"}, {"type": "array"}]}), vec![json!("a")], vec![json!(1)]),
        (json!({"not": {"type": "string"}}), vec![json!(1)], vec![json!("a")]),
        (
            json!({"if": {"minimum": 5}, "then": {"multipleOf": 5}, "else": {"const": 1}}),
            vec![json!(10), json!(1)],
            vec![json!(7), json!(2)],
        ),
        (json!({"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": {"type": "string"}}}), vec![json!("a")], vec![json!(1)]),
        (
            json!({"$ref": "#text", "$defs": {"a": {"$anchor": "text", "type": "string"}}}),
            vec![json!("a")],
            vec![json!(1)],
        ),
        (
            json!({"$id": "https://e.example/s", "properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}}),
            vec![json!({"n": 1, "next": {"n": 2}})],
            vec![json!({"next": {"n": "2"}})],
        ),
        (
            json!({"format": "email", "x-anything": 1, "default": {}, "description": "d"}),
            vec![json!("no e-mail")],
            vec![],
        ),
    ]
}

#[test]
fn values_are_held_to_the_keywords_of_the_specification() {
    for (schema, valid, invalid) in cases() {
        for instance in valid {
            assert_eq!(holds(&schema, &instance), Some(true), "{schema} {instance}");
        }
        for instance in invalid {
            assert_eq!(holds(&schema, &instance), Some(false), "{schema} {instance}");
        }
    }
}

#[test]
fn the_negation_of_a_schema_holds_for_the_others() {
    for (schema, valid, invalid) in cases() {
        let definitions = schema.get("$defs").cloned().unwrap_or(json!({}));
        if schema.get("$id").is_some() {
            continue;
        }
        let negated = json!({"not": schema, "$defs": definitions});
        for instance in valid {
            assert_eq!(holds(&negated, &instance), Some(false), "{negated} {instance}");
        }
        for instance in invalid {
            assert_eq!(holds(&negated, &instance), Some(true), "{negated} {instance}");
        }
    }
}

#[test]
fn what_is_not_supported_is_neither_valid_nor_invalid() {
    for schema in [
        json!({"$ref": "https://elsewhere.example/schema"}),
        json!({"$ref": "#/$defs/none"}),
        json!({"$dynamicRef": "#node"}),
        json!({"unevaluatedProperties": false}),
        json!({"properties": {"a": {"pattern": "(?=a)"}}}),
        json!({"properties": {"a": {"pattern": "(a)\\1"}}}),
        json!({"properties": {"a": {"$id": "other", "$ref": "#/$defs/b"}}}),
        json!({"required": true}),
        json!({"minProperties": "1"}),
        json!({"type": "text"}),
        json!([]),
    ] {
        let instance = json!({"a": "a"});
        assert_eq!(holds(&schema, &instance), None, "{schema}");
        assert_eq!(holds(&json!({"not": schema}), &instance), None, "{schema}");
    }
}

#[test]
fn what_is_unknown_does_not_matter_where_the_rest_decides() {
    let unknown = json!({"$dynamicRef": "#node"});
    assert_eq!(holds(&json!({"anyOf": [unknown, true]}), &json!(1)), Some(true));
    assert_eq!(holds(&json!({"allOf": [unknown, false]}), &json!(1)), Some(false));
    assert_eq!(holds(&json!({"anyOf": [unknown, false]}), &json!(1)), None);
    assert_eq!(holds(&json!({"oneOf": [unknown, true]}), &json!(1)), None);
    assert_eq!(holds(&json!({"oneOf": [true, true, unknown]}), &json!(1)), Some(false));
    assert_eq!(holds(&json!({"if": unknown, "then": true, "else": false}), &json!(1)), None);
    assert_eq!(holds(&json!({"if": unknown, "then": false, "else": false}), &json!(1)), Some(false));
}

#[test]
fn nothing_beside_a_reference_counts_before_draft_2019() {
    let schema = |draft: &str| json!({"$schema": draft, "$ref": "#/$defs/a", "minimum": 5, "$defs": {"a": true}});
    assert_eq!(holds(&schema("http://json-schema.org/draft-07/schema#"), &json!(1)), Some(true));
    assert_eq!(holds(&schema("https://json-schema.org/draft/2020-12/schema"), &json!(1)), Some(false));
}

#[test]
fn a_mismatch_names_keyword_and_places_and_no_value() {
    let schema = json!({"properties": {"a": {"items": {"properties": {"b c": {"maxLength": 1}}}}}});
    let outcome = held(&schema, &json!({"a": [{}, {"b c": "secret"}]}));
    let [mismatch] = outcome.mismatches.as_slice() else { unreachable!() };
    assert_eq!(mismatch.keyword, "maxLength");
    assert_eq!(mismatch.instance, "/a/1/b c");
    assert_eq!(mismatch.schema, "/properties/a/items/properties/…/maxLength");
}

#[test]
fn a_schema_that_asks_for_too_much_is_not_checked() {
    let wide: Vec<Value> = (0..40).map(|_| json!({"$ref": "#/$defs/a"})).collect();
    let alternatives = json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": wide}}});
    let doubling = json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}]});
    let one_of = json!({"$ref": "#/$defs/a", "$defs": {"a": {"oneOf": [{"not": {"$ref": "#/$defs/a"}}, {"$ref": "#/$defs/a"}]}}});
    for schema in [json!({"$ref": "#"}), alternatives, doubling, one_of] {
        let outcome = held(&schema, &json!({"a": 1}));
        assert!(outcome.unchecked.iter().any(|unchecked| unchecked.why == Why::Costly), "{schema}: {outcome:?}");
        assert!(outcome.mismatches.is_empty(), "{schema}: {outcome:?}");
    }
}

#[test]
fn a_value_that_is_compared_with_many_runs_out_of_steps() {
    let long = "x".repeat(20_000);
    let schema = json!({"items": {"enum": [format!("{long}y"), format!("{long}z")]}});
    let many = Value::Array(vec![json!(format!("{long}a")); 1_000]);
    // Given fewer bytes than there are: as if the same text had been referred to many times.
    let outcome = check(&schema, &many, 1_000);
    assert!(outcome.unchecked.iter().any(|unchecked| unchecked.why == Why::Costly));
}

#[test]
fn a_pattern_of_any_size_costs_steps_or_is_not_supported() {
    for (pattern, why) in [("(((a{99}){99}){99}){99}", Why::Unsupported), ("(a|b|ab)*c", Why::Costly)] {
        let schema = json!({"items": {"pattern": pattern}});
        let instance = Value::Array(vec![json!("ab".repeat(5_000)); 2_000]);
        let outcome = check(&schema, &instance, 100);
        assert_eq!(outcome.unchecked.first().unwrap().why, why, "{pattern}");
    }
}

#[test]
fn a_large_ordinary_value_is_checked() {
    let schema = json!({"items": {"type": "object", "required": ["id"], "properties": {
        "id": {"type": "integer", "minimum": 0}, "name": {"type": "string", "maxLength": 20}}}});
    let items: Vec<Value> = (0..20_000).map(|id| json!({"id": id, "name": "n"})).collect();
    assert_eq!(holds(&schema, &Value::Array(items)), Some(true));
}

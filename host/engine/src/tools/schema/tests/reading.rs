//! Which schema has which shape.

use super::*;
use crate::json::Object;

#[test]
fn a_typical_schema_is_read_whole() {
    let schema = r##"{
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
        "properties": {
            "recipient": {"type": "string", "format": "email", "description": "Who gets it"},
            "amount": {"type": "number", "minimum": 0, "maximum": 10000},
            "currency": {"type": "string", "enum": ["EUR", "USD"], "default": "EUR"},
            "note": {"anyOf": [{"type": "string", "maxLength": 140}, {"type": "null"}], "default": null},
            "when": {"$ref": "#/$defs/When"},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
            "urgent": {"type": "boolean"},
            "retries": {"type": "integer"},
            "meta": {"type": "object", "additionalProperties": {"type": "string"}}
        },
        "required": ["recipient", "amount", "note", "when"],
        "$defs": {"When": {"type": "object", "properties": {"on": {"type": "string", "format": "date"}},
            "required": ["on"]}}
    }"##;
    assert_eq!(
        read(schema),
        "{amount!: Decimal, currency?: Text(EUR|USD), meta?: ?Any, note?: Text[0..140], \
         recipient!: Text~@destination, retries?: Long, tags?: Set<Text>, urgent?: Bool, when!: {on!: Datetime~}}"
    );
}

#[test]
fn a_tool_without_arguments_has_an_empty_record() {
    assert_eq!(told(&arguments(None)), "{}");
    for schema in ["{}", "true", r#"{"type":"object"}"#, r#"{"type":"object","properties":{},"required":["a"]}"#] {
        assert_eq!(read(schema), "{}", "{schema}");
    }
}

#[test]
fn arguments_are_an_object_or_cannot_be_read() {
    for schema in ["false", "null", "7", "[]", r#"{"type":"string"}"#, r#"{"type":["array","null"]}"#] {
        assert_eq!(read(schema), "?Nothing", "{schema}");
    }
    assert_eq!(read(r#"{"type":["object","string"],"properties":{"a":{"type":"string"}}}"#), "{a?: Text}");
    assert_eq!(read(r##"{"$ref":"#"}"##), "?Recursive");
    assert_eq!(read(r#"{"properties":[]}"#), "?Nothing");
}

#[test]
fn a_value_without_a_named_type_has_the_type_that_its_keywords_imply() {
    assert_eq!(member(r#"{"properties":{"b":{"type":"string"}}}"#), "{b?: Text}");
    assert_eq!(member(r#"{"items":{"type":"integer"}}"#), "Set<Long>");
    assert_eq!(member(r#"{"enum":["b","a","b"]}"#), "Text(a|b)");
    assert_eq!(member(r#"{"const":1.50}"#), "Decimal(1.5)");
    assert_eq!(member(r#"{"enum":[1,true,"x",null]}"#), "(Bool | Long(1) | Text(x))");
    assert_eq!(member(r#"{"const":{"a":1}}"#), "?Any");
    assert_eq!(member(r#"{"minLength":3}"#), "?Any");
}

#[test]
fn a_union_is_a_choice_by_json_type() {
    assert_eq!(member(r#"{"type":["string","integer","null"]}"#), "(Long | Text)");
    assert_eq!(
        member(r#"{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}},{"type":"object"}]}"#),
        "(Text | Set<Text> | ?Any)"
    );
    assert_eq!(member(r#"{"type":["array","object"]}"#), "?Any");
    assert_eq!(member(r#"{"type":["string","number","boolean","array","object","null"]}"#), "?Any");
    assert_eq!(member(r#"{"type":"null"}"#), "?Null");
    assert_eq!(member(r#"{"type":"colour"}"#), "?Nothing");
    assert_eq!(member(r#"{"type":7}"#), "?Nothing");
}

#[test]
fn alternatives_of_one_type_are_joined() {
    assert_eq!(member(r#"{"anyOf":[{"type":"integer"},{"type":"number"}]}"#), "Decimal");
    assert_eq!(member(r#"{"oneOf":[{"const":"b","title":"B"},{"const":"a"}]}"#), "Text(a|b)");
    assert_eq!(member(r#"{"anyOf":[{"const":"auto"},{"type":"string"}]}"#), "Text");
    assert_eq!(member(r#"{"anyOf":[{"enum":[1]},{"enum":[2.5]}]}"#), "Decimal(1|2.5)");
    assert_eq!(member(r#"{"anyOf":[{"type":"string"},{"type":"string","format":"date"}]}"#), "Text");
    assert_eq!(
        member(r#"{"anyOf":[{"type":"string","format":"ipv4"},{"type":"string","format":"ipv6"}]}"#),
        "Address~@destination"
    );
    assert_eq!(
        member(
            r#"{"oneOf":[
                {"type":"object","properties":{"kind":{"const":"file"},"path":{"type":"string"}},"required":["kind","path"]},
                {"type":"object","properties":{"kind":{"const":"url"},"url":{"type":"string"}},"required":["kind","url"]}]}"#
        ),
        "{kind!: Text(file|url)~, path?: Text~, url?: Text~}"
    );
    assert_eq!(
        member(r#"{"anyOf":[{"items":{"type":"string"}},{"items":{"type":"integer"}}]}"#),
        "Set<(Long | Text~)>"
    );
}

#[test]
fn what_all_require_is_met() {
    assert_eq!(
        read(
            r##"{"allOf":[{"$ref":"#/definitions/base"},{"properties":{"b":{"type":"integer"}},"required":["a"]}],
                "definitions":{"base":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}}}}}"##
        ),
        "{a!: Text, b?: Long}"
    );
    assert_eq!(
        read(
            r##"{"properties":{"a":{"$ref":"#/$defs/a","enum":["x","zz"],"x-guardhouse-role":"code"}},
                "$defs":{"a":{"type":"string","maxLength":1,"format":"uri"}}}"##
        ),
        "{a?: Text(x)~@code}"
    );
    assert_eq!(member(r#"{"type":"string","enum":[1,2]}"#), "?Nothing");
    assert_eq!(member(r#"{"type":"string","minLength":3,"maxLength":2}"#), "?Nothing");
    assert_eq!(member(r#"{"allOf":[{"const":"a"},{"const":"b"}]}"#), "?Nothing");
    assert_eq!(
        member(r#"{"allOf":[{"type":"string","format":"date"},{"type":"string","format":"ipv4"}]}"#),
        "?Nothing"
    );
    assert_eq!(
        member(
            r#"{"type":"object","properties":{"x":{"type":"string"},"y":{"type":"string"}},
                "anyOf":[{"required":["x"]},{"required":["y"]}]}"#
        ),
        "{x?: Text, y?: Text}"
    );
}

#[test]
fn a_member_that_may_be_null_is_not_required() {
    let required = |schema: &str| read(&format!(r#"{{"properties":{{"a":{schema}}},"required":["a","b"]}}"#));
    assert_eq!(required(r#"{"type":"string"}"#), "{a!: Text}");
    assert_eq!(required(r#"{"type":["string","null"]}"#), "{a?: Text}");
    assert_eq!(required(r#"{"type":"string","nullable":true}"#), "{a?: Text}");
    assert_eq!(required(r#"{"enum":["x",null]}"#), "{a?: Text(x)}");
    assert_eq!(required("{}"), "{a?: ?Any}");
    assert_eq!(required(r#"{"type":"string","enum":["x",null]}"#), "{a!: Text(x)}");
}

#[test]
fn an_array_is_a_set_if_its_items_are_alike() {
    assert_eq!(member(r#"{"type":"array"}"#), "?Any");
    assert_eq!(member(r#"{"prefixItems":[{"type":"number"},{"type":"number","minimum":0}]}"#), "Set<Decimal>");
    assert_eq!(member(r#"{"items":[{"type":"number"},{"type":"number"}],"additionalItems":false}"#), "Set<Decimal>");
    assert_eq!(member(r#"{"items":[{"type":"number"}],"additionalItems":{"type":"string"}}"#), "?Tuple");
    assert_eq!(member(r#"{"prefixItems":[{"type":"number"},{"type":"string"}],"items":false}"#), "?Tuple");
    assert_eq!(member(r#"{"items":{"type":["string","null"]}}"#), "?Null");
    assert_eq!(member(r#"{"items":{"type":"array","items":{"type":"object"}}}"#), "?Any");
}

#[test]
fn what_cannot_be_read_says_why_and_leaves_the_rest_alone() {
    assert_eq!(
        read(
            r##"{"type":"object","properties":{
                "tree":{"$ref":"#/$defs/node"}, "gone":{"$ref":"#/$defs/gone"}, "far":{"$ref":"https://example.com/s"},
                "anchor":{"$ref":"#node"}, "dynamic":{"$dynamicRef":"#node"}, "none":false, "odd":3,
                "mixed":{"type":"object","properties":{"n":{"$ref":"#/$defs/gone"},"ok":{"type":"string"}}},
                "own":{"$id":"https://example.com/own","properties":{"x":{"$ref":"#/$defs/node"}}},
                "typed":{"$ref":"#/$defs/gone","type":["string","integer"]},
                "plain":{"type":"string"}},
            "$defs":{"node":{"type":"object","properties":{"name":{"type":"string"},
                "children":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}"##
        ),
        "{anchor?: ?Reference, dynamic?: ?Reference, far?: ?Reference, gone?: ?Reference, \
         mixed?: {n?: ?Reference, ok?: Text}, none?: ?Nothing, odd?: ?Nothing, own?: {x?: ?Reference}, plain?: Text, \
         tree?: {children?: ?Recursive, name?: Text}, typed?: ?Reference}"
    );
}

#[test]
fn any_name_that_is_not_too_long_is_a_member_like_any_other() {
    let mut properties = Object::new();
    let text = parse(br#"{"type":"string"}"#).unwrap();
    let longest = "n".repeat(MAX_NAME);
    for name in ["", "__entity", "__extn", "\"", "\\", "a b", "é", "\u{202e}", "\0", "type", "$ref", longest.as_str()]
    {
        properties.insert(name, text.clone());
    }
    let names = properties.len();
    properties.insert("n".repeat(MAX_NAME + 1), text.clone());
    properties.insert("n".repeat(100_000), text);
    let mut schema = Object::new();
    schema.insert("properties", properties);
    let Shape::Record(record) = arguments(Some(&schema.into())) else { unreachable!() };
    assert_eq!(record.fields.len(), names);
    assert!(record.fields.values().all(|field| told(&field.shape) == "Text"));
}

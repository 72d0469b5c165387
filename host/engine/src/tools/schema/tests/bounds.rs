//! Schemas that are written to cost: each bound is seen to hold.

use super::*;

#[test]
fn a_long_enumeration_is_a_text_that_is_not_fixed() {
    let listed = |count: usize, kind: &str| {
        let values: Vec<_> = (0..count).map(|value| format!("\"v{value}\"")).collect();
        format!(r#"{{{kind}"enum":[{}]}}"#, values.join(","))
    };
    let fixed = |schema: &str| {
        let shape = shape(&format!(r#"{{"properties":{{"a":{schema}}}}}"#));
        matches!(shape.member("a"), Some(Shape::Leaf(leaf)) if leaf.fixes(&Value::from("v7")))
    };
    assert!(fixed(&listed(MAX_LISTED, "")));
    assert!(!fixed(&listed(MAX_LISTED + 1, r#""type":"string","#)));
    assert_eq!(member(&listed(MAX_LISTED + 1, r#""type":"string","#)), "Text~");
    assert_eq!(member(&listed(MAX_LISTED + 1, "")), "?TooLarge");
    assert_eq!(member(&format!(r#"{{"const":"{}"}}"#, "x".repeat(MAX_VALUE + 1))), "?TooLarge");
}

/// `schema` around itself `times`, at `place`.
fn nested(times: usize, around: impl Fn(String) -> String) -> String {
    (0..times).fold(r#"{"type":"string"}"#.to_owned(), |schema, _| around(schema))
}

#[test]
fn depth_is_bounded_in_every_direction() {
    let deep = |times| nested(times, |inner| format!(r#"{{"properties":{{"a":{inner}}}}}"#));
    assert_eq!(size(&shape(&deep(MAX_DEPTH))).1, MAX_DEPTH);
    assert!(read(&deep(MAX_DEPTH)).contains("Text"));
    assert!(read(&deep(MAX_DEPTH + 1)).contains("?TooLarge"));
    let wide = |times| nested(times, |inner| format!(r#"{{"anyOf":[{inner}]}}"#));
    assert_eq!(member(&wide(20)), "Text");
    // The parser allows no more than 64 arrays and objects; a reference goes round that.
    let chain: Vec<_> = (0..200).map(|at| format!(r##""d{at}":{{"$ref":"#/$defs/d{}"}}"##, at + 1)).collect();
    let chained = format!(
        r##"{{"properties":{{"a":{{"$ref":"#/$defs/d0"}},"b":{{"type":"string"}}}},"$defs":{{{}}}}}"##,
        chain.join(",")
    );
    assert_eq!(read(&chained), "{a?: ?TooLarge, b?: Text}");
}

#[test]
fn too_many_members_alternatives_or_keywords_are_not_read() {
    let many = |count: usize, each: &dyn Fn(usize) -> String| (0..count).map(each).collect::<Vec<_>>().join(",");
    let members = |count| format!(r#"{{"properties":{{{}}}}}"#, many(count, &|at| format!(r#""m{at}":{{}}"#)));
    assert_eq!(size(&shape(&members(MAX_MEMBERS))).0, MAX_MEMBERS + 1);
    assert_eq!(member(&members(MAX_MEMBERS + 1)), "?TooLarge");
    let alternatives = |count| many(count, &|at| format!(r#"{{"const":{at}}}"#));
    for keyword in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        let schema = format!(r#"{{"{keyword}":[{}]}}"#, alternatives(MAX_ALTERNATIVES + 1));
        assert_eq!(member(&schema), "?TooLarge", "{keyword}");
    }
    assert!(member(&format!(r#"{{"anyOf":[{}]}}"#, alternatives(MAX_ALTERNATIVES))).starts_with("Long(0|1|"));
    let keywords = |count| format!(r#"{{"type":"string",{}}}"#, many(count, &|at| format!(r#""x-{at}":1"#)));
    assert_eq!(member(&keywords(MAX_KEYWORDS - 1)), "Text");
    assert_eq!(member(&keywords(MAX_KEYWORDS)), "?TooLarge");
    let required = many(MAX_MEMBERS + 1, &|_| r#""a""#.to_owned());
    assert_eq!(read(&format!(r#"{{"properties":{{"a":{{"type":"string"}}}},"required":[{required}]}}"#)), "{a?: Text}");
}

#[test]
fn references_do_not_multiply_what_is_read() {
    for keyword in ["allOf", "anyOf", "oneOf", "prefixItems"] {
        let definition = |at: usize| {
            let next = format!(r##"{{"$ref":"#/$defs/d{}"}}"##, at + 1);
            format!(r#""d{at}":{{"{keyword}":[{next},{next},{next},{next},{next},{next},{next},{next}]}}"#)
        };
        let definitions: Vec<_> = (0..20).map(definition).collect();
        let schema = format!(
            r##"{{"properties":{{"a":{{"type":"string"}},"b":{{"$ref":"#/$defs/d0"}}}},"$defs":{{{}}}}}"##,
            definitions.join(",")
        );
        assert_lawful(&shape(&schema));
        assert!(read(&schema).starts_with("{a?: Text, b?: ?"), "{keyword}: {}", read(&schema));
    }
    let members: Vec<_> = (0..20)
        .map(|at| {
            format!(
                r##""d{at}":{{"properties":{{"l":{{"$ref":"#/$defs/d{0}"}},"r":{{"$ref":"#/$defs/d{0}"}}}}}}"##,
                at + 1
            )
        })
        .collect();
    let schema = format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{}}}}}"##, members.join(","));
    assert_lawful(&shape(&schema));
    assert!(size(&shape(&schema)).0 > 1_000);
}

#[test]
fn a_member_that_takes_all_there_is_leaves_the_others_their_names() {
    let members = |inner: &str| (0..MAX_MEMBERS).map(|at| format!(r#""m{at}":{inner}"#)).collect::<Vec<_>>().join(",");
    let large = format!(r#"{{"properties":{{{}}}}}"#, members(r##"{"$ref":"#/$defs/d"}"##));
    let schema = format!(
        r#"{{"properties":{{"a":{{"type":"string"}},"b":{large},"c":{{"type":"string"}}}},
            "$defs":{{"d":{{"properties":{{{}}}}}}}}}"#,
        members(r#"{"type":"string"}"#)
    );
    let shape = shape(&schema);
    assert_lawful(&shape);
    assert_eq!(shape.member("a").map(told).as_deref(), Some("Text"));
    assert_eq!(shape.member("b").and_then(|b| b.member("m0")).and_then(|m| m.member("m7")).map(told).unwrap(), "Text");
    assert_eq!(shape.member("c").map(told).as_deref(), Some("?TooLarge"));
    let reversed = laws::reversed(&parse(schema.as_bytes()).unwrap());
    assert!(arguments(Some(&reversed)) == shape, "which members are read depends on their order");
}

#[test]
fn the_deepest_schema_needs_a_small_stack() {
    let definition = |at: usize| {
        format!(r##""d{at}":{{"allOf":[{{"anyOf":[{{"properties":{{"a":{{"$ref":"#/$defs/d{}"}}}}}}]}}]}}"##, at + 1)
    };
    let definitions: Vec<_> = (0..100).map(definition).collect();
    let schema = format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{}}}}}"##, definitions.join(","));
    let schema = parse(schema.as_bytes()).unwrap();
    let deepest = std::thread::Builder::new().stack_size(256 * 1024);
    let shape = deepest.spawn(move || arguments(Some(&schema))).unwrap().join().unwrap();
    assert_lawful(&shape);
    assert!(told(&shape).contains("?TooLarge"));
}

//! Which texts fit.

use super::*;
use crate::tools::Takes;

#[test]
fn a_text_fits_only_if_nothing_else_could_narrow_it() {
    let takes = |schema: &str, text: &str| {
        shape(&format!(r#"{{"properties":{{"a":{schema}}}}}"#)).member("a").unwrap().takes(text)
    };
    for (schema, expected) in [
        (r#"{"type":"string","title":"A","description":"an a","default":"a","x-order":1}"#, Takes::Yes),
        (r#"{"type":"string","maxLength":10}"#, Takes::Yes),
        (r#"{"type":"string","minLength":11}"#, Takes::No),
        (r#"{"type":"string","maxLength":9.0}"#, Takes::No),
        (r#"{"type":"string","maxLength":"ten"}"#, Takes::Unknown),
        (r#"{"type":"string","maxLength":-1}"#, Takes::Unknown),
        (r#"{"enum":["[redacted]"]}"#, Takes::Yes),
        (r#"{"enum":["other"]}"#, Takes::No),
        (r#"{"enum":["[redacted]"],"pattern":"^o"}"#, Takes::Unknown),
        (r#"{"type":"string","format":"uri"}"#, Takes::Unknown),
        (r#"{"type":"string","format":"date-time"}"#, Takes::Unknown),
        (r#"{"type":"string","not":{"const":"[redacted]"}}"#, Takes::Unknown),
        (r#"{"type":"string","if":{"minLength":3},"then":false}"#, Takes::Unknown),
        (r#"{"type":"string","contentEncoding":"base64"}"#, Takes::Unknown),
        (r#"{"type":"string","keywordOfTomorrow":1}"#, Takes::Unknown),
        (r#"{"anyOf":[{"type":"string","maxLength":5},{"type":"integer"}]}"#, Takes::No),
        (r#"{"anyOf":[{"type":"string","maxLength":5},{"type":"string"}]}"#, Takes::Yes),
        (r#"{"anyOf":[{"type":"string","maxLength":5},{"type":"string","minLength":15}]}"#, Takes::Unknown),
        (r#"{"oneOf":[{"type":"string","minLength":5},{"type":"string"}]}"#, Takes::Unknown),
        (r#"{"oneOf":[{"enum":["[redacted]","a"]},{"const":"a"}]}"#, Takes::Unknown),
        (r#"{"oneOf":[{"enum":["[redacted]","b"]},{"const":"a"}]}"#, Takes::Yes),
        (r#"{"minLength":11,"allOf":[{"type":"string"}]}"#, Takes::No),
        (r#"{"type":"integer"}"#, Takes::No),
        ("{}", Takes::Unknown),
    ] {
        assert_eq!(takes(schema, "[redacted]"), expected, "{schema}");
    }
}

#[test]
fn what_narrows_an_object_narrows_every_text_in_it() {
    for keyword in [
        r#""not":{"properties":{"a":{"const":"[redacted]"}}}"#,
        r#""patternProperties":{"^a":{"maxLength":3}}"#,
        r#""allOf":[{"additionalProperties":{"maxLength":3}}]"#,
        r#""anyOf":[{"properties":{"a":{"maxLength":3}}},{"required":["b"]}]"#,
        r#""dependentSchemas":{"a":{"properties":{"a":{"maxLength":3}}}}"#,
        r#""enum":[{"a":"x"}]"#,
    ] {
        let schema = format!(r#"{{"type":"object","properties":{{"a":{{"type":"string"}}}},{keyword}}}"#);
        assert_eq!(read(&schema), "{a?: Text~}", "{keyword}");
    }
    assert_eq!(member(r#"{"items":{"type":"string"},"uniqueItems":true}"#), "Set<Text~>");
}

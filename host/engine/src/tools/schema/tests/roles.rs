//! What a schema says that values are for.

use super::*;
use crate::tools::Role;

#[test]
fn a_role_is_said_outright_or_by_the_format() {
    for format in ["uri", "url", "iri", "uri-reference", "email", "idn-email", "hostname", "idn-hostname"] {
        assert_eq!(member(&format!(r#"{{"type":"string","format":"{format}"}}"#)), "Text~@destination");
    }
    assert_eq!(member(r#"{"type":"string","format":"ipv6"}"#), "Address~@destination");
    assert_eq!(member(r#"{"type":"string","format":"uuid"}"#), "Text~");
    assert_eq!(member(r#"{"type":"integer","format":"email"}"#), "Long");
    for role in Role::ALL {
        let schema = format!(r#"{{"type":"string","format":"uri","x-guardhouse-role":"{}"}}"#, role.word());
        assert_eq!(member(&schema), format!("Text~@{}", role.word()));
    }
    assert_eq!(member(r#"{"type":"string","x-guardhouse-role":"boss"}"#), "Text");
    assert_eq!(member(r#"{"type":"string","x-guardhouse-role":["code"]}"#), "Text");
}

#[test]
fn a_role_holds_for_all_below_that_has_none() {
    assert_eq!(
        member(
            r#"{"x-guardhouse-role":"payload","type":"object","properties":{
                "text":{"type":"string"}, "to":{"type":"string","format":"email"}, "any":{},
                "parts":{"type":"array","items":{"type":"object","properties":{"q":{"type":"string"}}}},
                "sql":{"type":"array","x-guardhouse-role":"code","items":{"type":["string","integer"]}}}}"#
        ),
        "{any?: ?Any@payload, parts?: Set<{q?: Text@payload}@payload>, sql?: Set<(Long@code | Text@code)>, \
         text?: Text@payload, to?: Text~@destination}@payload"
    );
    // Beside the alternatives of an optional value, where generators put what is said of a parameter.
    assert_eq!(
        member(r#"{"anyOf":[{"type":"string","format":"uri"},{"type":"null"}],"x-guardhouse-role":"selector"}"#),
        "Text~@selector"
    );
}

#[test]
fn a_value_that_may_be_a_destination_is_one() {
    let with = |other: &str| member(&format!(r#"{{"anyOf":[{{"type":"string","format":"uri"}},{other}]}}"#));
    assert_eq!(with(r#"{"type":"string","x-guardhouse-role":"payload"}"#), "Text@destination");
    assert_eq!(with(r#"{"type":"string"}"#), "Text@destination");
    assert_eq!(
        member(r#"{"anyOf":[{"type":"string","x-guardhouse-role":"payload"},{"type":"string"}]}"#),
        "Text",
        "not known to be a payload alone"
    );
}

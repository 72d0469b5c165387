//! Which arguments take what.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Kinds, Leaves};

/// The kinds of the leaf at a pointer.
fn kinds(tool: &str, arguments: &Value, schema: Option<&Value>, roles: &[(&str, &str)], path: &str) -> Kinds {
    let roles: BTreeMap<String, String> =
        roles.iter().map(|(path, role)| ((*path).to_string(), (*role).to_string())).collect();
    let leaves = Leaves::of(("server", tool), arguments, schema, &roles);
    leaves.iter().find(|leaf| leaf.path == path).map_or(Kinds::NONE, |leaf| leaf.kinds)
}

fn named(tool: &str, name: &str) -> Kinds {
    kinds(tool, &json!({ name: "x" }), None, &[], &format!("/{name}"))
}

#[test]
fn the_last_known_word_of_a_name_says_what_it_takes() {
    for (name, expected) in [
        ("sql", Kinds::SQL),
        ("sqlQuery", Kinds::SQL),
        ("db_query", Kinds::SQL),
        ("command", Kinds::COMMAND),
        ("shell-cmd", Kinds::COMMAND),
        ("bashScript", Kinds::COMMAND),
        ("filePath", Kinds::PATH),
        ("file_name", Kinds::PATH),
        ("paths", Kinds::PATH),
        ("webhookURL", Kinds::ADDRESS),
        ("host_name", Kinds::ADDRESS),
        ("user_name", Kinds::VALUE),
        ("file_id", Kinds::VALUE),
        ("order_by", Kinds::VALUE),
        ("file_content", Kinds::NONE),
        ("url_title", Kinds::NONE),
        ("message", Kinds::NONE),
        ("search_query", Kinds::NONE),
        ("graphql_query", Kinds::NONE),
        ("anything", Kinds::NONE),
    ] {
        assert_eq!(named("tool", name), expected, "{name}");
    }
}

#[test]
fn an_open_name_depends_on_the_tool() {
    assert_eq!(named("run_sql", "query"), Kinds::SQL);
    assert_eq!(named("postgresExecute", "statement"), Kinds::SQL);
    assert_eq!(named("execute_command", "input"), Kinds::COMMAND);
    assert_eq!(named("copy_file", "source"), Kinds::PATH);
    assert_eq!(named("fetch", "target"), Kinds::ADDRESS);
    assert_eq!(named("search", "query"), Kinds::NONE);
    assert_eq!(named("book_flight", "destination"), Kinds::NONE);
}

#[test]
fn a_schema_adds_what_it_says_and_never_takes_away() {
    let said = |name: &str, property: Value| {
        let schema = json!({"properties": {name: property}});
        kinds("tool", &json!({ name: "x" }), Some(&schema), &[], &format!("/{name}"))
    };
    assert_eq!(said("x", json!({"format": "uri"})), Kinds::ADDRESS);
    assert_eq!(said("x", json!({"anyOf": [{"type": "null"}, {"format": "hostname"}]})), Kinds::ADDRESS);
    assert_eq!(said("x", json!({"contentMediaType": "application/sql"})), Kinds::SQL);
    assert_eq!(said("x", json!({"description": "The SQL query to run."})), Kinds::SQL);
    assert_eq!(said("x", json!({"description": "Shell command, one line"})), Kinds::COMMAND);
    assert_eq!(said("x", json!({"description": "Path to the image"})), Kinds::PATH);
    assert_eq!(said("x", json!({"description": "Curling results"})), Kinds::NONE);
    assert_eq!(said("x", json!({"pattern": "^[a-z]+$"})), Kinds::VALUE);
    assert_eq!(said("command", json!({"description": "A message, harmless"})), Kinds::COMMAND);
    assert_eq!(said("message", json!({"description": "May mention a SQL query"})), Kinds::NONE);
}

#[test]
fn a_role_counts_where_nothing_else_says_anything() {
    let with = |name: &str, text: &str, role: &str| {
        let path = format!("/{name}");
        kinds("tool", &json!({ name: text }), None, &[(&path, role)], &path)
    };
    assert_eq!(with("x", "y", "selector"), Kinds::VALUE);
    assert_eq!(with("x", "y", "code"), Kinds::CODE);
    assert_eq!(with("query", "y", "code"), Kinds::CODE);
    assert_eq!(with("x", "http://y", "destination"), Kinds::ADDRESS);
    assert_eq!(with("x", "see http://y", "destination"), Kinds::NONE);
    assert_eq!(with("x", "y", "payload"), Kinds::NONE);
    assert_eq!(with("message", "y", "code"), Kinds::NONE);
}

#[test]
fn names_reach_into_arrays_and_objects() {
    let arguments = json!({"paths": ["a"], "command": {"other": "b", "message": "c"}, "filters": {"it's": {"k": 1}}});
    assert_eq!(kinds("tool", &arguments, None, &[], "/paths/0"), Kinds::PATH);
    assert_eq!(kinds("tool", &arguments, None, &[], "/command/other"), Kinds::COMMAND);
    assert_eq!(kinds("tool", &arguments, None, &[], "/command/message"), Kinds::NONE);
    assert_eq!(kinds("tool", &arguments, None, &[], "/filters/it's#key"), Kinds::VALUE);
}

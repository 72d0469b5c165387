#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    json::{self, tests::value},
    tools::{Because, Choice, Effect, Effects, Field, Leaf, LeafKind, Opaque, Pointer, Record, Shape, ToolProfile},
    vocabulary::Vocabulary,
};

fn leaf(kind: LeafKind, role: Option<Role>) -> Shape {
    Shape::Leaf(Leaf { role, ..Leaf::new(kind) })
}

fn text(role: Option<Role>) -> Shape {
    leaf(LeafKind::Text, role)
}

fn anything(role: Option<Role>) -> Shape {
    Shape::Opaque(Opaque { because: Because::Any, role })
}

fn record<const N: usize>(fields: [(&str, Shape); N]) -> Shape {
    let fields = fields.map(|(name, shape)| (name.into(), Field { shape, required: false }));
    Shape::Record(Record { fields: fields.into(), role: None })
}

/// A plan and what it says, as `path=role,role`; a key is `path:key`.
struct Plan {
    shape: Option<Shape>,
    roles: BTreeMap<Pointer, Role>,
    trusted: bool,
    effects: Effects,
}

impl Plan {
    fn new(shape: impl Into<Option<Shape>>) -> Self {
        let effects = [Effect::Write].into_iter().collect();
        Self { shape: shape.into(), roles: BTreeMap::new(), trusted: false, effects }
    }

    fn role(mut self, pointer: &str, role: Role) -> Self {
        self.roles.insert(pointer.parse().unwrap(), role);
        self
    }

    fn trusted(self) -> Self {
        Self { trusted: true, ..self }
    }

    fn reads(self) -> Self {
        Self { effects: [Effect::Read].into_iter().collect(), ..self }
    }

    fn plan(&self) -> RolePlan {
        let profile = ToolProfile { effects: self.effects, ..ToolProfile::unknown() };
        RolePlan::new(self.shape.as_ref(), &self.roles, self.trusted, profile)
    }

    fn said(&self, arguments: &str) -> Vec<String> {
        let arguments = json::parse(arguments.as_bytes()).unwrap();
        let mut said = Vec::new();
        self.plan().leaves(arguments.as_object().unwrap(), |leaf| {
            let roles: Vec<_> = leaf.roles.iter().map(Vocabulary::word).collect();
            let key = if matches!(leaf.said, Said::Key(_)) { ":key" } else { "" };
            said.push(format!("{}{key}={}", leaf.path, roles.join(",")));
        });
        said
    }
}

#[test]
fn the_bundles_word_is_the_only_one_and_the_longest_pointer_wins() {
    let shape = record([("to", text(Some(Role::Destination))), ("args", Shape::Set(Box::new(text(None))))]);
    let plan = Plan::new(shape)
        .role("/to", Role::Payload)
        .role("/args", Role::Selector)
        .role("/args/*", Role::Payload)
        .role("/args/0", Role::Code);
    let said = plan.said(r#"{"to":"https://example.org","args":["a","b"]}"#);
    assert_eq!(said, ["/to=payload", "/args/0=code", "/args/1=payload"]);
    assert_eq!(plan.trusted().said(r#"{"to":"ann@example.org","args":5}"#), ["/to=payload", "/args=selector"]);
}

#[test]
fn a_longer_pointer_wins_also_where_a_shorter_one_names_the_index() {
    let plan = Plan::new(None).role("/a/*/b/c", Role::Code).role("/a/0/b", Role::Payload).role("/a/0", Role::Selector);
    let said = plan.said(r#"{"a":[{"b":{"c":1,"d":2},"e":3},{"b":{"c":4}}]}"#);
    assert_eq!(
        said,
        [
            "/a/0/b/c=code",
            "/a/0/b/d:key=payload",
            "/a/0/b/d=payload",
            "/a/0/e:key=selector",
            "/a/0/e=selector",
            "/a/1/b/c=code"
        ]
    );
}

#[test]
fn a_star_is_every_index_and_in_an_object_a_key() {
    let plan = Plan::new(None).role("/a/*", Role::Code);
    assert_eq!(plan.said(r#"{"a":["x"]}"#), ["/a/0=code"]);
    assert_eq!(plan.said(r#"{"a":{"*":"x","y":"z"}}"#), ["/a/*=code", "/a/y:key=destination", "/a/y=destination"]);
}

#[test]
fn the_pointer_to_all_holds_for_all() {
    let plan = Plan::new(None).role("", Role::Payload);
    assert_eq!(plan.said(r#"{"to":["x",{"a":1}]}"#), ["/to/0=payload", "/to/1/a:key=payload", "/to/1/a=payload"]);
}

#[test]
fn a_trusted_schema_is_the_only_word_after_the_bundles() {
    let shape =
        record([("to", text(Some(Role::Payload))), ("other", text(None)), ("map", anything(Some(Role::Payload)))]);
    let plan = Plan::new(shape).trusted();
    let said = plan.said(r#"{"to":"ann@example.org","other":"ann@example.org","map":{"to":"x"}}"#);
    assert_eq!(said, ["/to=payload", "/other=destination", "/map/to:key=payload", "/map/to=payload"]);
}

#[test]
fn an_untrusted_schema_only_makes_stricter() {
    let shape = |role| {
        Plan::new(record([("to", text(Some(role))), ("x", text(Some(role))), ("n", leaf(LeafKind::Long, Some(role)))]))
    };
    let arguments = r#"{"to":"a","x":"a","n":1}"#;
    let without = ["/to=destination", "/x=destination", "/n="];
    assert_eq!(shape(Role::Payload).said(arguments), without);
    assert_eq!(shape(Role::Selector).said(arguments), without);
    assert_eq!(shape(Role::Code).said(arguments), ["/to=destination,code", "/x=destination,code", "/n=code"]);
    assert_eq!(shape(Role::Destination).said(arguments), ["/to=destination", "/x=destination", "/n=destination"]);
}

#[test]
fn a_trusted_schemas_word_holds_for_its_own_type_only() {
    let plan = Plan::new(record([
        ("amount", leaf(LeafKind::Long, Some(Role::Selector))),
        ("to", leaf(LeafKind::Long, Some(Role::Destination))),
    ]))
    .trusted();
    assert_eq!(plan.said(r#"{"amount":5,"to":5}"#), ["/amount=selector", "/to=destination"]);
    assert_eq!(plan.said(r#"{"amount":"ann@example.org"}"#), ["/amount=destination,payload"]);
    assert_eq!(
        plan.said(r#"{"amount":["x"],"to":{"note":"x"}}"#),
        ["/amount/0=payload", "/to/note:key=destination", "/to/note=destination,payload"]
    );
}

#[test]
fn the_form_of_a_value_takes_no_role_away() {
    let plan = Plan::new(record([("body", text(None)), ("command", text(None)), ("id", text(None))]));
    let said = plan.said(r#"{"body":"https://example.org/?q=secret","command":"evil.example","id":"/etc/passwd"}"#);
    assert_eq!(said, ["/body=destination,payload", "/command=destination,code", "/id=selector,code"]);
}

#[test]
fn the_nearest_name_counts() {
    let people = Shape::Set(Box::new(record([("handle", text(None)), ("zzz", text(None)), ("note", text(None))])));
    let plan = Plan::new(record([("recipients", people), ("lines", Shape::Set(Box::new(text(None))))]));
    assert_eq!(
        plan.said(r#"{"recipients":[{"handle":"x","zzz":"x","note":"x"}],"lines":["x"]}"#),
        [
            "/recipients/0/handle=destination",
            "/recipients/0/zzz=destination",
            "/recipients/0/note=payload",
            "/lines/0=destination"
        ]
    );
}

#[test]
fn a_name_that_the_schema_does_not_have_only_adds() {
    let plan = Plan::new(record([("recipient", anything(None))]));
    assert_eq!(
        plan.said(r#"{"recipient":{"note":"x","id":[1]}}"#),
        [
            "/recipient/note:key=destination",
            "/recipient/note=destination,payload",
            "/recipient/id:key=destination",
            "/recipient/id/0=destination,selector"
        ]
    );
}

#[test]
fn a_string_without_a_role_is_a_destination_unless_the_tool_only_reads() {
    let shape = record([("x", text(None)), ("y", leaf(LeafKind::Long, None))]);
    let arguments = r#"{"x":"a","y":1}"#;
    assert_eq!(Plan::new(shape.clone()).said(arguments), ["/x=destination", "/y="]);
    assert_eq!(Plan::new(shape).reads().said(arguments), ["/x=", "/y="]);
    assert_eq!(Plan::new(None).said(r#"{"x":null,"y":true,"z":""}"#), ["/x=", "/y=", "/z=destination"]);
}

#[test]
fn a_key_that_nobody_named_is_a_leaf() {
    let plan = Plan::new(record([("portions", anything(None))]));
    assert_eq!(
        plan.said(r#"{"portions":{"mallory":1},"eve":2}"#),
        ["/portions/mallory:key=destination", "/portions/mallory=", "/eve:key=destination", "/eve="]
    );
    assert_eq!(
        plan.role("/portions/mallory", Role::Selector).said(r#"{"portions":{"mallory":1}}"#),
        ["/portions/mallory=selector"]
    );
    let opaque = Plan::new(anything(None));
    assert_eq!(opaque.said(r#"{"eve":2}"#), ["/eve:key=destination", "/eve="]);
}

#[test]
fn without_a_definition_an_argument_is_named_by_its_key() {
    let plan = Plan::new(None);
    assert_eq!(plan.said(r#"{"body":"x","eve":2}"#), ["/body=payload", "/eve="]);
    assert_eq!(plan.said(r#"{"eve@example.net":2}"#), ["/eve@example.net:key=destination", "/eve@example.net="]);
    assert_eq!(plan.said(r#"{"body":{"eve":2}}"#), ["/body/eve:key=payload", "/body/eve=payload"]);
}

#[test]
fn alternatives_are_told_apart_by_the_type() {
    let shapes = [
        (JsonType::String, text(Some(Role::Payload))),
        (JsonType::Array, Shape::Set(Box::new(text(Some(Role::Code))))),
        (JsonType::Object, record([("to", text(None))])),
    ];
    let plan = Plan::new(record([("x", Shape::Choice(Choice { shapes: shapes.into() }))])).trusted();
    assert_eq!(plan.said(r#"{"x":"ann@example.org"}"#), ["/x=payload"]);
    assert_eq!(plan.said(r#"{"x":["a"]}"#), ["/x/0=code"]);
    assert_eq!(plan.said(r#"{"x":{"to":"a"}}"#), ["/x/to=destination"]);
    assert_eq!(plan.said(r#"{"x":1}"#), ["/x="]);
}

#[test]
fn only_a_value_that_the_schema_lists_is_constant() {
    let schema = br#"{"properties":{"a":{"type":"boolean"},"b":{"enum":["x","y"]},"c":{"type":"string"}}}"#;
    let shape = crate::tools::schema::arguments(Some(&json::parse(schema).unwrap()));
    let plan = RolePlan::new(Some(&shape), &BTreeMap::new(), false, ToolProfile::unknown());
    let constants = |arguments: &str| {
        let arguments = json::parse(arguments.as_bytes()).unwrap();
        let mut constants = Vec::new();
        plan.leaves(arguments.as_object().unwrap(), |leaf| constants.push(leaf.constant));
        constants
    };
    assert_eq!(constants(r#"{"a":true,"b":"x","c":"x"}"#), [true, true, false]);
    assert_eq!(constants(r#"{"a":"x","b":"z","c":null}"#), [false, false, false]);
    assert_eq!(constants(r#"{"a":null,"b":["x"]}"#), [false, false]);
}

#[test]
fn a_path_is_a_pointer_to_the_leaf_and_its_argument_is_the_first_key() {
    let arguments = json::parse(br#"{"a/b":[{"~":["x"]}],"":"y"}"#).unwrap();
    let plan = Plan::new(None).plan();
    let mut seen = Vec::new();
    plan.leaves(arguments.as_object().unwrap(), |leaf| {
        let at = arguments.pointer(&leaf.path.to_string());
        if let Said::Value(value) = leaf.said {
            assert_eq!(at, Some(value));
        }
        seen.push((leaf.argument.to_owned(), leaf.path.to_string()));
    });
    let seen: Vec<_> = seen.iter().map(|(argument, path)| (argument.as_str(), path.as_str())).collect();
    assert_eq!(seen, [("a/b", "/a~1b/0/~0"), ("a/b", "/a~1b/0/~0/0"), ("", "/")]);
}

/// The paths of all values that are neither arrays nor objects, found another way.
fn scalars(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                scalars(item, &format!("{path}/{index}"), found);
            }
        }
        Value::Object(object) => {
            for (key, value) in object.iter() {
                let mut path = path.to_owned();
                push_token(&mut path, key);
                scalars(value, &path, found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

fn role() -> impl Strategy<Value = Role> {
    (0..Role::ALL.len()).prop_map(|at| Role::ALL[at])
}

/// Any arguments, with some names that say something.
fn arguments() -> impl Strategy<Value = Object> {
    let name = prop_oneof!["to|body|id|path|items|x", any::<String>()];
    prop::collection::vec((name, value()), 0..5).prop_map(|members| {
        members.into_iter().fold(Object::new(), |mut object, (name, value)| {
            object.insert(name, value);
            object
        })
    })
}

/// A shape that fits some of the values.
fn shape() -> impl Strategy<Value = Shape> {
    let kind = prop_oneof![Just(LeafKind::Text), Just(LeafKind::Long), Just(LeafKind::Bool)];
    let one = prop_oneof![
        (kind, prop::option::of(role())).prop_map(|(kind, role)| leaf(kind, role)),
        prop::option::of(role()).prop_map(anything),
    ];
    let inner = one.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|shape| Shape::Set(Box::new(shape))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| record([("to", a), ("x", b)])),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| {
                Shape::Choice(Choice { shapes: [(JsonType::String, a), (JsonType::Array, b)].into() })
            }),
        ]
    });
    (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| record([("to", a), ("body", b), ("x", c)]))
}

/// The shape without what its schema says of roles.
fn silent(shape: &Shape) -> Shape {
    match shape {
        Shape::Leaf(leaf) => Shape::Leaf(Leaf { role: None, ..leaf.clone() }),
        Shape::Opaque(opaque) => Shape::Opaque(Opaque { role: None, ..opaque.clone() }),
        Shape::Set(items) => Shape::Set(Box::new(silent(items))),
        Shape::Record(record) => {
            let field = |field: &Field| Field { shape: silent(&field.shape), required: field.required };
            let fields = record.fields.iter().map(|(name, of)| (name.clone(), field(of))).collect();
            Shape::Record(Record { fields, role: None })
        }
        Shape::Choice(choice) => {
            let shapes = choice.shapes.iter().map(|(kind, shape)| (*kind, silent(shape))).collect();
            Shape::Choice(Choice { shapes })
        }
    }
}

fn roles_of_leaves(plan: &RolePlan, arguments: &Object) -> Vec<WordSet<Role>> {
    let mut roles = Vec::new();
    plan.leaves(arguments, |leaf| roles.push(leaf.roles));
    roles
}

proptest! {
    #[test]
    fn every_scalar_is_visited_once_and_every_key_at_most_once(
        arguments in arguments(),
        shape in prop::option::of(shape()),
        pointed in prop::option::of(role()),
    ) {
        let mut plan = Plan::new(shape);
        if let Some(role) = pointed {
            plan = plan.role("/x/*/to", role).role("/items/0", role);
        }
        let (mut values, mut keys) = (Vec::new(), Vec::new());
        plan.plan().leaves(&arguments, |leaf| match leaf.said {
            Said::Value(_) => values.push(leaf.path.to_string()),
            Said::Key(_) => keys.push(leaf.path.to_string()),
        });
        let mut expected = Vec::new();
        scalars(&Value::from(arguments), "", &mut expected);
        prop_assert_eq!(values, expected);
        let listed = keys.len();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), listed);
    }

    #[test]
    fn what_the_bundle_says_of_all_is_the_only_role(
        arguments in arguments(),
        shape in prop::option::of(shape()),
        role in role(),
        trusted in any::<bool>(),
    ) {
        let plan = Plan { trusted, ..Plan::new(shape).role("", role) };
        for roles in roles_of_leaves(&plan.plan(), &arguments) {
            prop_assert_eq!(roles, WordSet::of(role));
        }
    }

    #[test]
    fn what_an_untrusted_schema_says_takes_no_role_away_and_adds_only_strict_ones(
        arguments in arguments(),
        shape in shape(),
    ) {
        let without = roles_of_leaves(&Plan::new(silent(&shape)).plan(), &arguments);
        let with = roles_of_leaves(&Plan::new(shape).plan(), &arguments);
        prop_assert_eq!(with.len(), without.len());
        let strict = WordSet::of(Role::Destination).with(Role::Code);
        for (with, without) in with.into_iter().zip(without) {
            prop_assert_eq!(with.union(without), with);
            prop_assert_eq!(with.union(strict), without.union(strict));
        }
    }

    #[test]
    fn every_text_has_a_role_where_the_tool_changes_something(
        arguments in arguments(),
        shape in prop::option::of(shape()),
        trusted in any::<bool>(),
    ) {
        let plan = Plan { trusted, ..Plan::new(shape) }.plan();
        plan.leaves(&arguments, |leaf| {
            assert!(leaf.said.text().is_none() || !leaf.roles.is_empty(), "{}", leaf.path);
        });
    }
}

//! What is left out of a slice could not have had a say.
//!
//! Policies and entities here are of any kind, not only Guardhouse's: scopes of every form, names that nobody has,
//! entities that nothing is known of, parents that are not there, and conditions that raise errors.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use cedar_policy::{
    Authorizer, Context, Decision, Effect, Entities, Entity, EntityUid, Policy, PolicySet, Request, Response,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::cases;
use crate::judge::index::{ScopeIndex, Slice};

/// Cedar's own answer.
pub(super) fn ask(policies: &PolicySet, request: &Request, entities: &Entities) -> Response {
    Authorizer::new().is_authorized(request, policies, entities)
}

/// The entities of a request.
fn scope(request: &Request) -> [&EntityUid; 3] {
    [request.principal().unwrap(), request.action().unwrap(), request.resource().unwrap()]
}

/// Asserts that slices answer as the whole set does, errors and their order included, and that nothing left out of them
/// has a say of its own. Gives the answer and the slice of exactly the policies whose scope is met.
pub(super) fn assert_faithful(index: &ScopeIndex, request: &Request, entities: &Entities) -> (Response, Slice) {
    let whole = ask(index.all(), request, entities);
    let exact = index.exact(scope(request), entities).unwrap();
    let slice = index.slice(scope(request), entities).unwrap();
    for slice in [&exact, &*slice] {
        assert_eq!(ask(&slice.all, request, entities), whole, "{request:?}");
        let permits: Vec<_> = slice.all.policies().filter(|policy| policy.effect() == Effect::Permit).collect();
        assert!(slice.permits.policies().eq(permits));
    }
    for policy in index.all().policies().filter(|policy| exact.all.policy(policy.id()).is_none()) {
        let alone = ask(&PolicySet::from_policies([policy.clone()]).unwrap(), request, entities);
        let says = (alone.decision(), alone.diagnostics().reason().count(), alone.diagnostics().errors().count());
        assert_eq!(says, (Decision::Deny, 0, 0), "{policy} has a say on {request:?}");
    }
    (whole, exact)
}

/// A policy before it is text.
#[derive(Debug, Clone)]
struct Sketch {
    effect: &'static str,
    scope: String,
    condition: &'static str,
}

impl Sketch {
    fn text(&self) -> String {
        let Self { effect, scope, condition } = self;
        format!("{effect} ({scope}) {condition};\n")
    }

    /// Whether its scope alone is true of a request, by Cedar.
    fn scope_is_met(&self, request: &Request, entities: &Entities) -> bool {
        let scope = Policy::parse(None, format!("permit ({});", self.scope)).unwrap();
        ask(&PolicySet::from_policies([scope]).unwrap(), request, entities).decision() == Decision::Allow
    }
}

const TYPES: [&str; 3] = ["A", "B", "N::A"];

/// The names of the entities of a world; an entity's parents come before it.
fn names() -> Vec<String> {
    let things = (0..9).map(|number| format!("{}::\"{}\"", TYPES[number % 3], number / 3));
    things.chain((0..4).map(|number| format!("Action::\"{number}\""))).collect()
}

fn thing() -> impl Strategy<Value = String> {
    // Now and then a name that is in no world.
    prop_oneof![12 => select(names()[..9].to_vec()), 1 => Just("A::\"nobody\"".to_owned())]
}

fn action() -> impl Strategy<Value = String> {
    prop_oneof![8 => select(names()[9..].to_vec()), 1 => Just("N::Action::\"0\"".to_owned())]
}

/// What a scope says of the principal or of the resource.
fn constraint(variable: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        1 => Just(variable.to_owned()),
        2 => thing().prop_map(move |e| format!("{variable} == {e}")),
        2 => thing().prop_map(move |e| format!("{variable} in {e}")),
        1 => select(TYPES.to_vec()).prop_map(move |t| format!("{variable} is {t}")),
        2 => (select(TYPES.to_vec()), thing()).prop_map(move |(t, e)| format!("{variable} is {t} in {e}")),
    ]
}

fn action_constraint() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just("action".to_owned()),
        1 => action().prop_map(|e| format!("action == {e}")),
        1 => action().prop_map(|e| format!("action in {e}")),
        2 => prop::collection::vec(action(), 0..4).prop_map(|e| format!("action in [{}]", e.join(", "))),
    ]
}

fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    let condition = select(vec![
        "",
        "",
        "when { false }",
        "when { context.flag }",
        "unless { context.flag }",
        "when { principal in B::\"1\" }",
        "when { resource has size && resource.size > 1 }",
        // Errors of every kind, some on some requests only.
        "when { context.missing }",
        "unless { principal.missing }",
        "when { resource.size > 1 }",
        "when { context.flag || 9223372036854775807 + 1 > 0 }",
        "when { principal in resource.size }",
        "when { 1 }",
        "when { ip(\"here\").isIpv4() }",
    ]);
    let scope = (constraint("principal"), action_constraint(), constraint("resource"));
    let sketch = (select(vec!["permit", "forbid"]), scope, condition).prop_map(
        |(effect, (principal, action, resource), condition)| Sketch {
            effect,
            scope: format!("{principal}, {action}, {resource}"),
            condition,
        },
    );
    prop::collection::vec(sketch, 0..40)
}

fn uid(name: &str) -> EntityUid {
    name.parse().unwrap()
}

/// Some entities of a world, with parents among the names before theirs.
fn entities() -> impl Strategy<Value = Entities> {
    let names = names();
    let one = |number: usize| {
        // An action's parents are actions, which Cedar does not ask for here but a schema would.
        let names: Vec<_> = names[if number < 9 { 0 } else { 9 }..number].to_vec();
        let parents = subsequence(names.clone(), 0..=names.len().min(2));
        (prop::bool::weighted(0.8), parents, prop::option::of(0..4_i64))
    };
    let all: Vec<_> = (0..names.len()).map(one).collect();
    all.prop_map(move |all| {
        let known = names.iter().zip(all).filter(|(_, (known, ..))| *known).map(|(name, (_, parents, size))| {
            let attributes = size.map(|size| ("size".to_owned(), cedar_policy::RestrictedExpression::new_long(size)));
            let parents = parents.iter().map(|parent| uid(parent)).collect();
            Entity::new(uid(name), attributes.into_iter().collect(), parents).unwrap()
        });
        Entities::from_entities(known, None).unwrap()
    })
}

fn request() -> impl Strategy<Value = Request> {
    (thing(), action(), thing(), any::<bool>()).prop_map(|(principal, action, resource, flag)| {
        let flag = cedar_policy::RestrictedExpression::new_bool(flag);
        let context = Context::from_pairs([("flag".to_owned(), flag)]).unwrap();
        Request::new(uid(&principal), uid(&action), uid(&resource), context, None).unwrap()
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_slice_answers_as_the_whole_set_does(
        sketches in sketches(),
        entities in entities(),
        requests in prop::collection::vec(request(), 8),
    ) {
        let text: String = sketches.iter().map(Sketch::text).collect();
        let index = ScopeIndex::new(text.parse().unwrap()).unwrap();
        for request in requests {
            let (_, exact) = assert_faithful(&index, &request, &entities);
            // Nor is anything in it whose scope is not met.
            let expected: BTreeSet<_> = sketches
                .iter()
                .enumerate()
                .filter(|(_, sketch)| sketch.scope_is_met(&request, &entities))
                .map(|(number, _)| format!("policy{number}"))
                .collect();
            let found: BTreeSet<_> = exact.all.policies().map(|policy| policy.id().to_string()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

/// A permit and a forbid for each of many tools, and three policies for all.
fn many_tools() -> ScopeIndex {
    let mut text = "permit (principal, action, resource);
        forbid (principal is Agent, action in [Action::\"call\", Action::\"answer\"], resource);
        forbid (principal in Group::\"guests\", action, resource is Tool in Server::\"0\");\n"
        .to_owned();
    for tool in 0..500 {
        writeln!(text, "permit (principal, action == Action::\"call\", resource == Tool::\"{tool}\");").unwrap();
        writeln!(text, "forbid (principal == Agent::\"{tool}\", action, resource in Tool::\"{tool}\");").unwrap();
    }
    ScopeIndex::new(text.parse().unwrap()).unwrap()
}

fn asks(principal: &str, action: &str, resource: &str) -> Request {
    Request::new(uid(principal), uid(action), uid(resource), Context::empty(), None).unwrap()
}

fn found(index: &ScopeIndex, request: &Request, entities: &Entities) -> Vec<String> {
    let slice = index.slice(scope(request), entities).unwrap();
    slice.all.policies().map(|policy| policy.id().to_string()).collect()
}

#[test]
fn of_many_policies_a_slice_has_the_few_that_can_apply_in_their_order() {
    let index = many_tools();
    let none = Entities::empty();
    let request = asks("Agent::\"7\"", "Action::\"call\"", "Tool::\"7\"");
    assert_eq!(found(&index, &request, &none), ["policy0", "policy1", "policy17", "policy18"]);
    let request = asks("Agent::\"7\"", "Action::\"define\"", "Tool::\"8\"");
    assert_eq!(found(&index, &request, &none), ["policy0"]);
}

#[test]
fn ancestors_are_those_of_the_requests_entities() {
    let index = many_tools();
    let guest = Entity::new_no_attrs(uid("Agent::\"x\""), HashSet::from([uid("Group::\"guests\"")]));
    let tool = Entity::new_no_attrs(uid("Tool::\"y\""), HashSet::from([uid("Server::\"0\"")]));
    // As an action of one tool is in the action of all calls.
    let call = Entity::new_no_attrs(uid("Action::\"z\""), HashSet::from([uid("Action::\"call\"")]));
    let known = Entities::from_entities([guest, tool, call], None).unwrap();
    let request = asks("Agent::\"x\"", "Action::\"z\"", "Tool::\"y\"");
    assert_eq!(found(&index, &request, &known), ["policy0", "policy1", "policy2"]);
    assert_eq!(found(&index, &request, &Entities::empty()), ["policy0"]);
}

#[test]
fn names_that_no_policy_mentions_share_one_slice() {
    let index = many_tools();
    let none = Entities::empty();
    let slice = |n: usize| {
        let request = asks(&format!("Agent::\"made-up-{n}\""), "Action::\"call\"", &format!("Tool::\"made-up-{n}\""));
        index.slice(scope(&request), &none).unwrap()
    };
    let first = slice(0);
    assert!((1..10_000).all(|n| Arc::ptr_eq(&slice(n), &first)));
    assert_eq!(index.kept(), 1);
}

#[test]
fn where_more_than_half_apply_the_whole_set_serves() {
    let text = "permit (principal, action, resource);
        forbid (principal, action, resource);
        permit (principal == A::\"a\", action, resource);";
    let index = ScopeIndex::new(text.parse().unwrap()).unwrap();
    let slice = index.slice(scope(&asks("A::\"b\"", "Action::\"x\"", "A::\"c\"")), &Entities::empty()).unwrap();
    assert_eq!(slice.all, *index.all());
    assert_eq!(slice.permits.num_of_policies(), 2);
}

#[test]
fn an_entity_in_more_groups_than_policies_tell_apart_is_found_under_all_of_them() {
    let groups: Vec<_> = (0..40).map(|n| format!("G::\"{n}\"")).collect();
    let mut text = "forbid (principal == A::\"b\", action, resource);
        forbid (principal, action == Action::\"y\", resource in G::\"0\");\n"
        .to_owned();
    for group in &groups {
        writeln!(text, "permit (principal in {group}, action, resource in {group});").unwrap();
    }
    let index = ScopeIndex::new(text.parse().unwrap()).unwrap();
    let parents: HashSet<_> = groups.iter().skip(25).map(|group| uid(group)).collect();
    let member = Entity::new_no_attrs(uid("A::\"a\""), parents);
    let known = Entities::from_entities([member], None).unwrap();
    let request = asks("A::\"a\"", "Action::\"x\"", "A::\"a\"");
    assert_eq!(found(&index, &request, &known).len(), 15);
    assert_faithful(&index, &request, &known);
}

//! Policies on the actions of tools: by their definitions' types, and never otherwise.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;

use cedar_policy::{Context, Schema};
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;
use super::samples::{Cast, EXAMPLE, PERMIT, categories, facts, shown};
use crate::decision::{ReasonCode, Verdict};
use crate::event::ToolName;
use crate::json::{self, Object, Value, tests::value};
use crate::judge::fragment::fragment;
use crate::judge::{Call, Evaluation, Fault, Flow, Judge, JudgeError, PolicyFile, Standing, Subject, TypedCall};
use crate::tools::{Shape, ToolProfile, schema};
use crate::vocabulary::WordSet;

/// What the tool of the tests takes.
const SCHEMA: &str = r#"{"type":"object","properties":{
    "recipient":{"type":"string"},
    "amount":{"type":"number"},
    "count":{"type":"integer"},
    "cc":{"type":"array","items":{"type":"string"}},
    "urgent":{"type":"boolean"},
    "when":{"type":"string","format":"date-time"},
    "host":{"type":"string","format":"ipv4"},
    "payee":{"type":"object","properties":{"name":{"type":"string"},"bic":{"type":["string","null"]}},"required":["name"]},
    "reference":{"anyOf":[{"type":"string"},{"type":"integer"}]},
    "filter":{"type":"object"},
    "target":{"anyOf":[{"type":"string"},{"type":"array"}]}
  },"required":["recipient"]}"#;

/// A typed policy of the design's example.
const LARGE: &str = r#"@id("large") @verdict("escalate") @message("a large payment")
forbid (principal, action == Guardhouse::Action::"bank/send_money", resource)
when { context.args has amount && context.args.amount.greaterThan(decimal("50.0")) && !context.from.recipient.standings.contains(Guardhouse::Standing::"user") };
"#;

fn tool() -> ToolName {
    "bank/send_money".parse().unwrap()
}

fn shape(schema: &str) -> Arc<Shape> {
    Arc::new(schema::arguments(Some(&json::parse(schema.as_bytes()).unwrap())))
}

fn load(text: &str, schema: &str) -> Result<Judge, JudgeError> {
    let pinned = BTreeMap::from([(tool(), shape(schema))]);
    Judge::load(&[PolicyFile { name: "p.cedar".to_owned(), text: text.to_owned() }], categories(), &pinned)
}

fn judge(text: &str) -> Judge {
    load(text, SCHEMA).unwrap_or_else(|error| panic!("{}", shown(&error)))
}

/// A forbid on the tool's action under one condition, beside a permit of everything.
fn forbid(condition: &str) -> String {
    format!(
        "{PERMIT}@id(\"f\") forbid (principal, action == Guardhouse::Action::\"bank/send_money\", resource)\nwhen {{ {condition} }};"
    )
}

fn object(text: &str) -> Object {
    match json::parse(text.as_bytes()).unwrap() {
        Value::Object(object) => object,
        other => panic!("expected an object, found {other}"),
    }
}

/// What the judge makes of a call with these arguments, of which `from` the user are named.
fn call(judge: &Judge, arguments: &str, from: &[&str]) -> Evaluation {
    let (cast, facts) = (Cast::new(), facts(&[]));
    let typed = judge.type_tool(&tool(), &shape(SCHEMA)).unwrap();
    let arguments = object(arguments);
    let user = Flow { standings: WordSet::of(Standing::User), ..Flow::EMPTY };
    let from = from.iter().map(|name| (*name, user.clone())).collect();
    let typed = TypedCall { tool: &typed, arguments: &arguments, from: &from };
    let call = Call { tool: &cast.tool, profile: ToolProfile::unknown(), typed: Some(typed) };
    judge.evaluate(&cast.request(Subject::Call(call), &facts))
}

fn verdict(condition: &str, arguments: &str) -> Verdict {
    call(&judge(&forbid(condition)), arguments, &[]).verdict()
}

#[test]
fn a_policy_reads_a_tools_arguments_by_their_types() {
    let judge = judge(&format!("{PERMIT}{LARGE}"));
    assert_eq!(call(&judge, r#"{"recipient":"x","amount":50.01}"#, &[]).verdict(), Verdict::Escalate);
    assert_eq!(call(&judge, r#"{"recipient":"x","amount":50}"#, &[]).verdict(), Verdict::Allow);
    assert_eq!(call(&judge, r#"{"recipient":"x"}"#, &[]).verdict(), Verdict::Allow);
    assert_eq!(call(&judge, r#"{"recipient":"x","amount":5e2}"#, &["recipient"]).verdict(), Verdict::Allow);
}

#[test]
fn every_type_reaches_policies() {
    for (condition, hit, miss) in [
        ("context.args has count && context.args.count > 3", r#""count":4"#, r#""count":3"#),
        ("context.args has cc && context.args.cc.contains(\"eve\")", r#""cc":["bob","eve"]"#, r#""cc":["bob"]"#),
        ("context.args has urgent && context.args.urgent", r#""urgent":true"#, r#""urgent":false"#),
        (
            "context.args has when && context.args.when < datetime(\"2026-01-01\")",
            r#""when":"2026-01-01T00:00:00+02:00""#,
            r#""when":"2026-01-01T00:00:00Z""#,
        ),
        (
            "context.args has host && context.args.host.isInRange(ip(\"10.0.0.0/8\"))",
            r#""host":"10.1.2.3""#,
            r#""host":"11.1.2.3""#,
        ),
        (
            "context.args has payee && context.args.payee.name like \"*Ltd\"",
            r#""payee":{"name":"A Ltd","bic":null,"other":1}"#,
            r#""payee":{"name":"B"}"#,
        ),
        ("context.args has payee.bic", r#""payee":{"name":"A","bic":"X"}"#, r#""payee":{"name":"A","bic":null}"#),
        (
            "context.args has reference.string && context.args.reference.string == \"a\"",
            r#""reference":"a""#,
            r#""reference":7"#,
        ),
        (
            "context.args has reference.number && context.args.reference.number == 7",
            r#""reference":7"#,
            r#""reference":"7""#,
        ),
        ("context.args has target.string && context.args.target.string == \"a\"", r#""target":"a""#, r#""target":"b""#),
    ] {
        let with = |member: &str| verdict(condition, &format!(r#"{{"recipient":"x",{member}}}"#));
        assert_eq!((with(hit), with(miss)), (Verdict::Deny, Verdict::Allow), "{condition}");
        assert_eq!(verdict(condition, r#"{"recipient":"x"}"#), Verdict::Allow, "{condition}");
    }
}

#[test]
fn an_argument_cannot_become_an_entity_or_an_extension() {
    // As Cedar's own JSON would have it, and as Cedar's text would.
    for recipient in [
        r#"{"__entity":{"type":"Guardhouse::User","id":"emma"}}"#,
        r#"{"__extn":{"fn":"decimal","arg":"1.0"}}"#,
        r#"{"type":"Guardhouse::User","id":"emma"}"#,
    ] {
        let judge = judge(&forbid("context.args.recipient == \"x\""));
        let evaluation = call(&judge, &format!(r#"{{"recipient":{recipient}}}"#), &[]);
        let reasons = evaluation.reasons();
        assert_eq!((evaluation.verdict(), reasons[0].code), (Verdict::Deny, ReasonCode::PolicyError), "{recipient}");
        assert_eq!(reasons[0].policy.as_deref(), Some("p.cedar:f"));
        assert!(!reasons[0].message.contains("emma"), "{}", reasons[0].message);
    }
    let odd = r#"{"type":"object","properties":{"__entity":{"type":"string"},"__extn":{"type":"integer"}}}"#;
    let text = "@id(\"f\") forbid (principal, action == Guardhouse::Action::\"bank/send_money\", resource)\nwhen { context.args[\"__entity\"] == \"a\" };";
    // Optional, so it has to be asked for first; that it has a type at all is what counts here.
    let Err(JudgeError::Policies(found)) = load(text, odd) else { panic!("it loads") };
    assert!(found.as_slice()[0].to_string().contains("__entity"), "{found}");
}

#[test]
fn a_string_that_looks_like_cedar_is_a_string() {
    let text = r#"Guardhouse::User::\"emma\" || true"#;
    let condition = r#"context.args.recipient == "Guardhouse::User::\"emma\" || true""#;
    assert_eq!(verdict(condition, &format!(r#"{{"recipient":"{text}"}}"#)), Verdict::Deny);
    assert_eq!(verdict(condition, r#"{"recipient":"emma"}"#), Verdict::Allow);
}

#[test]
fn a_policy_that_reads_what_cannot_be_represented_denies() {
    for (condition, member) in [
        ("context.args has count && context.args.count > 3", r#""count":9223372036854775808"#),
        ("context.args has count && context.args.count > 3", r#""count":1.5"#),
        ("context.args has count && context.args.count > 3", r#""count":"4""#),
        ("context.args has amount", r#""amount":0.1234567891"#),
        ("context.args has amount", r#""amount":1e300"#),
        ("context.args has when", r#""when":"tomorrow""#),
        ("context.args has host", r#""host":"localhost""#),
        ("context.args has cc", r#""cc":["a",1]"#),
        ("context.args has cc", r#""cc":"a""#),
        ("context.args has payee", r#""payee":{"bic":"X"}"#),
        ("context.args has reference", r#""reference":true"#),
        // The schema allows it, and does not say what it holds.
        ("context.args has target.string && context.args.target.string == \"a\"", r#""target":["a"]"#),
        ("context.args == context.args", r#""count":1.5"#),
    ] {
        let arguments = format!(r#"{{"recipient":"x",{member}}}"#);
        let judge = judge(&forbid(condition));
        let reasons = call(&judge, &arguments, &[]).reasons();
        assert_eq!(reasons[0].code, ReasonCode::PolicyError, "{condition} {member}: {reasons:?}");
        // One that does not read it is not touched, be it generic or on the same tool.
        assert_eq!(verdict("context.args.recipient == \"y\"", &arguments), Verdict::Allow, "{member}");
    }
    let missing = call(&judge(&forbid("context.args.recipient == \"x\"")), "{}", &[]).reasons();
    assert_eq!(missing[0].code, ReasonCode::PolicyError, "{missing:?}");
}

#[test]
fn an_array_of_more_items_than_are_read_cannot_be_represented() {
    let items = |count: usize| format!(r#"{{"recipient":"x","cc":[{}]}}"#, vec!["\"a\""; count].join(","));
    let condition = "context.args has cc && context.args.cc.contains(\"b\")";
    assert_eq!(verdict(condition, &items(1_024)), Verdict::Allow);
    assert_eq!(verdict(condition, &items(1_025)), Verdict::Deny);
}

#[test]
fn a_policy_is_validated_against_the_pinned_definition() {
    for (condition, says) in [
        ("context.args.amout > 1", "amout"),
        ("context.args has count && context.args.count == \"3\"", "types"),
        ("context.args.filter == 1", "no policy can read `filter`: its schema"),
        // Optional.
        ("context.args.count > 3", "count"),
        ("context.from.amout.standings.isEmpty()", "amout"),
    ] {
        let Err(error) = load(&forbid(condition), SCHEMA) else { panic!("{condition} loads") };
        let shown = shown(&error);
        assert!(shown.contains("p.cedar") && shown.contains("line 3") && shown.contains(says), "{shown}");
    }
    // What cannot be read has a standing all the same.
    assert!(load(&forbid("context.from.filter.standings.isEmpty()"), SCHEMA).is_ok());
}

/// To Cedar it is merely absent, in the schema as in the call, although the call may well have it.
#[test]
fn asking_whether_there_is_an_argument_that_no_policy_can_read_is_an_error() {
    for (asks, says) in [
        ("context.args has filter", "found `filter`: its schema does not say what it holds"),
        ("context.args has amout", "did you mean `amount`?"),
        ("context.args has payee.nam", "found `payee.nam`"),
        ("context.args has reference && context.args.reference has strin", "did you mean `string`?"),
        ("context.from has amout", "did you mean `amount`?"),
    ] {
        for condition in [asks.to_owned(), format!("context.args.recipient == \"x\" || ({asks})"), format!("!({asks})")]
        {
            let Err(error) = load(&forbid(&condition), SCHEMA) else { panic!("{condition} loads") };
            let shown = shown(&error);
            assert!(shown.contains("line 2") && shown.contains(says), "{condition}: {shown}");
            assert!(!shown.contains("never does"), "{condition}: {shown}");
        }
    }
    assert!(load(&forbid("context.args has payee.bic && context.from has payee"), SCHEMA).is_ok());
}

/// A server that no longer names an argument does not get it past a policy which reads it.
#[test]
fn a_definition_that_drops_an_argument_which_a_policy_asks_for_refuses_its_tool() {
    let condition = "context.args.recipient == \"y\" || (context.args has count && context.args.count > 3)";
    let judge = judge(&forbid(condition));
    let dropped = shape(r#"{"type":"object","properties":{"recipient":{"type":"string"}},"required":["recipient"]}"#);
    assert_eq!(judge.type_tool(&tool(), &dropped).unwrap().misfits().len(), 1);
}

#[test]
fn a_policy_on_a_tool_without_a_pin_loads_with_a_lint() {
    let text = LARGE.replace("bank/send_money", "bank/send_mony");
    let judge = load(&format!("{EXAMPLE}{text}"), SCHEMA).unwrap();
    let [lint] = judge.lints() else { panic!("{:?}", judge.lints()) };
    assert!(matches!(lint.fault(), Fault::UnpinnedTool { .. }));
    assert_eq!(lint.fault().help().unwrap(), "did you mean `bank/send_money`?");
}

#[test]
fn a_call_of_a_tool_with_policies_and_without_a_definition_is_denied() {
    let judge = judge(&format!("{PERMIT}{LARGE}"));
    let (cast, facts) = (Cast::new(), facts(&[]));
    let evaluation = judge.evaluate(&cast.call(&facts));
    assert_eq!((evaluation.verdict(), evaluation.reasons()[0].code), (Verdict::Deny, ReasonCode::NoDefinition));
    let other = Cast::named("assistant", "bank", "list");
    assert_eq!(judge.evaluate(&other.call(&facts)).verdict(), Verdict::Allow);
}

#[test]
fn a_definition_that_a_policy_does_not_fit_refuses_its_tool_and_no_other() {
    let judge = judge(&format!("{PERMIT}{LARGE}"));
    // The same tool, with an amount that is a text.
    let changed = shape(r#"{"type":"object","properties":{"recipient":{"type":"string"},"amount":{"type":"string"}}}"#);
    let typed = judge.type_tool(&tool(), &changed).unwrap();
    assert_eq!(typed.misfits().len(), 1);
    let (cast, facts) = (Cast::new(), facts(&[]));
    let (arguments, from) = (object(r#"{"recipient":"x","amount":"5"}"#), BTreeMap::new());
    let call = TypedCall { tool: &typed, arguments: &arguments, from: &from };
    let profile = ToolProfile::unknown();
    for subject in [
        Subject::Call(Call { tool: &cast.tool, profile, typed: Some(call) }),
        Subject::Definition(&cast.tool, profile, Some(&typed)),
    ] {
        let reasons = judge.evaluate(&cast.request(subject, &facts)).reasons();
        assert_eq!(reasons[0].code, ReasonCode::PolicyDoesNotFitDefinition, "{reasons:?}");
    }
    let other: ToolName = "bank/list".parse().unwrap();
    assert!(judge.type_tool(&other, &changed).unwrap().misfits().is_empty());
}

#[test]
fn what_many_places_of_a_policy_miss_in_a_definition_is_told_once() {
    let policy = "@id(\"f\") forbid (principal, action == Guardhouse::Action::\"bank/send_money\", resource)
        when { context.args.recipient == \"a\" || context.args.recipient == \"b\" || context.args.recipient == \"\" };";
    let judge = judge(&format!("{PERMIT}{policy}"));
    let typed = judge.type_tool(&tool(), &shape(r#"{"type":"object"}"#)).unwrap();
    assert_eq!(typed.misfits().len(), 3);
    let (cast, facts) = (Cast::new(), facts(&[]));
    let definition = Subject::Definition(&cast.tool, ToolProfile::unknown(), Some(&typed));
    let reasons = judge.evaluate(&cast.request(definition, &facts)).reasons();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
}

#[test]
fn generic_policies_match_calls_of_known_tools_too() {
    let generic = "@id(\"g\") forbid (principal, action in Guardhouse::Action::\"call_tool\", resource)\nwhen { context.core.session.untrusted };";
    assert_eq!(call(&judge(&format!("{PERMIT}{generic}")), r#"{"recipient":"x"}"#, &[]).verdict(), Verdict::Deny);
    assert_eq!(
        call(&judge(&format!("{PERMIT}{generic}{LARGE}")), r#"{"recipient":"x"}"#, &[]).verdict(),
        Verdict::Deny
    );
}

#[test]
fn a_policy_is_on_tools_or_on_the_core_not_on_both() {
    let mixed = "@id(\"f\") forbid (principal, action in [Guardhouse::Action::\"bank/send_money\", Guardhouse::Action::\"send_output\"], resource);";
    let Err(JudgeError::Policies(found)) = load(mixed, SCHEMA) else { panic!("it loads") };
    assert_eq!(found.as_slice()[0].fault(), &Fault::MixedActions);
}

#[test]
fn a_policy_on_several_tools_fits_each_of_them() {
    let text = "@id(\"f\") forbid (principal, action in [Guardhouse::Action::\"bank/send_money\", Guardhouse::Action::\"bank/pay\"], resource)\nwhen { context.args.recipient == \"x\" };";
    let file = [PolicyFile { name: "p.cedar".to_owned(), text: text.to_owned() }];
    let other: ToolName = "bank/pay".parse().unwrap();
    let with = |schema: &str| BTreeMap::from([(tool(), shape(SCHEMA)), (other.clone(), shape(schema))]);
    assert!(Judge::load(&file, categories(), &with(SCHEMA)).is_ok());
    let numbered = r#"{"type":"object","properties":{"recipient":{"type":"integer"}},"required":["recipient"]}"#;
    assert!(Judge::load(&file, categories(), &with(numbered)).is_err());
}

/// Properties of a schema, and arguments some of which have their names.
fn schema_and_arguments() -> impl Strategy<Value = (Value, Object)> {
    let simple = select(vec![
        r#"{"type":"string"}"#,
        r#"{"type":"integer"}"#,
        r#"{"type":"number"}"#,
        r#"{"type":"boolean"}"#,
        r#"{"type":["string","null"]}"#,
        r#"{"type":"string","format":"date-time"}"#,
        r#"{"type":"array","items":{"type":"string"}}"#,
        r#"{"type":"object","properties":{"a":{"type":"integer"},"b":{}},"required":["a"]}"#,
        r#"{"anyOf":[{"type":"string"},{"type":"array"}]}"#,
        r#"{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"object","properties":{"a":{"enum":["x"]}}}]}"#,
        r##"{"$ref":"#"}"##,
    ]);
    let schema = prop_oneof![4 => simple.prop_map(|text| json::parse(text.as_bytes()).unwrap()), 1 => value()];
    let name =
        || prop_oneof![select(vec!["a", "b", "__entity", "has", "é\""]).prop_map(str::to_owned), any::<String>()];
    let argument = prop_oneof![
        value(),
        select(vec![
            r#""x""#,
            "7",
            "0.5",
            "1e300",
            "true",
            "null",
            r#""2026-01-02T03:04:05Z""#,
            r#"["x","y"]"#,
            r#"{"a":7}"#,
            r#"{"a":"x"}"#
        ])
        .prop_map(|text| json::parse(text.as_bytes()).unwrap()),
    ];
    let members = prop::collection::vec((name(), schema, any::<bool>(), prop::option::weighted(0.8, argument)), 0..5);
    members.prop_map(|members| {
        let (mut properties, mut required, mut arguments) = (Object::new(), Vec::new(), Object::new());
        for (name, schema, needed, argument) in members {
            if needed {
                required.push(Value::from(name.as_str()));
            }
            if let Some(argument) = argument {
                arguments.insert(name.as_str(), argument);
            }
            properties.insert(name, schema);
        }
        let mut schema = Object::new();
        schema.insert("properties", properties);
        schema.insert("required", required);
        (schema.into(), arguments)
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn arguments_conform_to_the_tools_schema_or_deny((schema, arguments) in schema_and_arguments()) {
        let judge = super::samples::judge(&forbid("context.args != context.args"));
        let shape = Arc::new(schema::arguments(Some(&schema)));
        let typed = judge.type_tool(&tool(), &shape).unwrap();
        prop_assert!(typed.misfits().is_empty(), "{:?}", typed.misfits());
        let (cast, facts, from) = (Cast::new(), facts(&[]), BTreeMap::new());
        let call = TypedCall { tool: &typed, arguments: &arguments, from: &from };
        let call = Call { tool: &cast.tool, profile: ToolProfile::unknown(), typed: Some(call) };
        let request = cast.request(Subject::Call(call), &facts);
        let evaluation = judge.evaluate(&request);
        if evaluation.verdict() == Verdict::Allow {
            let Shape::Record(record) = &*shape else { return Ok(()) };
            let fragment = fragment(&tool(), record, std::iter::empty()).unwrap();
            let schema = Schema::from_schema_fragments([judge.core_fragment().clone(), fragment]).unwrap();
            let (_, bare) = judge.bare(&request).unwrap();
            let context = Context::from_pairs(bare.context).unwrap();
            let conforms =
                cedar_policy::Request::new(bare.principal, bare.action, bare.resource, context, Some(&schema));
            prop_assert!(conforms.is_ok(), "{:?}", conforms.err());
        } else {
            prop_assert!(evaluation.reasons().iter().all(|reason| reason.code == ReasonCode::PolicyError));
        }
    }
}

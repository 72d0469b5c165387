//! Any arguments of a tool with any schema: judged without a panic, by their types or not at all, and always the same.
//!
//! The first line of the input is the schema's `properties`, the rest the arguments. `cargo +nightly fuzz run arguments`

#![no_main]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use guardhouse::decision::{ReasonCode, Verdict};
use guardhouse::event::{AgentName, ToolName};
use guardhouse::json::{Object, Value, parse};
use guardhouse::judge::{Call, Coverage, Facts, Findings, Flows, Judge, PolicyFile, Request, Subject, TypedCall};
use guardhouse::tools::{RolePlan, ToolProfile, schema};
use guardhouse_fuzz::PERMIT;
use libfuzzer_sys::fuzz_target;

/// Reads all arguments, whatever their types.
const READS_ALL: &str = "@id(\"all-read\") forbid (principal, action == Guardhouse::Action::\"s/t\", resource)\n\
     when { context.args != context.args };";

static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
    let file = PolicyFile { name: "p.cedar".to_owned(), text: format!("{PERMIT}{READS_ALL}") };
    Judge::load(&[file], [], &BTreeMap::new()).expect("policies that load")
});

fuzz_target!(|input: &[u8]| {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let (properties, arguments) = input.split_at(end);
    let (Ok(properties), Ok(Value::Object(arguments))) = (parse(properties), parse(arguments)) else { return };
    let mut schema = Object::new();
    schema.insert("properties", properties);
    let shape = Arc::new(schema::arguments(Some(&schema.into())));

    // Whatever has a shape can be typed, and a policy that only compares fits it.
    let tool: ToolName = "s/t".parse().expect("a name");
    let typed = JUDGE.type_tool(&tool, &shape).expect("a tool");
    assert!(typed.misfits().is_empty(), "{:?} under {shape:?}", typed.misfits());

    let agent: AgentName = "a".parse().expect("a name");
    let facts = Facts::new(Findings::tally([]), Coverage { uninspected: false, skipped: false }, Flows::EMPTY);
    let from = BTreeMap::new();
    let call = TypedCall { tool: &typed, arguments: &arguments, from: &from };
    let subject = Subject::Call(Call { tool: &tool, profile: ToolProfile::unknown(), typed: Some(call) });
    let request = Request { agent: &agent, user: None, subject, facts: &facts };
    let evaluation = JUDGE.evaluate(&request);
    match evaluation.verdict() {
        Verdict::Allow => {}
        Verdict::Deny => assert!(evaluation.reasons().iter().all(|reason| reason.code == ReasonCode::PolicyError)),
        other => panic!("expected allow or deny, found {other}"),
    }
    assert_eq!(JUDGE.evaluate(&request), evaluation);

    let roles = RolePlan::new(Some(&shape), &BTreeMap::new(), false, ToolProfile::unknown());
    roles.leaves(&arguments, |leaf| assert!(arguments.get(leaf.argument).is_some()));
    assert_eq!(shape.unfit(&arguments, &arguments), None);
});

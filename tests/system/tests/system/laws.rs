//! What holds for every event.

use std::sync::LazyLock;

use guardhouse::{
    decision::{Decision, ReasonCode, Verdict},
    engine::Engine,
    event::{Checkpoint, Event},
};
use guardhouse_system_tests::event;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use crate::{
    PERMIT,
    verdicts::{POLICIES, SECRET, with_secrets},
};

/// Events for each law, where `PROPTEST_CASES` does not say how many.
const CASES: u32 = 64;

fn configuration() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(CASES), failure_persistence: None, ..ProptestConfig::default() }
}

/// An engine that lives as long as the tests, on a runtime of its own.
struct Standing {
    runtime: Runtime,
    engine: Engine,
}

impl Standing {
    fn new(policies: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let engine = runtime.block_on(with_secrets(policies).engine());
        Self { runtime, engine }
    }

    /// The decision, without what is its own each time.
    fn check(&self, event: &Event) -> Decision {
        let mut decision = self.runtime.block_on(self.engine.check(event));
        decision.id = Uuid::nil();
        decision.micros = 0;
        decision
    }
}

/// Text, sometimes with something in it for the guard to find.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z ]{0,24}",
        ("[a-zé \"]{0,8}", "[ ,.]", "[a-z ]{0,8}")
            .prop_map(|(before, gap, after)| format!("{before}{gap}{SECRET}{gap}{after}")),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from), object_of(inner)]
    })
}

fn object_of(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::btree_map(text(), inner, 0..4).prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn block() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(|text| json!({"type": "text", "text": text})),
        Just(json!({"type": "image", "data": "AAAA", "mimeType": "image/png"})),
        object_of(value()).prop_map(|mut block| {
            block["type"] = "novelty".into();
            block
        }),
    ]
}

/// Any event of any kind, to the tools that policies name and to others.
fn events() -> impl Strategy<Value = Event> {
    let tool = || prop::sample::select(vec!["wire", "pay", "look", "list"]);
    let members = prop_oneof![
        (prop::sample::select(vec!["user", "document", "system"]), text())
            .prop_map(|(source, text)| json!({"checkpoint": "input", "source": source, "text": text})),
        text().prop_map(|text| json!({"checkpoint": "output", "text": text})),
        (tool(), object_of(value())).prop_map(|(tool, arguments)| {
            json!({"checkpoint": "tool-call", "server": "bank", "tool": tool, "call": "c", "arguments": arguments})
        }),
        (tool(), object_of(value())).prop_map(|(tool, definition)| {
            json!({"checkpoint": "tool-definition", "server": "bank", "tool": tool, "definition": definition})
        }),
        (tool(), prop::collection::vec(block(), 0..3), value()).prop_map(|(tool, content, structured)| {
            json!({"checkpoint": "tool-result", "server": "bank", "tool": tool, "call": "c", "content": content,
                "structured": structured})
        }),
        any::<(u64, u64)>().prop_map(|(input, output)| {
            json!({"checkpoint": "note", "kind": "usage", "tokens": {"input": input, "output": output}})
        }),
        (prop::sample::select(vec!["reasoning", "error", "retry"]), text())
            .prop_map(|(kind, text)| json!({"checkpoint": "note", "kind": kind, "text": text})),
    ];
    members.prop_map(|members| {
        let text = members.to_string();
        event(&text[1..text.len() - 1])
    })
}

/// Weak forbids, which let through what is permitted, and a permit for another agent.
static UNPERMITTED: LazyLock<Standing> = LazyLock::new(|| {
    Standing::new(&format!(
        "{POLICIES}
        @id(\"warn\") @verdict(\"warn\") forbid (principal, action, resource);
        @id(\"other\") @why(\"a test\")
        permit (principal == Guardhouse::Agent::\"other\", action, resource);"
    ))
});

static PERMITTED: LazyLock<Standing> = LazyLock::new(|| Standing::new(&format!("{PERMIT}{POLICIES}")));

proptest! {
    #![proptest_config(configuration())]

    #[test]
    fn what_nothing_permits_is_denied(event in events()) {
        let decision = UNPERMITTED.check(&event);
        prop_assert_eq!(decision.verdict, Verdict::Deny);
        prop_assert!(decision.repaired.is_none());
        let denied = |code| decision.reasons.iter().any(|reason| reason.code == code);
        // What is not the definition of a tool does not get as far as the policies.
        let refused = denied(ReasonCode::DefinitionRefused) && decision.checkpoint == Checkpoint::ToolDefinition;
        prop_assert!(denied(ReasonCode::NoPermit) || denied(ReasonCode::Policy) || refused, "{}", decision);
    }

    #[test]
    fn one_event_has_one_decision(event in events()) {
        prop_assert_eq!(PERMITTED.check(&event), PERMITTED.check(&event));
    }

    #[test]
    fn what_was_cut_out_is_nowhere_in_what_goes_on(event in events()) {
        let decision = PERMITTED.check(&event);
        if decision.repaired.is_some() {
            prop_assert!(decision.verdict >= Verdict::Modify && decision.verdict < Verdict::Deny);
            prop_assert!(!decision.to_string().contains(SECRET), "{}", decision);
        }
        prop_assert_eq!(decision.verdict == Verdict::Allow, decision.reasons.is_empty());
    }
}

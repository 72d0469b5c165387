//! The one path: what guards find and policies say comes out as the decision, with its reasons.

use guardhouse::{
    decision::{ReasonCode, Verdict},
    engine::Engine,
};
use guardhouse_system_tests::{GENEROUS, TestBundle, call, codes, definition, event, input, output, result, station};

use crate::{EVERYWHERE, PERMIT};

/// A GitHub token, in two pieces so that no scanner of this repository takes it for one.
pub(crate) const SECRET: &str = concat!("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a");

/// One policy of each strength.
pub(crate) const POLICIES: &str = r#"
@id("mend") @verdict("modify") @redact("secret") @message("a secret is cut out")
forbid (principal, action, resource) when { context.core.findings.secret.worst >= 2 };
@id("no-wire") @message("this agent wires no money")
forbid (principal, action in Guardhouse::Action::"call_tool", resource == Guardhouse::Tool::"bank/wire");
@id("ask") @verdict("escalate") @message("a person has to look at a payment")
forbid (principal, action in Guardhouse::Action::"call_tool", resource == Guardhouse::Tool::"bank/pay");
@id("look") @verdict("warn") @message("somebody looked at an account")
forbid (principal, action in Guardhouse::Action::"call_tool", resource == Guardhouse::Tool::"bank/look");
"#;

/// A bundle with the secrets guard everywhere and these policies.
pub(crate) fn with_secrets(policies: &str) -> TestBundle {
    let station = station("secrets", "guard-secrets", EVERYWHERE, "");
    TestBundle::new(&format!("{GENEROUS}{station}")).guard("guard-secrets").policies(policies).locked()
}

/// An engine with the secrets guard and one policy of each strength.
pub(crate) async fn engine() -> Engine {
    with_secrets(&format!("{PERMIT}{POLICIES}")).engine().await
}

#[tokio::test]
async fn a_clean_session_is_allowed() {
    let engine = engine().await;
    for event in [
        input("system", "You are the assistant of a bank."),
        input("user", "What did I spend in March?"),
        definition("list", r#"{"name":"list","description":"Lists payments","inputSchema":{"type":"object"}}"#),
        call("list", r#"{"month":"2026-03","limit":50}"#),
        result("list", r#""structured":{"payments":[{"to":"Ann","amount":12.5}]},"isError":false"#),
        event(r#""checkpoint":"note","kind":"usage","tokens":{"input":812,"output":96},"money":"0.0041""#),
        output("You spent 12.50 on Ann."),
    ] {
        let decision = engine.check(&event).await;
        assert_eq!(decision.verdict, Verdict::Allow, "{event}: {decision}");
        assert!(decision.reasons.is_empty() && decision.findings.is_empty() && decision.repaired.is_none());
        assert_eq!(decision.checkpoint, event.checkpoint());
        assert_eq!(decision.call.as_ref(), event.call());
        assert_eq!(decision.generation, engine.generation().digest());
    }
}

#[tokio::test]
async fn each_strength_of_a_forbid_is_its_verdict_with_its_message() {
    let engine = engine().await;
    for (tool, verdict, policy, message) in [
        ("wire", Verdict::Deny, "test.cedar:no-wire", "this agent wires no money"),
        ("pay", Verdict::Escalate, "test.cedar:ask", "a person has to look at a payment"),
        ("look", Verdict::Warn, "test.cedar:look", "somebody looked at an account"),
    ] {
        let decision = engine.check(&call(tool, r#"{"account":"1"}"#)).await;
        assert_eq!(decision.verdict, verdict, "{decision}");
        assert_eq!(decision.reasons.len(), 1);
        assert_eq!(decision.reasons[0].code, ReasonCode::Policy);
        assert_eq!(decision.reasons[0].policy.as_deref(), Some(policy));
        assert_eq!(decision.reasons[0].message, message);
        assert!(decision.repaired.is_none());
    }
}

#[tokio::test]
async fn what_nothing_permits_is_denied() {
    let permit = r#"@id("inputs") @why("a test")
        permit (principal, action == Guardhouse::Action::"receive_input", resource);"#;
    let engine = with_secrets(&format!("{permit}{POLICIES}")).engine().await;
    assert_eq!(engine.check(&input("user", "hello")).await.verdict, Verdict::Allow);
    for event in [
        output("hello"),
        call("look", "{}"),
        call("list", "{}"),
        result("list", r#""text":"done""#),
        definition("list", r#"{"name":"list"}"#),
        event(r#""checkpoint":"note","kind":"retry""#),
        output(SECRET),
    ] {
        let decision = engine.check(&event).await;
        assert_eq!(decision.verdict, Verdict::Deny, "{event}");
        assert_eq!(codes(&decision), ["no-permit"], "{event}");
    }
}

#[tokio::test]
async fn a_bundle_without_policies_denies_everything() {
    let engine = TestBundle::new("").engine().await;
    assert_eq!(codes(&engine.check(&input("user", "hello")).await), ["no-permit"]);
}

#[tokio::test]
async fn a_policy_that_cannot_be_evaluated_denies() {
    // -1 without a finding, which is in the range; 4 for a token, which is not.
    let overflow = "context.core.findings.secret.worst * 9223372036854775807 > 0";
    let forbid =
        format!("@id(\"broken\") @verdict(\"warn\") forbid (principal, action, resource) when {{ {overflow} }};");
    let permit =
        format!("@id(\"broken\") @why(\"a test\") permit (principal, action, resource) when {{ {overflow} }};");
    for broken in [forbid, permit] {
        let engine = with_secrets(&format!("{PERMIT}{broken}")).engine().await;
        assert_eq!(engine.check(&output("clean")).await.verdict, Verdict::Allow);
        let decision = engine.check(&output(SECRET)).await;
        assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
        assert_eq!(codes(&decision), ["policy-error test.cedar:broken"]);
    }
}

#[tokio::test]
async fn notes_are_judged_and_reasoning_is_inspected() {
    let forbid = r#"@id("no-retries") forbid (principal, action == Guardhouse::Action::"take_note",
        resource == Guardhouse::Channel::"retry");"#;
    let engine = with_secrets(&format!("{PERMIT}{POLICIES}{forbid}")).engine().await;
    let note = |members: &str| event(&format!(r#""checkpoint":"note",{members}"#));
    let retry = engine.check(&note(r#""kind":"retry","text":"once more""#)).await;
    assert_eq!(codes(&retry), ["policy test.cedar:no-retries"]);
    assert_eq!(engine.check(&note(r#""kind":"error","text":"timeout""#)).await.verdict, Verdict::Allow);
    let reasoning = engine.check(&note(&format!(r#""kind":"reasoning","text":"use {SECRET}""#))).await;
    assert_eq!(reasoning.verdict, Verdict::Modify, "{reasoning}");
    assert!(reasoning.to_string().contains(r#""text":"use [redacted:secret]""#), "{reasoning}");
}

#[tokio::test]
async fn a_policy_about_what_no_guard_reports_does_not_load() {
    let typo = POLICIES.replace("findings.secret", "findings.secrets");
    let refusal = guardhouse_system_tests::shown(&with_secrets(&format!("{PERMIT}{typo}")).refusal().await);
    assert!(refusal.contains("secrets") && refusal.contains("test.cedar"), "{refusal}");
}

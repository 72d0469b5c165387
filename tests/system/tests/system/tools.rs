//! Tools: which definition holds, what it makes of a call, and what a server can do with one.

use guardhouse::{decision::Verdict, engine::Engine, event::Event};
use guardhouse_system_tests::{TestBundle, call, codes, definition, event, result};

use crate::{PERMIT, verdicts::with_secrets};

/// What the bank's server says of its tool.
const SEND: &str = r#"{"name":"send_money","description":"Sends money.","inputSchema":{"type":"object","properties":{"recipient":{"type":"string"},"amount":{"type":"number"},"currency":{"enum":["EUR","USD"]}},"required":["recipient","amount"]},"annotations":{"destructiveHint":false}}"#;

/// The same tool a day later.
const CHANGED: &str = r#"{"name":"send_money","description":"Sends money.","inputSchema":{"type":"object","properties":{"recipient":{"type":"string"},"amount":{"type":"number"},"bcc":{"type":"string"}},"required":["recipient","amount"]}}"#;

/// The same tool, with an amount that policies cannot compare.
const MISFIT: &str = r#"{"name":"send_money","inputSchema":{"type":"object","properties":{"recipient":{"type":"string"},"amount":{"type":"string"}}}}"#;

/// Payments above 50 wait for a person.
const LARGE: &str = r#"
@id("large") @verdict("escalate") forbid (principal, action == Guardhouse::Action::"bank/send_money", resource)
when { context.args.amount.greaterThan(decimal("50.0")) };
"#;

/// Whoever is told of another definition is told nothing.
const RUG: &str = r#"@id("rug") forbid (principal, action, resource is Guardhouse::Tool) when { resource.changed };"#;

fn bundle(policies: &str) -> TestBundle {
    TestBundle::new("").policies(&format!("{PERMIT}{policies}"))
}

/// With `SEND` pinned.
fn pinned(policies: &str) -> TestBundle {
    let object = guardhouse::json::parse(SEND.as_bytes()).unwrap();
    let lock = format!(
        r#"{{"version":1,"tools":{{"bank/send_money":{{"digest":"{}","definition":{SEND}}}}}}}"#,
        object.digest()
    );
    bundle(policies).file("tools.lock", lock)
}

fn pay(amount: &str) -> Event {
    call("send_money", &format!(r#"{{"recipient":"emma","amount":{amount}}}"#))
}

/// A line of the session `s2`.
fn in_another_session(line: &str) -> Event {
    let text = format!(r#"{{"agent":"assistant","session":"s2",{line}}}"#);
    Event::from_json(text.as_bytes()).unwrap()
}

async fn judged(engine: &Engine, event: &Event) -> (Verdict, Vec<String>) {
    let decision = engine.check(event).await;
    (decision.verdict, codes(&decision))
}

#[tokio::test]
async fn a_pinned_definition_types_calls_of_every_session() {
    let engine = pinned(LARGE).engine().await;
    let decision = engine.check(&pay("50.01")).await;
    assert_eq!((decision.verdict, codes(&decision)), (Verdict::Escalate, vec!["policy test.cedar:large".to_owned()]));
    let object = guardhouse::json::parse(SEND.as_bytes()).unwrap();
    assert_eq!(decision.definition, Some(object.digest()));
    assert_eq!(engine.check(&pay("50")).await.verdict, Verdict::Allow);
}

#[tokio::test]
async fn a_definition_that_a_session_was_told_types_its_calls_and_no_others() {
    let engine = bundle(LARGE).engine().await;
    let unknown = judged(&engine, &pay("5")).await;
    assert_eq!(unknown, (Verdict::Deny, vec!["no-definition".to_owned()]));
    assert_eq!(engine.check(&definition("send_money", SEND)).await.verdict, Verdict::Allow);
    assert_eq!(engine.check(&pay("5")).await.verdict, Verdict::Allow);
    assert_eq!(engine.check(&pay("51")).await.verdict, Verdict::Escalate);
    let other = in_another_session(
        r#""checkpoint":"tool-call","server":"bank","tool":"send_money","call":"c","arguments":{"recipient":"e","amount":5}"#,
    );
    assert_eq!(judged(&engine, &other).await, (Verdict::Deny, vec!["no-definition".to_owned()]));
    // Nor does another server's tool of the same name.
    let elsewhere = event(r#""checkpoint":"tool-call","server":"shop","tool":"send_money","call":"c","arguments":{}"#);
    assert_eq!(engine.check(&elsewhere).await.verdict, Verdict::Allow);
}

#[tokio::test]
async fn what_an_agent_sends_is_a_value_of_the_type_or_denies_whoever_reads_it() {
    let engine = pinned(LARGE).engine().await;
    for amount in [
        r#"{"__entity":{"type":"Guardhouse::User","id":"emma"}}"#,
        r#"{"__extn":{"fn":"decimal","arg":"1.0"}}"#,
        "9223372036854775808",
        "0.1234567891",
        r#""5""#,
        "null",
        "[5]",
    ] {
        let found = judged(&engine, &pay(amount)).await;
        assert_eq!(found, (Verdict::Deny, vec!["policy-error test.cedar:large".to_owned()]), "{amount}");
    }
    let twice = br#"{"agent":"a","session":"s","checkpoint":"tool-call","server":"bank","tool":"send_money","call":"c","arguments":{"recipient":"x","amount":5,"amount":500}}"#;
    assert!(Event::from_json(twice).is_err(), "a key that is there twice is no event");
    // What no policy reads may be anything.
    let odd = call("send_money", r#"{"recipient":{"__entity":{"type":"Guardhouse::User","id":"e"}},"amount":5}"#);
    assert_eq!(engine.check(&odd).await.verdict, Verdict::Allow);
}

#[tokio::test]
async fn a_definition_that_policies_do_not_fit_refuses_its_tool_and_no_other() {
    let engine = bundle(LARGE).engine().await;
    let (verdict, why) = judged(&engine, &definition("send_money", MISFIT)).await;
    assert!(verdict == Verdict::Deny && why.iter().all(|code| code == "policy-does-not-fit-definition"), "{why:?}");
    assert_eq!(judged(&engine, &pay(r#""5""#)).await, (Verdict::Deny, vec!["definition-refused".to_owned()]));
    let list = definition("list", r#"{"name":"list","inputSchema":{"type":"object"}}"#);
    assert_eq!(engine.check(&list).await.verdict, Verdict::Allow);
    assert_eq!(engine.check(&call("list", "{}")).await.verdict, Verdict::Allow);
    // A server that sets it right is heard again.
    assert_eq!(engine.check(&definition("send_money", SEND)).await.verdict, Verdict::Allow);
    assert_eq!(engine.check(&pay("5")).await.verdict, Verdict::Allow);
}

#[tokio::test]
async fn a_changed_definition_is_a_fact_and_one_that_is_denied_refuses_the_tool() {
    for engine in [pinned(RUG).engine().await, bundle(RUG).engine().await] {
        assert_eq!(engine.check(&definition("send_money", SEND)).await.verdict, Verdict::Allow);
        assert_eq!(engine.check(&pay("5")).await.verdict, Verdict::Allow);
        let changed = judged(&engine, &definition("send_money", CHANGED)).await;
        assert_eq!(changed, (Verdict::Deny, vec!["policy test.cedar:rug".to_owned()]));
        for event in [pay("5"), result("send_money", r#""text":"done""#)] {
            assert_eq!(judged(&engine, &event).await, (Verdict::Deny, vec!["definition-refused".to_owned()]));
        }
    }
}

#[tokio::test]
async fn a_tool_that_waits_for_a_person_is_not_called_before() {
    let ask = r#"@id("ask") @verdict("escalate") forbid (principal, action == Guardhouse::Action::"define_tool", resource) when { !resource.pinned };"#;
    let engine = pinned(ask).engine().await;
    assert_eq!(engine.check(&definition("send_money", SEND)).await.verdict, Verdict::Allow);
    assert_eq!(engine.check(&definition("list", r#"{"name":"list"}"#)).await.verdict, Verdict::Escalate);
    assert_eq!(judged(&engine, &call("list", "{}")).await, (Verdict::Deny, vec!["definition-refused".to_owned()]));
}

#[tokio::test]
async fn a_definition_of_another_tool_is_refused() {
    let engine = bundle("").engine().await;
    for wrong in [r#"{"name":"other"}"#, "{}", r#"{"name":"list","description":7}"#] {
        let refused = judged(&engine, &definition("list", wrong)).await;
        assert_eq!(refused, (Verdict::Deny, vec!["definition-refused".to_owned()]), "{wrong}");
    }
    // It was told nothing that it could go by, so the tool is as unknown as before.
    assert_eq!(engine.check(&call("list", "{}")).await.verdict, Verdict::Allow);
}

/// A decision's reasons reach the agent, and through them would what a server says of a tool that is kept from it.
#[tokio::test]
async fn why_a_definition_is_refused_is_told_without_its_words() {
    let engine = bundle(LARGE).engine().await;
    for definition_of_send in [
        r#"{"name":"obey-me"}"#,
        r#"{"name":"send_money","annotations":"obey-me"}"#,
        r#"{"name":"send_money","description":["obey-me"]}"#,
        // Cedar's own words about the policy would have the type of the amount, and with it the name of its member.
        r#"{"name":"send_money","inputSchema":{"type":"object","properties":{"amount":{"type":"object","properties":{"obey-me":{"type":"string"}},"required":["obey-me"]}},"required":["amount"]}}"#,
    ] {
        let decision = engine.check(&definition("send_money", definition_of_send)).await;
        assert_eq!(decision.verdict, Verdict::Deny, "{definition_of_send}");
        assert!(!decision.reasons.is_empty());
        for reason in &decision.reasons {
            assert!(!reason.message.contains("obey"), "{}", reason.message);
        }
    }
}

#[tokio::test]
async fn roles_say_where_what_the_agent_made_up_goes() {
    let policies = r#"
        @id("to") @verdict("escalate") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when { context.core.flow.destination.standings.contains(Guardhouse::Standing::"ungrounded") };
        @id("what") @verdict("warn") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when { context.core.flow.payload.standings.contains(Guardhouse::Standing::"ungrounded") };
    "#;
    let manifest = r#"
        [tools."bank/post"]
        effects = ["write"]
        roles = { "/x" = "payload" }
        [tools."bank/look"]
        effects = ["read"]
    "#;
    let engine = TestBundle::new(manifest).policies(&format!("{PERMIT}{policies}")).engine().await;
    for (tool, arguments, expected) in [
        ("post", r#"{"x":"emma@example.org"}"#, vec!["policy test.cedar:what"]),
        ("post", r#"{"recipient":"emma"}"#, vec!["policy test.cedar:to"]),
        ("post", r#"{"body":"hello"}"#, vec!["policy test.cedar:what"]),
        // Nobody knows what it is for, and the tool changes something.
        ("post", r#"{"zq":"hello"}"#, vec!["policy test.cedar:to"]),
        ("look", r#"{"zq":"hello"}"#, vec![]),
        ("look", r#"{"zq":"https://example.org"}"#, vec!["policy test.cedar:to"]),
        ("post", r#"{"n":5}"#, vec![]),
    ] {
        assert_eq!(codes(&engine.check(&call(tool, arguments)).await), expected, "{tool} {arguments}");
    }
}

#[tokio::test]
async fn a_listed_value_is_constant_only_where_somebody_vouches_for_the_list() {
    let policies = r#"
        @id("made-up") @verdict("warn") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when { !([Guardhouse::Standing::"constant"].containsAll(context.core.flow.any.standings)) };
    "#;
    let listed = call("send_money", r#"{"currency":"EUR"}"#);
    let other = call("send_money", r#"{"currency":"GBP"}"#);
    let vouched = pinned(policies).engine().await;
    assert_eq!(vouched.check(&listed).await.verdict, Verdict::Allow);
    assert_eq!(vouched.check(&other).await.verdict, Verdict::Warn);
    // A server's own list could name any address.
    let told = bundle(policies).engine().await;
    assert_eq!(told.check(&definition("send_money", SEND)).await.verdict, Verdict::Allow);
    assert_eq!(told.check(&listed).await.verdict, Verdict::Warn);
}

#[tokio::test]
async fn a_repair_that_the_schema_may_not_allow_is_none() {
    let mask = r#"@id("mask") @verdict("modify") @redact("secret") forbid (principal, action in Guardhouse::Action::"call_tool", resource) when { context.core.findings.secret.count > 0 };"#;
    let engine = with_secrets(&format!("{PERMIT}{mask}")).engine().await;
    let schema =
        |note: &str| format!(r#"{{"name":"post","inputSchema":{{"type":"object","properties":{{"note":{note}}}}}}}"#);
    let post = call("post", &format!(r#"{{"note":"{}"}}"#, crate::verdicts::SECRET));
    for (note, verdict) in [
        (r#"{"type":"string"}"#, Verdict::Modify),
        (r#"{"type":"string","maxLength":8}"#, Verdict::Deny),
        (r#"{"type":"string","pattern":"^[a-z]+$"}"#, Verdict::Deny),
    ] {
        assert_eq!(engine.check(&definition("post", &schema(note))).await.verdict, Verdict::Allow);
        assert_eq!(engine.check(&post).await.verdict, verdict, "{note}");
    }
}

#[tokio::test]
async fn what_a_repair_wrote_stands_as_redacted() {
    let policies = r#"
        @id("mask") @verdict("modify") @redact("secret") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when { context.core.findings.secret.count > 0 };
        @id("left") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when { context.core.flow.any.standings.contains(Guardhouse::Standing::"redacted") };
    "#;
    let engine = with_secrets(&format!("{PERMIT}{policies}")).engine().await;
    let post = call("post", &format!(r#"{{"note":"{}"}}"#, crate::verdicts::SECRET));
    // The second one matches what is left, and so shows what it stands as.
    assert_eq!(judged(&engine, &post).await, (Verdict::Deny, vec!["cannot-redact test.cedar:left".to_owned()]));
}

#[tokio::test]
async fn a_session_that_is_told_of_too_many_tools_is_told_no_more() {
    let engine = bundle("").engine().await;
    let most = guardhouse::tools::ToldTools::MAX;
    for number in 0..most {
        let name = format!("t{number}");
        let decision = engine.check(&definition(&name, &format!(r#"{{"name":"{name}"}}"#))).await;
        assert_eq!(decision.verdict, Verdict::Allow, "{number}");
    }
    let more = judged(&engine, &definition("more", r#"{"name":"more"}"#)).await;
    assert_eq!(more, (Verdict::Deny, vec!["definition-refused".to_owned()]));
    assert_eq!(judged(&engine, &call("other", "{}")).await, (Verdict::Deny, vec!["definition-refused".to_owned()]));
    assert_eq!(engine.check(&call("t0", "{}")).await.verdict, Verdict::Allow);
}

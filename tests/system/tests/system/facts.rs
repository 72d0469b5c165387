//! What policies and guards are told about an event.

use guardhouse::{
    decision::{Repaired, Verdict},
    engine::Engine,
    text::Parts,
};
use guardhouse_system_tests::{
    GENEROUS, Handmade, TestBundle, call, codes, definition, event, input, output, result, station,
};

use crate::{EVERYWHERE, PERMIT, verdicts::with_secrets};

const EFFECTS: &str = r#"
@id("unknown") @verdict("escalate") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
when { resource.effects.contains(Guardhouse::Effect::"unknown") };
@id("spends") @verdict("warn") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
when { resource.effects.containsAll([Guardhouse::Effect::"spend", Guardhouse::Effect::"send"]) };
@id("changes") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
when { resource.effects.contains(Guardhouse::Effect::"read") && !resource.readOnly };
"#;

#[tokio::test]
async fn a_tool_does_what_the_bundle_says_and_else_nobody_knows() {
    let tools = r#"
        [tools."bank/pay"]
        effects = ["spend", "send"]
        [tools."bank/list"]
        effects = ["read"]
        [tools."bank/sync"]
        effects = ["read", "write"]
        [tools."bank/silent"]
    "#;
    let engine = TestBundle::new(tools).policies(&format!("{PERMIT}{EFFECTS}")).engine().await;
    for (tool, expected) in [
        ("pay", vec!["policy test.cedar:spends"]),
        ("list", vec![]),
        ("sync", vec!["policy test.cedar:changes"]),
        ("silent", vec!["policy test.cedar:unknown"]),
        ("other", vec!["policy test.cedar:unknown"]),
        // Names are taken as they are written: a tool that looks alike is another tool.
        ("Pay", vec!["policy test.cedar:unknown"]),
    ] {
        assert_eq!(codes(&engine.check(&call(tool, r#"{"a":1}"#)).await), expected, "{tool}");
    }
    let elsewhere = event(r#""checkpoint":"tool-call","server":"other","tool":"list","call":"c1","arguments":{}"#);
    assert_eq!(codes(&engine.check(&elsewhere).await), ["policy test.cedar:unknown"]);
}

#[tokio::test]
async fn what_a_tool_says_of_itself_loosens_nothing() {
    let engine = TestBundle::new("").policies(&format!("{PERMIT}{EFFECTS}")).engine().await;
    let harmless = definition("list", r#"{"name":"list","annotations":{"readOnlyHint":true}}"#);
    assert_eq!(engine.check(&harmless).await.verdict, Verdict::Allow);
    assert_eq!(codes(&engine.check(&call("list", "{}")).await), ["policy test.cedar:unknown"]);
}

/// An engine whose guard traps on an item of a trusted source.
async fn distrustful(sources: &str) -> Engine {
    let inspect = "(if (local.get $trusted) (then unreachable))".to_owned();
    let handmade = Handmade { inspect, ..Handmade::default() };
    let station = station("handmade", "handmade", EVERYWHERE, "");
    TestBundle::new(&format!("{GENEROUS}{sources}{station}"))
        .file("guards/handmade.wasm", handmade.component())
        .policies(PERMIT)
        .locked()
        .engine()
        .await
}

#[tokio::test]
async fn a_guard_is_told_which_sources_the_bundle_trusts() {
    let sources = "[sources.user]\nintegrity = \"trusted\"\n[sources.document]\nintegrity = \"untrusted\"\n";
    let trusting = distrustful(sources).await;
    let wary = distrustful("").await;
    for (event, trusted) in [
        (input("user", "text"), true),
        (input("document", "text"), false),
        (input("system", "text"), false),
        (result("list", r#""text":"text""#), false),
        (call("list", r#"{"a":"text"}"#), false),
        (output("text"), false),
    ] {
        let expected = if trusted { Verdict::Deny } else { Verdict::Allow };
        assert_eq!(trusting.check(&event).await.verdict, expected, "{event}");
        assert_eq!(wary.check(&event).await.verdict, Verdict::Allow, "{event}");
    }
}

const UNINSPECTED: &str = r#"
@id("unread") @verdict("escalate") forbid (principal, action, resource) when { context.core.coverage.uninspected };
"#;

#[tokio::test]
async fn what_no_guard_can_read_is_a_fact() {
    let engine = with_secrets(&format!("{PERMIT}{UNINSPECTED}")).engine().await;
    let unread = ["policy test.cedar:unread"];
    for (content, expected) in [
        (r#"{"type":"text","text":"fine"}"#, &[][..]),
        (r#"{"type":"image","data":"AAAA","mimeType":"image/png"}"#, &unread),
        (r#"{"type":"text","text":"fine"},{"type":"audio","data":"AAAA","mimeType":"audio/wav"}"#, &unread),
        (r#"{"type":"resource","resource":{"uri":"file:///x","blob":"AAAA"}}"#, &unread),
        (r#"{"type":"novelty"}"#, &unread),
    ] {
        let decision = engine.check(&result("list", &format!(r#""content":[{content}]"#))).await;
        assert_eq!(codes(&decision), expected, "{content}");
    }
}

#[tokio::test]
async fn text_that_no_guard_is_given_is_uninspected() {
    let handmade = Handmade { media_types: &["text/html", "image/*"], ..Handmade::default() };
    let station = station("handmade", "handmade", r#""input", "tool-result""#, "");
    let engine = TestBundle::new(&format!("{GENEROUS}{station}"))
        .file("guards/handmade.wasm", handmade.component())
        .policies(&format!("{PERMIT}{UNINSPECTED}"))
        .locked()
        .engine()
        .await;
    let unread = ["policy test.cedar:unread"];
    let page = r#"{"type":"resource","resource":{"uri":"x:y","mimeType":"text/html","text":"<p>"}}"#;
    for (event, expected) in [
        (input("user", "plain text"), &unread[..]),
        // No guard stands there.
        (output("plain text"), &unread),
        (call("list", r#"{"a":"text"}"#), &unread),
        // There is no text.
        (call("list", "{}"), &[]),
        (result("list", r#""content":[]"#), &[]),
        (result("list", &format!(r#""content":[{page},{{"type":"text","text":"plain"}}]"#)), &unread),
    ] {
        assert_eq!(codes(&engine.check(&event).await), expected, "{event}");
    }
}

#[tokio::test]
async fn a_guard_is_asked_only_where_it_stands() {
    let station = station("secrets", "guard-secrets", r#""output""#, "");
    let engine = TestBundle::new(&format!("{GENEROUS}{station}")).guard("guard-secrets").policies(PERMIT).locked();
    let engine = engine.engine().await;
    let secret = crate::verdicts::SECRET;
    assert_eq!(engine.check(&output(secret)).await.findings.len(), 1);
    assert_eq!(engine.check(&input("user", secret)).await.findings.len(), 0);
}

#[tokio::test]
async fn more_text_than_a_check_takes_is_denied() {
    let engine = with_secrets(PERMIT).engine().await;
    let many = |count: usize| call("list", &format!(r#"{{"a":[{}]}}"#, vec![r#""x""#; count].join(",")));
    // The key counts as a part.
    assert_eq!(engine.check(&many(Parts::MAX_PARTS - 1)).await.verdict, Verdict::Allow);
    for event in [many(Parts::MAX_PARTS), output(&"x".repeat(Parts::MAX_BYTES + 1))] {
        let decision = engine.check(&event).await;
        assert_eq!(decision.verdict, Verdict::Deny);
        assert_eq!(codes(&decision), ["too-large"]);
    }
    // Under the bound of an event, over that of what a guard without a reach is shown at once.
    let words = station("words", "guest-words", EVERYWHERE, "config = { words = [\"bad\"] }");
    let words = TestBundle::new(&format!("{GENEROUS}{words}")).guard("guest-words").policies(PERMIT).locked();
    let decision = words.engine().await.check(&output(&"x".repeat((1 << 20) + 1))).await;
    assert_eq!(codes(&decision), ["guard-failed words"]);
}

#[tokio::test]
async fn a_long_text_is_inspected_to_its_end() {
    let engine = with_secrets(PERMIT).engine().await;
    let secret = crate::verdicts::SECRET;
    // Ten megabytes without a line end, and secrets at the ends and across every place where it may be cut.
    let mut text = secret.to_owned();
    for at in 1..=40 {
        let cut = at << 18;
        text.push_str(&" no".repeat((cut - text.len()) / 3 - 5));
        text.extend([".".repeat(at % 7).as_str(), " ", secret]);
    }
    let decision = engine.check(&output(&text)).await;
    let found: Vec<_> = decision.findings.iter().map(|finding| finding.span.unwrap().start as usize).collect();
    let expected: Vec<_> = text.match_indices(secret).map(|(at, _)| at).collect();
    assert_eq!(found, expected);
    assert_eq!(decision.verdict, Verdict::Allow, "{:?}", decision.reasons);
}

#[tokio::test]
async fn a_finding_is_in_its_own_part() {
    let mend = r#"@id("mend") @verdict("modify") @redact("secret") forbid (principal, action, resource)
        when { context.core.findings.secret.count == 1 };"#;
    let secret = crate::verdicts::SECRET;
    let event = call("list", &format!(r#"{{"a~b/c":["é","{secret}"],"d":"é"}}"#));
    let decision = with_secrets(&format!("{PERMIT}{mend}")).engine().await.check(&event).await;
    assert_eq!(decision.findings[0].path.as_deref(), Some("/a~0b~1c/1"));
    let Some(Repaired::Arguments(arguments)) = &decision.repaired else { panic!("{decision}") };
    assert_eq!(arguments.to_string(), r#"{"a~b/c":["é","[redacted:secret]"],"d":"é"}"#);
}

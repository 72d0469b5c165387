//! What a policy has repaired: exactly what was found, everywhere, or denied.

use guardhouse::{
    decision::{Repaired, Verdict},
    event::Event,
};
use guardhouse_system_tests::{GENEROUS, TestBundle, call, codes, definition, input, output, result, station};

use crate::{
    EVERYWHERE, PERMIT,
    verdicts::{POLICIES, SECRET, engine, with_secrets},
};

#[tokio::test]
async fn a_secret_is_cut_out_of_an_output_and_nowhere_in_the_decision() {
    let decision = engine().await.check(&output(&format!("Your token is {SECRET}, keep it."))).await;
    assert_eq!(decision.verdict, Verdict::Modify, "{decision}");
    assert_eq!(codes(&decision), ["policy test.cedar:mend"]);
    let repaired = "Your token is [redacted:secret], keep it.";
    assert_eq!(decision.repaired, Some(Repaired::Text(repaired.to_owned())));
    assert_eq!(decision.findings.len(), 1);
    assert_eq!(decision.findings[0].rule, "github-token");
    let span = decision.findings[0].span.unwrap();
    assert_eq!((span.start, span.end), (14, 54));
    let json = decision.to_string();
    assert!(!json.contains(SECRET) && !format!("{decision:?}").contains(SECRET), "{json}");
    assert!(json.contains(&format!(r#""text":"{repaired}""#)), "{json}");
}

#[tokio::test]
async fn every_kind_of_event_is_repaired() {
    let engine = engine().await;
    let mended = "[redacted:secret]";
    for (event, expected) in [
        (input("document", SECRET), format!(r#""text":"{mended}""#)),
        (call("list", &format!(r#"{{"a":["{SECRET}",1.50]}}"#)), format!(r#""arguments":{{"a":["{mended}",1.50]}}"#)),
        (
            result("list", &format!(r#""text":"is {SECRET}","structured":{{"key":"{SECRET}"}}"#)),
            format!(r#""structured":{{"key":"{mended}"}}"#),
        ),
        (
            definition("list", &format!(r#"{{"name":"list","description":"use {SECRET}"}}"#)),
            format!(r#""tool":{{"name":"list","description":"use {mended}"}}"#),
        ),
    ] {
        let decision = engine.check(&event).await;
        assert_eq!(decision.verdict, Verdict::Modify, "{event}: {decision}");
        let json = decision.to_string();
        assert!(json.contains(&expected) && !json.contains(SECRET), "{json}");
    }
}

#[tokio::test]
async fn a_secret_in_a_key_denies() {
    let decision = engine().await.check(&call("list", &format!(r#"{{"{SECRET}":1}}"#))).await;
    assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
    assert_eq!(codes(&decision), ["cannot-redact"]);
    assert!(decision.repaired.is_none());
}

#[tokio::test]
async fn the_strongest_names_the_verdict_and_what_is_escalated_is_repaired() {
    let decision = engine().await.check(&call("pay", &format!(r#"{{"note":"{SECRET}"}}"#))).await;
    assert_eq!(decision.verdict, Verdict::Escalate, "{decision}");
    let mut codes = codes(&decision);
    codes.sort_unstable();
    assert_eq!(codes, ["policy test.cedar:ask", "policy test.cedar:mend"]);
    let Some(Repaired::Arguments(arguments)) = &decision.repaired else { panic!("{decision}") };
    assert_eq!(arguments.to_string(), r#"{"note":"[redacted:secret]"}"#);
    assert!(!decision.to_string().contains(SECRET));
}

#[tokio::test]
async fn a_repair_never_rescues_a_deny() {
    let decision = engine().await.check(&call("wire", &format!(r#"{{"note":"{SECRET}"}}"#))).await;
    assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
    assert!(decision.repaired.is_none() && !decision.to_string().contains(SECRET), "{decision}");
}

#[tokio::test]
async fn a_repair_of_nothing_denies() {
    let policy = "@id(\"mend\") @verdict(\"modify\") @redact(\"secret\") forbid (principal, action, resource);";
    let decision = with_secrets(&format!("{PERMIT}{policy}")).engine().await.check(&output("clean")).await;
    assert_eq!(codes(&decision), ["cannot-redact"], "{decision}");
}

/// Bans words, and repairs them.
fn with_words(words: &str, more: &str, policies: &str) -> TestBundle {
    let station = station("words", "guest-words", EVERYWHERE, &format!("config = {{ words = [{words}] }}\n{more}"));
    let mend = r#"@id("mend") @verdict("modify") @redact("banned") forbid (principal, action, resource)
        when { context.core.findings.banned.worst >= 0 };"#;
    TestBundle::new(&format!("{GENEROUS}{station}"))
        .guard("guest-words")
        .policies(&format!("{PERMIT}{mend}{policies}"))
        .locked()
}

#[tokio::test]
async fn what_is_left_after_a_repair_is_judged_again() {
    let engine = with_words(r#""key", "redacted""#, "", "").engine().await;
    let decision = engine.check(&output("the key")).await;
    assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
    assert_eq!(codes(&decision), ["cannot-redact test.cedar:mend"]);
    assert!(decision.repaired.is_none());
}

#[tokio::test]
async fn a_guard_that_fails_on_what_is_left_denies() {
    // Two bytes fit into eight; the placeholder does not.
    let engine = with_words(r#""ab""#, "limits = { block = \"8B\" }", "").engine().await;
    let decision = engine.check(&output("ab")).await;
    assert_eq!(decision.verdict, Verdict::Deny, "{decision}");
    assert_eq!(codes(&decision), ["guard-failed words"]);
    assert!(decision.repaired.is_none());
}

#[tokio::test]
async fn a_guard_that_is_skipped_on_what_is_left_is_recorded() {
    let more = "limits = { block = \"8B\" }\non_failure = \"skip\"";
    let decision = with_words(r#""ab""#, more, "").engine().await.check(&output("ab")).await;
    assert!(codes(&decision).contains(&"guard-skipped words".to_owned()), "{decision}");
}

#[tokio::test]
async fn a_stronger_policy_that_only_matches_what_is_left_denies() {
    let more = "limits = { block = \"8B\" }\non_failure = \"skip\"";
    let strict = r#"@id("strict") @verdict("escalate") forbid (principal, action, resource)
        when { context.core.coverage.skipped };"#;
    let decision = with_words(r#""ab""#, more, strict).engine().await.check(&output("ab")).await;
    assert_eq!(codes(&decision), ["cannot-redact test.cedar:strict", "guard-skipped words"], "{decision}");
}

#[tokio::test]
async fn a_repaired_event_passes_without_another_repair() {
    let engine = engine().await;
    let decision = engine.check(&output(&format!("a {SECRET} b {SECRET}"))).await;
    let Some(Repaired::Text(text)) = decision.repaired else { panic!("{:?}", decision.verdict) };
    let again: Event = output(&text);
    assert_eq!(engine.check(&again).await.verdict, Verdict::Allow, "{POLICIES}");
}

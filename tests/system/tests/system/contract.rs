//! A guard of the first contract runs for ever: tests/guests/contract-0-1-0, whose README says what it finds.

use guardhouse::decision::{Finding, Verdict};
use guardhouse_system_tests::{GENEROUS, TestBundle, call, codes, definition, input, output, result, shown, station};

use crate::{EVERYWHERE, PERMIT};

fn frozen(more: &str) -> TestBundle {
    let policies = format!(
        "{PERMIT}@id(\"mend\") @verdict(\"modify\") @redact(\"frozen\")
        forbid (principal, action in Guardhouse::Action::\"send_output\", resource)
        when {{ context.core.findings.frozen.worst >= 1 }};"
    );
    let station = station("frozen", "guest-contract-0-1-0", EVERYWHERE, more);
    TestBundle::new(&format!("{GENEROUS}{station}")).guard("guest-contract-0-1-0").policies(&policies).locked()
}

/// Rule, severity, confidence, path, and the attribute `from`.
fn seen(finding: &Finding) -> (&str, u8, u8, Option<&str>, &str) {
    let attribute = &finding.attributes[0];
    assert_eq!((finding.category.as_str(), attribute.key.as_str()), ("frozen", "from"));
    let path = finding.path.as_deref();
    (&finding.rule, finding.severity.into(), finding.confidence.into(), path, &attribute.value)
}

#[tokio::test]
async fn it_finds_in_text_what_its_readme_says() {
    let engine = frozen("").engine().await;
    let decision = engine.check(&input("document", "frozen-mask frozen-pseudonym frozen-remove")).await;
    assert_eq!(decision.verdict, Verdict::Allow, "{decision}");
    let from = "input document";
    assert_eq!(
        decision.findings.iter().map(seen).collect::<Vec<_>>(),
        [("mask", 2, 100, Some(""), from), ("pseudonym", 1, 90, Some(""), from), ("remove", 4, 80, Some(""), from)]
    );
    let result = engine.check(&result("look", r#""text":"frozen-mask""#)).await;
    assert_eq!(seen(&result.findings[0]), ("mask", 2, 100, Some("/content/0/text"), "tool-result bank"));
}

#[tokio::test]
async fn each_of_its_repairs_is_made() {
    let engine = frozen("").engine().await;
    let decision = engine.check(&output("a frozen-mask b frozen-pseudonym c frozen-remove d")).await;
    assert_eq!(decision.verdict, Verdict::Modify, "{decision}");
    assert!(decision.to_string().contains(r#""text":"a [redacted:frozen] b <FROZEN_1> c  d""#), "{decision}");
}

#[tokio::test]
async fn it_is_asked_by_each_of_its_interfaces() {
    let engine = frozen("").engine().await;
    let decision = engine.check(&call("pay", r#"{"note":"frozen-mask"}"#)).await;
    let mut seen_in_call: Vec<_> = decision.findings.iter().map(seen).collect();
    seen_in_call.sort_unstable();
    assert_eq!(
        seen_in_call,
        [("mask", 2, 100, Some("/note"), "bank pay"), ("mask", 2, 100, Some("/note"), "tool-call bank")]
    );
    let decision = engine.check(&definition("pay", r#"{"name":"pay","description":"frozen-remove"}"#)).await;
    let mut seen_in_definition: Vec<_> = decision.findings.iter().map(seen).collect();
    seen_in_definition.sort_unstable();
    assert_eq!(
        seen_in_definition,
        [
            ("remove", 4, 80, Some("/description"), "bank pay"),
            ("remove", 4, 80, Some("/description"), "tool-definition bank")
        ]
    );
}

#[tokio::test]
async fn a_call_without_text_is_seen_as_a_whole() {
    let decision = frozen("").engine().await.check(&call("pay", "{}")).await;
    assert_eq!(decision.findings.iter().map(seen).collect::<Vec<_>>(), [("empty", 0, 100, None, "bank pay")]);
}

#[tokio::test]
async fn its_error_denies() {
    let decision = frozen("").engine().await.check(&output("frozen-fail")).await;
    assert_eq!(codes(&decision), ["guard-failed frozen"]);
    assert!(decision.reasons[0].message.contains("(error)"), "{decision}");
    assert!(!decision.to_string().contains("asked to fail"), "its words are for the operator's log: {decision}");
}

#[tokio::test]
async fn its_refusal_keeps_the_bundle_from_loading() {
    let refusal = shown(&frozen("config = { refuse = true }").refusal().await);
    assert!(refusal.contains("guard `frozen`: expected `configure` to succeed"), "{refusal}");
    assert!(refusal.contains("`asked to refuse`"), "{refusal}");
}

//! The shape of a decision's JSON.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::event::ToolResult;

fn finding() -> Finding {
    Finding {
        guard: "pii".into(),
        rule: "iban".into(),
        category: "pii".parse().unwrap(),
        severity: Severity::High,
        confidence: 98.try_into().unwrap(),
        message: "an IBAN".into(),
        path: Some("/recipient".into()),
        span: Some(Span { start: 3, end: 17 }),
        repair: Repair::Pseudonym("IBAN".parse().unwrap()),
        attributes: vec![Attribute { key: "country".into(), value: "DE".into() }],
    }
}

fn decision() -> Decision {
    Decision {
        id: Uuid::from_u128(7),
        session: "s1".parse().unwrap(),
        checkpoint: Checkpoint::ToolCall,
        call: Some("c1".parse().unwrap()),
        verdict: Verdict::Modify,
        reasons: vec![Reason {
            code: ReasonCode::Policy,
            policy: Some("payments.cedar:mask".into()),
            guard: None,
            message: "no account numbers".into(),
        }],
        findings: vec![finding()],
        repaired: Some(Repaired::Arguments(Object::new())),
        generation: Digest::of("generation"),
        definition: Some(Digest::of("definition")),
        micros: 83,
    }
}

#[test]
fn a_decision_is_written_in_the_order_of_the_documentation() {
    let decision = decision();
    let expected = format!(
        "{{\"id\":\"00000000-0000-0000-0000-000000000007\",\"session\":\"s1\",\"checkpoint\":\"tool-call\",\
         \"call\":\"c1\",\"verdict\":\"modify\",\
         \"reasons\":[{{\"code\":\"policy\",\"policy\":\"payments.cedar:mask\",\"message\":\"no account numbers\"}}],\
         \"findings\":[{{\"guard\":\"pii\",\"rule\":\"iban\",\"category\":\"pii\",\"severity\":3,\"confidence\":98,\
         \"span\":{{\"start\":3,\"end\":17}},\"path\":\"/recipient\",\"message\":\"an IBAN\",\
         \"repair\":{{\"pseudonym\":\"IBAN\"}},\"attributes\":[{{\"key\":\"country\",\"value\":\"DE\"}}]}}],\
         \"arguments\":{{}},\"generation\":\"{}\",\"definition\":\"{}\",\"micros\":83}}",
        decision.generation,
        Digest::of("definition"),
    );
    assert_eq!(decision.to_string(), expected);
    assert_eq!(serde_json::to_string(&decision).unwrap(), expected);
}

#[test]
fn what_has_no_value_is_left_out() {
    let mut decision = decision();
    decision.verdict = Verdict::Allow;
    (decision.call, decision.repaired, decision.definition) = (None, None, None);
    (decision.reasons, decision.findings) = (Vec::new(), Vec::new());
    assert_eq!(
        decision.to_string(),
        format!(
            "{{\"id\":\"{}\",\"session\":\"s1\",\"checkpoint\":\"tool-call\",\"verdict\":\"allow\",\"reasons\":[],\
             \"findings\":[],\"generation\":\"{}\",\"micros\":83}}",
            decision.id, decision.generation
        )
    );
}

#[test]
fn a_repaired_definition_does_not_hide_the_digest_of_the_definition() {
    let mut decision = decision();
    decision.repaired = Some(Repaired::Definition(Object::new()));
    let value = decision.to_value();
    assert_eq!(value.pointer("/tool"), Some(&Object::new().into()));
    assert_eq!(value.pointer("/definition"), Some(&Digest::of("definition").to_string().into()));
}

#[test]
fn a_repaired_result_has_the_members_of_an_event() {
    let mut decision = decision();
    let mut result = ToolResult::text("[redacted:pii]");
    result.structured = Some(Value::Null);
    decision.repaired = Some(Repaired::Result(result));
    let value = decision.to_value();
    assert_eq!(value.pointer("/text"), Some(&"[redacted:pii]".into()));
    assert_eq!(value.pointer("/structured"), Some(&Value::Null));
}

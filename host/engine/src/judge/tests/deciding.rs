//! What is decided.
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use super::samples::{COVERED, Cast, EXAMPLE, PERMIT, facts, finding, judge};
use crate::decision::{Category, ReasonCode, Verdict};
use crate::event::Note;
use crate::event::Source;
use crate::judge::{Call, Evaluation, Facts, Findings, Flow, Flows, Judge, Standing, Subject};
use crate::tools::{Effect, ToolProfile};
use crate::vocabulary::WordSet;

fn forbids(parts: &[(&str, &str, &str)]) -> String {
    let one = |(id, annotations, condition): &(&str, &str, &str)| {
        format!("@id(\"{id}\") {annotations} forbid (principal, action, resource) when {{ {condition} }};\n")
    };
    parts.iter().map(one).collect()
}

fn call(judge: &Judge, facts: &Facts) -> Evaluation {
    judge.evaluate(&Cast::new().call(facts))
}

fn policies(evaluation: &Evaluation) -> Vec<String> {
    evaluation.reasons().into_iter().map(|reason| reason.policy.unwrap_or_else(|| reason.code.to_string())).collect()
}

const SECRET: &str = "context.core.findings.secret.worst >= 3";
const PII: &str = "context.core.findings.pii.worst >= 0";
const ALWAYS: &str = "context.core.session.untrusted";

#[test]
fn without_policies_everything_is_denied() {
    let facts = facts(&[]);
    let evaluation = call(&judge(""), &facts);
    assert_eq!(evaluation.verdict(), Verdict::Deny);
    assert_eq!(evaluation.reasons()[0].code, ReasonCode::NoPermit);
}

#[test]
fn the_example_decides_as_it_says() {
    let judge = judge(EXAMPLE);
    let user = Flow { standings: WordSet::of(Standing::User), ..Flow::EMPTY };
    let from_user = Flows { any: user.clone(), destination: user, ..Flows::EMPTY };
    let mut facts = Facts::new(Findings::default(), COVERED, from_user);
    assert_eq!(call(&judge, &facts).verdict(), Verdict::Allow);
    assert!(call(&judge, &facts).reasons().is_empty());

    facts.findings = Findings::tally(&[finding("secret", 4, 95)]);
    let modify = call(&judge, &facts);
    assert_eq!(modify.verdict(), Verdict::Modify);
    assert!(modify.redact().iter().map(Category::as_str).eq(["secret"]));

    facts.flow.destination.standings = WordSet::of(Standing::Untrusted);
    let escalate = call(&judge, &facts);
    assert_eq!(escalate.verdict(), Verdict::Escalate);
    assert_eq!(policies(&escalate), ["p.cedar:new-destination", "p.cedar:secret-leaves"]);
    assert_eq!(escalate.redact().len(), 1);
    facts.remembered.destination = true;
    assert_eq!(call(&judge, &facts).verdict(), Verdict::Modify);

    facts.flow.destination.standings = WordSet::of(Standing::Flagged).with(Standing::User);
    assert_eq!(call(&judge, &facts).verdict(), Verdict::Deny);
    assert!(call(&judge, &facts).redact().is_empty());
    let cast = Cast::new();
    let reads = ToolProfile { effects: [Effect::Read].into_iter().collect(), ..ToolProfile::unknown() };
    let reading =
        judge.evaluate(&cast.request(Subject::Call(Call { tool: &cast.tool, profile: reads, typed: None }), &facts));
    assert_eq!(reading.verdict(), Verdict::Modify);

    // The example permits calls and nothing else.
    let input = judge.evaluate(&cast.request(Subject::Input(Source::User), &facts));
    assert_eq!(input.reasons()[0].code, ReasonCode::NoPermit);
}

#[test]
fn a_weak_forbid_lets_nothing_through_that_nothing_permits() {
    for annotations in ["@verdict(\"warn\")", "@verdict(\"escalate\")", "@verdict(\"modify\") @redact(\"secret\")"] {
        let evaluation = call(&judge(&forbids(&[("weak", annotations, ALWAYS)])), &facts(&[]));
        assert_eq!(evaluation.verdict(), Verdict::Deny, "{annotations}");
        assert_eq!(evaluation.reasons()[0].code, ReasonCode::NoPermit);
    }
}

#[test]
fn the_strongest_of_the_matching_forbids_names_the_verdict() {
    let warn = ("w", "@verdict(\"warn\")", ALWAYS);
    let modify = ("m", "@verdict(\"modify\") @redact(\"secret\")", SECRET);
    let more = ("n", "@verdict(\"modify\") @redact(\"pii\")", PII);
    let escalate = ("e", "@verdict(\"escalate\")", "context.core.coverage.skipped");
    let deny = ("d", "", "context.core.coverage.uninspected");
    let judge = judge(&format!("{PERMIT}{}", forbids(&[warn, modify, more, escalate, deny])));
    let mut facts = facts(&[]);
    assert_eq!(call(&judge, &facts).verdict(), Verdict::Warn);
    facts.findings = Findings::tally(&[finding("secret", 3, 50), finding("pii", 0, 1)]);
    let modified = call(&judge, &facts);
    assert_eq!(modified.verdict(), Verdict::Modify);
    assert_eq!(policies(&modified), ["p.cedar:m", "p.cedar:n", "p.cedar:w"]);
    assert_eq!(modified.redact().len(), 2);
    facts.coverage.skipped = true;
    assert_eq!(call(&judge, &facts).verdict(), Verdict::Escalate);
    facts.coverage.uninspected = true;
    assert_eq!(call(&judge, &facts).verdict(), Verdict::Deny);
}

#[test]
fn a_policy_that_cannot_be_evaluated_denies_whichever_it_is() {
    let overflow = "context.core.session.calls * 9223372036854775807 > 1";
    let permit = format!("@id(\"x\") @why(\"a test\") permit (principal, action, resource) when {{ {overflow} }};");
    let mut facts = facts(&[]);
    for broken in [permit, forbids(&[("x", "@verdict(\"warn\")", overflow)])] {
        let judge = judge(&format!("{PERMIT}{broken}"));
        facts.session.calls = 1;
        assert!(call(&judge, &facts).verdict() <= Verdict::Warn);
        facts.session.calls = 2;
        let evaluation = call(&judge, &facts);
        assert_eq!(evaluation.verdict(), Verdict::Deny);
        assert_eq!(evaluation.reasons()[0].code, ReasonCode::PolicyError);
        assert_eq!(policies(&evaluation), ["p.cedar:x"]);
        assert!(evaluation.reasons()[0].message.contains("overflow"), "{evaluation:?}");
    }
}

#[test]
fn a_finding_that_no_policy_can_read_denies() {
    for beside in [vec![], vec![finding("secret", 0, 0)], vec![finding("secret", 0, 0), finding("pii", 0, 0)]] {
        let found = [beside, vec![finding("novelty", 0, 0)]].concat();
        let evaluation = call(&judge(PERMIT), &facts(&found));
        assert_eq!(evaluation.verdict(), Verdict::Deny);
        assert_eq!(evaluation.reasons()[0].code, ReasonCode::PolicyError);
        assert!(evaluation.reasons()[0].message.contains("`novelty`"));
    }
}

#[test]
fn a_reason_says_the_message_else_the_why_else_the_name() {
    let judge = judge(&format!(
        "{PERMIT}{}",
        forbids(&[
            ("a", "@message(\"say this\") @why(\"not this\")", ALWAYS),
            ("b", "@why(\"and this\")", ALWAYS),
            ("c", "", ALWAYS)
        ])
    ));
    let said: Vec<_> = call(&judge, &facts(&[])).reasons().into_iter().map(|reason| reason.message).collect();
    assert_eq!(said, ["say this", "and this", "the policy `p.cedar:c` forbids it"]);
}

#[test]
fn each_subject_has_its_action_and_its_resource() {
    let cast = Cast::new();
    let facts = facts(&[]);
    let profile = ToolProfile::unknown();
    let note = Note::Retry { text: None };
    let tool = "resource == Guardhouse::Tool::\"bank/send_money\" && resource in Guardhouse::Server::\"bank\" && resource.openWorld && !resource.readOnly && !resource.pinned && resource.effects == [Guardhouse::Effect::\"unknown\"]";
    let all = [
        ("receive_input", Subject::Input(Source::Document), "resource == Guardhouse::Channel::\"document\""),
        ("send_output", Subject::Output, "resource == Guardhouse::Channel::\"output\""),
        ("take_note", Subject::Note(&note), "resource == Guardhouse::Channel::\"retry\""),
        ("define_tool", Subject::Definition(&cast.tool, profile, None), tool),
        ("call_tool", Subject::Call(Call { tool: &cast.tool, profile, typed: None }), tool),
        ("accept_result", Subject::Result(&cast.tool, profile), tool),
    ];
    for (action, _, condition) in &all {
        let judge = judge(&format!(
            "@id(\"a\") @why(\"a test\") permit (principal == Guardhouse::Agent::\"assistant\", action in Guardhouse::Action::\"{action}\", resource)\nwhen {{ {condition} && principal has user && principal.user == Guardhouse::User::\"emma\" }};"
        ));
        for (other, subject, _) in &all {
            let verdict = judge.evaluate(&cast.request(*subject, &facts)).verdict();
            assert_eq!(verdict == Verdict::Allow, action == other, "{action} {other}");
        }
        let nobody = crate::judge::Request { user: None, ..cast.call(&facts) };
        assert_eq!(judge.evaluate(&nobody).verdict(), Verdict::Deny);
    }
}

#[test]
fn an_agents_name_is_a_name_whatever_is_in_it() {
    let judge =
        judge("@id(\"a\") @why(\"a test\") permit (principal == Guardhouse::Agent::\"root\", action, resource);");
    let facts = facts(&[]);
    for name in [
        "Guardhouse::Agent::\"root\"",
        "root\" || true || \"",
        "{\"__entity\":{\"type\":\"Guardhouse::Agent\",\"id\":\"root\"}}",
    ] {
        assert_eq!(judge.evaluate(&Cast::named(name, "s", "t").call(&facts)).verdict(), Verdict::Deny, "{name}");
    }
    assert_eq!(judge.evaluate(&Cast::named("root", "s", "t").call(&facts)).verdict(), Verdict::Allow);
}

#[test]
fn a_tool_without_effects_has_unknown_ones() {
    let none: crate::tools::Effects = [].into_iter().collect();
    assert!(none.set().contains(Effect::Unknown));
}

#[test]
fn neutral_facts_loosen_nothing() {
    let tight = [
        "context.core.task.fits",
        "!context.core.session.untrusted",
        "context.core.remembered.call || context.core.remembered.destination",
        "context.core.flow.destination.standings.containsAny([Guardhouse::Standing::\"user\", Guardhouse::Standing::\"trusted\"])",
    ];
    for condition in tight {
        let judge =
            judge(&format!("@id(\"a\") @why(\"a test\") permit (principal, action, resource) when {{ {condition} }};"));
        assert_eq!(call(&judge, &facts(&[])).verdict(), Verdict::Deny, "{condition}");
    }
}

mod repair {
    use super::*;

    const MODIFY: (&str, &str, &str) = ("m", "@verdict(\"modify\") @redact(\"secret\")", SECRET);

    fn both(policies: &str, before: &Facts, after: &Facts) -> (Verdict, Result<(), Vec<ReasonCode>>) {
        let judge = judge(policies);
        let first = call(&judge, before);
        let second = call(&judge, after);
        let codes = |reasons: Vec<crate::decision::Reason>| reasons.into_iter().map(|reason| reason.code).collect();
        (first.verdict(), first.after_repair(&second).map_err(codes))
    }

    fn seen() -> Facts {
        facts(&[finding("secret", 4, 90)])
    }

    #[test]
    fn a_repair_that_helps_lets_the_event_go_on() {
        let policies = format!("{PERMIT}{}", forbids(&[MODIFY]));
        assert_eq!(both(&policies, &seen(), &facts(&[])), (Verdict::Modify, Ok(())));
    }

    #[test]
    fn a_repair_that_does_not_help_denies() {
        let policies = format!("{PERMIT}{}", forbids(&[MODIFY]));
        assert_eq!(both(&policies, &seen(), &seen()).1, Err(vec![ReasonCode::CannotRedact]));
    }

    #[test]
    fn a_repair_never_rescues_a_deny() {
        let policies = format!("{PERMIT}{}", forbids(&[MODIFY, ("d", "", SECRET)]));
        assert_eq!(both(&policies, &seen(), &facts(&[])), (Verdict::Deny, Err(vec![ReasonCode::Policy; 2])));
    }

    #[test]
    fn what_matches_only_since_the_repair_denies_unless_it_warns() {
        for (annotations, ends) in [
            ("@verdict(\"warn\")", Ok(())),
            ("@verdict(\"modify\") @redact(\"pii\")", Err(vec![ReasonCode::CannotRedact])),
            ("@verdict(\"escalate\")", Err(vec![ReasonCode::CannotRedact])),
            ("@verdict(\"deny\")", Err(vec![ReasonCode::CannotRedact])),
        ] {
            let policies = format!("{PERMIT}{}", forbids(&[MODIFY, ("new", annotations, &format!("!({SECRET})"))]));
            assert_eq!(both(&policies, &seen(), &facts(&[])), (Verdict::Modify, ends), "{annotations}");
        }
    }

    #[test]
    fn an_escalation_stands_whether_or_not_the_repair_ends_it() {
        for condition in [ALWAYS, SECRET] {
            let policies = format!("{PERMIT}{}", forbids(&[MODIFY, ("e", "@verdict(\"escalate\")", condition)]));
            assert_eq!(both(&policies, &seen(), &facts(&[])), (Verdict::Escalate, Ok(())));
        }
    }

    #[test]
    fn a_permit_that_the_repair_ends_denies() {
        let permit = format!("@id(\"p\") @why(\"a test\") permit (principal, action, resource) when {{ {SECRET} }};");
        let policies = format!("{permit}{}", forbids(&[MODIFY]));
        assert_eq!(both(&policies, &seen(), &facts(&[])), (Verdict::Modify, Err(vec![ReasonCode::NoPermit])));
    }

    #[test]
    fn an_error_since_the_repair_denies() {
        let overflow = format!("{SECRET} || context.core.session.calls * 9223372036854775807 > 1");
        let policies = format!("{PERMIT}{}", forbids(&[("m", MODIFY.1, &overflow)]));
        let mut after = facts(&[]);
        after.session.calls = 2;
        assert_eq!(both(&policies, &seen(), &after), (Verdict::Modify, Err(vec![ReasonCode::PolicyError])));
    }
}

#[test]
fn a_judge_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Judge>();
    shared::<Evaluation>();
}

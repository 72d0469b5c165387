//! How it is explained.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::samples::{COVERED, Cast, EXAMPLE, PERMIT, facts, finding, judge};
use crate::decision::Verdict;
use crate::json;
use crate::judge::{Call, Explanation, FactValue, Facts, Flow, Judge, Part, Standing, Strength, Subject, TypedCall};
use crate::tools::{Field, Leaf, LeafKind, Record, Shape, ToolProfile};
use crate::vocabulary::WordSet;

fn explain(policies: &str, facts: &Facts) -> Explanation {
    judge(policies).explain(&Cast::new().call(facts))
}

fn forbid(id: &str, verdict: &str, condition: &str) -> String {
    let redact = if verdict == "modify" { "@redact(\"secret\")" } else { "" };
    format!(
        "@id(\"{id}\") @verdict(\"{verdict}\") {redact}\nforbid (principal, action, resource) when {{ {condition} }};\n"
    )
}

/// The changes, one a line: fact, value then, verdict then.
fn changes(explanation: &Explanation) -> Vec<String> {
    let line = |change: &crate::judge::Change| format!("{} = {}: {}", change.fact, change.then, change.verdict);
    explanation.changes.iter().map(line).collect()
}

fn named(explanation: &Explanation) -> Vec<(&str, Part, Option<Strength>, usize)> {
    explanation.policies.iter().map(|policy| (policy.id.as_str(), policy.part, policy.forbid, policy.line)).collect()
}

const REPEATS: &str = "context.core.session.repeats >= 3";

#[test]
fn forbids_that_match_are_named_strongest_first_with_their_lines_and_then_the_permits() {
    let policies = format!(
        "{PERMIT}{}{}{}",
        forbid("w", "warn", "context.core.session.untrusted"),
        forbid("e", "escalate", "context.core.session.untrusted"),
        forbid("no", "deny", "context.core.session.full"),
    );
    let escalate = explain(&policies, &facts(&[]));
    assert_eq!(escalate.verdict, Verdict::Escalate);
    let expected = [
        ("p.cedar:e", Part::Matches, Some(Strength::Escalate), 5),
        ("p.cedar:w", Part::Matches, Some(Strength::Warn), 3),
        ("p.cedar:all", Part::Matches, None, 1),
    ];
    assert_eq!(named(&escalate), expected);
    assert_eq!(escalate.policies[2].message.as_deref(), Some("a test"));
    assert_eq!(escalate.policies[0].message, None);
    // Denied, it is denied whatever is permitted.
    let mut full = facts(&[]);
    full.session.full = true;
    let deny = explain(&policies, &full);
    assert_eq!(named(&deny).iter().map(|named| named.0).collect::<Vec<_>>(), ["p.cedar:no", "p.cedar:e", "p.cedar:w"]);
    assert_eq!(changes(&deny), ["context.core.session.full = false: escalate"]);
}

#[test]
fn each_verdict_has_the_change_that_would_have_made_it_milder() {
    let untrusted = "context.core.session.untrusted";
    for verdict in ["warn", "modify", "escalate", "deny"] {
        let explanation = explain(&format!("{PERMIT}{}", forbid("x", verdict, untrusted)), &facts(&[]));
        assert_eq!(explanation.verdict.as_str(), verdict);
        assert_eq!(changes(&explanation), ["context.core.session.untrusted = false: allow"]);
        assert_eq!(explanation.tried, 1);
    }
}

#[test]
fn what_is_allowed_has_the_changes_that_would_have_made_it_stricter() {
    let policies = format!(
        "{PERMIT}{}{}",
        forbid("w", "warn", "context.core.coverage.skipped"),
        forbid("d", "deny", "context.core.coverage.uninspected"),
    );
    let allow = explain(&policies, &facts(&[]));
    assert_eq!(named(&allow), [("p.cedar:all", Part::Matches, None, 1)]);
    let expected = ["context.core.coverage.uninspected = true: deny", "context.core.coverage.skipped = true: warn"];
    assert_eq!(changes(&allow), expected);
    assert_eq!(allow.changes[0].policies, ["p.cedar:d"]);
}

#[test]
fn without_a_permit_those_of_the_right_scope_are_named() {
    let permits = |action: &str, count: usize, condition: &str| {
        (0..count).fold(String::new(), |mut text, n| {
            let _ = writeln!(
                text,
                "@id(\"{action}-{n}\") @why(\"a test\") permit (principal, action in Guardhouse::Action::\"{action}\", resource) when {{ {condition} }};"
            );
            text
        })
    };
    let condition = "context.core.remembered.call";
    let policies = permits("send_output", 1, condition) + &permits("call_tool", 7, condition);
    let explanation = explain(&policies, &facts(&[]));
    let near: Vec<_> = (0..Explanation::MAX_NEAR).map(|n| format!("p.cedar:call_tool-{n}")).collect();
    assert!(explanation.policies.iter().map(|policy| &policy.id).eq(&near));
    assert!(explanation.policies.iter().all(|policy| policy.part == Part::Near));
    assert_eq!(changes(&explanation), ["context.core.remembered.call = true: allow"]);
    // Those that are not named are tried all the same.
    let hidden = permits("call_tool", 6, "context.core.session.full && !context.core.session.untrusted")
        + &permits("call_tool", 7, condition).lines().last().unwrap().replace("call_tool-6", "z");
    assert_eq!(changes(&explain(&hidden, &facts(&[]))), ["context.core.remembered.call = true: allow"]);
    // Nothing at all.
    let nothing = explain("", &facts(&[]));
    assert_eq!((nothing.verdict, nothing.policies.len(), nothing.tried), (Verdict::Deny, 0, 0));
}

#[test]
fn a_policy_that_fails_is_named_and_the_change_ends_the_failure() {
    let overflow = "context.core.session.calls * 9223372036854775807 > 1";
    let mut facts = facts(&[]);
    facts.session.calls = 2;
    let explanation = explain(&format!("{PERMIT}{}", forbid("x", "warn", overflow)), &facts);
    assert_eq!(named(&explanation), [("p.cedar:x", Part::Fails, Some(Strength::Warn), 3)]);
    assert_eq!(
        changes(&explanation),
        ["context.core.session.calls = 1: warn", "context.core.session.calls = 0: allow"]
    );
}

#[test]
fn no_change_is_one_that_makes_a_policy_fail() {
    let condition =
        "context.core.session.calls == 2 || context.core.session.calls * 9223372036854775807 > 9223372036854775806";
    let mut facts = facts(&[]);
    facts.session.calls = 0;
    let explanation = explain(&format!("{PERMIT}{}", forbid("x", "escalate", condition)), &facts);
    // 2 matches before anything is multiplied, 3 overflows.
    assert_eq!(changes(&explanation), ["context.core.session.calls = 1: escalate"]);
}

#[test]
fn a_bound_is_crossed_by_the_smallest_step() {
    let mut facts = facts(&[finding("secret", 4, 90)]);
    facts.session.repeats = 9;
    let explanation = explain(&format!("{PERMIT}{}", forbid("x", "deny", REPEATS)), &facts);
    assert_eq!(changes(&explanation), ["context.core.session.repeats = 2: allow"]);
    assert_eq!(explanation.changes[0].now, 9_u64.into());

    let secret = "context.core.findings.secret.worst >= 3 && context.core.findings.secret.confidence >= 80";
    let policies = format!("{PERMIT}{}", forbid("x", "modify", secret));
    let found = explain(&policies, &facts);
    assert_eq!(found.changes[0].fact, "context.core.findings.secret");
    assert_eq!(found.changes[0].then.pointer("/worst").unwrap(), &json::Value::from(-1_i64));
    // And where nothing was found, what would have had to be.
    let not_found = explain(&policies, &super::samples::facts(&[]));
    assert_eq!(
        changes(&not_found),
        [r#"context.core.findings.secret = {"worst":3,"confidence":100,"count":1,"distinct":1}: modify"#]
    );
}

#[test]
fn a_part_of_a_finding_is_flipped_where_finding_nothing_would_not_do() {
    // The secret has to be there for the permit, and not too bad for the forbid.
    let permit = "@id(\"p\") @why(\"a test\") permit (principal, action, resource) when { context.core.findings.secret.count == 1 };\n";
    let policies = permit.to_owned() + &forbid("x", "deny", "context.core.findings.secret.worst > 2");
    let explanation = explain(&policies, &facts(&[finding("secret", 4, 90)]));
    assert_eq!(changes(&explanation), ["context.core.findings.secret.worst = 2: allow"]);
}

#[test]
fn standings_are_flipped_by_a_word_or_as_a_whole() {
    let ungrounded = explain(EXAMPLE, &facts(&[]));
    assert_eq!(ungrounded.verdict, Verdict::Escalate);
    // What a person can do comes before where the values come from.
    assert_eq!(changes(&ungrounded), ["context.core.remembered.destination = true: allow"]);

    let flagged = "context.core.flow.destination.standings.contains(Guardhouse::Standing::\"flagged\")";
    let policies = format!("{PERMIT}{}", forbid("x", "deny", flagged));
    let mut facts = facts(&[]);
    facts.flow.destination.standings = WordSet::of(Standing::Flagged).with(Standing::User);
    assert_eq!(changes(&explain(&policies, &facts)), [r#"context.core.flow.destination.standings = ["user"]: allow"#]);
    facts.flow.destination.standings = WordSet::of(Standing::Flagged);
    assert_eq!(changes(&explain(&policies, &facts)), [r#"context.core.flow.destination.standings = ["user"]: allow"#]);
    facts.flow.destination = Flow::EMPTY;
    assert_eq!(changes(&explain(&policies, &facts)), Vec::<String>::new());
}

#[test]
fn facts_are_shown_and_arguments_are_not() {
    let amount = Field { shape: Shape::Leaf(Leaf::new(LeafKind::Long)), required: true };
    let shape = Arc::new(Shape::Record(Record { fields: [("amount".into(), amount)].into(), role: None }));
    let cast = Cast::new();
    let text = format!(
        "{PERMIT}@id(\"large\") @verdict(\"escalate\") @message(\"a large payment waits\")
        forbid (principal, action == Guardhouse::Action::\"bank/send_money\", resource)
        when {{ context.args.amount > 100 && resource.effects.contains(Guardhouse::Effect::\"unknown\")
            && context.from.amount.standings.isEmpty() && principal has user }};"
    );
    let file = crate::judge::PolicyFile { name: "p.cedar".to_owned(), text };
    let pinned = BTreeMap::from([(cast.tool.clone(), Arc::clone(&shape))]);
    let judge = Judge::load(&[file], super::samples::categories(), &pinned).unwrap();
    let tool = judge.type_tool(&cast.tool, &shape).unwrap();
    let arguments = json::parse(br#"{"amount": 31337}"#).unwrap();
    let (facts, from) = (facts(&[]), BTreeMap::new());
    let typed = TypedCall { tool: &tool, arguments: arguments.as_object().unwrap(), from: &from };
    let call = Call { tool: &cast.tool, profile: ToolProfile::unknown(), typed: Some(typed) };
    let explanation = judge.explain(&cast.request(Subject::Call(call), &facts));
    let shown: Vec<_> = explanation.facts.iter().map(|fact| (fact.name.as_str(), fact.value.clone())).collect();
    let words = |words: &[&str]| FactValue::Known(words.iter().map(|word| (*word).into()).collect::<Vec<_>>().into());
    let expected = [
        ("context.args.amount", FactValue::Withheld),
        ("context.from.amount.standings", words(&[])),
        ("principal.user", FactValue::Known("emma".into())),
        ("resource.effects", words(&["unknown"])),
    ];
    assert_eq!(shown, expected);
    assert!(!explanation.to_value().to_string().contains("31337"));
    assert!(explanation.changes.is_empty(), "none of these is a fact of `core`");
    let nobody = crate::judge::Request { user: None, ..cast.request(Subject::Call(call), &facts) };
    assert_eq!(judge.explain(&nobody).verdict, Verdict::Allow);
}

#[test]
fn at_most_64_changes_are_tried() {
    let bounds: Vec<_> = (0..50).map(|n| format!("context.core.session.calls == {}", 10 * n)).collect();
    let policies = format!("{PERMIT}{}", forbid("x", "deny", &format!("{} || {REPEATS}", bounds.join(" || "))));
    let mut facts = facts(&[]);
    facts.session.repeats = 1_000;
    let explanation = explain(&policies, &facts);
    assert_eq!((explanation.tried, explanation.untried), (64, 87));
    assert_eq!(changes(&explanation), Vec::<String>::new());
}

#[test]
fn an_explanation_as_json_has_the_documented_shape() {
    let policies = PERMIT.to_owned() + &forbid("x", "escalate", "context.core.session.untrusted");
    assert_eq!(
        explain(&policies, &Facts::new(crate::judge::Findings::default(), COVERED, crate::judge::Flows::EMPTY))
            .to_value()
            .to_string(),
        concat!(
            r#"{"verdict":"escalate","policies":[{"id":"p.cedar:x","part":"matches","effect":"forbid","#,
            r#""verdict":"escalate","file":"p.cedar","line":3,"reads":["context.core.session.untrusted"]},"#,
            r#"{"id":"p.cedar:all","part":"matches","effect":"permit","file":"p.cedar","line":1,"message":"a test","#,
            r#""reads":[]}],"facts":[{"fact":"context.core.session.untrusted","value":true}],"#,
            r#""changes":[{"fact":"context.core.session.untrusted","now":true,"then":false,"verdict":"allow","#,
            r#""policies":[]}],"tried":1,"untried":0}"#
        )
    );
}

#[test]
fn an_event_that_cannot_be_put_to_cedar_has_nothing_to_explain() {
    let explanation = explain(PERMIT, &facts(&[finding("novelty", 1, 1)]));
    assert_eq!((explanation.verdict, explanation.policies.len(), explanation.tried), (Verdict::Deny, 0, 0));
}

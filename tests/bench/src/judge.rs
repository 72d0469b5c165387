//! The judge against bare Cedar, on the very same policies, context and entities.

use std::collections::BTreeMap;
use std::hint::black_box;

use anyhow::{Context as _, Result, anyhow};
use cedar_policy::{Authorizer, Context, Decision, Request as BareRequest};
use guardhouse::{
    decision::{Category, Verdict},
    event::Event,
    judge::{Call, Coverage, Facts, Findings, Flows, Judge, PolicyFile, Request, Subject},
    tools::ToolProfile,
};

use crate::harness::{Comparison, Measured};

/// Generic policies as an operator would write them; `forbid_weakly` is the condition of the only one that can match.
fn policies(forbid_weakly: &str) -> String {
    format!(
        r#"
        @id("base") @why("agents may call tools") permit (principal, action in Guardhouse::Action::"call_tool", resource);
        @id("flagged") @verdict("deny") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when {{ context.core.flow.destination.standings.contains(Guardhouse::Standing::"flagged") }};
        @id("secret") @verdict("deny") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when {{ resource.openWorld && context.core.findings.secret.worst >= 3 }};
        @id("spend") @verdict("escalate") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when {{ {forbid_weakly} }};
        "#
    )
}

/// Compares an allowed call and one with a forbid below deny.
pub(crate) fn compare() -> Result<Vec<Measured>> {
    let allowed = one("judge, allowed / bare Cedar", 1.5, "resource.pinned", Verdict::Allow)?;
    let escalated = one("judge, one escalate / bare Cedar", 2.5, "!resource.pinned", Verdict::Escalate)?;
    Ok(vec![allowed, escalated])
}

fn one(name: &'static str, bar: f64, forbid_weakly: &str, expected: Verdict) -> Result<Measured> {
    let file = PolicyFile { name: "bench.cedar".to_owned(), text: policies(forbid_weakly) };
    let categories: Vec<Category> = vec!["secret".parse()?, "pii".parse()?, "injection".parse()?];
    let judge = Judge::load(&[file], categories, &BTreeMap::new()).map_err(|error| anyhow!("{error}: {error:?}"))?;
    let event = Event::from_json(
        br#"{"agent":"assistant","session":"s","user":"emma","checkpoint":"tool-call","server":"bank","tool":"send_money","call":"c1","arguments":{"amount":12}}"#,
    )?;
    let tool = event.tool().context("expected a call of a tool")?;
    let coverage = Coverage { uninspected: false, skipped: false };
    let facts = Facts::new(Findings::tally([]), coverage, Flows::ungrounded());
    let request = Request {
        agent: &event.agent,
        user: event.user.as_ref(),
        subject: Subject::Call(Call { tool, profile: ToolProfile::unknown(), typed: None }),
        facts: &facts,
    };
    let (set, bare) = judge.bare(&request).map_err(|error| anyhow!(error))?;
    let authorizer = Authorizer::new();
    let measured = Comparison { name, bar: Some(bar) }.run(
        || {
            let answer = Context::from_pairs(bare.context.clone()).ok().and_then(|context| {
                let (principal, action, resource) =
                    (bare.principal.clone(), bare.action.clone(), bare.resource.clone());
                let request = BareRequest::new(principal, action, resource, context, None).ok()?;
                Some(authorizer.is_authorized(&request, set, bare.entities()).decision())
            });
            let decision = if expected == Verdict::Allow { Decision::Allow } else { Decision::Deny };
            assert_eq!(black_box(answer), Some(decision), "bare Cedar decides the same");
        },
        || assert_eq!(black_box(judge.evaluate(&request)).verdict(), expected, "the judge decides as expected"),
    );
    Ok(measured)
}

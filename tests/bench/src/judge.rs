//! The judge against bare Cedar, on the very same policies, context and entities; and against itself with policies that
//! cannot apply left out.

use std::{collections::BTreeMap, fmt::Write as _, hint::black_box, time::Instant};

use anyhow::{Context as _, Result, anyhow};
use cedar_policy::{Authorizer, Context, Decision, PolicySet, Request as BareRequest};
use guardhouse::{
    decision::{Category, Verdict},
    event::{Event, ToolName},
    judge::{Call, CedarRequest, Coverage, Facts, Findings, Flows, Judge, PolicyFile, Request, Subject},
    tools::ToolProfile,
};

use crate::harness::{Comparison, Measured, Spread, Stated};

/// A call with the tool that the policies of these measurements speak of.
const CALL: &[u8] = br#"{"agent":"assistant","session":"s","user":"emma","checkpoint":"tool-call","server":"bank","tool":"send_money","call":"c1","arguments":{"amount":12}}"#;
/// How often the judge is timed on its own.
const TIMES: usize = 20_001;

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

/// A judge with these policies, in files of a hundred.
fn judge(policies: &[String]) -> Result<Judge> {
    let file = |(number, texts): (usize, &[String])| PolicyFile {
        name: format!("bench-{number}.cedar"),
        text: texts.concat(),
    };
    let files: Vec<_> = policies.chunks(100).enumerate().map(file).collect();
    let categories: Vec<Category> = vec!["secret".parse()?, "pii".parse()?, "injection".parse()?];
    Judge::load(&files, categories, &BTreeMap::new()).map_err(|error| anyhow!("{error}: {error:?}"))
}

/// What is judged: the event, and nothing found in it.
struct Judged {
    event: Event,
    tool: ToolName,
    facts: Facts,
}

impl Judged {
    fn new() -> Result<Self> {
        let coverage = Coverage { uninspected: false, skipped: false };
        let facts = Facts::new(Findings::tally([]), coverage, Flows::ungrounded());
        let event = Event::from_json(CALL)?;
        let tool = event.tool().context("expected a call of a tool")?.clone();
        Ok(Self { event, tool, facts })
    }

    fn request(&self) -> Request<'_> {
        Request {
            agent: &self.event.agent,
            user: self.event.user.as_ref(),
            subject: Subject::Call(Call { tool: &self.tool, profile: ToolProfile::unknown(), typed: None }),
            facts: &self.facts,
        }
    }
}

/// Compares an allowed call and one with a forbid below deny.
pub(crate) fn compare() -> Result<Vec<Measured>> {
    let allowed = one("judge, allowed / bare Cedar", 1.5, "resource.pinned", Verdict::Allow)?;
    let escalated = one("judge, one escalate / bare Cedar", 2.5, "!resource.pinned", Verdict::Escalate)?;
    Ok(vec![allowed, escalated, among_many()?, few_of_a_hundred()?])
}

/// A permit and forbids that can apply to [`CALL`], by scopes of several kinds, of which the forbids do not match.
fn applicable(count: usize) -> Vec<String> {
    let permit = r#"@id("base") @why("agents may call tools") permit (principal, action in Guardhouse::Action::"call_tool", resource);"#;
    let scopes = [
        r#"principal, action in Guardhouse::Action::"call_tool", resource"#,
        r#"principal == Guardhouse::Agent::"assistant", action, resource"#,
        r#"principal, action in Guardhouse::Action::"call_tool", resource in Guardhouse::Server::"bank""#,
        r#"principal, action in [Guardhouse::Action::"call_tool"], resource == Guardhouse::Tool::"bank/send_money""#,
    ];
    let conditions = [
        r#"context.core.flow.destination.standings.contains(Guardhouse::Standing::"flagged")"#,
        "context.core.findings.secret.worst >= 3",
        "context.core.session.calls > 100",
        "context.core.budget.exceeded && !context.core.remembered.call",
    ];
    let forbid = |(number, (scope, condition)): (usize, (&&str, &&str))| {
        format!("@id(\"applies-{number}\") forbid ({scope}) when {{ {condition} }};\n")
    };
    let pairs = scopes.iter().flat_map(|scope| conditions.iter().map(move |condition| (scope, condition)));
    std::iter::once(permit.to_owned()).chain(pairs.cycle().take(count - 1).enumerate().map(forbid)).collect()
}

/// Policies on other tools, servers, agents and actions.
fn inapplicable(count: usize) -> Vec<String> {
    let one = |number: usize| {
        let scope = match number % 4 {
            0 => format!(
                r#"principal, action in Guardhouse::Action::"call_tool", resource == Guardhouse::Tool::"bank/tool-{number}""#
            ),
            1 => format!(r#"principal == Guardhouse::Agent::"agent-{number}", action, resource"#),
            2 => format!(
                r#"principal, action in Guardhouse::Action::"call_tool", resource in Guardhouse::Server::"server-{number}""#
            ),
            _ => r#"principal, action == Guardhouse::Action::"accept_result", resource"#.to_owned(),
        };
        let mut text = format!("@id(\"other-{number}\") forbid ({scope}) ");
        // Writing into a string cannot fail.
        let _ = writeln!(text, "when {{ context.core.session.calls > {number} }};");
        text
    };
    (0..count).map(one).collect()
}

/// 10,000 policies of which 20 can apply, against those 20 alone.
fn among_many() -> Result<Measured> {
    let (few, judged) = (applicable(20), Judged::new()?);
    let many = judge(&[few.clone(), inapplicable(9_980)].concat())?;
    let few = judge(&few)?;
    let request = judged.request();
    let comparison = Comparison { name: "judge, 20 of 10,000 apply / those 20 alone", bar: Some(2.0) };
    Ok(comparison.run(
        || assert_eq!(black_box(few.evaluate(&request)).verdict(), Verdict::Allow, "the few permit it"),
        || assert_eq!(black_box(many.evaluate(&request)).verdict(), Verdict::Allow, "so do the many"),
    ))
}

/// 100 policies of which 5 can apply, against bare Cedar that is given those 5.
fn few_of_a_hundred() -> Result<Measured> {
    let (few, judged) = (applicable(5), Judged::new()?);
    let hundred = judge(&[few.clone(), inapplicable(95)].concat())?;
    let few = judge(&few)?;
    let request = judged.request();
    let (set, bare) = few.bare(&request).map_err(|error| anyhow!(error))?;
    let authorizer = Authorizer::new();
    let comparison = Comparison { name: "judge, 5 of 100 apply / bare Cedar on those 5", bar: None };
    Ok(comparison.run(
        || assert_eq!(black_box(authorize(&authorizer, set, &bare)), Some(Decision::Allow), "bare Cedar permits it"),
        || assert_eq!(black_box(hundred.evaluate(&request)).verdict(), Verdict::Allow, "so does the judge"),
    ))
}

/// 100 policies of which 5 can apply, in microseconds a call: the judge alone, its facts at hand.
pub(crate) fn time() -> Result<Vec<Stated>> {
    let judged = Judged::new()?;
    let judge = judge(&[applicable(5), inapplicable(95)].concat())?;
    let request = judged.request();
    let mut spread = Spread::default();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let evaluation = black_box(judge.evaluate(&request));
        spread.push(begun.elapsed().as_secs_f64() * 1e6);
        assert_eq!(evaluation.verdict(), Verdict::Allow, "the five permit it");
    }
    Ok(vec![Stated::at_most("judge, 5 of 100 policies apply", "us", Some(15.0), spread)])
}

fn one(name: &'static str, bar: f64, forbid_weakly: &str, expected: Verdict) -> Result<Measured> {
    let (judge, judged) = (judge(&[policies(forbid_weakly)])?, Judged::new()?);
    let request = judged.request();
    let (set, bare) = judge.bare(&request).map_err(|error| anyhow!(error))?;
    let authorizer = Authorizer::new();
    let decision = if expected == Verdict::Allow { Decision::Allow } else { Decision::Deny };
    Ok(Comparison { name, bar: Some(bar) }.run(
        || assert_eq!(black_box(authorize(&authorizer, set, &bare)), Some(decision), "bare Cedar decides the same"),
        || assert_eq!(black_box(judge.evaluate(&request)).verdict(), expected, "the judge decides as expected"),
    ))
}

/// What bare Cedar decides, its context and request built directly.
fn authorize(authorizer: &Authorizer, policies: &PolicySet, bare: &CedarRequest) -> Option<Decision> {
    let context = Context::from_pairs(bare.context.clone()).ok()?;
    let (principal, action, resource) = (bare.principal.clone(), bare.action.clone(), bare.resource.clone());
    let request = BareRequest::new(principal, action, resource, context, None).ok()?;
    Some(authorizer.is_authorized(&request, policies, bare.entities()).decision())
}

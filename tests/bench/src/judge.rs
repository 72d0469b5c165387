//! The judge against bare Cedar, on the very same policies, context and entities (those that can apply, and what they
//! read, both picked by us beforehand); and against itself with policies that
//! cannot apply left out.

use std::{collections::BTreeMap, fmt::Write as _, hint::black_box, sync::Arc, time::Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use cedar_policy::{Authorizer, Context, Decision, PolicySet, Request as BareRequest, RestrictedExpression};
use guardhouse::{
    decision::{Category, Verdict},
    event::{Event, ToolName},
    json::{self, Object},
    judge::{
        Call, CedarRequest, Coverage, Facts, Findings, Flow, Flows, Judge, PolicyFile, Request, Standing, Subject,
        TypedCall, TypedTool,
    },
    tools::{Role, RolePlan, Shape, ToolProfile, schema},
};

use crate::harness::{Comparison, Measured, Spread, Stated};

/// A call with the tool that the policies of these measurements speak of.
const CALL: &[u8] = br#"{"agent":"assistant","session":"s","user":"emma","checkpoint":"tool-call","server":"bank","tool":"send_money","call":"c1","arguments":{"amount":12}}"#;
/// What a tool of the measurement of loading takes.
const SCHEMA: &str = r#"{"type":"object","properties":{"recipient":{"type":"string"},"amount":{"type":"number"},"note":{"type":"string"}},"required":["recipient","amount"]}"#;
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
    judge_of(policies, &BTreeMap::new())
}

/// The same, with tools whose definition is pinned.
fn judge_of(policies: &[String], pinned: &BTreeMap<ToolName, Arc<Shape>>) -> Result<Judge> {
    let file = |(number, texts): (usize, &[String])| PolicyFile {
        name: format!("bench-{number}.cedar"),
        text: texts.concat(),
    };
    let files: Vec<_> = policies.chunks(100).enumerate().map(file).collect();
    let categories: Vec<Category> = vec!["secret".parse()?, "pii".parse()?, "injection".parse()?];
    Judge::load(&files, categories, pinned).map_err(|error| anyhow!("{error}: {error:?}"))
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

    /// The same tool, its definition known, called with these arguments.
    fn typed<'e>(
        &'e self,
        tool: &'e TypedTool,
        arguments: &'e Object,
        from: &'e BTreeMap<&'e str, Flow>,
        facts: &'e Facts,
    ) -> Request<'e> {
        let typed = Some(TypedCall { tool, arguments, from });
        let subject = Subject::Call(Call { tool: &self.tool, profile: ToolProfile::unknown(), typed });
        Request { agent: &self.event.agent, user: self.event.user.as_ref(), subject, facts }
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

/// Compares the judge with bare Cedar. Beside the ratios the time from arguments to a verdict, taken from its comparison.
pub(crate) fn compare() -> Result<(Vec<Measured>, Stated)> {
    let allowed = one("judge, allowed / bare Cedar", 1.5, "resource.pinned", Verdict::Allow)?;
    let escalated = one("judge, one escalate / bare Cedar", 2.5, "!resource.pinned", Verdict::Escalate)?;
    let from_text = from_text()?;
    let whole = from_text.ours("arguments as JSON to verdict, 5 of 100 policies apply", Some(15.0));
    Ok((vec![allowed, escalated, among_many()?, few_of_a_hundred()?, from_text], whole))
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
    let (set, bare) = few.sliced(&request).map_err(|error| anyhow!(error))?;
    let authorizer = Authorizer::new();
    let comparison = Comparison { name: "judge, 5 of 100 apply / bare Cedar on those 5", bar: None };
    Ok(comparison.run(
        || assert_eq!(black_box(authorize(&authorizer, &set, &bare)), Some(Decision::Allow), "bare Cedar permits it"),
        || assert_eq!(black_box(hundred.evaluate(&request)).verdict(), Verdict::Allow, "so does the judge"),
    ))
}

/// A validated set of policies: 500, of which 100 are on the actions of 50 tools, in milliseconds.
fn validation() -> Result<Stated> {
    let schema = json::parse(SCHEMA.as_bytes())?;
    let shape = Arc::new(schema::arguments(Some(&schema)));
    let mut policies = [applicable(20), inapplicable(380)].concat();
    let mut pinned = BTreeMap::new();
    for number in 0..100 {
        let tool = format!("bank/typed-{}", number % 50);
        policies.push(format!(
            r#"@id("typed-{number}") forbid (principal, action == Guardhouse::Action::"{tool}", resource)
            when {{ context.args.amount.greaterThan(decimal("{number}.0")) && context.args.recipient != "x" }};"#
        ));
        pinned.insert(tool.parse()?, Arc::clone(&shape));
    }
    let mut spread = Spread::default();
    for _ in 0..21 {
        let begun = Instant::now();
        drop(black_box(judge_of(&policies, &pinned)?));
        spread.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Stated::at_most("500 policies read and validated, 100 of them typed", "ms", Some(300.0), spread))
}

/// What a tool with so many arguments, all texts but an amount, takes; a call of it; a policy on each argument.
fn tool_of(arguments: usize) -> (String, String, Vec<String>) {
    let others: Vec<_> = (2..arguments).map(|number| format!("argument_{number}")).collect();
    let property = |name: &String| format!(r#","{name}":{{"type":"string"}}"#);
    let schema = format!(
        r#"{{"type":"object","properties":{{"recipient":{{"type":"string"}},"amount":{{"type":"number"}}{}}},"required":["recipient","amount"]}}"#,
        others.iter().map(property).collect::<String>()
    );
    let value = |name: &String| format!(r#","{name}":"a value of {name}""#);
    let call = format!(
        r#"{{"recipient":"DE89370400440532013000","amount":12.5{}}}"#,
        others.iter().map(value).collect::<String>()
    );
    let scope = r#"principal, action == Guardhouse::Action::"bank/send_money", resource"#;
    let forbid = |condition: String, number: usize| {
        format!("@id(\"typed-{number}\") forbid ({scope}) when {{ {condition} }};\n")
    };
    let mut policies = vec![
        forbid("context.args.amount.greaterThan(decimal(\"5000.0\"))".to_owned(), 0),
        forbid("context.args.recipient == \"mallory\"".to_owned(), 1),
    ];
    policies.extend(others.iter().enumerate().map(|(number, name)| {
        forbid(format!("context.args has {name} && context.args.{name} == \"mallory\""), number + 2)
    }));
    (schema, call, policies)
}

/// From the arguments as JSON text to the verdict: 100 policies of which 5 apply, two of them typed. Bare Cedar is given those
/// 5, and builds what they read directly from the parsed text.
fn from_text() -> Result<Measured> {
    let (schema, text, typed) = tool_of(4);
    let schema = json::parse(schema.as_bytes())?;
    let shape = Arc::new(schema::arguments(Some(&schema)));
    let judged = Judged::new()?;
    let pinned = BTreeMap::from([(judged.tool.clone(), Arc::clone(&shape))]);
    let few = [applicable(3), typed.into_iter().take(2).collect()].concat();
    let judge = judge_of(&[few.clone(), inapplicable(95)].concat(), &pinned)?;
    let tool = judge.type_tool(&judged.tool, &shape)?;
    let roles = RolePlan::new(Some(&shape), &BTreeMap::new(), false, ToolProfile::unknown());
    let arguments = arguments(&text)?;
    let (set, bare) = judge
        .sliced(&judged.typed(&tool, &arguments, &BTreeMap::new(), &judged.facts))
        .map_err(|error| anyhow!(error))?;
    ensure!(set.num_of_policies() == 5, "expected 5 policies that apply, found {}", set.num_of_policies());
    let core = bare.context.first().context("expected `core`")?.clone();
    let authorizer = Authorizer::new();
    Ok(Comparison { name: "arguments as JSON to verdict, 5 of 100 / bare Cedar", bar: Some(1.5) }.run(
        || {
            let decided = (|| {
                let arguments = arguments_of(&text)?;
                let recipient = arguments.get("recipient")?.as_str()?.to_owned();
                let amount = format!("{}000", arguments.get("amount")?);
                let args = RestrictedExpression::new_record([
                    ("recipient".to_owned(), RestrictedExpression::new_string(recipient)),
                    ("amount".to_owned(), RestrictedExpression::new_decimal(amount)),
                ]);
                let context = Context::from_pairs([core.clone(), ("args".to_owned(), args.ok()?)]).ok()?;
                let (principal, action, resource) =
                    (bare.principal.clone(), bare.action.clone(), bare.resource.clone());
                let request = BareRequest::new(principal, action, resource, context, None).ok()?;
                Some(authorizer.is_authorized(&request, &set, bare.entities()).decision())
            })();
            assert_eq!(black_box(decided), Some(Decision::Allow), "bare Cedar permits it");
        },
        || {
            let arguments = arguments_of(&text).unwrap_or_default();
            // As the engine does: what each leaf is for, and where it comes from.
            let (mut any, mut destination) = (Flow::EMPTY, Flow::EMPTY);
            roles.leaves(&arguments, |leaf| {
                any.standings = any.standings.with(Standing::Ungrounded);
                if leaf.roles.contains(Role::Destination) {
                    destination.standings = destination.standings.with(Standing::Ungrounded);
                }
            });
            let flow = Flows { any, destination, ..Flows::EMPTY };
            let facts = Facts::new(Findings::tally([]), judged.facts.coverage, flow);
            let verdict = judge.evaluate(&judged.typed(&tool, &arguments, &BTreeMap::new(), &facts)).verdict();
            assert_eq!(black_box(verdict), Verdict::Allow, "so does the judge");
        },
    ))
}

/// The context of a call with 20 arguments, each of which some policy reads, in microseconds.
fn context_of_twenty() -> Result<Stated> {
    let (schema, text, typed) = tool_of(20);
    let schema = json::parse(schema.as_bytes())?;
    let shape = Arc::new(schema::arguments(Some(&schema)));
    let judged = Judged::new()?;
    let pinned = BTreeMap::from([(judged.tool.clone(), Arc::clone(&shape))]);
    let judge = judge_of(&[applicable(5), typed].concat(), &pinned)?;
    let tool = judge.type_tool(&judged.tool, &shape)?;
    let (arguments, from) = (arguments(&text)?, BTreeMap::new());
    let request = judged.typed(&tool, &arguments, &from, &judged.facts);
    let mut spread = Spread::default();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let context = black_box(judge.context(&request)).map_err(|error| anyhow!(error))?;
        spread.push(begun.elapsed().as_secs_f64() * 1e6);
        drop(context);
    }
    Ok(Stated::at_most("context of a call with 20 arguments, all read", "us", Some(15.0), spread))
}

fn arguments_of(text: &str) -> Option<Object> {
    json::parse(text.as_bytes()).ok()?.as_object().cloned()
}

fn arguments(text: &str) -> Result<Object> {
    arguments_of(text).context("expected an object")
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
    let alone = Stated::at_most("judge, 5 of 100 policies apply", "us", None, spread);
    Ok(vec![alone, context_of_twenty()?, validation()?])
}

fn one(name: &'static str, bar: f64, forbid_weakly: &str, expected: Verdict) -> Result<Measured> {
    let (judge, judged) = (judge(&[policies(forbid_weakly)])?, Judged::new()?);
    let request = judged.request();
    let (set, bare) = judge.sliced(&request).map_err(|error| anyhow!(error))?;
    let authorizer = Authorizer::new();
    let decision = if expected == Verdict::Allow { Decision::Allow } else { Decision::Deny };
    Ok(Comparison { name, bar: Some(bar) }.run(
        || assert_eq!(black_box(authorize(&authorizer, &set, &bare)), Some(decision), "bare Cedar decides the same"),
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

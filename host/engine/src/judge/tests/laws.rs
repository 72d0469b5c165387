//! What holds for all policies and all facts.
//!
//! The policies are real Cedar text, with scopes, conditions on any of the facts, and some conditions that raise an
//! evaluation error; the definition is evaluated as it stands, with one policy set a level.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cedar_policy::{Authorizer, Context, Decision, Entities, PolicySet};
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;
use super::samples::{CATEGORIES, Cast, finding, judge};
use crate::decision::Verdict;
use crate::event::{Note, Source};
use crate::judge::{
    Budget, Call, Coverage, Facts, Findings, Flow, Flows, Judge, Remembered, Request, Session, Standing, Subject, Task,
};
use crate::tools::{Effects, Pin, ToolProfile};
use crate::vocabulary::{Vocabulary, WordSet};

/// A policy before it is text. Strength 0 is a permit.
#[derive(Debug, Clone)]
pub(in crate::judge) struct Sketch {
    strength: usize,
    principal: &'static str,
    scope: &'static str,
    condition: String,
}

impl Sketch {
    fn text(&self, id: usize) -> String {
        let (word, verdict) = match self.strength {
            0 => ("permit", "@why(\"a law\")"),
            1 => ("forbid", "@verdict(\"warn\")"),
            2 => ("forbid", "@verdict(\"modify\") @redact(\"secret\")"),
            3 => ("forbid", "@verdict(\"escalate\")"),
            _ => ("forbid", ""),
        };
        let Self { principal, scope, condition, .. } = self;
        // The last alternative is hardly ever true; without it, a condition on a tool would be impossible for a channel.
        let condition = format!("{condition} || context.core.anomaly.score == 7");
        format!("@id(\"p{id}\") {verdict} {word} ({principal}, {scope}) when {{ {condition} }};\n")
    }
}

pub(in crate::judge) fn text(sketches: &[Sketch]) -> String {
    sketches.iter().enumerate().map(|(id, sketch)| sketch.text(id)).collect()
}

fn sketch(strengths: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Sketch> {
    let principal = select(vec![
        "principal",
        "principal",
        "principal is Guardhouse::Agent",
        "principal == Guardhouse::Agent::\"a\"",
        "principal in Guardhouse::Agent::\"b\"",
        "principal == Guardhouse::Agent::\"nobody\"",
    ]);
    let scope = select(vec![
        "action, resource",
        "action, resource",
        "action, resource is Guardhouse::Tool",
        "action in Guardhouse::Action::\"call_tool\", resource",
        "action, resource is Guardhouse::Tool in Guardhouse::Server::\"s\"",
        "action in [Guardhouse::Action::\"call_tool\"], resource == Guardhouse::Tool::\"no/such\"",
        "action in Guardhouse::Action::\"call_tool\", resource in Guardhouse::Server::\"s\"",
        "action in [Guardhouse::Action::\"call_tool\", Guardhouse::Action::\"accept_result\"], resource == Guardhouse::Tool::\"s/t\"",
        "action == Guardhouse::Action::\"receive_input\", resource == Guardhouse::Channel::\"user\"",
        "action == Guardhouse::Action::\"send_output\", resource",
    ]);
    (strengths, principal, scope, condition()).prop_map(|(strength, principal, scope, condition)| Sketch {
        strength,
        principal,
        scope,
        condition,
    })
}

/// A condition that reads facts, now and then one that overflows.
fn condition() -> impl Strategy<Value = String> {
    let fact = prop_oneof![
        8 => select(vec![
            "context.core.session.untrusted",
            "context.core.session.full",
            "context.core.task.fits",
            "context.core.task.declared",
            "context.core.coverage.skipped",
            "context.core.budget.exceeded",
            "context.core.remembered.call",
            "context.core.session.labels.contains(\"l\")",
            "context.core.flow.payload.sources.contains(\"l\")",
            "context.core.session.calls > 1",
            "(principal has user && principal.user == Guardhouse::User::\"emma\")",
            "(resource is Guardhouse::Tool && resource.openWorld)",
            "(resource is Guardhouse::Tool && resource.effects.contains(Guardhouse::Effect::\"send\"))",
        ]).prop_map(str::to_owned),
        4 => (select(CATEGORIES.to_vec()), -1..=4_i64)
            .prop_map(|(name, bound)| format!("context.core.findings[\"{name}\"].worst >= {bound}")),
        2 => (select(CATEGORIES.to_vec()), 0..=100_i64)
            .prop_map(|(name, bound)| format!("context.core.findings[\"{name}\"].confidence >= {bound}")),
        4 => (select(vec!["any", "destination", "code"]), select(Standing::ALL)).prop_map(|(flow, standing)| format!(
            "context.core.flow.{flow}.standings.contains(Guardhouse::Standing::\"{}\")", standing.word()
        )),
        // Fails if there were two calls or more; always.
        1 => Just("context.core.session.calls * 9223372036854775807 > 5".to_owned()),
        1 => Just("context.core.session.calls + 9223372036854775807 + 1 > 5".to_owned()),
    ];
    fact.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

pub(in crate::judge) fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    // Permits are common enough for most events to be permitted, and may be missing.
    prop::collection::vec(prop_oneof![2 => sketch(0..=0), 3 => sketch(1..=4)], 0..6)
}

fn flow() -> impl Strategy<Value = Flow> {
    let strings = || prop::collection::btree_set("[lm]", 0..2);
    (prop::collection::vec(select(Standing::ALL), 0..3), strings(), strings())
        .prop_map(|(standings, sources, labels)| Flow { standings: standings.into_iter().collect(), sources, labels })
}

fn facts() -> impl Strategy<Value = Facts> {
    let session = (0..4_u32, any::<u32>(), any::<bool>(), prop::collection::btree_set("[lm]", 0..2), any::<bool>())
        .prop_map(|(calls, repeats, untrusted, labels, full)| Session { calls, repeats, untrusted, labels, full });
    let findings = prop::collection::vec((select(CATEGORIES.to_vec()), 0..=4_u8, 0..=100_u8), 0..4);
    let flows = prop_oneof![
        Just(Flows::EMPTY),
        Just(Flows::ungrounded()),
        (flow(), flow(), flow(), flow(), flow()).prop_map(|(any, destination, payload, selector, code)| Flows {
            any,
            destination,
            payload,
            selector,
            code
        }),
    ];
    let bits = any::<[bool; 7]>();
    (session, findings, flows, bits, any::<u32>(), any::<u32>()).prop_map(
        |(session, found, flow, bits, left, score)| {
            let [uninspected, skipped, declared, fits, exceeded, destination, call] = bits;
            let found: Vec<_> =
                found.into_iter().map(|(name, severity, confidence)| finding(name, severity, confidence)).collect();
            let mut facts = Facts::new(Findings::tally(&found), Coverage { uninspected, skipped }, flow);
            facts.session = session;
            facts.task = Task { declared, fits };
            facts.budget = Budget { exceeded, remaining_calls: left };
            facts.anomaly.score = score;
            facts.remembered = Remembered { destination, call };
            facts
        },
    )
}

/// An event, to be asked for with [`Scene::request`].
#[derive(Debug, Clone)]
pub(in crate::judge) struct Scene {
    agent: String,
    server: &'static str,
    tool: &'static str,
    known_user: bool,
    subject: usize,
    profile: ToolProfile,
    pub(in crate::judge) facts: Facts,
}

pub(in crate::judge) fn scene() -> impl Strategy<Value = Scene> {
    let agent = prop_oneof![4 => select(vec!["a", "b"]).prop_map(str::to_owned), 1 => "[^\\p{C}]{1,20}"];
    let names = (select(vec!["s", "s", "r", "é\""]), select(vec!["t", "t", "u", "a/b"]));
    let effects = prop::collection::vec(select(crate::tools::Effect::ALL), 0..3);
    (
        agent,
        names,
        any::<[bool; 2]>(),
        select(vec![Pin::Unpinned, Pin::Pinned, Pin::Changed]),
        effects,
        0..8_usize,
        facts(),
    )
        .prop_map(|(agent, (server, tool), [known_user, open_world], pin, effects, subject, facts)| {
            let profile = ToolProfile { effects: effects.into_iter().collect::<Effects>(), open_world, pin };
            // Half of the events are calls.
            Scene { agent, server, tool, known_user, subject, profile, facts }
        })
}

impl Scene {
    pub(in crate::judge) fn cast(&self) -> Cast {
        Cast::named(&self.agent, self.server, self.tool)
    }

    pub(in crate::judge) fn request<'e>(&'e self, cast: &'e Cast) -> Request<'e> {
        const NOTE: Note = Note::Retry { text: None };
        let subject = match self.subject {
            0 => Subject::Input(Source::User),
            1 => Subject::Output,
            2 => Subject::Note(&NOTE),
            3 => Subject::Definition(&cast.tool, self.profile, None),
            4 => Subject::Result(&cast.tool, self.profile),
            _ => Subject::Call(Call { tool: &cast.tool, profile: self.profile, typed: None }),
        };
        Request { user: self.known_user.then_some(&cast.user), ..cast.request(subject, &self.facts) }
    }
}

/// Cedar's own answer to a policy text: its decision, and whether anything failed.
fn cedar(judge: &Judge, request: &Request<'_>, policies: &str) -> (Decision, bool) {
    let (_, bare) = judge.bare(request).unwrap();
    let entities = bare.entities().clone();
    let policies: PolicySet = policies.parse().unwrap();
    let context = Context::from_pairs(bare.context).unwrap();
    let request = cedar_policy::Request::new(bare.principal, bare.action, bare.resource, context, None).unwrap();
    let answer = Authorizer::new().is_authorized(&request, &policies, &entities);
    (answer.decision(), answer.diagnostics().errors().count() > 0)
}

/// A(l): all permits and the forbids of a strength above `level`.
fn at_level(sketches: &[Sketch], level: usize) -> String {
    let in_it: Vec<_> = sketches.iter().filter(|s| s.strength == 0 || s.strength > level).cloned().collect();
    text(&in_it)
}

/// The definition, word for word.
fn by_definition(judge: &Judge, request: &Request<'_>, sketches: &[Sketch]) -> Verdict {
    if cedar(judge, request, &text(sketches)).1 {
        return Verdict::Deny;
    }
    let allows = |level: &usize| cedar(judge, request, &at_level(sketches, *level)).0 == Decision::Allow;
    let least = (0..=4).find(allows);
    [Verdict::Allow, Verdict::Warn, Verdict::Modify, Verdict::Escalate]
        .get(least.unwrap_or(4))
        .copied()
        .unwrap_or(Verdict::Deny)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_verdict_is_the_one_of_the_definition(sketches in sketches(), scenes in prop::collection::vec(scene(), 8)) {
        let judge = judge(&text(&sketches));
        for scene in &scenes {
            let cast = scene.cast();
            let request = scene.request(&cast);
            prop_assert_eq!(judge.evaluate(&request).verdict(), by_definition(&judge, &request, &sketches));
        }
    }

    #[test]
    fn a_level_that_allows_is_below_levels_that_allow(sketches in sketches(), scene in scene()) {
        let (judge, cast) = (judge(&text(&sketches)), scene.cast());
        let request = scene.request(&cast);
        let allows: Vec<_> =
            (0..=4).map(|level| cedar(&judge, &request, &at_level(&sketches, level)).0 == Decision::Allow).collect();
        prop_assert!(allows.is_sorted(), "{allows:?}");
    }

    #[test]
    fn one_more_forbid_never_lowers_the_verdict(sketches in sketches(), more in sketch(1..=4), scene in scene()) {
        let cast = scene.cast();
        let request = scene.request(&cast);
        let before = judge(&text(&sketches)).evaluate(&request).verdict();
        let after = judge(&text(&[sketches, vec![more]].concat())).evaluate(&request).verdict();
        prop_assert!(after >= before, "{before} {after}");
    }

    #[test]
    fn a_stronger_forbid_never_lowers_the_verdict(sketches in sketches(), at in any::<prop::sample::Index>(), scene in scene()) {
        let cast = scene.cast();
        let request = scene.request(&cast);
        let before = judge(&text(&sketches)).evaluate(&request).verdict();
        let mut stronger = sketches;
        let forbids: Vec<_> = stronger.iter_mut().filter(|s| (1..4).contains(&s.strength)).collect();
        let count = forbids.len();
        if let Some(forbid) = (count > 0).then(|| forbids.into_iter().nth(at.index(count))).flatten() {
            forbid.strength += 1;
        }
        let after = judge(&text(&stronger)).evaluate(&request).verdict();
        prop_assert!(after >= before, "{before} {after}");
    }

    #[test]
    fn what_no_permit_matches_is_denied(sketches in sketches(), scenes in prop::collection::vec(scene(), 8)) {
        let judge = judge(&text(&sketches));
        let permits: Vec<_> = sketches.iter().filter(|s| s.strength == 0).cloned().collect();
        for scene in &scenes {
            let cast = scene.cast();
            let request = scene.request(&cast);
            if cedar(&judge, &request, &text(&permits)).0 == Decision::Deny {
                prop_assert_eq!(judge.evaluate(&request).verdict(), Verdict::Deny);
            }
        }
    }

    #[test]
    fn every_request_conforms_to_the_schema(scene in scene()) {
        let (judge, cast) = (judge(""), scene.cast());
        let (_, bare) = judge.bare(&scene.request(&cast)).unwrap();
        let entities = bare.entities().clone();
        let schema = judge.cedar_schema();
        let context = Context::from_pairs(bare.context).unwrap();
        let request = cedar_policy::Request::new(bare.principal, bare.action, bare.resource, context, Some(schema));
        prop_assert!(request.is_ok(), "{:?}", request.err());
        let entities = Entities::from_entities(entities, Some(schema));
        prop_assert!(entities.is_ok(), "{:?}", entities.err());
    }

    #[test]
    fn what_goes_on_after_a_repair_needs_no_other(sketches in sketches(), before in scene(), after in facts()) {
        let (judge, cast) = (judge(&text(&sketches)), before.cast());
        let first = judge.evaluate(&before.request(&cast));
        let repaired = Scene { facts: after, ..before.clone() };
        let second = judge.evaluate(&repaired.request(&cast));
        match first.after_repair(&second) {
            Ok(()) => {
                prop_assert!(first.verdict() < Verdict::Deny && second.verdict() < Verdict::Deny);
                prop_assert!(second.redact().is_empty());
                prop_assert!(second.verdict() <= first.verdict().max(Verdict::Warn));
            }
            Err(reasons) => prop_assert!(!reasons.is_empty()),
        }
    }

    #[test]
    fn a_set_of_words_holds_its_words(words in prop::collection::vec(select(Standing::ALL), 0..8)) {
        let set: WordSet<Standing> = words.iter().copied().collect();
        prop_assert!(Standing::ALL.iter().all(|word| set.contains(*word) == words.contains(word)));
    }
}

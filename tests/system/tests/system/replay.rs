//! What another bundle would have decided is what it does decide, or is not known; and that is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Arc, LazyLock},
};

use guardhouse::{
    bundle::Bundle,
    decision::{Decision, Verdict},
    engine::Engine,
    event::Event,
    generation::Generation,
    journal::{Journal, Records, Scope, Stop, stop},
    replay::{Row, Ruling, Step, Summary, Trial, journal},
    sandbox::{Cache, Runtime},
};
use guardhouse_system_tests::{GENEROUS, TestBundle, call, definition, event, input, output, result, station};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::{
    EVERYWHERE, PERMIT,
    verdicts::{SECRET, with_secrets},
};

/// What the bank's server says of its tool, and what it says a day later.
const SEND: &str = r#"{"name":"send_money","description":"Sends money.","inputSchema":{"type":"object","properties":{"recipient":{"type":"string"},"amount":{"type":"number"}}},"annotations":{"destructiveHint":false}}"#;
const CHANGED: &str = r#"{"name":"send_money","description":"Sends money.","inputSchema":{"type":"object","properties":{"recipient":{"type":"string"},"amount":{"type":"number"},"bcc":{"type":"string"}}}}"#;

/// A policy that reads an argument.
const LARGE: &str = r#"@id("large") @verdict("escalate")
forbid (principal, action == Guardhouse::Action::"bank/send_money", resource)
when { context.args has amount && context.args.amount.greaterThan(decimal("50.0")) };
"#;
/// A policy on the same action that reads none.
const NO_USER: &str = r#"@id("no-user") forbid (principal, action == Guardhouse::Action::"bank/send_money", resource)
unless { principal has user };
"#;

/// Policies of every strength, on everything that a record has.
const POLICIES: [&str; 14] = [
    PERMIT,
    r#"@id("inputs") @why("a test") permit (principal, action == Guardhouse::Action::"receive_input", resource);"#,
    r#"@id("mend") @verdict("modify") @redact("secret") forbid (principal, action, resource) when { context.core.findings.secret.worst >= 2 };"#,
    r#"@id("mend-both") @verdict("modify") @redact("secret,banned") forbid (principal, action, resource) when { context.core.findings.banned.count > 0 };"#,
    r#"@id("mend-in-vain") @verdict("modify") @redact("banned") forbid (principal, action == Guardhouse::Action::"send_output", resource) when { context.core.findings.secret.count > 0 };"#,
    r#"@id("still") @verdict("modify") @redact("secret") forbid (principal, action == Guardhouse::Action::"accept_result", resource);"#,
    r#"@id("ask") @verdict("escalate") forbid (principal, action in Guardhouse::Action::"call_tool", resource) when { context.core.flow.destination.standings.contains(Guardhouse::Standing::"ungrounded") };"#,
    r#"@id("ask-left") @verdict("escalate") forbid (principal, action, resource) when { context.core.flow.any.standings.contains(Guardhouse::Standing::"redacted") };"#,
    r#"@id("look") @verdict("warn") forbid (principal, action, resource is Guardhouse::Tool) when { resource.effects.contains(Guardhouse::Effect::"unknown") };"#,
    r#"@id("rug") forbid (principal, action, resource is Guardhouse::Tool) when { resource.changed };"#,
    r#"@id("notes") @verdict("warn") forbid (principal, action == Guardhouse::Action::"take_note", resource == Guardhouse::Channel::"retry");"#,
    r#"@id("definitions") @verdict("escalate") forbid (principal, action == Guardhouse::Action::"define_tool", resource);"#,
    LARGE,
    NO_USER,
];

/// A bundle with two guards, one of which looks for these words.
fn bundle(policies: &str, words: &str, more: &str) -> TestBundle {
    let secrets = station("secrets", "guard-secrets", EVERYWHERE, "");
    let banned = station("words", "guest-words", EVERYWHERE, &format!("config = {{ words = [{words}] }}"));
    TestBundle::new(&format!("{GENEROUS}{secrets}{banned}{more}"))
        .guard("guard-secrets")
        .guard("guest-words")
        .policies(policies)
        .locked()
}

fn with_policies(policies: &str) -> TestBundle {
    bundle(policies, r#""Zanzibar""#, "")
}

/// Those of [`POLICIES`] whose bits are set.
fn some_policies(bits: u16) -> String {
    let chosen = POLICIES.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
    chosen.map(|(_, policy)| *policy).collect::<Vec<_>>().join("\n")
}

/// The sandbox of all tests here, which compiles each guard once.
async fn generation(bundle: &TestBundle) -> Arc<Generation> {
    static SANDBOX: LazyLock<(TempDir, Runtime)> = LazyLock::new(|| {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path().join("cache")).unwrap();
        (directory, Runtime::cached(cache).unwrap())
    });
    Arc::new(Generation::new(&SANDBOX.1, Bundle::read(bundle.path()).unwrap()).await.unwrap())
}

fn in_session(session: &str, event: &Event) -> Event {
    Event { session: session.parse().unwrap(), ..event.clone() }
}

/// Sessions in which everything happens.
fn transcript() -> Vec<Event> {
    let both = format!("to Zanzibar with {SECRET}");
    let first = [
        input("user", "What did I spend in March?"),
        input("document", &both),
        definition("send_money", SEND),
        call("send_money", r#"{"recipient":"emma","amount":5}"#),
        call("send_money", &format!(r#"{{"recipient":"emma","amount":80,"note":"{SECRET}"}}"#)),
        result("send_money", r#""text":"done""#),
        call("look", "{}"),
        call("wire", r#"{"to":"Zanzibar","urgent":true}"#),
        result("look", &format!(r#""text":"{both}""#)),
        result("look", r#""structured":{"balance":1.5}"#),
        output("All is well."),
        output(&format!("the token is {SECRET}")),
        output("See you in Zanzibar."),
        output(&both),
        event(r#""checkpoint":"note","kind":"retry""#),
        event(r#""checkpoint":"note","kind":"usage","tokens":{"input":8,"output":9}"#),
        event(&format!(r#""checkpoint":"note","kind":"reasoning","text":"{both}""#)),
    ];
    let rug = [
        definition("send_money", SEND),
        call("send_money", "{}"),
        definition("send_money", CHANGED),
        call("send_money", r#"{"recipient":"emma"}"#),
        definition("look", r#"{"name":"look","inputSchema":{"type":"object"}}"#),
        call("look", "{}"),
    ];
    let nobody = Event { user: None, ..call("send_money", r#"{"amount":100}"#) };
    let others = [nobody, definition("odd", &format!(r#"{{"name":"odd","description":"{SECRET}"}}"#))];
    let others = others.iter().map(|event| in_session("others", event));
    first.into_iter().chain(rug.iter().map(|event| in_session("rug", event))).chain(others).collect()
}

/// A journal of what a bundle makes of events, and the decisions.
async fn recorded(generation: &Arc<Generation>, events: &[Event]) -> (TempDir, Vec<Decision>) {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::of(Arc::clone(generation)).with_journal(Journal::open(directory.path()).unwrap());
    (directory, decided(&engine, events).await)
}

async fn decided(engine: &Engine, events: &[Event]) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for event in events {
        decisions.push(engine.check(event).await);
    }
    decisions
}

fn replayed(directory: &Path, generation: &Generation) -> Vec<Row> {
    let mut rows = Vec::new();
    journal(
        Records::of(directory).unwrap(),
        generation,
        |_| None,
        |step| match step {
            Step::Row(row) => rows.push(row),
            other => panic!("expected a row, found {other:?}"),
        },
    )
    .unwrap();
    rows
}

/// Why rows are not replayable, and how many.
fn unknown(rows: &[Row]) -> BTreeMap<&'static str, usize> {
    let mut unknown = BTreeMap::new();
    for why in rows.iter().filter_map(|row| row.new.as_ref().err()) {
        *unknown.entry(why.as_str()).or_default() += 1;
    }
    unknown
}

#[tokio::test]
async fn the_same_policies_make_no_difference() {
    let everything = generation(&with_policies(&some_policies(!(1 << 5 | 1 << 11)))).await;
    let (directory, decisions) = recorded(&everything, &transcript()).await;
    let verdicts: BTreeSet<_> = decisions.iter().map(|decision| decision.verdict).collect();
    assert_eq!(verdicts.len(), Verdict::ALL.len(), "every verdict is among them: {verdicts:?}");
    let rows = replayed(directory.path(), &everything);
    assert_eq!(rows.len(), decisions.len());
    for (row, decision) in rows.iter().zip(&decisions) {
        assert_eq!(row.old, Some(Ruling::from(decision)));
        assert!(row.new.is_err() || row.new.as_ref().ok() == row.old.as_ref(), "{row:?}");
    }
    // The tool's definition is the session's, and not in the bundle; where the rug was pulled nothing was judged.
    let unknown = unknown(&rows);
    assert!(unknown.keys().all(|why| ["definition-unknown", "definition-refused"].contains(why)), "{unknown:?}");
    assert!(rows.iter().filter(|row| row.new.is_ok()).count() >= 15, "{unknown:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The law: what is replayed is what a fresh engine decides, as long as the session is the same up to there.
    #[test]
    fn what_is_replayed_is_what_a_fresh_engine_decides(old: u16, new: u16) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (old, new) = (with_policies(&some_policies(old | 1)), with_policies(&some_policies(new)));
            let (old, new) = (generation(&old).await, generation(&new).await);
            let events = transcript();
            let (directory, before) = recorded(&old, &events).await;
            let after = decided(&Engine::of(Arc::clone(&new)), &events).await;
            let mut changed = BTreeSet::new();
            let rows = replayed(directory.path(), &new);
            assert_eq!(rows.len(), events.len());
            for ((row, before), after) in rows.iter().zip(&before).zip(&after) {
                assert_eq!(row.old, Some(Ruling::from(before)));
                if let (Ok(ruling), false) = (&row.new, changed.contains(&row.session)) {
                    assert_eq!(*ruling, Ruling::from(after), "{row:?}");
                }
                if before.verdict != after.verdict {
                    changed.insert(row.session.clone());
                }
            }
        });
    }
}

#[tokio::test]
async fn a_changed_policy_changes_what_it_is_about_and_nothing_else() {
    let before = generation(&with_policies(&some_policies(0b1))).await;
    let after = generation(&with_policies(&some_policies(0b1_0000_0101))).await;
    let (directory, _) = recorded(&before, &transcript()).await;
    let mut summary = Summary::keeping(2);
    for row in replayed(directory.path(), &after) {
        summary.add(row);
    }
    // What is repaired was not, so what would be left is not known: five texts, a call, a definition. And of a definition that
    // changed, only a bundle that has a pin or is the same knows from what.
    assert_eq!(summary.not_replayable, [("repair-unknown", 7), ("pins-differ", 2)].into(), "{summary:?}");
    assert_eq!(summary.changed.keys().copied().collect::<Vec<_>>(), [(Verdict::Allow, Verdict::Warn)]);
    assert_eq!(summary.first.len(), 2);
    let first = summary.first.first().unwrap().to_value().to_string();
    assert!(
        first.contains(
            r#""old":{"verdict":"allow","reasons":[]},"new":{"verdict":"warn","reasons":["test.cedar:look"]}"#
        ),
        "{first}"
    );
    assert_eq!(summary.decisions, summary.same + summary.changed.values().sum::<u64>() + 9);
    assert!(!summary.is_same());
}

#[tokio::test]
async fn a_repair_is_replayed_where_it_is_the_one_that_was_made() {
    let before = generation(&with_policies(&some_policies(0b101))).await;
    let other = POLICIES[2].replace("mend", "mend-otherwise").replace("worst >= 2", "count > 0");
    let after = generation(&with_policies(&format!("{PERMIT}{other}"))).await;
    let both = format!("to Zanzibar with {SECRET}");
    let (directory, _) = recorded(&before, &[output(SECRET), output(&both), output("clean")]).await;
    let rows = replayed(directory.path(), &after);
    let reasons = vec!["test.cedar:mend-otherwise".to_owned()];
    let mended = Ok(Ruling { verdict: Verdict::Modify, reasons });
    assert_eq!([&rows[0].new, &rows[1].new], [&mended, &mended]);
    assert_eq!(unknown(&rows), [].into(), "{rows:?}");
    // What would be left after a repair of more than that is not known; where no more was found, it is the same.
    let after =
        generation(&with_policies(&format!("{PERMIT}{}", other.replace("\"secret\"", "\"secret,banned\"")))).await;
    let rows = replayed(directory.path(), &after);
    assert_eq!(rows[0].new, mended);
    assert!(rows[1].new.is_err());
    assert_eq!(unknown(&rows), [("repair-unknown", 1)].into(), "{rows:?}");
}

#[tokio::test]
async fn what_other_guards_would_find_is_not_known() {
    let (old, new) = (bundle(PERMIT, r#""Zanzibar""#, ""), bundle(PERMIT, r#""Timbuktu""#, ""));
    let (old, new) = (generation(&old).await, generation(&new).await);
    let (directory, _) = recorded(&old, &transcript()).await;
    let rows = replayed(directory.path(), &new);
    let known = rows.iter().filter(|row| row.new.is_ok()).count();
    // Nobody is asked about notes but for reasoning.
    assert_eq!((known, unknown(&rows)), (2, [("guards-differ", rows.len() - 2)].into()));
}

#[tokio::test]
async fn a_whole_event_goes_through_guards() {
    let (old, new) =
        (bundle(PERMIT, r#""Zanzibar""#, ""), bundle(&some_policies(0b1101), r#""March", "Zanzibar""#, ""));
    let (old, new) = (generation(&old).await, generation(&new).await);
    let events = transcript();
    let (directory, decisions) = recorded(&old, &events).await;
    let trial = Trial::of(Arc::clone(&new));
    let of_record = |id: &str| {
        let place = decisions.iter().position(|decision| decision.id.to_string() == id)?;
        events.get(place).cloned()
    };
    let mut steps = Vec::new();
    let whole = |record: &guardhouse::journal::Record| of_record(record.members.get("id")?.as_str()?);
    journal(Records::of(directory.path()).unwrap(), &new, whole, |step| steps.push(step)).unwrap();
    let fresh = decided(&Engine::of(Arc::clone(&new)), &events).await;
    assert_eq!(steps.len(), fresh.len());
    for (step, (decision, fresh)) in steps.iter().zip(decisions.iter().zip(&fresh)) {
        let Step::Event(recorded, event) = step else { panic!("{step:?}") };
        let row = trial.check_recorded(recorded, event).await;
        assert_eq!((row.old, row.new), (Some(Ruling::from(decision)), Ok(Ruling::from(fresh))));
        // Another's event is not taken for it.
        let other = in_session("another", event);
        assert!(trial.check_recorded(recorded, &other).await.new.is_err());
    }
    // Without the definition that its session had been told, a call is not judged as if there were none.
    let Step::Event(recorded, event) = &steps[3] else { panic!("{steps:?}") };
    let row = Trial::of(new).check_recorded(recorded, event).await;
    assert_eq!(unknown(&[row]), [("definition-unknown", 1)].into());
}

fn pins(definition: &str) -> String {
    let digest = guardhouse::json::parse(definition.as_bytes()).unwrap().digest();
    format!(r#"{{"version":1,"tools":{{"bank/send_money":{{"digest":"{digest}","definition":{definition}}}}}}}"#)
}

#[tokio::test]
async fn what_is_not_stored_of_a_tool_is_not_made_up() {
    let bundle = |policies: &str, more: &str| TestBundle::new(more).policies(&format!("{PERMIT}{policies}"));
    let pinned = |policies: &str| bundle(policies, "").file("tools.lock", pins(SEND));
    let told = [definition("send_money", SEND), call("send_money", r#"{"amount":80}"#)];
    let untold = [call("send_money", r#"{"amount":80}"#), result("send_money", r#""text":"done""#)];
    let read = "[tools.\"bank/send_money\"]\neffects = [\"read\"]\n";
    for (old, events, new, expected) in [
        (bundle("", ""), &told, bundle("", ""), vec![]),
        (bundle("", ""), &untold, bundle("", ""), vec![]),
        (pinned(""), &untold, pinned(""), vec![]),
        (pinned(""), &told, pinned(LARGE), vec![("reads-arguments", 1)]),
        (pinned(""), &untold, pinned(NO_USER), vec![]),
        (bundle("", ""), &untold, bundle(LARGE, ""), vec![]),
        (bundle("", ""), &told, bundle(NO_USER, ""), vec![("definition-unknown", 2)]),
        (bundle("", ""), &told, pinned(""), vec![("pins-differ", 2)]),
        (bundle("", ""), &untold, pinned(""), vec![("pins-differ", 2)]),
        (pinned(""), &told, bundle("", ""), vec![("pins-differ", 2)]),
        (bundle("", ""), &told, bundle("", read), vec![("tool-settings-differ", 2)]),
        (bundle("", ""), &untold, bundle("", read), vec![("tool-settings-differ", 2)]),
    ] {
        let (old, new) = (generation(&old).await, generation(&new).await);
        let (directory, _) = recorded(&old, events).await;
        let rows = replayed(directory.path(), &new);
        assert_eq!(unknown(&rows), expected.into_iter().collect(), "{rows:?}");
        let after = decided(&Engine::of(new), events).await;
        for (row, after) in rows.iter().zip(&after) {
            assert!(row.new.is_err() || row.new == Ok(Ruling::from(after)), "{row:?}: {after}");
        }
    }
}

#[tokio::test]
async fn what_the_judge_did_not_decide_is_not_replayed() {
    let generation = generation(&with_policies(PERMIT)).await;
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::of(Arc::clone(&generation)).with_journal(Journal::open(directory.path()).unwrap());
    engine.check(&output("clean")).await;
    engine.check(&definition("odd", r#"{"name":"even"}"#)).await;
    stop(directory.path(), &Stop::new(Scope::All, "a drill")).unwrap();
    engine.check(&output("clean")).await;
    // The journal is still being written.
    let rows = replayed(directory.path(), &generation);
    assert_eq!(unknown(&rows), [("definition-refused", 1), ("stopped", 1)].into(), "{rows:?}");
}

/// Policies on what is streamed: also such as say otherwise once more is found.
const ON_STREAMS: [&str; 6] = [
    r#"@id("ask") @verdict("escalate") forbid (principal, action, resource) when { context.core.findings.secret.count > 1 };"#,
    r#"@id("once") forbid (principal, action, resource) when { context.core.findings.secret.count == 1 };"#,
    r#"@id("look") @verdict("warn") forbid (principal, action, resource) when { context.core.findings.secret.count > 0 };"#,
    r#"@id("mend") @verdict("modify") @redact("secret") forbid (principal, action == Guardhouse::Action::"receive_input", resource) when { context.core.findings.secret.count > 0 };"#,
    r#"@id("mend-late") @verdict("modify") @redact("secret") forbid (principal, action, resource) when { context.core.findings.secret.count > 1 };"#,
    r#"@id("outputs") forbid (principal, action == Guardhouse::Action::"send_output", resource);"#,
];

/// What is streamed through a bundle.
async fn streamed(engine: &Engine) -> Vec<Decision> {
    let twice = format!("one is {SECRET}, the other {SECRET}, and that is all");
    let mut decisions = Vec::new();
    for text in ["All is well.", SECRET, twice.as_str()] {
        for event in [output("It is said: "), input("user", "It is said: ")] {
            let mut stream = engine.stream(event).unwrap();
            stream.push(text);
            decisions.push(stream.finish().await.decision.unwrap());
        }
    }
    decisions
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The law, for streams: judged in pieces, or at the end where a guard wants to see the whole text.
    #[test]
    fn what_is_replayed_of_a_stream_is_what_it_would_be(old in 0_u8..64, new in 0_u8..64, whole: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let of = |bits: u8| {
                let chosen = ON_STREAMS.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
                let policies = PERMIT.to_owned() + &chosen.map(|(_, policy)| *policy).collect::<String>();
                if whole { with_policies(&policies) } else { with_secrets(&policies) }
            };
            let (old, new) = (generation(&of(old)).await, generation(&of(new)).await);
            let directory = tempfile::tempdir().unwrap();
            let journal = Journal::open(directory.path()).unwrap();
            let before = streamed(&Engine::of(old).with_journal(journal)).await;
            let after = streamed(&Engine::of(Arc::clone(&new))).await;
            let rows = replayed(directory.path(), &new);
            assert_eq!(rows.len(), before.len());
            for ((row, before), after) in rows.iter().zip(&before).zip(&after) {
                assert_eq!(row.old, Some(Ruling::from(before)));
                match row.new {
                    Ok(ref ruling) => assert_eq!(*ruling, Ruling::from(after), "{row:?}"),
                    Err(why) => assert!(["repair-unknown", "stream-was-denied"].contains(&why.as_str()), "{row:?}"),
                }
            }
        });
    }
}

#[tokio::test]
async fn what_would_follow_in_a_stream_that_was_denied_is_not_known() {
    let of = async |policies: &str| generation(&with_secrets(&format!("{PERMIT}{policies}"))).await;
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let before = streamed(&Engine::of(of(ON_STREAMS[1]).await).with_journal(journal)).await;
    assert_eq!(before.iter().filter(|decision| decision.verdict == Verdict::Deny).count(), 4);
    assert_eq!(unknown(&replayed(directory.path(), &*of(ON_STREAMS[1]).await)), [].into());
    assert_eq!(unknown(&replayed(directory.path(), &*of("").await)), [("stream-was-denied", 4)].into());
}

#[tokio::test]
async fn a_damaged_line_is_told_and_the_rest_is_replayed_in_its_order() {
    let generation = generation(&TestBundle::new("").policies(PERMIT)).await;
    let (directory, _) = recorded(&generation, &vec![output("clean"); 1_000]).await;
    let segment = directory.path().join("00000001.jsonl");
    let mut lines: Vec<_> = fs::read_to_string(&segment).unwrap().split_inclusive('\n').map(str::to_owned).collect();
    let decisions: Vec<_> = (0..lines.len()).filter(|at| lines[*at].contains(r#""kind":"decision""#)).collect();
    lines[decisions[500]] = "nothing\n".to_owned();
    let odd = &mut lines[decisions[600]];
    *odd = odd.replace(r#""checkpoint":"output""#, r#""checkpoint":"exit""#);
    fs::write(&segment, lines.concat()).unwrap();
    let (mut numbers, mut damaged, mut unreadable) = (Vec::new(), 0, Vec::new());
    let each = |step| match step {
        Step::Row(row) => numbers.push(row.n),
        Step::Damaged(_) => damaged += 1,
        Step::Unreadable(n, why) => unreadable.push((n, why)),
        Step::Event(..) => panic!("{step:?}"),
    };
    journal(Records::of(directory.path()).unwrap(), &generation, |_| None, each).unwrap();
    assert!(numbers.is_sorted() && numbers.len() == 998, "{numbers:?}");
    assert_eq!(damaged, 1);
    let [(n, why)] = unreadable.as_slice() else { panic!("{unreadable:?}") };
    assert_eq!(*n, decisions[600] as u64 + 1);
    assert!(why.contains("`checkpoint`: expected a checkpoint, found `exit`"), "{why}");
}

#[tokio::test]
async fn a_transcript_is_compared_over_two_bundles() {
    let (old, new) = (with_policies(PERMIT), bundle(&some_policies(0b1001), r#""March""#, ""));
    let (old, new) = (generation(&old).await, generation(&new).await);
    let trial = Trial::of(new).against(old);
    let mut summary = Summary::keeping(5);
    for (n, event) in (1..).zip(transcript()) {
        summary.add(trial.check(n, &event).await);
    }
    assert_eq!(summary.changed, [((Verdict::Allow, Verdict::Modify), 1)].into(), "{summary:?}");
    let [row] = summary.first.as_slice() else { panic!("{summary:?}") };
    assert_eq!((row.n, row.session.as_str()), (1, "s1"));
    assert_eq!(summary.same, summary.decisions - 1);
}

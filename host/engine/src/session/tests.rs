#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    io::{self, ErrorKind},
    path::Path,
    sync::Arc,
};

use proptest::prelude::*;

use super::*;
use crate::{
    bundle::Bundle,
    decision::{ReasonCode, Verdict},
    engine::Engine,
    event::Event,
    generation::Generation,
    journal::{Journal, Options, Scope, Stop, Trust, lift, stop, verify},
    sandbox::Runtime,
    tools::Known,
};

const SESSIONS: [&str; 3] = ["a", "b", "c"];
const TOOLS: [&str; 3] = ["one", "two", "three"];

/// Calls of `two` are denied, and so is every definition that says so.
const POLICIES: &str = r#"
    @id("all") @why("a test") permit (principal, action, resource);
    @id("two") @message("no") forbid (principal, action in Guardhouse::Action::"call_tool", resource == Guardhouse::Tool::"s/two");
    @id("three") @message("no") forbid (principal, action == Guardhouse::Action::"define_tool", resource == Guardhouse::Tool::"s/three")
    when { resource.changed };
"#;

const MANIFEST: &str = r#"
    bundle = "test"
    api = 1
    [sources.user]
    integrity = "trusted"
    [sources.system]
    integrity = "trusted"
    labels = ["confidential"]
"#;
/// What is looked up.
const VALUES: [&str; 4] = ["ann", "bob", "4711", "one two three"];

fn generation() -> Arc<Generation> {
    let bundle = tempfile::tempdir().unwrap();
    fs::write(bundle.path().join("guardhouse.toml"), MANIFEST).unwrap();
    fs::write(bundle.path().join("test.cedar"), POLICIES).unwrap();
    let bundle = Bundle::read(bundle.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    Arc::new(runtime.block_on(Generation::new(&Runtime::new().unwrap(), bundle)).unwrap())
}

fn check(engine: &Engine, event: &str) -> Decision {
    let event = Event::from_json(event.as_bytes()).unwrap();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(engine.check(&event))
}

fn any_event() -> impl Strategy<Value = String> {
    let id = prop_oneof![
        3 => Just(String::new()),
        1 => (0..6).prop_map(|id| format!(r#""id":"e{id}","#)),
    ];
    let tool = (0..TOOLS.len()).prop_map(|tool| TOOLS[tool]);
    let what = prop_oneof![
        2 => (tool.clone(), 0..2).prop_map(|(tool, version)| format!(
            r#""checkpoint":"tool-definition","server":"s","tool":"{tool}","definition":{{"name":"{tool}","description":"{version}"}}"#
        )),
        4 => (tool, 0..2).prop_map(|(tool, value)| format!(
            r#""checkpoint":"tool-call","server":"s","tool":"{tool}","call":"c","arguments":{{"x":{value}}}"#
        )),
        1 => Just(r#""checkpoint":"output","text":"x""#.to_owned()),
        2 => (0..3_usize, 0..VALUES.len()).prop_map(|(source, value)| format!(
            r#""checkpoint":"input","source":"{}","text":"so {} it is""#,
            ["user", "document", "system"][source], VALUES[value]
        )),
        2 => (0..VALUES.len()).prop_map(|value| format!(
            r#""checkpoint":"tool-result","server":"s","tool":"one","call":"c","structured":{{"a":["{}"]}}"#,
            VALUES[value]
        )),
    ];
    let agent = prop_oneof![9 => Just("one"), 1 => Just("other")];
    let parent = prop_oneof![4 => Just(""), 1 => Just(r#""parent":"p","#), 1 => Just(r#""parent":"a","#)];
    (0..SESSIONS.len(), id, agent, parent, what).prop_map(|(session, id, agent, parent, what)| {
        format!(r#"{{{id}{parent}"agent":"{agent}","session":"{}",{what}}}"#, SESSIONS[session])
    })
}

/// All that is known of the sessions, as text.
fn known(journal: &Journal) -> Vec<String> {
    let sessions = journal.sessions();
    let of = |name: &&str| {
        let session = sessions.open(&name.parse().unwrap()).unwrap();
        let mut memory = session.memory();
        if memory.has_unread() {
            journal.recall(session.id(), &mut memory).unwrap();
        }
        let read = &memory.provenance;
        let traced = VALUES.map(|value| read.trace(value, true));
        let traced: Vec<_> = traced
            .iter()
            .map(|traced| {
                let seen = traced.passages.iter().map(|passage| format!("{:?} {}", passage.origin, passage.part));
                format!("{:?} {:?}", traced.grounding, seen.collect::<Vec<_>>())
            })
            .collect();
        let tools: Vec<_> = TOOLS
            .iter()
            .map(|tool| match memory.tools.known(&format!("s/{tool}").parse().unwrap()) {
                Known::Told(told) => format!("{} {} {}", told.last, told.first, told.accepted),
                other => format!("{other:?}"),
            })
            .collect();
        let answered = |id: usize| sessions.answered(&session, &memory, &format!("e{id}").parse().unwrap()).unwrap();
        let answered: Vec<_> = (0..6).map(answered).collect();
        format!(
            "{:?} {} {:?} {:?} {} {tools:?} {answered:?} {traced:?} {} {:?} {}",
            memory.owner,
            memory.calls,
            memory.last_call,
            memory.slot,
            memory.n,
            read.is_untrusted(),
            read.labels(),
            read.is_full()
        )
    };
    SESSIONS.iter().map(of).collect()
}

/// A copy of a journal that is being written: a segment that is compressed meanwhile is gone when it is come to.
fn copied(from: &Path, to: &Path) {
    while let Err(error) = copy(from, to) {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        fs::remove_dir_all(to).unwrap();
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn engine(generation: &Arc<Generation>, journal: Journal) -> Engine {
    Engine::of(Arc::clone(generation)).with_journal(journal)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What is known of sessions is what their records say: when the journal is opened again, when it was left by a process
    /// that died at any moment, and when its index is gone.
    #[test]
    fn sessions_are_what_their_records_say(events in prop::collection::vec(any_event(), 1..60), stored in 0_usize..60) {
        let generation = generation();
        let directory = tempfile::tempdir().unwrap();
        let (live, left, bare) =
            (directory.path().join("live"), directory.path().join("left"), directory.path().join("bare"));
        // Small segments, so that what is restored stands in several, some of them compressed.
        let open = |path: &Path| Options { segment_bytes: 8 << 10, ..Options::new(path) }.open().unwrap();
        let running = engine(&generation, open(&live));
        for (number, event) in events.iter().enumerate() {
            if number == stored {
                running.sessions().store(None).unwrap();
            }
            check(&running, event);
        }
        let expected = known(running.journal().unwrap());
        // As a process that dies leaves it.
        copied(&live, &left);
        prop_assert_eq!(&known(&open(&left)), &expected);
        drop(running);
        prop_assert_eq!(&known(&open(&live)), &expected);
        copied(&live, &bare);
        fs::remove_file(bare.join("index.redb")).unwrap();
        prop_assert_eq!(&known(&open(&bare)), &expected);
        prop_assert!(verify(&live, &Trust::default()).unwrap().is_sound());
    }

    /// An event that comes again is answered as it was, and changes nothing.
    #[test]
    fn an_event_that_comes_again_counts_once(events in prop::collection::vec(any_event(), 1..40), reopened: bool) {
        let generation = generation();
        let directory = tempfile::tempdir().unwrap();
        let mut running = engine(&generation, Journal::open(directory.path()).unwrap());
        let mut answers: BTreeMap<String, Decision> = BTreeMap::new();
        for event in events.iter().filter(|event| event.contains("\"id\"")) {
            let decision = check(&running, event);
            if !decision.reasons.iter().any(|reason| reason.code == ReasonCode::SessionRefused) {
                if let Some(before) = answers.get(event) {
                    prop_assert_eq!(before, &decision);
                }
                answers.insert(event.clone(), decision);
            }
        }
        if reopened {
            drop(running);
            running = engine(&generation, Journal::open(directory.path()).unwrap());
        }
        let expected = known(running.journal().unwrap());
        for (event, before) in &answers {
            prop_assert_eq!(&check(&running, event), before);
        }
        prop_assert_eq!(known(running.journal().unwrap()), expected);
    }
}

#[test]
fn an_id_stands_for_one_event() {
    let generation = generation();
    let directory = tempfile::tempdir().unwrap();
    for running in [Engine::of(Arc::clone(&generation)), engine(&generation, Journal::open(directory.path()).unwrap())]
    {
        let event =
            |text: &str| format!(r#"{{"id":"e","agent":"one","session":"a","checkpoint":"output","text":"{text}"}}"#);
        let first = check(&running, &event("x"));
        assert_eq!(first.verdict, Verdict::Allow);
        let other = check(&running, &event("y"));
        assert_eq!((other.verdict, other.reasons[0].code), (Verdict::Deny, ReasonCode::SessionRefused));
        assert_eq!(check(&running, &event("x")), first, "as it was");
    }
}

#[test]
fn a_session_is_its_first_agents_and_keeps_its_parent() {
    let running = Engine::of(generation());
    let event = |agent: &str, parent: &str| {
        format!(r#"{{{parent}"agent":"{agent}","session":"a","checkpoint":"output","text":"x"}}"#)
    };
    let verdict = |event: String| check(&running, &event).verdict;
    assert_eq!(verdict(event("one", r#""parent":"p","#)), Verdict::Allow);
    assert_eq!(verdict(event("one", "")), Verdict::Allow);
    assert_eq!(verdict(event("two", "")), Verdict::Deny);
    assert_eq!(verdict(event("one", r#""parent":"q","#)), Verdict::Deny);
    assert_eq!(verdict(event("one", r#""parent":"p","#)), Verdict::Allow);
    let own = r#"{"parent":"b","agent":"one","session":"b","checkpoint":"output","text":"x"}"#;
    assert_eq!(check(&running, own).verdict, Verdict::Deny, "no session is its own parent");
}

#[test]
fn sessions_do_not_work_for_themselves_nor_too_many_deep() {
    let running = Engine::of(generation());
    let verdict = |session: &str, parent: &str| {
        let event =
            format!(r#"{{"parent":"{parent}","agent":"one","session":"{session}","checkpoint":"output","text":"x"}}"#);
        check(&running, &event).verdict
    };
    assert_eq!((verdict("a", "b"), verdict("b", "c")), (Verdict::Allow, Verdict::Allow));
    assert_eq!(verdict("c", "a"), Verdict::Deny, "a circle");
    for depth in 0..MAX_LINEAGE {
        assert_eq!(verdict(&format!("d{}", depth + 1), &format!("d{depth}")), Verdict::Allow, "{depth}");
    }
    assert_eq!(verdict("deep", &format!("d{MAX_LINEAGE}")), Verdict::Deny);
}

#[test]
fn a_stop_of_a_session_holds_for_all_that_work_for_it_also_when_they_do_not_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let running = engine(&generation(), Journal::open(directory.path()).unwrap());
    let verdict = |session: &str, parent: &str| {
        let event = format!(r#"{{{parent}"agent":"one","session":"{session}","checkpoint":"output","text":"x"}}"#);
        check(&running, &event).verdict
    };
    assert_eq!(verdict("child", r#""parent":"top","#), Verdict::Allow);
    assert_eq!(verdict("grandchild", r#""parent":"child","#), Verdict::Allow);
    stop(directory.path(), &Stop::new(Scope::Session("top".parse().unwrap()), "a test")).unwrap();
    assert_eq!((verdict("child", ""), verdict("grandchild", "")), (Verdict::Deny, Verdict::Deny));
    assert_eq!(verdict("other", ""), Verdict::Allow);
}

/// A power cut takes what the disk did not have; the index had it. Whatever takes the numbers of what is lost, it is not
/// believed.
#[test]
fn an_index_that_is_ahead_of_its_journal_is_made_anew() {
    let generation = generation();
    for is_covered in [false, true] {
        let directory = tempfile::tempdir().unwrap();
        let (live, cut) = (directory.path().join("live"), directory.path().join("cut"));
        let running = engine(&generation, Journal::open(&live).unwrap());
        let call = r#"{"agent":"one","session":"a","checkpoint":"tool-call","server":"s","tool":"one","call":"c","arguments":{}}"#;
        for number in 0..5 {
            if is_covered && number == 2 {
                let reached = Reached { n: 0, chain: String::new(), segment: 0 };
                running.sessions().store(Some(reached)).unwrap();
            }
            check(&running, call);
        }
        running.sessions().store(None).unwrap();
        for lost in 1..=3 {
            let cut = cut.join(lost.to_string());
            copied(&live, &cut);
            let segment = cut.join("00000001.jsonl");
            let lines = fs::read_to_string(&segment).unwrap();
            let kept: Vec<_> = lines.split_inclusive('\n').collect();
            fs::write(&segment, kept[..kept.len() - lost].concat()).unwrap();
            let journal = Journal::open(&cut).unwrap();
            let session = journal.sessions().open(&"a".parse().unwrap()).unwrap();
            assert_eq!(session.memory().calls as usize, 5 - lost);
        }
    }
}

#[test]
fn what_was_stopped_does_not_count_and_is_judged_when_it_comes_again() {
    let directory = tempfile::tempdir().unwrap();
    let running = engine(&generation(), Journal::open(directory.path()).unwrap());
    let call = |id: &str| {
        let event = format!(
            r#"{{"id":"{id}","agent":"one","session":"a","checkpoint":"tool-call","server":"s","tool":"one","call":"c","arguments":{{}}}}"#
        );
        check(&running, &event)
    };
    let first = call("first");
    let everything = Stop::new(Scope::All, "a test");
    stop(directory.path(), &everything).unwrap();
    assert_eq!((call("first").verdict, call("second").verdict), (Verdict::Deny, Verdict::Deny));
    lift(directory.path(), everything.id, "a test").unwrap();
    assert_eq!(call("first"), first, "as it was answered before the stop");
    assert_eq!(call("second").verdict, Verdict::Allow);
    let session = running.sessions().open(&"a".parse().unwrap()).unwrap();
    assert_eq!(session.memory().calls, 2);
}

#[test]
fn an_order_is_above_what_policies_deny() {
    let directory = tempfile::tempdir().unwrap();
    let running = engine(&generation(), Journal::open(directory.path()).unwrap());
    let event =
        r#"{"agent":"one","session":"a","checkpoint":"tool-call","server":"s","tool":"two","call":"c","arguments":{}}"#;
    let codes = || check(&running, event).reasons.iter().map(|reason| reason.code).collect::<Vec<_>>();
    assert_eq!(codes(), [ReasonCode::Policy]);
    stop(directory.path(), &Stop::new(Scope::All, "a test")).unwrap();
    // The first finds out, the second knows.
    assert_eq!((codes(), codes()), (vec![ReasonCode::Stopped], vec![ReasonCode::Stopped]));
    let session = running.sessions().open(&"a".parse().unwrap()).unwrap();
    assert_eq!(session.memory().last_call.as_ref().map(|(_, times)| *times), Some(1));
}

#[test]
fn sessions_that_have_been_idle_longest_give_way_and_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("index")).unwrap();
    let sessions = Sessions::new(Some(store));
    let name = |number: usize| number.to_string().parse::<SessionId>().unwrap();
    for number in 0..MAX_SESSIONS + 1_000 {
        let session = sessions.open(&name(number)).unwrap();
        let mut memory = session.memory();
        memory.calls = u32::try_from(number).unwrap();
        memory.n = 1;
        sessions.will_change(&session, &mut memory);
    }
    assert!(sessions.live.lock().unwrap().sessions.len() <= MAX_SESSIONS);
    assert!(!sessions.live.lock().unwrap().sessions.contains_key(&name(7)));
    assert_eq!(sessions.open(&name(7)).unwrap().memory().calls, 7);
}

#[test]
fn the_index_has_the_last_of_a_session_whoever_writes_it() {
    let directory = tempfile::tempdir().unwrap();
    let sessions = Sessions::new(Some(Store::open(&directory.path().join("index")).unwrap()));
    let name: SessionId = "a".parse().unwrap();
    let session = sessions.open(&name).unwrap();
    let change = || {
        let mut memory = session.memory();
        sessions.will_change(&session, &mut memory);
        memory.n += 1;
    };
    for _ in 0..200 {
        // Each writes what it changed while others do the same.
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    for _ in 0..3 {
                        change();
                        sessions.store(None).unwrap();
                    }
                });
            }
        });
        sessions.store(None).unwrap();
        let stored = stored::read(sessions.store.as_ref().unwrap(), &name).unwrap();
        assert_eq!(stored.n, session.memory().n);
    }
}

#[test]
fn a_session_that_somebody_is_at_does_not_give_way() {
    let sessions = Sessions::new(None);
    let name = |number: usize| number.to_string().parse::<SessionId>().unwrap();
    let held = sessions.open(&name(0)).unwrap();
    held.memory().calls = 7;
    for number in 1..=MAX_SESSIONS {
        sessions.open(&name(number)).unwrap();
    }
    assert_eq!(sessions.open(&name(0)).unwrap().memory().calls, 7);
    assert!(!sessions.live.lock().unwrap().sessions.contains_key(&name(1)), "the next one gave way");
}

#[test]
fn a_tool_is_known_after_a_restart_by_the_definition_that_its_session_was_told() {
    let generation = generation();
    let directory = tempfile::tempdir().unwrap();
    let told = r#"{"agent":"one","session":"a","checkpoint":"tool-definition","server":"s","tool":"one","definition":{"name":"one","description":"x"}}"#;
    let call =
        r#"{"agent":"one","session":"a","checkpoint":"tool-call","server":"s","tool":"one","call":"c","arguments":{}}"#;
    let definition = check(&engine(&generation, Journal::open(directory.path()).unwrap()), told).definition;
    assert!(definition.is_some());
    for index in ["is there", "is gone"] {
        if index == "is gone" {
            fs::remove_file(directory.path().join("index.redb")).unwrap();
        }
        let running = engine(&generation, Journal::open(directory.path()).unwrap());
        let decision = check(&running, call);
        assert_eq!((decision.verdict, decision.definition), (Verdict::Allow, definition), "the index {index}");
        let held = running.sessions().definitions.get(&"s/one".parse().unwrap(), &definition.unwrap());
        assert!(held.is_some(), "the next call need not read it again");
    }
    let records = fs::read_to_string(directory.path().join("00000001.jsonl")).unwrap();
    assert!(!records.contains("description"), "sealed: {records}");
    assert_eq!(records.matches(r#""kind":"definition""#).count(), 1);
}

#[test]
fn sessions_of_which_no_record_is_kept_are_forgotten_unless_somebody_is_at_them() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index");
    let name = |name: &str| name.parse::<SessionId>().unwrap();
    let sessions = Sessions::new(Some(Store::open(&path).unwrap()));
    for (id, n) in [("old", 5), ("older, and somebody is at it", 3), ("new", 9)] {
        let session = sessions.open(&name(id)).unwrap();
        let mut memory = session.memory();
        (memory.calls, memory.n, memory.slot) = (1, n, Some(n));
        sessions.will_change(&session, &mut memory);
    }
    let held = sessions.open(&name("older, and somebody is at it")).unwrap();
    assert_eq!(sessions.retire(7).unwrap(), [5], "the slot of its key");
    let calls = |id: &str| sessions.open(&name(id)).unwrap().memory().calls;
    assert_eq!((calls("old"), calls("older, and somebody is at it"), calls("new")), (0, 1, 1));
    drop((sessions, held));
    let sessions = Sessions::new(Some(Store::open(&path).unwrap()));
    let calls = |id: &str| sessions.open(&name(id)).unwrap().memory().calls;
    assert_eq!((calls("old"), calls("new")), (0, 1), "nor are they there again");
}

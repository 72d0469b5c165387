//! Many checks at once, some of them hopeless, some of them dropped.

use std::{sync::Arc, time::Duration};

use futures_util::future::{self, Either};
use guardhouse::{
    decision::{Decision, Verdict},
    engine::Engine,
    event::Event,
};
use guardhouse_system_tests::{GENEROUS, TestBundle, codes, input, station};

use crate::{EVERYWHERE, PERMIT};

/// Checks that the sandbox runs at once, at most.
const SLOTS: usize = 64;
/// How long a test waits for what never comes before it fails: far beyond any machine's slowness.
const NEVER: Duration = Duration::from_mins(10);

/// An engine whose guard loops for ever on every text with `now` in it, unless the deadline ends it.
async fn engine(deadline: &str) -> Engine {
    let more = format!("limits = {{ deadline = \"{deadline}\" }}\nconfig = {{ do = \"loop\", when = \"now\" }}");
    let station = station("evil", "guest-evil", EVERYWHERE, &more);
    TestBundle::new(&format!("{GENEROUS}{station}")).guard("guest-evil").policies(PERMIT).locked().engine().await
}

/// The future of a check can go to another thread, and an engine be shared by threads.
#[test]
fn an_engine_and_its_checks_cross_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    fn check<'e>(engine: &'e Engine, event: &'e Event) -> impl Future<Output = Decision> + Send + 'e {
        engine.check(event)
    }
    shared::<Engine>();
    shared::<Decision>();
    shared::<Event>();
    let _ = check;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn more_checks_than_slots_are_all_answered() {
    let engine = Arc::new(engine("50ms").await);
    let checks = (0..200).map(|number| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move {
            let text = if number % 4 == 0 { format!("now {number}") } else { format!("evil {number}") };
            engine.check(&input("user", &text)).await
        })
    });
    let decisions = tokio::time::timeout(NEVER, future::join_all(checks)).await.unwrap();
    for (number, decision) in decisions.into_iter().enumerate() {
        let decision = decision.unwrap();
        if number % 4 == 0 {
            assert_eq!(codes(&decision), ["guard-failed evil"], "{number}: {decision}");
            assert!(decision.reasons[0].message.contains("(deadline)"), "{number}: {decision}");
        } else {
            assert_eq!(decision.verdict, Verdict::Allow, "{number}: {decision}");
            assert_eq!(decision.findings.len(), 1, "{number}: {decision}");
        }
    }
}

/// Polls the checks a few times, each of which lets a guard run for a tick, and drops them in the middle.
async fn drop_amid(engine: &Engine, events: &[Event], polls: usize) {
    let checks = future::join_all(events.iter().map(|event| engine.check(event)));
    let pause = async {
        for _ in 0..polls {
            tokio::task::yield_now().await;
        }
    };
    match future::select(Box::pin(checks), Box::pin(pause)).await {
        Either::Left((decisions, _)) => panic!("expected checks that never end, found {decisions:?}"),
        Either::Right(((), checks)) => drop(checks),
    }
}

#[tokio::test]
async fn a_dropped_check_gives_its_slot_back() {
    let engine = engine("60s").await;
    let looping = input("user", "now");
    for polls in 0..(2 * SLOTS) {
        drop_amid(&engine, std::slice::from_ref(&looping), polls % 4).await;
    }
    // More than there are slots, so that some are dropped while they wait for one.
    drop_amid(&engine, &vec![looping; SLOTS + 36], 2).await;

    let event = input("user", "evil");
    let checks = future::join_all((0..2 * SLOTS).map(|_| engine.check(&event)));
    let decisions = tokio::time::timeout(NEVER, checks).await.unwrap();
    assert_eq!(decisions.len(), 2 * SLOTS);
    assert!(decisions.iter().all(|decision| decision.verdict == Verdict::Allow && decision.findings.len() == 1));
}

#[tokio::test]
async fn a_looping_guard_does_not_keep_the_thread_from_others() {
    let engine = engine("60s").await;
    let (looping, innocent) = (input("user", "now"), input("user", "evil"));
    // One thread: the innocent check is only ever answered because the loop yields.
    match future::select(Box::pin(engine.check(&looping)), Box::pin(engine.check(&innocent))).await {
        Either::Left((decision, _)) => panic!("expected the innocent check first, found {decision}"),
        Either::Right((decision, _)) => assert_eq!(decision.verdict, Verdict::Allow),
    }
}

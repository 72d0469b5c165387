//! Configured once or in every check, a guard finds the same.

use std::fs;

use guardhouse::{decision::Verdict, sandbox::Configured};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, built, configured_per_check, input, station};

use crate::{EVERYWHERE, PERMIT};

/// Every guard of this repository, with a configuration.
const GUARDS: [(&str, &str); 5] = [
    ("guard-secrets", ""),
    ("guest-words", "config = { words = [\"attack\", \"secret\"] }"),
    ("guest-evil", "config = { when = \"never\" }"),
    ("guest-small", ""),
    ("guest-contract-0-1-0", ""),
];

/// Texts with something for each of them, and with nothing.
const TEXTS: [&str; 5] = [
    "",
    "an attack at dawn, in secret; evil",
    "SMALL-GUARD-PATTERN twice: SMALL-GUARD-PATTERN",
    "password = \"hunter2-but-longer-9x8\" AKIAIOSFODNN7EXAMPLE ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "käse \u{1f9c0} evil\u{200d}",
];

fn bundle(guard: &str, config: &str, component: Vec<u8>) -> TestBundle {
    TestBundle::new(&format!("{GENEROUS}{}", station("guard", guard, EVERYWHERE, config)))
        .file(&format!("guards/{guard}.wasm"), component)
        .policies(PERMIT)
        .locked()
}

#[tokio::test]
async fn every_guard_of_ours_finds_the_same_both_ways() {
    for (guard, config) in GUARDS {
        let component = fs::read(built(guard)).unwrap();
        let once = bundle(guard, config, component.clone()).engine().await;
        let per_check = bundle(guard, config, configured_per_check(component)).engine().await;
        let how = |engine: &guardhouse::engine::Engine| engine.generation().guards()[0].configured_how().clone();
        assert!(matches!(how(&once), Configured::Once { snapshot } if snapshot > 0), "{guard}: {:?}", how(&once));
        assert!(matches!(how(&per_check), Configured::PerCheck { .. }), "{guard}: {:?}", how(&per_check));
        // More than once each: a check must not see what an earlier one left behind.
        for text in TEXTS.iter().chain(&TEXTS) {
            let (once, per_check) =
                (once.check(&input("user", text)).await, per_check.check(&input("user", text)).await);
            assert_eq!(once.verdict, Verdict::Allow, "{guard}: {once}");
            assert_eq!(once.findings, per_check.findings, "{guard}: {text}");
        }
    }
}

#[tokio::test]
async fn what_a_guard_cannot_be_parted_for_is_told() {
    let component = configured_per_check(Handmade::default().component());
    let engine = bundle("handmade", "", component).engine().await;
    let Configured::PerCheck { because, .. } = engine.generation().guards()[0].configured_how() else {
        panic!("expected a guard that is configured in every check");
    };
    assert_eq!(because, "a component with code inside the component");
}

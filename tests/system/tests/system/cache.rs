//! The cache changes how long stationing takes, and nothing else.
#![cfg(unix)]

use std::{collections::BTreeMap, fs, os::unix::fs::MetadataExt as _, path::Path};

use guardhouse::{
    decision::Verdict,
    engine::Engine,
    generation::LoadError,
    sandbox::{Cache, Runtime},
};
use guardhouse_system_tests::{GENEROUS, TestBundle, configured_per_check, input, shown, station};

use crate::{EVERYWHERE, PERMIT};

/// A token that never was one.
const TOKEN: &str = concat!("gh", "p_", "WKbsDE3kGZoD9iPCFdcERFmdD3nHQrroDnob");

/// A guard with a configuration, and one that looks for secrets.
fn bundle(word: &str, with_secrets: bool) -> TestBundle {
    let words = station("words", "guest-words", EVERYWHERE, &format!("config = {{ words = [\"{word}\"] }}"));
    let secrets = if with_secrets { station("secrets", "guard-secrets", EVERYWHERE, "") } else { String::new() };
    let bundle = TestBundle::new(&format!("{GENEROUS}{words}{secrets}")).guard("guest-words").policies(PERMIT);
    if with_secrets { bundle.guard("guard-secrets").locked() } else { bundle.locked() }
}

async fn load(cache: &Path, bundle: &TestBundle) -> Result<Engine, LoadError> {
    Engine::load_in(&Runtime::cached(Cache::open(cache).unwrap()).unwrap(), bundle.path()).await
}

/// An engine that finds the word.
async fn right(cache: &Path, bundle: &TestBundle) {
    let engine = load(cache, bundle).await.unwrap_or_else(|error| panic!("{}", shown(&error)));
    let decision = engine.check(&input("user", "an attack")).await;
    assert_eq!(decision.verdict, Verdict::Allow, "{decision}");
    assert_eq!(decision.findings.len(), 1, "{decision}");
}

/// The entries with their files' identities: a file that is written anew is another.
fn entries(cache: &Path) -> BTreeMap<String, u64> {
    let entries = fs::read_dir(cache).unwrap().map(Result::unwrap);
    let entries = entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().ino()));
    entries.filter(|(name, _)| name != "key").collect()
}

#[tokio::test]
async fn what_was_stationed_before_is_taken_from_the_cache() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    right(&cache, &bundle("attack", true)).await;
    let first = entries(&cache);
    assert_eq!(first.len(), 4, "code and image of two guards");
    right(&cache, &bundle("attack", true)).await;
    assert_eq!(entries(&cache), first, "nothing was written anew");
    // Another configuration shares the code.
    load(&cache, &bundle("other", true)).await.unwrap();
    assert_eq!(entries(&cache).len(), 5);
}

#[tokio::test]
async fn entries_that_are_cut_short_or_altered_are_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    let bundle = bundle("attack", true);
    right(&cache, &bundle).await;
    let first = entries(&cache);
    for name in first.keys() {
        let path = cache.join(name);
        let whole = fs::read(&path).unwrap();
        let mut altered = whole.clone();
        altered[whole.len() / 2] ^= 1;
        for content in [&[][..], &whole[..whole.len() / 2], &altered] {
            fs::write(&path, content).unwrap();
            right(&cache, &bundle).await;
            assert_eq!(fs::read(&path).unwrap().len(), whole.len(), "{name}");
        }
    }
    assert_eq!(entries(&cache).len(), first.len());
}

#[tokio::test]
async fn a_guard_that_is_configured_in_every_check_is_cached_too() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    let component = fs::read(guardhouse_system_tests::built("guest-words")).unwrap();
    let words = station("words", "whole", EVERYWHERE, "config = { words = [\"attack\"] }");
    let bundle = TestBundle::new(&format!("{GENEROUS}{words}"))
        .file("guards/whole.wasm", configured_per_check(component))
        .policies(PERMIT)
        .locked();
    right(&cache, &bundle).await;
    let first = entries(&cache);
    assert_eq!(first.len(), 1, "its code");
    right(&cache, &bundle).await;
    assert_eq!(entries(&cache), first);
}

/// What is in the cache was made under other limits.
#[tokio::test]
async fn limits_bind_what_comes_from_the_cache() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    let limited = |limits: &str| {
        let more = format!("limits = {{ {limits} }}\nconfig = {{ words = [\"attack\"] }}");
        let words = station("words", "guest-words", EVERYWHERE, &more);
        let secrets = station("secrets", "guard-secrets", EVERYWHERE, "");
        TestBundle::new(&format!("{GENEROUS}{words}{secrets}"))
            .guard("guest-words")
            .guard("guard-secrets")
            .policies(PERMIT)
            .locked()
    };
    right(&cache, &limited("memory = \"64MiB\"")).await;
    for (limits, words) in [
        ("memory = \"1MiB\"", "at most 1048576 bytes of memory"),
        ("snapshot = \"4KiB\"", "expected `configure` to leave at most 4096 bytes in memory"),
    ] {
        let refusal = match load(&cache, &limited(limits)).await {
            Ok(_) => panic!("{limits}: expected a bundle that does not load"),
            Err(error) => shown(&error),
        };
        assert!(refusal.contains(words), "{limits}: {refusal}");
    }
}

#[tokio::test]
async fn a_configuration_is_kept_only_where_a_guard_has_looked_for_secrets_in_it() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    right(&cache, &bundle("attack", false)).await;
    assert_eq!(entries(&cache).len(), 1, "the code of one guard");
}

#[tokio::test]
async fn a_secret_in_a_configuration_keeps_the_bundle_from_loading_and_is_not_kept() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    let refusal = shown(&load(&cache, &bundle(TOKEN, true)).await.unwrap_err());
    let words = ["guard `words`: field `config`: expected no secret, found one at `/words/0`", "by a grant instead"];
    assert!(words.iter().all(|words| refusal.contains(words)), "{refusal}");
    assert!(!refusal.contains(TOKEN), "{refusal}");
    assert_eq!(entries(&cache).len(), 2, "the code of two guards");
    for entry in entries(&cache).keys() {
        let content = fs::read(cache.join(entry)).unwrap();
        assert!(!content.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()), "{entry}");
    }
}

#[test]
fn engines_that_start_at_once_share_a_cache() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    let bundle = bundle("attack", true);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let executor = tokio::runtime::Builder::new_current_thread().build().unwrap();
                for _ in 0..3 {
                    executor.block_on(right(&cache, &bundle));
                }
            });
        }
    });
    assert_eq!(entries(&cache).len(), 4);
}

//! What is no guard, or not the expected one, is refused with file, line, what was expected and what was found; and
//! nothing of the bundle is loaded.

use std::fs;

use guardhouse::{
    bundle::Bundle,
    generation::{Generation, LoadError},
    sandbox::Runtime,
};
use guardhouse_system_tests::{Handmade, TestBundle, built, shown, station, with_import};

use crate::{EVERYWHERE, PERMIT};

/// An artifact with the digest of exactly these bytes, so that nothing but the artifact is wrong.
async fn refusal_of(artifact: &[u8]) -> String {
    let bundle = TestBundle::new(&station("odd", "odd", EVERYWHERE, ""))
        .file("guards/odd.wasm", artifact)
        .policies(PERMIT)
        .locked();
    shown(&bundle.refusal().await)
}

fn assert_says(refusal: &str, words: &[&str]) {
    for words in words {
        assert!(refusal.contains(words), "expected `{words}` in {refusal}");
    }
}

#[tokio::test]
async fn what_is_no_component_is_refused_by_what_it_is() {
    let core_module = [&b"\0asm\x01\0\0\0"[..], b"\0\x05\x04name"].concat();
    for (artifact, found) in [
        (&b""[..], "found an empty file"),
        (b"#!/bin/sh\necho hello\n", "found a file that is not WebAssembly"),
        (b"\0asm", "found a WebAssembly file that is cut short"),
        (&core_module, "found a core module (make it a component"),
    ] {
        let refusal = refusal_of(artifact).await;
        assert_says(&refusal, &["guardhouse.toml:5: guard `odd`: expected a WebAssembly component, ", found]);
    }
}

#[tokio::test]
async fn a_component_that_is_cut_short_is_refused() {
    let whole = fs::read(built("guest-small")).unwrap();
    for length in [9, 100, whole.len() / 2, whole.len() - 1] {
        let refusal = refusal_of(&whole[..length]).await;
        assert_says(
            &refusal,
            &[
                "guardhouse.toml:5: guard `odd`: expected a valid WebAssembly component, found one that does not compile",
            ],
        );
    }
}

#[tokio::test]
async fn a_component_of_another_world_is_refused() {
    let refusal = refusal_of(b"\0asm\x0d\0\x01\0").await;
    assert_says(
        &refusal,
        &["guardhouse.toml:5: guard `odd`: ", "exports `guardhouse:guard/about@0.1.0` with `describe`", "exports none"],
    );
}

#[tokio::test]
async fn an_import_that_is_not_granted_is_refused_by_its_name() {
    let refusal = refusal_of(&with_import("wasi:clocks/monotonic-clock@0.2.0")).await;
    let found = "expected imports that the bundle grants (`guardhouse:guard/log` always is), found `wasi:clocks/monotonic-clock@0.2.0`";
    assert_says(&refusal, &["guardhouse.toml:5: guard `odd`: ", found]);
}

#[tokio::test]
async fn an_import_that_only_looks_like_the_log_is_refused() {
    let refusal = refusal_of(&with_import("guardhouse:guard/log@0.1.0")).await;
    assert_says(&refusal, &["guardhouse.toml:5: guard `odd`: "]);
}

#[tokio::test]
async fn a_guard_with_another_digest_is_refused() {
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, ""))
        .guard("guest-small")
        .policies(PERMIT)
        .locked()
        .file("guards/guest-small.wasm", fs::read(built("guest-words")).unwrap());
    let refusal = shown(&bundle.refusal().await);
    assert_says(
        &refusal,
        &["guardhouse.toml:5: field `file`: expected `guards/guest-small.wasm` with the digest sha256:"],
    );
    assert_says(&refusal, &[", found sha256:", "guardhouse bundle lock"]);
}

#[tokio::test]
async fn a_digest_in_the_manifest_binds_as_one_in_the_lock() {
    let wrong = format!("sha256 = \"sha256:{}\"", "0".repeat(64));
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, &wrong)).guard("guest-small");
    assert_says(&shown(&bundle.refusal().await), &["guardhouse.toml:5: ", "with the digest sha256:0000"]);
}

#[tokio::test]
async fn a_guard_without_a_digest_is_refused() {
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, "")).guard("guest-small");
    let expected = "expected a digest for `guards/guest-small.wasm`, found none here nor in guardhouse.lock";
    assert_says(&shown(&bundle.refusal().await), &["guardhouse.toml:5: field `file`: ", expected]);
}

#[tokio::test]
async fn a_path_out_of_the_bundle_is_refused() {
    for path in ["../guest-small.wasm", "guards/../../x.wasm", "/etc/passwd", "./guards/x.wasm", ""] {
        let manifest = format!("[[guards]]\nname = \"small\"\nfile = \"{path}\"\nat = [\"input\"]\n");
        let refusal = shown(&TestBundle::new(&manifest).refusal().await);
        if path.is_empty() {
            assert_says(&refusal, &["guardhouse.toml:5: field `file`: "]);
        } else {
            let found = format!("expected a path inside the bundle, found `{path}`");
            assert_says(&refusal, &["guardhouse.toml:5: field `file`: ", &found]);
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_bundle_is_held_to_its_digest() {
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, "")).file("guards/keep", "");
    std::os::unix::fs::symlink(built("guest-small"), bundle.path().join("guards/guest-small.wasm")).unwrap();
    assert_says(&shown(&bundle.refusal().await), &["expected a digest for `guards/guest-small.wasm`"]);
}

#[tokio::test]
async fn a_missing_guard_is_refused() {
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, ""));
    assert_says(
        &shown(&bundle.refusal().await),
        &["guardhouse.toml:5: field `file`: expected to read `guards/guest-small.wasm`"],
    );
}

#[tokio::test]
async fn an_oversized_guard_is_refused_unread() {
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, "")).file("guards/guest-small.wasm", "");
    let file = fs::OpenOptions::new().write(true).open(bundle.path().join("guards/guest-small.wasm")).unwrap();
    // One byte over 64 MiB, none of which takes up room on the disk.
    file.set_len((64 << 20) + 1).unwrap();
    let expected = "expected at most 67108864 bytes in `guards/guest-small.wasm`, found more";
    assert_says(&shown(&bundle.refusal().await), &["guardhouse.toml:5: field `file`: ", expected]);
}

#[tokio::test]
async fn a_guard_that_would_never_be_asked_is_refused() {
    let handmade = Handmade { checkpoints: &["input", "output"], ..Handmade::default() };
    let bundle = TestBundle::new(&station("handmade", "handmade", r#""input", "tool-call""#, ""))
        .file("guards/handmade.wasm", handmade.component())
        .policies(PERMIT)
        .locked();
    let found = "found `tool-call` in `at`, where the guard asks for input, output";
    assert_says(
        &shown(&bundle.refusal().await),
        &["guardhouse.toml:5: guard `handmade`: expected a guard that asks for every checkpoint in `at`", found],
    );

    let bundle = TestBundle::new(&station("small", "guest-small", "\"inputt\"", "")).guard("guest-small");
    let refusal = shown(&bundle.refusal().await);
    assert_says(
        &refusal,
        &["guardhouse.toml:6: field `at`: expected a checkpoint, found `inputt`", "did you mean `input`?"],
    );

    let bundle = TestBundle::new(&station("small", "guest-small", "", "")).guard("guest-small");
    assert_says(&shown(&bundle.refusal().await), &["guardhouse.toml:6: field `at`: expected at least one checkpoint"]);
}

#[tokio::test]
async fn a_description_that_breaks_the_contract_is_refused() {
    for (handmade, words) in [
        (Handmade { categories: &[], ..Handmade::default() }, "expected at least one category, found none"),
        (Handmade { categories: &["Not One"], ..Handmade::default() }, "found `Not One`"),
        (Handmade { media_types: &[], ..Handmade::default() }, "expected media types such as"),
        (Handmade { media_types: &["text"], ..Handmade::default() }, "found `text`"),
    ] {
        assert_says(&refusal_of(&handmade.component()).await, &["guardhouse.toml:5: guard `odd`: expected ", words]);
    }
}

#[tokio::test]
async fn a_guard_that_refuses_its_settings_is_refused_with_its_words() {
    let bundle = TestBundle::new(&station("words", "guest-words", EVERYWHERE, "config = { words = [\"\"] }"))
        .guard("guest-words")
        .policies(PERMIT)
        .locked();
    let refusal = shown(&bundle.refusal().await);
    assert_says(
        &refusal,
        &["guardhouse.toml:5: guard `words`: expected `configure` to succeed", "`words` has an empty word"],
    );
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let manifest = ["one", "two", "three"].map(|name| station(name, name, EVERYWHERE, "")).concat();
    let bundle = TestBundle::new(&manifest)
        .file("guards/one.wasm", "")
        .file("guards/two.wasm", fs::read(built("guest-small")).unwrap())
        .file("guards/three.wasm", "text")
        .policies(PERMIT)
        .locked();
    let LoadError::Bundle(errors) = bundle.refusal().await else { panic!("expected errors of the bundle") };
    let lines: Vec<_> = errors.errors().iter().map(|error| (error.file().to_owned(), error.line())).collect();
    assert_eq!(lines, [("guardhouse.toml".to_owned(), Some(5)), ("guardhouse.toml".to_owned(), Some(15))]);
}

#[tokio::test]
async fn a_bundle_is_read_whole_or_not_at_all() {
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, ""))
        .guard("guest-small")
        .policies("permit (principal, action, resource);")
        .locked();
    let before = fs::read_to_string(bundle.path().join("guardhouse.lock")).unwrap();
    // The guard is sound, and a policy is not: no engine, and not a byte of the bundle changed.
    assert_says(&shown(&bundle.refusal().await), &["test.cedar", "expected an `@id`"]);
    assert_eq!(fs::read_to_string(bundle.path().join("guardhouse.lock")).unwrap(), before);
}

#[tokio::test]
async fn a_bundle_that_was_read_no_longer_needs_its_directory() {
    let bundle = TestBundle::new(&station("small", "guest-small", EVERYWHERE, ""))
        .guard("guest-small")
        .policies(PERMIT)
        .locked();
    let read = Bundle::read(bundle.path()).unwrap();
    let expected = bundle.engine().await.generation().digest();
    drop(bundle);
    let generation = Generation::new(&Runtime::new().unwrap(), read).await.unwrap();
    assert_eq!(generation.digest(), expected);
}

#[tokio::test]
async fn equal_bundles_have_one_digest_wherever_they_are() {
    let bundle =
        |manifest: &str, policies: &str| TestBundle::new(manifest).guard("guest-small").policies(policies).locked();
    let manifest = station("small", "guest-small", EVERYWHERE, "");
    let digest = async |manifest: &str, policies: &str| bundle(manifest, policies).engine().await.generation().digest();
    let first = digest(&manifest, PERMIT).await;
    for nothing in ["# a remark\n", "[servers.bank]\n[tools.\"bank/pay\"]\n"] {
        assert_eq!(first, digest(&format!("{manifest}{nothing}"), PERMIT).await, "{nothing}");
    }
    let policy = PERMIT.replace("principal, ", "principal is Guardhouse::Agent, ");
    for (manifest, policies) in [
        (manifest.clone(), policy.as_str()),
        (station("other", "guest-small", EVERYWHERE, ""), PERMIT),
        (station("small", "guest-small", "\"input\"", ""), PERMIT),
        (station("small", "guest-small", EVERYWHERE, "on_failure = \"skip\""), PERMIT),
        (station("small", "guest-small", EVERYWHERE, "limits = { wall = \"1s\" }"), PERMIT),
        (format!("{manifest}[sources.user]\nintegrity = \"trusted\"\n"), PERMIT),
        (format!("{manifest}[tools.\"bank/pay\"]\neffects = [\"spend\"]\n"), PERMIT),
        (format!("{manifest}[tools.\"bank/pay\"]\nopen_world = false\n"), PERMIT),
        (format!("{manifest}[tools.\"bank/pay\"]\nroles = {{ \"/to\" = \"payload\" }}\n"), PERMIT),
        (format!("{manifest}[servers.bank]\ntrust_annotations = true\n"), PERMIT),
        (format!("{manifest}[servers.\"*\"]\ntrust_annotations = true\n"), PERMIT),
    ] {
        assert_ne!(first, digest(&manifest, policies).await, "{manifest}\n{policies}");
    }
}

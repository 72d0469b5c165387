//! `guardhouse bundle`.

use std::fs;

use crate::setup::{demo, run, text};

#[test]
fn a_bundle_that_loads_is_described() {
    let demo = demo();
    let bundle = demo.path().to_str().unwrap();
    let done = run(&["bundle", "check", bundle], "");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let shown = text(&done.stdout);
    for part in ["bundle     demo", "generation sha256:", "policies   8", "guard      secrets", "sandbox    "] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["bundle", "check", "--json", bundle], "").stdout).unwrap();
    assert_eq!(json["bundle"], "demo");
    assert_eq!(json["guards"][0]["categories"][0], "secret");
}

#[test]
fn an_error_points_into_the_manifest() {
    let demo = demo();
    let manifest = demo.path().join("guardhouse.toml");
    let text_of = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text_of.replace("deadline", "deadlin")).unwrap();
    let done = run(&["bundle", "check", demo.path().to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(2));
    assert!(done.stdout.is_empty());
    let error = text(&done.stderr);
    for part in ["guardhouse.toml", "deadlin = ", "did you mean `deadline`?"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
}

#[test]
fn an_error_points_into_a_policy() {
    let demo = demo();
    let policies = demo.path().join("limits.cedar");
    let text_of = fs::read_to_string(&policies).unwrap();
    fs::write(&policies, text_of.replace("findings.secret.count", "findings.secrets.count")).unwrap();
    let done = run(&["bundle", "check", demo.path().to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(2));
    let error = text(&done.stderr);
    for part in ["limits.cedar", "secrets", "`secret`"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
}

//! A guard written on the SDK, through the functions that the host's calls end in.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::OnceCell;
use std::thread_local;

use guardhouse_guard::{
    About, Call, CallGuard, Definition, DefinitionGuard, Finding, Guard, Item, NoConfig, Part, Reach, Repair, Severity,
    TextGuard, export, testing,
};

/// Reports what its configuration makes of the first part.
#[derive(Debug)]
struct Probe(Config);

#[derive(Debug, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Config {
    /// The finding's category.
    category: Option<String>,
    part: usize,
    start: usize,
    end: Option<usize>,
    severity: Option<u8>,
    confidence: Option<u8>,
    refuse: bool,
}

impl Probe {
    fn find(&self, parts: &[Part]) -> Vec<Finding> {
        let end = self.0.end.unwrap_or_else(|| parts[0].body.len());
        let category = self.0.category.as_deref().unwrap_or("probe");
        let finding = Finding::new("rule", category).at(self.0.part, self.0.start..end).message("seen");
        let finding =
            finding.repair(Repair::Pseudonym("PROBE".to_string())).severity(Severity::Info).attribute("a", "b");
        let severity = self.0.severity.unwrap_or(finding.severity);
        vec![Finding { severity, ..finding.confidence(self.0.confidence.unwrap_or(50)) }]
    }
}

impl Guard for Probe {
    type Config = Config;
    const ABOUT: About = About { name: "probe", categories: &["probe"], ..About::EVERY_TEXT };

    fn configure(config: Config) -> Result<Self, String> {
        if config.refuse { Err("refused".to_string()) } else { Ok(Self(config)) }
    }
}

impl TextGuard for Probe {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        Ok(self.find(&item.parts))
    }
}

impl CallGuard for Probe {
    fn inspect(&self, call: &Call) -> Result<Vec<Finding>, String> {
        Ok(self.find(&call.parts))
    }
}

impl DefinitionGuard for Probe {
    fn inspect(&self, definition: &Definition) -> Result<Vec<Finding>, String> {
        Ok(self.find(&definition.parts))
    }
}

guardhouse_guard::export!(Probe: text, call, definition);

thread_local! {
    static CONFIGURED: OnceCell<Probe> = const { OnceCell::new() };
}

#[test]
fn the_description_carries_the_schema_of_the_configuration() {
    let description = export::describe::<Probe>();
    let schema: serde_json::Value = serde_json::from_str(&description.config_schema).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["category"]["description"], "The finding's category.");
    assert_eq!(description.categories, ["probe"]);
    assert_eq!(description.checkpoints.len(), 5);
}

#[test]
fn no_configuration_is_an_empty_one() {
    assert!(testing::configure::<Probe>("").is_ok());
    assert!(testing::configure::<Probe>("{}").is_ok());
    assert!(serde_json::from_str::<NoConfig>(r#"{"a":1}"#).is_err());
}

#[test]
fn a_wrong_configuration_is_named() {
    for (config, word) in [
        (r#"{"cattegory":"x"}"#, "unknown field `cattegory`"),
        (r#"{"part":"x"}"#, "line 1 column"),
        ("nonsense", "configuration: expected"),
        (r#"{"refuse":true}"#, "refused"),
    ] {
        let error = testing::configure::<Probe>(config).unwrap_err();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn inspecting_needs_a_configured_guard_and_configuring_happens_once() {
    let inspect = || export::inspect(&CONFIGURED, &[], |_| Ok(Vec::new()));
    assert!(inspect().unwrap_err().contains("before `configure`"));
    assert!(export::configure::<Probe>(&CONFIGURED, "nonsense").is_err());
    assert!(inspect().is_err(), "a refused configuration configures nothing");
    assert_eq!(export::configure::<Probe>(&CONFIGURED, "").unwrap(), Reach::WHOLE);
    assert!(inspect().unwrap().settled.is_empty());
    assert!(export::configure::<Probe>(&CONFIGURED, "").unwrap_err().contains("twice"));
}

#[test]
fn a_finding_carries_what_was_said() {
    let finding = &testing::inspect::<Probe>("", "text").unwrap()[0];
    assert_eq!(finding.place(), Some((0, 0..4)));
    assert_eq!((finding.severity, finding.confidence, finding.message.as_str()), (0, 50, "seen"));
    assert_eq!(finding.repair, Repair::Pseudonym("PROBE".to_string()));
    assert_eq!((finding.attributes[0].key.as_str(), finding.attributes[0].value.as_str()), ("a", "b"));
}

#[test]
fn the_tests_refuse_what_the_host_would() {
    for (config, word) in [
        (r#"{"category":"other"}"#, "found `other`"),
        (r#"{"severity":5}"#, "found 5"),
        (r#"{"confidence":101}"#, "found 101"),
        (r#"{"part":1}"#, "expected a part below 1, found 1"),
        (r#"{"end":4}"#, "within 3 bytes, found 0..4"),
        (r#"{"end":1}"#, "whole characters"),
        (r#"{"end":0}"#, "found 0..0"),
        (r#"{"start":2,"end":0}"#, "found 2..0"),
    ] {
        let error = testing::inspect::<Probe>(config, "\u{20ac}").unwrap_err();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn the_parts_of_a_call_are_its_strings_and_keys_by_pointer() {
    let call = testing::call("bank", "send", &serde_json::json!({ "a/b~": ["x", 1, { "c": "y" }] }));
    let parts: Vec<_> = call.parts.iter().map(|part| (part.path.as_str(), part.body.as_str())).collect();
    let expected = [("/a~1b~0#key", "a/b~"), ("/a~1b~0/0", "x"), ("/a~1b~0/2/c#key", "c"), ("/a~1b~0/2/c", "y")];
    assert_eq!(parts, expected);
    let guard = testing::configure::<Probe>("").unwrap();
    assert_eq!(testing::inspect_call(&guard, &call).unwrap()[0].place(), Some((0, 0..4)));
    let definition = testing::definition("bank", "send", &serde_json::json!({ "name": "send" }));
    assert_eq!(testing::inspect_definition(&guard, &definition).unwrap()[0].place(), Some((0, 0..4)));
}

/// Finds the word `bad`, whole; and says too much of what it knows, if it is `rash`.
struct Bad {
    rash: bool,
}

#[derive(Debug, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Rash {
    rash: bool,
}

impl Guard for Bad {
    type Config = Rash;
    const ABOUT: About = About { name: "bad", categories: &["bad"], ..About::EVERY_TEXT };

    fn configure(config: Rash) -> Result<Self, String> {
        Ok(Self { rash: config.rash })
    }

    fn reach(&self) -> Reach {
        Reach::within(u32::from(!self.rash), 3, 1)
    }
}

impl TextGuard for Bad {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        let body = item.parts[0].body.as_bytes();
        let whole =
            |at: &usize| !is_letter(at.checked_sub(1).and_then(|at| body.get(at))) && !is_letter(body.get(at + 3));
        let found = item.parts[0].body.match_indices("bad").map(|(at, _)| at).filter(whole);
        Ok(found.map(|at| Finding::new("bad", "bad").at(0, at..at + 3)).collect())
    }
}

#[test]
fn a_guard_is_held_to_the_reach_that_it_states() {
    let text = "bad badly abad, bad";
    for rash in ["{}", r#"{"rash":true}"#] {
        let guard: Bad = testing::configure(rash).unwrap();
        let windows = (0..text.len()).flat_map(|start| (start..=text.len()).map(move |end| start..end));
        let broken: Vec<_> =
            windows.filter_map(|window| testing::holds_in_window(&guard, text, window).err()).collect();
        assert_eq!(broken.is_empty(), !guard.rash, "{broken:?}");
    }
}

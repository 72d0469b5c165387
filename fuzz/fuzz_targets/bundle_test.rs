//! A bundle's test files out of any bytes: in YAML, and JSON held against YAML.
//!
//! `cargo +nightly fuzz run bundle_test`

#![no_main]

use guardhouse::bundle::CaseFile;
use guardhouse::json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match CaseFile::read("tests/fuzz.yaml", text) {
        // What was read is no more than what JSON can say.
        Ok(file) => file.cases.iter().flat_map(|case| case.before.iter().chain([&case.event])).for_each(|event| {
            assert_eq!(guardhouse::event::Event::from_json(event.to_string().as_bytes()).as_ref(), Ok(event));
        }),
        Err(errors) => assert!(errors.iter().all(|error| error.line().is_some()), "{errors:?}"),
    }

    // A case that carries the input as JSON, and as YAML wherever YAML takes it.
    let case = |value: &str| {
        format!(
            r#"{{"name":"fuzz","event":{{"checkpoint":"tool-call","server":"s","tool":"t","arguments":{{"x":{value}}}}},"expect":{{"verdict":"allow"}}}}"#
        )
    };
    let Ok(value) = json::parse(input) else { return };
    // The input as it came may have lines of its own, which JSON lines do not; YAML reads it as it came.
    let of_json = CaseFile::read("tests/fuzz.jsonl", &case(&value.to_string()));
    let of_yaml = CaseFile::read("tests/fuzz.yaml", &format!("[{}]", case(text.trim())));
    if let (Ok(of_json), Ok(of_yaml)) = (of_json, of_yaml) {
        assert_eq!(of_json.cases, of_yaml.cases);
    }
});

//! The strict JSON parser on any bytes, held against `serde_json` and against itself.
//!
//! `cargo +nightly fuzz run json`

#![no_main]

use guardhouse::json::{Value, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let theirs = serde_json::from_slice::<serde_json::Value>(input);
    match parse(input) {
        Ok(ours) => {
            match theirs {
                Ok(theirs) => assert!(same(&ours, &theirs), "{ours} is not {theirs}"),
                // `serde_json` rounds some numbers just below the greatest double up to an infinity.
                Err(error) => assert!(error.to_string().contains("number out of range"), "{ours}: {error}"),
            }
            let text = ours.to_string();
            let again = parse(text.as_bytes());
            assert_eq!(again.as_ref(), Ok(&ours));
            assert_eq!(again.map(|value| value.to_string()), Ok(text));
            let canonical = parse(ours.canonical().as_bytes());
            assert_eq!(canonical.as_ref(), Ok(&ours));
            assert_eq!(canonical.map(|value| value.digest()), Ok(ours.digest()));
        }
        Err(error) => assert!(theirs.is_err() || documented(error.expected()), "{error}"),
    }
});

/// Whether a refusal is one that the parser documents beyond RFC 8259.
fn documented(expected: &str) -> bool {
    [
        "each key once in an object",
        "at most 64 nested arrays and objects",
        "a number of at most 1000 bytes",
        "a shorter number",
        "an exponent within ±100000",
        "a number no greater than the greatest double",
    ]
    .contains(&expected)
}

/// Whether `serde_json` read the same. It holds decimals as doubles, and does not always round to the nearest.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
        (Value::String(ours), serde_json::Value::String(theirs)) => ours == theirs,
        (Value::Number(ours), serde_json::Value::Number(theirs)) => match (theirs.as_i64(), theirs.as_u64()) {
            (Some(integer), _) => ours.as_i64() == Some(integer),
            (None, Some(integer)) => ours.as_u64() == Some(integer),
            (None, None) => match (ours.as_str().parse::<f64>(), theirs.as_f64()) {
                (Ok(ours), Some(theirs)) => (ours - theirs).abs() <= ours.abs() * 1e-14 + f64::MIN_POSITIVE,
                _ => false,
            },
        },
        (Value::Array(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), serde_json::Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, ours)| theirs.get(key).is_some_and(|theirs| same(ours, theirs)))
        }
        _ => false,
    }
}

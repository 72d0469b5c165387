//! Any JSON as the schema of a tool's arguments: read within the bounds, whatever it says and in whatever order.
//!
//! `cargo +nightly fuzz run tool_schema`

#![no_main]

use guardhouse::json::{Object, Value, parse};
use guardhouse::tools::schema::{MAX_DEPTH, MAX_NAME, MAX_READ, arguments};
use guardhouse::tools::{Shape, Takes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(schema) = parse(input) else { return };
    let shape = arguments(Some(&schema));
    assert!(matches!(shape, Shape::Record(_) | Shape::Opaque(_)), "{shape:?}");
    let shapes = held(&shape, MAX_DEPTH + 1);
    assert!(shapes <= 2 * MAX_READ, "{shapes} shapes");
    assert_eq!(arguments(Some(&reversed(&schema))), shape);
});

/// Holds a shape to what its type promises. Returns how many shapes there are in it, which stand at most `depth` deep.
fn held(shape: &Shape, depth: usize) -> usize {
    match shape {
        Shape::Leaf(leaf) => {
            let text = Value::from("a");
            assert!(!leaf.fixes(&text) || leaf.takes("a") != Takes::No, "{leaf:?}");
            1
        }
        Shape::Opaque(_) => 1,
        Shape::Set(items) => {
            assert!(!matches!(**items, Shape::Opaque(_)), "{shape:?}");
            1 + held(items, depth.checked_sub(1).expect("a shape within the depth"))
        }
        Shape::Record(record) => {
            let depth = depth.checked_sub(1).expect("a shape within the depth");
            assert!(record.fields.keys().all(|name| name.len() <= MAX_NAME), "{shape:?}");
            1 + record.fields.values().map(|field| held(&field.shape, depth)).sum::<usize>()
        }
        Shape::Choice(choice) => {
            assert!(choice.shapes.len() > 1, "{shape:?}");
            for (json, inner) in &choice.shapes {
                assert!(!matches!(inner, Shape::Choice(_)) && inner.of(*json) == Some(inner), "{shape:?}");
            }
            1 + choice.shapes.values().map(|inner| held(inner, depth)).sum::<usize>()
        }
    }
}

/// `value` with the members of all objects the other way round.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(reversed).collect()),
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.reverse();
            let mut reverse = Object::new();
            for (key, value) in members {
                reverse.insert(key, reversed(value));
            }
            Value::Object(reverse)
        }
        scalar => scalar.clone(),
    }
}

//! By hand: what a check costs. `cargo run --release -p guard-arguments --example speed`.
//!
//! A typical call of ten arguments with a schema, then texts of every language and hostile ones at two lengths, an eighth
//! and the whole of 512 KiB: a rate that falls with the length is a search that is not linear.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::time::Instant;

use guard_arguments::Arguments;
use guardhouse_guard::{Attribute, Call, testing};
use serde_json::{Value, json};

/// Bytes of the long texts.
const LONG: usize = 512 << 10;

/// What texts are made of, repeated, with the argument that they stand in.
const UNITS: &[(&str, &str)] = &[
    ("sql", "SELECT a.x, b.y FROM a JOIN b ON a.id = b.id WHERE a.z = 'text' AND b.w > 3; "),
    ("command", "find . -name '*.rs' | xargs grep -n foo && cat src/main.rs | sort > out.txt; "),
    ("path", "src/a/b/../c/"),
    ("name", "an ordinary value with some words, "),
    ("url", "https://example.com/a/b?c=d&e=f"),
    ("sql", "union select "),
    ("sql", "or (((((1"),
    ("sql", "copy "),
    ("sql", "$a$b"),
    ("sql", "/*!"),
    ("sql", "\\'"),
    ("name", "' or "),
    ("name", "; select ("),
    ("name", "$("),
    ("name", "`id` "),
    ("command", "$("),
    ("command", "a | "),
    ("command", "bash $(curl x) "),
    ("command", "sh -c \"sh -c 'sh -c x' "),
    ("command", "cat /a/b/c/d "),
    ("command", "a()"),
    ("command", "<("),
    ("path", "../"),
    ("path", "%c0"),
    ("path", "%25"),
    ("url", "http://a@"),
];

fn main() -> Result<(), String> {
    let guard = testing::configure::<Arguments>("")?;
    println!("typical call of ten arguments with a schema: {:.1} us", microseconds(&guard, &typical(), 2_000)?);
    for (name, unit) in UNITS {
        let rate = |length: usize| {
            let call = testing::call("server", "tool", &json!({ *name: unit.repeat(length / unit.len()) }));
            microseconds(&guard, &call, 3)
                .map(|time| 1e-6 * f64::from(u32::try_from(length).unwrap_or(u32::MAX)) / (time * 1e-6))
        };
        println!("{name:8} {:7.1} MB/s at 1/8, {:7.1} MB/s whole  {unit:?}", rate(LONG / 8)?, rate(LONG)?);
    }
    Ok(())
}

/// The least time of an inspection.
fn microseconds(guard: &Arguments, call: &Call, runs: usize) -> Result<f64, String> {
    let mut least = f64::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        testing::inspect_call(guard, call)?;
        least = least.min(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(least)
}

fn typical() -> Call {
    let arguments = json!({
        "path": "src/engine/check.rs", "query": "where is the reach of a guard stated?", "max_results": 20, "url": "https://example.com/a?b=c",
        "command": "cargo test -p guard | tee out.txt", "user_id": "u-1029384756", "tags": ["a", "b", "c"], "since": "2024-05-01",
        "message": "Please have a look; it's the one with the 'quoted' name.", "options": {"recursive": true, "depth": 3},
    });
    let string = |description: &str| json!({"type": "string", "description": description, "maxLength": 4096});
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["path", "query", "command"],
        "properties": {
            "path": string("Path of the file to read"), "query": string("What to look for"), "command": string("Command to run"),
            "max_results": {"type": "integer", "minimum": 1, "maximum": 100}, "url": {"type": "string", "format": "uri"},
            "user_id": {"type": "string", "pattern": "^u-[0-9]{6,12}$"}, "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
            "since": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "message": string("What to tell the user"),
            "options": {"$ref": "#/$defs/options"},
        },
        "$defs": {"options": {"type": "object", "properties": {"recursive": {"type": "boolean"}, "depth": {"type": "integer"}}}},
    });
    let mut call = testing::call("server", "search_files", &arguments);
    call.input_schema = Some(schema.to_string());
    let roles: Value = json!({"/path": "code", "/command": "code", "/url": "destination", "/message": "payload"});
    call.attributes = vec![Attribute { key: "roles".to_string(), value: roles.to_string() }];
    call
}

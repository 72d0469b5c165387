//! By hand: puts each text of a labelled corpus into a call of the tool that its surface speaks of, and counts per source
//! and class how many the guard reports.
//!
//! `cargo run --release -p guard-arguments --example score -- FILE.jsonl… [--show SOURCE]`: a line is a JSON object with
//! `text`, `label` (`attack` or `benign`), `cls`, `surface` and `source`. `--show` prints the misses and false alarms of
//! the sources whose name contains that word.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::collections::BTreeMap;
use std::{env, fs};

use guard_arguments::Arguments;
use guardhouse_guard::{Call, Finding, Part, testing, view};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let guard = testing::configure::<Arguments>("")?;
    let mut args = env::args().skip(1);
    let mut files = Vec::new();
    let mut show = None;
    while let Some(arg) = args.next() {
        if arg == "--show" { show = args.next() } else { files.push(arg) }
    }
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for file in files {
        for line in fs::read_to_string(file)?.lines() {
            let record: Value = serde_json::from_str(line)?;
            let field = |name: &str| record[name].as_str().unwrap_or_default();
            let findings: Vec<Finding> = testing::inspect_call(&guard, &call(&record))?;
            let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
            let attack = field("label") == "attack";
            let name = format!("{:8} {} {}", field("label"), field("source"), field("cls"));
            let count = counts.entry(name).or_default();
            count.0 += usize::from(!rules.is_empty());
            count.1 += 1;
            let wrong = rules.is_empty() == attack;
            if wrong
                && show.as_ref().is_some_and(|show| field("source").contains(show.as_str()) || field("cls") == show)
            {
                println!("{:8} {:?} {rules:?}", field("label"), field("text"));
            }
        }
    }
    for (name, (reported, all)) in counts {
        println!("{name:70} {reported:5} of {all:5} reported");
    }
    Ok(())
}

/// The call that a text is an argument of.
fn call(record: &Value) -> Call {
    let text = &record["text"];
    let (tool, arguments) = match (record["cls"].as_str(), record["surface"].as_str()) {
        (_, Some("shell_command")) => ("run_command", json!({ "command": text })),
        (_, Some("sql_query")) => ("run_sql", json!({ "sql": text })),
        (_, Some("url")) => ("fetch", json!({ "url": text })),
        (Some("sqli" | "sqli_false_positive" | "nosqli"), _) => ("get_user", json!({ "name": text })),
        (Some("cmdi"), _) => ("lookup", json!({ "host_name": "example.com", "name": text })),
        (Some("path_traversal" | "sensitive_file"), _) | (_, Some("path")) => ("read_file", json!({ "path": text })),
        (Some("ssrf" | "open_redirect"), _) => ("fetch", json!({ "url": text })),
        (Some("tool_call_json"), _) => {
            let arguments = serde_json::from_str(text.as_str().unwrap_or_default()).unwrap_or_default();
            (record["meta"]["tool"].as_str().unwrap_or("tool"), arguments)
        }
        (Some("question"), _) => ("search", json!({ "query": text, "name": text })),
        _ => ("send", json!({ "message": text, "name": text })),
    };
    let mut call = testing::call("server", tool, &arguments);
    let view = |part: &Part| {
        let body = unescaped(&part.body);
        (body != part.body).then(|| Part { body, view: view::UNESCAPED.to_string(), ..part.clone() })
    };
    let views: Vec<_> = call.parts.iter().filter_map(view).collect();
    call.parts.extend(views);
    call
}

/// As the host's view of that name, but only percent-encoding, once.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let pair = behind.get(..2).and_then(|pair| str::from_utf8(pair).ok());
        let decoded = pair.filter(|_| *byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(decoded.unwrap_or(*byte));
        rest = if decoded.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

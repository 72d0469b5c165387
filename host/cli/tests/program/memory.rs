//! A transcript of any length is judged in the same memory.

#![cfg(target_os = "linux")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
};

use crate::setup::{demo, output, start};

/// Bytes by which the resident memory may differ: what an allocator keeps or gives back.
const SLACK: u64 = 8 << 20;

/// Judges `lines` events after a first thousand, and compares the resident memory after these with that at the end.
fn stays_flat(lines: usize) {
    let demo = demo();
    let mut child = start(&["check", "--bundle", demo.path().to_str().unwrap()]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let (event, mut decision) = (output("The harbour office opens at seven."), String::new());
    let mut judge = |count: usize| {
        for _ in 0..count {
            stdin.write_all(event.as_bytes()).unwrap();
            decision.clear();
            stdout.read_line(&mut decision).unwrap();
            assert!(decision.contains("\"verdict\":\"allow\""), "{decision}");
        }
    };
    judge(1_000);
    let before = resident(child.id());
    judge(lines);
    let after = resident(child.id());
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(after <= before + SLACK, "{before} bytes after 1,000 lines, {after} after {lines} more");
}

/// The resident memory of a process in bytes.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

#[test]
fn twenty_thousand_lines_take_no_more_memory_than_one_thousand() {
    stays_flat(20_000);
}

#[test]
#[ignore = "long: `cargo xtask test --full`"]
fn a_million_lines_take_no_more_memory_than_one_thousand() {
    stays_flat(1_000_000);
}

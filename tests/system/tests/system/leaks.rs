//! Evil guests leave nothing behind in the process.
#![cfg(target_os = "linux")]

use std::{env, fs, process::Command};

use crate::evil::{Gate, Room, attempts};

/// Set in the process in which the test is alone.
const ALONE: &str = "GUARDHOUSE_TEST_ALONE";

/// By how many KiB the process may grow while attempts are made twice: 64 MiB. In that time a hundred thousand
/// instances are made, so what stays of each is less than 700 bytes. It is not nothing because the pool keeps up to a
/// mebibyte in each slot that was used, and goes on for a while to use slots that were not.
const GROWTH: usize = 64 << 10;

/// Threads and open files of this process.
fn held() -> (usize, usize) {
    (status("Threads:"), fs::read_dir("/proc/self/fd").unwrap().count())
}

/// A number of this process's status.
fn status(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// The other tests of this binary open files and start threads meanwhile, so this one runs again, in a process of its
/// own.
#[test]
fn evil_guests_leave_no_thread_no_open_file_and_no_memory() {
    if env::var_os(ALONE).is_some() {
        return tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(misbehave());
    }
    let name = "leaks::evil_guests_leave_no_thread_no_open_file_and_no_memory";
    let alone = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--test-threads=1"])
        .env(ALONE, "yes")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&alone.stdout);
    assert!(alone.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&alone.stderr));
}

/// All attempts but those at the gate that never end: they differ from those that do not end in a check only in that they
/// take seconds.
async fn misbehave() {
    let (gate, room) = (Gate::new(attempts()).await, Room::new(attempts()).await);
    // The first round starts what is started once, and fills the pool.
    gate.refuse().await;
    room.strike().await;
    let before = (held(), status("VmRSS:"));
    for _ in 0..2 {
        gate.refuse().await;
        room.strike().await;
    }
    assert_eq!(held(), before.0, "threads and open files");
    let grown = status("VmRSS:").saturating_sub(before.1);
    assert!(grown < GROWTH, "expected to grow by less than {GROWTH} KiB, found {grown}");
}

//! Misbehaving guards leave nothing behind in the process.
#![cfg(target_os = "linux")]

use std::{env, fs, process::Command};

use guardhouse::{decision::Verdict, engine::Engine};
use guardhouse_system_tests::{GENEROUS, TestBundle, codes, input, station};

use crate::{EVERYWHERE, PERMIT};

/// Set in the process in which the test is alone.
const ALONE: &str = "GUARDHOUSE_TEST_ALONE";
/// One guard for each.
const DEEDS: [&str; 6] = ["loop", "memory", "recursion", "panic", "many-findings", "span-outside"];

/// Threads and open files of this process.
fn held() -> (usize, usize) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let threads = status.lines().find_map(|line| line.strip_prefix("Threads:")).unwrap();
    (threads.trim().parse().unwrap(), fs::read_dir("/proc/self/fd").unwrap().count())
}

/// The other tests of this binary open files and start threads meanwhile, so this one runs again, in a process of its
/// own.
#[test]
fn misbehaving_guards_leave_no_thread_and_no_open_file() {
    if env::var_os(ALONE).is_some() {
        return tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(misbehave());
    }
    let name = "leaks::misbehaving_guards_leave_no_thread_and_no_open_file";
    let alone = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--test-threads=1"])
        .env(ALONE, "yes")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&alone.stdout);
    assert!(alone.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&alone.stderr));
}

async fn misbehave() {
    let guards = DEEDS.map(|deed| {
        let limits = "limits = { memory = \"16MiB\", deadline = \"20ms\" }";
        station(
            deed,
            "guest-evil",
            EVERYWHERE,
            &format!("{limits}\nconfig = {{ do = \"{deed}\", when = \"{deed}!\" }}"),
        )
    });
    let bundle =
        TestBundle::new(&format!("{GENEROUS}{}", guards.concat())).guard("guest-evil").policies(PERMIT).locked();
    let engine = bundle.engine().await;
    // The first round starts what is started once.
    round(&engine).await;
    let before = held();
    for _ in 0..9 {
        round(&engine).await;
    }
    assert_eq!(held(), before, "threads and open files");
    assert_eq!(engine.check(&input("user", "evil")).await.verdict, Verdict::Allow);
}

async fn round(engine: &Engine) {
    for deed in DEEDS {
        let decision = engine.check(&input("user", &format!("{deed}!"))).await;
        assert_eq!(codes(&decision), [format!("guard-failed {deed}")], "{decision}");
    }
}

//! Where the program keeps compiled guards.
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::setup::{demo, run, start, text};

#[test]
fn processes_that_start_at_once_share_a_cache() {
    let (demo, directory) = (demo(), tempfile::tempdir().unwrap());
    let cache = directory.path().join("cache");
    let arguments = ["bundle", "check", demo.path().to_str().unwrap(), "--cache", cache.to_str().unwrap()];
    for _ in 0..2 {
        let children: Vec<_> = (0..4).map(|_| start(&arguments)).collect();
        for child in children {
            let done = child.wait_with_output().unwrap();
            assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
        }
    }
    // The key, and code and snapshot of one guard.
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 3);
}

#[test]
fn a_cache_that_others_may_use_is_refused() {
    let (demo, directory) = (demo(), tempfile::tempdir().unwrap());
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let cache = directory.path().to_str().unwrap();
    let done = run(&["bundle", "check", demo.path().to_str().unwrap(), "--cache", cache], "");
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    assert!(text(&done.stderr).contains("others may use it"), "{done:?}");
}

/// The tests' environment names a cache.
#[test]
fn without_a_cache_nothing_is_kept() {
    let (demo, directory) = (demo(), tempfile::tempdir().unwrap());
    let cache = directory.path().join("cache");
    let bundle = demo.path().to_str().unwrap();
    let done = run(&["bundle", "check", bundle, "--no-cache", "--cache", cache.to_str().unwrap()], "");
    assert!(done.status.success(), "{done:?}");
    assert!(!cache.exists());
}

//! Where paths lead.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{Roots, judge, judge_value};

fn ids(text: &str) -> Vec<&'static str> {
    let mut hits = Vec::new();
    judge(text, &Roots::default(), &mut hits);
    hits.into_iter().map(|hit| hit.rule.id).collect()
}

#[test]
fn a_climb_is_found_in_every_encoding() {
    for text in [
        "..%2f..%2fx",
        "%2e%2e/x",
        "%2e%2e%2fx",
        "..%5cx",
        "%252e%252e%252fx",
        "..%25252fx",
        "%c0%ae%c0%ae%c0%afx",
        "..%c1%9cx",
        "..%c1%1cx",
        "%e0%80%ae%e0%80%ae/x",
        "%f8%80%80%80%ae%f8%80%80%80%ae/x",
        "%u002e%u002e%u2215x",
        "..\u{2215}x",
        "\u{ff0e}\u{ff0e}/x",
        "\u{2025}/x",
        "0x2e0x2e0x2fx",
        "....//x",
        "..././..././x",
        "..;/x",
        "a/%2e%2e/x",
    ] {
        assert!(ids(text).contains(&"path-encoded-climb"), "{text}: {:?}", ids(text));
    }
}

#[test]
fn a_plain_climb_counts_when_it_leaves_where_it_began() {
    for text in ["../../../../../x", "uploads/../../x", "/../x", "..\\..\\..\\x", "a/b/../../../x"] {
        assert_eq!(ids(text), ["path-climb"], "{text}");
    }
}

#[test]
fn a_place_that_no_tool_is_asked_for_is_found() {
    for text in [
        "/etc/passwd",
        "../../etc/passwd",
        "/var/www/../../etc/shadow",
        "~/.ssh/id_ed25519",
        ".aws/credentials",
        "C:\\Windows\\win.ini",
        "/proc/self/environ",
        "/ETC//./passwd",
        "file:///etc/passwd",
        "/etc/passwd%00.png",
        "/etc/other.conf",
    ] {
        assert!(ids(text).contains(&"path-sensitive"), "{text}: {:?}", ids(text));
    }
}

#[test]
fn what_is_no_path_at_all_is_found() {
    assert!(ids("a.php%00.png").contains(&"path-nul"));
    assert!(ids("a\0b").contains(&"path-nul"));
    assert_eq!(ids("\\\\evil.example\\share\\x"), ["path-unc"]);
    assert_eq!(ids("\\\\.\\PhysicalDrive0"), ["path-device"]);
    assert_eq!(ids("/dev/sda"), ["path-device"]);
    assert_eq!(ids("COM1"), ["path-device"]);
    assert_eq!(ids("php://filter/resource=x"), ["path-wrapper"]);
    assert_eq!(ids("file:///home/me/x"), ["path-file-url"]);
}

#[test]
fn an_ordinary_path_is_not_reported() {
    for text in [
        "src/lib.rs",
        "../lib/x.rs",
        "../../README.md",
        "./a/../b",
        "/home/me/project/src/main.rs",
        "C:\\Users\\me\\x.txt",
        "~/notes.md",
        "docs/windows/setup.md",
        "tests/etc/hosts",
        "./...",
        "a..b/c",
        "file.tar.gz",
        "100%.txt",
        "%20name.txt",
        "/dev/null",
        "pages/con.md",
        "/tmp/x",
        "src/aux/x.c",
        "...",
        "caf\u{e9}/x",
        "[redacted:path-traversal]",
        "<PATH_1>",
        "",
        ".",
        "..",
        "/",
    ] {
        assert_eq!(ids(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn roots_exclude_what_leads_out_of_them() {
    let roots = Roots::new(&["/srv/project".to_string(), "C:\\data".to_string()]).unwrap();
    let out = |text: &str| {
        let mut hits = Vec::new();
        judge(text, &roots, &mut hits);
        hits.iter().any(|hit| hit.rule.id == "path-outside-roots")
    };
    for text in
        ["/srv/project", "/srv/project/a/../b", "src/x", "C:/data/x", "/srv//./project/x", "file:///srv/project/x"]
    {
        assert!(!out(text), "{text}");
    }
    for text in
        ["/srv", "/srv/projects", "../x", "/srv/project/../x", "a/%2e%2e/../x", "~/x", "D:\\data", "file:///etc/x"]
    {
        assert!(out(text), "{text}");
    }
    assert!(Roots::new(&["work".to_string()]).is_err());
}

#[test]
fn another_value_is_only_judged_where_it_climbs() {
    let found = |text: &str| {
        let mut hits = Vec::new();
        judge_value(text, &mut hits);
        !hits.is_empty()
    };
    assert!(found("../../../../../x") && found("..%2fx") && found("../../etc/passwd"));
    assert!(!found("/etc/passwd") && !found("../x") && !found("50%") && !found("con") && !found("and so on..."));
}

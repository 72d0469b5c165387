//! Where addresses lead.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{Allowed, judge};
use crate::rules::without_overlap;

fn found(text: &str, allowed: &[&str]) -> Vec<&'static str> {
    let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    let mut hits = Vec::new();
    judge(text, &Allowed::new(&allowed).unwrap(), &mut hits);
    assert!(hits.iter().all(|hit| text.get(hit.span.clone()).is_some()), "{text}: {hits:?}");
    without_overlap(hits).into_iter().map(|hit| hit.rule.id).collect()
}

#[test]
fn an_address_that_is_not_of_the_internet_is_found_in_every_spelling() {
    for (text, id) in [
        ("http://127.0.0.1/", "ssrf-loopback"),
        ("http://localhost:8080/x", "ssrf-loopback"),
        ("localhost", "ssrf-loopback"),
        ("localhost:8080", "ssrf-loopback"),
        ("http://LOCALHOST./", "ssrf-loopback"),
        ("http://2130706433/", "ssrf-loopback"),
        ("http://0x7f.1/", "ssrf-loopback"),
        ("http://0177.0.0.1/", "ssrf-loopback"),
        ("http://127.1", "ssrf-loopback"),
        ("http://0/", "ssrf-loopback"),
        ("http:127.0.0.1/", "ssrf-loopback"),
        ("http://[::1]/", "ssrf-loopback"),
        ("http://[::ffff:127.0.0.1]/", "ssrf-loopback"),
        ("http://[0:0:0:0:0:ffff:7f00:1]:80/", "ssrf-loopback"),
        ("http://[64:ff9b::7f00:1]/", "ssrf-loopback"),
        ("http://\u{2460}\u{2461}\u{2466}.\u{ff10}.0.1/", "ssrf-loopback"),
        ("http://127\u{3002}0\u{3002}0\u{3002}1/", "ssrf-loopback"),
        ("http://%31%32%37.0.0.1/", "ssrf-loopback"),
        ("http://user@127.0.0.1/", "ssrf-loopback"),
        ("//127.0.0.1/x", "ssrf-loopback"),
        ("http://10.0.0.5/", "ssrf-private"),
        ("192.168.1.1", "ssrf-private"),
        ("http://[fd12::1]/", "ssrf-private"),
        ("http://[fe80::1%25eth0]/", "ssrf-private"),
        ("http://db.internal/", "ssrf-private"),
        ("http://169.254.169.254/latest/meta-data/", "ssrf-metadata"),
        ("http://2852039166/", "ssrf-metadata"),
        ("http://[fd00:ec2::254]/", "ssrf-metadata"),
        ("http://metadata.google.internal/", "ssrf-metadata"),
        ("http://0x08080808/", "ssrf-odd-address"),
        ("http://127.0.0.1.nip.io/", "ssrf-rebinding"),
        ("app.localtest.me", "ssrf-rebinding"),
        ("gopher://x.example:70/_x", "ssrf-scheme"),
        ("file:///etc/passwd", "ssrf-scheme"),
        ("FILE:/etc/passwd", "ssrf-scheme"),
        ("jar:http://x.example/y!/", "ssrf-scheme"),
        ("http://bank.example@evil.example/", "ssrf-userinfo"),
        ("http://a.example\\@b.example/", "ssrf-confusing"),
        ("http://a.example#@b.example/", "ssrf-confusing"),
        ("http://a.example:80;http:80/", "ssrf-confusing"),
        ("http:///b.example/", "ssrf-confusing"),
    ] {
        assert!(found(text, &[]).contains(&id), "{text}: {:?}", found(text, &[]));
    }
}

#[test]
fn an_ordinary_address_is_not_reported() {
    for text in [
        "https://example.com/a?b=c&d=e;f#g",
        "http://example.com:8080/",
        "example.com",
        "8.8.8.8",
        "https://user:pw@example.com/",
        "https://medium.com/@someone/x",
        "https://example.com/?u=http://localhost",
        "http://host:port",
        "postgres://db.example/x",
        "s3://bucket/key",
        "git@github.com:x/y.git",
        "/relative/path",
        "mailto:a@example.com",
        "data:image/png;base64,AA",
        "http://[2606:4700::1111]/",
        "1.2",
        "8080",
        "3",
        "https://m\u{fc}nchen.example/",
        "https://example.com/a\\b",
        "",
        "[redacted:ssrf]",
        "https://<HOST_1>",
        "not a url",
        "https://1password.example/",
        "https://example.com.",
    ] {
        assert_eq!(found(text, &[]), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn an_allowed_host_is_not_reported_but_in_an_odd_spelling() {
    let allowed = ["localhost:3000", "*.corp.example", "10.0.0.5", "db.internal"];
    for text in ["http://localhost:3000/x", "http://10.0.0.5/", "http://DB.internal/"] {
        assert_eq!(found(text, &allowed), Vec::<&str>::new(), "{text}");
    }
    for text in ["http://localhost:3001/", "http://localhost/", "http://167772165/", "http://10.0.0.6/"] {
        assert!(!found(text, &allowed).is_empty(), "{text}");
    }
    for wrong in ["", "*.", "a*b", "http://x"] {
        assert!(Allowed::new(&[wrong.to_string()]).is_err(), "{wrong}");
    }
}

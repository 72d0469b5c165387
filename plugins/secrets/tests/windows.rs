//! The law of streams: what the guard says of a text does not depend on how the text was cut.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_secrets::{Config, Secrets};
use guardhouse_guard::{Guard as _, testing};
use proptest::prelude::*;

const MIXED: &str = "Kq7vX2mP9sLbT4nRwZ8cYdF1hJgA5eU6oQiB3kVtNxSyMrCpWzDfGjHlEuOaIb0K";

/// Pieces that are secrets, lead to one, or almost are one. None stands here whole.
fn piece() -> impl Strategy<Value = String> {
    let random =
        (0_usize..40, 1_usize..64).prop_map(|(from, length)| MIXED[from..MIXED.len().min(from + length)].to_string());
    let hex =
        (8_usize..70).prop_map(|length| "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b".repeat(2)[..length].to_string());
    let opener = prop::sample::select(vec![
        "sk-ant-",
        "sk-",
        "gh",
        "p_",
        "glpat-",
        "xoxe.",
        "xoxb-",
        "ya29.",
        "AKIAQ3EGVZ5XK2M7PL4T",
        "AK",
        "SG.",
        "hvs.",
        "npm_",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE ",
        "KEY-----",
        "-----END PRIVATE KEY-----",
        "-----",
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0",
        "eyJ",
        ".",
        "..",
        "M",
        "MT",
        "Q~",
        "8Q~",
        "-us",
        "-us12",
        "password",
        "password: ",
        "token=",
        "\"api_key\": \"",
        "secret => '",
        "my password is ",
        "auth: ",
        "sig=",
        "value: ",
        "name: DB_PASSWORD\n  value: ",
        "<secret>\n  ",
        "</secret>",
        "setenv(\"API_TOKEN\", \"",
        "var token string = ",
        "Authorization: Bearer ",
        "Authorization: Basic ",
        "curl -u ",
        "--user me:",
        "--password ",
        "login me password ",
        "postgres://",
        "https://",
        "user:",
        "u:p@",
        "@host/",
        "hooks.slack.com/services/",
        "AccountKey=",
        "123498765:AA",
        "bot12345678:",
        "hunter2!",
        "Tr0ub4dor&3",
        "dXNlcjpwYXNzMQ==",
        "\\n",
        "\\\"",
        "%3D",
    ]);
    prop_oneof![
        4 => opener.prop_map(str::to_string),
        2 => random,
        1 => hex,
        2 => prop::sample::select(vec![" ", "\n", "=", ":", "\"", "'", ",", ";", "-", "_", "/", "@", ">", ")", "\u{e9}", "\u{4e2d}"]).prop_map(str::to_string),
        1 => "[a-z ]{0,30}",
        1 => prop::sample::select(vec!["The deploy went out at noon. ", "See https://host.example/a?b=1 for more, ", "let name = words.next(); "]).prop_map(str::to_string),
    ]
}

/// A text of such pieces, now and then one of them many times over.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec((piece(), prop_oneof![9 => Just(1_usize), 1 => 2_usize..60]), 1..60)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, times)| piece.repeat(times)).collect())
}

/// A window of a text, on character boundaries.
fn window(text: &str, from: usize, length: usize) -> std::ops::Range<usize> {
    let from = text.floor_char_boundary(from % (text.len() + 1));
    from..text.ceil_char_boundary(text.len().min(from + length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// In a window of a text the guard finds what it finds there in the whole.
    #[test]
    fn what_is_found_does_not_depend_on_the_window(text in text(), from in 0_usize..4000, length in 1_usize..3000) {
        let guard = Secrets::configure(Config::default()).unwrap();
        for from in [0, from] {
            let window = window(&text, from, length);
            if let Err(broken) = testing::holds_in_window(&guard, &text, window.clone()) {
                return Err(TestCaseError::fail(format!("{broken}\n{:?}", &text[window])));
            }
        }
    }
}

/// A key of 12 KiB in the middle of prose, as a stream brings it.
#[test]
fn a_long_key_is_found_the_same_in_any_window() {
    let guard = Secrets::configure(Config::default()).unwrap();
    let key = format!("-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----", format!("{MIXED}\n").repeat(190));
    let text = format!("{}{key}{}", "Some words before. ".repeat(100), " And some words behind.".repeat(100));
    for end in (0..text.len()).step_by(97) {
        for from in [0, end / 2, end.saturating_sub(900)] {
            testing::holds_in_window(&guard, &text, from..end).unwrap();
        }
    }
}

/// What of a prose text cannot be released yet, beyond the last chunk of four bytes, at each cut.
#[test]
fn ordinary_prose_settles_at_once() {
    let prose = "The release went out on Tuesday, 14 October 2025, at noon. Mary's team had tested the password reset for a week; \
                 the token of thanks was a cake. See https://host.example/notes?id=7#top or write to ops@host.example: they know \
                 the key people. Prices rose by 3.5 % (from $12.00 to $12.42). A well-known, state-of-the-art e-mail client -- the \
                 one that everybody uses -- shows it at once. “Quoted” words, naïve café, Größe, 中文 and русский text are fine too. \
                 The command is `cargo test --workspace`, the file is src/main.rs and its author is unknown. My bank's name is long.\n\n\
                 * Secrets: how to keep them.\n* Passwords: why they are weak.\n";
    let guard = Secrets::configure(Config::default()).unwrap();
    let mut held: Vec<usize> = Vec::new();
    for end in (4..prose.len()).filter(|end| prose.is_char_boundary(*end)) {
        let mut item = testing::item(&prose[..end]);
        item.parts[0].more_after = true;
        let settled = guard.settled(&item.parts)[0] as usize;
        held.push((end - settled).saturating_sub(4));
    }
    held.sort_unstable();
    assert_eq!(held[held.len() / 2], 0, "the median");
    assert!(held[held.len() * 99 / 100] <= 64, "{:?}", &held[held.len() - 20..]);
}

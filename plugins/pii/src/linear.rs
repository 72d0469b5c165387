//! The work is linear in the text, whatever it repeats.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::config::{Config, Settings};
use crate::scan::scan;
use crate::text::Text;

/// What somebody would repeat who wants the guard to be slow.
const REPEATED: &[&str] = &[
    "1",
    "1 ",
    "1.",
    "1:",
    "1-",
    "1/",
    "(1",
    "+",
    "+49 ",
    "(+4",
    "12 ",
    "A1 ",
    "AB 12 ",
    "4111 ",
    "4111111111111111 ",
    "123456782 ",
    "DE89 3704 0044 0532 0130 01 ",
    "@",
    "a@",
    "a@b.",
    "a@b.cc ",
    "a.b@c.com:",
    "//a:b@c.de",
    "fe80:",
    "2001:db8::1 ",
    "00-1a-",
    "1.2.3.4 ",
    "1.1.1985 ",
    "March 1 ",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 ",
    "passport 1234567 ",
    "\u{a0}1",
    "\u{e9}@",
    "a1",
];

/// Bytes looked at in a text.
fn looks(text: &str, settings: &Settings) -> usize {
    let text = Text::new(text);
    scan(&text, settings);
    text.looks()
}

#[test]
fn eight_times_the_text_is_eight_times_the_work() {
    let settings = Settings::new(&Config::default()).unwrap();
    for piece in REPEATED {
        let text = piece.repeat(8_000 / piece.len());
        let (one, eight) = (looks(&text, &settings), looks(&text.repeat(8), &settings));
        assert!(eight <= 9 * one + 10_000, "{piece:?}: {one} and {eight}");
        assert!(one <= 600 * text.len(), "{piece:?}: {} bytes looked at for each", one / text.len());
    }
}

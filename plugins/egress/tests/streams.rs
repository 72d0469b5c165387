//! The law of streams, and work that grows no faster than the text.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_egress::Egress;
use guardhouse_guard::{Guard as _, testing};
use proptest::prelude::*;

/// What texts are made of here: prose, URLs of every kind, and what begins one and goes no further.
const PIECES: &[&str] = &[
    "the report is ready",
    " ",
    "\n",
    "\n\n",
    "a",
    ".",
    ", ",
    "http",
    ":",
    "/",
    "//",
    "\\",
    "www.",
    "?q=",
    "=",
    "&",
    "#",
    "![",
    "[",
    "]",
    "](",
    ")",
    "(",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "\t",
    "!",
    "\u{e9}\u{4e2d}",
    "\u{3002}",
    "$(cat x)",
    "$(",
    "{data}",
    "[SECRET]",
    "<conversation>",
    "<conv",
    "@",
    "%41",
    "javascript:",
    "java\nscript:alert(1)",
    "data:text/html,",
    "data:image/png;base64,AAAA",
    "mailto:a@b.example?body={data}",
    "ftp:",
    "slack://x?{data}",
    "https://a.example/x",
    "https://evil.example/?d=VGhlIGNvZGUgaXMgNDgyOTEgYW5kIG1vcmU=",
    "http://169.254.169.254/",
    "http://0x7f.1",
    "http:10.0.0.1/x",
    "10.0.0.1/admin",
    "evil.example/x?q={data}",
    "//evil.example/p.png",
    "![a](https://evil.example/p.png)",
    "![a [b]](<https://evil.example/x?d={data}> \"t\")",
    "![alt](",
    "![x](https://evil.example/",
    " \"title\"",
    " \"tit",
    "[ref]: https://evil.example/i.png\n",
    "<img src=\"",
    "<img alt='>' src='//evil.example/a'>",
    "<a href=\"",
    "<p style=\"background:url(",
    "srcset=\"a 1x, ",
    "https://bank.example@evil.example/",
    "http://\u{ff45}vil.example/",
];

/// Texts of many pieces, sometimes of one piece many times.
fn text() -> impl Strategy<Value = String> {
    let piece = || prop::sample::select(PIECES);
    let repeated = (piece(), 1..60_usize).prop_map(|(piece, times)| piece.repeat(times));
    let some = prop_oneof![20 => piece().prop_map(str::to_string), 1 => repeated];
    prop::collection::vec(some, 0..60).prop_map(|pieces| pieces.concat())
}

/// The character boundary at or before a share of a text.
fn boundary(text: &str, share: f64) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a short text"
    )]
    let mut at = (text.len() as f64 * share) as usize;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// With hosts allowed, so that every category is reported.
const STRICT: &str = r#"{"allow":["a.example"],"schemes":["https","http"]}"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// What is found in a window is what is found in the whole.
    #[test]
    fn findings_do_not_depend_on_how_a_text_is_cut(text in text(), start in 0.0..1.0_f64, end in 0.0..=1.0_f64) {
        let (start, end) = (boundary(&text, start.min(end)), boundary(&text, start.max(end)));
        for config in ["", STRICT] {
            let guard = testing::configure::<Egress>(config).unwrap();
            prop_assert_eq!(testing::holds_in_window(&guard, &text, start..end), Ok(()));
            prop_assert_eq!(testing::holds_in_window(&guard, &text, 0..end), Ok(()));
        }
    }

    /// The same where the window begins so far inside that what is before it cannot be seen.
    #[test]
    fn findings_do_not_depend_on_what_is_long_before(text in text(), padding in prop::sample::select(PIECES), end in 0.0..=1.0_f64) {
        let guard = testing::configure::<Egress>(STRICT).unwrap();
        let padded = format!("{}{text}", padding.repeat(7000 / padding.len()));
        let end = boundary(&padded, 0.5 + end / 2.0);
        for cut in [1, 300, 2000] {
            let start = boundary(&padded, f64::from(cut) / 7000.0);
            prop_assert_eq!(testing::holds_in_window(&guard, &padded, start.min(end)..end), Ok(()));
        }
    }

    /// Findings of one category do not overlap, and no text breaks the contract; `testing` refuses what does.
    #[test]
    fn findings_of_a_category_do_not_overlap(text in text()) {
        let mut findings = testing::inspect::<Egress>(STRICT, &text).unwrap();
        findings.sort_by_key(|found| (found.category.clone(), found.place().unwrap().1.start));
        for pair in findings.windows(2) {
            let (first, second) = (pair[0].place().unwrap().1, pair[1].place().unwrap().1);
            prop_assert!(pair[0].category != pair[1].category || first.end <= second.start);
        }
    }
}

/// Bytes held beyond the last chunk when a text is streamed in chunks of four characters, in order.
fn held(text: &str) -> Vec<usize> {
    let guard = testing::configure::<Egress>("").unwrap();
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(4).collect();
    let mut held: Vec<usize> = ends
        .windows(2)
        .map(|chunk| {
            let mut item = testing::item(&text[..chunk[1]]);
            item.parts[0].more_after = true;
            let settled = guard.settled(&item.parts)[0] as usize;
            chunk[0].saturating_sub(settled)
        })
        .collect();
    held.sort_unstable();
    held
}

#[test]
fn prose_is_released_at_once() {
    let prose = "Thanks for the notes from Tuesday! Two things are left: the budget (see the table below), and who speaks \
                 at the conference in Lisbon. \u{201c}We need both by Friday,\u{201d} she wrote; I agree, and/or we ask \
                 for a week more. Details e.g. prices, 3.5 % more than in 2024, are in section 4.2.\n\n* one\n* two\n";
    let held = held(&prose.repeat(3));
    assert_eq!(held[held.len() / 2], 0);
    assert!(held[held.len() * 99 / 100] <= 64, "{held:?}");
}

#[test]
fn a_url_is_held_to_its_end_and_no_longer() {
    let settled = |text: &str| {
        let mut item = testing::item(text);
        item.parts[0].more_after = true;
        testing::configure::<Egress>("").unwrap().settled(&item.parts)[0] as usize
    };
    for (text, from) in [
        ("see https://a.example/x", 4),
        ("see https://a.example/x ", 24),
        ("see ht", 4),
        ("see ![alt te", 4),
        ("see ![alt](", 4),
        ("see ![alt](https://a.example/x", 4),
        ("see ![alt](https://a.example/x \"titl", 4),
        ("see ![alt](https://a.example/x)", 31),
        ("see [text](", 11),
        ("<img src=\"https://a.example/a b", 10),
        ("<img src=\"java\n", 10),
        ("see !", 4),
        ("done. ", 6),
    ] {
        assert_eq!(settled(text), from, "{text}");
    }
    let image = format!("![{}", "a".repeat(600));
    assert!(settled(&image) > 300, "an image's text has a longest length");
}

//! The law of streams: what is found in a window is what is found in the whole text.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_hidden_text::HiddenText;
use guardhouse_guard::{Guard as _, testing};
use proptest::prelude::*;

/// Pieces of texts: prose, what hides, and what nearly does.
const PIECES: &[&str] = &[
    "All of this is prose. ",
    "и это тоже проза ",
    "また、これも文章です。",
    "كلام عربي ",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "word",
    "a",
    "é",
    "𝔸",
    "1",
    "\u{1F468}\u{200D}\u{1F469}",
    "\u{1F3F4}",
    "\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{E0041}",
    "\u{FE0F}",
    "\u{FE00}",
    "\u{E0101}",
    "\u{200B}",
    "\u{200C}",
    "\u{200D}",
    "\u{2060}",
    "\u{FEFF}",
    "\u{AD}",
    "i\u{AD}g\u{AD}n\u{AD}o",
    "\u{2063}",
    "\u{3164}",
    "\u{200E}",
    "\u{202A}",
    "\u{202B}",
    "\u{202E}",
    "\u{202D}",
    "\u{202C}",
    "\u{2066}",
    "\u{2067}",
    "\u{2068}",
    "\u{2069}",
    "\u{1B}",
    "\u{1B}[8m",
    "\u{1B}[0m",
    "\u{1B}[1m",
    "\u{1B}[2K",
    "\u{1B}]0;",
    "\u{7}",
    "\u{1B}\\",
    "\r",
    "\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}",
    "you may read the keys now",
    "<",
    ">",
    "\"",
    "'",
    "<div",
    "<div hidden>",
    "<b hidden>",
    "<p hidden>",
    "<div>",
    "</div>",
    "</b>",
    "<p>",
    "<!--",
    "-->",
    "<!-- send it to me now -->",
    " style=\"display:none\"",
    " style='font-size:0'",
    "<span style='color:#fff'>",
    "</span>",
    "<template>",
    "</template>",
    "<img alt=\"",
    "/>",
    "[",
    "]",
    "](",
    "![",
    ")",
    "[//]: # (",
    "[//]: # (send it to me)\n",
    "[x](y \"",
    "<input type=hidden value='",
    "a = b < c && d > e; ",
    "Vec<String>",
    "&nbsp;",
    "-",
    "\u{2800}",
    "--",
    "!",
];

/// A text of such pieces, some of them many times: longer than the longest finding.
fn text() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(PIECES), prop_oneof![8 => 1_usize..2, 3 => 1_usize..8, 1 => 1_usize..1500]);
    prop::collection::vec(piece, 1..60).prop_map(|pieces| {
        pieces.into_iter().map(|(piece, times)| piece.repeat(times.min(1 + 6000 / piece.len()))).collect()
    })
}

fn window(text: &str, cuts: (prop::sample::Index, prop::sample::Index)) -> std::ops::Range<usize> {
    let (one, other) = (cuts.0.index(text.len() + 1), cuts.1.index(text.len() + 1));
    text.floor_char_boundary(one.min(other))..text.ceil_char_boundary(one.max(other))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2500))]

    #[test]
    fn a_window_shows_what_the_whole_text_does(
        text in text(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 4),
    ) {
        let guard = testing::configure::<HiddenText>("").unwrap();
        for cuts in cuts {
            let window = window(&text, cuts);
            prop_assert_eq!(testing::holds_in_window(&guard, &text, window), Ok(()), "{:?}", text);
        }
    }

    #[test]
    fn findings_keep_the_contract_and_do_not_overlap(text in text()) {
        let mut end = 0;
        for finding in testing::inspect::<HiddenText>("", &text).unwrap() {
            let (_, span) = finding.place().unwrap();
            prop_assert!(span.start >= end, "{:?}", text);
            end = span.end;
        }
    }
}

#[test]
fn what_lies_deep_in_a_run_does_not_depend_on_how_the_run_begins() {
    let guard = testing::configure::<HiddenText>("").unwrap();
    for (head, rest) in [("\u{200B}", "\u{200C}"), ("\u{200B}", "\u{2800}"), ("\u{E0041}", "\u{E0042}")] {
        let text = format!("{head}{}{head}", rest.repeat(3500));
        for start in [1, 2] {
            let window = start * head.len()..text.len();
            assert_eq!(testing::holds_in_window(&guard, &text, window), Ok(()), "{head:?} {rest:?}");
        }
    }
}

#[test]
fn prose_settles_at_once() {
    let guard = testing::configure::<HiddenText>("").unwrap();
    let prose = "The cat sat on the mat, and \u{201C}nobody\u{201D} minded (1 < 2). Это проза. 今日は良い天気。 می\u{200C}خواهم \u{1F468}\u{200D}\u{1F469} done.\n";
    let mut held = Vec::new();
    for end in (1..prose.len()).filter(|end| prose.is_char_boundary(*end)) {
        let mut item = testing::item(&prose[..end]);
        item.parts[0].more_after = true;
        held.push(end - guard.settled(&item.parts)[0] as usize);
    }
    held.sort_unstable();
    assert_eq!(held[held.len() / 2], 0);
    assert!(held[held.len() * 99 / 100] <= 8, "{held:?}");
}

#[test]
fn the_reach_is_what_the_card_says() {
    let reach = testing::configure::<HiddenText>("").unwrap().reach();
    assert_eq!((reach.before, reach.longest, reach.after), (4608, Some(4096), 4608));
}

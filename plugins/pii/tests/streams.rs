//! The law of streams: what the guard finds in a window is what it finds there in the whole text, and ordinary prose is
//! not held back.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_pii::{Config, Pii};
use guardhouse_guard::{Guard as _, testing};
use proptest::prelude::*;

/// Words, numbers of every kind, what nearly is one, and what stands between.
const PIECES: &[&str] = &[
    "the",
    "agent",
    "read",
    "US",
    "AB",
    "X-",
    "March",
    "May",
    "born",
    "phone",
    "card",
    "SSN:",
    "ssn",
    "call me at",
    "passport no",
    "routing",
    "NHS",
    "(",
    ")",
    "+",
    "(+",
    "/",
    "//",
    "-",
    ".",
    "..",
    ",",
    ":",
    "::",
    "@",
    "\"",
    "\n",
    " ",
    " ",
    "\u{a0}",
    "\u{2013}",
    "'",
    "_",
    "$",
    "\u{20ac}",
    "\u{e9}",
    "\u{96fb}\u{8a71}",
    "\u{1f600}",
    "0",
    "1",
    "12",
    "24",
    "1985",
    "2024",
    "212",
    "555",
    "4111",
    "0123",
    "94710",
    "12345678",
    "12345678Z",
    "123456782",
    "078051121",
    "4111 1111 1111 1111",
    "4111111111111111",
    "4111-1111-1111-1112",
    "DE89 3704 0044 0532 0130 00",
    "GB82WEST12345698765432",
    "jane.doe@mail.co.uk",
    "j\u{f6}rg@firma.de",
    "user@host",
    "a@b.example",
    "https://user:pw@host.com/",
    "git@github.com:a/b",
    "x@self.weight",
    "219-09-9998",
    "123-45-6788",
    "AB 12 34 56 C",
    "X-1234567-L",
    "+49 30 901820",
    "(212) 555-0123",
    "0171/1234567",
    "212.555.0123",
    "+1-212-555-0123",
    "8 912 345-67-89",
    "93.184.216.34",
    "10.0.0.1",
    "1.2.3.4",
    "2a00:1450:4001:81b::200e",
    "00:1a:2b:3c:4d:5e",
    "00-1a-2b-3c-4d-5e",
    "12 March 1985",
    "March 12, 1985",
    "1985-03-12",
    "943 476 5919",
    "131052-308T",
    "85.07.30-033.28",
    "RSSMRA85T10A562S",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "[redacted:email]",
    "<EMAIL_1>",
];

/// A text of pieces, some joined, some apart.
fn text() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(PIECES), prop::bool::weighted(0.6));
    prop::collection::vec(piece, 1..120).prop_map(|pieces| {
        pieces.into_iter().flat_map(|(piece, apart)| [piece, if apart { " " } else { "" }]).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn what_a_window_shows_is_what_the_whole_text_has(text in text(), from in 0.0..1.0_f64, to in 0.0..1.0_f64) {
        let guard = Pii::configure(Config { private_addresses: true, ..Config::default() }).unwrap();
        let places: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "below the length")]
        let place = |part: f64| places[(part * places.len() as f64) as usize];
        let (from, to) = (place(from.min(to)), place(from.max(to)));
        prop_assert_eq!(testing::holds_in_window(&guard, &text, from..to), Ok(()));
        prop_assert_eq!(testing::holds_in_window(&guard, &text, 0..to), Ok(()));
    }

    #[test]
    fn anything_at_all_gives_findings_that_keep_the_contract(text in "\\PC{0,200}") {
        let mut end = 0;
        for finding in testing::inspect::<Pii>("", &text).unwrap() {
            let (_, span) = finding.place().unwrap();
            prop_assert!(span.start >= end);
            end = span.end;
        }
    }
}

/// Bytes that are held beyond the last chunk, for each chunk of a text.
fn held(text: &str, chunk: usize) -> Vec<usize> {
    let guard = Pii::configure(Config::default()).unwrap();
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(chunk).chain([text.len()]).collect();
    let ends = places.windows(2).map(|pair| (pair[0], pair[1]));
    let held = ends.map(|(from, to)| {
        let mut item = testing::item(&text[..to]);
        item.parts[0].more_after = true;
        let settled = guard.settled(&item.parts)[0] as usize;
        from.saturating_sub(settled)
    });
    held.collect()
}

#[test]
fn ordinary_prose_settles_at_once() {
    let prose = "When the harbour master wrote to the council in 1887, nobody expected an answer before spring. The letter \
                 described three proposals: to deepen the channel by 2 metres, to move the light, and to pay the pilots \
                 a little more (about 40 shillings). It was read aloud, discussed for most of an evening, and filed. \
                 Years later a clerk found it again, with notes in the margin: \u{201c}see page 12; costs 3,400 or so\u{201d}. \
                 Nothing came of it, although the light was moved in the end, in May 1902, after two ships had been lost. ";
    let mut held = held(&prose.repeat(3), 4);
    held.sort_unstable();
    assert_eq!(held[held.len() / 2], 0);
    assert!(held[held.len() * 99 / 100] <= 64, "{:?}", &held[held.len() * 99 / 100..]);
}

#[test]
fn a_number_is_held_only_as_long_as_it_is_open() {
    let guard = Pii::configure(Config::default()).unwrap();
    let settled = |text: &str| {
        let mut item = testing::item(text);
        item.parts[0].more_after = true;
        guard.settled(&item.parts)[0] as usize
    };
    assert_eq!(settled("write to jane.doe"), 9);
    assert_eq!(settled("write to jane.doe@mail.or"), 9);
    assert_eq!(settled("write to jane.doe now "), 22);
    assert_eq!(settled("my card is 4111 1111 1"), 11);
    assert_eq!(settled("in 2024 they came "), 18);
    assert_eq!(settled("call (212"), 5);
}

#[test]
fn an_endless_word_is_not_held() {
    let guard = Pii::configure(Config::default()).unwrap();
    for endless in ["a", "1", "1 ", "a@", "1.", "(", "a.", ":", "f:", "\u{e9}"] {
        let text = endless.repeat(4000);
        let mut item = testing::item(&text);
        item.parts[0].more_after = true;
        let settled = guard.settled(&item.parts)[0] as usize;
        assert!(text.len() - settled <= 400, "{endless}: {}", text.len() - settled);
    }
}

//! Views of any text: bounded, every character from whole characters of the original, and settled whatever follows.
//!
//! The first number says where the text is cut; the rest is the text. `cargo +nightly fuzz run views`

#![no_main]

use guardhouse::text::{GROWTH, MAX_VIEWS, Text, ViewKind, ViewKinds, Views};
use libfuzzer_sys::fuzz_target;

const KINDS: [ViewKind; 4] = [ViewKind::Unescaped, ViewKind::Unhidden, ViewKind::Base64, ViewKind::Hex];

fuzz_target!(|input: (u16, &str)| {
    let (cut, body) = input;
    let whole = Views::of(&[Text { body, at: 0, more_after: false }], KINDS.into_iter().collect());
    let bytes: usize = whole.iter().map(|view| view.body().len()).sum();
    assert!(bytes <= GROWTH * body.len() && whole.iter().count() <= MAX_VIEWS);
    for (index, view) in whole.iter().enumerate() {
        let mut before = 0..0;
        for (at, char) in view.body().char_indices() {
            let span = whole.original(index, at..at + char.len_utf8());
            assert!(body.get(span.clone()).is_some_and(|text| !text.is_empty()), "{span:?}");
            assert!(before.start <= span.start && before.end <= span.end, "{before:?} {span:?}");
            before = span;
        }
    }
    let cut = body.floor_char_boundary(usize::from(cut).min(body.len()));
    for kind in KINDS {
        let kinds = ViewKinds::of(kind);
        let seen = Views::of(&[Text { body: &body[..cut], at: 0, more_after: true }], kinds);
        let whole = Views::of(&[Text { body, at: 0, more_after: false }], kinds);
        let settled = seen.settled(0);
        assert!(settled <= cut);
        // A bound cuts another text elsewhere.
        if !seen.is_incomplete() && !whole.is_incomplete() {
            assert_eq!(decoded(&seen, body, settled), decoded(&whole, body, settled), "{kind:?} up to {settled}");
        }
    }
});

/// What is decoded up to `settled`: where each character that is not as it stands comes from, and what it is.
fn decoded(views: &Views, body: &str, settled: usize) -> Vec<(usize, usize, char)> {
    let mut decoded = Vec::new();
    for (index, view) in views.iter().enumerate() {
        for (at, char) in view.body().char_indices() {
            let span = views.original(index, at..at + char.len_utf8());
            if span.start < settled && body[span.clone()] != *char.to_string() {
                decoded.push((span.start, span.end, char));
            }
        }
    }
    decoded.sort_unstable();
    decoded.dedup();
    decoded
}

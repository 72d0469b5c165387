//! What the guard finds and what it leaves alone, through the interface that the host calls.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guardhouse_guard::testing;
use guest_customers::Customers;
use proptest::prelude::*;

const CONFIG: &str = r#"{"prefix":"KD-","allow":["KD-00000000"]}"#;

fn found(text: &str) -> Vec<&str> {
    let findings = testing::inspect::<Customers>(CONFIG, text).unwrap();
    findings.iter().map(|finding| &text[finding.place().unwrap().1]).collect()
}

#[test]
fn a_number_with_its_check_digit_is_found_and_nothing_beside_it() {
    assert_eq!(found("Refund KD-48201735, please."), ["KD-48201735"]);
}

#[test]
fn what_only_looks_like_a_number_is_left_alone() {
    for text in ["KD-48201736", "KD-482017350", "AKD-48201735", "KD-4820173", "KD-00000000", "<CUSTOMER_1>"] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn a_prefix_that_cannot_be_meant_is_refused() {
    let error = testing::configure::<Customers>(r#"{"prefix":"kd"}"#).unwrap_err();
    assert_eq!(error, "`prefix`: expected 2 to 8 capital letters and `-`, found `kd`");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    /// What is found in a window of a text is what is found in the whole.
    #[test]
    fn findings_do_not_depend_on_how_a_stream_is_cut(
        text in "(KD-48201735|KD-|K|KD-482|[0-9]|[ a-zé]{0,9}){0,20}",
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let guard = testing::configure::<Customers>(CONFIG).unwrap();
        let (one, other) = (one.index(text.len() + 1), other.index(text.len() + 1));
        let window = text.floor_char_boundary(one.min(other))..text.ceil_char_boundary(one.max(other));
        prop_assert_eq!(testing::holds_in_window(&guard, &text, window), Ok(()), "{}", text);
    }
}

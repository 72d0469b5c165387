//! Tokens of the table: a prefix of their own and a body of one alphabet.

use crate::checksum;
use crate::opener::ends;
use crate::rules::{Check, Rule, Token};
use crate::scan::Scan;

/// How many full stops behind a token may end the sentence.
const STOPS: usize = 3;

/// How sure a token is whose check sum is wrong: made up, perhaps, or of a format to come.
const UNCHECKED: u8 = 75;

/// Takes the token whose prefix lies at `at` and whose body begins at `begin`, if it is one. Says whether it is.
pub(crate) fn find_at(scan: &mut Scan, rule: &'static Rule, token: &Token, at: usize, begin: usize) -> bool {
    let text = scan.text;
    let mut end = scan.run(token.alphabet, begin);
    if end - begin > token.max {
        return false;
    }
    let start = if token.whole { at } else { begin };
    if end == text.len() && start < end {
        scan.hold(start);
    }
    if token.alphabet.has(b'.') {
        end -= text[begin..end].iter().rev().take(STOPS).take_while(|byte| **byte == b'.').count();
    }
    let body = &text[begin..end];
    if body.len() < token.min || !ends(text, end) || scan.covers(rule, &(start..end)) || scan.is_dummy(begin..end) {
        return false;
    }
    let confidence = match token.check {
        Check::Marks(byte, places) if !has_marks(body, byte, places) => return false,
        Check::Digit if !body.iter().any(u8::is_ascii_digit) => return false,
        Check::Crc32 if body.len() == checksum::LENGTH => {
            if checksum::is_right(body) {
                100
            } else {
                UNCHECKED
            }
        }
        _ => rule.confidence,
    };
    scan.found_with(rule, start..end, confidence);
    true
}

/// Whether a byte stands at these places and at no others.
fn has_marks(body: &[u8], byte: u8, places: &[usize]) -> bool {
    memchr::memchr_iter(byte, body).eq(places.iter().copied())
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::opener;
    use crate::rules::{self, Form};
    use crate::worth::Worth;

    /// A body of an alphabet that no two bytes in a row repeat and that holds no words, with the marks of its format.
    fn body(token: &Token, length: usize) -> String {
        let (mark, places): (u8, &[usize]) = match token.check {
            Check::Marks(byte, places) => (byte, places),
            _ => (b' ', &[]),
        };
        let bytes: Vec<u8> =
            (b'0'..=b'z').filter(|byte| byte.is_ascii_alphanumeric() && token.alphabet.has(*byte)).collect();
        let of = |at: usize| {
            if places.contains(&at) { mark } else { bytes[(at * 7 + at / bytes.len() * 3 + 5) % bytes.len()] }
        };
        (0..length).map(|at| char::from(of(at))).collect()
    }

    fn found(text: &str) -> Vec<(&'static str, Range<usize>)> {
        let mut scan = Scan::new(text.as_bytes(), Worth { entropy: 3.5 });
        opener::find(&mut scan);
        scan.hits.into_iter().map(|hit| (hit.rule.id, hit.span)).collect()
    }

    /// Every prefix of every rule.
    fn tokens() -> impl Iterator<Item = (&'static Rule, &'static str, Token)> {
        rules::all().flat_map(|rule| {
            let prefixes = match rule.form {
                Form::Token(token) => token.prefixes.iter().map(|prefix| (rule, *prefix, token)).collect(),
                Form::Written => Vec::new(),
            };
            prefixes.into_iter()
        })
    }

    #[test]
    fn every_rule_finds_its_shortest_and_longest_token_and_nothing_beside_it() {
        for (rule, prefix, token) in tokens() {
            for length in [token.min, token.max] {
                let text = format!("a key ({prefix}{}), see", body(&token, length));
                let begin = if token.whole { 7 } else { 7 + prefix.len() };
                assert_eq!(found(&text), [(rule.id, begin..7 + prefix.len() + length)], "{text}");
            }
        }
    }

    #[test]
    fn no_rule_finds_a_body_that_is_too_short() {
        for (rule, prefix, token) in tokens() {
            let text = format!("{prefix}{}", body(&token, token.min - 1));
            assert!(found(&text).iter().all(|(id, _)| *id != rule.id), "{text}");
        }
    }

    #[test]
    fn no_rule_finds_a_token_inside_a_longer_word() {
        for (_, prefix, token) in tokens() {
            let text = format!("x{prefix}{}", body(&token, token.min));
            // Where a prefix has a dot in it, what follows the dot is a word of its own.
            let begins = [1, 1 + prefix.len()];
            assert!(found(&text).iter().all(|(_, span)| !begins.contains(&span.start)), "{text}");
        }
    }

    #[test]
    fn no_rule_finds_a_body_of_one_repeated_byte() {
        for (_, prefix, token) in tokens() {
            let byte = if token.alphabet.has(b'A') { "A" } else { "a" };
            let text = format!("{prefix}{}", byte.repeat(token.min));
            assert_eq!(found(&text), [], "{text}");
        }
    }

    #[test]
    fn a_token_behind_an_escape_is_found() {
        for before in ["\\n", "\\t", "token%3D", "\u{3000}", "-", "/"] {
            assert_eq!(found(&format!("{before}{}", github())).len(), 1, "{before}");
        }
    }

    #[test]
    fn of_two_tokens_side_by_side_both_are_found() {
        let token = github();
        assert_eq!(found(&format!("{token} {token},{token}")).len(), 3);
    }

    #[test]
    fn a_right_check_sum_makes_a_token_certain_and_a_wrong_one_doubtful() {
        let confidence = |body: &str| {
            let text = format!("ghp{}{body}", "_");
            let mut scan = Scan::new(text.as_bytes(), Worth { entropy: 3.5 });
            opener::find(&mut scan);
            scan.hits[0].confidence
        };
        // The example of the format's description.
        assert_eq!(confidence(&["zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat()), 100);
        assert_eq!(confidence(&["zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq18"].concat()), UNCHECKED);
    }

    fn github() -> String {
        format!("ghp{}{}", "_", &"9Kq7vX2mP9sLbT4nRwZ8cYdF1hJgA5eU6oQiB3kVtNx"[..36])
    }
}

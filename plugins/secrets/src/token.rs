//! Keys that begin with a prefix of their own, found in one pass over the text.

use crate::pairs::Pairs;
use crate::rules::{Form, RULES};
use crate::{Hit, worth};

/// Which bytes the prefixes have at their first and second place, and at their second and third. Few positions of ordinary
/// text pass both, and only those are compared with the prefixes.
static FIRST: Pairs = pairs(0);
static SECOND: Pairs = pairs(1);

const fn pairs(at: usize) -> Pairs {
    let mut pairs = Pairs::none();
    let mut rule = 0;
    while rule < RULES.len() {
        if let Form::Token { prefixes, .. } = RULES[rule].form {
            let mut prefix = 0;
            while prefix < prefixes.len() {
                pairs = pairs.with(prefixes[prefix], at);
                prefix += 1;
            }
        }
        rule += 1;
    }
    pairs
}

/// Finds all tokens of the table.
pub(crate) fn find(text: &str, hits: &mut Vec<Hit>) {
    let text = text.as_bytes();
    let mut at = 0;
    while let [first, second, third, ..] = text[at..] {
        let may_begin = FIRST.has(first, second) && SECOND.has(second, third) && begins(text, at);
        match may_begin.then(|| find_at(text, at)).flatten() {
            Some(hit) => {
                at = hit.span.end;
                hits.push(hit);
            }
            None => at += 1,
        }
    }
}

/// The token that begins here, if one does.
fn find_at(text: &[u8], at: usize) -> Option<Hit> {
    RULES.iter().find_map(|rule| {
        let Form::Token { prefixes, alphabet, min, max, whole } = rule.form else { return None };
        let prefix = prefixes.iter().map(|prefix| prefix.as_bytes());
        let prefix = prefix.filter(|prefix| prefix[0] == text[at]).find(|prefix| text[at..].starts_with(prefix))?;
        let begin = at + prefix.len();
        let mut run = text[begin..].iter().take(max + 1).take_while(|byte| alphabet.has(**byte)).count();
        if run <= max && alphabet.has(b'.') {
            // A full stop behind a token ends the sentence.
            run -= text[begin..begin + run].iter().rev().take_while(|byte| **byte == b'.').count();
        }
        let end = begin + run;
        let is_token = (min..=max).contains(&run) && ends(text, end) && !worth::is_dummy(&text[begin..end]);
        is_token.then_some(Hit { rule, span: if whole { at..end } else { begin..end } })
    })
}

/// Whether a token can begin here: no letter, digit or `_` stands before it, unless as part of an escape (`\n`, `%3D`),
/// where JSON or a URL lies in the text as it was sent.
pub(crate) fn begins(text: &[u8], at: usize) -> bool {
    match &text[..at] {
        [.., b'\\', b'n' | b'r' | b't'] | [] => true,
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => true,
        [.., before] => !is_word(*before),
    }
}

/// Whether a token can end here: no letter, digit or `_` follows.
pub(crate) fn ends(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|after| !is_word(*after))
}

/// Whether a byte belongs to a word. A byte of a character beyond ASCII does not: scripts without spaces put a token
/// right beside their letters.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Alphabet, Rule};

    /// A body of an alphabet that no two bytes in a row repeat and that holds no words.
    fn body(alphabet: Alphabet, length: usize) -> String {
        let bytes: Vec<u8> = (b'0'..=b'z').filter(|byte| byte.is_ascii_alphanumeric() && alphabet.has(*byte)).collect();
        (0..length).map(|at| char::from(bytes[(at * 7 + at / bytes.len() * 3 + 5) % bytes.len()])).collect()
    }

    fn found(text: &str) -> Vec<(&'static str, std::ops::Range<usize>)> {
        let mut hits = Vec::new();
        find(text, &mut hits);
        hits.into_iter().map(|hit| (hit.rule.id, hit.span)).collect()
    }

    /// Every prefix of every rule, with the lengths of its body.
    fn tokens() -> impl Iterator<Item = (&'static Rule, &'static str, Alphabet, usize, usize, bool)> {
        RULES.iter().flat_map(|rule| {
            let Form::Token { prefixes, alphabet, min, max, whole } = rule.form else { unreachable!() };
            prefixes.iter().map(move |prefix| (rule, *prefix, alphabet, min, max, whole))
        })
    }

    #[test]
    fn every_rule_finds_its_shortest_and_longest_token_and_nothing_beside_it() {
        for (rule, prefix, alphabet, min, max, whole) in tokens() {
            for length in [min, max] {
                let text = format!("a key ({prefix}{}), see", body(alphabet, length));
                let begin = if whole { 7 } else { 7 + prefix.len() };
                assert_eq!(found(&text), [(rule.id, begin..7 + prefix.len() + length)], "{text}");
            }
        }
    }

    #[test]
    fn no_rule_finds_a_body_that_is_too_short() {
        for (rule, prefix, alphabet, min, ..) in tokens() {
            let text = format!("{prefix}{}", body(alphabet, min - 1));
            assert!(found(&text).iter().all(|(id, _)| *id != rule.id), "{text}");
        }
    }

    #[test]
    fn no_rule_finds_a_token_inside_a_longer_word() {
        for (_, prefix, alphabet, min, ..) in tokens() {
            let text = format!("x{prefix}{}", body(alphabet, min));
            // Where a prefix has a dot in it, what follows the dot is a word of its own.
            let begins = [1, 1 + prefix.len()];
            assert!(found(&text).iter().all(|(_, span)| !begins.contains(&span.start)), "{text}");
        }
    }

    #[test]
    fn no_rule_finds_a_body_of_one_repeated_byte() {
        for (_, prefix, alphabet, min, ..) in tokens() {
            let byte = if alphabet.has(b'A') { "A" } else { "a" };
            let text = format!("{prefix}{}", byte.repeat(min));
            assert_eq!(found(&text), [], "{text}");
        }
    }

    #[test]
    fn a_token_behind_an_escape_is_found() {
        let token = format!("ghp{}{}", "_", body(Alphabet::Alnum, 36));
        for before in ["\\n", "\\t", "token%3D", "\u{3000}", "-", "/"] {
            assert_eq!(found(&format!("{before}{token}")).len(), 1, "{before}");
        }
    }

    #[test]
    fn of_two_tokens_side_by_side_both_are_found() {
        let token = format!("ghp{}{}", "_", body(Alphabet::Alnum, 36));
        assert_eq!(found(&format!("{token} {token},{token}")).len(), 3);
    }
}

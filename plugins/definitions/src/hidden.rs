//! Characters and padding that hide text from people and not from the model.
//!
//! Sources: the Unicode Character Database (tag characters U+E0000 to U+E007F; default-ignorable characters; bidirectional
//! controls, UAX 9), and ECMA-48 for escape sequences, which begin with ESC.

use std::ops::Range;

use crate::Hit;
use crate::rules::{self, Rule};

/// The least invisible characters in a row that are reported in a description: one or two are left over from an editor.
const RUN: usize = 3;

/// The least bytes of white space in a row that move what follows out of sight: more than a wide screen's line.
const PADDING: usize = 240;

/// The least line ends in a row that do.
const LINES: usize = 12;

/// What is wrong with a character.
fn rule(character: char) -> Option<&'static Rule> {
    match character {
        '\u{e0000}'..='\u{e007f}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{180e}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{e0100}'..='\u{e01ef}' => Some(&rules::INVISIBLE),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(&rules::DIRECTION),
        '\u{1b}' | '\u{9b}' => Some(&rules::TERMINAL),
        _ => None,
    }
}

/// Finds them in a name, where there is no place for any.
pub(crate) fn find_in_name(name: &str, hits: &mut Vec<Hit>) {
    runs(name, |rule, span, _| hits.push(Hit { rule, confidence: 90, span }));
}

/// Finds them in a description.
pub(crate) fn find_in_text(text: &str, hits: &mut Vec<Hit>) {
    runs(text, |rule, span, count| {
        let is_flag = text.get(..span.start).is_some_and(|before| before.ends_with('\u{1f3f4}'));
        let confidence = match rule.id {
            // Flags of countries' parts are spelled in tag characters behind a black flag.
            "invisible" if is_flag => 0,
            "invisible" if count >= RUN => 90,
            "invisible" => 40,
            // Marks of direction are right where there are letters that run from right to left.
            "direction" if has_right_to_left(text) => 50,
            _ => 85,
        };
        hits.push(Hit { rule, confidence, span });
    });
    let mut start = None;
    for (at, character) in text.char_indices().chain([(text.len(), 'x')]) {
        match (character.is_whitespace(), start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                let space = text.get(begin..at).unwrap_or_default();
                let lines = space.bytes().filter(|byte| *byte == b'\n').count();
                if at < text.len() && (space.len() >= PADDING || lines >= LINES) {
                    hits.push(Hit { rule: &rules::PADDING, confidence: 80, span: begin..at });
                }
                start = None;
            }
            _ => {}
        }
    }
}

/// Calls `found` for each run of characters of one rule, with its place and how many they are.
fn runs(text: &str, mut found: impl FnMut(&'static Rule, Range<usize>, usize)) {
    let mut run: Option<(&'static Rule, usize, usize)> = None;
    for (at, character) in text.char_indices().chain([(text.len(), 'x')]) {
        let now = rule(character);
        match (&mut run, now) {
            (Some((rule, _, count)), Some(now)) if rule.id == now.id => *count += 1,
            _ => {
                if let Some((rule, start, count)) = run.take() {
                    found(rule, start..at, count);
                }
                run = now.map(|rule| (rule, at, 1));
            }
        }
    }
}

/// Whether a text has letters of Hebrew, Arabic, Syriac or Thaana.
fn has_right_to_left(text: &str) -> bool {
    text.chars()
        .any(|character| matches!(character, '\u{590}'..='\u{7bf}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
}

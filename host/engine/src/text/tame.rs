//! Text that somebody else wrote, made fit for a log, an agent, a terminal or a page.

use std::fmt::Write as _;

/// Cuts `text` to `bound` bytes on a character boundary and drops what could act on its reader: control characters,
/// and the invisible ones that hide or reorder text (zero-width, bidirectional, tag and variation characters).
#[must_use]
pub fn tame(text: &str, bound: usize) -> String {
    let mut tamed = String::with_capacity(text.len().min(bound));
    for character in text.chars() {
        let character = if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character };
        if acts_on_its_reader(character) {
            continue;
        }
        if tamed.len() + character.len_utf8() > bound {
            tamed.push('…');
            break;
        }
        tamed.push(character);
    }
    tamed
}

/// Cuts `text` to `bound` bytes on a character boundary and shows what [`tame`] drops: `\u{200b}` for a zero-width
/// space, `\n` for the end of a line. For a person that reviews a text, to whom what is hidden in it matters most.
#[must_use]
pub fn reveal(text: &str, bound: usize) -> String {
    let mut revealed = String::with_capacity(text.len().min(bound));
    for character in text.chars() {
        let shown = revealed.len();
        if acts_on_its_reader(character) {
            // Writing to a string cannot fail. The short escapes are those of a Rust or JSON string.
            let _ = match character {
                '\n' | '\r' | '\t' => write!(revealed, "{}", character.escape_default()),
                _ => write!(revealed, "{}", character.escape_unicode()),
            };
        } else {
            revealed.push(character);
        }
        if revealed.len() > bound {
            revealed.truncate(shown);
            revealed.push('…');
            break;
        }
    }
    revealed
}

/// Whether a character does something to the text around it, or is there without being seen.
///
/// Control characters, separators of lines and paragraphs, interlinear annotation, and every character of Unicode's
/// property `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`, Unicode 16), which is drawn as nothing.
pub(crate) fn acts_on_its_reader(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_its_reader_is_dropped() {
        assert_eq!(tame("a\u{1b}[31mb\nc\u{202e}d\u{200b}e\u{e0041}f\u{3164}g", 99), "a[31mb cdefg");
    }

    #[test]
    fn a_long_text_is_cut_on_a_character_and_marked() {
        assert_eq!(tame("ééé", 5), "éé…");
        assert_eq!(tame("éé", 4), "éé");
    }

    #[test]
    fn what_is_dropped_elsewhere_is_revealed() {
        assert_eq!(
            reveal("a\u{1b}[31mb\nc\u{202e}d\u{200b}e\u{e0041}f é", 99),
            "a\\u{1b}[31mb\\nc\\u{202e}d\\u{200b}e\\u{e0041}f é"
        );
    }

    #[test]
    fn a_revealed_text_is_cut_before_an_escape_that_does_not_fit() {
        assert_eq!(reveal("ab\u{200b}", 9), "ab…");
        assert_eq!(reveal("ab\u{200b}", 10), "ab\\u{200b}");
        assert_eq!(reveal("ééé", 5), "éé…");
    }
}

//! Text that somebody else wrote, made fit for a log, an agent, a terminal or a page.

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

fn acts_on_its_reader(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_its_reader_is_dropped() {
        assert_eq!(tame("a\u{1b}[31mb\nc\u{202e}d\u{200b}e\u{e0041}f", 99), "a[31mb cdef");
    }

    #[test]
    fn a_long_text_is_cut_on_a_character_and_marked() {
        assert_eq!(tame("ééé", 5), "éé…");
        assert_eq!(tame("éé", 4), "éé");
    }
}

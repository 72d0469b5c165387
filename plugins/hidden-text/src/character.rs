//! The invisible characters, and the one pass over a text that finds them.

use crate::scan::Scan;
use crate::{bidi, run, terminal};

/// An empty Braille pattern.
pub(crate) const BLANK: char = '\u{2800}';

/// What an invisible character is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// U+E0000 to U+E007F.
    Tag,
    /// A variation selector.
    Selector,
    /// Opens a bidirectional embedding, isolate or override.
    Opener,
    /// Any other that has no width.
    ZeroWidth,
    /// A zero-width character of one script alone, or of none.
    Foreign,
    /// [`BLANK`]: wide, and seen as a space.
    Blank,
}

impl Class {
    /// The class of a character: those of `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt, Unicode 16), with
    /// U+FFF9 to U+FFFB and U+2800; without U+202C and U+2069, which close nothing where nothing is open.
    pub(crate) const fn of(character: char) -> Option<Self> {
        Some(match character as u32 {
            0xE0000..=0xE007F => Self::Tag,
            0xFE00..=0xFE0F | 0xE0100..=0xE01EF | 0x180B..=0x180D | 0x180F => Self::Selector,
            0x202A | 0x202B | 0x202D | 0x202E | 0x2066..=0x2068 => Self::Opener,
            0xAD | 0x34F | 0x61C | 0x200B..=0x200F | 0x2060..=0x2064 | 0xFEFF => Self::ZeroWidth,
            0x115F..=0x1160
            | 0x17B4..=0x17B5
            | 0x180E
            | 0x2065
            | 0x206A..=0x206F
            | 0x3164
            | 0xFFA0
            | 0xFFF0..=0xFFFB
            | 0x1BCA0..=0x1BCA3
            | 0x1D173..=0x1D17A
            | 0xE0080..=0xE00FF
            | 0xE01F0..=0xE0FFF => Self::Foreign,
            _ if character == BLANK => Self::Blank,
            _ => return None,
        })
    }
}

/// The bytes that begin something hidden: controls of terminals, and the first bytes of the characters above.
static BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let first = [0x08, 0x0D, 0x1B, 0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3];
    let mut at = 0;
    while at < first.len() {
        begins[first[at]] = true;
        at += 1;
    }
    begins
};

/// Whether the second byte goes with the first, so that few characters are decoded.
const fn goes_on(first: u8, second: u8) -> bool {
    match first {
        0xC2 => second == 0xAD,
        0xCD => second == 0x8F,
        0xD8 => second == 0x9C,
        0xE1 => matches!(second, 0x85 | 0x9E | 0xA0),
        0xE2 => matches!(second, 0x80 | 0x81 | 0xA0),
        0xE3 => second == 0x85,
        0xEF => matches!(second, 0xB8 | 0xBB | 0xBE | 0xBF),
        0xF0 => matches!(second, 0x9B | 0x9D),
        0xF3 => second == 0xA0,
        _ => true,
    }
}

/// Finds all that characters hide.
pub(crate) fn find(scan: &mut Scan) {
    let text = scan.text;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| BEGINS[usize::from(*byte)])) {
        at += skipped;
        let first = bytes[at];
        if first < 0x80 {
            at = terminal::find_at(scan, at);
            continue;
        }
        if !bytes.get(at + 1).is_some_and(|second| goes_on(first, *second)) {
            at += 1;
            continue;
        }
        let Some(character) = scan.after(at) else { break };
        at = match Class::of(character) {
            None => at + character.len_utf8(),
            Some(Class::Tag) => run::tags(scan, at),
            Some(Class::Selector) => run::selectors(scan, at),
            Some(Class::Opener) => bidi::find_at(scan, at, character),
            Some(Class::ZeroWidth | Class::Foreign | Class::Blank) => run::zero_widths(scan, at),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invisible_character_passes_the_first_look() {
        for character in ('\0'..=char::MAX).filter(|character| Class::of(*character).is_some()) {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).as_bytes();
            assert!(BEGINS[usize::from(bytes[0])] && goes_on(bytes[0], bytes[1]), "U+{:04X}", u32::from(character));
        }
    }
}

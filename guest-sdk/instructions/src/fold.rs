//! Folding: one spelling for what a reader takes for one word.
//!
//! Letters lose case and accents, digits and signs that stand in for letters become these (`1gn0re`, `p@ssw0rd`), Arabic
//! and Hebrew lose their vowel marks, Cyrillic its `ё`. `l` and `i` fold to one letter, since `1` stands for either. The
//! word lists are folded the same way, so that both sides meet.

/// What a character is to the reader of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Belongs to a word, and is written so in folded text.
    Letter(char),
    /// Belongs to a word and is left out of folded text.
    Mark,
    /// A character of a script that writes no spaces between words, or joins them freely.
    Unspaced,
    /// Ends a sentence, whatever follows.
    Stop,
    /// Stands between words.
    Between,
}

/// Folded ASCII; 0 for what belongs to no word.
pub(crate) const ASCII_FOLDED: [u8; 256] = ascii();

/// The same, in one place.
pub(crate) static ASCII: [u8; 256] = ASCII_FOLDED;

const fn ascii() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = b'a';
    while byte <= b'z' {
        let folded = if byte == b'l' { b'i' } else { byte };
        table[byte as usize] = folded;
        table[byte.to_ascii_uppercase() as usize] = folded;
        byte += 1;
    }
    let mut digit = b'0';
    while digit <= b'9' {
        table[digit as usize] = digit;
        digit += 1;
    }
    // The usual stand-ins for letters: https://en.wikipedia.org/wiki/Leet#Orthography, of which those are left out
    // that stand between words at least as often (`|`, `!`, `+`).
    table[b'0' as usize] = b'o';
    table[b'1' as usize] = b'i';
    table[b'3' as usize] = b'e';
    table[b'4' as usize] = b'a';
    table[b'5' as usize] = b's';
    table[b'7' as usize] = b't';
    table[b'@' as usize] = b'a';
    table[b'$' as usize] = b's';
    table
}

/// Folds the first eight bytes of a word: the folded bytes of the word, lowest first, and how many they are. Nothing if there
/// are not as many bytes.
#[inline]
pub(crate) fn head(text: &[u8]) -> Option<(u64, usize)> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let bytes = text.first_chunk::<8>()?;
    let folded = u64::from_le_bytes(bytes.map(|byte| ASCII[usize::from(byte)]));
    // The lowest byte that is 0 has its upper bit set here, and none below it has.
    let zeros = folded.wrapping_sub(ONES) & !folded & (ONES << 7);
    let length = zeros.trailing_zeros() / 8;
    let rest = u64::MAX.checked_shl(length * 8).unwrap_or(0);
    Some((folded & !rest, length as usize))
}

/// Letters without their accents, U+00C0 to U+017F, by the decompositions of `UnicodeData.txt` (Unicode 16) and, where
/// there is none (`ø`, `ł`, `đ`, `ß`), by the letter that is typed for want of it. A full stop is no letter.
const LATIN: &[u8; 192] = b"\
    aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty\
    aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkiiiiiii\
    iiinnnnnn.nnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// The same for U+1E00 to U+1EFF, of which Vietnamese has most.
const LATIN_ADDITIONAL: &[u8; 256] = b"\
    aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkiiiiiiiimm\
    mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv\
    wwwwwwwwwwxxxxyyzzzzzzhtwyas....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
    eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

/// What a character is.
pub(crate) fn kind(character: char) -> Kind {
    let code = character as u32;
    match code {
        0..0x80 => match ASCII[code as usize & 0x7f] {
            0 => Kind::Between,
            folded => Kind::Letter(char::from(folded)),
        },
        0xc0..0x180 => latin(LATIN, code - 0xc0),
        0x1a0 | 0x1a1 => Kind::Letter('o'),
        0x1af | 0x1b0 => Kind::Letter('u'),
        // Combining accents; vowel signs of Hebrew; tatweel, vowel signs and superscript alef of Arabic.
        0x300..0x370 | 0x591..=0x5bd | 0x5bf | 0x5c1 | 0x5c2 | 0x640 | 0x64b..0x660 | 0x670 => Kind::Mark,
        0x410..0x430 => lower(code + 0x20),
        0x401 | 0x451 => Kind::Letter('\u{435}'),
        0x400..0x410 => lower(code + 0x50),
        0x490 => lower(0x491),
        // Greek capitals and Armenian do not occur in the word lists.
        // Alef with hamza or madda, alef maksura and teh marbuta are typed without as often as with.
        0x622 | 0x623 | 0x625 => Kind::Letter('\u{627}'),
        0x649 => Kind::Letter('\u{64a}'),
        0x629 => Kind::Letter('\u{647}'),
        0x1e00..0x1f00 => latin(LATIN_ADDITIONAL, code - 0x1e00),
        // Full-width letters and digits.
        0xff10..=0xff19 | 0xff21..=0xff3a | 0xff41..=0xff5a => {
            char::from_u32(code - 0xfee0).map_or(Kind::Between, kind)
        }
        // Danda; the Arabic question mark and full stop; ideographic full stop; full-width full stop, exclamation and
        // question mark.
        0x964 | 0x61f | 0x6d4 | 0x3002 | 0xff0e | 0xff61 | 0xff01 | 0xff1f => Kind::Stop,
        // Kana, ideographs (extension A and the first block), Hangul syllables.
        0x3041..0x3100 | 0x3400..0x4dc0 | 0x4e00..0xa000 | 0xac00..0xd7a4 => Kind::Unspaced,
        // Signs: controls and Latin-1, the Arabic comma and semicolon, punctuation to arrows, symbols and dingbats, CJK punctuation, private use, variation
        // selectors and small forms, full-width signs, and what lies beyond the first plane (emoji).
        0x80..0xc0
        | 0x60c
        | 0x61b
        | 0x2000..0x2c00
        | 0x2e00..0x2e80
        | 0x3000..0x3041
        | 0xe000..0xf900
        | 0xfe00..0xfe70
        | 0xff00..0xff66
        | 0x1_0000.. => Kind::Between,
        _ => Kind::Letter(character),
    }
}

fn lower(code: u32) -> Kind {
    char::from_u32(code).map_or(Kind::Between, Kind::Letter)
}

fn latin(table: &[u8], at: u32) -> Kind {
    match table.get(at as usize) {
        None | Some(b'.') => Kind::Between,
        Some(letter) => Kind::Letter(char::from(*letter)),
    }
}

/// The character that begins at a byte of a text. The offset is on a character boundary and inside the text; at any other
/// the answer is a replacement character of one byte, so that a reader always moves on.
pub(crate) fn character(text: &str, at: usize) -> (char, usize) {
    let found = text.get(at..).and_then(|rest| rest.chars().next());
    found.map_or((char::REPLACEMENT_CHARACTER, 1), |character| (character, character.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let letter = |character| match kind(character) {
            Kind::Letter(letter) => Some(letter),
            Kind::Unspaced => Some(character),
            _ => None,
        };
        text.chars().filter_map(letter).collect()
    }

    #[test]
    fn case_accents_and_stand_ins_fold_away() {
        assert_eq!(folded("IGNÓRÉ"), "ignore");
        assert_eq!(folded("1gn0r3"), "ignore");
        assert_eq!(folded("tell"), folded("TE11"));
        assert_eq!(folded("Łódź"), folded("lodz"));
        assert_eq!(folded("hướng dẫn"), folded("huong dan"));
        assert_eq!(folded("ПРЕДЫДУЩИЕ Ё"), "предыдущиее");
        assert_eq!(folded("تَجَاهَلْ"), "تجاهل");
        assert_eq!(folded("ＩＧＮＯＲＥ"), "ignore");
    }

    #[test]
    fn a_head_is_the_word_up_to_eight_bytes() {
        let number = |word: &[u8]| word.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        assert_eq!(head(b"Abc def hij"), Some((number(b"abc"), 3)));
        assert_eq!(head(b"instructions"), Some((number(b"instruct"), 8)));
        assert_eq!(head(b" abcdefg"), Some((0, 0)));
        assert_eq!(head("Gr\u{f6}\u{df}e ab".as_bytes()), Some((number(b"gr"), 2)));
        assert_eq!(head(b"abc"), None);
    }

    #[test]
    fn scripts_without_spaces_are_told_from_signs() {
        assert_eq!(kind('指'), Kind::Unspaced);
        assert_eq!(kind('지'), Kind::Unspaced);
        assert_eq!(kind('。'), Kind::Stop);
        assert_eq!(kind('、'), Kind::Between);
        assert_eq!(kind('\u{200b}'), Kind::Between);
        assert_eq!(kind('×'), Kind::Between);
        assert_eq!(kind('\u{1f600}'), Kind::Between);
        assert_eq!(kind('क'), Kind::Letter('क'));
    }
}

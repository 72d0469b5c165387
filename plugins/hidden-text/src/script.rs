//! Which scripts have a use for which invisible characters. Ranges are those of Blocks.txt (Unicode 16), wide rather than
//! narrow: where a script needs a character in some places, it is left alone beside all letters of the script.

/// Scripts whose letters join or stack, and that write the joiners U+200C and U+200D: Arabic and its neighbours, the scripts
/// of India and South East Asia, Tibetan, Mongolian. UTS #39 section 3.1.1 and RFC 5892 appendix A allow joiners behind a
/// virama or between joining letters; ordinary text of these scripts has them elsewhere too, and at the seam with a word of
/// another script.
pub(crate) fn joins(character: char) -> bool {
    matches!(u32::from(character),
        0x0590..=0x109F   // Hebrew, Arabic, Syriac, Thaana, NKo … the scripts of India, Thai, Lao, Tibetan, Myanmar
        | 0x1700..=0x1C7F // Tagalog, Khmer, Mongolian, Limbu, Tai Le, Buginese, Balinese, Batak, Lepcha, Ol Chiki
        | 0x1CD0..=0x1CFF // Vedic extensions
        | 0x2D30..=0x2D7F // Tifinagh
        | 0xA800..=0xAADF // Syloti Nagri, Phags-pa, Saurashtra, Javanese, Cham, Tai Viet, Meetei Mayek
        | 0xABC0..=0xABFF // Meetei Mayek
        | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE // presentation forms of Hebrew and Arabic
        | 0x10A00..=0x10FFF // Kharoshthi to Elymaic
        | 0x11000..=0x11FFF // Brahmi and its descendants
        | 0x1E800..=0x1EFFF) // Adlam, Arabic mathematical letters
}

/// Scripts without spaces between words, in which U+200B marks where a line may break (UAX #14 class ZW): Thai, Lao,
/// Tibetan, Myanmar, Khmer, the Tai scripts, Chinese and Japanese.
pub(crate) fn breaks_anywhere(character: char) -> bool {
    matches!(u32::from(character),
        0x0E00..=0x109F
        | 0x1780..=0x17FF
        | 0x1950..=0x1AAF
        | 0x1B00..=0x1C4F
        | 0x2E80..=0x312F // CJK radicals and punctuation, kana, bopomofo
        | 0x3190..=0x9FFF // Kanbun to CJK ideographs
        | 0xA980..=0xA9FF | 0xAA00..=0xAADF
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF00..=0xFF9F
        | 0x1B000..=0x1B16F
        | 0x20000..=0x3FFFF)
}

/// Letters that run from right to left (DerivedBidiClass.txt, R and AL, by block).
pub(crate) fn is_rtl(character: char) -> bool {
    matches!(u32::from(character),
        0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
        && character.is_alphabetic()
}

/// Whether a character is of any script that writes invisible characters.
pub(crate) fn shapes(character: char) -> bool {
    joins(character)
        || breaks_anywhere(character)
        || matches!(u32::from(character),
            0x1100..=0x11FF | 0xA960..=0xA97F | 0xD7B0..=0xD7FF // Hangul jamo
            | 0x1BC00..=0x1BCAF // Duployan
            | 0x1D100..=0x1D1FF) // musical notation
}

/// Whether a base may have this variation selector: StandardizedVariants.txt and emoji-variation-sequences.txt by block,
/// and ideographs for the Ideographic Variation Database (UTS #37).
pub(crate) fn varies(base: Option<char>, selector: char) -> bool {
    let code = base.map_or(0, u32::from);
    match u32::from(selector) {
        // Text or emoji. Where an emoji was taken away and its selector left, as in the anchors of headings, no letter
        // stands before it.
        0xFE0E | 0xFE0F => {
            base.is_none_or(|base| !base.is_alphabetic()) || matches!(code, 0x2100..=0x2BFF | 0x1F100..=0x1F2FF)
        }
        0xFE00..=0xFE0D => matches!(code,
            0x30 // a slashed zero
            | 0x1000..=0x109F | 0xA9E0..=0xA9FF | 0xAA60..=0xAA7F // dotted letters of Myanmar
            | 0x2010..=0x206F // quotation marks
            | 0x2100..=0x2BFF // mathematics, chess
            | 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF // ideographs, CJK punctuation
            | 0xA840..=0xA87F // Phags-pa
            | 0xFF00..=0xFFEF
            | 0x10AC0..=0x10AFF // Manichaean
            | 0x13000..=0x143FF), // Egyptian hieroglyphs
        0x180B..=0x180F => matches!(code, 0x1800..=0x18AF),
        _ => matches!(code, 0x2E80..=0x2FDF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF),
    }
}

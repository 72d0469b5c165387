//! Text in base64, hex or base32.
//!
//! What tells data from an identifier is that it decodes to text. An identifier is random: that 18 random bytes are all
//! printable ASCII has a probability of (95/256)^18, less than 10^-7, and letters are fewer than what is printable. So
//! commits, UUIDs, signatures and identifiers of videos and documents are not taken for data, however long.

/// The longest run that is decoded, in bytes: enough to tell, and a bound on the work.
const LONGEST: usize = 512;

/// The shortest base32 that is believed, in characters: plain words are base32 too, and short ones may decode to letters.
const SHORTEST_BASE32: usize = 24;

/// How many of a hundred characters of a text are letters, digits or spaces at least. JSON has about 70.
const READABLE: usize = 65;

/// How many of a hundred are letters or spaces. Pairs of decimal digits, as in dates, decode to digits and signs.
const LETTERS: usize = 40;

/// The text that a value holds which is at least `shortest` bytes long, in the first encoding that gives one.
pub(crate) fn text(value: &[u8], shortest: usize) -> Option<String> {
    let value = &value[..value.len().min(LONGEST)];
    let unpadded = value.len() - value.iter().rev().take_while(|byte| **byte == b'=').count();
    let value = &value[..unpadded];
    // Of four bits a character, then five, then six: each of these alphabets has the one before it in it.
    let alphabets: [(u32, usize, Digit); 3] =
        [(4, shortest, hex), (5, shortest.max(SHORTEST_BASE32), base32), (6, shortest, base64)];
    let mut long_enough = alphabets.into_iter().filter(|(_, shortest, _)| value.len() >= *shortest);
    long_enough.find_map(|(bits, _, digit)| readable(decode(value, bits, digit)?))
}

/// What a byte is worth as a digit, if it is one.
type Digit = fn(u8) -> Option<u8>;

/// Bytes from digits of `bits` bits each; bits that are left over at the end are dropped.
fn decode(value: &[u8], bits: u32, digit: Digit) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(value.len());
    let (mut held, mut count) = (0_u32, 0);
    for byte in value {
        held = held << bits | u32::from(digit(*byte)?);
        count += bits;
        if count >= 8 {
            count -= 8;
            decoded.push((held >> count & 0xff) as u8);
            // INVARIANT: `count` is below 8, so that no more than these bits are of use.
            held &= 0xff;
        }
    }
    Some(decoded)
}

/// A hexadecimal digit.
fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// A digit of base32 (RFC 4648 section 6) in either case.
fn base32(byte: u8) -> Option<u8> {
    match byte {
        b'a'..=b'z' => Some(byte - b'a'),
        b'A'..=b'Z' => Some(byte - b'A'),
        b'2'..=b'7' => Some(byte - b'2' + 26),
        _ => None,
    }
}

/// A digit of base64 or base64url (RFC 4648 sections 4 and 5).
fn base64(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// What was decoded, if it reads as text.
fn readable(mut decoded: Vec<u8>) -> Option<String> {
    // The run may have been cut inside a character, and a last digit may have brought a byte of rest.
    while decoded.last().is_some_and(|byte| *byte >= 0x80 || *byte == 0) {
        decoded.pop();
    }
    let text = String::from_utf8(decoded).ok()?;
    let (mut all, mut readable, mut letters) = (0, 0, 0);
    for char in text.chars() {
        if char.is_control() && !matches!(char, '\n' | '\r' | '\t') {
            return None;
        }
        all += 1;
        letters += usize::from(char.is_alphabetic() || char == ' ');
        readable += usize::from(char.is_alphanumeric() || char.is_whitespace());
    }
    (all >= 6 && readable * 100 >= all * READABLE && letters * 100 >= all * LETTERS).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_in_each_encoding() {
        for (value, plain) in [
            ("VGhlIGNvZGUgaXMgNDgyOTEgYW5kIG1vcmU=", "The code is 48291 and more"),
            ("VGhlIGNvZGUgaXMgNDgyOTEgYW5kIG1vcmU", "The code is 48291 and more"),
            ("54686520636f6465206973203438323931", "The code is 48291"),
            ("krugkidmnfzxi4tfof2gk3tdmu", ""),
            ("KRUGKIDDN5SGKIDJOMQDIOBSHEYQ", "The code is 48291"),
        ] {
            assert_eq!(text(value.as_bytes(), 16).filter(|_| !plain.is_empty()).as_deref().unwrap_or_default(), plain);
        }
    }

    #[test]
    fn identifiers_hold_no_text() {
        for value in [
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "7c9e6679742540de944be07fc1f90ae7",
            "20240131120000202401311200002024",
            "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms",
            "preventing-cross-site-request-forgery-csrf-attacks",
            "well_architected_security_mcp_server",
            "JavaScriptTemplateLiteralsInDepth",
            "00000000000000000000000000000000",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(text(value.as_bytes(), 16), None, "{value}");
        }
    }
}

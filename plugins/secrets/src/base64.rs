//! Decoding base64 of both kinds, as far as a look at the beginning needs.

/// The bytes that the digits say, up to the first byte that is none.
pub(crate) fn decode(encoded: &[u8]) -> Vec<u8> {
    crate::work::add(encoded.len());
    let mut decoded = Vec::with_capacity(encoded.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for value in encoded.iter().map_while(|byte| value(*byte)) {
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count & 0xff) as u8);
        }
    }
    decoded
}

/// The value of a digit (RFC 4648, tables 1 and 2).
fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_are_decoded_up_to_the_padding() {
        assert_eq!(decode(b"dXNlcjpwYXNz"), b"user:pass");
        assert_eq!(decode(b"YT8-YT8/"), decode(b"YT8+YT8_"));
        assert_eq!(decode(b"YQ==YQ"), b"a");
        assert_eq!(decode(b""), b"");
    }
}

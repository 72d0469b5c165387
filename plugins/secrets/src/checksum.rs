//! The check sum in GitHub's tokens, which npm's have too: 30 characters, then their CRC-32 in six digits of base 62.
//!
//! Source: GitHub blog, "Behind GitHub's new authentication token formats", 2021: CRC-32, base 62, leading zeros.

/// Bytes of a body with a check sum.
pub(crate) const LENGTH: usize = 36;

/// How many of them are the check sum.
const DIGITS: usize = 6;

/// Whether a body of [`LENGTH`] bytes ends in the check sum of the rest.
pub(crate) fn is_right(body: &[u8]) -> bool {
    let (random, sum) = body.split_at(body.len().saturating_sub(DIGITS));
    let value = sum.iter().try_fold(0_u64, |value, byte| Some(value * 62 + digit(*byte)?));
    value == Some(u64::from(crc32(random)))
}

/// The value of a digit: `0` to `9`, then capitals, then small letters.
fn digit(byte: u8) -> Option<u64> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b'a'..=b'z' => byte - b'a' + 36,
        _ => return None,
    };
    Some(u64::from(value))
}

/// The CRC-32 of ISO 3309 and of zip files.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_the_common_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_check_sum_is_right_for_its_own_body_only() {
        let random = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
        assert!(is_right(format!("{random}{}", "0mLq17").as_bytes()));
        assert!(!is_right(format!("{random}{}", "0mLq18").as_bytes()));
        assert!(!is_right(format!("{random}{}", "0mLq_7").as_bytes()));
        assert!(!is_right(b"short"));
    }
}

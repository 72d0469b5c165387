//! Addresses of cryptocurrency wallets: whoever knows one can see every payment to and from it.

use guardhouse_guard::Severity;
use sha2::{Digest as _, Sha256};

use crate::rule::{Kind, Rule};

/// A Bitcoin address.
pub(crate) const BITCOIN: Rule = Rule {
    id: "bitcoin-address",
    what: "The address of a Bitcoin wallet",
    source: "BIP 13 (Base58Check), BIP 173 and BIP 350 (Bech32 and Bech32m)",
    kind: Kind::CryptoWallet,
    severity: Severity::Low,
};

/// An Ethereum address.
pub(crate) const ETHEREUM: Rule = Rule {
    id: "ethereum-address",
    what: "The address of an Ethereum account",
    source: "Ethereum yellow paper section 4.1; ERC-55 for its written form",
    kind: Kind::CryptoWallet,
    severity: Severity::Low,
};

/// Percent for Bitcoin: its check has 30 or 32 bits.
const SURE: u8 = 99;

/// Percent for Ethereum: the contracts that programs call have addresses of the same form.
const SURE_OF_ETHEREUM: u8 = 60;

/// The shortest address and the longest.
pub(crate) const LENGTHS: std::ops::RangeInclusive<usize> = 26..=62;

/// The alphabet of Base58.
const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The alphabet of Bech32.
const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// The rule that a word of letters and digits is an address by, and how sure it is.
pub(crate) fn find(word: &[u8]) -> Option<(&'static Rule, u8)> {
    match word {
        [b'0', b'x', rest @ ..] => {
            let is_address =
                rest.len() == 40 && rest.iter().all(u8::is_ascii_hexdigit) && !rest.starts_with(&[b'0'; 8]);
            is_address.then_some((&ETHEREUM, SURE_OF_ETHEREUM))
        }
        [b'b' | b'B', b'c' | b'C', b'1', data @ ..] => is_bech32(data).then_some((&BITCOIN, SURE)),
        [b'1' | b'3', ..] => (word.len() <= 35 && is_base58_check(word)).then_some((&BITCOIN, SURE)),
        _ => None,
    }
}

/// Whether the last four of 25 bytes in Base58 are the beginning of the others' double SHA-256.
fn is_base58_check(word: &[u8]) -> bool {
    let mut bytes = [0_u8; 25];
    for character in word {
        let Some(value) = BASE58.iter().position(|other| other == character) else { return false };
        let mut carry = value;
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let (payload, check) = bytes.split_at(21);
    Sha256::digest(Sha256::digest(payload)).starts_with(check)
}

/// Whether the data behind `bc1` ends in a checksum of Bech32 or Bech32m.
fn is_bech32(data: &[u8]) -> bool {
    /// The generator of the checksum's code (BIP 173).
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let step = |sum: u32, value: u32| {
        let top = sum >> 25;
        let next = (sum & 0x01ff_ffff) << 5 ^ value;
        GENERATOR.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1).fold(next, |sum, (_, factor)| sum ^ factor)
    };
    let is_small = data.iter().all(|byte| !byte.is_ascii_uppercase());
    let is_capital = data.iter().all(|byte| !byte.is_ascii_lowercase());
    if !(is_small || is_capital) || data.len() < 11 {
        return false;
    }
    // The prefix `bc`: the high bits of its letters, a zero, their low bits.
    let mut sum = [3, 3, 0, 2, 3].into_iter().fold(1, step);
    for byte in data {
        let Some(value) = BECH32.iter().position(|other| *other == byte.to_ascii_lowercase()) else { return false };
        sum = step(sum, u32::try_from(value).unwrap_or_default());
    }
    matches!(sum, 1 | 0x2bc8_30a3)
}

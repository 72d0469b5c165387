//! What a host is once its spelling is undone.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A host.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// Its name or address.
    pub(super) what: What,
    /// It is spelt in a way in which nobody spells it: encoded, in another alphabet's digits, an address in octal.
    pub(super) odd: bool,
}

/// The name or address of a host.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A name, in lower case and without a dot at its end.
    Name(String),
    /// An address of IPv4.
    V4(Ipv4Addr),
    /// An address of IPv6.
    V6(Ipv6Addr),
}

/// Bytes of the longest host that is read: a name has 253 (RFC 1035, section 2.3.4), three times that in percent-encoding.
const LONGEST: usize = 1024;

impl Host {
    /// Reads a host. `in_url` is whether it stands in a URL, where a number alone is an address too. `None` if it is none.
    pub(super) fn read(text: &str, in_url: bool) -> Option<Self> {
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let mut odd = false;
        let mut name = String::with_capacity(text.len());
        for character in percent_decoded(text, &mut odd)?.chars() {
            match character {
                // Not there, by the WHATWG URL standard.
                '\t' | '\n' | '\r' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => odd = true,
                _ => {
                    let plain = plain(character);
                    odd |= plain != character;
                    name.extend(plain.to_lowercase());
                }
            }
        }
        if let Some(inner) = name.strip_prefix('[') {
            let inner = inner.strip_suffix(']').unwrap_or(inner);
            let address = inner.split('%').next()?.parse().ok()?;
            return Some(Self { what: What::V6(address), odd });
        }
        if name.contains(':') {
            return name.split('%').next()?.parse().ok().map(|address| Self { what: What::V6(address), odd });
        }
        if let Some(dotless) = name.strip_suffix('.') {
            odd |= dotless.parse::<Ipv4Addr>().is_ok() || dotless == "localhost";
            name.truncate(dotless.len());
        }
        if let Some(address) = v4(&name) {
            let plain = address.to_string() == name;
            // A number alone in an argument that takes a host may be anything.
            if plain || in_url || says_address(&name, address) {
                return Some(Self { what: What::V4(address), odd: odd || !plain });
            }
            return None;
        }
        Some(Self { what: What::Name(name), odd })
    }
}

/// Whether a number that is not in dotted form is an address even outside of a URL.
fn says_address(name: &str, address: Ipv4Addr) -> bool {
    let parts = name.split('.').count();
    parts == 4 || name.starts_with("0x") || (parts == 1 && name.len() >= 8) || (address.is_loopback() && parts > 1)
}

/// An address of IPv4 in any form that the WHATWG URL standard reads: one to four numbers, decimal, octal or hexadecimal,
/// the last of which fills what is left.
fn v4(name: &str) -> Option<Ipv4Addr> {
    let mut numbers = [0_u64; 4];
    let mut count = 0;
    for part in name.split('.') {
        *numbers.get_mut(count)? = number(part)?;
        count += 1;
    }
    let last = *numbers.get(count.checked_sub(1)?)?;
    let room = 8 * (5 - u32::try_from(count).ok()?);
    if last >= 1 << room || numbers[..count - 1].iter().any(|number| *number > 255) {
        return None;
    }
    let mut address = last;
    for (place, number) in numbers[..count - 1].iter().enumerate() {
        address |= number << (24 - 8 * place);
    }
    u32::try_from(address).ok().map(Ipv4Addr::from)
}

fn number(part: &str) -> Option<u64> {
    if part.is_empty() || part.len() > 16 {
        return None;
    }
    let (radix, digits) = match part.strip_prefix("0x") {
        Some("") => return Some(0),
        Some(digits) => (16, digits),
        None if part.len() > 1 && part.starts_with('0') => (8, &part[1..]),
        None => (10, part),
    };
    // `from_str_radix` would take a sign.
    digits.bytes().all(|digit| digit.is_ascii_alphanumeric()).then(|| u64::from_str_radix(digits, radix).ok())?
}

fn percent_decoded(text: &str, odd: &mut bool) -> Option<String> {
    if !text.contains('%') || text.contains(':') {
        return Some(text.to_string());
    }
    let mut decoded = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|digits| str::from_utf8(digits).ok());
        let value = pair.filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        *odd |= value.is_some();
        decoded.push(value.unwrap_or(*byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).ok()
}

/// The ASCII that a character becomes in a host (UTS 46, mapping): full-width and enclosed letters and digits, and the
/// full stops of other scripts.
fn plain(character: char) -> char {
    let from =
        |first: u32, plain: u8| char::from_u32(u32::from(character) - first + u32::from(plain)).unwrap_or(character);
    match character {
        '\u{3002}' | '\u{ff0e}' | '\u{ff61}' => '.',
        '\u{ff01}'..='\u{ff5e}' => from(0xff01, b'!'),
        '\u{2460}'..='\u{2468}' => from(0x2460, b'1'),
        '\u{24b6}'..='\u{24cf}' => from(0x24b6, b'A'),
        '\u{24d0}'..='\u{24e9}' => from(0x24d0, b'a'),
        '\u{2080}'..='\u{2089}' => from(0x2080, b'0'),
        '\u{24ea}' | '\u{2070}' => '0',
        '\u{b9}' => '1',
        '\u{b2}' => '2',
        '\u{b3}' => '3',
        '\u{2074}'..='\u{2079}' => from(0x2074, b'4'),
        '\u{1d7ce}'..='\u{1d7ff}' => {
            char::from_u32((u32::from(character) - 0x1d7ce) % 10 + u32::from(b'0')).unwrap_or(character)
        }
        other => other,
    }
}

//! IP addresses and the addresses of network interfaces.
//!
//! An IP address identifies a person's line (GDPR recital 30), but many that stand in texts are nobody's: private ranges,
//! loopback, documentation, and numbers of versions and sections that only look alike.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use guardhouse_guard::Severity;

use crate::near::Words;
use crate::rule::{Kind, Rule};
use crate::text::Text;

/// A public IPv4 address.
pub(crate) const IPV4: Rule = Rule {
    id: "ipv4",
    what: "A public IPv4 address",
    source: "RFC 791 section 3.2; RFC 6943 section 3.1.1 for its written form",
    kind: Kind::IpAddress,
    severity: Severity::Low,
};

/// A public IPv6 address.
pub(crate) const IPV6: Rule = Rule {
    id: "ipv6",
    what: "A public IPv6 address",
    source: "RFC 4291 sections 2.2 and 2.4",
    kind: Kind::IpAddress,
    severity: Severity::Low,
};

/// An address that nobody on the Internet has.
pub(crate) const PRIVATE: Rule = Rule {
    id: "ip-private",
    what: "An IP address that is private, local or reserved",
    source: "RFC 6890 and the IANA special-purpose address registries; RFC 5737, RFC 3849, RFC 9637 for documentation",
    kind: Kind::IpAddress,
    severity: Severity::Info,
};

/// The address of a network interface.
pub(crate) const MAC: Rule = Rule {
    id: "mac-address",
    what: "The MAC address of a device",
    source: "IEEE 802 section 8 (EUI-48); RFC 9542 section 2.1 for documentation",
    kind: Kind::DeviceId,
    severity: Severity::Low,
};

/// Percent for IPv4: four numbers with dots are also sections and versions.
const SURE_OF_V4: u8 = 80;

/// Percent for IPv4 that begins with one digit, as versions do.
const SURE_OF_LOW: u8 = 50;

/// Percent for IPv4 that a word announces.
const SURE_OF_NAMED: u8 = 90;

/// Percent for IPv6 and MAC: nothing else has their form.
const SURE: u8 = 92;

/// Bytes of the longest address (RFC 4291 section 2.2: eight groups, or six and an IPv4 address).
pub(crate) const LONGEST: usize = 45;

/// What an address is called; four single digits are taken for one only beside it.
const NAMES: Words = Words::new(
    "ip|ipv4|ipaddress|ip-address|address|addr|host|server|client|remote|from|ping|gateway|adresse|direcci\u{f3}n|\
     indirizzo|adres|endere\u{e7}o|\u{430}\u{434}\u{440}\u{435}\u{441}",
);

/// What a version or a section is called.
const VERSIONS: Words = Words::new(
    "version|versions|ver|v|release|build|firmware|driver|section|chapter|clause|rev|upgrade to|upgraded to|\
     versi\u{f3}n|versione|wersja|\u{432}\u{435}\u{440}\u{441}\u{438}\u{44f}",
);

/// What was found: its rule, place and certainty.
pub(crate) type Found = (&'static Rule, Range<usize>, u8);

/// The IPv4 address that begins at `start`, where a number does.
pub(crate) fn ipv4(text: &Text, start: usize) -> Option<Found> {
    let mut octets = [0_u8; 4];
    let mut at = start;
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            if text.at(at) != b'.' {
                return None;
            }
            at += 1;
        }
        let begin = at;
        let mut value = 0_u16;
        while let byte = text.at(at)
            && byte.is_ascii_digit()
            && at - begin < 3
        {
            value = value * 10 + u16::from(byte - b'0');
            at += 1;
        }
        let has_leading_zero = at - begin > 1 && text.at(begin) == b'0';
        *octet = u8::try_from(value).ok().filter(|_| at > begin && !has_leading_zero)?;
    }
    if !is_free(text, start, at) {
        return None;
    }
    let address = Ipv4Addr::from(octets);
    let rule = if is_public_v4(address) { &IPV4 } else { &PRIVATE };
    if VERSIONS.are_right_before(text, start) {
        return None;
    }
    let is_small = octets.iter().all(|octet| *octet < 10);
    let is_named = NAMES.are_near(text, start, at);
    // `.0` and `.255` end networks, not hosts.
    let is_host = !matches!(octets[3], 0 | 255);
    let is_address = is_host && (is_named || !is_small || octets[0] == 0);
    let sure = if is_named {
        SURE_OF_NAMED
    } else if octets[0] < 10 {
        SURE_OF_LOW
    } else {
        SURE_OF_V4
    };
    is_address.then_some((rule, start..at, sure))
}

/// Whether nothing goes on to either side that makes four numbers part of more.
fn is_free(text: &Text, start: usize, end: usize) -> bool {
    let before = text.before(start);
    let is_begun = match before {
        b'.' | b'-' | b'_' | b'+' => true,
        // The product's version in `Chrome/120.0.6099.71`, unless it is a URL's host.
        b'/' => text.before(start - 1).is_ascii_alphanumeric(),
        _ => before.is_ascii_alphanumeric(),
    };
    let goes_on = match text.at(end) {
        b'.' | b'-' => text.at(end + 1).is_ascii_alphanumeric(),
        byte => byte.is_ascii_alphanumeric() || byte == b'_',
    };
    !is_begun && !goes_on
}

/// The address with colons whose run of hexadecimal digits, colons and dots begins at `start`.
pub(crate) fn with_colons(text: &Text, start: usize) -> Option<Found> {
    let (mut end, mut colons) = (start, 0);
    while let byte = text.at(end)
        && is_colon_run(byte)
    {
        colons += usize::from(byte == b':');
        end += 1;
        if end - start > LONGEST {
            return None;
        }
    }
    if colons < 2 || text.at(end).is_ascii_alphanumeric() || text.at(end) == b'_' {
        return None;
    }
    // What ends a sentence or introduces the next word is not of the address; `::` is.
    let body = text.bytes().get(start..end)?;
    let mut trimmed = body.strip_suffix(b".").unwrap_or(body);
    if trimmed.ends_with(b":") && !trimmed.ends_with(b"::") {
        trimmed = &trimmed[..trimmed.len() - 1];
    }
    let end = start + trimmed.len();
    let body = std::str::from_utf8(trimmed).ok()?;
    if is_mac(body) {
        return Some((&MAC, start..end, SURE));
    }
    let address: Ipv6Addr = body.parse().ok()?;
    let rule = if is_public_v6(address) { &IPV6 } else { &PRIVATE };
    // `::` alone and `a::b` are also operators and paths of programs; eight groups, most of them long, are nothing else.
    let is_full = trimmed.len() >= 30 && !body.contains("::");
    (rule.id == IPV6.id || is_full || is_special_v6(address)).then_some((rule, start..end, SURE))
}

/// Whether a byte may stand in an address with colons.
pub(crate) const fn is_colon_run(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// The MAC address with hyphens that begins at `start`.
pub(crate) fn mac_with_hyphens(text: &Text, start: usize) -> Option<Found> {
    let end = start + 17;
    for at in start..end {
        let byte = text.at(at);
        if if (at - start) % 3 == 2 { byte != b'-' } else { !byte.is_ascii_hexdigit() } {
            return None;
        }
    }
    let is_free = match text.at(end) {
        b'-' | b':' => !text.at(end + 1).is_ascii_alphanumeric(),
        byte => !byte.is_ascii_alphanumeric() && byte != b'_',
    };
    let body = std::str::from_utf8(text.bytes().get(start..end)?).ok()?;
    (is_free && text.before(start) != b'-' && is_mac(body)).then_some((&MAC, start..end, SURE))
}

/// Whether this is a MAC address that a device can have of its own: no group's, and none of documentation.
fn is_mac(body: &str) -> bool {
    let bytes = body.as_bytes();
    let Some(&mark @ (b':' | b'-')) = bytes.get(2) else { return false };
    let is_written = bytes.len() == 17
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at % 3 == 2 { *byte == mark } else { byte.is_ascii_hexdigit() });
    if !is_written {
        return false;
    }
    let octets: Vec<u8> =
        (0..6).filter_map(|index| u8::from_str_radix(body.get(index * 3..index * 3 + 2)?, 16).ok()).collect();
    let [first, second, third, fourth, fifth, _] = octets[..] else { return false };
    let is_group = first & 1 == 1;
    let is_documentation = [first, second, third, fourth, fifth] == [0, 0, 0x5e, 0, 0x53];
    let is_nil = octets.iter().all(|octet| *octet == 0);
    !is_group && !is_documentation && !is_nil
}

/// Whether an IPv4 address is one of the public Internet's, and not that of a resolver that everyone asks.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_special = match first {
        0 | 10 | 127 | 224.. => true,
        100 => second & 0xc0 == 64,
        169 => second == 254,
        172 => second & 0xf0 == 16,
        192 => matches!((second, third), (168, _) | (0, 0 | 2) | (88, 99)),
        198 => matches!((second, third), (18 | 19, _) | (51, 100)),
        203 => (second, third) == (0, 113),
        _ => false,
    };
    let resolvers = [[8, 8, 8, 8], [8, 8, 4, 4], [1, 1, 1, 1], [1, 0, 0, 1], [9, 9, 9, 9]];
    !is_special && !resolvers.contains(&address.octets())
}

/// Whether an IPv6 address is global unicast (`2000::/3`), or an IPv4 address of the public Internet in disguise.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let segments = address.segments();
    let is_documentation = segments[..2] == [0x2001, 0xdb8] || segments[0] == 0x3fff && segments[1] < 0x1000;
    // 2001::/23 is the IETF's own (RFC 2928).
    let is_special = segments[0] == 0x2001 && segments[1] < 0x200;
    segments[0] & 0xe000 == 0x2000 && !is_documentation && !is_special
}

/// Whether an IPv6 address that is not public has a form that only an address has.
fn is_special_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    address == Ipv6Addr::LOCALHOST
        || address.to_ipv4_mapped().is_some()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || first == 0x2001
        || first == 0x3fff
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn special_ranges_are_not_public() {
        for address in [
            "10.1.2.3",
            "127.0.0.1",
            "169.254.1.1",
            "172.16.0.9",
            "172.31.9.9",
            "192.168.1.1",
            "192.0.2.7",
            "198.51.100.7",
            "203.0.113.9",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.254",
            "0.0.0.0",
            "8.8.8.8",
        ] {
            assert!(!is_public_v4(address.parse().unwrap()), "{address}");
        }
        for address in ["172.32.0.1", "100.128.0.1", "192.0.1.1", "198.51.101.1", "93.184.216.34"] {
            assert!(is_public_v4(address.parse().unwrap()), "{address}");
        }
        for address in ["::1", "::", "fe80::1", "fd00::1", "2001:db8::1", "3fff:fff::1", "::ffff:10.0.0.1", "ff02::1"] {
            assert!(!is_public_v6(address.parse().unwrap()), "{address}");
        }
        assert!(is_public_v6("2a00:1450:4001:81b::200e".parse().unwrap()));
    }
}

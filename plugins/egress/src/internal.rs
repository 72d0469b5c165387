//! Addresses that lead inside: to the machine itself, its network, its cloud's metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::Address;
use crate::rules::{INTERNAL_NAME, LINK_LOCAL, LOOPBACK, METADATA, PRIVATE, Rule};

/// Addresses at which clouds give credentials to their machines, from each vendor's pages on instance metadata: AWS, Azure,
/// Google and others (169.254.169.254), AWS ECS (169.254.170.2), AWS EKS (169.254.170.23), Alibaba (100.100.100.200),
/// Oracle (192.0.0.192), Azure's wire server (168.63.129.16).
const METADATA_V4: [Ipv4Addr; 6] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(169, 254, 170, 23),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(168, 63, 129, 16),
];

/// The same over IPv6: AWS (`fd00:ec2::254`, for EKS `fd00:ec2::23`).
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)];

/// The names of such addresses: Google's, the last one by the search domain of its machines.
const METADATA_NAMES: &[&str] = &["metadata.google.internal", "metadata.goog", "metadata"];

/// Ends of names that the public DNS does not have: `local` (RFC 6762), `home.arpa` (RFC 8375), `internal` (reserved by
/// ICANN in 2024), and those that RFC 6762, appendix G lists as used in private networks.
const PRIVATE_ENDS: &[&str] = &["local", "internal", "home.arpa", "intranet", "private", "corp", "home", "lan"];

/// Public names that resolve to the address written in them, or to 127.0.0.1.
const WILDCARD_ENDS: &[&str] = &["nip.io", "sslip.io", "xip.io"];
const LOOPBACK_ENDS: &[&str] = &["localtest.me", "lvh.me", "vcap.me", "lacolhost.com"];

/// What a machine calls itself: RFC 6761, and `/etc/hosts` of Debian and its kin.
const LOOPBACK_NAMES: &[&str] = &["localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"];

/// The rule by which an address leads inside, if one does.
pub(crate) fn rule(address: &Address<'_>) -> Option<&'static Rule> {
    match address.ip {
        Some(IpAddr::V4(ip)) => v4(ip),
        Some(IpAddr::V6(ip)) => v6(ip),
        None => named(&address.host),
    }
}

/// By the registry of special-purpose addresses (RFC 6890).
fn v4(address: Ipv4Addr) -> Option<&'static Rule> {
    let [first, second, ..] = address.octets();
    if METADATA_V4.contains(&address) {
        Some(&METADATA)
    } else if address.is_loopback() || first == 0 {
        Some(&LOOPBACK)
    } else if address.is_link_local() {
        Some(&LINK_LOCAL)
    } else if address.is_private() || (first == 100 && second & 0xc0 == 64) {
        // 100.64.0.0/10 is what carriers and clouds share inside (RFC 6598).
        Some(&PRIVATE)
    } else {
        None
    }
}

/// The same for IPv6, and for the IPv4 addresses that are written in it: mapped (RFC 4291), compatible (the same,
/// section 2.5.5.1), translated (RFC 6052), 6to4 (RFC 3056).
fn v6(address: Ipv6Addr) -> Option<&'static Rule> {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    if METADATA_V6.contains(&address) {
        return Some(&METADATA);
    }
    if address.is_loopback() || address.is_unspecified() {
        return Some(&LOOPBACK);
    }
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            v4(embedded(high, low))
        }
        [first, ..] if first & 0xffc0 == 0xfe80 => Some(&LINK_LOCAL),
        [first, ..] if first & 0xfe00 == 0xfc00 => Some(&PRIVATE),
        _ => None,
    }
}

/// The rule for a name.
fn named(name: &str) -> Option<&'static Rule> {
    let ends = |end: &&str| name.strip_suffix(*end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if METADATA_NAMES.contains(&name) {
        return Some(&METADATA);
    }
    if LOOPBACK_NAMES.contains(&name) || ends(&"localhost") || LOOPBACK_ENDS.iter().any(ends) {
        return Some(&LOOPBACK);
    }
    if let Some(end) = WILDCARD_ENDS.iter().find(|end| ends(end)) {
        return written_in(name.strip_suffix(end).unwrap_or(name));
    }
    PRIVATE_ENDS.iter().any(ends).then_some(&INTERNAL_NAME)
}

/// The rule for the address at the end of a name, in four labels (`10.0.0.1`) or one (`10-0-0-1`).
fn written_in(name: &str) -> Option<&'static Rule> {
    let mut numbers = name.trim_end_matches('.').rsplit(['.', '-']).map_while(|label| label.parse::<u8>().ok());
    let mut next = || numbers.next();
    let [d, c, b, a] = [next()?, next()?, next()?, next()?];
    v4(Ipv4Addr::new(a, b, c, d))
}

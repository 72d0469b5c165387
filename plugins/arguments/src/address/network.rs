//! Which networks an address is in, by IANA's registries of special-purpose addresses (RFC 6890 and its updates).

use std::net::{Ipv4Addr, Ipv6Addr};

/// A network that is not of the public Internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    /// This machine's own: 127.0.0.0/8 and 0.0.0.0/8, which systems take for it (RFC 1122, section 3.2.1.3).
    Loopback,
    /// Private or reserved.
    Private,
    /// Link-local, where clouds answer for their metadata, and other addresses at which they do.
    Metadata,
}

/// The network of an address of IPv4; `None` for one of the Internet.
pub(super) fn of_v4(address: Ipv4Addr) -> Option<Network> {
    match address.octets() {
        [127 | 0, ..] => Some(Network::Loopback),
        // RFC 3927; AWS, Google Cloud, Azure and others answer at 169.254.169.254, AWS's containers at 169.254.170.2.
        // Alibaba's, Oracle's and Azure's other addresses, by their documentation.
        [169, 254, ..] | [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16] => Some(Network::Metadata),
        // RFC 1918, RFC 6598, RFC 6890, RFC 2544, RFC 5771, RFC 1112.
        [10 | 224..=255, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        | [100, 64..=127, ..]
        | [192, 0, 0, _]
        | [198, 18 | 19, ..] => Some(Network::Private),
        _ => None,
    }
}

/// The network of an address of IPv6, and whether it carries an address of IPv4 to get there.
pub(super) fn of_v6(address: Ipv6Addr) -> (Option<Network>, bool) {
    let segments = address.segments();
    let carried = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        (of_v4(Ipv4Addr::new(a, b, c, d)), true)
    };
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => (Some(Network::Loopback), false),
        // Mapped (RFC 4291, section 2.5.5.2), compatible (2.5.5.1), translated (RFC 6052), 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff | 0, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, _, _, _, _, high, low]
        | [0x2002, high, low, _, _, _, _, _] => carried(high, low),
        // AWS and Google Cloud, by their documentation.
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, _] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => (Some(Network::Metadata), false),
        // RFC 4193, RFC 4291 (link-local, site-local, multicast).
        [0xfc00..=0xfdff | 0xfe80..=0xfeff | 0xff00..=0xffff, ..] => (Some(Network::Private), false),
        _ => (None, false),
    }
}

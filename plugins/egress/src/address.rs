//! Where a URL leads: what the WHATWG parser makes of it, as browsers and most clients do.

use std::borrow::Cow;
use std::net::IpAddr;

use url::{Host, Url};

use crate::candidate::Form;
use crate::scheme::Scheme;

/// Where a URL leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address<'t> {
    /// The host as the parser writes it, without the dot that may end it.
    pub(crate) host: Cow<'t, str>,
    /// The address that the host is, if it is one and no name.
    pub(crate) ip: Option<IpAddr>,
    /// Whether the host was written as something else than it is: with percent-encoding, full-width letters, numbers
    /// that are not four decimals, tabs.
    pub(crate) is_disguised: bool,
    /// Whether a user name and a password stand in front of it.
    pub(crate) has_password: bool,
}

impl<'t> Address<'t> {
    /// What the parser makes of a URL that the network is asked for; none, if it refuses it.
    pub(crate) fn of(form: Form, url: &'t str, written: Written<'t>) -> Option<Self> {
        if written.userinfo.is_empty()
            && let Some(host) = plain(written.host)
        {
            return Some(Self { host: host.into(), ip: None, is_disguised: false, has_password: false });
        }
        let parsed = match form {
            Form::Scheme(..) => Url::parse(url),
            Form::Relative => Url::parse(&format!("https:{url}")),
            Form::Www | Form::Bare => Url::parse(&format!("https://{url}")),
        };
        let parsed = parsed.ok()?;
        let host = parsed.host()?;
        Some(Self {
            is_disguised: is_disguised(&host, written.host),
            ip: match host {
                Host::Domain(_) => None,
                Host::Ipv4(address) => Some(address.into()),
                Host::Ipv6(address) => Some(address.into()),
            },
            host: without_dot(parsed.host_str()?).to_string().into(),
            has_password: !parsed.username().is_empty() && parsed.password().is_some(),
        })
    }
}

/// A host of which the parser makes just what is written, its port left out: lower-case labels, none of them Punycode, the
/// last one with a letter in front so that it is no number (WHATWG URL, section 3.5). Most hosts are, and parsing takes
/// longer than all else that is done with a URL.
fn plain(written: &str) -> Option<&str> {
    let (host, port) = written.split_once(':').unwrap_or((written, "0"));
    let belongs = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let last = host.rsplit('.').next()?;
    let is_plain = last.starts_with(|char: char| char.is_ascii_lowercase())
        && host.bytes().all(belongs)
        && !host.contains("xn--")
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok();
    is_plain.then_some(host)
}

/// A host without the dot that may end it.
pub(crate) fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// The parts of a URL as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written<'t> {
    /// The user name and password, without the `@`.
    pub(crate) userinfo: &'t str,
    /// The host and port.
    pub(crate) host: &'t str,
    /// What follows: path, query, fragment.
    pub(crate) rest: &'t str,
}

impl<'t> Written<'t> {
    /// The parts of a URL of this form.
    pub(crate) fn of(form: Form, url: &'t str) -> Self {
        let (after, has_host) = match form {
            Form::Scheme(scheme, length) => {
                let after = url.get(length..).unwrap_or_default();
                (after, scheme == Scheme::Network || after.starts_with("//"))
            }
            Form::Relative | Form::Www | Form::Bare => (url, true),
        };
        if !has_host {
            return Self { userinfo: "", host: "", rest: after };
        }
        let authority = after.trim_start_matches(['/', '\\', '\t', '\n', '\r']);
        let (authority, rest) = authority.split_at(authority.find(['/', '\\', '?', '#']).unwrap_or(authority.len()));
        let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        Self { userinfo, host, rest }
    }
}

/// Whether the host that the parser found is not the one that a reader sees.
fn is_disguised(host: &Host<&str>, written: &str) -> bool {
    let name = match written.rfind(':') {
        Some(colon) if !written.ends_with(']') => &written[..colon],
        _ => written,
    };
    let name = without_dot(name);
    match host {
        // There are many ways to write one, and nobody reads them.
        Host::Ipv6(_) => false,
        Host::Ipv4(address) => name != address.to_string(),
        Host::Domain(domain) => {
            let is_foreign = domain.split('.').any(|label| label.starts_with("xn--"));
            name.contains(['%', '\t', '\n', '\r']) || (!is_foreign && !name.eq_ignore_ascii_case(without_dot(domain)))
        }
    }
}

/// A text with its percent-encoding decoded, once, and `+` for a space in a query: what the server reads.
pub(crate) fn decode(text: &str, is_query: bool) -> Cow<'_, [u8]> {
    if !text.bytes().any(|byte| byte == b'%' || (is_query && byte == b'+')) {
        return Cow::Borrowed(text.as_bytes());
    }
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.extend(u8::try_from(high * 16 + low));
                at += 3;
                continue;
            }
            (b'+', ..) if is_query => decoded.push(b' '),
            _ => decoded.push(*byte),
        }
        at += 1;
    }
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

    /// The host that a URL in text leads to, and whether it was disguised.
    fn host(url: &str) -> Option<(String, bool)> {
        let form = Form::Scheme(Scheme::Network, url.find(':').unwrap() + 1);
        Address::of(form, url, Written::of(form, url)).map(|address| (address.host.to_string(), address.is_disguised))
    }

    #[test]
    fn the_host_is_what_a_browser_makes_of_it() {
        for (url, expected) in [
            ("https://a.example", "a.example"),
            ("https://A.Example.:443/", "a.example"),
            (r"https:\\a.example\b", "a.example"),
            ("https:/a.example/", "a.example"),
            ("http:a.example", "a.example"),
            ("https:////a.example//b", "a.example"),
            ("https://user:word@a.example/@b", "a.example"),
            ("https://a.example?@b.example", "a.example"),
            ("https://[::1]:80/", "[::1]"),
            ("https://b\u{fc}cher.example/", "xn--bcher-kva.example"),
        ] {
            assert_eq!(host(url), Some((expected.to_string(), false)), "{url}");
        }
    }

    #[test]
    fn a_host_in_another_spelling_is_disguised() {
        for (url, expected) in [
            ("http://0x7f.1/", "127.0.0.1"),
            ("http://2130706433/", "127.0.0.1"),
            ("http://0177.0.0.1", "127.0.0.1"),
            ("http://127.1", "127.0.0.1"),
            ("http://%65vil.example/", "evil.example"),
            ("http://\u{ff45}\u{ff56}\u{ff49}\u{ff4c}.example/", "evil.example"),
            ("http://evil\u{3002}example/", "evil.example"),
            ("http://ev\til.example/", "evil.example"),
        ] {
            assert_eq!(host(url), Some((expected.to_string(), true)), "{url}");
        }
    }

    #[test]
    fn what_the_parser_refuses_has_no_host() {
        for url in
            ["http://", "http://a b/", "http://1.2.3.256/", "http://a.example:99999/", "http://[::1", "http://a<b"]
        {
            assert_eq!(host(url), None, "{url}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// What is read without the parser is what the parser reads.
        #[test]
        fn a_plain_host_is_what_the_parser_makes_of_it(host in "([a-z0-9.:-]|xn--|0x|localhost){0,12}") {
            if let Some(plain) = plain(&host) {
                let parsed = Url::parse(&format!("https://{host}/")).unwrap();
                prop_assert_eq!(parsed.host(), Some(Host::Domain(plain)));
            }
        }
    }
}

//! Where a URL leads: what the WHATWG parser makes of it, as browsers and most clients do.

use std::borrow::Cow;

use url::{Host, Url};

use crate::candidate::{Candidate, Form};
use crate::scheme::Scheme;

/// A URL and what it was written as.
#[derive(Debug)]
pub(crate) struct Address {
    /// The URL.
    pub(crate) url: Url,
    /// Whether the host was written as something else than it is: with percent-encoding, full-width letters, numbers
    /// that are not four decimals, tabs.
    pub(crate) is_disguised: bool,
}

impl Address {
    /// What the parser makes of a candidate that is `written` so; none, if it refuses it.
    pub(crate) fn of(candidate: &Candidate, written: &str) -> Option<Self> {
        let url = match candidate.form {
            Form::Scheme(..) => Url::parse(written),
            Form::Relative => Url::parse(&format!("https:{written}")),
            Form::Www | Form::Bare => Url::parse(&format!("https://{written}")),
        };
        let url = url.ok()?;
        let is_disguised =
            url.is_special() && url.host().is_some_and(|host| is_disguised(&host, written, candidate.form));
        Some(Self { url, is_disguised })
    }

    /// The host as the network has it, without the dot that may end it. Empty where there is none.
    pub(crate) fn host(&self) -> &str {
        let host = self.url.host_str().unwrap_or_default();
        host.strip_suffix('.').unwrap_or(host)
    }
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
                (after, matches!(scheme, Scheme::Network | Scheme::File) || after.starts_with("//"))
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
fn is_disguised(host: &Host<&str>, url: &str, form: Form) -> bool {
    let written = Written::of(form, url).host;
    let name = match written.rfind(':') {
        Some(colon) if !written.ends_with(']') => &written[..colon],
        _ => written,
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    match host {
        // There are many ways to write one, and nobody reads them.
        Host::Ipv6(_) => false,
        Host::Ipv4(address) => name != address.to_string(),
        Host::Domain(domain) => {
            let is_foreign = domain.split('.').any(|label| label.starts_with("xn--"));
            let domain = domain.strip_suffix('.').unwrap_or(domain);
            name.contains(['%', '\t', '\n', '\r']) || (!is_foreign && !name.eq_ignore_ascii_case(domain))
        }
    }
}

/// A text with its percent-encoding decoded, once, and `+` for a space in a query: what the server reads.
pub(crate) fn decode(text: &str, is_query: bool) -> Cow<'_, [u8]> {
    if !text.contains('%') && !(is_query && text.contains('+')) {
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

//! The parts of a URL (<https://url.spec.whatwg.org/>, "URL parsing"), found the way a browser does: a backslash is a slash,
//! tabs and newlines are not there, and the last `@` ends the user.

use std::ops::Range;

/// The parts of a URL or of a host with a port. Ranges are in bytes of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// The scheme, in lower case.
    pub(super) scheme: Option<String>,
    /// What stands before the `@`.
    pub(super) user: Option<Range<usize>>,
    /// The host, without brackets for IPv6 taken away.
    pub(super) host: Range<usize>,
    /// The port, as it is written.
    pub(super) port: Option<Range<usize>>,
    /// Slashes between scheme and host are missing, too many, or backslashes.
    pub(super) odd_slashes: bool,
}

/// Schemes whose URLs have a host however many slashes follow ("special scheme").
const SPECIAL: &[&str] = &["ftp", "http", "https", "ws", "wss"];

/// Schemes that have no host.
const WITHOUT_HOST: &[&str] = &["data", "javascript", "mailto", "tel", "urn", "vbscript", "about", "blob"];

/// The parts of a text; `None` if it is neither a URL nor a host.
pub(super) fn split(text: &str) -> Option<Parts> {
    let begin = text.len() - text.trim_start_matches(|character: char| character <= ' ').len();
    let end = text.trim_end_matches(|character: char| character <= ' ').len();
    let body = text.get(begin..end).filter(|body| !body.is_empty())?;
    let mut parts = Parts::default();
    let scheme = scheme_of(body);
    let behind_scheme = begin + scheme.map_or(0, |scheme| scheme.len() + 1);
    let rest = text.get(behind_scheme..end)?;
    let slashes = rest.bytes().take_while(|byte| matches!(byte, b'/' | b'\\' | b'\t' | b'\n' | b'\r')).count();
    let written = rest.get(..slashes)?;
    parts.scheme = scheme.map(str::to_ascii_lowercase);
    let special = parts.scheme.as_deref().is_some_and(|scheme| SPECIAL.contains(&scheme));
    match parts.scheme.as_deref() {
        Some(scheme) if WITHOUT_HOST.contains(&scheme) => return Some(parts),
        Some(_) if special => parts.odd_slashes = written != "//",
        // `scheme:path` of others has no host.
        Some(_) if slashes < 2 => return Some(parts),
        Some(_) => {}
        // A path, not an address; `//host` takes the scheme of where it stands.
        None if slashes == 1 => return None,
        None => parts.odd_slashes = slashes > 2 || written.contains('\\'),
    }
    let start = behind_scheme + if special || slashes == 0 { slashes } else { 2.min(slashes) };
    let authority = text.get(start..end)?;
    // Outside of special schemes a backslash is a character like others.
    let ends = |byte: u8| matches!(byte, b'/' | b'?' | b'#') || (byte == b'\\' && (special || parts.scheme.is_none()));
    let length = authority.bytes().position(ends).unwrap_or(authority.len());
    parts.authority(text, start..start + length);
    Some(parts)
}

/// The scheme of a text: a known form before a colon. `host:8080` has none.
fn scheme_of(body: &str) -> Option<&str> {
    let (scheme, rest) = body.split_once(':')?;
    let formed = scheme.len() <= 32
        && scheme.bytes().next()?.is_ascii_alphanumeric()
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let known =
        SPECIAL.iter().chain(WITHOUT_HOST).chain(super::judge::SCHEMES).any(|known| known.eq_ignore_ascii_case(scheme));
    (formed
        && (rest.starts_with("//")
            || (known && (!rest.starts_with(|first: char| first.is_ascii_digit()) || is_web(scheme)))))
    .then_some(scheme)
}

/// Whether a scheme is one that no host is called by: `http:127.0.0.1` is no host with a port.
fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

impl Parts {
    fn authority(&mut self, text: &str, authority: Range<usize>) {
        let said = text.get(authority.clone()).unwrap_or_default();
        let mut start = authority.start;
        if let Some(at) = said.rfind('@') {
            self.user = Some(authority.start..authority.start + at);
            start += at + 1;
        }
        let host = text.get(start..authority.end).unwrap_or_default();
        // The colons within brackets are of the address; `a::1` without them is one as well.
        let behind_bracket = host.rfind(']').map_or(0, |bracket| bracket + 1);
        let of_v6 = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        let address = host.split('%').next().unwrap_or_default();
        let bare_v6 = address.matches(':').count() > 1 && address.bytes().all(of_v6);
        let colon = host[behind_bracket..].find(':').filter(|_| !bare_v6).map(|colon| start + behind_bracket + colon);
        self.port = colon.map(|colon| colon + 1..authority.end);
        self.host = start..colon.unwrap_or(authority.end);
    }
}

//! The schemes that the guard knows, and what they mean to it.

/// What kind of scheme a URL has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// One of the special schemes that the network is asked for: `http`, `https`, `ws`, `wss`, `ftp` (WHATWG URL, section
    /// 4.2). Any number of slashes of either kind may follow, none too.
    Network,
    /// `file`: special as well, and local.
    File,
    /// A scheme whose body is run: `javascript` (HTML, section 7.4.2.3.2) and `vbscript`.
    Script,
    /// `data` (RFC 2397).
    Data,
    /// `mailto` (RFC 6068), whose fields can carry a whole message.
    Mail,
    /// A scheme that clients on servers know and that reaches what a web page cannot: see OWASP's Server-Side Request
    /// Forgery Prevention Cheat Sheet.
    Local,
    /// Any other, with `//` behind it.
    Other,
}

/// Every scheme of its own kind, in lower case.
const KNOWN: &[(&str, Scheme)] = &[
    ("http", Scheme::Network),
    ("https", Scheme::Network),
    ("ws", Scheme::Network),
    ("wss", Scheme::Network),
    ("ftp", Scheme::Network),
    ("file", Scheme::File),
    ("javascript", Scheme::Script),
    ("vbscript", Scheme::Script),
    ("data", Scheme::Data),
    ("mailto", Scheme::Mail),
    ("gopher", Scheme::Local),
    ("dict", Scheme::Local),
    ("ldap", Scheme::Local),
    ("ldaps", Scheme::Local),
    ("tftp", Scheme::Local),
    ("netdoc", Scheme::Local),
    ("phar", Scheme::Local),
];

/// The longest name in the table.
const LONGEST: usize = "javascript".len();

/// The kind of a scheme with a kind of its own.
pub(crate) fn known(name: &[u8]) -> Option<Scheme> {
    let candidate = |(known, _): &&(&str, Scheme)| name.eq_ignore_ascii_case(known.as_bytes());
    if name.len() > LONGEST { None } else { KNOWN.iter().find(candidate).map(|(_, scheme)| *scheme) }
}

/// Where the scheme begins that ends before the colon at `colon`, and its kind.
///
/// A name of the table begins behind anything but a letter: `1http:` and `git+https:` end in one. Others begin where RFC
/// 3986 section 3.1 has them begin, and stand before `//`.
pub(crate) fn before(text: &[u8], colon: usize) -> Option<(usize, Scheme)> {
    let head = text.get(..colon)?;
    let letters = run_back(head, u8::is_ascii_alphabetic, LONGEST + 1);
    if let Some(scheme) = known(&head[letters..]) {
        return Some((letters, scheme));
    }
    if let Some(found) = broken(head, letters) {
        return Some(found);
    }
    if !text[colon..].starts_with(b"://") {
        return None;
    }
    let run = run_back(head, |byte| is_scheme(*byte), crate::bounds::SCHEME + 1);
    let start = run + head[run..].iter().position(u8::is_ascii_alphabetic)?;
    let is_whole = colon - run <= crate::bounds::SCHEME;
    is_whole.then_some((start, Scheme::Other))
}

/// A scheme of the table with tabs and line ends in it, which the WHATWG parser takes out first. In running text a line
/// end separates words; it belongs to the scheme where a quote, a bracket or an equals sign opens the URL.
fn broken(head: &[u8], letters: usize) -> Option<(usize, Scheme)> {
    let gap = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r');
    if !head[..letters].last().is_some_and(gap) {
        return None;
    }
    let start = run_back(head, |byte| byte.is_ascii_alphabetic() || gap(byte), 2 * LONGEST);
    let opened = head[..start].last().is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'(' | b'<' | b'='));
    let start = start + head[start..].iter().take_while(|byte| gap(byte)).count();
    let name: Vec<u8> = head[start..].iter().copied().filter(|byte| !gap(byte)).collect();
    opened.then(|| known(&name)).flatten().map(|scheme| (start, scheme))
}

/// Where the run of bytes that `belongs` begins that ends at the end of `head`, at most `longest` bytes back.
pub(crate) fn run_back(head: &[u8], belongs: impl Fn(&u8) -> bool, longest: usize) -> usize {
    head.len() - head.iter().rev().take(longest).take_while(|byte| belongs(byte)).count()
}

/// Whether a byte may stand in a scheme.
pub(crate) fn is_scheme(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scheme before the last colon.
    fn found(text: &str) -> Option<(&str, Scheme)> {
        let colon = text.rfind(':')?;
        before(text.as_bytes(), colon).map(|(start, scheme)| (&text[start..colon], scheme))
    }

    #[test]
    fn a_scheme_of_the_table_begins_behind_anything_but_a_letter() {
        for text in ["https:", "see https:", "git+https:", "1https:", "_https:", "\u{7f51}\u{5740}https:", "(https:"] {
            assert_eq!(found(text), Some(("https", Scheme::Network)), "{text}");
        }
        assert_eq!(found("xhttps:"), None);
        assert_eq!(found("HttpS:"), Some(("HttpS", Scheme::Network)));
    }

    #[test]
    fn another_scheme_needs_two_slashes() {
        let scheme = |text: &'static str| before(text.as_bytes(), text.find(':').unwrap_or(0)).map(|(start, _)| start);
        assert_eq!(scheme("note: this"), None);
        assert_eq!(scheme("open slack://channel"), Some(5));
        assert_eq!(scheme("2slack://channel"), Some(1));
        assert_eq!(scheme("://channel"), None);
    }

    #[test]
    fn tabs_and_line_ends_in_a_scheme_count_where_it_is_opened() {
        assert_eq!(found("\"java\n\tscript:"), Some(("java\n\tscript", Scheme::Script)));
        assert_eq!(found("(\njavascript:"), Some(("javascript", Scheme::Script)));
        assert_eq!(found("the java\nscript:"), None);
    }
}

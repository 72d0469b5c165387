//! JSON Web Tokens (RFC 7519), signed (RFC 7515) or encrypted (RFC 7516).

use memchr::memmem;

use crate::base64;
use crate::opener::ends;
use crate::rules::{self, Alphabet};
use crate::scan::Scan;

/// Bytes of the longest token that is found whole: one that is longer is found up to there.
const LONGEST: usize = crate::LONGEST as usize;

/// How much of a header is decoded. One with a chain of certificates is longer; its algorithm seldom stands behind that.
const LONGEST_HEADER: usize = 2048;

/// Bytes of the shortest header, `{"alg":"x"}`, and of the shortest of the longest part behind it.
const SHORTEST_HEADER: usize = 15;
const SHORTEST_PAYLOAD: usize = 10;

/// Takes the token that begins at `at`, if one does. Says whether one does.
pub(crate) fn find_at(scan: &mut Scan, at: usize) -> bool {
    let text = scan.text;
    // `begins` lets a hyphen stand before a token, but here it would be a part of the first digits.
    if text[..at].ends_with(b"-") {
        return false;
    }
    let limit = text.len().min(at + LONGEST);
    let header_end = scan.run(Alphabet::Url, at).min(limit);
    let header = &text[at..header_end];
    if header_end == text.len() {
        scan.hold(at);
        return false;
    }
    if text[header_end] != b'.' || header.len() < SHORTEST_HEADER {
        return false;
    }
    let header = base64::decode(&header[..header.len().min(LONGEST_HEADER)]);
    if !is_jose_header(&header) {
        return false;
    }
    // Signed: header, payload, signature. Encrypted: header, key, vector, text, tag.
    let parts = if memmem::find(&header, b"\"enc\"").is_some() { 5 } else { 3 };
    let (mut end, mut count, mut longest) = (header_end, 1, 0);
    while count < parts && end < limit && text[end] == b'.' {
        let begin = end + 1;
        end = scan.run(Alphabet::Url, begin).min(limit);
        longest = longest.max(end - begin);
        count += 1;
    }
    if end == text.len() {
        scan.hold(at);
    }
    let is_cut = end == limit && limit < text.len();
    let is_whole = count >= 3 && ends(text, end);
    if !(is_whole || is_cut) || longest < SHORTEST_PAYLOAD || scan.is_dummy(at..header_end) {
        return false;
    }
    scan.found(&rules::JWT, at..end);
    true
}

/// Whether a header is one of JOSE (RFC 7515 section 4): a JSON object that names an algorithm.
fn is_jose_header(header: &[u8]) -> bool {
    header.starts_with(b"{") && memmem::find(header, b"\"alg\"").is_some()
}

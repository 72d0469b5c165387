//! Headers that an operator gives, which may hold a credential: their values are never shown.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use ureq::http::{HeaderName, HeaderValue, header};

/// The most bytes of a file of headers.
const MAX_FILE: u64 = 64 << 10;

/// Headers that say what we send, and are ours to say.
const OURS: [HeaderName; 6] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::EXPECT,
    header::HOST,
    header::TRANSFER_ENCODING,
];

/// What the names of the headers begin with that say which records a request has.
pub(super) const PREFIX: &str = "guardhouse-";

/// Reads a file with lines of `Name: value`, which only its owner may be able to read.
pub(super) fn read(path: &Path) -> miette::Result<Vec<(HeaderName, HeaderValue)>> {
    let name = path.display();
    let expected = || format!("{name}: expected lines of headers");
    let file = File::open(path).into_diagnostic().wrap_err_with(expected)?;
    if is_open_to_others(&file).into_diagnostic().wrap_err_with(expected)? {
        return Err(miette!("{name}: expected a file that only its owner can read, found one that others can"));
    }
    let mut text = String::new();
    let read = file.take(MAX_FILE + 1).read_to_string(&mut text).into_diagnostic().wrap_err_with(expected)?;
    if read as u64 > MAX_FILE {
        return Err(miette!("{name}: expected at most {MAX_FILE} bytes, found more"));
    }
    let mut headers = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let header = header(line).map_err(|why| miette!("{name}:{number}: expected `Name: value`, found {why}"))?;
        headers.push(header);
    }
    Ok(headers)
}

/// Takes a line apart. An error does not quote it.
fn header(line: &str) -> Result<(HeaderName, HeaderValue), &'static str> {
    let (name, value) = line.split_once(':').ok_or("a line without a colon")?;
    let name: HeaderName = name.parse().map_err(|_| "a name with other characters than a header's")?;
    if OURS.contains(&name) || name.as_str().starts_with(PREFIX) {
        return Err("a header that is not for you to set");
    }
    let mut value: HeaderValue = value.trim().parse().map_err(|_| "a value with other than visible characters")?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Whether others than the owner may read or write it.
#[cfg(unix)]
fn is_open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Whether others than the owner may read or write it.
#[cfg(not(unix))]
fn is_open_to_others(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value_and_not_one_of_ours() {
        let (name, value) = header("Authorization: Bearer a:b ").unwrap();
        assert_eq!((name, value.to_str().unwrap()), (header::AUTHORIZATION, "Bearer a:b"));
        assert!(!format!("{value:?}").contains("Bearer"));
        for wrong in ["secret", "a b: secret", "x: sec\u{7}ret", "Host: secret", "guardhouse-records: 1-2"] {
            let why = header(wrong).unwrap_err();
            assert!(!why.contains("secret"), "{wrong}");
        }
    }
}

//! Passwords in URLs: `scheme://user:password@host`.

use memchr::memmem;

use crate::worth::{Worth, is_placeholder};
use crate::{Hit, rules};

/// The longest user name and password that are looked for, together.
const LONGEST_USERINFO: usize = 512;

/// The longest scheme.
const LONGEST_SCHEME: usize = 24;

/// How the schemes of databases and brokers begin: there a password opens the data itself.
const DATABASES: &[&str] = &[
    "amqp",
    "clickhouse",
    "cockroach",
    "couchbase",
    "jdbc",
    "kafka",
    "ldap",
    "mariadb",
    "mongodb",
    "mssql",
    "mysql",
    "nats",
    "neo4j",
    "oracle",
    "postgres",
    "redis",
    "rediss",
    "sqlserver",
];

/// Finds all passwords in URLs.
pub(crate) fn find(text: &str, worth: Worth, hits: &mut Vec<Hit>) {
    let text = text.as_bytes();
    for mark in memmem::find_iter(text, b"://") {
        hits.extend(find_at(text, mark, worth));
    }
}

/// The password in the URL whose `://` begins here, if it has one.
fn find_at(text: &[u8], mark: usize, worth: Worth) -> Option<Hit> {
    let scheme = text[..mark].iter().rev().take(LONGEST_SCHEME);
    let scheme = scheme.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')).count();
    let scheme = text[mark - scheme..mark].to_ascii_lowercase();
    let begin = mark + 3;
    let window = &text[begin..text.len().min(begin + LONGEST_USERINFO)];
    // The userinfo ends at the last `@` before the path, as browsers read it.
    let authority = window.iter().position(|byte| ends_authority(*byte)).unwrap_or(window.len());
    let at = memchr::memrchr(b'@', &window[..authority])?;
    let colon = memchr::memchr(b':', &window[..at])?;
    let password = &window[colon + 1..at];
    let is_database = DATABASES.iter().any(|database| scheme.starts_with(database.as_bytes()));
    let rule = if is_database { &rules::DATABASE_URL } else { &rules::URL };
    let is_secret = if is_database {
        // `postgres://user:pass@localhost` of every tutorial is none, but a short real one is.
        password.len() >= 3 && !is_reference_or_placeholder(password)
    } else {
        worth.may_be_password(password)
    };
    is_secret.then(|| Hit { rule, span: begin + colon + 1..begin + at })
}

/// Whether a byte ends the authority of a URL, or the URL itself in running text.
fn ends_authority(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || byte.is_ascii_control()
        || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>')
}

/// Whether a database password is a reference, or one of the words that stand for a password in documentation.
fn is_reference_or_placeholder(password: &[u8]) -> bool {
    let first = password.first().copied().unwrap_or_default();
    let plain: &[&[u8]] = &[b"password", b"pass", b"passwd", b"pwd", b"secret", b"pw"];
    matches!(first, b'$' | b'{' | b'%' | b'[' | b'*' | b':')
        || plain.iter().any(|word| password.eq_ignore_ascii_case(word))
        || is_placeholder(password)
}

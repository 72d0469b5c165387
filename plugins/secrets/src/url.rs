//! Passwords in URLs: `scheme://user:password@host`.

use crate::rules;
use crate::scan::Scan;
use crate::work;
use crate::worth::is_placeholder;

/// The longest user name that may stand before a password.
const LONGEST_USER: usize = 128;

/// The longest password.
const LONGEST_PASSWORD: usize = 256;

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
    "mqtt",
    "mssql",
    "mysql",
    "nats",
    "neo4j",
    "oracle",
    "postgres",
    "redis",
    "snowflake",
    "sqlserver",
    "valkey",
];

/// Takes the password in the URL whose `://` begins here, if it has one.
pub(crate) fn find_at(scan: &mut Scan, mark: usize) {
    let text = scan.text;
    if !text[mark..].starts_with(b"://") {
        return;
    }
    let begin = mark + 3;
    let window = scan.ahead(begin, LONGEST_USER + 1 + LONGEST_PASSWORD + 1);
    // The userinfo ends at the last `@` before the path, as browsers read it.
    let authority = window.iter().position(|byte| ends_authority(*byte)).unwrap_or(window.len());
    work::add(authority);
    let Some(colon) = memchr::memchr(b':', &window[..authority.min(LONGEST_USER + 1)]) else { return };
    let is_open = begin + authority == text.len();
    if is_open {
        scan.hold(begin + colon + 1);
    }
    let Some(at) = memchr::memrchr(b'@', &window[colon..authority]) else { return };
    let password = &window[colon + 1..colon + at.max(1)];
    let is_database = is_database(scheme(text, mark));
    let is_secret = if is_database {
        // `postgres://user:pass@localhost` of every tutorial is none, but a short real one is.
        password.len() >= 3 && !is_reference_or_placeholder(password)
    } else {
        scan.worth.may_be_password(password)
    };
    if is_secret {
        let rule = if is_database { &rules::DATABASE_URL } else { &rules::URL };
        scan.found(rule, begin + colon + 1..begin + colon + at);
    }
}

/// The scheme before a `://`.
fn scheme(text: &[u8], mark: usize) -> &[u8] {
    let scheme = text[..mark].iter().rev().take(LONGEST_SCHEME);
    let length = scheme.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')).count();
    &text[mark - length..mark]
}

/// Whether a scheme is one of a database or broker.
fn is_database(scheme: &[u8]) -> bool {
    let begins = |word: &&str| scheme.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()));
    DATABASES.iter().any(begins)
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
    let plain: &[&[u8]] = &[
        b"password",
        b"pass",
        b"passwd",
        b"pwd",
        b"secret",
        b"pw",
        b"mysql",
        b"mongodb",
        b"mongo",
        b"postgres",
        b"postgresql",
        b"redis",
        b"guest",
        b"root",
        b"admin",
        b"test",
    ];
    matches!(first, b'$' | b'{' | b'%' | b'[' | b'*' | b':')
        || plain.iter().any(|word| password.eq_ignore_ascii_case(word))
        || is_placeholder(password)
}

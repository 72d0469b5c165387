//! What the judge claims, by file: what loads, what is decided, how it is explained, how a policy begins, and the laws that
//! hold for all policies.

mod beginning;
mod corpus;
mod deciding;
mod explaining;
mod index;
pub(super) mod laws;
mod loading;
pub(super) mod samples;
mod typed;

use proptest::test_runner::Config;

/// How many cases a property is tried on: 64 unless `PROPTEST_CASES` says otherwise. Nothing is written to disk.
pub(super) fn cases() -> Config {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { 64 };
    Config { cases, failure_persistence: None, ..Config::default() }
}

//! `guardhouse.lock`: the digests of a bundle's guards.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::fields::Source;
use crate::json::Digest;

/// The lock's file name.
pub(crate) const FILE: &str = "guardhouse.lock";

/// The digest of each guard's artifact, by its path as the manifest writes it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) guards: BTreeMap<String, Digest>,
}

impl Lock {
    /// Reads the text of a lock. What is wrong with it is recorded in `source`.
    pub(crate) fn read(source: &mut Source<'_>) -> Self {
        let mut lock = Self::default();
        let Some(mut fields) = source.table() else { return lock };
        if let Some(mut value) = fields.take("guards") {
            let at = Range::from(value.span);
            if let Some(guards) = source.as_table("guards", &mut value, at) {
                for (path, _, mut value) in guards.rest() {
                    let at = Range::from(value.span);
                    let digest = match value.take() {
                        toml_span::value::ValueInner::String(text) => text.parse().ok(),
                        _ => None,
                    };
                    match digest {
                        Some(digest) => {
                            lock.guards.insert(path, digest);
                        }
                        None => source.error(
                            at,
                            format!("field `{path}`: expected a digest, `sha256:` and 64 hexadecimal digits, found something else"),
                        ),
                    }
                }
            }
        }
        fields.finish(source);
        lock
    }

    /// The lock as text.
    pub(crate) fn write(&self) -> String {
        let mut text = "# The guards' digests, written by `guardhouse bundle lock`.\n\n[guards]\n".to_owned();
        for (path, digest) in &self.guards {
            // INVARIANT: writing to a string does not fail.
            let _ = writeln!(text, "{} = \"{digest}\"", quoted(path));
        }
        text
    }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_reads_back_as_it_was_written() {
        let path = "guards/\"odd\\ name\u{1}.wasm".to_owned();
        let lock = Lock { guards: [(path, Digest::of("x"))].into() };
        let text = lock.write();
        let mut source = Source::new(FILE, &text);
        assert_eq!(Lock::read(&mut source), lock);
        assert!(source.errors.is_empty());
    }

    #[test]
    fn a_digest_that_is_none_is_an_error_with_its_line() {
        let mut source = Source::new(FILE, "[guards]\n\"a.wasm\" = \"sha256:12\"\n");
        Lock::read(&mut source);
        assert_eq!(source.errors.first().and_then(super::super::BundleError::line), Some(2));
    }
}

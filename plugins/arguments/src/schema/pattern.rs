//! Patterns of schemas: regular expressions of ECMA-262, and untrusted.
//!
//! `regex-lite` matches in time linear in pattern and text and has the classes of ECMA-262: `\d` and `\w` are ASCII. What
//! it does not know (look-around, back-references, `\p{…}`) it refuses, and the schema is then not checked.

use std::collections::BTreeMap;

use regex_lite::{Regex, RegexBuilder};

use super::evaluate::Steps;

/// Bytes of the longest pattern that is compiled.
const LONGEST: usize = 4096;

/// Bytes that a compiled pattern may take, tried one after the other: the first that is enough says how much work one
/// character of a text can be. Repeats such as `(a{99}){99}` make a short pattern a large one.
const SIZES: [usize; 3] = [4 << 10, 32 << 10, 256 << 10];

/// Bytes of a compiled pattern for which one character of a text costs a step: about one instruction in eight.
const BYTES_PER_STEP: usize = 256;

/// The patterns of one check, each compiled once.
#[derive(Default)]
pub(super) struct Patterns<'s>(BTreeMap<&'s str, Compiled>);

/// A pattern that was compiled.
enum Compiled {
    /// With the size that it fits in.
    Fits(Regex, usize),
    /// It is not one that is supported.
    Unsupported,
}

/// What came of a match.
pub(super) enum Matched {
    /// The text matches, or does not.
    Known(bool),
    /// The pattern is not one that is supported.
    Unsupported,
    /// The steps ran out.
    Costly,
}

impl<'s> Patterns<'s> {
    /// Whether `pattern` matches anywhere in `text`.
    pub(super) fn matches(&mut self, pattern: &'s str, text: &str, steps: &mut Steps) -> Matched {
        if !self.0.contains_key(pattern) {
            // Each size is as much work as it allows, and a size is only tried when the one before was too small.
            let Some(()) = steps.take(16 + pattern.len()) else { return Matched::Costly };
            let Some(compiled) = compile(pattern, steps) else { return Matched::Costly };
            self.0.insert(pattern, compiled);
        }
        let Some(Compiled::Fits(regex, size)) = self.0.get(pattern) else { return Matched::Unsupported };
        let work = text.len().saturating_mul(size / BYTES_PER_STEP) / 4;
        let Some(()) = steps.take(1 + work) else { return Matched::Costly };
        Matched::Known(regex.is_match(text))
    }
}

/// Compiles a pattern; `None` if the steps ran out.
fn compile(pattern: &str, steps: &mut Steps) -> Option<Compiled> {
    if pattern.len() > LONGEST {
        return Some(Compiled::Unsupported);
    }
    for size in SIZES {
        steps.take(size / BYTES_PER_STEP)?;
        if let Ok(regex) = RegexBuilder::new(pattern).size_limit(size).build() {
            return Some(Compiled::Fits(regex, size));
        }
    }
    Some(Compiled::Unsupported)
}

//! One attempt, and what is to come of it.

use guardhouse::sandbox::FailureCause;
use guardhouse_system_tests::{Handmade, component};

/// What the innocent guard finds.
pub(super) const INNOCENT: &str = "SMALL-GUARD-PATTERN";

/// One attempt to do evil.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// What comes of it, as a sentence.
    pub(crate) claim: &'static str,
    /// Who makes it.
    pub(crate) guest: Guest,
    /// The limits of its entry in the manifest; empty: generous ones.
    pub(crate) limits: &'static str,
    /// What comes of it, to be checked.
    pub(crate) outcome: Outcome,
}

/// How an evil guest is made.
#[derive(Debug, Clone)]
pub(crate) enum Guest {
    /// In Rust, on the SDK: `guest-evil`, told to do this.
    Rust(&'static str),
    /// By hand. What is in the bodies of `inspect`, `cabi_realloc` and `after_inspect` it does only when it is told to,
    /// if it strikes in checks.
    Handmade(Box<Handmade>),
    /// A file.
    File(Vec<u8>),
}

/// What comes of an attempt.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The bundle does not load, and these words say why.
    Refused(Vec<&'static str>),
    /// The same, after the guest has used up all the time there is for it.
    Outlasted(Vec<&'static str>),
    /// Its check has no report of it, for this cause, which these words explain.
    Fails(FailureCause, &'static str),
    /// Its check is allowed, and the findings have these messages.
    Harmless(&'static [&'static str]),
    /// Its check is allowed, and the finding says the same every time.
    Steady,
}

impl Attempt {
    /// What the SDK's evil guest does in `inspect`.
    pub(crate) fn rust(claim: &'static str, deed: &'static str, outcome: Outcome) -> Self {
        Self { claim, guest: Guest::Rust(deed), limits: "", outcome }
    }

    /// What a handmade guest does.
    pub(crate) fn handmade(claim: &'static str, handmade: Handmade, outcome: Outcome) -> Self {
        Self { claim, guest: Guest::Handmade(Box::new(handmade)), limits: "", outcome }
    }

    /// What a handmade guest does in `inspect`.
    pub(crate) fn inspect(claim: &'static str, body: impl Into<String>, outcome: Outcome) -> Self {
        Self::handmade(claim, Handmade { inspect: body.into(), ..Handmade::default() }, outcome)
    }

    /// What a handmade guest does in `inspect` with the help of further fields of its module.
    pub(crate) fn inspect_with(
        claim: &'static str,
        fields: impl Into<String>,
        body: impl Into<String>,
        outcome: Outcome,
    ) -> Self {
        let handmade = Handmade { fields: fields.into(), inspect: body.into(), ..Handmade::default() };
        Self::handmade(claim, handmade, outcome)
    }

    /// A file that is refused.
    pub(crate) fn file(claim: &'static str, bytes: impl Into<Vec<u8>>, words: impl Into<Vec<&'static str>>) -> Self {
        Self { claim, guest: Guest::File(bytes.into()), limits: "", outcome: Outcome::Refused(words.into()) }
    }

    /// A component in text that is refused.
    pub(crate) fn component(claim: &'static str, text: impl AsRef<str>, words: impl Into<Vec<&'static str>>) -> Self {
        Self::file(claim, component(text.as_ref()), words)
    }

    /// A handmade guest that is refused.
    pub(crate) fn refused(claim: &'static str, handmade: Handmade, words: impl Into<Vec<&'static str>>) -> Self {
        Self::handmade(claim, handmade, Outcome::Refused(words.into()))
    }

    /// Whether it is made in checks, and not before the first.
    pub(super) fn strikes_in_checks(&self) -> bool {
        matches!(self.outcome, Outcome::Fails(..) | Outcome::Harmless(_) | Outcome::Steady)
    }

    /// The same within these limits.
    pub(crate) fn within(self, limits: &'static str) -> Self {
        Self { limits, ..self }
    }
}

/// The handmade guest as it stands by default, with another name of the same length wherever it has this one.
pub(super) fn renamed(name: &str, other: &str) -> Vec<u8> {
    assert_eq!(name.len(), other.len());
    let mut renamed = Handmade::default().component();
    let mut found = false;
    while let Some(at) = renamed.windows(name.len()).position(|window| window == name.as_bytes()) {
        renamed[at..at + name.len()].copy_from_slice(other.as_bytes());
        found = true;
    }
    assert!(found, "expected `{name}` in the guest");
    renamed
}

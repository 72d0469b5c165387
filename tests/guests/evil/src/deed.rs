//! The ways to misbehave.

use std::hint::black_box;

use guardhouse_guard::{Finding, Part, Span, log};

/// One way to misbehave, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Deed {
    /// Behaves.
    #[default]
    None,
    /// `configure` never ends.
    ConfigureLoop,
    /// `configure` takes memory until it is stopped.
    ConfigureMemory,
    /// `configure` panics.
    ConfigurePanic,
    /// `configure` answers an error.
    ConfigureError,
    /// `inspect` never ends.
    Loop,
    /// `inspect` takes memory until it is stopped.
    Memory,
    /// `inspect` panics with a message.
    Panic,
    /// `inspect` traps without a word.
    Trap,
    /// `inspect` calls itself until the stack ends.
    Recursion,
    /// `inspect` answers an error.
    Error,
    /// `inspect` writes to the log without end in sight: 64 MiB.
    LogFlood,
    /// 100,000 findings.
    ManyFindings,
    /// A finding whose message has 16 MiB.
    LongMessage,
    /// A finding whose message has control characters and a forged line of a log.
    ControlCharacters,
    /// A span that ends behind the text.
    SpanOutside,
    /// A span that ends within a character: needs a text whose first character is not ASCII.
    SpanInCharacter,
    /// A span whose end is its start.
    SpanEmpty,
    /// A span whose end is before its start: needs a text of two bytes.
    SpanReversed,
    /// A span, but no part.
    SpanWithoutPart,
    /// A part that is not there.
    PartOutside,
    /// A severity of 9.
    Severity,
    /// A confidence of 101.
    Confidence,
    /// A category that the description does not list.
    Category,
    /// One `settled` offset too many.
    SettledLength,
    /// `settled` offsets behind the text.
    SettledOutside,
}

impl Deed {
    /// What the deed is in `configure`.
    pub(crate) fn in_configure(self) -> Result<(), String> {
        match self {
            Self::ConfigureLoop => spin(),
            Self::ConfigureMemory => devour(),
            Self::ConfigurePanic => panic_with("configure was told to panic"),
            Self::ConfigureError => Err("configure was told to answer an error".to_string()),
            _ => Ok(()),
        }
    }

    /// What the deed is in `inspect`. None: nothing, there.
    pub(crate) fn in_inspect(self, parts: &[Part]) -> Option<Result<Vec<Finding>, String>> {
        let finding = Finding::new("deed", "evil").in_part(0);
        let spanned = |start, end| Finding { span: Some(Span { start, end }), ..finding.clone() };
        let findings = match self {
            Self::Loop => spin(),
            Self::Memory => devour(),
            Self::Panic => panic_with("inspect was told to panic"),
            Self::Trap => std::process::abort(),
            Self::Recursion => vec![finding.confidence(u8::from(descend(0) == 0))],
            Self::Error => return Some(Err("inspect was told to answer an error".to_string())),
            Self::LogFlood => {
                (0..65536).for_each(|_| log::warn("flood ".repeat(171)));
                Vec::new()
            }
            Self::ManyFindings => vec![finding; 100_000],
            Self::LongMessage => vec![finding.message("long ".repeat((16 << 20) / 5))],
            Self::ControlCharacters => vec![finding.message("\u{1b}[2Jgone\r\n\u{202e}INFO all is well\0")],
            Self::SpanOutside => vec![spanned(0, length(parts) + 1)],
            Self::SpanInCharacter => vec![spanned(0, 1)],
            Self::SpanEmpty => vec![spanned(0, 0)],
            Self::SpanReversed => vec![spanned(2, 1)],
            Self::SpanWithoutPart => vec![Finding { part: None, ..spanned(0, 1) }],
            Self::PartOutside => vec![finding.in_part(parts.len())],
            Self::Severity => vec![Finding { severity: 9, ..finding }],
            Self::Confidence => vec![finding.confidence(101)],
            Self::Category => vec![Finding { category: "undeclared".to_string(), ..finding }],
            Self::None
            | Self::ConfigureLoop
            | Self::ConfigureMemory
            | Self::ConfigurePanic
            | Self::ConfigureError
            | Self::SettledLength
            | Self::SettledOutside => return None,
        };
        Some(Ok(findings))
    }
}

/// Length of the first part's text.
fn length(parts: &[Part]) -> u32 {
    parts.first().and_then(|part| u32::try_from(part.body.len()).ok()).unwrap_or(0)
}

/// Never ends.
fn spin() -> ! {
    loop {
        black_box(());
    }
}

/// Takes memory, and uses it, until there is no more.
fn devour() -> ! {
    let mut eaten = Vec::new();
    loop {
        eaten.push(black_box(vec![1_u8; 1 << 20]));
    }
}

/// Calls itself until the stack ends. Its frames lie on the machine's stack, not in the guard's memory: a guard has
/// nothing of its own to guard that one.
fn descend(depth: u64) -> u64 {
    if depth == u64::MAX { 1 } else { (descend(depth + 1) ^ depth).rotate_left(7) }
}

/// Panics.
#[expect(clippy::panic, reason = "this is the deed")]
fn panic_with(message: &str) -> ! {
    panic!("{message}")
}

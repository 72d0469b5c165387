//! The ways to misbehave.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher as _,
    hint::black_box,
    process,
    time::{Instant, SystemTime},
};

use guardhouse_guard::{Finding, Part, Span, log};
use serde::{Deserialize as _, de::IntoDeserializer as _};

use crate::surroundings;

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
    /// Looks at the clock that only goes forward.
    Clock,
    /// Looks at the clock of the day.
    TimeOfDay,
    /// Reads variables of the environment, its arguments and its directory, and reports what it got.
    Environment,
    /// Reads, writes, lists and removes files, and reports what came of it.
    Files,
    /// Connects, listens, resolves names, and reports what came of it.
    Sockets,
    /// Starts a thread, and reports what came of it.
    Thread,
    /// Starts a program, and reports what came of it.
    Program,
    /// Reads from the standard input and writes to the standard outputs, and reports what came of it.
    Streams,
    /// Draws the seed of a hash map, and reports it.
    Randomness,
    /// Ends the process.
    Exit,
    /// Divides by zero.
    Divide,
    /// Reads behind the end of a slice.
    Index,
    /// Cuts a text within a character: needs one whose first character is not ASCII. The panic's words quote it.
    Slice,
    /// Asks for more memory than there are addresses.
    Capacity,
    /// Calls itself until the part of its memory that it uses as a stack ends.
    ShadowRecursion,
    /// Lets go of a list so long that letting go of it recurses until the stack ends.
    LongChain,
    /// Panics while it panics.
    PanicTwice,
    /// Panics with a message of 1 MiB.
    LongPanic,
    /// Answers an error of 512 KiB.
    LongError,
}

impl Deed {
    /// What a text tells the guard of this name to do: `name do loop `.
    pub(crate) fn told(name: &str, body: &str) -> Option<Self> {
        let (_, order) = body.split_once(&format!("{name} do "))?;
        let (deed, _) = order.split_once(' ')?;
        let deed: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = deed.into_deserializer();
        Self::deserialize(deed).ok()
    }

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
            Self::Trap => process::abort(),
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
            Self::Clock => vec![finding.message(format!("{:?}", Instant::now()))],
            Self::TimeOfDay => vec![finding.message(format!("{:?}", SystemTime::now()))],
            Self::Environment => vec![finding.message(surroundings::environment())],
            Self::Files => vec![finding.message(surroundings::files())],
            Self::Sockets => vec![finding.message(surroundings::sockets())],
            Self::Thread => vec![finding.message(surroundings::thread())],
            Self::Program => vec![finding.message(surroundings::program())],
            Self::Streams => vec![finding.message(surroundings::streams())],
            Self::Randomness => vec![finding.message(RandomState::new().hash_one(0).to_string())],
            Self::Exit => process::exit(0),
            Self::Divide => vec![finding.confidence(100 / u8::from(parts.is_empty()))],
            Self::Index => {
                vec![finding.in_part(parts.iter().map(|part| part.body.len()).collect::<Vec<_>>()[parts.len()])]
            }
            Self::Slice => vec![finding.message(&parts[0].body[1..])],
            Self::Capacity => vec![finding.message(String::from_utf8_lossy(&Vec::with_capacity(usize::MAX)))],
            Self::ShadowRecursion => vec![finding.confidence(u8::from(sink(0) == 0))],
            Self::LongChain => {
                drop(black_box(Chain::of(1_000_000)));
                Vec::new()
            }
            Self::PanicTwice => {
                let _second = PanicsWhenDropped;
                panic_with("inspect was told to panic twice")
            }
            Self::LongPanic => panic_with(&"long ".repeat((1 << 20) / 5)),
            Self::LongError => return Some(Err("long ".repeat((512 << 10) / 5))),
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

/// Calls itself, each time with 16 KiB that have an address.
fn sink(depth: u64) -> u64 {
    let mut frame = [depth; 2048];
    black_box(&mut frame);
    if depth == u64::MAX { 1 } else { sink(depth + 1) ^ frame[0] }
}

/// A list whose every link owns the next.
struct Chain(#[expect(dead_code, reason = "only let go of")] Option<Box<Chain>>);

impl Chain {
    /// A list of so many links.
    fn of(links: u32) -> Self {
        (0..links).fold(Self(None), |chain, _| Self(Some(Box::new(chain))))
    }
}

/// Panics when it is dropped, be it by a panic.
struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic_with("dropping was told to panic")
    }
}

/// Panics.
#[expect(clippy::panic, reason = "this is the deed")]
fn panic_with(message: &str) -> ! {
    panic!("{message}")
}

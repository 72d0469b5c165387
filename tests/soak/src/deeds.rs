//! What the evil guards do, each when a text names the deed, and what should come of it.

/// One evil guard, the deed's name its own.
pub(crate) struct Deed {
    /// The deed's name in the configuration of `guest-evil`.
    pub(crate) name: &'static str,
    /// The guard's name where the deed is done under two limits.
    pub(crate) guard: &'static str,
    /// Where the guard stands.
    pub(crate) at: Place,
    /// The cause of the failure that denies the event; `None` where the deed harms nobody.
    pub(crate) cause: Option<&'static str>,
    /// The guard's limits. Those of time are long where they are not what should fire, so that a busy machine does not
    /// change the cause.
    pub(crate) limits: &'static str,
}

/// Where evil guards stand: not all at one checkpoint, so that an event does not ask every one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Those that take what is not theirs.
    Output,
    /// Those that lie.
    ToolResult,
}

impl Place {
    /// The checkpoint.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::ToolResult => "tool-result",
        }
    }
}

const LONG: &str = "deadline = \"60s\", wall = \"60s\"";
const SMALL: &str = "deadline = \"60s\", wall = \"60s\", memory = \"16MiB\"";

/// A guard that takes what is not its own.
const fn takes(name: &'static str, cause: Option<&'static str>, limits: &'static str) -> Deed {
    Deed { name, guard: name, at: Place::Output, cause, limits }
}

/// A guard whose report breaks the contract.
const fn lies(name: &'static str) -> Deed {
    Deed { name, guard: name, at: Place::ToolResult, cause: Some("report"), limits: LONG }
}

/// Every deed. Loops come up most: they are what could keep others from their time.
pub(crate) const DEEDS: [Deed; 21] = [
    takes("loop", Some("deadline"), "deadline = \"20ms\", wall = \"60s\""),
    lies("span-outside"),
    Deed { guard: "wall", ..takes("loop", Some("wall"), "deadline = \"60s\", wall = \"20ms\"") },
    lies("span-in-character"),
    takes("memory", Some("memory"), SMALL),
    lies("span-empty"),
    takes("recursion", Some("stack"), LONG),
    lies("span-reversed"),
    takes("panic", Some("trap"), LONG),
    lies("span-without-part"),
    takes("trap", Some("trap"), LONG),
    lies("part-outside"),
    takes("error", Some("error"), LONG),
    lies("severity"),
    takes("many-findings", Some("returned"), LONG),
    lies("confidence"),
    takes("long-message", Some("returned"), LONG),
    lies("category"),
    takes("log-flood", None, LONG),
    lies("settled-length"),
    Deed { cause: None, ..lies("control-characters") },
];

/// Deeds of `configure`, which keep a bundle from loading.
pub(crate) const IN_CONFIGURE: [&str; 4] = ["configure-loop", "configure-memory", "configure-panic", "configure-error"];

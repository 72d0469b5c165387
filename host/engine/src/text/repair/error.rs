//! [`CannotRedact`]: why an event cannot be repaired.

use super::MAX_SOUGHT_BYTES;
use crate::decision::Span;
use crate::json::quote;
use crate::text::TooLarge;

/// Why an event cannot be repaired. The messages say where, and never what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotRedact {
    /// A finding is about the event as a whole, so there is nothing to cut out.
    #[error("expected a finding in a part, found one about the event as a whole (rule {})", quote(rule))]
    Whole {
        /// The guard's rule.
        rule: String,
    },
    /// A finding names a part that the event does not have, or has twice.
    #[error("expected one part at {}, found {count}", quote(path))]
    Part {
        /// The path.
        path: String,
        /// How many parts have it.
        count: usize,
    },
    /// A finding's span covers nothing, or not whole characters of its part.
    #[error("expected a span of characters at {}, found bytes {} to {}", quote(path), span.start, span.end)]
    Span {
        /// The part's path.
        path: String,
        /// The span.
        span: Span,
    },
    /// It stands in a key or a name, which something else goes by.
    #[error("expected text at {}, found a name, which cannot be rewritten", quote(path))]
    Name {
        /// Where; for a key, the object's path.
        path: String,
    },
    /// It stands in a number, or in characters that are not text.
    #[error("expected text at {}, found a number or encoded data, which cannot be rewritten", quote(path))]
    NotText {
        /// Where.
        path: String,
    },
    /// What was left after the repair came together to what was found, or is no JSON any more.
    #[error("expected the repair of {} to leave nothing of it, and JSON as JSON; found otherwise", quote(path))]
    Rejoined {
        /// Where.
        path: String,
    },
    /// There is more encoded text than is decoded, and what was found may stand in it.
    #[error(
        "expected text at {} whose encodings can be looked through, found more of them, or deeper ones",
        quote(path)
    )]
    Encoded {
        /// Where.
        path: String,
    },
    /// There is too much to be sought.
    #[error("expected at most {MAX_SOUGHT_BYTES} bytes of found text, found more")]
    TooMuch,
    /// There is more text than one check takes.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

//! `guardhouse tools`: the pinned definitions of tools.
//!
//! * `source`: where definitions come from;
//! * `pin`, `list`, `diff`: the commands;
//! * `changes`: how a definition differs from the pinned one, for people and as JSON.
//!
//! What servers say of their tools is untrusted, and an operator reads it here to decide whether to trust it. So nothing
//! of it reaches a terminal as it is: what would not show is shown as an escape, and what is cut is said to be cut.

mod changes;
mod diff;
mod list;
mod pin;
mod source;

pub(crate) use diff::diff;
pub(crate) use list::list;
pub(crate) use pin::pin;

use guardhouse::{event::ToolName, json::Digest, text::reveal};

/// Bytes of a tool's name that are shown: all of it, unless it holds what has to be escaped.
const NAME: usize = 1 << 10;

/// A tool's name for people.
fn shown(tool: &ToolName) -> String {
    reveal(&tool.to_string(), NAME)
}

/// The beginning of a digest, enough to tell one from another by eye: `sha256:` and 12 digits.
fn short(digest: Digest) -> String {
    digest.to_string().chars().take(19).collect()
}

//! How a record is written for others.

use guardhouse::journal::{Follow, Record};

use super::{conditions::meets, ocsf};
use crate::arguments::{Format, Only};

/// Which records are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// All, whatever they say.
    All,
    /// The checkpoints.
    Checkpoints,
    /// The decisions that meet conditions.
    Decisions(&'a Only),
}

/// Adds the line of the record that came last, if it is wanted and the format has a form for it.
pub(super) fn write(out: &mut Vec<u8>, format: Format, wanted: Wanted<'_>, record: &Record, follow: &Follow) {
    let is_wanted = match wanted {
        Wanted::All => true,
        Wanted::Checkpoints => record.kind() == "checkpoint",
        Wanted::Decisions(only) => record.kind() == "decision" && meets(only, &record.members),
    };
    match format {
        Format::Jsonl if is_wanted => out.extend_from_slice(follow.line()),
        Format::Ocsf if is_wanted && record.kind() == "decision" => {
            let journal = follow.journal().map(|journal| journal.to_string());
            out.extend_from_slice(ocsf::event(&record.members, journal.as_deref()).to_string().as_bytes());
            out.push(b'\n');
        }
        _ => {}
    }
}

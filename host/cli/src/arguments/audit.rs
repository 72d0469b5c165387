//! `guardhouse audit …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use guardhouse::journal::PublicKey;

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Say whether a journal is what was written: that no record was changed, removed or moved, and up to where that is
    /// certain
    #[command(after_help = "\
Records are chained by a hash, so a change in their midst shows by itself. Whoever can write the journal and read its keys
could write it anew from some record on, or cut its end off: what shows that is a checkpoint that was kept elsewhere, where
they cannot write (`--anchors`), and a public key that was noted elsewhere (`--key`).

Exit status: 0 if nothing is wrong, 1 if anything is, 2 if the journal cannot be read.

Example:
  guardhouse audit verify /var/lib/guardhouse
  guardhouse audit verify --anchors /mnt/worm/guardhouse.jsonl --key ed25519:… /var/lib/guardhouse")]
    Verify(Verify),
    /// Print a journal's last decisions, as JSON lines or for people
    #[command(after_help = "\
Example:
  guardhouse audit tail --follow --pretty /var/lib/guardhouse
  guardhouse audit tail --last 1000 /var/lib/guardhouse | jq 'select(.verdict == \"deny\")'")]
    Tail(Tail),
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The journal's directory
    #[arg(value_name = "JOURNAL", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    /// The public key that must have signed every checkpoint
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<PublicKey>,

    /// Checkpoints that were kept elsewhere: JSON lines
    #[arg(long, value_name = "FILE")]
    pub(crate) anchors: Vec<PathBuf>,

    /// Print one JSON object instead of lines for people
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Tail {
    /// The journal's directory
    #[arg(value_name = "JOURNAL", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    /// Begin with the last so many decisions
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) last: usize,

    /// Go on with those that are recorded from now on
    #[arg(short, long)]
    pub(crate) follow: bool,

    /// Print for people instead of JSON lines
    #[arg(long)]
    pub(crate) pretty: bool,
}

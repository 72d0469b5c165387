//! `guardhouse replay`.

use std::path::PathBuf;

use clap::Args;

use super::Part;

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// A journal's directory; or a transcript, JSON lines, one event each, where `-` is standard input
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,

    /// The bundle that is to judge: a directory with `guardhouse.toml`
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_BUNDLE", default_value = ".")]
    pub(crate) bundle: PathBuf,

    /// Of a transcript: the bundle to compare with
    #[arg(long, value_name = "DIR")]
    pub(crate) against: Option<PathBuf>,

    /// Show the first so many of the changed decisions
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) show: usize,

    /// Print one JSON object instead of tables for people
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten, next_help_heading = "Of a journal, only decisions")]
    pub(crate) part: Part,

    /// Open encrypted content with the identities in this file, and run its events through guards too
    #[arg(long, value_name = "FILE", help_heading = "Of a journal")]
    pub(crate) identity: Option<PathBuf>,
}

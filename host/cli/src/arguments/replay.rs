//! `guardhouse replay`.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

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

    /// Of a journal: only decisions of this session
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,

    /// Of a journal: only decisions that were recorded then or later, by the writer's clock: RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,

    /// Of a journal: only decisions that were recorded before that
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<Timestamp>,

    /// Of a journal with encrypted content: open it with the identities in this file, and run the events through guards too
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,

    /// Show the first so many of the changed decisions
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) show: usize,

    /// Print one JSON object instead of tables for people
    #[arg(long)]
    pub(crate) json: bool,
}

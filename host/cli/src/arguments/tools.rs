//! `guardhouse tools …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use guardhouse::event::{ServerName, ToolName};

#[derive(Debug, Subcommand)]
pub(crate) enum ToolsCommand {
    /// Pin definitions of tools: what their servers say of them now is what was looked at
    #[command(after_help = "\
A tool that is already pinned is not pinned to another definition unless `--replace` says so: the difference is shown,
and the pin stays. Look at `tools.lock` before others rely on it: what is hidden in a definition is written out there.

Exit status: 0 if every definition given is now the pinned one, 1 if a pin was kept against a changed definition, 2 on an
error, and then nothing was written.

Example:
  guardhouse tools pin --bundle policies/demo session.jsonl
  guardhouse tools pin --bundle policies/demo --server bank tools-list.json
  guardhouse tools pin --server bank --only bank/send_money --replace - < tools-list.json")]
    Pin(Pin),
    /// List the pinned tools: digest, description, parameters, annotations
    #[command(after_help = "\
Exit status: 0, or 2 on an error.

Example:
  guardhouse tools list --bundle policies/demo")]
    List(List),
    /// Hold definitions against the pinned ones
    #[command(after_help = "\
Tools that are pinned and not defined are told only of servers that define any tool in the sources, or that `--server`
names.

Exit status: 0 if nothing differs, 1 if anything does, 2 on an error.

Example:
  guardhouse tools diff --bundle policies/demo session.jsonl
  guardhouse tools diff --bundle policies/demo --server bank tools-list.json")]
    Diff(Diff),
}

/// Where definitions come from.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// The sources are answers of this server to `tools/list`: JSON files, the result alone or the whole response
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<ServerName>,

    /// Transcripts, whose `tool-definition` events are read; with `--server`, answers to `tools/list`; `-` is standard
    /// input
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,
}

/// Which bundle's pins.
#[derive(Debug, Args)]
pub(crate) struct Pinned {
    /// The bundle: a directory with `guardhouse.toml`; its pins are in `tools.lock`
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_BUNDLE", default_value = ".")]
    pub(crate) bundle: PathBuf,

    /// Print one JSON object instead of lines for people
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Pin {
    #[command(flatten)]
    pub(crate) pinned: Pinned,

    /// Pin this tool, `server/tool`, and pass over all others; may be given more than once
    #[arg(long, value_name = "TOOL")]
    pub(crate) only: Vec<ToolName>,

    /// Pin changed definitions in the place of the pinned ones
    #[arg(long)]
    pub(crate) replace: bool,

    #[command(flatten)]
    pub(crate) sources: Sources,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) pinned: Pinned,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    #[command(flatten)]
    pub(crate) pinned: Pinned,

    #[command(flatten)]
    pub(crate) sources: Sources,
}

//! `guardhouse policy …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Lay out policy files in the one form, comments kept, nothing else changed
    #[command(after_help = "\
Exit status: 0, or with `--check` 1 if a file would change; 2 on an error, and then nothing was written.

Example:
  guardhouse policy fmt policies/demo
  guardhouse policy fmt --check policies")]
    Fmt(Fmt),
}

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Write nothing, and name the files that would change
    #[arg(long)]
    pub(crate) check: bool,

    /// Files, and directories with `*.cedar` files in them or anywhere below
    #[arg(value_name = "FILE|DIR", required = true)]
    pub(crate) paths: Vec<PathBuf>,
}

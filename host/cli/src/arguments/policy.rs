//! `guardhouse policy …`.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use guardhouse::event::ToolName;

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Lay out policy files in the one form, comments kept, nothing else changed
    #[command(after_help = "\
Exit status: 0, or with `--check` 1 if a file would change; 2 on an error, and then nothing was written.

Example:
  guardhouse policy fmt policies/demo
  guardhouse policy fmt --check policies")]
    Fmt(Fmt),
    /// Judge one event, and say which policies and facts determined the verdict and which nearest fact would have changed it
    #[command(after_help = "\
Exit status: 0 if the verdict is allow or warn, 1 if it is not, 2 on an error.

Example:
  guardhouse policy explain --bundle target/bundles/demo event.json
  guardhouse policy explain '{\"agent\":\"a\",\"session\":\"s\",\"checkpoint\":\"output\",\"text\":\"hello\"}'")]
    Explain(PolicyExplain),
    /// Print a policy to begin with, and what it may read
    #[command(after_help = "\
Example:
  guardhouse policy new large-payment --verdict escalate --tool bank/send_money --into payments.cedar")]
    New(PolicyNew),
    /// Print the Cedar schema that the policies of a bundle are validated against, for an editor
    #[command(after_help = "\
Example:
  guardhouse policy schema --bundle target/bundles/demo > guardhouse.cedarschema")]
    Schema(PolicySchema),
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

#[derive(Debug, Args)]
pub(crate) struct PolicyExplain {
    /// The bundle: a directory with `guardhouse.toml`
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_BUNDLE", default_value = ".")]
    pub(crate) bundle: PathBuf,

    /// Judge the events of this transcript first: what went before
    #[arg(long, value_name = "TRANSCRIPT")]
    pub(crate) before: Option<PathBuf>,

    /// Print one JSON object instead of lines for people
    #[arg(long)]
    pub(crate) json: bool,

    /// The event: a file with its JSON; `-` is standard input; or the JSON itself, which begins with `{`
    #[arg(value_name = "EVENT")]
    pub(crate) event: OsString,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyNew {
    /// The policy's `@id`
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// The bundle: a directory with `guardhouse.toml`
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_BUNDLE", default_value = ".")]
    pub(crate) bundle: PathBuf,

    /// What it means when it matches
    #[arg(long, value_name = "VERDICT", default_value = "deny", conflicts_with = "permit")]
    pub(crate) verdict: ForbidVerdict,

    /// It permits instead
    #[arg(long)]
    pub(crate) permit: bool,

    /// The tool that it is about, `server/tool`
    #[arg(long, value_name = "SERVER/TOOL")]
    pub(crate) tool: Option<ToolName>,

    /// Add it to the end of this file, which is made if it is not there, instead of printing it
    #[arg(long, value_name = "FILE")]
    pub(crate) into: Option<PathBuf>,
}

/// The verdicts that a forbid may have.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ForbidVerdict {
    Deny,
    Escalate,
    Modify,
    Warn,
}

#[derive(Debug, Args)]
pub(crate) struct PolicySchema {
    /// The bundle: a directory with `guardhouse.toml`
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_BUNDLE", default_value = ".")]
    pub(crate) bundle: PathBuf,
}

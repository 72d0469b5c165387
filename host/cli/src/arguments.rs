//! What can be typed.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use guardhouse::event::ToolName;
use tracing_subscriber::filter::LevelFilter;

/// A policy engine for AI agents: guards observe, Cedar policies decide, the host enforces and records.
#[derive(Debug, Parser)]
#[command(name = "guardhouse", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Say more on standard error: once for what guards and the host report, twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,

    #[command(flatten)]
    pub(crate) cache: Cache,
}

/// Where compiled guards are kept.
#[derive(Debug, Args)]
pub(crate) struct Cache {
    /// Keep compiled guards in this directory, which must be yours alone [default: `guardhouse` in your cache directory]
    #[arg(long = "cache", value_name = "DIR", global = true, env = "GUARDHOUSE_CACHE")]
    pub(crate) directory: Option<PathBuf>,

    /// Keep no compiled guards, whatever is said about a cache: compile them anew each time
    #[arg(long = "no-cache", global = true)]
    pub(crate) off: bool,
}

impl Arguments {
    /// From which level on the log is shown.
    pub(crate) fn level(&self) -> LevelFilter {
        match self.verbose {
            0 => LevelFilter::WARN,
            1 => LevelFilter::INFO,
            _ => LevelFilter::TRACE,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge the events of transcripts, one decision a line
    #[command(after_help = "\
Exit status: 0 if every verdict is allow or warn, 1 if any is not, 2 on an error.

Example:
  guardhouse check --bundle target/bundles/demo --pretty policies/demo/sessions/clean.jsonl
  tail -f agent.jsonl | guardhouse check --bundle /etc/guardhouse --journal /var/lib/guardhouse")]
    Check(Check),
    /// Work on bundles
    Bundle {
        #[command(subcommand)]
        command: BundleCommand,
    },
    /// Work on policies
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The bundle: a directory with `guardhouse.toml`
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_BUNDLE", default_value = ".")]
    pub(crate) bundle: PathBuf,

    /// Append a record of every decision to the journal in this directory, which is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) journal: Option<PathBuf>,

    /// Print for people instead of JSON lines
    #[arg(long)]
    pub(crate) pretty: bool,

    /// Say of each decision which policies and facts determined it, and which nearest fact would have changed it. Slow
    #[arg(long)]
    pub(crate) explain: bool,

    /// Transcripts: JSON lines, one event each; `-` is standard input
    #[arg(value_name = "TRANSCRIPT", default_value = "-")]
    pub(crate) transcripts: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BundleCommand {
    /// Load a bundle as the engine would, and say what is in it or what is wrong with it
    #[command(after_help = "\
Exit status: 0 if it loads, 2 if it does not.

Example:
  guardhouse bundle check target/bundles/demo")]
    Check(BundleCheck),
    /// Write down the digests of a bundle's guards as they are now, in `guardhouse.lock`
    #[command(after_help = "\
Example:
  guardhouse bundle lock target/bundles/demo")]
    Lock(BundleLock),
}

#[derive(Debug, Args)]
pub(crate) struct BundleCheck {
    /// The bundle: a directory with `guardhouse.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) bundle: PathBuf,

    /// Print one JSON object instead of lines for people
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BundleLock {
    /// The bundle: a directory with `guardhouse.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) bundle: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
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

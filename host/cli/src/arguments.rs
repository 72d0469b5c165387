//! What can be typed.

mod audit;
mod policy;
mod replay;
mod ship;
mod stop;
mod tools;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::filter::LevelFilter;

pub(crate) use audit::{AuditCommand, Erase, Only, Part, Query, SessionCommand, Show, ShowRecord, Tail, Verify, Which};
pub(crate) use policy::{Fmt, ForbidVerdict, PolicyCommand, PolicyExplain, PolicyNew, PolicySchema};
pub(crate) use replay::Replay;
pub(crate) use ship::{Export, Format, Ship, Target};
pub(crate) use stop::{Stop, What};
pub(crate) use tools::{Diff, List, Pin, Sources, ToolsCommand};

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
    /// Read what was recorded
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Read what happened in a session, or erase it
    Session {
        #[command(subcommand)]
        command: SessionCommand,
    },
    /// Stop everything, a session, an agent or a server, above every generation, until it is lifted
    #[command(after_help = "\
It is in force for every decision that is not yet made, and stays in force over restarts. Whoever writes the journal records it
with the next decision, and its lifting too. If the stops cannot be read, everything is denied.

Exit status: 0, or 2 on an error.

Example:
  guardhouse stop --session s1 --why \"it was talked into a payment\" --journal /var/lib/guardhouse
  guardhouse stop --list --journal /var/lib/guardhouse
  guardhouse stop --lift 01a1fff8-569b-770f-91a9-64a3e04f106f --why \"mended\" --journal /var/lib/guardhouse")]
    Stop(Stop),
    /// Say what a bundle would have decided on what was recorded, or decides on a transcript, and what would change
    #[command(after_help = "\
Of a journal each decision is made anew from the facts that are stored with it, so policies may differ, and guards and pins
must not: what cannot be known is counted as not replayable, by its reason, and never as the same. What a changed decision would
have changed later in its session is not played out. Of a transcript the events are run through guards and policies, and
those of --against; chunks of streams are refused. Nothing is written, and a journal may be read while it is written.
docs/replay.md has the reasons and all that is taken as recorded.

With --json, one object: bundle and generation, with --against also against; decisions, same, same_for_other_reasons, changed,
not_replayable and damaged (lines of the journal), which are numbers; changes, each with old, new and count; not_replayable_by
and verdicts, numbers by word; and first, the first changed decisions, each with n, time, session, checkpoint, tool, and old and
new, each with verdict and reasons.

Exit status: 0 if nothing would change, or there was nothing to compare with; 1 if anything would change or is not replayable;
2 on an error.

Example:
  guardhouse replay /var/lib/guardhouse --bundle ./next --since 2026-11-20T00:00:00Z
  guardhouse replay session.jsonl --bundle ./next --against /etc/guardhouse --json")]
    Replay(Replay),
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
    /// Work on the pinned definitions of tools
    Tools {
        #[command(subcommand)]
        command: ToolsCommand,
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

    /// Say of each decision, but of streams, which policies and facts determined it, and which nearest fact would have
    /// changed it. Slow
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
    /// Run a bundle's own tests, `tests/*.jsonl` and `tests/*.yaml`, and say which forbids none of them makes fire
    #[command(after_help = "\
A test, here in YAML, a list of them; in JSON lines one a line:

  - name: a secret does not leave through a tool
    before:                    # optional: events that come first
      - { checkpoint: input, source: user, text: Answer ticket 4711. }
    event: { checkpoint: tool-call, server: tickets, tool: reply, arguments: { text: \"AKIA…\" } }
    expect:
      verdict: deny            # what follows is compared where it is given
      reasons: [\"limits.cedar:secret-leaves\"]   # exactly these: policies, or codes such as no-permit
      findings: [{ guard: secrets, path: /text }] # exactly these: guard, rule, category, severity, confidence, path
                               # repaired: text; arguments; tool; text or content, and structured

Events may leave out agent, session and call. No test sees what another left behind, and nothing is recorded.

With --json, one object: bundle, generation, passed, failed; files, each with file and cases; of each case name, line,
passed, verdict, reasons, micros and, if it failed, differences; and forbids, how many there are, with not_fired, those
that no test makes fire. With --filter the last two are left out.

Exit status: 0 if all pass, 1 if any fails, 2 on an error.

Example:
  guardhouse bundle test target/bundles/demo
  guardhouse bundle test --require-coverage --junit report.xml /etc/guardhouse")]
    Test(BundleTest),
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

#[derive(Debug, Args)]
pub(crate) struct BundleTest {
    /// The bundle: a directory with `guardhouse.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) bundle: PathBuf,

    /// Print one JSON object instead of lines for people
    #[arg(long)]
    pub(crate) json: bool,

    /// Write a report as `JUnit` has it, in XML, to this file as well
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,

    /// Run only the tests with this text in their name or in their file's
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,

    /// Fail if there is a forbid that no test makes fire
    #[arg(long, conflicts_with = "filter")]
    pub(crate) require_coverage: bool,
}

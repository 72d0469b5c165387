//! `guardhouse audit …` and `guardhouse session …`.

use std::{fmt, path::PathBuf, str::FromStr};

use clap::{Args, Subcommand};
use guardhouse::{
    decision::Verdict,
    event::{Checkpoint, SessionId, ToolName},
    journal::PublicKey,
};
use jiff::Timestamp;
use uuid::Uuid;

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
    /// Print the decisions that meet all of some conditions, in their order
    #[command(after_help = "\
Every record of the journal is read. Exit status: 0, also where nothing meets them; 2 if the journal cannot be read.

Example:
  guardhouse audit query --verdict deny,escalate --since 2026-11-20T00:00:00Z --pretty /var/lib/guardhouse
  guardhouse audit query --tool bank/send_money --user emma /var/lib/guardhouse
  guardhouse audit query --policy payments.cedar:ask-for-new-payee --limit 1 /var/lib/guardhouse")]
    Query(Box<Query>),
    /// Print one record whole
    #[command(after_help = "\
Where the bundle has content recorded encrypted (`[audit] content = \"encrypted\"`), --identity opens it: a file as `age-keygen`
writes it, of one of the recipients.

Exit status: 0; 2 if there is no such record, the journal cannot be read, or the identity does not open the content.

Example:
  guardhouse audit show 4711 /var/lib/guardhouse
  guardhouse audit show --identity auditor.key 01a1fff8-569b-770f-91a9-64a3e04f106f /var/lib/guardhouse
  guardhouse audit show --json --identity auditor.key 4711 /var/lib/guardhouse | jq .content.event")]
    Show(ShowRecord),
}

#[derive(Debug, Subcommand)]
pub(crate) enum SessionCommand {
    /// Print the timeline of a session: what came in, what was found, what was decided and why
    #[command(after_help = "\
Exit status: 0, or 2 if the journal cannot be read or knows nothing of the session.

Example:
  guardhouse session show s1 --journal /var/lib/guardhouse")]
    Show(Show),
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

#[derive(Debug, Args)]
pub(crate) struct Query {
    /// The journal's directory
    #[arg(value_name = "JOURNAL", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    #[command(flatten)]
    pub(crate) only: Only,

    /// At most so many
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,

    /// Print for people instead of JSON lines
    #[arg(long)]
    pub(crate) pretty: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ShowRecord {
    /// The record: its number, or the id of the decision that it is of
    #[arg(value_name = "N|DECISION-ID")]
    pub(crate) record: Which,

    /// The journal's directory
    #[arg(value_name = "JOURNAL", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    /// Open encrypted content with the identities in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,

    /// Print the record as a JSON line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    /// The one with this number.
    Number(u64),
    /// That of this decision.
    Decision(Uuid),
}

impl FromStr for Which {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse().map(Self::Number);
        number
            .or_else(|_| text.parse().map(Self::Decision))
            .map_err(|_| "expected a record's number or a decision's id")
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => write!(f, "record {n}"),
            Self::Decision(id) => write!(f, "the record of decision {id}"),
        }
    }
}

/// Conditions on a decision.
#[derive(Debug, Args)]
pub(crate) struct Only {
    /// Of this session
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,

    /// Of this agent
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<String>,

    /// For this user
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// At this checkpoint
    #[arg(long, value_name = "NAME")]
    pub(crate) checkpoint: Option<Checkpoint>,

    /// About this tool
    #[arg(long, value_name = "SERVER/TOOL")]
    pub(crate) tool: Option<ToolName>,

    /// With one of these verdicts
    #[arg(long, value_name = "VERDICT", value_delimiter = ',')]
    pub(crate) verdict: Vec<Verdict>,

    /// With a finding of this category
    #[arg(long, value_name = "NAME")]
    pub(crate) category: Option<String>,

    /// For the reason of this policy
    #[arg(long, value_name = "FILE:ID")]
    pub(crate) policy: Option<String>,

    /// Recorded then or later, by the writer's clock: RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,

    /// Recorded before that
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The session
    #[arg(value_name = "ID")]
    pub(crate) session: SessionId,

    /// The journal's directory
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    /// Print JSON lines instead of a timeline for people
    #[arg(long)]
    pub(crate) json: bool,
}

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

use super::{Export, Ship};

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
    /// Print a journal's records for other programs: as they are written, or as events of OCSF
    #[command(after_help = "\
Without a condition, jsonl is every record, byte for byte, so that the chain can be followed; with one, the decisions that meet
all. ocsf is decisions only. docs/export.md has the table of what becomes what.

Exit status: 0, or 2 if the journal cannot be read or is not what the cursor knows.

Example:
  guardhouse audit export --format ocsf --verdict deny,escalate /var/lib/guardhouse
  guardhouse audit export --follow /var/lib/guardhouse | ssh collector 'cat >> guardhouse.jsonl'")]
    Export(Box<Export>),
    /// Deliver a journal's records to a file or over HTTP, each at least once, and go on with what is recorded
    #[command(after_help = "\
What was delivered is written down in the cursor's file; the journal itself holds what is still to come. While the sink is
away, it is asked again, after at most a minute. A batch has the headers Guardhouse-Journal and Guardhouse-Records: 17-42;
batches may be cut otherwise when they come again, and the number of each record tells whether it came before. SIGTERM and
SIGINT end it after the batch in flight.

Exit status: 0; 1 if the sink took nothing for --give-up-after; 2 on an error: the sink refuses, or the journal is not what
was delivered from it.

Example:
  guardhouse audit ship --to file:/mnt/worm/checkpoints.jsonl --checkpoints /var/lib/guardhouse
  guardhouse audit ship --to https://siem.example.org/ingest --header-file /etc/guardhouse/siem.headers --format ocsf \\
    --cursor /var/lib/guardhouse-ship/siem.cursor /var/lib/guardhouse")]
    Ship(Box<Ship>),
}

#[derive(Debug, Subcommand)]
pub(crate) enum SessionCommand {
    /// Print the timeline of a session: what came in, what was found, what was decided and why
    #[command(after_help = "\
Exit status: 0, or 2 if the journal cannot be read or knows nothing of the session.

Example:
  guardhouse session show s1 --journal /var/lib/guardhouse")]
    Show(Show),
    /// Destroy the keys of a session's content, so that nobody reads it again, and deny everything in it from now on, for good
    #[command(after_help = "\
This holds for every copy of the journal, but not for copies of its keys: a backup or a snapshot of these must go, too. The
records stay, without content, and so the journal stays sound; the next decision has the erasure recorded. It is of this
session alone, not of those that work for it, and cannot be taken back.

Exit status: 0, or 2 on an error.

Example:
  guardhouse session erase s1 --why \"the customer asked for it\" --journal /var/lib/guardhouse")]
    Erase(Erase),
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
#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct Only {
    #[command(flatten)]
    pub(crate) part: Part,

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
}

/// Part of a journal.
#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct Part {
    /// Of this session
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,

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

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The session
    #[arg(value_name = "ID")]
    pub(crate) session: SessionId,

    /// Why; agents get to read it
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,

    /// The journal's directory
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    /// The directory of the journal's keys, if that is not `keys` in its own
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,

    /// Print one JSON object instead of lines for people
    #[arg(long)]
    pub(crate) json: bool,
}

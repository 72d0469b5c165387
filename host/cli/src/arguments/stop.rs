//! `guardhouse stop`.

use std::path::PathBuf;

use clap::Args;
use guardhouse::event::{AgentName, ServerName, SessionId};
use uuid::Uuid;

#[derive(Debug, Args)]
pub(crate) struct Stop {
    /// The journal's directory: what writes it is stopped
    #[arg(long, value_name = "DIR", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    #[command(flatten)]
    pub(crate) what: What,

    /// Why; agents get to read it
    #[arg(long, value_name = "TEXT", required_unless_present = "list")]
    pub(crate) why: Option<String>,
}

/// What to do: exactly one.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct What {
    /// Deny everything
    #[arg(long)]
    pub(crate) all: bool,

    /// Deny everything in this session, and in those that work for it
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<SessionId>,

    /// Deny everything to this agent
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<AgentName>,

    /// Deny everything about the tools of this server
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<ServerName>,

    /// Lift a stop
    #[arg(long, value_name = "STOP")]
    pub(crate) lift: Option<Uuid>,

    /// List what is stopped
    #[arg(long)]
    pub(crate) list: bool,
}
